"""The generated playbook, run for real by ansible-playbook against the nodes of a lab."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING

from tests.conftest import tool
from tests.programs.lab import ENTER

if TYPE_CHECKING:
    from pathlib import Path

    from tests.programs.lab import Lab


def play(
    lab: Lab, out: Path, *options: str, ssh: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the playbook of a generated directory; every host is a namespace of the lab.

    It is reached without ssh, or through a program that stands in for it.
    """
    hosts: dict[str, dict[str, object]] = {}
    for node in lab.nodes:
        common: dict[str, object] = {
            "bundle": node.name,
            "havipcfg_become": False,
            "ansible_python_interpreter": "/usr/bin/python3",
        }
        if ssh is None:
            enter = ["ip", "netns", "exec", node.namespace, "sh", "-c", ENTER, "sh", str(node.etc), str(node.run_dir)]
            hosts[node.name] = {**common, "ansible_connection": "local", "havipcfg_prefix": enter}
        else:
            transport: dict[str, object] = {"ansible_ssh_executable": str(ssh), "ansible_ssh_transfer_method": "piped"}
            hosts[node.name] = {**common, **transport, "ansible_ssh_retries": 0}
    inventory = {"all": {"children": {"cluster": {"hosts": hosts, "vars": {"cluster": "web"}}}}}
    (out / "ansible" / "inventory.yml").write_text(json.dumps(inventory))
    return subprocess.run(
        [tool("ansible-playbook"), "-i", "inventory.yml", "playbook.yml", *options],
        cwd=out / "ansible",
        env={
            **os.environ,
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_HOME": str(lab.base / "ansible"),
            "ANSIBLE_LOCAL_TEMP": str(lab.base / "tmp"),
            "ANSIBLE_REMOTE_TEMP": str(lab.base / "remote"),
            **environment,
        },
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=400,
        check=False,
    )

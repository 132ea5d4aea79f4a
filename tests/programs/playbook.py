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


def play(lab: Lab, out: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the playbook of a generated directory; every host is a namespace of the lab, reached without ssh."""
    hosts = {
        node.name: {
            "ansible_connection": "local",
            "bundle": node.name,
            "havipcfg_become": False,
            "ansible_python_interpreter": "/usr/bin/python3",
            "havipcfg_prefix": [
                *("ip", "netns", "exec", node.namespace),
                *("sh", "-c", ENTER, "sh", str(node.etc), str(node.run_dir)),
            ],
        }
        for node in lab.nodes
    }
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

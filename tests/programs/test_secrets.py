"""No password reaches arguments, logs, output, or a file that others can read."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.programs.lab import Lab

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.needs_root, pytest.mark.needs_keepalived, pytest.mark.needs_iproute2]

SECRETS = ("s3cr-one", "s3cr-two")
CLUSTER = """\
name: web
provider: onprem
subnet: 10.20.0.0/24
havips: [10.20.0.100]
authentication: {password: {env: WEB_PASS}}
nodes:
  web-a: {address: 10.20.0.11, interface: eth0, ssh: web-a}
  web-b: {address: 10.20.0.12, interface: eth0, ssh: web-b}
"""
RECORDED = [
    "awk",
    "cat",
    "chmod",
    "chown",
    "cmp",
    "cp",
    "cut",
    "date",
    "dirname",
    "flock",
    "grep",
    "head",
    "id",
    "ip",
    "keepalived",
    "kill",
    "ls",
    "mkdir",
    "mktemp",
    "mv",
    "ps",
    "readlink",
    "rm",
    "sed",
    "sh",
    "sha256sum",
    "sleep",
    "sort",
    "stat",
    "sudo",
    "sync",
    "systemctl",
    "tail",
    "tar",
    "timeout",
    "tr",
    "uname",
]


def recorders(directory: Path, log: Path) -> Path:
    """Every program the scripts call, and logger, first writing its arguments down."""
    directory.mkdir()
    for name in RECORDED:
        real = shutil.which(name)
        if real is not None:
            text = f'#!/bin/dash\nprintf "%s\\n" "{name} $*" >>{log}\nexec {real} "$@"\n'
            (directory / name).write_text(text)
    (directory / "logger").write_text(f'#!/bin/dash\nprintf "%s\\n" "logger $*" >>{log}\n')
    for path in directory.iterdir():
        path.chmod(0o755)
    return directory


def holding(directory: Path) -> list[Path]:
    """The files that hold a password."""
    files = [path for path in directory.rglob("*") if path.is_file() and not path.is_symlink()]
    return [path for path in files if any(secret.encode() in path.read_bytes() for secret in SECRETS)]


def test_passwords_stay_in_files_of_root(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    lab, out, log = Lab(tmp_path / "lab", 2), tmp_path / "out", tmp_path / "arguments"
    source = tmp_path / "cluster.yaml"
    source.write_text(CLUSTER, encoding="utf-8")
    said = []

    def ran(*words: object, **environment: str) -> None:
        done = subprocess.run(
            [str(word) for word in words],
            env={**os.environ, **environment},
            capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=300, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        said.append(done.stdout + done.stderr)

    try:
        tools = recorders(tmp_path / "tools", log)
        path = {"HAVIPCFG_SSH": str(lab.ssh()), "PATH": f"{tools}:{os.environ['PATH']}"}
        for secret in SECRETS:
            ran(sys.executable, "-m", "havipcfg", "generate", source, "-o", out, "--diff", WEB_PASS=secret)
            ran(sys.executable, "-m", "havipcfg", "generate", source, "-o", out, WEB_PASS=secret)
            ran("dash", out / "apply-all.sh", "--dry-run", **path)
            ran("dash", out / "apply-all.sh", **path)
        ran("dash", out / "apply-all.sh", "--status", **path)
    finally:
        lab.close()
    arguments = log.read_text()
    assert "keepalived --config-test" in arguments, "the recorders were used"
    assert "logger -t havipcfg-apply" in arguments
    for secret in SECRETS:
        assert secret not in arguments
        assert secret not in "".join(said)
    found = holding(tmp_path)
    assert len(found) > 4, "the passwords are where keepalived reads them, and in what --rollback needs"
    for each in found:
        assert each.name == "keepalived.conf", each
        assert each.stat().st_mode & 0o077 == 0, each

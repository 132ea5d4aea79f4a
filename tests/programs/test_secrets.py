"""No password reaches arguments, logs, output, or a file that others can read."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.programs.lab import Lab
from tests.programs.playbook import play

if TYPE_CHECKING:
    from collections.abc import Iterator

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


class Arguments(threading.Thread):
    """Looks at the arguments of every process of the machine, again and again; keeps those with a password."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.looks, self.found, self._end = 0, list[bytes](), threading.Event()

    def run(self) -> None:
        while not self._end.wait(0.05):
            self.looks += 1
            for path in Path("/proc").glob("[0-9]*/cmdline"):
                with contextlib.suppress(OSError):
                    words = path.read_bytes()
                    if any(secret.encode() in words for secret in SECRETS):
                        self.found.append(words)

    def ended(self) -> list[bytes]:
        self._end.set()
        self.join()
        return self.found


class Site:
    """A pair in a lab, its cluster.yaml, all that was said, and the arguments of every program that ran."""

    def __init__(self, base: Path) -> None:
        base.chmod(0o755)
        self.base, self.lab, self.out, self.log = base, Lab(base / "lab", 2), base / "out", base / "arguments"
        self.source = base / "cluster.yaml"
        self.source.write_text(CLUSTER, encoding="utf-8")
        self.path = {"PATH": f"{recorders(base / 'tools', self.log)}:{os.environ['PATH']}"}
        self.said: list[str] = []
        self.seen = Arguments()
        self.seen.start()

    def heard(self, done: subprocess.CompletedProcess[str]) -> None:
        assert done.returncode == 0, done.stdout + done.stderr
        self.said.append(done.stdout + done.stderr)

    def ran(self, *words: object, **environment: str) -> None:
        done = subprocess.run(
            [str(word) for word in words],
            env={**os.environ, **environment},
            capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=300, check=False,
        )  # fmt: skip
        self.heard(done)

    def generate(self, secret: str, *options: str) -> None:
        self.ran(sys.executable, "-m", "havipcfg", "generate", self.source, "-o", self.out, *options, WEB_PASS=secret)

    def judge(self) -> None:
        arguments = self.log.read_text()
        assert "keepalived --config-test" in arguments, "the recorders were used"
        assert "logger -t havipcfg-apply" in arguments
        assert self.seen.ended() == []
        assert self.seen.looks > 20
        for secret in SECRETS:
            assert secret not in arguments
            assert secret not in "".join(self.said)
        found = holding(self.base)
        assert len(found) > 4, "the passwords are where keepalived reads them, and in what --rollback needs"
        for each in found:
            assert each.name == "keepalived.conf", each
            assert each.stat().st_mode & 0o077 == 0, each


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    yield made
    made.lab.close()


def test_passwords_stay_in_files_of_root(site: Site) -> None:
    reached = {"HAVIPCFG_SSH": str(site.lab.ssh()), **site.path}
    for secret in SECRETS:
        site.generate(secret, "--diff")
        site.generate(secret)
        site.ran("dash", site.out / "apply-all.sh", "--dry-run", **reached)
        site.ran("dash", site.out / "apply-all.sh", **reached)
    site.ran("dash", site.out / "apply-all.sh", "--status", **reached)
    site.judge()


def test_passwords_stay_in_files_of_root_with_ansible(site: Site) -> None:
    """Shown differences and a talkative run included."""
    for secret in SECRETS:
        site.generate(secret)
        inventory = (site.out / "ansible" / "inventory.yml").read_bytes()
        site.heard(play(site.lab, site.out, "--diff", "-vv", **site.path))
        (site.out / "ansible" / "inventory.yml").write_bytes(inventory)
    site.judge()
    assert all(node.pid() for node in site.lab.nodes)

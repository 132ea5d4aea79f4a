"""Hostile files through the real program: an answer each time, never a traceback, never a wait without end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

BLOCK = b"vrrp_instance a {\n interface eth0\n virtual_router_id 5\n virtual_ipaddress {\n  192.0.2.9\n }\n}\n"
FILES = {
    "cycle": b"$A=$B\n$B=$A\n$A\n" + BLOCK,
    "sequence": b"~SEQ(I,1,4000000000) x$I\n" + BLOCK,
    "loop": b"include case.conf\n" + BLOCK,
    "device": b"include /dev/zero\n" + BLOCK,
    "pipe": b"include pipe\n" + BLOCK,
    "folder": b"include .\n" + BLOCK,
    "long line": b"x" * 3_000_000,
    "long line of two-byte letters": "\u00e4".encode() * 1_500_000,
    "deep": b"a {\n" * 30_000,
    "closers": b"}\n" * 20_000,
    "lone carriage returns": BLOCK.replace(b"\n", b"\r"),
    "byte order mark": b"\xef\xbb\xbf" + BLOCK,
    "not UTF-8": BLOCK + bytes(range(128, 256)),
}
NOT_READ = {"NUL bytes": b"\0" * 100_000 + BLOCK, "UTF-16": BLOCK.decode().encode("utf-16")}


def lint(file: Path) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "havipcfg", "lint", "--format", "concise", str(file)]
    return subprocess.run(command, capture_output=True, timeout=60, check=False)


@pytest.mark.parametrize("name", FILES)
def test_any_file_is_judged(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    file = tmp_path / "case.conf"
    file.write_bytes(FILES[name])
    done = lint(file)
    assert done.returncode in (0, 1), done.stderr[-500:]
    assert done.stdout
    assert not done.stderr


@pytest.mark.parametrize("name", NOT_READ)
def test_what_is_no_text_is_said(tmp_path: Path, name: str) -> None:
    file = tmp_path / "case.conf"
    file.write_bytes(NOT_READ[name])
    assert lint(file).returncode == 2


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "case.conf"
    os.mkfifo(file)
    done = lint(file)
    assert done.returncode == 2
    assert b"pipe" in done.stdout + done.stderr
    (tmp_path / "a.conf").write_bytes(BLOCK)
    assert lint(tmp_path).returncode in (0, 1)


def test_what_a_shell_hands_over_is_read() -> None:
    command = f"{sys.executable} -m havipcfg lint --format concise <(printf 'vrrp_instance a {{\\n}}\\n')"
    done = subprocess.run(["bash", "-c", command], capture_output=True, timeout=60, check=False)
    assert done.returncode == 1, done.stderr

"""Hostile files through the real program: an answer each time, never a traceback, never a wait without end."""

from __future__ import annotations

import os
import resource
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
    "instances on one line": b"vrrp_instance a {" * 600_000,
    "ten megabytes of {": b"{" * 10_000_000,
    "deep": b"a {\n" * 30_000,
    "closers": b"}\n" * 20_000,
    "lone carriage returns": BLOCK.replace(b"\n", b"\r"),
    "byte order mark": b"\xef\xbb\xbf" + BLOCK,
    "not UTF-8": BLOCK + bytes(range(128, 256)),
}
LIMITED = {
    "openers": ((b"{" * 900 + b"\n") * 11_000, 1),
    "instances in lines of fifty": ((b"vrrp_instance a {" * 50 + b"\n") * 12_000, 1),
    "nested": (b"vrrp_instance a {\n" * 200_000, 1),
    "nested and closed": (b"a {\n" * 200_000 + b"}\n" * 200_000, 1),
    "closers": (b"}\n" * 200_000, 1),
    "closers on one line": (b"}" * 10_000_000, 2),
    "empty blocks": (b"{\n}\n" * 100_000, 1001),
    "unknown lines": (b"foo bar\n" * 100_000, 1001),
    "unknown lines, each another": (b"".join(b"foo%d bar\n" % number for number in range(100_000)), 1001),
    "open quotes": (b'"\n' * 200_000, 1002),
}
"""Texts, and how many findings they have at most."""
ADDRESS_SPACE = 700_000_000
NOT_READ = {"NUL bytes": b"\0" * 100_000 + BLOCK, "UTF-16": BLOCK.decode().encode("utf-16")}


def lint(file: Path) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "havipcfg", "lint", "--format", "concise", str(file)]
    return subprocess.run(command, capture_output=True, timeout=60, check=False, preexec_fn=limited)


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))


@pytest.mark.parametrize("name", FILES)
def test_any_file_is_judged(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    file = tmp_path / "case.conf"
    file.write_bytes(FILES[name])
    done = lint(file)
    assert done.returncode in (0, 1), done.stderr[-500:]
    assert done.stdout
    assert not done.stderr


@pytest.mark.parametrize("name", LIMITED)
def test_what_is_beyond_a_limit_is_said_once(tmp_path: Path, name: str) -> None:
    file = tmp_path / "case.conf"
    text, most = LIMITED[name]
    file.write_bytes(text)
    done = lint(file)
    assert done.returncode == 1, done.stderr[-500:]
    assert 1 <= done.stdout.count(b"\n") <= most
    assert b"KC021" in done.stdout or b" more of " in done.stdout


def test_a_file_beyond_the_limit_is_not_judged(tmp_path: Path) -> None:
    file = tmp_path / "case.conf"
    file.write_bytes(b"# nothing\n" * 1_700_000)
    done = lint(file)
    assert done.returncode == 2
    assert b"16 MB" in done.stdout + done.stderr
    with file.open("rb") as stream:
        command = [sys.executable, "-m", "havipcfg", "lint", "-"]
        assert subprocess.run(command, stdin=stream, capture_output=True, timeout=60, check=False).returncode == 2


@pytest.mark.parametrize("command", ["fmt", "generate", "verify", "import", "diff"])
def test_nothing_reads_a_file_beyond_the_limit(command: str, tmp_path: Path) -> None:
    file = tmp_path / "case.conf"
    file.write_bytes(b"# nothing\n" * 1_700_000)
    for name in (str(file), "-"):
        names = [name, "/dev/null"] if command == "diff" else [name]
        with file.open("rb") as stream:
            done = subprocess.run(
                [sys.executable, "-m", "havipcfg", command, *names],
                stdin=stream, capture_output=True, timeout=60, check=False,
            )  # fmt: skip
        assert done.returncode == 2
        assert b"not read: more than 16 MB" in done.stderr
    assert file.stat().st_size == 17_000_000


def test_a_large_file_is_judged_to_its_end(tmp_path: Path) -> None:
    file = tmp_path / "case.conf"
    instance = (
        "vrrp_instance a{0} {{\n interface eth0\n virtual_router_id 5\n priority 100\n advert_int 1\n state BACKUP\n"
        " nopreempt\n virtual_ipaddress {{\n  192.0.2.9\n }}\n}}\n"
    )
    file.write_text("".join(map(instance.format, range(11_000))) + "vrrp_instance last {\n prioriti 5\n}\n")
    done = lint(file)
    assert done.returncode == 1
    assert b":121002:2: KC101 prioriti" in done.stdout
    assert b"KC021" not in done.stdout


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

"""Standard streams that are full, closed or left, and a person who interrupts: one line, and never a traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.process import COMMAND, INTERRUPT, environment, on_terminal, run
from tests.conftest import ROOT

PAIR = [str(ROOT / "examples" / "never-moves" / f"web-{node}.conf") for node in "ab"]
CLUSTER = str(ROOT / "examples" / "tencent-haproxy" / "cluster.yaml")
PRINTING = {
    "lint": ["lint", *PAIR],
    "lint json": ["lint", "--format", "json", *PAIR],
    "lint diff": ["lint", "--diff", "--select", "KC", "bad.conf"],
    "verify": ["verify", *PAIR],
    "scenario": ["verify", "--scenario", "start; die web-a", *PAIR],
    "graph": ["graph", *PAIR],
    "diff": ["diff", *PAIR],
    "import": ["import", *PAIR],
    "generate": ["generate", CLUSTER, "-o", "made"],
    "generate check": ["generate", CLUSTER, "-o", "made", "--check"],
    "generate diff": ["generate", CLUSTER, "-o", "made", "--diff"],
    "fmt diff": ["fmt", "--diff", "bad.conf"],
    "explain": ["explain", "KC101"],
    "rules": ["rules"],
    "schema": ["schema"],
    "help": ["lint", "--help"],
    "version": ["--version"],
}
BAD = "vrrp_instance web {\n  virtual_ipaddress {\n 192.0.2.1\n 192.0.2.1\n }\n}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "bad.conf").write_text(BAD)
    return tmp_path


@pytest.mark.parametrize("name", PRINTING)
def test_a_full_disk_is_named(folder: Path, name: str) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, *PRINTING[name]], cwd=folder, stdout=full, stderr=subprocess.PIPE, env=environment()
        )
    assert done.returncode == 2
    assert done.stderr.endswith(b"havipcfg: standard output: No space left on device\n")
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["lint", "verify", "generate check", "explain", "help"])
def test_closed_streams_change_no_status(folder: Path, name: str) -> None:
    expected = run(folder, *PRINTING[name]).returncode
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" >&-', "sh", *COMMAND, *PRINTING[name]],
        cwd=folder, stderr=subprocess.PIPE, env=environment(),
    )  # fmt: skip
    assert (done.returncode, b"rror: " in done.stderr.replace(b"internal", b"")) == (expected, False), done.stderr


def test_with_no_stream_at_all_the_status_says_it(folder: Path) -> None:
    silent = ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *COMMAND, "lint", *PAIR]
    assert subprocess.run(silent, cwd=folder, env=environment()).returncode == 1


@pytest.mark.parametrize("name", ["lint", "verify", "generate diff", "generate", "schema", "help"])
def test_a_reader_that_leaves_hears_nothing_more(folder: Path, name: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*COMMAND, *PRINTING[name]], cwd=folder, stdout=writing, stderr=subprocess.PIPE, env=environment()
    )
    os.close(writing)
    assert done.returncode == -signal.SIGPIPE
    assert b"rror" not in done.stderr
    assert b"Exception" not in done.stderr


def test_a_file_opened_later_is_not_taken_for_a_closed_stream(folder: Path) -> None:
    words = ["sh", "-c", 'exec "$@" >&- 2>&-', "sh", *COMMAND, "lint", "bad.conf", "--output", "report"]
    subprocess.run(words, cwd=folder, env=environment(), check=False)
    assert (folder / "bad.conf").read_text() == BAD
    assert "KC" in (folder / "report").read_text()


@pytest.mark.parametrize(
    "words",
    [["lint", "-"], ["fmt", "-"], ["verify", "-"], ["diff", "-", "bad.conf"]],
)
def test_an_interrupt_while_reading_ends_with_130(folder: Path, words: list[str]) -> None:
    process = subprocess.Popen(
        [*COMMAND, *words], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=environment(),
    )  # fmt: skip
    waits = Path(f"/proc/{process.pid}/wchan")
    deadline = time.monotonic() + 30
    while "pipe_read" not in waits.read_text() and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, output, errors) == (130, b"", b"")


@pytest.mark.parametrize("asked", [b"Provider", b"Subnet"])
def test_an_interrupted_question_writes_nothing(folder: Path, asked: bytes) -> None:
    before = sorted(folder.iterdir())
    answers = [(rb"Provider.*: $", b"onprem\n")] * (asked != b"Provider")
    status, shown = on_terminal(folder, [*COMMAND, "init"], [*answers, (asked + rb".*: $", INTERRUPT)])
    assert status == 130
    assert b"Traceback" not in shown
    assert b"Abort" not in shown
    assert sorted(folder.iterdir()) == before


def test_answers_that_end_write_nothing(folder: Path) -> None:
    status, shown = on_terminal(folder, [*COMMAND, "init"], [(b"Provider", b"onprem\n\x04")])
    assert status == 2
    assert b"nothing was written" in shown
    assert not (folder / "cluster.yaml").exists()

"""The programs as files: clean, complete, the same bytes; and the data files."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from havipcfg.generator import programs
from havipcfg.generator.programs import bundle, installed_path, names, program
from tests.conftest import tool
from tests.programs.lab import SHELLS

SCRIPTS = [name for name in names() if name.endswith(".sh")]
PACKAGE = Path(programs.__file__).parent


def test_all_shipped_programs_are_named() -> None:
    whole = {path.name for path in PACKAGE.iterdir() if path.suffix in {".sh", ".yml"}}
    parts = {f"{path.name}.sh": path for path in PACKAGE.iterdir() if path.is_dir() and any(path.glob("*.sh"))}
    shared = [path.read_bytes() for path in parts.pop("shared.sh").iterdir()]
    assert whole | set(parts) == set(names())
    assert not whole & set(parts)
    for name in whole:
        assert program(name) == (PACKAGE / name).read_bytes()
    for name, directory in parts.items():
        assert program(name).startswith(b"#!/bin/sh\n")
        pieces = [path.read_bytes() for path in directory.iterdir()] + [
            each for each in shared if each in program(name)
        ]
        assert sum(map(len, pieces)) == len(program(name)), "every part once"
    for each in shared:
        assert sum(each in program(name) for name in parts) > 1, "shared by several"
    with pytest.raises(KeyError):
        program("../bundle.py")


@pytest.mark.parametrize("name", SCRIPTS)
def test_shellcheck(name: str) -> None:
    tool("shellcheck")
    done = subprocess.run(
        ["shellcheck", "--shell=sh", "--severity=style", "-"], input=program(name), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout.decode()


@pytest.mark.parametrize("name", SCRIPTS)
@pytest.mark.parametrize("shell", SHELLS)
def test_parses_in_every_shell(name: str, shell: str, tmp_path: Path) -> None:
    words = shell.split()
    tool(words[0])
    whole = tmp_path / name
    whole.write_bytes(program(name))
    subprocess.run([*words, "-n", whole], check=True)


@pytest.mark.parametrize("name", SCRIPTS)
def test_no_eval_no_source(name: str) -> None:
    for number, line in enumerate(program(name).decode().splitlines(), 1):
        words = line.split("#")[0].split()
        assert "eval" not in words, (name, number)
        assert words[:1] not in (["."], ["source"]), (name, number)


def test_installed_path_follows_the_content() -> None:
    assert installed_path("check.sh", b"") == "/etc/keepalived/havipcfg/check-e3b0c44298fc.sh"


@pytest.mark.parametrize("value", ["two\nlines", "a\x00b", "a\x1bb", "a\rb"])
def test_control_characters_are_refused(value: str) -> None:
    with pytest.raises(ValueError, match="control character"):
        bundle.notify_data([bundle.Action("MASTER", "/usr/bin/true", (value,))])


def test_move_data() -> None:
    move = bundle.Move("web", "aws", "private", "10.0.0.9", [("region", "eu-west-1"), ("nic", "eni-1")])
    assert bundle.move_data([move]) == (
        b"format=1\ntimeout=60\ncall_timeout=15\nattempts=6\n"
        b"instance=web\nvendor=aws\nkind=private\naddress=10.0.0.9\nregion=eu-west-1\nnic=eni-1\n"
    )

"""File names and texts made to confuse: none of their bytes acts on a terminal, a log or a reader of a format."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from urllib.parse import unquote_to_bytes
from xml.etree import ElementTree

import pytest

from tests.cli.process import COMMAND, on_terminal, run

NAMES = [
    b"new\nline.conf", b'quo"te.conf', b"quo'te.conf", b"per%cent%0A.conf", b"a::b,c=d.conf", b"byte\xff.conf",
    b"control\x01\x7f.conf", b"escape\x1b[31m\x1b]0;title\x07.conf", "bidi\u202e\u2066.conf".encode(), b"-dash.conf",
    b" blank .conf", b"[bold]red.conf", b"<xml>&amp;]]>.conf", b"return\rx.conf", "line\u2028.conf".encode(),
    b"back\\slash.conf", b"#hash?.conf", "wide\u6f22\u5b57e\u0301.conf".encode(), b"::error file=x::y.conf",
]  # fmt: skip
TEXT = (
    b"vrrp_instance web {\n    interface eth0\n    virtual_router_id 300\n"
    b"    prioriti 100 # \x1b[31mred\x1b[0m \x1b]0;title\x07 \xe2\x80\xae\xe2\x80\xa8 ::error::x %0A ]]> \xff\xfe\n"
    b"    colour \xe6\xbc\xa2\xe5\xad\x97 e\xcc\x81 \x9b31m\n}\n"
)
FORMATS = ("text", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit")
ACTING = {*range(32), 127, *range(0x80, 0xA0), 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A)} - {10}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("names")
    for name in NAMES:
        (folder / os.fsdecode(name)).write_bytes(TEXT)
    return folder


@pytest.fixture(scope="module")
def reports(folder: Path) -> dict[str, str]:
    made = {form: run(folder, "lint", "--no-cache", "--select", "KC1", "--format", form, ".") for form in FORMATS}
    assert {(done.returncode, done.stderr) for done in made.values()} == {(1, b"")}
    return {form: done.stdout.decode() for form, done in made.items()}


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_in_a_report_acts(reports: dict[str, str], form: str) -> None:
    assert {hex(ord(character)) for character in reports[form] if ord(character) in ACTING} == set()


def test_a_line_of_the_report_is_a_finding(reports: dict[str, str]) -> None:
    assert len(reports["concise"].splitlines()) == 3 * len(NAMES)
    assert len([line for line in reports["github"].splitlines() if line.startswith("::error ")]) == 3 * len(NAMES)
    assert all(line.startswith("::") for line in reports["github"].splitlines()[: 3 * len(NAMES)])
    for line in reports["jsonl"].splitlines():
        json.loads(line)


@pytest.mark.parametrize("form", sorted({*FORMATS} - {"github"}))
def test_no_line_is_a_command_to_a_log_of_github(reports: dict[str, str], form: str) -> None:
    assert [line for line in reports[form].splitlines() if line.lstrip().startswith("::")] == []


def test_words_and_names_do_not_begin_a_line_of_a_narrow_report(tmp_path: Path) -> None:
    (tmp_path / "a.conf").write_text("include ::error::no-such-file\n::warning file=a::read me 1\n")
    for columns in map(str, range(20, 100, 7)):
        shown = run(tmp_path, "lint", "a.conf", COLUMNS=columns).stdout.decode()
        assert [line for line in shown.splitlines() if line.lstrip().startswith("::")] == []


@pytest.mark.parametrize("name", ["-dash.conf", "-oreport.conf", "--output=report.conf", "--fix.conf"])
@pytest.mark.parametrize("command", ["lint", "fmt --check", "verify"])
def test_a_file_whose_name_looks_like_an_option_is_a_file(tmp_path: Path, command: str, name: str) -> None:
    (tmp_path / name).write_bytes(TEXT)
    done = run(tmp_path, *command.split(), name)
    assert b"no such option" not in done.stderr.lower()
    assert name.encode() in done.stdout + done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {name}
    assert (tmp_path / name).read_bytes() == TEXT


def test_programs_find_every_file_by_its_name(reports: dict[str, str]) -> None:
    files = {diagnostic["file"] for diagnostic in json.loads(reports["json"])["diagnostics"]}
    assert len(files) == len(NAMES)
    results = json.loads(reports["sarif"])["runs"][0]["results"]
    places = {result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in results}
    assert {unquote_to_bytes(place.removeprefix("./")) for place in places} == set(NAMES)
    gitlab = json.loads(reports["gitlab"])
    assert len({each["fingerprint"] for each in gitlab}) == 3 * len(NAMES)
    assert len({each["location"]["path"] for each in gitlab}) == len(NAMES)
    cases = {case.get("name") for case in ElementTree.fromstring(reports["junit"]).iter("testcase")}
    assert len(cases) == len(NAMES)


@pytest.mark.parametrize("name", [b"escape\x1b[31m\x1b]0;title\x07.conf", b"byte\xff.conf", b"new\nline.conf"])
@pytest.mark.parametrize(
    "command",
    ["lint", "fmt", "fmt --check", "verify", "graph", "import", "diff x", "generate", "lint --cluster", "explain"],
)
def test_messages_name_a_missing_file_in_one_line(tmp_path: Path, command: str, name: bytes) -> None:
    more = ["."] if command == "lint --cluster" else []
    done = run(tmp_path, *command.split(), b"no" + name, *more)
    assert done.returncode == 2
    said = (done.stderr + done.stdout).decode()
    assert not {character for character in said if ord(character) in ACTING}
    assert any(line.startswith(("havipcfg: ", "failed ")) for line in said.splitlines())
    assert "Traceback" not in said


def test_a_diff_acts_on_no_terminal_and_is_exact_elsewhere(tmp_path: Path) -> None:
    for name in NAMES[5:8]:
        (tmp_path / os.fsdecode(name)).write_bytes(TEXT.replace(b"    prioriti", b"  prioriti"))
    for command in (["fmt", "--diff", "."], ["lint", "--diff", "--select", "KC1", "."]):
        status, shown = on_terminal(tmp_path, [*COMMAND, *command])
        assert status == 1
        assert b"\\x1b]0;title" in shown
        assert b"\x1b]" not in shown
        assert b"\x9b" not in shown.replace(b"\\x9b", b"")
    (tmp_path / "a.conf").write_bytes(TEXT.replace(b"    prioriti", b"  prioriti"))
    exact = run(tmp_path, "fmt", "--diff", "a.conf").stdout
    subprocess.run(["patch", "-p0", "--binary"], cwd=tmp_path, input=exact, check=True, capture_output=True)
    assert run(tmp_path, "fmt", "--check", "a.conf").returncode == 0


def test_hostile_files_can_be_fixed_and_formatted(tmp_path: Path) -> None:
    for name in NAMES:
        (tmp_path / os.fsdecode(name)).write_bytes(TEXT)
    assert run(tmp_path, "lint", "--fix", "--select", "KC101", ".").returncode == 1
    assert {(tmp_path / os.fsdecode(name)).read_bytes() for name in NAMES} == {TEXT.replace(b"prioriti", b"priority")}
    done = run(tmp_path, "fmt", "--", *NAMES)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count(b"\n") == len(NAMES) + 1
    assert not {byte for byte in done.stderr if byte < 32 and byte != 10}

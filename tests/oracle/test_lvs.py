"""Virtual servers, health checks, SSL and BFD: the linter says something exactly where keepalived does."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from havipcfg.keepalived.version import Version
from havipcfg.linter.engine import lint
from havipcfg.linter.options import LintOptions
from havipcfg.source import Source

VERSIONS = {"227": Version(2, 2, 7), "243": Version(2, 4, 3)}
MINE = re.compile(
    r"virtual_server|SSL|bfd_instance|line\.(lvs_method|real_server|sorry|virtual)"
    r"|sem\.(179|1[89]\d|20\d|21[0-5]|219|22[0-2])\."
)
FIXTURES = Path(__file__).parents[1] / "fixtures" / "rules"
SECURITY = "SECURITY VIOLATION"
MISSING_USER = re.compile(r"Failed to set uid/gid|Unable to set uid")


def reported_lines(path: Path, version: str) -> set[int]:
    report = lint([Source.read(path)], LintOptions(target=VERSIONS[version]))
    return {d.span.line for d in report.diagnostics if d.keepalived}


def recorded(shared: Path) -> dict[Path, dict[str, str]]:
    with (shared / "oracle" / "keywords.tsv").open(encoding="utf-8", errors="surrogateescape") as table:
        head = table.readline().rstrip("\n").split("\t")
        rows = [dict(zip(head, line.rstrip("\n").split("\t"), strict=False)) for line in table]
    return {shared / "oracle" / "keywords" / row["case"]: row for row in rows if MINE.match(row["case"])}


@pytest.mark.parametrize("version", VERSIONS)
def test_recorded_verdicts_agree(shared: Path, version: str) -> None:
    cases = recorded(shared)
    assert len(cases) > 1000
    differ = [
        path.name
        for path, row in cases.items()
        if (row[f"rc{version}"] != "0" or bool(row[f"messages{version}"])) != bool(reported_lines(path, version))
    ]
    assert len(differ) <= 0.01 * len(cases), differ


@pytest.fixture(scope="module")
def namespace() -> Iterator[str]:
    name = f"hvlvs{os.getpid()}"
    subprocess.run(["ip", "netns", "add", name], check=True)
    try:
        for command in (
            "link set lo up",
            "link add eth0 type veth peer name peer0",
            "link set eth0 up",
            "link set peer0 up",
            "address add 192.168.200.10/24 dev eth0",
        ):
            subprocess.run(["ip", "-n", name, *command.split()], check=True)
        yield name
    finally:
        subprocess.run(["ip", "netns", "delete", name], check=True)


def asked(namespace: str, path: Path) -> tuple[bool, list[int]]:
    """Whether the real keepalived says anything of the file, without the machine, and the lines named, in order."""
    command = ["ip", "netns", "exec", namespace, "keepalived", "-t", "-f", str(path)]
    done = subprocess.run(command, capture_output=True, timeout=30, check=False)
    lines = [
        line
        for line in (done.stdout + done.stderr).decode(errors="replace").splitlines()
        if SECURITY not in line and not MISSING_USER.search(line) and "found/accessible" not in line
    ]
    said = bool(lines) or done.returncode < 0 or done.returncode > 128
    return said, [int(number) for line in lines for number in re.findall(r"Line (\d+)\)", line)]


def is_2_2_7() -> bool:
    done = subprocess.run(["keepalived", "--version"], capture_output=True, check=False)
    return b"v2.2.7" in done.stdout + done.stderr


@pytest.mark.needs_root
@pytest.mark.needs_keepalived
@pytest.mark.needs_iproute2
def test_fixtures_agree_with_the_real_keepalived(namespace: str) -> None:
    if not is_2_2_7():
        pytest.skip("the installed keepalived is not 2.2.7")
    differ = []
    for path in sorted(FIXTURES.glob("KC4*/*.conf")):
        said, _ = asked(namespace, path)
        own = reported_lines(path, "227") - security_lines(path)
        if said != bool(own):
            differ.append((f"{path.parent.name}/{path.name}", said, own))
    assert not differ


def security_lines(path: Path) -> set[int]:
    report = lint([Source.read(path)], LintOptions(target=VERSIONS["227"]))
    named = {d.span.line for d in report.diagnostics if d.keepalived and "script_security" in d.message}
    others = {d.span.line for d in report.diagnostics if d.keepalived and "script_security" not in d.message}
    return named - others


@pytest.mark.needs_root
@pytest.mark.needs_keepalived
@pytest.mark.needs_iproute2
def test_first_lines_agree_with_the_real_keepalived(shared: Path, namespace: str) -> None:
    """The first: what follows of it, as a group without entries of one with a wrong entry, is no finding of its own."""
    if not is_2_2_7():
        pytest.skip("the installed keepalived is not 2.2.7")
    first = []
    for path, row in recorded(shared).items():
        if row["rc227"] == "0":
            continue
        _, named = asked(namespace, path)
        if named:
            first.append((path, named[0]))
    missed = [(path.name, line) for path, line in first if line not in reported_lines(path, "227")]
    assert len(first) > 300
    assert len(missed) <= 0.03 * len(first), missed

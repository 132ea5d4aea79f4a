"""Globals, VRRP, tracking, static entries and their lines: something is found exactly where keepalived reports."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from havipcfg.keepalived.version import Version
from havipcfg.linter.engine import lint
from havipcfg.linter.options import LintOptions
from havipcfg.source import Source

VERSIONS = {"227": Version(2, 2, 7), "243": Version(2, 4, 3)}
OTHERS = re.compile(r"virtual_server|SSL|bfd_instance|sem\.|line\.(lvs_method|real_server|sorry|virtual)")
HOST = re.compile(
    r"doesn't exist|Non-existent interface|unknown interface|is not a VRF|read only or cannot be monitored"
    r"|realpath\(\) error|SECURITY VIOLATION|Unable to set uid|Error setting global script|found/accessible"
)


def recorded(shared: Path) -> dict[Path, dict[str, str]]:
    with (shared / "oracle" / "keywords.tsv").open(encoding="utf-8", errors="surrogateescape") as table:
        head = table.readline().rstrip("\n").split("\t")
        rows = [dict(zip(head, line.rstrip("\n").split("\t"), strict=False)) for line in table]
    return {shared / "oracle" / "keywords" / row["case"]: row for row in rows if not OTHERS.match(row["case"])}


def of_the_host(row: dict[str, str], version: str) -> bool:
    """Whether all that keepalived said is about the machine it ran on."""
    messages = [message for message in row[f"messages{version}"].split(" ⏎ ") if message]
    return bool(messages) and all(HOST.search(message) for message in messages)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("lines", [False, True], ids=["keywords", "lines"])
def test_recorded_verdicts_agree(shared: Path, version: str, lines: bool) -> None:
    cases = {path: row for path, row in recorded(shared).items() if path.name.startswith("line.") == lines}
    assert len(cases) > 200
    judged = {path: row for path, row in cases.items() if not of_the_host(row, version)}
    differ = []
    for path, row in judged.items():
        report = lint([Source.read(path)], LintOptions(target=VERSIONS[version]))
        said = row[f"rc{version}"] != "0" or bool(row[f"messages{version}"])
        if said != any(diagnostic.keepalived for diagnostic in report.diagnostics):
            differ.append(path.name)
    assert len(differ) <= 0.01 * len(judged), differ

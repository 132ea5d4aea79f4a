"""Agreement with recorded outcomes of keepalived 2.2.7 and 2.4.3 over the syntax cases."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import NamedTuple

import pytest

from havipcfg.keepalived.version import Version
from havipcfg.linter.engine import lint
from havipcfg.linter.options import LintOptions
from havipcfg.source import Source

SHARED = Path(os.environ.get("HAVIPCFG_SHARED", Path(__file__).parents[3] / "shared"))
ORACLE = SHARED / "oracle" / "syntax"
TABLE = SHARED / "oracle" / "syntax.tsv"
LINE = re.compile(r"\((?:.*?: )?Line (\d+)\)")

pytestmark = pytest.mark.skipif(not TABLE.exists(), reason="no recorded outcomes here")


class Case(NamedTuple):
    file: Path
    reported: bool
    message: str
    arguments: str


def cases(version: str) -> list[Case]:
    with TABLE.open(encoding="utf-8", errors="surrogateescape") as table:
        names = next(table).rstrip("\n").split("\t")
        rows = [dict(zip(names, line.rstrip("\n").split("\t"), strict=False)) for line in table]
    found = []
    for row in rows:
        file = ORACLE / f"{row['name']}.conf"
        message = row[f"first_diag_{version}"]
        if file.exists():
            found.append(Case(file, row[f"rc{version}"] != "0" or bool(message), message, row.get("args", "")))
    return found


def options(case: Case, target: str) -> LintOptions:
    kind, _, value = case.arguments.partition(":" if case.arguments.startswith("env") else " ")
    variable, _, text = value.partition("=")
    return LintOptions(
        target=Version.parse(target),
        config_id=value.strip("'") if kind == "-i" else None,
        environment={variable: text} if kind == "env" else None,
    )


@pytest.mark.parametrize(("version", "target"), [("227", "2.2.7"), ("243", "2.4.3")])
def test_verdicts_and_lines_agree(version: str, target: str, capsys: pytest.CaptureFixture[str]) -> None:
    judged = cases(version)
    different, missed = [], []
    lines = 0
    for case in judged:
        found = [d for d in lint([Source.read(case.file)], options(case, target)).diagnostics if d.keepalived]
        if bool(found) != case.reported and not host_only(case):
            different.append(case)
        named = reported_line(case)
        if named is not None and not host_only(case):
            lines += 1
            if named not in {d.span.line for d in found}:
                missed.append((case.file.name, named, case.message))
    with capsys.disabled():
        verdicts, places = 100 - 100 * len(different) / len(judged), 100 - 100 * len(missed) / lines
        print(
            f"\nkeepalived {target}: {verdicts:.2f} % of {len(judged)} verdicts, {places:.2f} % of {lines} lines agree"
        )
    assert len(different) <= len(judged) / 100, different
    assert len(missed) <= lines * 0.03, missed


def reported_line(case: Case) -> int | None:
    """The line that the first message is about.

    A line that is dropped as too long or for a NUL byte is reported before it is counted, under the number of
    the line above it.
    """
    named = LINE.match(case.message)
    if named is None:
        return None
    return int(named[1]) + ("line too long" in case.message or "embedded NULs" in case.message)


def host_only(case: Case) -> bool:
    """Whether keepalived's message is about what is missing on the machine."""
    return "not found/accessible" in case.message or "unknown interface" in case.message

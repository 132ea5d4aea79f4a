"""Real files: the linter reads them all, and says something where keepalived does."""

from __future__ import annotations

from pathlib import Path

import pytest

from havipcfg.linter.engine import lint
from havipcfg.source import Source
from tests.oracle.verdicts import DIED, messages, of_the_configuration, reported_lines, rows

LARGEST = 400_000
OF_THE_MACHINE = ("KC221", "KC222", "KC223")
"""Findings about scripts, users and paths that the recording machine did not have."""
BAR = 0.99


def recorded(shared: Path, version: str) -> list[tuple[Path, dict[str, str]]]:
    found = []
    for row in rows(shared / "corpus" / "oracle.tsv"):
        path = shared / "corpus" / row["file"]
        if row["env"] == "raw" and row["version"] == version and path.exists() and path.stat().st_size <= LARGEST:
            found.append((path, row))
    return found


def enters_namespace(source: Source) -> bool:
    """Whether keepalived stops before it reads on, as the recording machine had no such namespace."""
    return any(line.split()[:1] == ["net_namespace"] for line in source.text.splitlines())


@pytest.mark.parametrize("version", ["2.2.7", "2.4.3"])
def test_verdicts_agree(shared: Path, version: str) -> None:
    judged, differ = 0, []
    for path, row in recorded(shared, version):
        source = Source.read(path)
        said = messages(row["diagnostics"])
        left = of_the_configuration(said)
        if enters_namespace(source) or (said and not left):
            continue
        judged += 1
        wanted = bool(left) or row["rc"] in DIED
        found = reported_lines(source, version, leave_out=OF_THE_MACHINE)
        if wanted != bool(found):
            differ.append(f"{path.name}: keepalived {left[:1]}, havipcfg {list(found.items())[:2]}")
    assert judged > 300
    assert len(differ) <= (1 - BAR) * judged, "\n".join(differ)


def test_no_syntax_error_where_keepalived_is_silent(shared: Path) -> None:
    wrong = []
    for path, row in recorded(shared, "2.4.3"):
        source = Source.read(path)
        if row["diagnostics"] or row["rc"] != "0" or enters_namespace(source):
            continue
        report = lint([source])
        wrong += [f"{path.name}: {d.code} {d.message}" for d in report.diagnostics if d.code < "KC1" and d.keepalived]
    assert wrong == []

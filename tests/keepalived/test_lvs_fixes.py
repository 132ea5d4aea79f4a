"""A fix of a load balancer's rule removes what it is for, and brings in nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from havipcfg.diagnostics import Diagnostic
from havipcfg.linter.engine import lint
from havipcfg.source import Source

FIXTURES = Path(__file__).parents[1] / "fixtures" / "rules"


def findings(text: str) -> list[Diagnostic]:
    return lint([Source("x.conf", text)]).diagnostics


def fixed(text: str, code: str) -> str:
    edits = {
        (edit.span.start, edit.span.end, edit.text)
        for diagnostic in findings(text)
        if diagnostic.code == code and diagnostic.fix is not None
        for edit in diagnostic.fix.edits
    }
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


FIXABLE = [
    case
    for case in sorted(FIXTURES.glob("KC4*/bad*.conf"))
    if any(d.fix is not None and d.code == case.parent.name[:5] for d in findings(case.read_text(encoding="utf-8")))
]


def test_there_are_fixes() -> None:
    assert len({case.parent.name for case in FIXABLE}) >= 8


@pytest.mark.parametrize("case", FIXABLE, ids=lambda case: f"{case.parent.name}/{case.stem}")
def test_fix_removes_its_finding_and_adds_none(case: Path) -> None:
    code = case.parent.name[:5]
    before = case.read_text(encoding="utf-8")
    left = sum(d.code == code and d.fix is None for d in findings(before))
    after = fixed(before, code)
    assert sum(d.code == code for d in findings(after)) == left
    assert {d.code for d in findings(after)} <= {d.code for d in findings(before)}
    assert fixed(after, code) == after

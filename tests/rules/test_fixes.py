"""Every fix of every bad fixture removes its finding, adds none, and leaves a text that needs no more of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from havipcfg.diagnostics import Diagnostic, Edit
from havipcfg.findings import RULES
from havipcfg.linter.engine import lint
from havipcfg.linter.fix import apply, fix
from havipcfg.rules import load_all
from havipcfg.source import Source, Span
from tests.rules.test_fixtures import OF_THE_HOST, cases, code_of, findings, given, name_of

load_all()
BAD = [case for case in cases("bad") if case.suffix != ".yaml"]


def counted(diagnostics: Iterable[Diagnostic]) -> Counter[tuple[str, str]]:
    return Counter((d.code, d.message) for d in diagnostics)


def with_edits(sources: list[Source], edits: Iterable[Edit]) -> list[Source]:
    """The sources with the edits in those that they name."""
    of = {source.name: [edit for edit in edits if edit.span.file == source.name] for source in sources}
    return [Source(source.name, apply(of[source.name], source.text), source.path) for source in sources]


@pytest.mark.parametrize("case", BAD, ids=name_of)
def test_each_fix_removes_its_finding_and_adds_none(case: Path) -> None:
    sources, options = given(case)
    before = lint(sources, options).diagnostics
    names = {source.name for source in sources}
    for diagnostic in before:
        if diagnostic.fix is None or not {edit.span.file for edit in diagnostic.fix.edits} <= names:
            continue
        after = counted(lint(with_edits(sources, diagnostic.fix.edits), options).diagnostics)
        key = (diagnostic.code, diagnostic.message)
        assert after[key] < counted(before)[key], f"{diagnostic.code} {diagnostic.message} is still there"
        codes, known = Counter(code for code, _ in after.elements()), Counter(d.code for d in before)
        assert codes[diagnostic.code] < known[diagnostic.code], f"the fix puts another {key} in its place"
        assert not codes - known, f"the fix of {diagnostic.code} ({diagnostic.message}) brings {codes - known}"


@pytest.mark.parametrize("case", BAD, ids=name_of)
def test_all_fixes_together_end_in_a_stable_text(case: Path) -> None:
    sources, options = given(case)
    fixed = fix(sources, options, unsafe=True)
    overlay = {str(new.path.resolve()): new.text for _, new in fixed.changed if new.path is not None}
    again = fix(fixed.sources, replace(options, overlay=overlay), unsafe=True)
    assert again.applied == []
    assert [source.text for source in again.sources] == [source.text for source in fixed.sources]


@pytest.mark.parametrize("case", BAD, ids=name_of)
def test_a_fix_is_as_safe_as_its_rule_says(case: Path) -> None:
    for diagnostic in findings(case):
        safety = RULES[diagnostic.code].fix
        if diagnostic.fix is not None:
            assert safety == "safe" or diagnostic.fix.safety == safety


@pytest.mark.parametrize("code", sorted(code for code, rule in RULES.items() if rule.fix and code not in OF_THE_HOST))
def test_a_rule_offers_the_fix_that_it_declares(code: str) -> None:
    offered = {d.fix.safety for case in BAD if code_of(case) == code for d in findings(case) if d.fix}
    assert RULES[code].fix in offered


def test_edits_that_overlap_are_refused() -> None:
    source = Source("x", "one two three")
    edits = [Edit(Span(source, 0, 5), ""), Edit(Span(source, 4, 7), "")]
    with pytest.raises(ValueError, match="overlap"):
        apply(edits, source.text)


def test_nothing_else_of_the_text_changes() -> None:
    text = (
        "# first\r\n\tvrrp_instance web {\r\n  interface eth0 # nic\n  virtual_router_id 61\n\n"
        "  track_interface {\n    eth0\n    eth1   # both\n  }\n  virtual_ipaddress { \n  192.0.2.10\n }\n}"
    )
    fixed = fix([Source("x", text)])
    assert [d.code for d in fixed.applied] == ["KC205"]
    assert fixed.sources[0].text == text.replace("    eth0\n", "")


def test_unsafe_fixes_wait_to_be_asked_for() -> None:
    text = "interface eth0\nvirtual_router_id 6\ndont_track_primary\nvirtual_ipaddress {\n192.0.2.1\n}\n"
    source = Source("x", f"vrrp_instance web {{\n{text}}}\n")
    assert "dont_track_primary" in fix([source]).sources[0].text
    assert "dont_track_primary" not in fix([source], unsafe=True).sources[0].text


@pytest.mark.parametrize(("others", "left"), [("", ""), ("eth1\n", "track_interface {\neth1\n}\n")])
def test_an_empty_block_goes_with_its_last_line(others: str, left: str) -> None:
    before, after = "interface eth0\nvirtual_router_id 6\n", "virtual_ipaddress {\n192.0.2.1\n}\n"
    tracked = f"track_interface {{\n{others}eth0\n}}\n"
    fixed = fix([Source("x", f"vrrp_instance web {{\n{before}{tracked}{after}}}\n")])
    assert fixed.sources[0].text == f"vrrp_instance web {{\n{before}{left}{after}}}\n"

"""docs/fidelity.md says what a comparison made now says."""

from __future__ import annotations

from pathlib import Path

from tests.oracle.fidelity import OTHER, PAGE, page


def test_the_page_is_not_stale(shared: Path) -> None:
    assert shared
    text = page()
    assert text == PAGE.read_text(encoding="utf-8"), "run python -m tests.oracle.fidelity"
    assert OTHER not in text

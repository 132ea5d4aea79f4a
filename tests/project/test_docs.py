"""Generated pages are those that the code would generate now."""

from __future__ import annotations

import runpy

from tests.conftest import ROOT


def test_rule_pages_are_up_to_date() -> None:
    pages = runpy.run_path(str(ROOT / "docs" / "build.py"))["pages"]()
    for path, text in pages.items():
        assert (ROOT / "docs" / path).read_text(encoding="utf-8") == text, f"run python docs/build.py: {path} is stale"
    written = {path.name for path in (ROOT / "docs" / "rules").glob("*.md")}
    assert written == {path.name for path in pages if path.parent.name == "rules"}

"""The keyword reference says what the declarations say, and its pages are up to date."""

from __future__ import annotations

import pytest

from havipcfg.keepalived.reference import describe, entries, names, pages
from tests.conftest import ROOT


def test_the_pages_are_what_the_declarations_give() -> None:
    wanted = pages()
    there = {path.relative_to(ROOT / "docs") for path in (ROOT / "docs" / "keywords").glob("*.md")}
    assert there == set(wanted), "run python docs/build.py"
    for path, text in wanted.items():
        assert (ROOT / "docs" / path).read_text(encoding="utf-8") == text, f"{path} is stale: run python docs/build.py"


def test_a_keyword_is_described_at_every_place_it_has() -> None:
    assert [entry.place for entry in describe("priority")] == ["vrrp_instance"]
    assert [entry.place for entry in describe("auth_type")] == ["vrrp_instance { authentication"]
    assert {"vrrp_script", "track_file"} <= {entry.place for entry in describe("weight")}
    assert describe("prioritty") == []
    assert "priority" in names()


def test_a_description_names_form_default_and_what_happens_else() -> None:
    (entry,) = describe("priority")
    assert entry.form == "priority 1..255"
    assert dict(entry.facts)["With a bad value"] == "keepalived uses `100`"
    (entry,) = describe("interval")
    assert dict(entry.facts)["Unit"] == "seconds"
    assert dict(entry.facts)["Before 2.3.0"] == "`interval 1..4294`"


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: f"{entry.place}.{entry.name}")
def test_every_keyword_has_one_sentence_for_an_operator(entry: object) -> None:
    doc = entry.keyword.doc  # type: ignore[attr-defined]
    assert doc[0].isupper() or doc.split()[0] in names()
    assert doc.endswith(".")
    assert "OOR:" not in doc
    assert len(doc) <= 120
    assert not entry.keyword.note  # type: ignore[attr-defined]

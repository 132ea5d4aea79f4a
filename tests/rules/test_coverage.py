"""docs/coverage.toml: every known mistake has its rule, or the reason why it has none."""

from __future__ import annotations

import tomllib
from pathlib import Path

from havipcfg.findings import RULES
from havipcfg.rules import HOST, load_all
from havipcfg.rules.registry import codes_of

load_all()
FIXTURES = Path(__file__).parents[1] / "fixtures" / "rules"
TABLE = tomllib.loads((Path(__file__).parents[2] / "docs" / "coverage.toml").read_text(encoding="utf-8"))


def test_every_entry_is_there() -> None:
    assert list(TABLE["mistake"]) == [str(number) for number in range(1, 108)]
    assert list(TABLE["havip"]) == [str(number) for number in range(1, 59)]


def test_each_names_rules_that_exist_or_a_reason() -> None:
    for family in ("mistake", "havip"):
        for number, entry in TABLE[family].items():
            assert entry["rules"] or entry.get("reason"), f"{family} {number}"
            assert set(entry["rules"]) <= RULES.keys(), f"{family} {number}: {set(entry['rules']) - RULES.keys()}"


def test_each_rule_named_is_seen_to_find_something() -> None:
    """Rules about the machine at hand are tried in test_host.py."""
    named = {code for family in ("mistake", "havip") for entry in TABLE[family].values() for code in entry["rules"]}
    shown = {path.parent.name.split("-", 1)[0] for path in FIXTURES.glob("*/bad*.expected")}
    assert named - codes_of(HOST) <= shown

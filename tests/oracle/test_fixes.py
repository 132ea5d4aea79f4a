"""A safe fix leaves the real keepalived doing what it did, or what was evidently meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from havipcfg.findings import RULES
from havipcfg.rules import load_all
from tests.oracle.fixes import beside, mended
from tests.rules.test_fixtures import cases, code_of, name_of

load_all()
SAFE = [case for case in cases("bad") if case.suffix != ".yaml" and RULES[code_of(case)].fix == "safe"]
MEANT = {
    "KC034": "the interface is found",
    "KC224": "a shell reads the line that was written for one",
    "KC262": "the interface is found",
    "KC301": "nopreempt, which was dropped, is in force",
    "KC321": "nothing is sent to the node itself",
    "KC324": "a peer gets an advert once",
}
"""What changes by a safe fix where keepalived does not do the same as before."""
OF_THE_MACHINE = ("doesn't exist", "does not exist", "Startup complete")
"""What keepalived says of interfaces and users that this machine lacks, or once it starts at all."""


@pytest.mark.needs_root
@pytest.mark.needs_keepalived
@pytest.mark.needs_iproute2
@pytest.mark.parametrize("case", SAFE, ids=name_of)
def test_safe_fix_changes_nothing_or_what_was_meant(case: Path) -> None:
    for old, new in mended(case):
        fixed = beside(case, old, new)
        assert [line for line in fixed.new if not line.endswith(OF_THE_MACHINE)] == []
        if code_of(case) not in MEANT:
            assert fixed.difference == []

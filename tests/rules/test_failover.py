"""What the election model finds is said only where nothing has said it better."""

from __future__ import annotations

from pathlib import Path

import pytest

from havipcfg.linter.engine import lint
from havipcfg.rules import VERIFIED, load
from havipcfg.rules.registry import codes_of
from havipcfg.source import Source
from tests.rules.test_fixtures import cases, code_of, given, name_of

load(*VERIFIED)
BAD = [case for case in cases("bad") if code_of(case) in codes_of(VERIFIED)]
REFUSED = "vrrp_instance refused {\n    interface eth5\n    virtual_ipaddress {\n        192.0.2.250\n    }\n}\n"


@pytest.mark.parametrize("case", BAD, ids=name_of)
def test_nothing_is_proven_of_what_keepalived_does_not_run(case: Path) -> None:
    sources, options = given(case)
    first, *others = sources
    refused = Source(first.name, first.text + REFUSED, first.path)
    found = {diagnostic.code for diagnostic in lint([refused, *others], options).diagnostics}
    assert "KC305" in found
    assert not found & codes_of(VERIFIED)

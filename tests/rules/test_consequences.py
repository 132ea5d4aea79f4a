"""What another finding of the same line, block or check says better is not said beside it."""

from __future__ import annotations

import pytest

from havipcfg.linter.engine import lint
from havipcfg.rules import load_all
from tests.rules.test_fixtures import FIXTURES, code_of, given

load_all()
UNSAID = (
    ("CL104-virtual-addresses-differ/bad-excluded-elsewhere", "CL109"),
    ("CL204-same-peers/bad", "KC322"),
    ("KC006-endless-definition/bad.conf", "KC102"),
    ("KC014-environment-without-name/bad.conf", "KC102"),
    ("KC132-lost-word/bad.conf", "KC126"),
    ("KC313-mixed-families/bad.conf", "KC315"),
    ("KC319-native-ipv6-with-ipv4/bad.conf", "KC114"),
    ("KC373-group-with-one-owner/bad.conf", "KC206"),
    ("KC420-server-of-another-family/bad-method-below.conf", "KC410"),
)


@pytest.mark.parametrize(("case", "code"), UNSAID, ids=[f"{case.split('-')[0]}-{code}" for case, code in UNSAID])
def test_consequence_is_not_said_beside_its_cause(case: str, code: str) -> None:
    found = {diagnostic.code for diagnostic in lint(*given(FIXTURES / case)).diagnostics}
    assert code_of(FIXTURES / case) in found
    assert code not in found

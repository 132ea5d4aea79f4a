"""The real keepalived does in common situations what is predicted. ``scenarios`` plays many more."""

import pytest

from tests.rehearse.scenarios import SITUATIONS, disagreements


@pytest.mark.needs_root
@pytest.mark.needs_keepalived
@pytest.mark.needs_iproute2
def test_common_situations_go_as_predicted() -> None:
    chosen = {name: each for name, each in SITUATIONS.items() if each.often}
    wrong, _, results = disagreements(chosen)
    assert wrong == {}
    assert len(results) == len(chosen) > 10

"""The real keepalived does in common situations what is predicted. ``scenarios`` plays many more."""

import pytest

from tests.rehearse.scenarios import SITUATIONS, disagreement, play


@pytest.mark.needs_root
@pytest.mark.needs_keepalived
@pytest.mark.needs_iproute2
def test_common_situations_go_as_predicted() -> None:
    chosen = {name: each for name, each in SITUATIONS.items() if each.often}
    results = play(list(chosen.values()))
    wrong = {name: said for name, each in zip(chosen, results, strict=True) if (said := disagreement(each))}
    assert wrong == {}
    assert len(results) == len(chosen) > 10

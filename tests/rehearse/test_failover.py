"""The pair that operators deploy really fails over, on the real keepalived."""

import pytest

from havipcfg.rehearsal import plan, rehearse
from havipcfg.verifier.scenario import parse
from tests.rehearse.clusters import TARGET, Configurations, cluster, member

pytestmark = [pytest.mark.needs_root, pytest.mark.needs_keepalived, pytest.mark.needs_iproute2]


@pytest.fixture
def pair() -> Configurations:
    """A primary and a secondary of one HAVIP with one check, which stay where they are."""
    return cluster(primary=member(1, 200), secondary=member(2, 50))


def test_the_address_moves_and_has_one_holder(pair: Configurations) -> None:
    scenario = parse(
        """
        start primary
        start secondary
        check primary alive fail
        check primary alive ok
        kill secondary
        start secondary
        stop primary
        """
    )
    result = rehearse(plan(pair, version=TARGET), scenario)
    [instance] = result.instances
    ends = [step.rounds[0].holders[instance] for step in result.steps]
    assert ends == [
        ("primary",),
        ("primary",),
        ("secondary",),
        ("secondary",),
        ("primary", "secondary"),
        ("primary",),
        ("secondary",),
    ]
    start, _, fails, repaired, killed, _, stopped = (step.rounds[0] for step in result.steps)
    assert start.dual_s == 0
    assert fails.dual_s == 0
    assert fails.gap_s > 0
    assert repaired.after_s is None
    assert killed.dual_s is None
    assert killed.gap_s == 0
    assert stopped.dual_s == 0
    assert all(each.rounds[0].settled for each in result.steps)
    assert result.keepalived.startswith("2.")

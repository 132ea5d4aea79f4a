"""The model against the simulated daemons: single seeds that once parted them, and random ones."""

import pytest
from clusters import disagreement


@pytest.mark.parametrize("seed", [20881, 23734, 23959, 24209])
def test_groups_whose_members_disagree_who_is_better(seed: int) -> None:
    assert disagreement(seed) is None


@pytest.mark.parametrize("seed", [8, *range(300, 340)])
def test_paused_daemons_agree(seed: int) -> None:
    assert disagreement(seed, pauses=True) is None

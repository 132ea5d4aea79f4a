"""Random clusters do on the real keepalived what verify predicts. CI plays few; ``differential`` plays any number."""

import pytest

from tests.rehearse.differential import situation
from tests.rehearse.scenarios import disagreements

SEEDS = [3, 8, 1, 2]


@pytest.mark.needs_root
@pytest.mark.needs_keepalived
@pytest.mark.needs_iproute2
def test_random_clusters_do_what_is_predicted() -> None:
    wrong, _, results = disagreements({f"seed {seed}": situation(seed) for seed in SEEDS})
    assert wrong == {}
    assert sum(len(result.steps) for result in results) > len(SEEDS)

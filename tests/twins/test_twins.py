"""Twins: clean clusters in all styles raise nothing, and one mistake raises its rule alone, at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.twins.clean import PLANS, Plan, written
from tests.twins.judge import judged, written_into
from tests.twins.mistakes import MISTAKES, Mistake, Spoilt, spoil

TRIED = 3
"""In so many clusters, far apart in the list, each mistake is made."""


@pytest.mark.parametrize("together", [False, True], ids=["grouped", "as-cluster"])
@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.name)
def test_clean_cluster_raises_nothing(plan: Plan, together: bool, tmp_path: Path) -> None:
    written_into(tmp_path, written(plan))
    assert [f"{d.span.file}:{d.span.line} {d.code}" for d in judged(tmp_path, plan, together=together)] == []


def _made(mistake: Mistake) -> list[tuple[Plan, Spoilt]]:
    every = [(plan, spoilt) for plan in PLANS if (spoilt := spoil(mistake, plan, written(plan))) is not None]
    return every[:: max(1, len(every) // TRIED)]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: f"{mistake.number}-{mistake.code}")
def test_mistake_is_the_only_finding(mistake: Mistake, tmp_path: Path) -> None:
    made = _made(mistake)
    assert made, "no clean cluster has a place for it"
    for plan, spoilt in made:
        folder = tmp_path / plan.name
        written_into(folder, spoilt.files)
        found = {(d.code, Path(d.span.file).relative_to(folder).as_posix(), d.span.line) for d in judged(folder, plan)}
        assert found == spoilt.expected, plan.name

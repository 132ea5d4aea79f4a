"""Situations that operators meet, each with what verify predicts and what the real keepalived does.

``python -m tests.rehearse.scenarios [NAME…]`` plays all of them, or those whose names begin so, side by side, and
prints every step that went otherwise. ``test_scenarios`` plays those that are marked.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from havipcfg.rehearsal.job import rehearse_cluster, version_here
from havipcfg.rehearsal.result import Rehearsal, fits
from havipcfg.verifier.job import Subject
from havipcfg.verifier.scenario import parse
from tests.rehearse.clusters import reading
from tests.rehearse.faults import FAULTS
from tests.rehearse.settings import SETTINGS
from tests.rehearse.situation import Situation

SITUATIONS = {**SETTINGS, **FAULTS}


def play(situations: Sequence[Situation], at_once: int = 8) -> list[Rehearsal]:
    """Rehearse situations side by side, each step with its prediction."""
    version = version_here()

    def rehearsed(situation: Situation) -> Rehearsal:
        texts = situation.texts.items()
        subject = Subject(
            "", [(name, reading(name, text)) for name, text in texts], dict.fromkeys(situation.texts, version)
        )
        with tempfile.TemporaryDirectory() as folder:
            for name, text in situation.files.items():
                Path(folder, name).write_text(text)
            done = rehearse_cluster(subject, parse(situation.events), folder=Path(folder))
        [rehearsal] = done.rehearsals
        return rehearsal

    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(rehearsed, situations))


def disagreement(rehearsal: Rehearsal) -> str:
    """The first step that went otherwise than predicted, in words; empty if none did."""
    wrong = next((step for step in rehearsal.steps if not step.as_predicted), None)
    if wrong is None:
        return ""
    story = "; ".join(step.event for step in rehearsal.steps)
    seen = [(round(moment.seconds, 3), dict(moment.holders)) for moment in wrong.rounds[0].timeline]
    return f"{story}\n  at {wrong.event}: measured {seen}\n  predicted {wrong.predicted}"


def disagreements(situations: Mapping[str, Situation], at_once: int = 8) -> tuple[dict[str, str], int, list[Rehearsal]]:
    """What went otherwise than predicted twice, in words; how many did so once; the first results of all.

    A machine that is too busy for a moment delays something else the second time; a wrong prediction stays wrong.
    """
    results = play(list(situations.values()), at_once)
    doubtful = [name for name, each in zip(situations, results, strict=True) if disagreement(each)]
    again = play([situations[name] for name in doubtful], at_once)
    said = zip(doubtful, map(disagreement, again), strict=True)
    return {name: wrong for name, wrong in said if wrong}, len(doubtful), results


def told(rehearsals: Sequence[Rehearsal]) -> str:
    """How many steps there were, how exact their times are, and how many were judged by measured start-ups."""
    steps = sorted(measured.exact_s for each in rehearsals for step in each.steps for measured in step.rounds)
    anew = sum(bool(each.remarks) for each in rehearsals)
    usual, least = steps[len(steps) * 9 // 10] * 1000, steps[-1] * 1000
    as_they_stand = sum(
        any(fits(replace(measured, exact_s=0.0), outcome) for outcome in step.predicted or ())
        for each in rehearsals
        for step in each.steps
        for measured in step.rounds
    )
    return (
        f"{len(steps)} steps, {as_they_stand} as predicted as they stand; 9 of 10 exact to {usual:.0f} ms, "
        f"all to {least:.0f} ms; {anew} judged by their start-ups"
    )


def main() -> None:
    wanted = tuple(sys.argv[1:])
    chosen = {name: each for name, each in SITUATIONS.items() if not wanted or name.startswith(wanted)}
    began = time.monotonic()
    wrong, once, results = disagreements(chosen)
    for name, said in wrong.items():
        print(f"{name}: {said}")
    print(f"{len(chosen)} situations: {told(results)}")
    print(f"{once} disagreed, {len(wrong)} of them when played again; {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()

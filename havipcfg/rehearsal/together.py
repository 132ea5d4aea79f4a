"""Many rehearsals side by side: they wait most of the time, and each has a network of its own."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from havipcfg.rehearsal.interrupt import ends_cleanly, undisturbed
from havipcfg.rehearsal.node import NodePlan
from havipcfg.rehearsal.result import Rehearsal
from havipcfg.rehearsal.run import Progress, possible_here, rehearse
from havipcfg.verifier.scenario import Scenario

AT_ONCE_A_CORE = 4


@dataclass(frozen=True)
class Trial:
    """One scenario to rehearse with the nodes planned; ``reloads`` as ``rehearse`` takes them."""

    plans: Sequence[NodePlan]
    scenario: Scenario
    reloads: Mapping[tuple[str, str], NodePlan] = field(default_factory=dict)


def rehearse_all(
    trials: Sequence[Trial],
    *,
    keepalived: str = "keepalived",
    rounds: int = 1,
    real_checks: bool = False,
    at_once: int | None = None,
    progress: Callable[[int, Progress], None] | None = None,
) -> list[Rehearsal]:
    """Rehearse every trial ``rounds`` times, ``at_once`` labs at a time, and return their results in order.

    ``progress`` is called from several threads with the number of the trial, from 0. With ``real_checks`` one lab runs
    after the other, since real checks may touch what they share. Raises what ``rehearse`` raises, after every lab has
    been cleaned up; so it is with Ctrl-C, SIGTERM and SIGHUP.
    """
    possible_here(keepalived)
    workers = 1 if real_checks else at_once or AT_ONCE_A_CORE * (os.cpu_count() or 1)
    ended = threading.Event()

    def once(index: int, number: int) -> Rehearsal:
        trial = trials[index]

        def tell(now: Progress) -> None:
            if progress is not None:
                progress(index, replace(now, round=number, rounds=rounds))

        return rehearse(
            trial.plans,
            trial.scenario,
            keepalived=keepalived,
            real_checks=real_checks,
            reloads=trial.reloads,
            progress=tell,
            shaken=rounds > 1,
            ended=ended,
        )

    with ends_cleanly(), ThreadPoolExecutor(workers) as pool:
        try:
            futures = [[pool.submit(once, i, number) for number in range(1, rounds + 1)] for i in range(len(trials))]
            return [_joined([future.result() for future in each]) for each in futures]
        except BaseException:
            ended.set()
            with undisturbed():
                pool.shutdown(wait=True, cancel_futures=True)
            raise


def _joined(rounds: Sequence[Rehearsal]) -> Rehearsal:
    """The rounds of one trial as one result."""
    first = rounds[0]
    for other in rounds[1:]:
        for step, more in zip(first.steps, other.steps, strict=True):
            step.rounds += more.rounds
        first.opened += other.opened
    return first

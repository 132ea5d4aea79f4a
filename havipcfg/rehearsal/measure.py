"""From what the sampler saw to the numbers of a step: who holds in the end, after how long, with which gap."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from havipcfg.rehearsal.sampler import Seen

Holders = Mapping[str, tuple[str, ...]]
"""The nodes that hold each instance, in the order of the plans."""
Ready = Mapping[str, tuple[float, float]]
"""Seconds after its start at which the first and the last instance of a node began to wait for a master."""


@dataclass(frozen=True, slots=True)
class Moment:
    """From ``seconds`` after the event on, ``holders`` hold."""

    seconds: float
    holders: Holders


@dataclass(frozen=True, slots=True)
class Measured:
    """What one event did in one round; times in seconds.

    ``after_s``: from the event to the last change, None if nothing changed. ``gap_s``: how long, up to that change,
    an instance had no holder (of several instances the longest). ``dual_s``: the same for two or more holders, None if
    they still are several at the end. ``settled`` is False if holders still changed when the rehearsal went on.
    ``exact_s``: how far off these times may be, since the event took time to do and its effect to be seen. ``ready``:
    when the instances of each node that was started began to wait for a master, the first and the last of them.
    ``anew`` is what is predicted from these start-ups, as the ``outcomes`` of the contract's JSON, where a round went
    otherwise than predicted.
    """

    holders: Holders
    after_s: float | None
    gap_s: float
    dual_s: float | None
    timeline: tuple[Moment, ...]
    settled: bool = True
    exact_s: float = 0.0
    ready: Ready = field(default_factory=dict)
    anew: Sequence[Mapping[str, Any]] = ()


def holders_at(seen: Sequence[Seen], moment: float, nodes: Sequence[str], instances: Sequence[str]) -> Holders:
    """Who holds what at ``moment`` (``time.monotonic()`` seconds)."""
    held: dict[str, frozenset[str]] = {}
    for each in seen:
        if each.at <= moment:
            held[each.node] = each.instances
    return _by_instance(held, nodes, instances)


def measure(
    seen: Sequence[Seen],
    began: float,
    ended: float,
    nodes: Sequence[str],
    instances: Sequence[str],
    *,
    settled: bool = True,
) -> Measured:
    """Judge the time from ``began`` to ``ended`` (``time.monotonic()`` seconds) of a step."""
    before = holders_at(seen, began, nodes, instances)
    timeline = [Moment(0.0, before)]
    held: dict[str, frozenset[str]] = {}
    for each in seen:
        if each.at > ended:
            break
        held[each.node] = each.instances
        if each.at > began:
            now = _by_instance(held, nodes, instances)
            if now != timeline[-1].holders:
                timeline.append(Moment(each.at - began, now))
    last = timeline[-1]
    after = last.seconds if len(timeline) > 1 else None
    gaps, duals = [0.0], [0.0]
    for instance in instances:
        gaps.append(_lasting(timeline, instance, lambda count: count == 0))
        duals.append(_lasting(timeline, instance, lambda count: count > 1))
    endless = any(len(last.holders[instance]) > 1 for instance in instances)
    return Measured(last.holders, after, max(gaps), None if endless else max(duals), tuple(timeline), settled)


def _lasting(timeline: Sequence[Moment], instance: str, counts: Callable[[int], bool]) -> float:
    """How long, from the event to the last change, the number of holders was one that ``counts``."""
    return sum(
        later.seconds - earlier.seconds
        for earlier, later in pairwise(timeline)
        if counts(len(earlier.holders[instance]))
    )


def _by_instance(held: Mapping[str, frozenset[str]], nodes: Sequence[str], instances: Sequence[str]) -> Holders:
    return {
        instance: tuple(node for node in nodes if instance in held.get(node, frozenset())) for instance in instances
    }

"""What a rehearsal measured, and the same as the JSON of the command-line contract."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from havipcfg.rehearsal.measure import Holders, Measured

JSON_VERSION = 1
TOLERANCE = 0.05
"""Seconds that a measured time may lie outside a predicted bound: starting a process, a look every few milliseconds."""


@dataclass
class Step:
    """One event: what each round measured, and what was predicted.

    ``predicted`` is the ``outcomes`` list of the contract's JSON, None where nobody predicted.
    """

    event: str
    rounds: list[Measured] = field(default_factory=list)
    predicted: Sequence[Mapping[str, Any]] | None = None

    @property
    def as_predicted(self) -> bool | None:
        """Whether every round is one of the predicted outcomes within TOLERANCE; None where nobody predicted."""
        if self.predicted is None:
            return None
        return all(any(fits(measured, outcome) for outcome in self.predicted) for measured in self.rounds)


@dataclass
class Rehearsal:
    """Every step, what keepalived is, and how finely it was watched.

    ``complaints`` are what ``keepalived -t`` said of each node's configuration; ``sampled_every_s`` is the longest time
    that the news of an address waited to be read, and so the error of every time.
    """

    nodes: tuple[str, ...]
    instances: tuple[str, ...]
    keepalived: str
    steps: list[Step]
    complaints: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sampled_every_s: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """The contract's document; ``measured`` of a step has the shape of its ``outcomes``, over all rounds.

        ``rounds`` beside it has every round by itself with its timeline.
        """
        return {
            "version": JSON_VERSION,
            "keepalived": self.keepalived,
            "nodes": list(self.nodes),
            "sampled_every_s": round(self.sampled_every_s, 4),
            "complaints": {name: list(said) for name, said in self.complaints.items() if said},
            "steps": [
                {
                    "event": step.event,
                    "outcomes": [dict(outcome) for outcome in step.predicted or ()],
                    "measured": summary(step.rounds),
                    "rounds": [_round(measured) for measured in step.rounds],
                }
                for step in self.steps
            ],
        }


def fits(measured: Measured, outcome: Mapping[str, Any], tolerance: float = TOLERANCE) -> bool:
    """Whether a measurement is the predicted ``outcome`` (as in the contract's JSON), times within ``tolerance``."""
    if {name: sorted(nodes) for name, nodes in measured.holders.items()} != {
        name: sorted(nodes) for name, nodes in outcome["holders"].items()
    }:
        return False
    if (measured.after_s is None) != (outcome["after_s"] is None):
        brief = measured.after_s if outcome["after_s"] is None else outcome["after_s"][0]
        return brief is not None and brief <= tolerance
    times = [(measured.after_s, outcome["after_s"]), (measured.gap_s, outcome["gap_s"])]
    if measured.dual_s is None or outcome["dual_s"][1] is None:
        return measured.dual_s is outcome["dual_s"][1] and _within(times, tolerance)
    return _within([*times, (measured.dual_s, outcome["dual_s"])], tolerance)


def _within(times: Iterable[tuple[float | None, Sequence[float] | None]], tolerance: float) -> bool:
    return all(
        bounds[0] - tolerance <= value <= bounds[1] + tolerance
        for value, bounds in times
        if value is not None and bounds is not None
    )


def summary(rounds: Iterable[Measured]) -> list[dict[str, Any]]:
    """Rounds that ended with the same holders together, each time as the interval from the least to the greatest."""
    groups: dict[tuple[tuple[str, tuple[str, ...]], ...], list[Measured]] = {}
    for measured in rounds:
        groups.setdefault(tuple(measured.holders.items()), []).append(measured)
    return [
        {
            "holders": _holders(group[0].holders),
            "after_s": _interval([each.after_s for each in group if each.after_s is not None]),
            "gap_s": _interval([each.gap_s for each in group]),
            "dual_s": _dual([each.dual_s for each in group]),
        }
        for group in groups.values()
    ]


def _dual(values: list[float | None]) -> list[float | None]:
    known = [value for value in values if value is not None]
    low = min(known, default=0.0)
    return [_rounded(low), None if None in values else _rounded(max(known))]


def _interval(values: list[float]) -> list[float] | None:
    return [_rounded(min(values)), _rounded(max(values))] if values else None


def _round(measured: Measured) -> dict[str, Any]:
    return {
        "holders": _holders(measured.holders),
        "after_s": None if measured.after_s is None else _rounded(measured.after_s),
        "gap_s": _rounded(measured.gap_s),
        "dual_s": None if measured.dual_s is None else _rounded(measured.dual_s),
        "settled": measured.settled,
        "timeline": [
            {"seconds": _rounded(moment.seconds), "holders": _holders(moment.holders)} for moment in measured.timeline
        ],
    }


def _holders(holders: Holders) -> dict[str, list[str]]:
    return {instance: list(nodes) for instance, nodes in holders.items()}


def _rounded(seconds: float) -> float:
    return round(seconds, 3)

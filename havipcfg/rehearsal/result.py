"""What a rehearsal measured, and the same as the JSON of the command-line contract."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from havipcfg.rehearsal.measure import Holders, Measured, Ready

JSON_VERSION = 1
TOLERANCE = 0.05
"""Seconds that a measured time may lie outside a predicted bound, besides what the measurement itself is off."""


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
        return not any(map(self.missed, self.rounds))

    def missed(self, measured: Measured) -> bool:
        """Whether a round is none of the predicted outcomes, nor of those predicted anew from its start-ups."""
        return self.predicted is not None and not self._any(measured, (*self.predicted, *measured.anew))

    def judged_anew(self, measured: Measured) -> bool:
        """Whether a round is as predicted only from the start-ups that were measured."""
        return self._any(measured, measured.anew) and not self._any(measured, self.predicted or ())

    def _any(self, measured: Measured, outcomes: Iterable[Mapping[str, Any]]) -> bool:
        return any(fits(measured, outcome) for outcome in outcomes)


@dataclass
class Rehearsal:
    """Every step, what keepalived is, and how finely it was watched.

    ``complaints`` are what ``keepalived -t`` said of each node's configuration. ``opened`` is, for every round of a
    scenario that does not begin with a start, when the nodes were ready that ran already.
    """

    nodes: tuple[str, ...]
    instances: tuple[str, ...]
    keepalived: str
    steps: list[Step]
    complaints: Mapping[str, Sequence[str]] = field(default_factory=dict)
    opened: list[Ready] = field(default_factory=list)

    @property
    def exact_s(self) -> float:
        """How far off the least exact of all times may be, in seconds."""
        return max((measured.exact_s for step in self.steps for measured in step.rounds), default=0.0)

    @property
    def remarks(self) -> list[str]:
        """A sentence for each round that is as predicted only from the start-ups that were measured in it."""
        found = []
        for number in range(len(self.steps[0].rounds)):
            if any(step.judged_anew(step.rounds[number]) for step in self.steps):
                ready = [*self.opened[number : number + 1], *(step.rounds[number].ready for step in self.steps)]
                times = [f"{node} {last:.2f} s" for each in ready for node, (_, last) in each.items()]
                found.append(f"round {number + 1} is judged by when its nodes were ready: {', '.join(times)}")
        return found

    def to_json(self) -> dict[str, Any]:
        """The contract's document; ``measured`` of a step has the shape of its ``outcomes``, over all rounds.

        ``rounds`` beside it has every round by itself with its timeline.
        """
        return {
            "version": JSON_VERSION,
            "keepalived": self.keepalived,
            "nodes": list(self.nodes),
            "exact_s": _rounded(self.exact_s),
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


def fits(measured: Measured, outcome: Mapping[str, Any]) -> bool:
    """Whether a measurement is the predicted ``outcome`` (as in the contract's JSON).

    Times may differ by TOLERANCE and by as much as the measurement may be off. An instance without an address that
    could be watched does not count.
    """
    tolerance = TOLERANCE + measured.exact_s
    if {name: sorted(nodes) for name, nodes in measured.holders.items()} != {
        name: sorted(nodes) for name, nodes in outcome["holders"].items() if name in measured.holders
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
        "exact_s": _rounded(measured.exact_s),
        "ready_s": {node: [_rounded(first), _rounded(last)] for node, (first, last) in measured.ready.items()},
        "outcomes": [dict(outcome) for outcome in measured.anew],
        "timeline": [
            {"seconds": _rounded(moment.seconds), "holders": _holders(moment.holders)} for moment in measured.timeline
        ],
    }


def _holders(holders: Holders) -> dict[str, list[str]]:
    return {instance: list(nodes) for instance, nodes in holders.items()}


def _rounded(seconds: float) -> float:
    return round(seconds, 3)

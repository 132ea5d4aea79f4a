"""What an event leads to, in the words of users: who holds, after how long, with what gap."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

from havipcfg.verifier.daemons import RACE_DUAL, Daemons
from havipcfg.verifier.electorate import Electorate
from havipcfg.verifier.moments import Moment

Bounds: TypeAlias = tuple[float, float]
Holders: TypeAlias = dict[str, tuple[str, ...]]

REACTION = 0.05
"""Seconds that even an immediate change may take to be seen."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way it may go. Seconds are (best, worst).

    ``after`` is from the event to the last change of a holder (None: nothing changes),
    ``gap`` how long nobody held until then, ``dual`` how long two did; its worst is None when
    two hold until something else happens. ``formula`` names the terms of ``after``.
    """

    holders: Holders
    after: Bounds | None
    gap: Bounds
    dual: tuple[float, float | None]
    formula: str = ""
    settled: bool = True

    def to_json(self) -> dict[str, Any]:
        return {
            "holders": {name: list(nodes) for name, nodes in self.holders.items()},
            "after_s": None if self.after is None else [_round(self.after[0]), _round(self.after[1])],
            "gap_s": [_round(self.gap[0]), _round(self.gap[1])],
            "dual_s": [_round(self.dual[0]), None if self.dual[1] is None else _round(self.dual[1])],
        }


def _round(seconds: float) -> float:
    return round(seconds + 0.0, 3)


@dataclass(frozen=True, slots=True)
class Service:
    """The addresses that one set of seats passes around, under the instance's name."""

    name: str
    seats: int
    nodes: tuple[tuple[int, str], ...]
    """Seat bit and node name."""

    def holders(self, mask: int) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for seat, name in self.nodes if mask & (1 << seat)))


def services(parts: Iterable[Electorate]) -> list[list[Service]]:
    """Per electorate, its services. Two that have one name but no address in common are told apart."""
    taken: dict[str, int] = {}
    found = []
    for part in parts:
        groups: list[tuple[str, list[int], set[str]]] = []
        for index, seat in enumerate(part.seats):
            addresses = set(seat.instance.addresses)
            merged = (seat.name, [index], addresses)
            rest = []
            for group in groups:
                alike = group[2] & addresses or (not addresses and group[0] == seat.name)
                if alike:
                    merged = (group[0], sorted(group[1] + merged[1]), group[2] | merged[2])
                else:
                    rest.append(group)
            groups = sorted([*rest, merged], key=lambda group: group[1][0])
        mine = []
        for name, seats, addresses in groups:
            label = name
            if name in taken:
                label = f"{name} ({', '.join(sorted(addresses)) or part.seats[seats[0]].node_name})"
            while label in taken:
                label += "'"
            taken[label] = 1
            nodes = tuple((seat, part.seats[seat].node_name) for seat in seats)
            mine.append(Service(label, sum(1 << seat for seat in seats), nodes))
        found.append(mine)
    return found


def outcome(election: Daemons, parts: list[Service]) -> Outcome:
    """Read an election that has settled (or was stopped) as an outcome."""
    holders: Holders = {}
    after: Moment | None = None
    gap, dual = (0.0, 0.0), (0.0, 0.0)
    lasting = False
    for service in parts:
        points = _points(election, service)
        holders[service.name] = points[-1][1]
        if len(points) > 1 and (after is None or points[-1][0].hi > after.hi):
            after = points[-1][0]
        gap = _worst(gap, _spent(points, 0, 0))
        dual = _worst(dual, _spent(points, 2, len(service.nodes)))
        lasting = lasting or len(points[-1][1]) > 1
    late = RACE_DUAL if election.raced else 0.0
    bounds = None if after is None else (max(0.0, after.lo), max(REACTION, after.hi) + late)
    return Outcome(
        holders,
        bounds,
        gap,
        (dual[0], None if lasting else dual[1] + late),
        after.formula if after else "",
        not election.unsettled,
    )


def _points(election: Daemons, service: Service) -> list[tuple[Moment, tuple[str, ...]]]:
    points: list[tuple[Moment, tuple[str, ...]]] = []
    for moment, mask in election.timeline:
        nodes = service.holders(mask)
        if not points or points[-1][1] != nodes:
            points.append((moment, nodes))
    return points


def _spent(points: list[tuple[Moment, tuple[str, ...]]], least: int, most: int) -> Bounds:
    """Time, until the last change, with between ``least`` and ``most`` holders."""
    lo = hi = 0.0
    since: Moment | None = None
    for moment, nodes in points:
        inside = least <= len(nodes) <= most
        if inside and since is None:
            since = moment
        elif not inside and since is not None:
            low, high = moment.minus(since)
            lo, hi = lo + max(0.0, low), hi + max(0.0, high)
            since = None
    return lo, hi


def _worst(one: Bounds, other: Bounds) -> Bounds:
    return max(one[0], other[0]), max(one[1], other[1])


def hull(one: Outcome, other: Outcome) -> Outcome:
    """Two outcomes with the same holders as one."""
    if one.after is None or other.after is None:
        after, formula = one.after or other.after, one.formula or other.formula
        if after is not None:
            after = (0.0, after[1])
    else:
        after = (min(one.after[0], other.after[0]), max(one.after[1], other.after[1]))
        formula = one.formula if one.after[1] >= other.after[1] else other.formula
    worst = None if one.dual[1] is None or other.dual[1] is None else max(one.dual[1], other.dual[1])
    return Outcome(
        one.holders,
        after,
        (min(one.gap[0], other.gap[0]), max(one.gap[1], other.gap[1])),
        (min(one.dual[0], other.dual[0]), worst),
        formula,
        one.settled and other.settled,
    )

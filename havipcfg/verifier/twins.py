"""Members of a sync group that can only do what another does: one of them is enough to follow an election.

The members of a team change their state together. Where two have the same timers, priorities and trackers on every
node, and hear the same nodes, what holds of one holds of the other.
"""

from __future__ import annotations

from dataclasses import replace

from havipcfg.verifier.daemons import Standings
from havipcfg.verifier.electorate import Electorate
from havipcfg.verifier.outcome import Service


class Condensed:
    """An electorate without such members: ``part`` with its services ``served``."""

    def __init__(self, whole: Electorate, served: list[Service]) -> None:
        stand_in = _stand_ins(whole)
        kept = sorted(set(stand_in))
        if len(kept) == len(whole.seats):
            self.part, self.served, self._places = whole, served, None
            return
        number = {seat: bit for bit, seat in enumerate(kept)}
        self._places = tuple(
            tuple(place for place, seat in enumerate(seats) if seat in number) for seats in whole.node_seats
        )
        self.part = replace(
            whole,
            seats=tuple(whole.seats[seat] for seat in kept),
            teams=tuple(tuple(number[seat] for seat in seats if seat in number) for seats in whole.teams),
            node_seats=tuple(tuple(number[seat] for seat in seats if seat in number) for seats in whole.node_seats),
            heard=tuple(sum(1 << number[other] for other in kept if whole.heard[seat] & (1 << other)) for seat in kept),
            skews={},
        )
        self.served = [
            replace(
                service,
                seats=sum(1 << number[stand_in[seat]] for seat, _ in service.nodes),
                nodes=tuple((number[stand_in[seat]], node) for seat, node in service.nodes),
            )
            for service in served
        ]

    def standings(self, node: int, standings: Standings) -> Standings:
        """Those of the members that are left."""
        if self._places is None:
            return standings
        return tuple([standings[place] for place in self._places[node]])


def _stand_ins(part: Electorate) -> list[int]:
    """For each seat the one that does what it does, itself where it has no twin."""
    result = list(range(len(part.seats)))
    size = len(part.node_seats[0])
    if any(len(seats) != size for seats in part.node_seats):
        return result
    kinds: dict[object, int] = {}
    for rank in reversed(range(size)):
        mine = [seats[rank] for seats in part.node_seats]
        mask = sum(1 << seat for seat in mine)
        if any(part.heard[seat] & ~mask for seat in mine):
            return list(range(len(part.seats)))
        first = kinds.setdefault(tuple(_does(part, seat, mine) for seat in mine), rank)
        for seats in part.node_seats:
            result[seats[rank]] = seats[first]
    return result


def _does(part: Electorate, seat: int, rank: list[int]) -> object:
    """All that decides what a seat does among those of its rank."""
    facts = part.seats[seat]
    behaviour = replace(
        facts.instance,
        name="",
        vrid=0,
        family=4,
        version=2,
        auth=None,
        address=None,
        owns_address=True,
        peers=None,
        multicast_group=None,
        check_unicast_src=False,
        vips=(),
        held=(),
        trackers=(),
        origin=None,
        origins={},
    )
    trackers = tuple((t.check, t.weight, t.reverse) for t in facts.instance.trackers)
    hears = tuple(bool(part.heard[seat] & (1 << other)) for other in rank)
    others = [part.seats[other].address for other in rank]
    order = tuple(
        None if facts.address is None or other is None else (facts.address > other) - (facts.address < other)
        for other in others
    )
    learns = facts.version == 3 and len({part.seats[other].interval for other in rank}) > 1
    skew = facts.skew(0, facts.interval)
    return (facts.team, facts.modern, behaviour, trackers, hears, order, learns, skew)

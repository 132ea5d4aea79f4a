"""What an explored electorate shows: who stands how in a state, and the way to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from havipcfg.source import Span
from havipcfg.verifier.daemons import Role
from havipcfg.verifier.electorate import Seat
from havipcfg.verifier.hears import HearsGraph
from havipcfg.verifier.network import Check, Network, Node, Tracker
from havipcfg.verifier.outcome import Bounds, Holders, Service
from havipcfg.verifier.proof import Property, Stand, TraceStep, Violation
from havipcfg.verifier.space import NOBODY, Change, Space, State, Transition
from havipcfg.verifier.standing import FAIL, OK, contribution
from havipcfg.verifier.trail import trail


class Evidence:
    """An explored electorate with the network it is of, for the properties to ask."""

    def __init__(self, network: Network, graph: HearsGraph, space: Space) -> None:
        self.network = network
        self.graph = graph
        self.space = space
        self.part = space.part
        self.reported: set[str] = set()
        self.tied: set[frozenset[str]] = set()
        everybody = len(self.part.nodes)
        self.whole = [state for state in space.states if len(state.members) == everybody]

    def holders(self, state: State, service: Service) -> tuple[str, ...]:
        mask = 0
        for node, roles in zip(state.members, state.roles, strict=True):
            for team, role in zip(self.part.node_teams[node], roles, strict=True):
                if role is Role.MASTER:
                    for seat in self.part.teams[team]:
                        mask |= 1 << seat
        return service.holders(mask)

    def role(self, state: State, node: int, seat: int) -> Role:
        position = state.members.index(node)
        team = self.part.seats[seat].team
        return state.roles[position][self.part.node_teams[node].index(team)]

    def priority(self, state: State, seat: int) -> int:
        node = self.part.seats[seat].node
        value = self.space.values[node][state.values[state.members.index(node)]]
        return value.standings[self.part.node_seats[node].index(seat)].priority

    def waits(self, state: State, node: int, service: Service) -> bool:
        """A healthy backup of the service."""
        value = self.space.values[node][state.values[state.members.index(node)]]
        seats = [s for s in self.part.node_seats[node] if service.seats & (1 << s)]
        return value.healthy and bool(seats) and all(self.role(state, node, s) is Role.BACKUP for s in seats)

    def able(self, state: State, node: int, service: Service) -> bool:
        seats = [s for s in self.part.node_seats[node] if service.seats & (1 << s)]
        return any(self.role(state, node, s) is Role.BACKUP for s in seats)

    def without(self, state: State, node: int) -> str:
        """The other nodes that are not well or out of reach, in words; empty where there is none."""
        well = {
            n for n, v in zip(state.members, state.values, strict=True) if n == node or self.space.values[n][v].healthy
        }
        away = [name for n, name in enumerate(self.part.nodes) if n not in well]
        return f" without {all_of(away)}" if away else ""

    def undisturbed(self, state: State) -> bool:
        """Whether nothing has failed and no link is cut."""
        return len(state.members) == len(self.part.nodes) and self.all_healthy(state)

    def all_healthy(self, state: State) -> bool:
        return all(self.space.values[n][v].healthy for n, v in zip(state.members, state.values, strict=True))

    def check(self, node: str, name: str) -> Check | None:
        found: Node | None = self.network.node(node)
        return found.check(name) if found is not None else None

    def worsens(self, node: int, tracker: Tracker) -> bool:
        """Whether the tracker is meant to lower the node when its check fails."""
        check = self.check(self.part.nodes[node], tracker.check)
        if check is None:
            return False
        good, bad = contribution(tracker, check.kind, OK), contribution(tracker, check.kind, FAIL)
        return bad is None or (good is not None and bad < good)

    def lowered(self, state: State, node: int, service: Service) -> bool:
        """Whether something that the service tracks there has failed."""
        failed = self.space.values[node][state.values[state.members.index(node)]].failed
        return any(
            (tracker.check in failed or f"link {tracker.check}" in failed) and self.worsens(node, tracker)
            for seat in self.part.node_seats[node]
            if service.seats & (1 << seat)
            for tracker in self.part.seats[seat].instance.trackers
        )

    def spans(self, node: int, *fields: str) -> list[Span]:
        found = []
        for seat in self.part.node_seats[node]:
            origins = self.part.seats[seat].instance.origins
            found += [span for name in fields if (span := origins.get(name)) is not None]
        return found

    def held_back(self, state: State, node: int, service: Service) -> tuple[str, list[Span]]:
        """Why a node that could take a service does not: a master of something else that it hears, and the lines.

        That is a master whose instance lacks the addresses, or one of another instance of its sync group.
        """
        for seat in self.part.node_seats[node]:
            facts = self.part.seats[seat]
            if not service.seats & (1 << seat):
                continue
            for member in sorted(self.part.teams[facts.team], key=lambda member: member != seat):
                master = self._master_heard(state, member)
                if master is None or service.seats & (1 << master):
                    continue
                held = self.part.seats[master]
                if member == seat:
                    told = (
                        f"{facts.node_name} hears {held.node_name}, the master of virtual_router_id "
                        f"{facts.instance.vrid}, which does not have the addresses of {facts.name}"
                    )
                    lines = [
                        held.instance.origins.get("virtual_ipaddress", held.instance.origin),
                        facts.instance.origins.get("virtual_ipaddress"),
                    ]
                else:
                    other = self.part.seats[member].name
                    told = (
                        f"on {facts.node_name} {facts.name} moves only together with {other}, its sync group, "
                        f"and {held.node_name} is still master of {other}"
                    )
                    lines = [self._group(facts), held.instance.origin]
                return told, [span for span in lines if span is not None]
        return "", []

    def accepted(self, state: State, node: int, service: Service, besides: int) -> str:
        """Which node, ``besides`` one, a node accepts as the master of a service, in words."""
        for seat in self.part.node_seats[node]:
            master = self._master_heard(state, seat, besides) if service.seats & (1 << seat) else None
            if master is not None:
                return f"{self.part.nodes[node]} hears {self.part.seats[master].node_name}, which is master as well"
        return ""

    def _master_heard(self, state: State, seat: int, besides: int = NOBODY) -> int | None:
        """The seat of another node, ``besides`` one, that is master and that a seat hears."""
        for node in (each for each in state.members if each != besides):
            for other in self.part.node_seats[node] if node != self.part.seats[seat].node else ():
                if self.part.heard[seat] & (1 << other) and self.role(state, node, other) is Role.MASTER:
                    return other
        return None

    def _group(self, seat: Seat) -> Span | None:
        node = self.network.node(seat.node_name)
        groups = node.groups if node is not None else ()
        return next((group.origin for group in groups if seat.name in group.members), None)

    def stands(self, *blocks: State) -> tuple[tuple[Stand, ...], Holders]:
        """Who stands how in blocks of nodes, and who holds there."""
        places = sorted(((n, state) for state in blocks for n in state.members), key=lambda place: place[0])
        stands = tuple(
            Stand(
                self.part.nodes[node],
                self.part.seats[seat].name,
                self.role(state, node, seat).name,
                self.priority(state, seat),
            )
            for node, state in places
            for seat in self.part.node_seats[node]
        )
        holders = {
            service.name: tuple(name for state in blocks for name in self.holders(state, service))
            for service in self.space.served
        }
        return stands, holders

    def trace(self, state: State, last: Transition | None = None, check: str = "") -> tuple[TraceStep, ...]:
        """The way to a state and one step on; with ``check``, that one in place of the one of the last step."""
        steps = [
            TraceStep(event, *self.stands(*blocks), after) for event, blocks, after in trail(self.space, state, last)
        ]
        if last is not None and check:
            steps = [replace(step, event=swapped(step.event, last.change, check)) for step in steps]
        return tuple(steps)

    def violation(
        self,
        prop: Property,
        message: str,
        trace: tuple[TraceStep, ...],
        origins: Iterable[Span] = (),
        because: tuple[str, ...] = (),
        nodes: Iterable[str] = (),
        bound: Bounds | None = None,
        formula: str = "",
        advice: str = "",
    ) -> Violation:
        distinct: list[Span] = []
        for span in origins:
            if span not in distinct:
                distinct.append(span)
        return Violation(prop, message, trace, tuple(distinct), because, tuple(nodes), bound, formula, advice)


def any_of(change: Change) -> tuple[str, ...]:
    """The check of a change and those of which the same is true."""
    return (change.check, *change.alike)


def swapped(text: str, change: Change, check: str) -> str:
    """Text about one of two checks that are alike as text about the other."""
    if check == change.check:
        return text
    other = {change.check: check, check: change.check}
    return " ".join(
        other.get(word.rstrip(":"), word.rstrip(":")) + ":" * word.endswith(":") for word in text.split(" ")
    )


def all_of(names: Iterable[str]) -> str:
    """Names in words: a, b and c."""
    listed = list(names)
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} and {listed[-1]}"


def one_of(names: Iterable[str]) -> str:
    """Names in words: a, b or c."""
    return all_of(names).replace(" and ", " or ")

"""Every reachable stable state of an electorate, and every event in each.

A block is a set of nodes that can reach each other. Blocks of a partition do not influence
one another, so states are explored per block: a value for each node (dead, or which of its
checks and links have failed) and a role for each team. Splits make smaller blocks, heals
join two of them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple, TypeAlias

from havipcfg.verify.election import RACE, START_UP, Election, Role, Standings
from havipcfg.verify.electorate import Electorate
from havipcfg.verify.moments import NOW, Term
from havipcfg.verify.network import CheckKind, Network, Node
from havipcfg.verify.outcome import Outcome, Service, hull, outcome
from havipcfg.verify.settle import settle
from havipcfg.verify.standing import FAIL, OK, detection, standing

EXHAUSTIVE_NODES = 4
DEFAULT_FAULTS = 3
MANY_CHECKS = 3
"""Up to this many checks and links of a node are combined; of more, one or two fail at a time."""

Roles: TypeAlias = tuple[Role, ...]
"""A role for each team of a node."""
NOBODY = -1


class Value(NamedTuple):
    """What may be the matter with a node: ``failed`` names checks and links that are bad."""

    standings: Standings
    dead: bool
    failed: frozenset[str]

    @property
    def healthy(self) -> bool:
        return not self.dead and not self.failed

    @property
    def faults(self) -> int:
        return 1 if self.dead else len(self.failed)


class Change(NamedTuple):
    """One event at one node: ``event`` in the scenario language, ``detection`` for a check."""

    event: str
    kind: str
    node: int
    target: int
    detection: Term | None = None
    check: str = ""


class State(NamedTuple):
    """A settled block: its nodes, and the value and roles of each."""

    members: tuple[int, ...]
    values: tuple[int, ...]
    roles: tuple[Roles, ...]


class Transition(NamedTuple):
    """From a state, an event, and one way it may go (of ``ways``)."""

    before: State
    change: Change
    after: State
    outcome: Outcome | None
    """None: nobody's role but that of the node itself changes and no address moves."""
    ways: int


class Reached(NamedTuple):
    """How a state came about: from which, by what event; ``other`` is the second block of a heal."""

    before: State | None
    event: str
    outcome: Outcome | None = None
    other: State | None = None


@dataclass(slots=True)
class Space:
    """What was explored."""

    part: Electorate
    served: list[Service]
    values: list[list[Value]]
    exhaustive: bool
    faults: int | None
    states: dict[State, Reached] = field(default_factory=dict)
    """Each state with how it was first reached."""
    initial: list[Transition] = field(default_factory=list)
    transitions: list[Transition] = field(default_factory=list)
    count: int = 0

    def path(self, state: State) -> list[tuple[Reached, State]]:
        """The events that lead to a state, as few as were found, with the block after each."""
        steps: list[tuple[Reached, State]] = []
        at: State | None = state
        while at is not None:
            reached = self.states[at]
            steps.append((reached, at))
            if reached.other is not None:
                apart = self.path(reached.other)
                split = max((i for i, (each, _s) in enumerate(apart) if each.event.startswith("cut ")), default=0)
                steps += apart[:split:-1]
            at = reached.before
        return steps[::-1]


def explore(network: Network, part: Electorate, served: list[Service], faults: int | None = None) -> Space:
    """Explore an electorate; ``faults`` limits simultaneous faults (default: none up to 4 nodes, 3 for more)."""
    if faults is None and len(part.nodes) > EXHAUSTIVE_NODES:
        faults = DEFAULT_FAULTS
    nodes = [network.node(name) for name in part.nodes]
    values: list[list[Value]] = []
    changes: list[list[list[Change]]] = []
    complete = True
    for index, node in enumerate(nodes):
        assert node is not None
        mine, its_changes, all_of_them = _values(part, index, node, faults)
        values.append(mine)
        changes.append(its_changes)
        complete = complete and all_of_them
    space = Space(part, served, values, complete and faults is None, faults)
    _Explorer(space, changes).run()
    return space


def _values(
    part: Electorate, index: int, node: Node, faults: int | None
) -> tuple[list[Value], list[list[Change]], bool]:
    """The values of a node and, for each, the events that lead to another."""
    tracked = {t.check for s in part.node_seats[index] for t in part.seats[s].instance.trackers}
    checks = {c.name: c for c in node.checks if c.name in tracked and c.kind is not CheckKind.INTERFACE}
    own = {part.seats[s].instance.interface for s in part.node_seats[index]}
    links = sorted({name for name in node.interfaces if len(own) > 1 or name not in own})
    links = [name for name in links if name in own or name in tracked or _carries(part, index, name)]
    names = [*checks, *(f"link {name}" for name in links)]
    limit = len(names) if len(names) <= MANY_CHECKS else 2
    if faults is not None:
        limit = min(limit, faults)
    found: dict[frozenset[str], int] = {}
    values: list[Value] = []
    for count in range(limit + 1):
        for failed in combinations(names, count):
            down = {name[5:] for name in failed if name.startswith("link ")}
            statuses = {name: FAIL for name in failed if not name.startswith("link ")}
            standings = tuple(
                standing(node, part.seats[seat].instance, statuses, down) for seat in part.node_seats[index]
            )
            found[frozenset(failed)] = len(values)
            values.append(Value(standings, False, frozenset(failed)))
    dead = len(values)
    values.append(Value(values[0].standings, True, frozenset()))
    changes: list[list[Change]] = [[] for _ in values]
    for value, each in enumerate(values[:-1]):
        for name in names:
            target = found.get(each.failed ^ {name})
            if target is None:
                continue
            bad = name not in each.failed
            if name.startswith("link "):
                event = f"link {node.name} {name[5:]} {'down' if bad else 'up'}"
                changes[value].append(Change(event, "link", index, target, None, name[5:]))
            else:
                status = FAIL if bad else OK
                event = f"check {node.name} {name} {status}"
                term = detection(checks[name], status)
                changes[value].append(Change(event, status, index, target, term, name))
        changes[value].append(Change(f"die {node.name}", "die", index, dead))
        changes[value].append(Change(f"stop {node.name}", "stop", index, dead))
    changes[dead].append(Change(f"start {node.name}", "start", index, 0))
    return values, changes, limit == len(names)


def _carries(part: Electorate, index: int, interface: str) -> bool:
    return any(interface in part.seats[seat].instance.vip_interfaces for seat in part.node_seats[index])


class _Live(NamedTuple):
    """A node that takes part in an election."""

    node: int
    standings: Standings
    roles: Roles


Result: TypeAlias = list[tuple[dict[int, Roles], Outcome]]


class _Explorer:
    def __init__(self, space: Space, changes: list[list[list[Change]]]) -> None:
        self.space = space
        self.part = space.part
        self.changes = changes
        self.memo: dict[object, Result] = {}
        self.off = [tuple([Role.OFF] * len(teams)) for teams in self.part.node_teams]
        self.back = [tuple([Role.BACKUP] * len(teams)) for teams in self.part.node_teams]
        self.queue: deque[State] = deque()
        self.blocks: dict[tuple[int, ...], list[State]] = {}
        self.cut_before: set[tuple[State, tuple[_Live, ...]]] = set()
        self.cut_events: dict[tuple[tuple[int, ...], tuple[int, ...]], str] = {}
        self.order: dict[tuple[tuple[int, ...], tuple[int, ...]], tuple[tuple[int, ...], tuple[int, ...]]] = {}
        self.faults: dict[State, int] = {}
        self.leaders: dict[State, tuple[_Live, ...]] = {}
        self.simple = _simple(self.part)
        self.preempts = [not s.nopreempt or s.owner for s in self.part.seats]
        self.priorities = [
            [value.standings[0].priority for value in values] if self.simple else [] for values in space.values
        ]

    def run(self) -> None:
        everybody = tuple(range(len(self.part.nodes)))
        off = State(everybody, tuple(len(v) - 1 for v in self.space.values), tuple(self.off))
        start = Change("start", "start", NOBODY, 0)
        live = tuple(_Live(n, self.space.values[n][0].standings, self.off[n]) for n in everybody)
        result = self._settle(live, "start all", NOBODY, None, live)
        for roles, done in result:
            state = State(everybody, (0,) * len(everybody), tuple(roles[n] for n in everybody))
            transition = Transition(off, start, state, done, len(result))
            self.space.initial.append(transition)
            self._reach(state, None, "start", done)
        self._reach(off, self.space.initial[0].after, "")
        while self.queue:
            state = self.queue.popleft()
            if state is not off:
                self._visit(state)
        self._visit(off)

    def _reach(
        self,
        state: State,
        before: State | None,
        event: str,
        done: Outcome | None = None,
        other: State | None = None,
    ) -> None:
        if state in self.space.states:
            return
        self.space.states[state] = Reached(before, event, done, other)
        self.blocks.setdefault(state.members, []).append(state)
        values = self.space.values
        self.faults[state] = sum(values[n][v].faults for n, v in zip(state.members, state.values, strict=True))
        self.leaders[state] = tuple(
            _Live(n, values[n][v].standings, r)
            for n, v, r in zip(state.members, state.values, state.roles, strict=True)
            if Role.MASTER in r
        )
        self.queue.append(state)

    def _visit(self, state: State) -> None:
        limit = self.space.faults
        faults = self.faults[state]
        whole = len(state.members) == len(self.part.nodes)
        if not whole:
            faults += 1
        for position, node in enumerate(state.members):
            value = state.values[position]
            leads = Role.MASTER in state.roles[position]
            for change in self.changes[node][value]:
                if change.kind == "stop" and not leads:
                    continue
                if limit is not None:
                    more = self.space.values[node][change.target].faults - self.space.values[node][value].faults
                    if faults + more > limit:
                        continue
                for after, done, ways in self._change(state, position, change):
                    self._record(Transition(state, change, after, done, ways))
        if len(state.members) > 1 and (limit is None or faults < limit or not whole):
            self._split(state)
        if not whole:
            self._join(state, limit)

    def _record(self, transition: Transition) -> None:
        self.space.count += 1
        before, change = transition.before, transition.change
        if transition.outcome is not None or (
            change.kind in (FAIL, "link") and Role.MASTER in before.roles[before.members.index(change.node)]
        ):
            self.space.transitions.append(transition)
        self._reach(transition.after, transition.before, transition.change.event, transition.outcome)

    # -- one node changes --------------------------------------------------------------------

    def _change(self, state: State, position: int, change: Change) -> Iterator[tuple[State, Outcome | None, int]]:
        node = change.node
        value = self.space.values[node][change.target]
        values = (*state.values[:position], change.target, *state.values[position + 1 :])
        roles = self._quiet(state, position, node, value)
        if roles is not None:
            yield State(state.members, values, roles), None, 1
            return
        live = self._live(state, skip=-1 if change.kind != "start" else node)
        if change.kind == "start":
            live = (*live, _Live(node, value.standings, self.off[node]))
        elif all(each.node != node for each in live):
            live = (*live, _Live(node, self._value(state, position).standings, state.roles[position]))
        result = self._reduced(live, change.kind, node, change.detection, value.standings, state, values)
        for found, done in result:
            yield State(state.members, values, _replaced(state, found)), done, len(result)

    def _value(self, state: State, position: int) -> Value:
        return self.space.values[state.members[position]][state.values[position]]

    def _live(self, state: State, skip: int = -1) -> tuple[_Live, ...]:
        return tuple(
            _Live(n, self.space.values[n][v].standings, r)
            for n, v, r in zip(state.members, state.values, state.roles, strict=True)
            if n != skip and (Role.MASTER in r or Role.BACKUP in r)
        )

    def _quiet(self, state: State, position: int, node: int, value: Value) -> tuple[Roles, ...] | None:
        """The roles after a change at ``node`` when no address can move by it, else None."""
        old = state.roles[position]
        if value.dead or any(each.fault for each in value.standings):
            if Role.MASTER in old:
                return None
            new = self.off[node] if value.dead else self._faulted(node, value, old)
        else:
            new = tuple(role if role in (Role.MASTER, Role.BACKUP) else Role.BACKUP for role in old)
        roles = (*state.roles[:position], new, *state.roles[position + 1 :])
        number = len(self.space.values[node]) - 1 if value.dead else self.space.values[node].index(value)
        values = (*state.values[:position], number, *state.values[position + 1 :])
        return roles if self._calm(state.members, values, roles) else None

    def _faulted(self, node: int, value: Value, old: Roles) -> Roles:
        first = self.part.node_seats[node]
        return tuple(
            Role.FAULT
            if any(value.standings[first.index(seat)].fault for seat in self.part.teams[team])
            else (role if role is not Role.OFF and role is not Role.FAULT else Role.BACKUP)
            for team, role in zip(self.part.node_teams[node], old, strict=True)
        )

    def _calm(self, members: tuple[int, ...], values: tuple[int, ...], roles: tuple[Roles, ...]) -> bool:
        """Whether nothing is due: each backup is held by a master it accepts, no two masters meet."""
        if self.simple:
            return self._simply_calm(members, values, roles)
        part = self.part
        standings = [self.space.values[n][v].standings for n, v in zip(members, values, strict=True)]
        priorities: dict[int, int] = {}
        masters = 0
        for node, stand, mine in zip(members, standings, roles, strict=True):
            for seat, value in zip(part.node_seats[node], stand, strict=True):
                priorities[seat] = value.priority
                if value.mute:
                    return False
            for team, role in zip(part.node_teams[node], mine, strict=True):
                if role is Role.MASTER:
                    for seat in part.teams[team]:
                        masters |= 1 << seat
        for node, mine in zip(members, roles, strict=True):
            for team, role in zip(part.node_teams[node], mine, strict=True):
                if role is Role.BACKUP:
                    if not any(self._held(seat, masters, priorities) for seat in part.teams[team]):
                        return False
                elif role is Role.MASTER and any(part.heard[seat] & masters for seat in part.teams[team]):
                    return False
        return True

    def _simply_calm(self, members: tuple[int, ...], values: tuple[int, ...], roles: tuple[Roles, ...]) -> bool:
        master = -1
        for node, value, mine in zip(members, values, roles, strict=True):
            if mine[0] is Role.MASTER:
                if master >= 0:
                    return False
                master = self.priorities[node][value]
        for node, value, mine in zip(members, values, roles, strict=True):
            if mine[0] is Role.BACKUP and (
                master < 0 or (self.preempts[node] and self.priorities[node][value] > master)
            ):
                return False
        return True

    def _held(self, seat: int, masters: int, priorities: dict[int, int]) -> bool:
        heard = self.part.heard[seat] & masters
        if not heard:
            return False
        facts = self.part.seats[seat]
        if facts.owner:
            return False
        if facts.nopreempt:
            return True
        mine = priorities[seat]
        while heard:
            bit = heard & -heard
            heard ^= bit
            if priorities[bit.bit_length() - 1] >= mine:
                return True
        return False

    # -- links are cut and healed ------------------------------------------------------------

    def _split(self, state: State) -> None:
        first, rest = state.members[0], state.members[1:]
        for size in range(len(rest)):
            for others in combinations(rest, size):
                one = (first, *others)
                two = tuple(n for n in rest if n not in others)
                self.space.count += 1
                for side, other in ((one, two), (two, one)):
                    self._side(state, side, other)

    def _side(self, state: State, side: tuple[int, ...], other: tuple[int, ...]) -> None:
        where = [state.members.index(n) for n in side]
        values = tuple([state.values[i] for i in where])
        roles = tuple([state.roles[i] for i in where])
        lost = tuple([each for each in self.leaders[state] if each.node in other])
        after = State(side, values, roles)
        if (after, lost) in self.cut_before:
            return
        self.cut_before.add((after, lost))
        event = self.cut_events.get((side, other))
        if event is None:
            event = "; ".join(f"cut {self.part.nodes[a]} {self.part.nodes[b]}" for a in side for b in other)
            self.cut_events[side, other] = event
        if self._calm(side, values, roles):
            self._reach(after, state, event)
            return
        result = self._reduced(self._live(after), "cut", NOBODY, None, lost, after, values)
        change = Change(event, "cut", NOBODY, 0)
        for found, done in result:
            settled = State(side, values, _replaced(after, found))
            self.space.transitions.append(Transition(state, change, settled, done, len(result)))
            self._reach(settled, state, event, done)

    def _join(self, state: State, limit: int | None) -> None:
        mine = set(state.members)
        for members in list(self.blocks):
            if mine.isdisjoint(members):
                for other in self.blocks[members][:]:
                    self._heal(state, other, limit)

    def _heal(self, one: State, two: State, limit: int | None) -> None:
        whole = len(one.members) + len(two.members) == len(self.part.nodes)
        if limit is not None and self.faults[one] + self.faults[two] + (0 if whole else 1) > limit:
            return
        known = self.order.get((one.members, two.members))
        if known is None:
            both = one.members + two.members
            places = tuple(sorted(range(len(both)), key=both.__getitem__))
            known = self.order[one.members, two.members] = tuple(both[i] for i in places), places
        members, places = known
        both_values, both_roles = one.values + two.values, one.roles + two.roles
        values = tuple([both_values[i] for i in places])
        roles = tuple([both_roles[i] for i in places])
        self.space.count += 1
        state = State(members, values, roles)
        if self._calm(members, values, roles):
            self._reach(state, one, "heal", None, two)
            return
        result: Result = []
        if self.simple:
            meeting = self._settle(self.leaders[one], "heal", NOBODY, None, self.leaders[two])
            if all(self._calm(members, values, _replaced(state, found)) for found, _done in meeting):
                result = meeting
        result = result or self._settle(self._live(one), "heal", NOBODY, None, self._live(two))
        change = Change("heal", "heal", NOBODY, 0)
        for found, done in result:
            after = State(members, values, _replaced(state, found))
            if whole:
                self.space.transitions.append(Transition(state, change, after, done, len(result)))
            self._reach(after, one, "heal", done, two)

    # -- the election ------------------------------------------------------------------------

    def _reduced(
        self,
        live: tuple[_Live, ...],
        kind: str,
        node: int,
        detection_time: Term | None,
        extra: tuple[_Live, ...] | Standings,
        state: State,
        values: tuple[int, ...],
    ) -> Result:
        """As ``_settle``; where all hear all with equal timers only the fastest backups can matter.

        A slower one would be held by whoever wins; if it would not be (the result is not
        calm) all take part after all.
        """
        if self.simple:
            facts = self.part.seats[0]
            per_step = facts.skew(0, facts.interval) - facts.skew(1, facts.interval)
            best = max(
                (e.standings[0].priority for e in live if e.roles[0] is Role.BACKUP and e.node != node), default=0
            )
            few = tuple(
                e
                for e in live
                if e.node == node
                or e.roles[0] is Role.MASTER
                or (best - e.standings[0].priority) * per_step <= 2 * RACE
            )
            result = self._settle(few, kind, node, detection_time, extra)
            if len(few) == len(live) or all(
                self._calm(state.members, values, _replaced(state, found)) for found, _done in result
            ):
                return result
        return self._settle(live, kind, node, detection_time, extra)

    def _settle(
        self,
        live: tuple[_Live, ...],
        kind: str,
        node: int,
        detection_time: Term | None,
        extra: tuple[_Live, ...] | Standings,
    ) -> Result:
        key = (live, kind, node, detection_time, extra)
        known = self.memo.get(key)
        if known is None:
            known = self.memo[key] = self._elect(live, kind, node, detection_time, extra)
        return known

    def _elect(
        self,
        live: tuple[_Live, ...],
        kind: str,
        node: int,
        detection_time: Term | None,
        extra: tuple[_Live, ...] | Standings,
    ) -> Result:
        part = self.part
        election = Election(part)
        others: tuple[_Live, ...] = extra if kind in ("cut", "heal") else ()  # type: ignore[assignment]
        for each in (*live, *others):
            if kind == "start all":
                continue
            election.seat(each.node, each.standings, each.roles)
        side, far = {each.node for each in live}, {each.node for each in others}
        apart = part.audible({(a, b) for a in side for b in far} | {(b, a) for a in side for b in far})
        if kind == "heal":
            election.audible = apart
        election.begin()
        election.hold()
        start_up = Term(f"start-up 0..{START_UP:g} s", 0.0, START_UP)
        if kind == "start all":
            for each in live:
                election.start(each.node, each.standings, start_up)
        elif kind == "start":
            election.start(node, extra, start_up)  # type: ignore[arg-type]
        elif kind == "stop":
            election.stop(node)
        elif kind == "die":
            election.die(node)
        elif kind == "cut":
            for each in others:
                election.timeline[0] = (NOW, election.timeline[0][1] & ~election.node_mask(each.node))
            election.hear(apart)
            for each in others:
                election.leave(each.node)
        elif kind == "heal":
            election.hear(list(part.heard))
        else:
            when = NOW if detection_time is None else NOW.plus(detection_time)
            election.expect(node, extra, when)  # type: ignore[arg-type]
        if election.timeline[-1][1] != election.holders():
            election.timeline.append((NOW, election.holders()))
        result: Result = []
        taking_part = [each.node for each in live] + (sorted(far) if kind == "heal" else [])
        for done in settle(election):
            roles = {n: tuple(done.role[t] for t in part.node_teams[n]) for n in taking_part}
            result.append((roles, outcome(done, self.space.served)))
        return _merged(result)


def _replaced(state: State, found: dict[int, Roles]) -> tuple[Roles, ...]:
    return tuple(found.get(n, r) for n, r in zip(state.members, state.roles, strict=True))


def _simple(part: Electorate) -> bool:
    """One seat a node, everybody hears everybody, and all timers are alike."""
    everybody = (1 << len(part.seats)) - 1
    first = part.seats[0]
    return (
        len(part.seats) == len(part.nodes)
        and all(mask == everybody & ~(1 << seat) for seat, mask in enumerate(part.heard))
        and all(
            (s.version, s.interval, s.adverts, s.preempt_delay) == (first.version, first.interval, first.adverts, 0.0)
            and not s.instance.dont_track_primary
            for s in part.seats
        )
    )


def _merged(result: Result) -> Result:
    merged: dict[tuple[tuple[int, Roles], ...], tuple[dict[int, Roles], Outcome]] = {}
    for roles, done in result:
        key = tuple(roles.items())
        if key in merged:
            merged[key] = (roles, hull(merged[key][1], done))
        else:
            merged[key] = (roles, done)
    return list(merged.values())


__all__ = ["Change", "Space", "State", "Transition", "Value", "explore"]

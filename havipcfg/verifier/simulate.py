"""Run a scenario through the election model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any, TypeAlias

from havipcfg.verifier import events
from havipcfg.verifier.daemons import START_UP, Mode, Standings
from havipcfg.verifier.election import Election
from havipcfg.verifier.electorate import Electorate, electorates
from havipcfg.verifier.hears import HearsGraph, hears
from havipcfg.verifier.moments import NOW, Term
from havipcfg.verifier.network import Network, Node
from havipcfg.verifier.outcome import Outcome, Service, hull, outcome, services
from havipcfg.verifier.scenario import Event, EventKind, Scenario, ScenarioError, fit, fit_event, parse
from havipcfg.verifier.settle import settle
from havipcfg.verifier.standing import HANG, OK, Status, detection, standing

Reread: TypeAlias = Callable[[Node, str], Node]
"""Given a node and a file's name, the node as that file configures it."""

_DONE_TO_ONE: Mapping[EventKind, Callable[[Election, int], None]] = {
    EventKind.STOP: events.stop,
    EventKind.KILL: events.kill,
    EventKind.DIE: events.die,
    EventKind.FREEZE: events.freeze,
}

StartUps: TypeAlias = Mapping[str, tuple[float, float]]
"""For nodes that started, when their timers began to run: at the earliest and at the latest, in seconds."""
Started: TypeAlias = Mapping[int, StartUps]
"""By the number of an event, from 0; -1 is the start before a scenario that begins with no start."""

BRANCHES = 64
"""Different states followed at most per electorate; the least likely are not told apart."""


@dataclass(frozen=True, slots=True)
class Step:
    """An event and every way it may go."""

    event: Event
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """What a scenario leads to, step by step."""

    steps: tuple[Step, ...]

    def to_json(self) -> dict[str, Any]:
        """The contract of ``verify --scenario --format json``."""
        return {
            "version": 1,
            "steps": [
                {"event": str(step.event), "outcomes": [each.to_json() for each in step.outcomes]}
                for step in self.steps
            ],
        }


@dataclass
class _World:
    """What is outside the daemons: checks, links, cuts."""

    network: Network
    parts: list[Electorate] = field(default_factory=list)
    served: list[list[Service]] = field(default_factory=list)
    branches: list[list[Election]] = field(default_factory=list)
    statuses: dict[str, dict[str, Status]] = field(default_factory=dict)
    links_down: dict[str, set[str]] = field(default_factory=dict)
    cuts: set[tuple[str, str]] = field(default_factory=set)
    stopping: set[str] = field(default_factory=set)
    """Nodes that were told to stop while they were paused: they do it once they go on."""
    elapsed: float | None = None
    """Seconds since the last event when it was not given the time to settle."""

    def compile(self, graph: HearsGraph | None = None) -> None:
        self.parts = electorates(self.network, graph if graph is not None else hears(self.network))
        self.served = services(self.parts)

    def standings(self, part: Electorate, index: int) -> Standings:
        node = self.network.node(part.nodes[index])
        assert node is not None
        statuses, down = self.statuses.get(node.name, {}), self.links_down.get(node.name, set())
        return tuple(standing(node, part.seats[seat].instance, statuses, down) for seat in part.node_seats[index])

    def audible(self, part: Electorate) -> list[int]:
        number = {name: index for index, name in enumerate(part.nodes)}
        return part.audible({(number[a], number[b]) for a, b in self.cuts if a in number and b in number})


def simulate(
    network: Network,
    scenario: Scenario | str,
    *,
    reread: Reread | None = None,
    graph: HearsGraph | None = None,
    started: Started | None = None,
) -> ScenarioResult:
    """Follow a scenario; every step says all that may come of it.

    A step covers the time until things have settled, or the seconds of a ``wait`` that comes
    right after it. When the first event about a daemon or host is not a ``start``, all nodes
    have been started together and have settled before. ``reread`` reads the file of a
    ``reload``; it may raise ScenarioError. ``started`` are start-ups that were measured.
    Raises ScenarioError for a scenario that does not fit the network.
    """
    if isinstance(scenario, str):
        scenario = parse(scenario)
    fit(scenario, network)
    world = _World(network)
    world.compile(graph)
    world.branches = [[Election(part)] for part in world.parts]
    if not scenario.starts_cold:
        _step(world, Event(EventKind.START), None, None, (started or {}).get(-1, {}))
    steps = []
    for index, event in enumerate(scenario.events):
        following = scenario.events[index + 1] if index + 1 < len(scenario.events) else None
        until = following.seconds if following is not None and following.kind is EventKind.WAIT else None
        steps.append(Step(event, _step(world, event, until, reread, (started or {}).get(index, {}))))
    return ScenarioResult(tuple(steps))


def _step(
    world: _World, event: Event, until: float | None, reread: Reread | None, started: StartUps
) -> tuple[Outcome, ...]:
    elapsed, world.elapsed = world.elapsed, None
    if event.kind is EventKind.WAIT:
        world.elapsed = elapsed
        until = 0.0 if until is None and elapsed is not None else until
    world.branches = [[way for election in branches for way in election.as_heard()] for branches in world.branches]
    for branches in world.branches:
        for election in branches:
            events.begin(election, elapsed)
    if event.kind is EventKind.WAIT:
        world.elapsed = None
    _apply(world, event, reread, started)
    per_part = []
    for part, branches in enumerate(world.branches):
        settled = [done for election in branches for done in settle(election, until)]
        world.branches[part] = _distinct(settled, keep_all=until is not None)
        per_part.append(_outcomes(settled, world.served[part]))
    if until is not None:
        world.elapsed = until
    return _together(per_part)


def _apply(world: _World, event: Event, reread: Reread | None, started: StartUps) -> None:
    kind = event.kind
    fit_event(event, world.network)
    if kind is EventKind.START:
        usual = Term(f"start-up 0..{START_UP:g} s", 0.0, START_UP)
        names = event.nodes or tuple(node.name for node in world.network.nodes)
        for name in names:
            start_up = Term("start-up as measured", *started[name]) if name in started else usual
            for part, index, election in _each(world, name):
                if election.mode[index] in (Mode.OFF, Mode.KILLED):
                    events.start(election, index, world.standings(part, index), start_up)
    elif kind in _DONE_TO_ONE:
        name = event.nodes[0]
        for _part, index, election in _each(world, name):
            if kind is EventKind.STOP and election.mode[index] is Mode.FROZEN:
                world.stopping.add(name)
            _DONE_TO_ONE[kind](election, index)
        if kind in (EventKind.KILL, EventKind.DIE):
            world.stopping.discard(name)
    elif kind is EventKind.THAW:
        _thaw(world, event.nodes[0])
    elif kind is EventKind.CHECK:
        _check(world, event)
    elif kind is EventKind.LINK:
        down = world.links_down.setdefault(event.nodes[0], set())
        (down.discard if event.up else down.add)(event.name)
        for part, index, election in _each(world, event.nodes[0]):
            if election.mode[index] is Mode.UP:
                events.expect(election, index, world.standings(part, index), NOW, event.name)
            else:
                events.mute(election, index, world.standings(part, index))
    elif kind in (EventKind.CUT, EventKind.CUT_ONEWAY, EventKind.HEAL):
        one_way = {(event.nodes[0], event.nodes[1])} if event.nodes else set()
        both = one_way | {(b, a) for a, b in one_way} if kind is EventKind.CUT else one_way
        world.cuts = set() if kind is EventKind.HEAL else world.cuts | both
        for part, branches in zip(world.parts, world.branches, strict=True):
            for election in branches:
                events.hear(election, world.audible(part))
    elif kind is EventKind.RELOAD:
        _reload(world, event, reread)
    for branches in world.branches:
        for election in branches:
            if election.timeline[-1][1] != election.holders():
                election.timeline.append((NOW, election.holders()))


def _each(world: _World, name: str) -> list[tuple[Electorate, int, Election]]:
    return [
        (part, part.nodes.index(name), election)
        for part, branches in zip(world.parts, world.branches, strict=True)
        if name in part.nodes
        for election in branches
    ]


def _check(world: _World, event: Event) -> None:
    name = event.nodes[0]
    node = world.network.node(name)
    check = node.check(event.name) if node else None
    assert check is not None
    known = world.statuses.setdefault(name, {})
    before = known.get(event.name, OK)
    if before == event.status:
        return
    known[event.name] = event.status
    noticed = NOW.plus(detection(check, event.status))
    if before == HANG:
        noticed = noticed.plus(Term(f"until the hanging {check.name} ends", 0.0, check.timeout))
    for part, index, election in _each(world, name):
        if election.mode[index] is Mode.UP:
            events.expect(election, index, world.standings(part, index), noticed, event.name)


def _thaw(world: _World, name: str) -> None:
    node = world.network.node(name)
    assert node is not None
    for part, index, election in _each(world, name):
        if election.mode[index] is not Mode.FROZEN:
            continue
        events.thaw(election, index)
        if name in world.stopping:
            events.stop(election, index)
            continue
        now = world.standings(part, index)
        if now != tuple(election.standing[seat] for seat in part.node_seats[index]):
            slowest = max((detection(check, OK).hi for check in node.checks), default=0.0)
            events.expect(election, index, now, NOW.plus(Term("its checks run again", 0.0, slowest)))
    world.stopping.discard(name)


def _reload(world: _World, event: Event, reread: Reread | None) -> None:
    if reread is None:
        raise ScenarioError(f"line {event.line}: `{event.text}`: no files can be read here")
    name = event.nodes[0]
    old = world.network.node(name)
    assert old is not None
    new = replace(reread(old, event.name), name=name)
    known = world.statuses.get(name, {})
    world.statuses[name] = {check: status for check, status in known.items() if new.check(check) is not None}
    parts, branches = world.parts, world.branches
    before = {(s.node_name, s.name): (p, i) for p, part in enumerate(parts) for i, s in enumerate(part.seats)}
    world.network = Network(tuple(new if node is old else node for node in world.network.nodes))
    world.compile()
    world.branches = []
    for part in world.parts:
        same: dict[int, tuple[int, int]] = {}
        for seat, facts in enumerate(part.seats):
            key = (facts.node_name, facts.name)
            if facts.node_name == name:
                was = next((i for i in old.instances if _identity(i) == _identity(facts.instance)), None)
                key = (name, was.name) if was is not None else (name, "")
            if key in before:
                same[seat] = before[key]
        world.branches.append(_replaced(world, part, same, name, parts, branches))


def _identity(instance: Any) -> tuple[int, int, str]:
    """What makes an instance the same one over a reload."""
    return instance.vrid, instance.family, instance.interface


def _replaced(
    world: _World,
    part: Electorate,
    same: dict[int, tuple[int, int]],
    name: str,
    parts: list[Electorate],
    branches: list[list[Election]],
) -> list[Election]:
    """The elections of a new part, seats taken over from the old parts they were in."""
    sources = sorted({old for old, _seat in same.values()} | {p for p, each in enumerate(parts) if name in each.nodes})
    result = []
    for chosen in product(*(branches[old] for old in sources)):
        election = Election(part)
        for old, election_before in zip(sources, chosen, strict=True):
            mapping = {new: seat for new, (p, seat) in same.items() if p == old}
            node = parts[old].nodes.index(name) if name in parts[old].nodes else -1
            events.inherit(election, election_before, mapping, node)
        if name in part.nodes:
            index = part.nodes.index(name)
            events.reread(election, index, world.standings(part, index), set(same))
        events.hear(election, world.audible(part))
        result.append(election)
    return result[:BRANCHES]


def _distinct(settled: list[Election], *, keep_all: bool) -> list[Election]:
    if keep_all:
        return settled[:BRANCHES]
    distinct: dict[object, Election] = {}
    for election in settled:
        distinct.setdefault(election.state(), election)
    return list(distinct.values())[:BRANCHES]


def _outcomes(settled: list[Election], served: list[Service]) -> list[Outcome]:
    merged: dict[tuple[tuple[str, tuple[str, ...]], ...], Outcome] = {}
    for election in settled:
        new = outcome(election, served)
        key = tuple(new.holders.items())
        merged[key] = hull(merged[key], new) if key in merged else new
    return list(merged.values())


def _together(per_part: list[list[Outcome]]) -> tuple[Outcome, ...]:
    """Independent parts side by side."""
    combined = []
    for choice in product(*per_part):
        holders = {name: nodes for each in choice for name, nodes in each.holders.items()}
        changes = [each for each in choice if each.after is not None]
        last = max(changes, key=lambda each: each.after[1] if each.after else 0.0) if changes else None
        lasting = any(each.dual[1] is None for each in choice)
        combined.append(
            Outcome(
                holders,
                None
                if last is None
                else (
                    max(each.after[0] for each in changes if each.after),
                    max(each.after[1] for each in changes if each.after),
                ),
                (max((e.gap[0] for e in choice), default=0.0), max((e.gap[1] for e in choice), default=0.0)),
                (
                    max((e.dual[0] for e in choice), default=0.0),
                    None if lasting else max((e.dual[1] or 0.0 for e in choice), default=0.0),
                ),
                last.formula if last else "",
                all(each.settled for each in choice),
            )
        )
        if len(combined) >= BRANCHES:
            break
    return tuple(combined)

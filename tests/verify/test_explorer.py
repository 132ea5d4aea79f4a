"""What simulated daemons reach, event by event, is among what the explorer has reached."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import pytest
from clusters import EARLY, LATE, happen, random_network, settling
from daemons import Lab

from havipcfg.verifier import verify
from havipcfg.verifier.electorate import electorates
from havipcfg.verifier.explore import explore
from havipcfg.verifier.hears import HearsGraph, hears
from havipcfg.verifier.network import Check, Group, Instance, Network, Node, Tracker
from havipcfg.verifier.outcome import services
from havipcfg.verifier.space import Roles, Space, State

LARGE, FEW_FAULTS = 8, 2
"""In a network of more nodes and checks than that only so many faults at a time are followed, to save time."""


def seen_in(lab: Lab, members: tuple[str, ...]) -> tuple[object, ...]:
    """A block of the laboratory: per node its priorities and faults (None for a dead one) and its roles."""
    return members, tuple(
        (
            None if host.state == "off" else stands([(router.priority, router.faulty) for router in host.routers]),
            tuple(dict.fromkeys((router.group[0].name, router.state.upper()) for router in host.routers)),
        )
        for host in (lab.hosts[name] for name in members)
    )


def stands(routers: list[tuple[int, bool]]) -> tuple[tuple[int, bool], ...] | str:
    """The priority and fault of each router of a node; where nothing of it runs the priorities mean nothing."""
    return "all in FAULT" if all(faulty for _, faulty in routers) else tuple(routers)


class Known:
    """The states and moves of an explored space in the words of `seen_in`; nodes are put into words once."""

    def __init__(self, space: Space) -> None:
        self.space = space
        self.words: dict[tuple[int, int, object], object] = {}
        self.named = {state: self.name(state) for state in space.states}
        self.states = set(self.named.values())

    def name(self, state: State) -> tuple[object, ...]:
        nodes = []
        for key in zip(state.members, state.values, state.roles, strict=True):
            word = self.words.get(key)
            if word is None:
                word = self.words[key] = self.describe(*key)
            nodes.append(word)
        return tuple(self.space.part.nodes[node] for node in state.members), tuple(nodes)

    def describe(self, node: int, number: int, roles: Roles) -> tuple[object, ...]:
        part, value = self.space.part, self.space.values[node][number]
        standing = None if value.dead else stands([(each.priority, each.fault) for each in value.standings])
        names = [part.seats[part.teams[team][0]].name for team in part.node_teams[node]]
        return standing, tuple((name, role.name) for name, role in zip(names, roles, strict=True))

    def bounds(self, was: object, kind: str, node: str, now: object) -> list[tuple[float, float] | None]:
        """When the last holder changes, for each explored move of that kind from one state to another."""
        return [
            step.outcome.after if step.outcome else None
            for step in self.space.transitions
            if step.change.kind == kind
            and (self.space.part.nodes[step.change.node] if step.change.node >= 0 else "") == node
            and self.named[step.before] == was
            and self.named[step.after] == now
        ]


def events(rng: random.Random, lab: Lab, checks: list[str], limit: int | None) -> Iterator[tuple[str, str, list[str]]]:
    """Kind, node and words of random events that the explorer looks at; a node comes back repaired."""
    names = list(lab.hosts)
    for _ in range(8):
        name = rng.choice(names)
        host = lab.hosts[name]
        faults = sum(1 if each.state == "off" else len(each.bad) for each in lab.hosts.values()) + bool(lab.cut)
        if faults == limit:
            if lab.cut:
                yield "heal", "", ["heal"]
                continue
            host = next(each for each in lab.hosts.values() if each.bad or each.state == "off")
            name = host.name
            if host.state != "off":
                check = next(iter(host.bad))
                yield "ok", name, ["check", name, check, "ok"]
                continue
        if host.state == "off":
            host.bad.clear()
            yield "start", name, ["start", name]
        elif checks and rng.random() < 0.5:
            check = rng.choice(checks)
            status = "ok" if check in host.bad else "fail"
            yield status, name, ["check", name, check, status]
        elif rng.random() < 0.5:
            kind = rng.choice(("stop", "die"))
            yield kind, name, [kind, name]
        elif lab.cut:
            yield "heal", "", ["heal"]
        else:
            side = set(rng.sample(names, rng.randrange(1, len(names))))
            lab.parting = {(a, b) for a in names for b in names if (a in side) != (b in side)}
            yield "cut", "", ["part"]


def blocks(lab: Lab) -> list[tuple[str, ...]]:
    found: list[list[str]] = []
    for name in lab.hosts:
        mine = next((block for block in found if (block[0], name) not in lab.cut), None)
        if mine is None:
            found.append([name])
        else:
            mine.append(name)
    return [tuple(block) for block in found]


def size(network: Network) -> int:
    return len(network.nodes) * sum(len(node.checks) + len(node.groups) + 1 for node in network.nodes[:1])


class Seen(NamedTuple):
    """One event and what simulated daemons made of it, block by block; ``late`` is when the last holder changed."""

    words: str
    kind: str
    node: str
    before: dict[tuple[str, ...], tuple[object, ...]]
    after: dict[tuple[str, ...], tuple[object, ...]]
    late: float | None


def watch(network: Network, graph: HearsGraph, rng: random.Random, seed: int, limit: int | None) -> Iterator[Seen]:
    lab = Lab(network, graph.hears, seed)
    quiet = settling(network)
    happen(lab, ["start"])
    lab.run(quiet)
    checks = [check.name for check in network.nodes[0].checks]
    before = {block: seen_in(lab, block) for block in blocks(lab)}
    for kind, node, words in events(rng, lab, checks, limit):
        lab.run(rng.uniform(0, 3))
        begun, holders = lab.now, lab.holders()
        lab.changes = [(begun, holders)]
        if words == ["part"]:
            lab.cut |= lab.parting
        else:
            happen(lab, words)
        lab.changed()
        lab.run(quiet)
        after = {block: seen_in(lab, block) for block in blocks(lab)}
        moved = [when for (when, one), (_, other) in zip(lab.changes[1:], lab.changes, strict=False) if one != other]
        yield Seen(" ".join(words), kind, node, before, after, moved[-1] - begun if moved else None)
        before = after


def on_one_cable(network: Network) -> Network:
    """The same with all instances on one interface, where members of a group can do only what the others do."""
    nodes = (
        replace(node, instances=tuple(replace(each, interface="eth0") for each in node.instances))
        for node in network.nodes
    )
    return Network(tuple(nodes))


def unexplored(seed: int, *, one_cable: bool = False) -> str | None:
    """Play random events in one random cluster; None when all that happens has been explored."""
    rng = random.Random(seed)
    network = random_network(rng)
    if one_cable:
        network = on_one_cable(network)
    graph = hears(network)
    (part, *more), (served, *_) = electorates(network, graph), services(electorates(network, graph))
    if more:
        return None
    limit = FEW_FAULTS if size(network) > LARGE else None
    space = explore(network, part, served, limit)
    if any(not step.outcome.settled for step in (*space.initial, *space.transitions) if step.outcome):
        return None
    known = Known(space)
    for words, kind, node, before, after, late in watch(network, graph, rng, seed, limit):
        for block, now in after.items():
            if now not in known.states:
                return f"seed {seed}: {words}: {now} is not explored"
            if kind == "heal" or before.get(block) == now or (node and node not in block):
                continue
            if late is None or len(after) > 1:
                continue
            was = before.get(block) or next(old for members, old in before.items() if set(block) <= set(members))
            bounds = known.bounds(was, kind, node, now)
            if not bounds:
                return f"seed {seed}: {words}: {was} -> {now} is not explored"
            if not any(b is not None and b[0] - EARLY <= late <= b[1] + LATE for b in bounds):
                return f"seed {seed}: {words}: after {late}, explored {bounds}"
    return None


@pytest.mark.parametrize("seed", [106736, 107770, *range(500, 530)])
def test_daemons_do_what_was_explored(seed: int) -> None:
    assert unexplored(seed) is None


GROUPS = [seed for seed in range(600, 700) if random_network(random.Random(seed)).nodes[0].groups][:8]


@pytest.mark.parametrize("seed", GROUPS)
def test_groups_on_one_cable_do_what_was_explored(seed: int) -> None:
    assert unexplored(seed, one_cable=True) is None


def test_failures_that_make_no_difference_are_followed_in_all_combinations() -> None:
    checks = tuple(Check(f"c{number}", interval=1.0 + number) for number in range(4))
    trackers = tuple(Tracker(check.name) for check in checks)
    wan = Instance("wan", "eth0", 51, vips=("192.0.2.100",), trackers=trackers)
    lan = replace(wan, name="lan", interface="eth1", vrid=52, vips=("198.51.100.100",))
    nodes = tuple(
        Node(
            f"n{number}",
            tuple(replace(each, priority=200 - number, address=f"192.0.2.{number}") for each in (wan, lan)),
            checks,
            (Group("both", ("wan", "lan")),),
        )
        for number in (1, 2, 3)
    )
    proof = verify(Network(nodes))
    assert proof.coverage == "exhaustive"
    after = {row.event: row.outcomes[0].holders["wan"] for row in proof.rows}
    assert {after[f"check n1 c{number} fail"] for number in range(4)} == {("n2",)}

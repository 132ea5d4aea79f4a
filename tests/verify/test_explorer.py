"""What simulated daemons reach, event by event, is among what the explorer has reached."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from clusters import EARLY, LATE, happen, random_network
from daemons import Lab

from havipcfg.verifier.electorate import electorates
from havipcfg.verifier.explore import explore
from havipcfg.verifier.hears import hears
from havipcfg.verifier.outcome import services
from havipcfg.verifier.space import Space, State


def seen_in(lab: Lab, members: tuple[str, ...]) -> tuple[object, ...]:
    """A block of the laboratory: per node its priorities and faults (None for a dead one) and its roles."""
    return members, tuple(
        (
            None if host.state == "off" else tuple((router.priority, router.faulty) for router in host.routers),
            tuple(dict.fromkeys((router.group[0].name, router.state.upper()) for router in host.routers)),
        )
        for host in (lab.hosts[name] for name in members)
    )


def known_as(space: Space, state: State) -> tuple[object, ...]:
    """A state of the explorer in the same words."""
    part = space.part
    nodes = []
    for node, number, roles in zip(state.members, state.values, state.roles, strict=True):
        value = space.values[node][number]
        stands = None if value.dead else tuple((each.priority, each.fault) for each in value.standings)
        names = [part.seats[part.teams[team][0]].name for team in part.node_teams[node]]
        nodes.append((stands, tuple((name, role.name) for name, role in zip(names, roles, strict=True))))
    return tuple(part.nodes[node] for node in state.members), tuple(nodes)


def events(rng: random.Random, lab: Lab, checks: list[str]) -> Iterator[tuple[str, str, list[str]]]:
    """Kind, node and words of random events that the explorer looks at; a node comes back repaired."""
    names = list(lab.hosts)
    for _ in range(8):
        name = rng.choice(names)
        host = lab.hosts[name]
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


def unexplored(seed: int) -> str | None:
    """Play random events in one random cluster; None when all that happens has been explored."""
    rng = random.Random(seed)
    network = random_network(rng)
    graph = hears(network)
    (part, *more), served = electorates(network, graph), services(electorates(network, graph))
    if more:
        return None
    space = explore(network, part, served[0])
    if any(not step.outcome.settled for step in (*space.initial, *space.transitions) if step.outcome):
        return None
    states = {known_as(space, state) for state in space.states}
    moves: dict[object, list[tuple[float, float] | None]] = {}
    for step in space.transitions:
        node = part.nodes[step.change.node] if step.change.node >= 0 else ""
        key = (known_as(space, step.before), step.change.kind, node, known_as(space, step.after))
        moves.setdefault(key, []).append(step.outcome.after if step.outcome else None)
    lab = Lab(network, graph.hears, seed)
    happen(lab, ["start"])
    lab.run(60)
    checks = [check.name for check in network.nodes[0].checks]
    before = {block: seen_in(lab, block) for block in blocks(lab)}
    for kind, node, words in events(rng, lab, checks):
        lab.run(rng.uniform(0, 3))
        begun, holders = lab.now, lab.holders()
        lab.changes = [(begun, holders)]
        if words == ["part"]:
            lab.cut |= lab.parting
        else:
            happen(lab, words)
        lab.changed()
        lab.run(60)
        after = {block: seen_in(lab, block) for block in blocks(lab)}
        for block, now in after.items():
            if now not in states:
                return f"seed {seed}: {' '.join(words)}: {now} is not explored"
            if kind == "heal" or before.get(block) == now or (node and node not in block):
                continue
            was = before.get(block) or next(old for members, old in before.items() if set(block) <= set(members))
            moved = [
                when for (when, one), (_, other) in zip(lab.changes[1:], lab.changes, strict=False) if one != other
            ]
            if not moved or len(after) > 1:
                continue
            bounds = moves.get((was, kind, node, now))
            late = moved[-1] - begun
            if bounds is None:
                return f"seed {seed}: {' '.join(words)}: {was} -> {now} is not explored"
            if not any(b is not None and b[0] - EARLY <= late <= b[1] + LATE for b in bounds):
                return f"seed {seed}: {' '.join(words)}: after {late}, explored {bounds}"
        before = after
    return None


@pytest.mark.parametrize("seed", range(500, 530))
def test_daemons_do_what_was_explored(seed: int) -> None:
    assert unexplored(seed) is None

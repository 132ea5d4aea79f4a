"""What the explorer claims can be brought about: each trace replayed on simulated daemons, until chance agrees."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterable, Iterator
from itertools import pairwise

import pytest
from clusters import EARLY, LATE, happen, random_network, settling
from daemons import Lab

from havipcfg.verifier import verify
from havipcfg.verifier.electorate import electorates
from havipcfg.verifier.evidence import Evidence
from havipcfg.verifier.explore import explore
from havipcfg.verifier.hears import HearsGraph, hears
from havipcfg.verifier.network import Network
from havipcfg.verifier.outcome import services
from havipcfg.verifier.proof import TraceStep

TRIES = 60
UNEVEN = {"latency": (0.0, 0.003), "jitter": 0.05}
"""Latencies and starts somewhat more uneven than timers have to be for the model to follow both orders."""
STATES = 6
"""Random states of a cluster that are brought about."""


class Replay:
    """A laboratory that can be put back to where an event had led."""

    def __init__(self, network: Network, graph: HearsGraph, seed: int) -> None:
        self.lab = Lab(network, graph.hears, seed, **UNEVEN)
        self.quiet = settling(network)
        self.kept = (network, graph, *network.nodes, *(i for node in network.nodes for i in node.instances))

    def step(self, step: TraceStep, number: int) -> str | None:
        """Bring one step about; None when it went as claimed in one of many tries."""
        said = "never"
        for attempt in range(TRIES):
            lab = copy.deepcopy(self.lab, {id(each): each for each in self.kept})
            lab.random.seed(f"{number} {attempt}")
            lab.run(lab.random.uniform(0, 3))
            begun = lab.now
            lab.changes = [(begun, lab.holders())]
            for event in step.event.split("; "):
                happen(lab, event.split())
            lab.changed()
            lab.run(self.quiet)
            if not stands_as(lab, step):
                continue
            members = {stand.node for stand in step.stands}
            late = last_change(lab, members, begun)
            if late is None or (step.after and step.after[0] - EARLY <= late <= step.after[1] + LATE):
                self.lab = lab
                return None
            said = f"after {late}"
        return f"{step.event}: {said}, claimed {step.holders} after {step.after} {step.stands}"


def stands_as(lab: Lab, step: TraceStep) -> bool:
    for stand in step.stands:
        router = next(r for r in lab.hosts[stand.node].routers if r.name == stand.instance)
        runs = stand.role not in ("OFF", "FAULT")
        if router.state.upper() != stand.role or (runs and router.priority != stand.priority):
            return False
    return True


def last_change(lab: Lab, members: set[str], begun: float) -> float | None:
    """When an address last moved among the members, in seconds from the event."""
    mine = [(when, {name: members & set(hosts) for name, hosts in now.items()}) for when, now in lab.changes]
    moved = [when for (_, was), (when, now) in pairwise(mine) if was != now]
    return moved[-1] - begun if moved else None


def traces(network: Network, rng: random.Random) -> Iterator[tuple[str, Iterable[TraceStep]]]:
    """The way to each violation and to some states."""
    for violation in verify(network, max_failover=rng.choice((None, 1.0)), rows=False).violations:
        if violation.code not in ("FO106", "FO109"):
            yield violation.code, violation.trace
    graph = hears(network)
    parts = electorates(network, graph)
    for part, served in zip(parts, services(parts), strict=True):
        space = explore(network, part, served)
        if all(step.outcome.settled for step in (*space.initial, *space.transitions) if step.outcome):
            found = Evidence(network, graph, space)
            for state in rng.sample(list(space.states), min(STATES, len(space.states))):
                yield "state", found.trace(state)


def disagree(network: Network) -> bool:
    """Whether members of a group may differ in which node is better: then chance needs too long for some races."""
    return any(len({i.priority for i in node.instances}) > 1 for node in network.nodes if node.groups)


def unfounded(seed: int) -> str | None:
    """Explore one random cluster; None when all that was claimed has been brought about."""
    rng = random.Random(seed)
    network = random_network(rng)
    if disagree(network):
        return None
    graph = hears(network)
    for code, trace in traces(network, rng):
        replay = Replay(network, graph, seed)
        for number, step in enumerate(trace):
            failure = replay.step(step, number)
            if failure is not None:
                return f"seed {seed} {code}: {[each.event for each in trace]}: step {number + 1}, {failure}"
    return None


@pytest.mark.parametrize("seed", [5003, 201356, *range(700, 720)])
def test_claims_come_true(seed: int) -> None:
    assert unfounded(seed) is None

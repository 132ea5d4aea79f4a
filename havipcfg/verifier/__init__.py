"""The election model of keepalived: prove a cluster's failover, or play a scenario."""

from __future__ import annotations

from havipcfg.verifier.electorate import electorates
from havipcfg.verifier.explore import explore
from havipcfg.verifier.hears import HearsGraph, hears
from havipcfg.verifier.network import CheckKind, Network
from havipcfg.verifier.outcome import services
from havipcfg.verifier.proof import PROPERTIES, Proof, Property, Row, TraceStep, Violation
from havipcfg.verifier.properties import judge
from havipcfg.verifier.scenario import Scenario, ScenarioError, parse
from havipcfg.verifier.simulate import ScenarioResult, simulate
from havipcfg.verifier.space import Space

__all__ = [
    "PROPERTIES",
    "Network",
    "Proof",
    "Property",
    "Row",
    "Scenario",
    "ScenarioError",
    "ScenarioResult",
    "TraceStep",
    "Violation",
    "parse",
    "simulate",
    "verify",
]


def verify(
    network: Network,
    *,
    max_failover: float | None = None,
    faults: int | None = None,
    provider_delay: float = 0.0,
    rows: bool = True,
) -> Proof:
    """Look at every reachable state of a network and judge it.

    ``max_failover`` is the longest acceptable failover in seconds, ``provider_delay`` what the
    cloud adds to each. ``faults`` limits simultaneous faults; by default all are combined for
    up to four nodes and three for more. ``rows``: follow every single fault of the healthy
    cluster as well. Prints nothing, raises nothing.
    """
    graph = hears(network)
    parts = electorates(network, graph)
    served = services(parts)
    spaces: list[Space] = []
    violations: list[Violation] = []
    for part, mine in zip(parts, served, strict=True):
        space = explore(network, part, mine, faults)
        spaces.append(space)
        violations += judge(network, graph, space, max_failover, provider_delay)
    violations.sort(key=lambda violation: (violation.severity.rank, violation.code))
    return Proof(
        tuple(node.name for node in network.nodes),
        tuple(service.name for each in served for service in each),
        sum(len(space.states) for space in spaces),
        sum(space.count for space in spaces),
        all(space.exhaustive for space in spaces),
        next((space.faults for space in spaces if space.faults is not None), None),
        tuple(violations),
        _rows(network, graph) if rows else (),
        graph.deaf,
        max_failover,
        provider_delay,
    )


def _rows(network: Network, graph: HearsGraph) -> tuple[Row, ...]:
    """Every single fault of the healthy cluster, and its repair."""
    events: list[tuple[str, str]] = []
    for node in network.nodes:
        events.append((f"stop {node.name}", f"start {node.name}"))
        events.append((f"die {node.name}", f"start {node.name}"))
        events += [
            (f"check {node.name} {check.name} fail", f"check {node.name} {check.name} ok")
            for check in node.checks
            if check.kind is not CheckKind.INTERFACE and len(check.name.split()) == 1
        ]
        events += [
            (f"link {node.name} {name} down", f"link {node.name} {name} up")
            for name in node.interfaces
            if len(name.split()) == 1
        ]
    names = [node.name for node in network.nodes]
    for index, name in enumerate(names):
        others = names[index + 1 :] if len(names) == 2 else [other for other in names if other != name]
        if others:
            events.append(("; wait 0; ".join(f"cut {name} {other}" for other in others), "heal"))
    rows = []
    for event, repair in events:
        steps = simulate(network, f"start; {event}; {repair}", graph=graph).steps
        shown = event.replace("wait 0; ", "")
        rows.append(Row(shown, steps[-2].outcomes, repair, steps[-1].outcomes))
    return tuple(rows)

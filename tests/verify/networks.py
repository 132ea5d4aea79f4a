"""Networks of nodes that are alike but for their priorities."""

from __future__ import annotations

from dataclasses import replace

from havipcfg.verifier import simulate
from havipcfg.verifier.network import Check, Instance, Network, Node, Tracker

CHECK = Check("chk", interval=2.0, fall=2, rise=2)


def cluster(*priorities: int, weight: int | None = None, check: Check = CHECK, **fields) -> Network:
    """Nodes a, b, c … with one instance each, by falling address."""
    nodes = []
    for number, priority in enumerate(priorities):
        name = "abcdef"[number]
        instance = Instance("vi", "eth0", 51, priority, address=f"10.0.0.{10 + number}", vips=("10.0.0.100",), **fields)
        if weight is not None:
            instance = replace(instance, trackers=(Tracker(check.name, weight),))
        nodes.append(Node(name, (instance,), (check,) if weight is not None else ()))
    return Network(tuple(nodes))


def changed(network: Network, node: str, **fields) -> Network:
    return Network(
        tuple(
            replace(n, instances=(replace(n.instances[0], **fields),)) if n.name == node else n for n in network.nodes
        )
    )


def last(network: Network, scenario: str):
    outcomes = simulate(network, scenario).steps[-1].outcomes
    assert len(outcomes) == 1, outcomes
    return outcomes[0]

"""How long ``verify`` needs in the process, and what memory."""

from __future__ import annotations

import resource
import time
from dataclasses import replace

from benchmarks import arguments
from havipcfg.verifier import verify
from havipcfg.verifier.network import Check, Group, Instance, Network, Node, Tracker

CHECKS = (Check("service"), Check("disk", interval=2.0, fall=2))
FRONT = Instance("front", "eth0", 51, vips=("192.0.2.100",))


def cluster(nodes: int, weight: int = 0, *, nopreempt: bool = False, preempt_delay: float = 0.0) -> Network:
    """Nodes with two checks of different timing, priorities ten apart."""
    trackers = tuple(Tracker(check.name, weight) for check in CHECKS)
    front = replace(FRONT, trackers=trackers, nopreempt=nopreempt, preempt_delay=preempt_delay)
    members = (replace(front, priority=200 - 10 * n, address=f"192.0.2.{n + 1}") for n in range(nodes))
    return Network(tuple(Node(f"n{n + 1}", (member,), CHECKS) for n, member in enumerate(members)))


def gateways(nodes: int, weight: int = 0, interfaces: tuple[str, ...] = ("eth0", "eth1")) -> Network:
    """Nodes with a sync group of one instance an interface."""
    made = []
    for node in cluster(nodes, weight).nodes:
        (front,) = node.instances
        members = tuple(
            replace(front, name=f"i{n}", interface=name, vrid=51 + n, vips=(f"192.0.2.{100 + n}",))
            for n, name in enumerate(interfaces)
        )
        made.append(replace(node, instances=members, groups=(Group("all", tuple(each.name for each in members)),)))
    return Network(tuple(made))


CASES = {
    "2 nodes": cluster(2),
    "4 nodes, weight 0": cluster(4),
    "4 nodes, weight -15": cluster(4, -15),
    "4 nodes, weight 0, nopreempt": cluster(4, nopreempt=True),
    "4 nodes, weight -15, nopreempt": cluster(4, -15, nopreempt=True),
    "4 nodes, weight -15, preempt_delay": cluster(4, -15, preempt_delay=5.0),
    "5 nodes, weight -15, 3 faults": cluster(5, -15),
    "5 nodes, weight -15, nopreempt, 3 faults": cluster(5, -15, nopreempt=True),
    "4 nodes, group on two cables": gateways(4),
    "4 nodes, group on two cables, weight -15": gateways(4, -15),
    "5 nodes, group of 3, weight -15, 3 faults": gateways(5, -15, ("eth0", "eth0", "eth0")),
}


def report() -> None:
    for name, network in CASES.items():
        walls, processor = [], []
        for _ in range(3):
            wall, cpu = time.perf_counter(), time.process_time()
            proof = verify(network)
            walls.append(time.perf_counter() - wall)
            processor.append(time.process_time() - cpu)
        print(f"verify: {name:42} {min(walls) * 1000:6.0f} ms ({min(processor) * 1000:.0f} ms processor)", end="")
        print(f", {proof.states} states, {proof.transitions} transitions")
    print(f"        memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")


if __name__ == "__main__":
    arguments.read("benchmarks.verifier", __doc__)
    report()

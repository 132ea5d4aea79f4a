"""Numbers that nobody should have to choose: virtual_router_ids, priorities, weights.

Everything is a function of the file alone, so the same file gives the same numbers on every
machine, and growing a cluster changes nothing that runs:

**virtual_router_ids.** Every number of 1 to 255 has a rank for an instance, taken from a hash
(SHA-256) of the instance's first HAVIP and the number; the instance takes the best ranked
number that is free. The identity is the HAVIP, not the name and not the place in the file:
renaming changes nothing. Instances choose in the order of the file, so one added at the end
cannot displace another; a number written in the file is kept. Taken beforehand are
``reserved_virtual_router_ids``, those of the ``beside`` clusters, and the numbers that guides
print and everybody copies (51 above all), which are only ever used where the file says so.
Of two clusters that are to stand side by side, name the older one when generating the newer.

**priorities.** The first node has 240, the next ones 230, 220 … 130, then 129 down to 1. A node
that an instance prefers has 250 there. A node added at the end therefore changes no other.

**weights.** A check that lowers (``on_failure: lower``) takes 127: the priorities of up to 14
nodes are 128 or more, so every node that failed is below every one that did not, and failed
nodes keep their order. Several that lower one instance share the 127, as long as each still
takes a node below every healthy one: keepalived cuts what would fall below 1, and then nodes
on which all of them fail would be equal. Where the file sets priorities itself, or the shares
get too small, the weight is one more than the spread of the priorities.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from havipcfg.cluster.file import ClusterFile
    from havipcfg.cluster.model import ClusterSpec
    from havipcfg.cluster.resolve import Election
    from havipcfg.providers import Address

COPIED = frozenset({1, 10, 50, 51, 52, 100, 101})
"""virtual_router_ids of published examples; never allocated."""

PREFERRED = 250
LOWERED = 127
MAXIMUM_NODES = 140
MAXIMUM_WEIGHT = 253


@dataclass(frozen=True, slots=True)
class Conflict:
    """A virtual_router_id that cannot be had.

    ``taken_by`` is the instance that has it, None where it is reserved; ``exhausted`` says
    that no number was left.
    """

    election: str
    virtual_router_id: int
    kind: Literal["reserved", "beside", "duplicate", "exhausted"]
    taken_by: str | None = None


@dataclass(frozen=True, slots=True)
class Allocation:
    """The numbers of one cluster, by name of the instance (and of the node)."""

    virtual_router_ids: Mapping[str, int]
    priorities: Mapping[str, Mapping[str, int]]
    weights: Mapping[str, int]
    conflicts: tuple[Conflict, ...] = ()

    def preferred(self, election: str) -> frozenset[str]:
        """The nodes of the highest priority in an instance: those that the address returns to."""
        priorities = self.priorities[election]
        highest = max(priorities.values())
        return frozenset(node for node, priority in priorities.items() if priority == highest)


def allocate(file: ClusterFile, beside: Iterable[ClusterFile] = ()) -> Allocation:
    """All numbers of a cluster; ``beside`` are other clusters of the same network.

    Never raises: what cannot be had is a Conflict.
    """
    taken = {number: other.source.name for other in beside for number in allocate(other).virtual_router_ids.values()}
    numbers, conflicts = virtual_router_ids(file.elections, file.spec.reserved_virtual_router_ids, taken)
    priorities = {election.name: priorities_of(file.spec, election) for election in file.elections}
    return Allocation(numbers, priorities, _weights(file, priorities), tuple(conflicts))


def virtual_router_ids(
    elections: Iterable[Election], reserved: Iterable[int], beside: Mapping[int, str]
) -> tuple[dict[str, int], list[Conflict]]:
    """A virtual_router_id for each election, by its name, and what stands against it."""
    never = frozenset(reserved)
    chosen: dict[str, int] = {}
    owners: dict[int, str] = {}
    conflicts: list[Conflict] = []
    for election in elections:
        number = election.virtual_router_id
        if number is None:
            excluded = never | COPIED | beside.keys() | owners.keys()
            number = next((each for each in ranking(election.havips[0].address) if each not in excluded), None)
            if number is None:
                conflicts.append(Conflict(election.name, 0, "exhausted"))
                continue
        elif number in never:
            conflicts.append(Conflict(election.name, number, "reserved"))
        elif number in beside:
            conflicts.append(Conflict(election.name, number, "beside", beside[number]))
        elif number in owners:
            conflicts.append(Conflict(election.name, number, "duplicate", owners[number]))
        chosen[election.name] = number
        owners.setdefault(number, election.name)
    return chosen, conflicts


def ranking(havip: Address) -> list[int]:
    """The numbers 1 to 255 in the order in which an instance with this HAVIP wants them."""
    identity = havip.exploded.encode()
    return sorted(range(1, 256), key=lambda number: sha256(identity + b"/%d" % number).digest())


def priority(index: int) -> int:
    """The priority of the node at this place of the file, counted from 0; at least 1."""
    return 240 - 10 * index if index < 12 else max(1, 141 - index)


def priorities_of(spec: ClusterSpec, election: Election) -> dict[str, int]:
    """The priority of every node in one election: the override's, the node's, or the allocated one."""
    found = {}
    for index, (name, node) in enumerate(spec.nodes.items()):
        override = node.overrides.instances.get(election.name)
        own = (override.priority if override is not None else None) or node.priority
        found[name] = own or (PREFERRED if election.prefer == name else priority(index))
    return found


def _weights(file: ClusterFile, priorities: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    weights = {}
    for name, check in file.spec.checks.items():
        if not check.lowers:
            continue
        tracking = [election for election in file.elections if name in election.checks]
        values = {p for election in tracking for p in priorities[election.name].values()}
        spread, least = max(values, default=0) - min(values, default=0), min(values, default=128)
        together = max((sum(file.spec.checks[each].lowers for each in e.checks) for e in tracking), default=1)
        share = LOWERED // together
        if spread < share and least > LOWERED:
            weights[name] = -share
        elif spread < LOWERED < least and (spread + 1) * together >= least:
            weights[name] = -LOWERED
        else:
            weights[name] = -min(spread + 1, MAXIMUM_WEIGHT)
        weights[name] = check.weight or weights[name]
    return weights

"""The clusters of a run side by side, as records small enough to be kept for thousands of files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING

from havipcfg.keepalived.values import number
from havipcfg.record import record
from havipcfg.source import Span

if TYPE_CHECKING:
    from havipcfg.cluster.facts import Facts
    from havipcfg.cluster.members import Cluster, Member


@record
class Held:
    """A virtual address as one line of ``virtual_ipaddress`` has it.

    ``value`` is the address as a number, ``length`` that of its prefix in bits.
    """

    address: str
    value: int
    family: int
    length: int
    span: Span

    @property
    def bits(self) -> int:
        """Of an address, 32 or 128."""
        return 32 if self.family == 4 else 128


@record
class Seat:
    """One virtual router among its neighbours, as its first node has it.

    ``number`` is its ``virtual_router_id``, which stands at ``number_span``; ``folder`` that of the file.
    """

    instance: str
    node: str
    folder: str
    number: int | None
    number_span: Span
    family: int
    unicast: bool
    held: tuple[Held, ...]


@record
class Plot:
    """What one cluster takes up: its virtual routers, and every host and address that it claims."""

    seats: tuple[Seat, ...]
    claimed: frozenset[str]


@dataclass(eq=False, slots=True)
class Site:
    """All clusters of one run, for rules about neighbours in a subnet."""

    plots: list[Plot]
    facts: Facts | None = None


def plot(cluster: Cluster) -> Plot:
    """The record of one cluster."""
    return Plot(tuple(_seat(router.members[0]) for router in cluster.routers), frozenset(_claims(cluster)))


def _seat(member: Member) -> Seat:
    instance = member.instance
    return Seat(
        instance=instance.name,
        node=member.node,
        folder=member.context.reading.source.name.rpartition("/")[0],
        number=instance.virtual_router_id,
        number_span=instance.at("virtual_router_id", 1),
        family=member.effective.family,
        unicast=member.effective.unicast,
        held=tuple(
            Held(entry.address, number(entry.address), entry.family, entry.length, entry.at())
            for entry in instance.virtual_ipaddress
        ),
    )


def _claims(cluster: Cluster) -> Iterator[str]:
    for router in cluster.routers:
        for member in router.members:
            yield from member.effective.addresses
            yield from member.nodes


def in_one_network(one: Held, other: Held, facts: Facts | None) -> bool:
    """Whether two addresses are in one network: a subnet stated, else by the longer prefix given, else /24 or /64."""
    if one.family != other.family:
        return False
    if facts is not None:
        subnet = facts.subnet_of(ip_address(one.address))
        if subnet is not None:
            return ip_address(other.address) in subnet
    given = [held.length for held in (one, other) if held.length != one.bits]
    length = min(given) if given else (24 if one.family == 4 else 64)
    return (one.value ^ other.value) >> (one.bits - length) == 0

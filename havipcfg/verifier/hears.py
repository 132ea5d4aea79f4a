"""Who hears whose adverts: a directed graph that configurations alone decide.

The reasons are those for which keepalived throws an advert away (vrrp.c, checked against
2.2.7 and 2.4.3): VRID, version, authentication, v2 interval, the list of addresses up to
2.2, multicast against unicast, peers and ``vrrp_check_unicast_src``.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TypeAlias

from havipcfg.source import Span
from havipcfg.verifier.network import Instance, Network, Node, Version

LENIENT: Version = (2, 3, 0)
"""From here on a different VIP list is only logged and a foreign source address is bound."""

Seat: TypeAlias = tuple[str, str]
"""A node's name and an instance's name."""


@dataclass(frozen=True, slots=True)
class Deaf:
    """Why ``receiver`` does not take the adverts of ``sender``; ``reason`` is a short noun phrase.

    ``several``: one of the nodes has other instances too, so that they are named.
    """

    sender: Seat
    receiver: Seat
    reason: str
    origins: tuple[Span, ...] = ()
    several: bool = False

    def __str__(self) -> str:
        one, other = (f"{seat[1]} on {seat[0]}" if self.several else seat[0] for seat in (self.receiver, self.sender))
        return f"{one} does not hear {other}: {self.reason}"


@dataclass(frozen=True, slots=True)
class HearsGraph:
    """``edges`` holds (sender, receiver); ``deaf`` says why an expected edge is missing."""

    edges: frozenset[tuple[Seat, Seat]]
    deaf: tuple[Deaf, ...]

    def hears(self, sender: Seat, receiver: Seat) -> bool:
        return (sender, receiver) in self.edges


def hears(network: Network) -> HearsGraph:
    """The graph of a network with all links up and nothing cut."""
    claimed = Counter(i.address for node in network.nodes for i in node.instances if i.address and i.owns_address)
    edges: set[tuple[Seat, Seat]] = set()
    deaf: list[Deaf] = []
    for sender_node in network.nodes:
        for receiver_node in network.nodes:
            if sender_node is receiver_node:
                continue
            for sender in sender_node.instances:
                for receiver in receiver_node.instances:
                    pair = ((sender_node.name, sender.name), (receiver_node.name, receiver.name))
                    if not _same_segment(sender_node, sender, receiver_node, receiver):
                        continue
                    reason = _refusal(sender, receiver, receiver_node.version, claimed)
                    if reason is None:
                        edges.add(pair)
                    elif _belong_together(sender, receiver):
                        name, fields = reason
                        spans = [s for i in (sender, receiver) for f in fields if (s := i.origins.get(f)) is not None]
                        several = len(sender_node.instances) + len(receiver_node.instances) > 2
                        deaf.append(Deaf(*pair, name, tuple(spans), several))
    return HearsGraph(frozenset(edges), tuple(deaf))


def _belong_together(one: Instance, other: Instance) -> bool:
    """Two instances that look as if they were meant as one virtual router."""
    if set(one.addresses) & set(other.addresses):
        return True
    return one.vrid == other.vrid and one.family == other.family and one.name == other.name


def _same_segment(sender_node: Node, sender: Instance, receiver_node: Node, receiver: Instance) -> bool:
    """Interfaces of one name share a segment; others only when no better partner exists."""
    if sender.peers is not None and receiver.peers is not None:
        return True
    if sender.interface == receiver.interface:
        return True

    def rival(node: Node, interface: str, vrid: int) -> bool:
        return any(i.interface == interface and i.vrid == vrid for i in node.instances)

    return not (
        rival(receiver_node, sender.interface, sender.vrid) or rival(sender_node, receiver.interface, receiver.vrid)
    )


def _refusal(
    sender: Instance, receiver: Instance, receiver_version: Version, claimed: Counter[str]
) -> tuple[str, tuple[str, ...]] | None:
    """Why the receiver throws the sender's adverts away, with the fields behind it, or None."""
    if sender.family != receiver.family:
        return "another address family", ("family", "virtual_ipaddress")
    if (sender.peers is None) != (receiver.peers is None):
        return "one speaks multicast, the other unicast", ("unicast_peer",)
    if not receiver.owns_address:
        return "it listens on an address that is not its own", ("unicast_src_ip",)
    if not sender.owns_address and sender.address == receiver.address:
        return "the adverts come from the receiver's own address", ("unicast_src_ip",)
    if sender.peers is not None and not _delivered(sender, receiver, claimed):
        return "not among the sender's unicast peers", ("unicast_peer", "unicast_src_ip")
    if sender.peers is None and sender.multicast_group != receiver.multicast_group:
        return "another multicast group", ("multicast_group",)
    if sender.vrid != receiver.vrid:
        return "another virtual_router_id", ("virtual_router_id",)
    if sender.version != receiver.version:
        return "another VRRP version", ("version",)
    if sender.version == 2 and (sender.auth or None) != (receiver.auth or None):
        return "other authentication", ("auth_type", "auth_pass")
    if sender.version == 2 and sender.advert_int != receiver.advert_int:
        return "another advert_int, which VRRP version 2 refuses", ("advert_int",)
    if receiver_version < LENIENT and set(sender.vips) != set(receiver.vips):
        return "another list of virtual addresses", ("virtual_ipaddress",)
    if receiver.peers is not None and receiver.check_unicast_src and sender.address not in (None, *receiver.peers):
        return "the sender is not among its unicast peers and the source is checked", ("unicast_peer",)
    return None


def _delivered(sender: Instance, receiver: Instance, claimed: Counter[str]) -> bool:
    """A unicast advert reaches the node that has the peer's address and listens on it."""
    peers = sender.peers or ()
    if receiver.address is None:
        return any(peer not in claimed for peer in peers)
    return receiver.address in peers

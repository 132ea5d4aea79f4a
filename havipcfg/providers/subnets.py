"""Which addresses of a subnet a node or a virtual address cannot have."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from havipcfg.providers.facts import Confidence, Provider

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


class Slot(NamedTuple):
    """A place in a subnet that is taken: what it is, and how well that is known."""

    description: str
    confidence: Confidence


def is_reserved(provider: Provider | None, address: Address, subnet: Network) -> Slot | None:
    """The reserved place that ``address`` has in ``subnet``, or None where it is free to use.

    The network and the IPv4 broadcast address count on every cloud and on none
    (``provider`` None); the first address of an IPv6 subnet is the routers' (RFC 4291,
    2.6.1). Subnets of two addresses or fewer (RFC 3021) reserve nothing of their own.
    An address outside the subnet has no place in it: None.
    """
    if address.version != subnet.version or address not in subnet:
        return None
    index = int(address) - int(subnet.network_address)
    from_end = int(subnet.broadcast_address) - int(address)
    point_to_point = subnet.num_addresses <= 2
    if index == 0 and not point_to_point:
        return Slot("the network address" if subnet.version == 4 else "the routers' anycast address", "doc")
    if from_end == 0 and subnet.version == 4 and not point_to_point:
        return Slot("the broadcast address", "doc")
    reserved = provider.reserved(subnet.version) if provider is not None else None
    if provider is None or reserved is None or point_to_point:
        return None
    if index < reserved.first:
        return Slot(f"one of the first {reserved.first} addresses, which {provider.title} keeps", reserved.confidence)
    if from_end < reserved.last:
        return Slot(f"one of the last {reserved.last} addresses, which {provider.title} keeps", reserved.confidence)
    return None

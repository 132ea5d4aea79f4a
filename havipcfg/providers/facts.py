"""What is known about one cloud: how a virtual address moves there, and within which limits.

Facts only, no behaviour beyond reading them. ``None`` always means *not established*,
never *unlimited* and never *no*. Times are seconds, prefix lengths bits, counts of reserved
addresses include the network and the broadcast address.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Mechanism = Literal["arp", "api", "bgp", "none"]
"""What moves the address.

``arp``: the node's gratuitous ARP or neighbour advertisement. ``api``: a call to the
cloud's control plane, ARP has no effect. ``bgp``: a route that the node announces.
``none``: nothing that a guest can do.
"""

Scope = Literal["subnet", "vpc", "network", "segment", "location", "datacenter", "zone", "region"]
"""Where the nodes that share an address must be."""

Confidence = Literal["doc", "general"]
"""``doc``: read in the vendor's documentation or SDK. ``general``: common knowledge, check again."""

Multicast = Literal["yes", "no", "optin", "unknown"]
"""Whether multicast VRRP reaches the other nodes; ``optin``: after a request to the vendor."""

Vrrp = Literal["documented", "unsupported", "unknown"]
"""What the vendor says of IP protocol 112 between nodes."""

VipKind = Literal["havip", "private"]
"""``havip``: a floating address object of the cloud. ``private``: an ordinary private address."""

MoveKind = Literal["private", "alias", "route", "elastic", "failover"]
"""What a call moves.

``private``: a secondary private address of a network interface. ``alias``: an alias range of one address.
``route``: an address outside the subnets that routes point to. ``elastic``: an address object that the vendor calls
elastic, floating, reserved or flexible. ``failover``: an address routed to a server as a whole.
"""

MoveKey = Literal[
    "region", "zone", "project", "vpc", "network", "nic", "server", "id", "netrc", "header", "peer", "route_table"
]
"""What move.sh may have to be told: keys of a section of move.data; the last two may be repeated."""


class Reserved(NamedTuple):
    """The first and last addresses of every subnet that the cloud keeps for itself."""

    first: int
    last: int
    confidence: Confidence = "doc"
    note: str = ""


class SwitchTime(NamedTuple):
    """Seconds from the announcement (or call) until the cloud delivers to the new holder."""

    typical: float | None = None
    maximum: float | None = None
    note: str = ""


class Move(NamedTuple):
    """How a node takes the address by the vendor's own command-line client.

    The words of the calls are in move.sh, one pair of functions for each provider and ``kind``. ``program`` is the
    client, ``call`` what the vendor names the operation, ``needs`` what move.sh has to be told. ``gap``: no single
    call exists, so that the address is nowhere for a moment. ``ipv6``: an IPv6 address can be moved as well.
    ``seconds``: how long one call may take.
    """

    kind: MoveKind
    program: str
    call: str
    needs: tuple[MoveKey, ...]
    gap: bool = False
    ipv6: bool = False
    confidence: Confidence = "doc"
    note: str = ""
    seconds: int = 15


class Provider(NamedTuple):
    """One cloud (or one way of running without a cloud).

    ``moves`` are the addresses that a call moves: the product itself where ``mechanism`` is
    ``api``, an ordinary private address where ARP moves the product. ``overlay`` is the key under
    ``cloud:`` of cluster.yaml that names what routes an address from outside the VPC, where the
    cloud can do that.
    ``advice`` is set where keepalived is the wrong tool, and says what
    to use. ``required`` and ``recommended`` are keepalived keywords with their values, per
    vrrp_instance; ``forbidden`` are keywords that break on this cloud. ``in_subnet`` says
    that the address belongs to the subnet of the nodes. ``checked`` is the day (ISO 8601)
    on which ``documentation`` was last read for these facts.
    """

    name: str
    title: str
    mechanism: Mechanism
    product: str
    documentation: str
    scope: Scope | None = None
    in_subnet: bool = True
    reserved_ipv4: Reserved | None = None
    reserved_ipv6: Reserved | None = None
    vip_prefix_ipv4: int | None = None
    multicast: Multicast = "unknown"
    vrrp: Vrrp = "unknown"
    ipv6: bool | None = None
    max_backends: int | None = None
    max_backends_disputed: int | None = None
    max_vips_per_nic: int | None = None
    max_vips_per_vpc: int | None = None
    backend_types: tuple[str, ...] = ()
    switch_time: SwitchTime | None = None
    minimum_keepalived: str | None = None
    required: tuple[tuple[str, str], ...] = ()
    recommended: tuple[tuple[str, str], ...] = ()
    forbidden: tuple[str, ...] = ()
    moves: tuple[Move, ...] = ()
    overlay: str = ""
    advice: str = ""
    notes: tuple[str, ...] = ()
    checked: str = "2026-11-23"
    confidence: Confidence = "doc"
    aliases: tuple[str, ...] = ()

    @property
    def vip_kind(self) -> VipKind:
        """The kind of address meant where cluster.yaml says nothing."""
        return "private" if self.mechanism == "api" and self.in_subnet else "havip"

    def move_for(self, kind: VipKind, *, routed: bool = False) -> Move | None:
        """The call that moves an address of this kind; None where ARP does it, or nothing can.

        ``routed``: the address lies outside the subnets, and routes lead to it.
        """
        wanted: tuple[MoveKind, ...] = ("elastic", "failover")
        if kind == "private":
            wanted = ("route",) if routed else ("private", "alias")
        return next((move for move in self.moves if move.kind in wanted), None)

    def reserved(self, version: int) -> Reserved | None:
        """What the cloud reserves in a subnet of IP version 4 or 6."""
        return self.reserved_ipv4 if version == 4 else self.reserved_ipv6

    def switch_seconds(self) -> tuple[float, float]:
        """Typical and greatest known delay of the cloud, (0, 0) where none is known."""
        if self.switch_time is None:
            return 0.0, 0.0
        known = [value for value in (self.switch_time.typical, self.switch_time.maximum) if value is not None]
        return min(known, default=0.0), max(known, default=0.0)

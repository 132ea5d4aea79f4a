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

NodeFact = Literal["network_interface_id", "instance_id", "zone", "havip_id"]
"""What cluster.yaml must say of a node or HAVIP before a command can be written."""


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

    ``commands`` run in order on the node that becomes master. Each word may hold
    ``{address}``, ``{prefix}`` (32 or 128), ``{havip_id}``, ``{instance_id}``,
    ``{network_interface_id}`` and ``{zone}`` of this node, and the same with ``peer_``
    before it for the node that held the address; the words are for ``str.format``, so a brace
    of the command's own is doubled. ``needs`` are the facts those stand for.
    ``holder`` asks who holds the address now and prints something that contains the id of
    the holder. ``asynchronous`` calls return before the address has moved. ``ipv6`` False: the commands
    are for IPv4 alone.
    """

    program: str
    call: str
    commands: tuple[tuple[str, ...], ...]
    needs: tuple[NodeFact, ...] = ()
    holder: tuple[str, ...] = ()
    asynchronous: bool = False
    ipv6: bool = True
    confidence: Confidence = "doc"
    note: str = ""


class Provider(NamedTuple):
    """One cloud (or one way of running without a cloud).

    ``move`` is set where the product itself is moved by a call (mechanism ``api``);
    ``private_move`` where an ordinary private address can be moved by a call although the
    product moves by ARP. ``overlay`` is the key under ``cloud:`` of cluster.yaml
    that names what routes an address from outside the VPC, where the cloud can do that.
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
    move: Move | None = None
    private_move: Move | None = None
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

    def move_for(self, kind: VipKind) -> Move | None:
        """The call that moves an address of this kind; None where ARP does it, or nothing can."""
        if self.mechanism == "arp":
            return self.private_move if kind == "private" else None
        return self.move

    def reserved(self, version: int) -> Reserved | None:
        """What the cloud reserves in a subnet of IP version 4 or 6."""
        return self.reserved_ipv4 if version == 4 else self.reserved_ipv6

    def switch_seconds(self) -> tuple[float, float]:
        """Typical and greatest known delay of the cloud, (0, 0) where none is known."""
        if self.switch_time is None:
            return 0.0, 0.0
        known = [value for value in (self.switch_time.typical, self.switch_time.maximum) if value is not None]
        return min(known, default=0.0), max(known, default=0.0)

"""What follows from a cluster.yaml for each election: inherited settings, addresses, interfaces.

An election is one vrrp_instance on all nodes. ``havips:`` of the cluster make one election
with the cluster's name; ``instances:`` make one each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from havipcfg.cluster.checks import Authentication, Notify
    from havipcfg.cluster.document import Path
    from havipcfg.cluster.model import ClusterSpec, Havip, Instance, Mode, Node
    from havipcfg.cluster.values import Extra
    from havipcfg.providers import Address, Network, Provider, VipKind

ADVERT_INT = 1.0
PREEMPT_DELAY = 60.0
"""Seconds that a preferred node waits by default: enough for its services to be up again after a reboot."""


@dataclass(frozen=True, slots=True)
class Seat:
    """One node's part in an election: the address and interface it advertises from.

    ``address`` is None where the node has none of the election's IP family.
    """

    node: str
    address: Address | None
    interface: str
    extra: Extra


@dataclass(frozen=True, slots=True)
class Election:
    """One vrrp_instance, the same on all nodes but for their seats.

    ``havips`` are advertised and all of the IP ``version``; ``excluded`` move with them
    without being advertised (virtual_ipaddress_excluded): those that say so, and those of the
    other family. ``preempt_delay`` is the preferred node's; the others take over from a lowered
    master at once. ``authentication`` is None for IPv6: VRRP version 3 has none. ``path`` is
    where the instance stands in the file. Times are seconds.
    """

    name: str
    path: Path
    version: Literal[4, 6]
    havips: tuple[Havip, ...]
    excluded: tuple[Havip, ...]
    seats: dict[str, Seat]
    virtual_router_id: int | None
    mode: Mode
    prefer: str | None
    preempt_delay: float | None
    advert_int: float
    max_failover: float | None
    unicast: bool
    vip_kind: VipKind
    authentication: Authentication | None
    notify: Notify | None
    checks: tuple[str, ...]
    extra: Extra
    prefix_ipv4: int

    def prefix(self, havip: Havip) -> int:
        """The prefix length the address gets on the interface."""
        if havip.prefix is not None:
            return havip.prefix
        return self.prefix_ipv4 if havip.address.version == 4 else 128


def elections_of(spec: ClusterSpec, cloud: Provider) -> tuple[Election, ...]:
    """The elections of a cluster, in the order of the file; empty where it names no HAVIP."""
    from havipcfg.cluster.model import Instance

    if spec.instances is not None:
        named: list[tuple[str, Path, Instance]] = [
            (name, ("instances", name), instance) for name, instance in spec.instances.items()
        ]
    elif spec.havips is not None:
        only = Instance.model_construct(havips=spec.havips, virtual_router_id=spec.virtual_router_id)
        named = [(spec.name, (), only)]
    else:
        named = []
    return tuple(_election(spec, cloud, *each) for each in named)


def _election(spec: ClusterSpec, cloud: Provider, name: str, path: Path, instance: Instance) -> Election:
    advertised = [havip for havip in instance.havips if not havip.excluded] or list(instance.havips)
    version = advertised[0].address.version
    havips = tuple(havip for havip in advertised if havip.address.version == version)
    vip = instance.vip or spec.vip
    prefer = instance.prefer or spec.prefer
    delay = instance.preempt_delay if instance.preempt_delay is not None else spec.preempt_delay
    own_intent: Mode | None = "prefer" if instance.prefer or instance.preempt_delay is not None else None
    intent: Mode = "prefer" if prefer or delay is not None else "stay"
    mode = instance.mode or own_intent or spec.mode or intent
    advert_int = instance.advert_int if instance.advert_int is not None else spec.advert_int
    unicast = instance.unicast if instance.unicast is not None else spec.unicast
    return Election(
        name=name,
        path=path,
        version=version,
        havips=havips,
        excluded=tuple(havip for havip in instance.havips if havip not in havips),
        seats={node: _seat(spec, node, name, instance, version, havips[0].address) for node in spec.nodes},
        virtual_router_id=instance.virtual_router_id,
        mode=mode,
        prefer=prefer,
        preempt_delay=PREEMPT_DELAY if delay is None and mode == "prefer" else delay,
        advert_int=ADVERT_INT if advert_int is None else advert_int,
        max_failover=instance.max_failover if instance.max_failover is not None else spec.max_failover,
        unicast=True if unicast is None else unicast,
        vip_kind=(vip.kind if vip is not None else None) or cloud.vip_kind,
        authentication=(instance.authentication or spec.authentication) if version == 4 else None,
        notify=instance.notify or spec.notify,
        checks=tuple(spec.checks) if instance.checks is None else tuple(instance.checks),
        extra=instance.extra,
        prefix_ipv4=(vip.prefix if vip is not None else None) or cloud.vip_prefix_ipv4 or 32,
    )


def _seat(spec: ClusterSpec, name: str, election: str, instance: Instance, version: int, havip: Address) -> Seat:
    node: Node = spec.nodes[name]
    override = node.overrides.instances.get(election)
    wanted = (override.interface if override is not None else None) or instance.interface
    extra = override.extra if override is not None else {}
    if override is not None and override.address is not None:
        return Seat(name, override.address, wanted or node.interface, extra)
    subnet = subnet_of(spec, havip)
    candidates = [
        (interface, address)
        for interface, addresses in interfaces_of(node).items()
        for address in addresses
        if address.version == version and wanted in (None, interface)
    ]
    inside = [each for each in candidates if subnet is not None and each[1] in subnet]
    for interface, address in inside or candidates:
        return Seat(name, address, interface, extra)
    return Seat(name, None, wanted or node.interface, extra)


def subnet_of(spec: ClusterSpec, address: Address) -> Network | None:
    """The subnet of the file that holds the address, or None."""
    nets = (subnet.cidr for subnet in spec.subnet or ())
    return next((net for net in nets if net.version == address.version and address in net), None)


def interfaces_of(node: Node) -> dict[str, tuple[Address, ...]]:
    """The addresses of a node of cluster.yaml by interface, the main one first."""
    found: dict[str, tuple[Address, ...]] = {node.interface: tuple(node.address or ())}
    for name, addresses in node.interfaces.items():
        found[name] = (*found.get(name, ()), *addresses)
    return found

"""Cloud facts that configuration files cannot say: provider, subnets, HAVIPs, nodes.

They come from a cluster.yaml or from options of the command line; rules read them from here
and never see where they came from. Nothing here needs pydantic or YAML.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from ipaddress import ip_network
from typing import TYPE_CHECKING

from havipcfg.cluster.resolve import interfaces_of
from havipcfg.providers import Address, Network, Provider, Slot, VipKind, is_reserved, provider
from havipcfg.record import record

if TYPE_CHECKING:
    from havipcfg.cluster.model import ClusterSpec
    from havipcfg.cluster.resolve import Election


class SubnetError(ValueError):
    """What was given as a subnet is not one; the text says why."""


@record
class NodeFacts:
    """A host: its addresses by interface."""

    name: str
    interfaces: Mapping[str, tuple[Address, ...]]

    @property
    def addresses(self) -> tuple[Address, ...]:
        return tuple(address for addresses in self.interfaces.values() for address in addresses)


@record
class Facts:
    """What is known of the network around a cluster; empty where nobody said.

    ``havips`` empty means that they are not known, not that there are none. ``target`` is
    the nodes' version of keepalived, ``max_failover`` a number of seconds.
    """

    provider: Provider | None = None
    subnets: tuple[Network, ...] = ()
    vpc: Network | None = None
    havips: tuple[Address, ...] = ()
    nodes: Mapping[str, NodeFacts] = field(default_factory=dict)
    vip_kind: VipKind = "havip"
    max_failover: float | None = None
    target: str | None = None
    reserved_virtual_router_ids: frozenset[int] = frozenset()

    def subnet_of(self, address: Address) -> Network | None:
        """The subnet that holds the address, or None."""
        return next((net for net in self.subnets if net.version == address.version and address in net), None)

    def subnets_of_version(self, version: int) -> tuple[Network, ...]:
        """The subnets of IP version 4 or 6."""
        return tuple(net for net in self.subnets if net.version == version)

    def node_of(self, address: Address) -> NodeFacts | None:
        """The node that has the address, or None."""
        return next((node for node in self.nodes.values() if address in node.addresses), None)

    def reserved(self, address: Address) -> Slot | None:
        """The reserved place the address has in its subnet, or None."""
        subnet = self.subnet_of(address)
        return is_reserved(self.provider, address, subnet) if subnet is not None else None


def facts_of(spec: ClusterSpec, cloud: Provider, elections: Iterable[Election]) -> Facts:
    """The facts that a cluster.yaml states."""
    havips = [havip for election in elections for havip in (*election.havips, *election.excluded)]
    versions = [version for version in (spec.keepalived, *(n.keepalived for n in spec.nodes.values())) if version]
    return Facts(
        provider=cloud,
        subnets=tuple(subnet.cidr for subnet in spec.subnet or ()),
        vpc=spec.vpc.cidr if spec.vpc is not None else None,
        havips=tuple(havip.address for havip in havips),
        nodes={name: NodeFacts(name, interfaces_of(node)) for name, node in spec.nodes.items()},
        vip_kind=(spec.vip.kind if spec.vip is not None else None) or cloud.vip_kind,
        max_failover=spec.max_failover,
        target=min(versions, key=lambda text: tuple(map(int, text.split("."))), default=None),
        reserved_virtual_router_ids=frozenset(spec.reserved_virtual_router_ids),
    )


def facts_from_options(provider_name: str | None = None, subnets: Iterable[str] = ()) -> Facts | None:
    """The facts that ``--provider`` and ``--subnet`` state; None where neither is given.

    Raises UnknownProviderError and SubnetError, both worded for the user.
    """
    networks = []
    for text in subnets:
        try:
            networks.append(ip_network(text.strip()))
        except ValueError as error:
            raise SubnetError(f"{text!r} is not a CIDR block such as 10.0.1.0/24: {error}") from None
    if provider_name is None and not networks:
        return None
    cloud = provider(provider_name) if provider_name is not None else None
    return Facts(provider=cloud, subnets=tuple(networks), vip_kind=cloud.vip_kind if cloud is not None else "havip")

"""The typed cluster.yaml: what an operator says about a cluster, and nothing derived.

Names are those of keepalived.conf(5) where the thing is keepalived's. What follows from the
file (addresses per instance, inherited settings) is in ``havipcfg.cluster.resolve``,
numbers are in ``havipcfg.cluster.allocate``.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from havipcfg.cluster.checks import AuthenticationField, Check, CheckOverride, Notify
from havipcfg.cluster.values import (
    ADDRESS_SCHEMA,
    NETWORK_SCHEMA,
    Address,
    Block,
    Command,
    Extra,
    Interface,
    Name,
    Network,
    Priority,
    ProviderName,
    Seconds,
    Shorthand,
    Text,
    Version,
    VirtualRouterId,
    listed,
    under,
)

Mode = Literal["stay", "prefer"]


class Vpc(Block):
    """The private network that the subnets belong to."""

    id: Text | None = Field(default=None, description="The cloud's id of the VPC.")
    cidr: Network | None = Field(default=None, description="Its CIDR block.")


class Subnet(Block):
    """The subnet that the nodes and the HAVIPs are in."""

    cidr: Network = Field(description="Its CIDR block, such as 10.0.1.0/24.")
    id: Text | None = Field(default=None, description="The cloud's id of the subnet.")
    zone: Text | None = Field(default=None, description="The availability zone, where a subnet has one.")


class Havip(Block):
    """A virtual address."""

    address: Address = Field(description="The IPv4 or IPv6 address.")
    id: Text | None = Field(default=None, description="The cloud's id of the HAVIP.")
    prefix: int | None = Field(
        default=None,
        ge=1,
        le=128,
        description="Prefix length on the interface; default: the provider's, else a host address.",
    )
    interface: Interface | None = Field(default=None, description="Another interface than the instance's.")
    excluded: bool = Field(
        default=False,
        description="Keep it out of the advertisements (virtual_ipaddress_excluded); it moves with the others.",
    )
    options: Text | None = Field(default=None, description="Further words of its line, such as 'label eth0:1'.")


class Vip(Block):
    """What the virtual addresses are for the cloud."""

    kind: Literal["havip", "private"] | None = Field(
        default=None,
        description="havip: a HAVIP object. private: an ordinary private address. Default: what the provider offers.",
    )
    prefix: int | None = Field(
        default=None, ge=1, le=32, description="Prefix length of every IPv4 address that says none; IPv6 has 128."
    )


class InstanceOverride(Block):
    """What one node does differently in one instance."""

    priority: Priority | None = Field(default=None, description="Priority, 1 to 254.")
    address: Address | None = Field(default=None, description="Address that advertisements leave from.")
    interface: Interface | None = Field(default=None, description="Interface of the instance on this node.")
    extra: Extra = Field(default={}, description="Further keywords of the vrrp_instance block; false takes one away.")


class Overrides(Block):
    """What one node does differently."""

    instances: dict[Name, InstanceOverride] = Field(default={}, description="By name of the instance.")
    checks: dict[Name, CheckOverride] = Field(default={}, description="By name of the check.")
    extra: Extra = Field(default={}, description="Further blocks and keywords of the node's file.")


Addresses = Annotated[list[Address], Shorthand(listed, ADDRESS_SCHEMA), Field(min_length=1)]


class Node(Block):
    """A host of the cluster."""

    address: Addresses | None = Field(
        default=None, description="Its address, or a list of one per IP family; needed unless additions is false."
    )
    interface: Interface = Field(description="The interface that has the address.")
    interfaces: dict[Interface, Addresses] = Field(default={}, description="Further interfaces with their addresses.")
    priority: Priority | None = Field(
        default=None, description="Priority, 1 to 254; default: by the order of the nodes."
    )
    instance_id: Text | None = Field(default=None, description="The cloud's id of the host.")
    network_interface_id: Text | None = Field(default=None, description="The cloud's id of the interface.")
    zone: Text | None = Field(default=None, description="Availability zone.")
    placement: Text | None = Field(default=None, description="Physical host, rack or partition it runs on.")
    ssh: Text | None = Field(default=None, description="Destination for ssh; default: its address.")
    router_id: Text | None = Field(default=None, description="keepalived's name of the host; default: the node's name.")
    keepalived: Version | None = Field(default=None, description="Version of keepalived on this node.")
    overrides: Overrides = Field(default=Overrides(), description="What this node does differently.")


HavipField = Annotated[Havip, Shorthand(under("address"), ADDRESS_SCHEMA)]
Havips = Annotated[list[HavipField], Shorthand(listed, ADDRESS_SCHEMA), Field(min_length=1)]
SubnetField = Annotated[Subnet, Shorthand(under("cidr"), NETWORK_SCHEMA)]


class Settings(Block):
    """What may be said for the cluster, and again for one of its instances."""

    mode: Mode | None = Field(
        default=None,
        description="stay: the address stays where it is (BACKUP everywhere, nopreempt). prefer: it returns to the"
        " preferred node. Default: prefer where prefer: or preempt_delay: is set, else stay.",
    )
    prefer: Name | None = Field(
        default=None, description="The node that should hold the address; default: the first node."
    )
    preempt_delay: float | None = Field(
        default=None,
        ge=0,
        le=1000,
        allow_inf_nan=False,
        description="prefer: seconds that the preferred node waits before taking the address back; default 60."
        " Any other node takes over from a lowered one at once.",
    )
    advert_int: Annotated[float, Field(ge=0.01, le=255, allow_inf_nan=False)] | None = Field(
        default=None, description="Seconds between advertisements; default 1."
    )
    max_failover: Seconds | None = Field(
        default=None,
        description="Target: seconds within which another node serves the address after any single failure.",
    )
    unicast: bool | None = Field(
        default=None, description="Advertise to each node (default), not to the multicast group."
    )
    vip: Vip | None = Field(default=None, description="What the virtual addresses are for the cloud.")
    authentication: AuthenticationField | None = Field(
        default=None, description="none, or {type: PASS, password: {env: NAME}}; default none."
    )
    notify: Notify | None = Field(default=None, description="Commands run on a change of state.")


class Instance(Settings):
    """One election (a vrrp_instance): addresses that move together."""

    havips: Havips = Field(description="The addresses, or mappings with address, id, prefix and more.")
    virtual_router_id: VirtualRouterId | None = Field(
        default=None, description="1 to 255, one value per election of the network; default: allocated."
    )
    interface: Interface | None = Field(
        default=None, description="Interface on every node; default: the one in the subnet."
    )
    checks: list[Name] | None = Field(default=None, description="Names of the checks that count; default: all.")
    extra: Extra = Field(default={}, description="Further keywords of the vrrp_instance block.")


class SyncGroup(Block):
    """Instances that change their state together (a vrrp_sync_group)."""

    instances: list[Name] = Field(min_length=1, description="Names of the instances.")
    notify: Notify | None = Field(default=None, description="Commands run on a change of the group.")
    extra: Extra = Field(default={}, description="Further keywords of the vrrp_sync_group block.")


class ClusterSpec(Settings):
    """A cluster of nodes that share virtual addresses with keepalived."""

    name: Name = Field(
        default="havip", description="Name of the cluster, and of its instance where instances: is not used."
    )
    provider: ProviderName = Field(description="The cloud, or onprem.")
    vpc: Annotated[Vpc, Shorthand(under("id"), {"type": "string"})] | None = Field(
        default=None, description="Id of the VPC, or {id, cidr}."
    )
    subnet: Annotated[list[SubnetField], Shorthand(listed, NETWORK_SCHEMA), Field(min_length=1)] | None = Field(
        default=None, description="CIDR block of the nodes and HAVIPs, {cidr, id, zone}, or a list (IPv4 and IPv6)."
    )
    havips: Havips | None = Field(default=None, description="The addresses of the only instance.")
    nodes: dict[Name, Node] = Field(description="The hosts, by name; earlier ones are preferred.")
    instances: dict[Name, Instance] | None = Field(
        default=None, description="Several elections, by name, instead of havips:."
    )
    sync_groups: dict[Name, SyncGroup] = Field(
        default={}, description="Instances that move together, by name of the group."
    )
    checks: dict[Name, Check] = Field(default={}, description="Health checks, by name.")
    virtual_router_id: VirtualRouterId | None = Field(default=None, description="Of the only instance.")
    reserved_virtual_router_ids: list[VirtualRouterId] = Field(
        default=[], description="virtual_router_ids that other clusters of the network use."
    )
    keepalived: Version | None = Field(default=None, description="Version of keepalived on the nodes, such as 2.2.7.")
    cloud: dict[Name, Text | list[Text]] = Field(
        default={},
        description="What the cloud's own client needs for a move (docs/providers.md), such as region or route_table.",
    )
    additions: bool = Field(
        default=True,
        description="false: write what this file says and nothing more: no notify log, no script_user and"
        " enable_script_security, no settings of the provider; checks by command run without a wrapper."
        " For clusters that were not made by havipcfg (havipcfg import).",
    )
    script_user: Text | None = Field(
        default=None,
        description="User that runs checks and notify commands, and its group if it is to be another; default root.",
    )
    extra: Extra = Field(
        default={}, description="Further blocks and keywords of every node's file, such as global_defs."
    )


__all__ = [
    "ClusterSpec",
    "Command",
    "Havip",
    "Instance",
    "Mode",
    "Node",
    "Settings",
    "Subnet",
    "SyncGroup",
    "Vip",
    "Vpc",
]

"""The files of a run as nodes, clusters and virtual routers: what rules across files look at."""

from __future__ import annotations

from dataclasses import dataclass
from socket import AF_INET, AF_INET6, inet_pton
from typing import TYPE_CHECKING

from havipcfg.cluster.context import Context
from havipcfg.keepalived.effective import Effective
from havipcfg.keepalived.vrrp_instance import VrrpInstance
from havipcfg.once import once

if TYPE_CHECKING:
    from havipcfg.cluster.facts import Facts


@dataclass(eq=False)
class Member:
    """A virtual router on one node: the instance, and the file it stands in."""

    instance: VrrpInstance
    context: Context

    @property
    def node(self) -> str:
        return self.context.alias or self.context.name

    @once
    def effective(self) -> Effective:
        return self.context.effective(self.instance)

    @property
    def source(self) -> str | None:
        """The address that the node's unicast adverts come from, where the file says it."""
        return self.instance.unicast_src_ip

    @once
    def peers(self) -> frozenset[str]:
        """The addresses it advertises to."""
        return frozenset(peer.address for peer in self.instance.unicast_peer)

    @once
    def nodes(self) -> set[str]:
        """The addresses of nodes that the instance names."""
        own = (self.instance.unicast_src_ip,) if self.instance.unicast_src_ip else ()
        return {*self.peers, *own}

    @once
    def networks(self) -> set[bytes]:
        """The networks of 24 or 64 bits that its virtual addresses are in."""
        return {network_around(entry.address) for entry in self.instance.virtual_ipaddress}


def network_around(address: str) -> bytes:
    """What addresses in one network of 24 (IPv6: 64) bits have in common: a guess where nobody says which it is."""
    return inet_pton(AF_INET6, address)[:8] if ":" in address else inet_pton(AF_INET, address)[:3]


@dataclass(eq=False)
class VirtualRouter:
    """The instances that share a virtual address, at most one a node, in the order of the files."""

    members: list[Member]

    @once
    def name(self) -> str:
        return self.members[0].instance.name

    @once
    def copies(self) -> dict[str, list[Member]]:
        """Members by ``unicast_src_ip``, where several have one: files copied without a change."""
        found: dict[str, list[Member]] = {}
        for member in self.members:
            if member.source is not None:
                found.setdefault(member.source, []).append(member)
        return {source: members for source, members in found.items() if len(members) > 1}

    @once
    def originals(self) -> list[Member]:
        """The members without those that repeat the source address of an earlier one."""
        repeated = {id(member) for members in self.copies.values() for member in members[1:]}
        return [member for member in self.members if id(member) not in repeated]


@dataclass(eq=False)
class Cluster:
    """The files that are judged together, one a node, and their virtual routers."""

    contexts: list[Context]
    routers: list[VirtualRouter]
    facts: Facts | None = None

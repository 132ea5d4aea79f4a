"""The files of a run as nodes, clusters and virtual routers: what rules across files look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import TYPE_CHECKING

from havipcfg.keepalived.conf import KeepalivedConf
from havipcfg.keepalived.effective import Effective
from havipcfg.keepalived.load import Reading
from havipcfg.keepalived.names import Names
from havipcfg.keepalived.version import Version
from havipcfg.keepalived.vrrp_instance import VrrpInstance

if TYPE_CHECKING:
    from havipcfg.cluster.facts import Facts
    from havipcfg.keepalived.commands import Command


@dataclass(eq=False, slots=True)
class Context:
    """One file being judged: one node's configuration.

    ``facts`` are the cloud facts given with a cluster file or on the command line, None
    without any. ``host`` says that the machine at hand may be looked at. ``scripts`` are the
    texts of scripts that are at hand, by the path the configuration names. ``alias`` is what the
    node is called where its own name would not tell it from others.
    """

    reading: Reading
    facts: Facts | None = None
    host: bool = False
    scripts: dict[str, str] = field(default_factory=dict)
    alias: str = ""
    _effective: dict[int, Effective] = field(default_factory=dict)
    _names: Names | None = None
    _commands: list[Command] | None = None

    @property
    def names(self) -> Names:
        """What the file defines and uses, by name."""
        if self._names is None:
            self._names = Names(self.conf)
        return self._names

    @property
    def commands(self) -> list[Command]:
        """The command lines of the file, in the order they stand in it."""
        if self._commands is None:
            from havipcfg.keepalived.commands import commands

            order = sorted(commands(self.conf), key=lambda command: getattr(command.place, "start", 0))
            self._commands = order
        return self._commands

    @property
    def conf(self) -> KeepalivedConf:
        return self.reading.conf

    @property
    def target(self) -> Version:
        return self.reading.target

    @property
    def name(self) -> str:
        """What the node is called: the file's stem, or its folder where all files are called keepalived.conf."""
        path = Path(self.reading.source.name)
        if path.stem != "keepalived":
            return path.stem
        folders = (folder.name for folder in path.parents if folder.name not in ("keepalived", "etc"))
        return next(folders, "") or path.stem

    def effective(self, instance: VrrpInstance) -> Effective:
        """What is in force for an instance of this file."""
        found = self._effective.get(id(instance))
        if found is None:
            found = self._effective[id(instance)] = Effective(self.conf, instance, self.names)
        return found


def nodes_of(instance: VrrpInstance) -> set[str]:
    """The addresses of nodes that an instance names: its own source and its peers."""
    found = {peer.address for peer in instance.unicast_peer}
    if instance.unicast_src_ip:
        found.add(instance.unicast_src_ip)
    return found


@dataclass(eq=False)
class Member:
    """A virtual router on one node: the instance, and the file it stands in."""

    instance: VrrpInstance
    context: Context

    @property
    def node(self) -> str:
        return self.context.alias or self.context.name

    @property
    def effective(self) -> Effective:
        return self.context.effective(self.instance)

    @property
    def source(self) -> str | None:
        """The address that the node's unicast adverts come from, where the file says it."""
        return self.instance.unicast_src_ip

    @cached_property
    def peers(self) -> frozenset[str]:
        """The addresses it advertises to."""
        return frozenset(peer.address for peer in self.instance.unicast_peer)

    @cached_property
    def nodes(self) -> set[str]:
        """The addresses of nodes that the instance names."""
        return nodes_of(self.instance)

    @cached_property
    def networks(self) -> set[str]:
        """The networks of 24 or 64 bits that its virtual addresses are in."""
        return {str(network_around(entry.address)) for entry in self.instance.virtual_ipaddress}


def network_around(address: str) -> IPv4Network | IPv6Network:
    """The network of 24 (IPv6: 64) bits around an address: a guess where nobody says which it is."""
    length = 64 if ":" in address else 24
    return ip_network(f"{address}/{length}", strict=False)


@dataclass(eq=False)
class VirtualRouter:
    """The instances that share a virtual address, at most one a node, in the order of the files."""

    members: list[Member]

    @cached_property
    def name(self) -> str:
        return self.members[0].instance.name

    @cached_property
    def copies(self) -> dict[str, list[Member]]:
        """Members by ``unicast_src_ip``, where several have one: files copied without a change."""
        found: dict[str, list[Member]] = {}
        for member in self.members:
            if member.source is not None:
                found.setdefault(member.source, []).append(member)
        return {source: members for source, members in found.items() if len(members) > 1}

    @cached_property
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


@dataclass(eq=False)
class Site:
    """All clusters of one run, for rules about neighbours in a subnet."""

    clusters: list[Cluster]

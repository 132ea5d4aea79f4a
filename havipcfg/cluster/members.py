"""The files of a run as nodes, clusters and virtual routers: what rules across files look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from havipcfg.keepalived.commands import Command, commands
from havipcfg.keepalived.conf import KeepalivedConf
from havipcfg.keepalived.effective import Effective
from havipcfg.keepalived.load import Reading
from havipcfg.keepalived.names import Names
from havipcfg.keepalived.version import Version
from havipcfg.keepalived.vrrp_instance import VrrpInstance

if TYPE_CHECKING:
    from havipcfg.cluster.facts import Facts


@dataclass(eq=False, slots=True)
class Context:
    """One file being judged: one node's configuration.

    ``facts`` are the cloud facts given with a cluster file or on the command line, None
    without any. ``host`` says that the machine at hand may be looked at. ``scripts`` are the
    texts of scripts that are at hand, by the path the configuration names.
    """

    reading: Reading
    facts: Facts | None = None
    host: bool = False
    scripts: dict[str, str] = field(default_factory=dict)
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
        return path.parent.name if path.stem == "keepalived" and path.parent.name else path.stem

    def effective(self, instance: VrrpInstance) -> Effective:
        """What is in force for an instance of this file."""
        found = self._effective.get(id(instance))
        if found is None:
            found = self._effective[id(instance)] = Effective(self.conf, instance, self.names)
        return found


@dataclass(eq=False, slots=True)
class Member:
    """A virtual router on one node: the instance, and the file it stands in."""

    instance: VrrpInstance
    context: Context

    @property
    def node(self) -> str:
        return self.context.name

    @property
    def effective(self) -> Effective:
        return self.context.effective(self.instance)


@dataclass(eq=False)
class VirtualRouter:
    """The instances that share a virtual address, at most one a node, in the order of the files."""

    members: list[Member]

    @cached_property
    def name(self) -> str:
        return self.members[0].instance.name


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

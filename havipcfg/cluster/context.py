"""One file being judged: what single-file rules look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
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
    from havipcfg.keepalived.lvs_effective import EffectiveServer
    from havipcfg.keepalived.virtual_server import VirtualServer


@dataclass(eq=False, repr=False, slots=True)
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
    _servers: dict[int, EffectiveServer] = field(default_factory=dict)
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
        """What the node is called by its file."""
        return node_of(self.reading.source.name)

    def effective(self, instance: VrrpInstance) -> Effective:
        """What is in force for an instance of this file."""
        found = self._effective.get(id(instance))
        if found is None:
            found = self._effective[id(instance)] = Effective(self.conf, instance, self.names)
        return found

    def effective_server(self, server: VirtualServer) -> EffectiveServer:
        """What is in force for a virtual server of this file."""
        found = self._servers.get(id(server))
        if found is None:
            from havipcfg.keepalived.lvs_effective import EffectiveServer

            found = self._servers[id(server)] = EffectiveServer(server, self.names)
        return found


@lru_cache(maxsize=4096)
def node_of(file: str) -> str:
    """What the node of a file is called: its stem, or its folder where all files are called keepalived.conf."""
    path = Path(file)
    if path.stem != "keepalived":
        return path.stem
    folders = (folder.name for folder in path.parents if folder.name not in ("keepalived", "etc"))
    return next(folders, "") or path.stem

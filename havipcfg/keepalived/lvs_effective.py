"""What keepalived makes of a ``virtual_server``: families deduced, servers refused, methods inherited.

Much of it depends on the order of the lines: a real server takes the forwarding method that
stands above it, a scheduler's flags need the scheduler above them. So this walks the block.
"""

from __future__ import annotations

import socket
from typing import Literal

from havipcfg.keepalived.lvs_values import Endpoint, endpoint, is_netmask, is_prefix
from havipcfg.keepalived.names import Names
from havipcfg.keepalived.real_server import RealServer
from havipcfg.keepalived.virtual_server import SCHEDULERS, VirtualServer
from havipcfg.keepalived.virtual_server_group import VirtualServerGroup
from havipcfg.once import once
from havipcfg.syntax.statement import Statement

Family = Literal[4, 6]
_METHODS = ("NAT", "DR", "TUN")
SCHEDULER_FLAGS = {"sh-port": "sh", "sh-fallback": "sh", "mh-port": "mh", "mh-fallback": "mh", "hashed": "none"}


def group_families(group: VirtualServerGroup) -> set[int]:
    """The families, 4 and 6, of the entries that tell theirs."""
    return {service.family for service in group.services if service.family is not None}


def removed(group: VirtualServerGroup) -> bool:
    """Whether keepalived removes the group: it is empty, or mixes families with a mark that has none."""
    nameless = any(service.fwmark is not None and service.family is None for service in group.services)
    return not group.services or (nameless and group_families(group) == {4, 6})


def packed(address: str) -> bytes:
    """An address as octets, equal however it is written."""
    return socket.inet_pton(socket.AF_INET6 if ":" in address else socket.AF_INET, address)


class EffectiveServer:
    """One virtual server as keepalived runs it; ``names`` are those of its file.

    ``kept`` are the real servers whose family fits, ``refused`` those whose does not;
    ``sorry`` is the sorry server unless ``sorry_refused``. ``early`` are lines about a sorry
    server that stand above it, ``flags`` the scheduler's flags with the scheduler above them,
    ``conflicts`` the ``ip_family`` lines that come too late, ``misfits`` the granularities of
    the other family.
    """

    def __init__(self, server: VirtualServer, names: Names) -> None:
        self.names = names
        self.server = server
        self.kept: list[RealServer] = []
        self.refused: list[RealServer] = []
        self.sorry: Endpoint | None = None
        self.sorry_refused = False
        self.sorry_inhibit = False
        self.sorry_method: str | None = None
        self.early: list[Statement] = []
        self.flags: list[tuple[Statement, str | None]] = []
        self.conflicts: list[Statement] = []
        self.misfits: list[Statement] = []
        self.granular = False
        self.family: int | None = server.service.family
        self._methods: dict[int, str | None] = {}
        self._walk()

    def _walk(self) -> None:
        servers = {id(real.statement): real for real in self.server.real_server}
        method: str | None = None
        scheduler: str | None = None
        for line in self.server.statement.body or ():
            keyword = line.keyword
            word = line.words[1] if len(line.words) > 1 else ""
            if keyword == "real_server":
                if id(line) in servers:
                    self._real_server(servers[id(line)], method)
            elif keyword in ("lvs_method", "lb_kind"):
                method = word if word in _METHODS else method
            elif keyword in ("lvs_sched", "lb_algo"):
                scheduler = word if word in SCHEDULERS else scheduler
            elif keyword == "sorry_server":
                found = endpoint(line.words[1:])
                if found is not None:
                    self.sorry, self.sorry_method, self.sorry_inhibit = found, method, False
            elif keyword in ("sorry_server_inhibit", "sorry_server_lvs_method"):
                self._about_sorry(line, keyword, word)
            elif keyword == "ip_family":
                self._ip_family(line, {"inet": 4, "inet6": 6}.get(word))
            elif keyword == "persistence_granularity" and word:
                self._granularity(line, word)
            elif keyword in SCHEDULER_FLAGS:
                self.flags.append((line, scheduler))
        self._settle_sorry()

    def _real_server(self, real: RealServer, inherited: str | None) -> None:
        method = real.lvs_method.method if real.lvs_method is not None else inherited
        self._methods[id(real)] = method
        if method != "TUN":
            if self.family is None:
                self.family = real.endpoint.family
            elif self.family != real.endpoint.family:
                self.refused.append(real)
                return
        self.kept.append(real)

    def _about_sorry(self, line: Statement, keyword: str, word: str) -> None:
        if self.sorry is None:
            self.early.append(line)
        elif keyword == "sorry_server_inhibit":
            self.sorry_inhibit = True
        elif word in _METHODS:
            self.sorry_method = word

    def _ip_family(self, line: Statement, family: int | None) -> None:
        if family is None:
            return
        if self.family is None:
            self.family = family
        elif self.family != family:
            self.conflicts.append(line)

    def _granularity(self, line: Statement, word: str) -> None:
        if self.family is None:
            self.family = 4 if "." in word else 6
        if is_prefix(word) if self.family == 6 else is_netmask(word):
            self.granular = True
        elif is_netmask(word):
            self.misfits.append(line)

    def _settle_sorry(self) -> None:
        if self.sorry is not None and self.sorry_method != "TUN":
            if self.family is None:
                self.family = self.sorry.family
            elif self.family != self.sorry.family:
                self.sorry_refused = True
                self.sorry = None
        if self.family is None:
            families = {real.endpoint.family for real in self.kept}
            self.family = families.pop() if len(families) == 1 else 4

    @once
    def group(self) -> VirtualServerGroup | None:
        """The group it names, if there is one that keepalived keeps."""
        name = self.server.service.group
        return next((group for group in self.names.server_groups.get(name or "", ()) if not removed(group)), None)

    @once
    def dropped(self) -> Literal["", "no servers", "no group", "families"]:
        """Why keepalived drops the virtual server before it looks further, or an empty string."""
        if self.server.service.group is not None and self.group is None:
            return "no group"
        if self.group is not None and group_families(self.group) - {self.family} and not self._tunnelled:
            return "families"
        return "" if self.kept else "no servers"

    @property
    def _tunnelled(self) -> bool:
        """Whether no server binds the service to its own family."""
        bound = self.sorry is not None and self.sorry_given_method != "TUN"
        return not bound and all(self.method(real) == "TUN" for real in self.kept)

    @once
    def by_address(self) -> bool:
        """Whether it balances addresses (a mark of 0 counts as one)."""
        if self.group is not None:
            return any(service.address is not None for service in self.group.services)
        return not self.server.service.fwmark and self.server.service.group is None

    @once
    def by_mark(self) -> bool:
        """Whether it balances firewall marks."""
        if self.group is not None:
            return any(service.fwmark is not None for service in self.group.services)
        return bool(self.server.service.fwmark)

    @once
    def ports(self) -> set[int]:
        """The ports balanced, 0 for every port; empty for marks."""
        if self.group is not None:
            return {service.port or 0 for service in self.group.services if service.address is not None}
        return {self.server.service.port or 0} if self.by_address else set()

    @property
    def persistent(self) -> bool:
        return bool(self.server.persistence_timeout) or self.granular

    def given_method(self, real: RealServer) -> str | None:
        """The forwarding method of a real server, None where nothing gives one."""
        final = self.server.lvs_method.method if self.server.lvs_method is not None else None
        return self._methods.get(id(real)) or final

    def method(self, real: RealServer) -> str:
        """The forwarding method of a real server."""
        return self.given_method(real) or "NAT"

    @property
    def sorry_given_method(self) -> str | None:
        """The forwarding method of the sorry server, None where nothing gives one."""
        final = self.server.lvs_method.method if self.server.lvs_method is not None else None
        return self.sorry_method or final

    @once
    def duplicates(self) -> list[tuple[RealServer, RealServer]]:
        """Real servers that are removed because an earlier one is the same, with that one."""
        first: dict[tuple[bytes, int | None], RealServer] = {}
        found = []
        for real in self.kept:
            key = (packed(real.endpoint.address), real.endpoint.port)
            if first.setdefault(key, real) is not real:
                found.append((real, first[key]))
        return found

    @once
    def total_weight(self) -> int:
        """The weights of the real servers that are left, added."""
        gone = {id(real) for real, _ in self.duplicates}
        default = self.server.weight if self.server.weight is not None else 1
        return sum(real.weight if real.weight is not None else default for real in self.kept if id(real) not in gone)

    @property
    def quorum(self) -> int:
        """The quorum in force."""
        return min(self.server.quorum or 1, self.total_weight)

    def inhibits(self, real: RealServer) -> bool:
        """Whether a failed check keeps the real server with weight 0."""
        own = real.inhibit_on_failure
        return own if own is not None else self.server.inhibit_on_failure

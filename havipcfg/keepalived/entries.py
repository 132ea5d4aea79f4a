"""What one line of a value block says: addresses, routes, rules, trackers, peers.

Each entry knows the line it was read from (``statement``, not part of its value).
"""

from __future__ import annotations

from dataclasses import field
from decimal import Decimal
from typing import TYPE_CHECKING

from havipcfg.keepalived.values import family
from havipcfg.record import record

if TYPE_CHECKING:
    from pydantic_core import CoreSchema

    from havipcfg.source import Span
    from havipcfg.syntax.statement import Statement


@record
class Entry:
    """A line of a value block, or one word of it (``word``, counted from 0)."""

    statement: Statement | None = field(default=None, compare=False, repr=False, kw_only=True)
    word: int = field(default=0, compare=False, repr=False, kw_only=True)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: object) -> CoreSchema:
        from pydantic_core.core_schema import is_instance_schema

        return is_instance_schema(cls)

    def words(self) -> list[str]:
        """The words of the line as keepalived reads them back."""
        raise NotImplementedError

    @property
    def span(self) -> Span:
        """The whole line; raises LookupError for an entry that was not read from a file."""
        return self._read().span

    def at(self, word: int = 0) -> Span:
        """A word of the line, counted from 0."""
        return self._read().word_span(word)

    def _read(self) -> Statement:
        if self.statement is None:
            raise LookupError(f"{self!r} was not read from a file")
        return self.statement


@record
class Name(Entry):
    """A word that stands for itself: a group member, an e-mail address."""

    name: str

    def words(self) -> list[str]:
        return [self.name]

    @property
    def span(self) -> Span:
        return self._read().word_span(self.word)

    def __str__(self) -> str:
        return self.name


@record
class VirtualAddress(Entry):
    """An address of ``virtual_ipaddress``, ``virtual_ipaddress_excluded`` or ``static_ipaddress``.

    ``prefix`` is None where the line gives none (keepalived then takes 32 or 128).
    """

    address: str
    prefix: int | None = None
    dev: str | None = None
    scope: str | None = None
    broadcast: str | None = None
    label: str | None = None
    peer: str | None = None
    preferred_lft: str | None = None
    track_group: str | None = None
    flags: tuple[str, ...] = ()

    def words(self) -> list[str]:
        found = [self.address if self.prefix is None else f"{self.address}/{self.prefix}"]
        options = {"dev": self.dev, "scope": self.scope, "brd": self.broadcast, "label": self.label, "peer": self.peer}
        options |= {"preferred_lft": self.preferred_lft, "track_group": self.track_group}
        for option, value in options.items():
            if value is not None:
                found += [option, str(value)]
        return [*found, *self.flags]

    @property
    def family(self) -> int:
        """4 or 6."""
        return family(self.address) or 4

    @property
    def length(self) -> int:
        """The prefix length in force."""
        return self.prefix if self.prefix is not None else 32 if self.family == 4 else 128

    @property
    def no_track(self) -> bool:
        return "no_track" in self.flags

    @property
    def use_vmac(self) -> bool:
        return "use_vmac" in self.flags


@record
class Tracker(Entry):
    """A line of ``track_script``, ``track_interface``, ``track_file``, ``track_process`` or ``track_bfd``.

    ``weight`` and ``reverse`` are None where the line leaves them to the tracked object's own.
    """

    name: str
    weight: int | None = None
    reverse: bool | None = None

    def words(self) -> list[str]:
        if self.weight is None:
            return [self.name]
        reverse = {None: [], True: ["reverse"], False: ["noreverse"]}[self.reverse]
        return [self.name, "weight", str(self.weight), *reverse]


@record
class UnicastPeer(Entry):
    """A line of ``unicast_peer``; TTLs are None where they are not given."""

    address: str
    min_ttl: int | None = None
    max_ttl: int | None = None

    def words(self) -> list[str]:
        limits = {"min_ttl": self.min_ttl, "max_ttl": self.max_ttl}
        return [
            self.address,
            *(word for name, value in limits.items() if value is not None for word in (name, str(value))),
        ]


Options = tuple[tuple[str, str], ...]


def _option_words(options: Options) -> list[str]:
    return [word for name, value in options for word in (name, *value.split()) if word]


@record
class Route(Entry):
    """A line of ``virtual_routes`` or ``static_routes``.

    ``options`` are in their order, by keepalived's present name for each (``via``, ``dev``,
    ``metric``, ``type``, …) with its words, joined by blanks; ``nexthops`` likewise, one for
    each hop of a multipath route.
    """

    destination: str | None
    options: Options = ()
    nexthops: tuple[Options, ...] = ()

    def option(self, name: str) -> str | None:
        """The words of an option, the last one given; None where it is not."""
        return next((value for key, value in reversed(self.options) if key == name), None)

    def words(self) -> list[str]:
        kind = self.option("type")
        found = [word for word in (kind, self.destination) if word is not None]
        found += _option_words(tuple(option for option in self.options if option[0] != "type"))
        for hop in self.nexthops:
            found += ["nexthop", *_option_words(hop)]
        return found


@record
class RoutingRule(Entry):
    """A line of ``virtual_rules`` or ``static_rules``.

    ``options`` are in their order, by keepalived's present name for each (``table``,
    ``preference``, ``iif``, …) with its word; an action without one has an empty string.
    """

    options: Options = ()

    def option(self, name: str) -> str | None:
        """The word of an option, the last one given; None where it is not."""
        return next((value for key, value in reversed(self.options) if key == name), None)

    def words(self) -> list[str]:
        return _option_words(self.options)


@record
class InterfaceDelay(Entry):
    """A line of ``interface_up_down_delays``; seconds."""

    interface: str
    down: float
    up: float = 0.0

    def words(self) -> list[str]:
        return [self.interface, *(format(Decimal(repr(float(time))).normalize(), "f") for time in (self.down, self.up))]


@record
class Linkbeat(Entry):
    """A line of ``linkbeat_interfaces``; ``method`` is MII, ETHTOOL or IOCTL, None to try all."""

    interface: str
    method: str | None = None

    def words(self) -> list[str]:
        return [self.interface, *([self.method] if self.method else [])]


@record
class GroupService(Entry):
    """A line of ``virtual_server_group``: an address or range with port, or a firewall mark."""

    address: str | None = None
    last: str | None = None
    prefix: int | None = None
    port: int | None = None
    fwmark: int | None = None
    family: int | None = None


@record
class ScriptCommand:
    """A command line as keepalived runs it: the program and its arguments, without a shell.

    ``text`` is how the file writes it, with user and group; None where it was not read from a file.
    """

    argv: tuple[str, ...]
    user: str | None = None
    group: str | None = None
    text: str | None = field(default=None, compare=False, repr=False)

    @property
    def program(self) -> str:
        return self.argv[0] if self.argv else ""

"""The one-line languages of value blocks as kinds; their grammar is ``grammar/values.lark``."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from havipcfg.keepalived import problems
from havipcfg.keepalived.declare import UNSET, Kind
from havipcfg.keepalived.entries import (
    InterfaceDelay,
    Linkbeat,
    Name,
    Route,
    RoutingRule,
    Tracker,
    UnicastPeer,
    VirtualAddress,
)
from havipcfg.keepalived.values import family, quoted

if TYPE_CHECKING:
    from havipcfg.keepalived.reading import Line


class EntryKind(Kind):
    """A kind whose values are entries, which know their words."""

    def write(self, value: Any) -> list[str]:
        return [quoted(word) for word in value.words()]


class NameEntry(EntryKind):
    """Any word, kept with its place."""

    def read(self, line: Line) -> Any:
        return Name(line.word(), statement=line.statement, word=line.first)

    def describe(self) -> str:
        return "NAME"


_FLAGS = frozenset(["home", "-nodad", "mngtmpaddr", "noprefixroute", "autojoin", "no_track", "use_vmac"])
_OPTIONS = {
    "dev": "dev", "scope": "scope", "brd": "broadcast", "broadcast": "broadcast", "label": "label", "peer": "peer",
    "preferred_lft": "preferred_lft", "track_group": "track_group",
}  # fmt: skip


class AddressEntry(EntryKind):
    """``ADDRESS[/PREFIX] {OPTION}``."""

    def __init__(self, *, static: bool = False) -> None:
        self.static = static

    def read(self, line: Line) -> Any:
        address, slash, length = line.word().partition("/")
        if family(address) is None:
            line.report(problems.not_an_address(line, 0))
            return UNSET
        prefix = int(length) if slash and length.isdecimal() else None
        found: dict[str, Any] = {}
        flags = []
        words = line.words[line.first + 1 :]
        while words:
            word = words.pop(0)
            if word in _FLAGS:
                flags.append(word)
            elif word in _OPTIONS and words:
                found[_OPTIONS[word]] = words.pop(0)
        return VirtualAddress(address, prefix, **found, flags=tuple(flags), statement=line.statement)

    def describe(self) -> str:
        return "ADDRESS[/PREFIX] [dev INTERFACE] …"


class _TrackerEntry(EntryKind):
    limit = 253

    def read(self, line: Line) -> Any:
        weight = reverse = None
        if line.has(2) and line.word(1) == "weight" and line.word(2).lstrip("+-").isdecimal():
            weight = int(line.word(2))
        if line.has(3):
            reverse = line.word(3) == "reverse"
        return Tracker(line.word(), weight, reverse, statement=line.statement)

    def describe(self) -> str:
        return f"NAME [weight -{self.limit}..{self.limit} [reverse]]"


class TrackInterfaceEntry(_TrackerEntry):
    """A line of ``track_interface``."""


class TrackScriptEntry(_TrackerEntry):
    """A line of ``track_script``."""


class TrackFileEntry(_TrackerEntry):
    """A line of ``track_file``."""

    limit = 254


class TrackProcessEntry(_TrackerEntry):
    """A line of ``track_process``."""

    limit = 254


class TrackBfdEntry(_TrackerEntry):
    """A line of ``track_bfd``."""


class UnicastPeerEntry(EntryKind):
    """``ADDRESS [min_ttl N] [max_ttl N]``."""

    def read(self, line: Line) -> Any:
        word = line.word()
        address = word.split("-", 1)[0] if "-" in word else word.split("/", 1)[0]
        if family(address) is None:
            line.report(problems.not_an_address(line, 0))
            return UNSET
        return UnicastPeer(address, statement=line.statement)

    def describe(self) -> str:
        return "ADDRESS [min_ttl 0..255] [max_ttl 0..255]"


class RouteEntry(EntryKind):
    """A route as ``ip route`` writes it."""

    def __init__(self, *, static: bool = False) -> None:
        self.static = static

    def read(self, line: Line) -> Any:
        return Route(line.word(), statement=line.statement)

    def describe(self) -> str:
        return "DESTINATION …"


class RuleEntry(EntryKind):
    """A routing rule as ``ip rule`` writes it."""

    def __init__(self, *, static: bool = False) -> None:
        self.static = static

    def read(self, line: Line) -> Any:
        return RoutingRule(statement=line.statement)

    def describe(self) -> str:
        return "SELECTOR … ACTION"


class InterfaceUpDownDelayEntry(EntryKind):
    """``INTERFACE DOWN [UP]``, seconds."""

    def read(self, line: Line) -> Any:
        return InterfaceDelay(line.word(), 0.0, statement=line.statement)

    def describe(self) -> str:
        return "INTERFACE DOWN [UP]"


class LinkbeatInterfaceEntry(EntryKind):
    """``INTERFACE [MII|ETHTOOL|IOCTL]``."""

    def read(self, line: Line) -> Any:
        return Linkbeat(line.word(), statement=line.statement)

    def describe(self) -> str:
        return "INTERFACE [MII|ETHTOOL|IOCTL]"


class VirtualServerGroupEntry(EntryKind):
    """``ADDRESS[-LAST|/PREFIX] [PORT]`` or ``fwmark N [inet|inet6]``."""

    @cached_property
    def _kind(self) -> Kind:
        from havipcfg.keepalived.lvs_values import GroupServiceKind

        return GroupServiceKind()

    def read(self, line: Line) -> Any:
        return self._kind.read(line)

    def write(self, value: Any) -> list[str]:
        return self._kind.write(value)

    def describe(self) -> str:
        return self._kind.describe()

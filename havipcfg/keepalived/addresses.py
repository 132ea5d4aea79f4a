"""Lines of ``virtual_ipaddress``, ``virtual_ipaddress_excluded`` and ``static_ipaddress``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from havipcfg.keepalived import problems
from havipcfg.keepalived.entries import VirtualAddress
from havipcfg.keepalived.names_of_iproute import SCOPES, is_named
from havipcfg.keepalived.reading import UNSET
from havipcfg.keepalived.values import UINT_MAX, family
from havipcfg.keepalived.words import Item, parse

if TYPE_CHECKING:
    from havipcfg.keepalived.reading import Line

_NUMBER = re.compile(r"(?:[ \t]*\+?[0-9]+)?\Z")
_DROPPED = "keepalived drops the address"
_IGNORED = "keepalived ignores the option"
_NAMES = ["dev", "scope", "brd", "broadcast", "label", "peer", "preferred_lft", "home", "-nodad", "mngtmpaddr"]
_NAMES += ["noprefixroute", "autojoin", "no_track"]


def read_prefix(line: Line, index: int, longest: int) -> tuple[str, int | None]:
    """The address and the prefix length of a word; a bad length is reported, and is the longest one."""
    address, slash, length = line.word(index).partition("/")
    if not slash:
        return address, None
    if _NUMBER.match(length) and len(length) < 25 and int(length or 0) <= longest:
        return address, int(length or 0)
    line.report(problems.bad_prefix(line, index, longest, f"keepalived takes /{longest}, without a subnet"))
    return address, longest


def read_address(line: Line, *, static: bool) -> Any:
    """An entry; UNSET where keepalived drops the line."""
    words = line.words
    address = words[0].partition("/")[0]
    found = family(address)
    if found is None:
        line.report(problems.not_an_address(line, 0))
        return UNSET
    prefix = read_prefix(line, 0, 32 if found == 4 else 128)[1] if len(address) != len(words[0]) else None
    if len(words) == 1:
        return VirtualAddress(address, prefix, statement=line.statement)
    if len(words) == 3 and words[1] == "dev":
        return VirtualAddress(address, prefix, words[2], statement=line.statement)
    parsed = parse("static_address" if static else "address", words, skip=True)
    if parsed.unknown:
        known = [*_NAMES, "track_group" if static else "use_vmac"]
        line.report(problems.unknown_option(line, parsed.unknown[0], known, "keepalived ignores this word"))
    if parsed.open >= 0:
        line.report(problems.option_without_value(line, parsed.open, _DROPPED))
        return UNSET
    reader = _Options(line, found, 32 if prefix is None and found == 4 else 128 if prefix is None else prefix)
    for item in parsed.items[1:]:
        if not reader.take(item):
            return UNSET
    if reader.peer is not None and prefix is not None and prefix != (32 if found == 4 else 128):
        fact = "an address with a peer takes no prefix length"
        line.report(problems.conflicting_options(line, 0, fact, "keepalived ignores the prefix length", "remove it"))
        prefix = None
    if reader.peer is not None and "broadcast" in reader.found:
        fact = "an address with a peer takes no broadcast address"
        at = next(item.start for item in parsed.items if item.name == "brd")
        line.report(problems.conflicting_options(line, at, fact, "keepalived ignores the broadcast address"))
        del reader.found["broadcast"]
    return VirtualAddress(
        address, prefix, **reader.found, peer=reader.peer, flags=tuple(reader.flags), statement=line.statement
    )


class _Options:
    """The options of one address as they are read."""

    def __init__(self, line: Line, family: int, prefix: int) -> None:
        self.line = line
        self.family = family
        self.prefix = prefix
        self.found: dict[str, Any] = {}
        self.flags: list[str] = []
        self.peer: str | None = None

    def take(self, item: Item) -> bool:
        """Read one option; False where keepalived drops the address for it."""
        if item.name in ("scope", "brd", "label", "peer", "preferred_lft", "dev"):
            return bool(getattr(self, f"_{item.name}")(item))
        if item.name == "track_group":
            self.found["track_group"] = item.value
        elif item.value not in self.flags:
            self.flags.append(item.value)
        return True

    def _dev(self, item: Item) -> bool:
        if "dev" in self.found:
            fact = "the address has an interface already"
            self.line.report(problems.conflicting_options(self.line, item.start, fact, _DROPPED, "keep one dev"))
            return False
        self.found["dev"] = item.value
        return True

    def _scope(self, item: Item) -> bool:
        if self.family == 6:
            self._not_for_ipv6(item, _IGNORED)
        elif is_named(item.value, SCOPES, 255):
            self.found["scope"] = item.value
        else:
            expected = "host, link, site, global, nowhere or a number from 0 to 255"
            self.line.report(problems.bad_option_value(self.line, item.at, "scope", expected, _IGNORED))
        return True

    def _brd(self, item: Item) -> bool:
        if self.family == 6:
            self._not_for_ipv6(item, _DROPPED)
            return False
        if item.value in ("+", "-"):
            if self.prefix > 30:
                expected = "possible: a network of this prefix length has no broadcast address"
                self.line.report(problems.bad_option_value(self.line, item.at, item.words[0], expected, _IGNORED))
                return True
        elif family(item.value) != 4:
            expected = "an IPv4 address, + or -"
            self.line.report(problems.bad_option_value(self.line, item.at, item.words[0], expected, _DROPPED))
            return False
        self.found["broadcast"] = item.value
        return True

    def _label(self, item: Item) -> bool:
        if self.family == 6:
            self._not_for_ipv6(item, _IGNORED)
        elif len(item.value.encode("utf-8", "surrogateescape")) > 15:
            self.line.report(
                problems.bad_option_value(self.line, item.at, "label", "at most 15 characters long", _DROPPED)
            )
            return False
        else:
            self.found["label"] = item.value
        return True

    def _peer(self, item: Item) -> bool:
        given = family(item.value)
        if self.peer is not None:
            fact = "the address has a peer already"
            self.line.report(problems.conflicting_options(self.line, item.start, fact, _IGNORED, "keep one peer"))
        elif given is None:
            self.line.report(
                problems.bad_option_value(self.line, item.at, "peer", "an IP address without prefix", _IGNORED)
            )
        elif given != self.family:
            expected = f"an IPv{self.family} address"
            self.line.report(problems.bad_option_value(self.line, item.at, "peer", expected, _IGNORED))
        else:
            self.peer = item.value
        return True

    def _preferred_lft(self, item: Item) -> bool:
        if item.value == "forever" or (_NUMBER.match(item.value) and int(item.value or 0) <= UINT_MAX):
            self.found["preferred_lft"] = item.value
        else:
            expected = f"forever or a number of seconds up to {UINT_MAX}"
            self.line.report(problems.bad_option_value(self.line, item.at, "preferred_lft", expected, _IGNORED))
        return True

    def _not_for_ipv6(self, item: Item, effect: str) -> None:
        fact = f"{item.words[0]} is for IPv4 addresses"
        self.line.report(problems.conflicting_options(self.line, item.start, fact, effect, f"remove {item.words[0]}"))

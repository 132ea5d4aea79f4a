"""Lines of ``virtual_routes`` and ``static_routes``."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from havipcfg.keepalived import problems
from havipcfg.keepalived.addresses import read_prefix
from havipcfg.keepalived.entries import Route
from havipcfg.keepalived.names_of_iproute import PROTOCOLS, SCOPES, SERVICES, TABLES, is_named
from havipcfg.keepalived.reading import UNSET
from havipcfg.keepalived.values import UINT_MAX, family
from havipcfg.keepalived.version import Version
from havipcfg.keepalived.words import Item, parse

if TYPE_CHECKING:
    from havipcfg.keepalived.reading import Line

DROPPED = "keepalived drops the route"
FATAL = "keepalived exits at this line, and nothing runs"
ANYWHERE = {"default": None, "any": None, "all": None, "default6": 6}
UNTRACKED_REPORTED_UNTIL = Version(2, 2, 8)
TIMES_CLAMPED_SINCE = Version(2, 3, 0)
OWN_PROTOCOL = ("keepalived", "18", "0x12", "022")
_TIME = re.compile(r"([0-9]*\.?[0-9]*)(s|secs?|ms|msecs?)?\Z")
_UNSIGNED = re.compile(r"(?:[ \t]*\+?[0-9]+)?\Z")
_REALM = re.compile(r"[0-9]+|[A-Za-z][\w-]*")
_KNOWN = ["via", "dev", "src", "table", "metric", "scope", "protocol", "mtu", "nexthop", "no_track", "onlink"]


def unsigned(low: int = 0, high: int = UINT_MAX) -> Callable[[str], bool]:
    """A test for decimal numbers of a range."""

    def test(word: str) -> bool:
        return bool(_UNSIGNED.match(word)) and len(word) < 25 and low <= int(word or 0) <= high

    return test


def is_realms(word: str) -> bool:
    """``[SOURCE/]DESTINATION``, each a number up to 65535 or a name that starts with a letter of more than one."""
    parts = word.split("/")
    return len(parts) <= 2 and all(part.isdecimal() and int(part) <= 65535 for part in parts)


def _is_time(word: str) -> bool:
    match = _TIME.match(word)
    return bool(match and match[1].strip("."))


def _is_labels(word: str) -> bool:
    parts = word.split("/")
    return all(part.isdecimal() and int(part) < 2**20 for part in parts)


def _is_locator(word: str) -> bool:
    return bool(re.fullmatch(r"[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{1,4}){3}", word))


_TESTS: dict[str, tuple[Callable[[str], bool], str]] = {
    "tos": (lambda word: is_named(word, SERVICES, 255), "a type of service: a number from 0 to 255"),
    "table": (lambda word: is_named(word, TABLES, None), "a number or one of iproute2's own tables"),
    "protocol": (lambda word: is_named(word, PROTOCOLS, 255), "a routing protocol: a name or a number from 0 to 255"),
    "route_scope": (lambda word: is_named(word, SCOPES, 255), "host, link, site, global, nowhere or 0 to 255"),
    "metric": (unsigned(), f"a number from 0 to {UINT_MAX}"),
    "expires": (unsigned(), "a number of seconds"),
    "hoplimit": (unsigned(0, 255), "a number from 0 to 255"),
    "realms": (is_realms, "[SOURCE/]DESTINATION, each from 0 to 65535"),
    "features": (lambda word: word == "ecn", "ecn"),
    "quickack": (unsigned(0, 1), "0 or 1"),
    "fastopen_no_cookie": (unsigned(0, 1), "0 or 1"),
    "ttl_propagate": (lambda word: word in ("enabled", "disabled"), "enabled or disabled"),
    "pref": (lambda word: word in ("low", "medium", "high") or unsigned(0, 255)(word), "low, medium, high or 0 to 255"),
    "weight": (unsigned(1, 256), "a number from 1 to 256"),
    "encap_mpls": (_is_labels, "labels up to 1048575 with / between them"),
    "encap_ila": (_is_locator, "four groups of hexadecimal digits"),
    **{name: (unsigned(), "a number") for name in ("mtu", "advmss", "reordering", "window", "cwnd", "ssthresh")},
    **{name: (unsigned(), "a number") for name in ("initcwnd", "initrwnd")},
    **dict.fromkeys(("rtt", "rttvar", "rto_min"), (_is_time, "a time such as 300ms or 1.5s")),
    "encap_id": (unsigned(0, 2**64 - 1), "a number"),
    "encap_tos": (lambda word: is_named(word, SERVICES, 255), "a number from 0 to 255"),
    "encap_tc": (lambda word: is_named(word, SERVICES, 255), "a number from 0 to 255"),
    "encap_ttl": (unsigned(0, 255), "a number from 0 to 255"),
    "encap_hoplimit": (unsigned(0, 255), "a number from 0 to 255"),
    "encap_flags": (unsigned(0, 65535), "a number from 0 to 65535"),
}
_PRESENT = {"oif": "dev", "hop_dev": "dev", "route_scope": "scope", "ttl_propagate": "ttl-propagate", "gw": "via"}
_SILENT = frozenset(["ADD", "APPEND", "PREPEND"])


def read_route(line: Line, *, static: bool) -> Any:
    """An entry; UNSET where keepalived drops the line."""
    parsed = parse("static_route" if static else "route", line.words)
    route = _Reader(line)
    for item in parsed.items:
        if not route.take(item):
            return UNSET
    if parsed.unknown:
        effect = "keepalived ignores the rest of the line" if "nexthop" in line.words else DROPPED
        line.report(problems.unknown_option(line, parsed.unknown[0], _KNOWN, effect))
        if effect == DROPPED:
            return UNSET
    if parsed.open >= 0:
        line.report(problems.option_without_value(line, parsed.open, FATAL))
        return UNSET
    return route.finished(static)


class _Reader:
    """A route as its options are read."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.destination: str | None = None
        self.family: int | None = None
        self.options: list[tuple[str, str]] = []
        self.nexthops: list[tuple[tuple[str, str], ...]] = []

    def take(self, item: Item) -> bool:
        """Read one option; False where keepalived drops the route for it."""
        name = item.name
        if name == "destination":
            return self._destination(item)
        if name == "type":
            self.options.append(("type", item.words[0]))
            return self._destination(item)
        if name == "inet":
            return self._inet(item)
        if name == "nexthop":
            return self._nexthop(item)
        if name in ("via", "gw", "or", "src", "from"):
            return self._address(item)
        if name == "as":
            fact = "as is for MPLS, which keepalived does not set"
            self.line.report(problems.conflicting_options(self.line, item.start, fact, "keepalived ignores it"))
            return True
        if name == "encap":
            return self._encap(item, self.options)
        return self._plain(item, self.options)

    def _bad(self, item: Item, expected: str) -> bool:
        option = item.words[0]
        self.line.report(problems.bad_option_value(self.line, item.at, option, expected, DROPPED))
        return False

    def _plain(self, item: Item, options: list[tuple[str, str]]) -> bool:
        test = _TESTS.get(item.name)
        if test is not None and not test[0](item.value):
            return self._bad(item, test[1])
        if item.name == "rtt" and self.line.target >= TIMES_CLAMPED_SINCE:
            self._clamped(item)
        name = _PRESENT.get(item.name, item.words[0] if item.name in _SILENT else item.name)
        words = item.words[1:]
        options.append((name, " ".join(words)))
        return True

    def _clamped(self, item: Item) -> None:
        match = _TIME.match(item.value)
        assert match is not None
        scale = 1 / 8000 if match[2] is None else 1 / 1000 if match[2][0] == "m" else 1.0
        if not 0.2 <= float(match[1]) * scale <= 120:
            effect = "keepalived uses the nearest value instead"
            self.line.report(problems.bad_option_value(self.line, item.at, "rtt", "from 200ms to 120s", effect))

    def _same_family(self, item: Item, found: int | None) -> bool:
        if found is None or self.family in (None, found):
            self.family = found or self.family
            return True
        fact = f"{item.value} is an IPv{found} address in an IPv{self.family} route"
        self.line.report(problems.conflicting_options(self.line, item.at, fact, DROPPED, "use one family in a route"))
        return False

    def _destination(self, item: Item) -> bool:
        word = item.value
        if word in ANYWHERE:
            self.destination = word
            return self._same_family(item, ANYWHERE[word])
        if word.isdecimal() and item.name == "destination":
            if item.at == len(self.line.words) - 1:
                self.line.report(problems.option_without_value(self.line, item.at, FATAL))
                return False
            self.options.append(("type", word))
            return True
        found = family(word.partition("/")[0])
        if found is None:
            effect = DROPPED
            self.line.report(problems.unknown_option(self.line, item.at, _KNOWN, effect))
            return False
        address, prefix = read_prefix(self.line, item.at, 32 if found == 4 else 128)
        self.destination = address if prefix is None else f"{address}/{prefix}"
        return self._same_family(item, found)

    def _inet(self, item: Item) -> bool:
        wanted = 6 if item.words[0] == "inet6" else 4
        if len(item.words) > 1:
            self.line.report(problems.lost_word(self.line, item.at))
        if self.family not in (None, wanted):
            fact = f"{item.words[0]} in an IPv{self.family} route"
            self.line.report(problems.conflicting_options(self.line, item.start, fact, DROPPED, "remove it"))
            return False
        self.family = wanted
        return True

    def _address(self, item: Item) -> bool:
        name = item.name
        if name in ("gw", "or"):
            instead = "via" if name == "gw" else "nexthop via"
            self.line.report(problems.deprecated_option(self.line, item.start, instead))
        address = item.value.partition("/")[0] if name == "from" else item.value
        found = family(address)
        if found is None:
            return self._bad(item, "an IP address")
        if name == "from":
            if found == 4:
                return self._bad(item, "an IPv6 address")
            read_prefix(self.line, item.at, 128)
        if not self._same_family(item, found):
            return False
        if name == "or":
            self.nexthops.append((("via", item.value),))
        else:
            self.options.append((_PRESENT.get(name, name), item.value))
        return True

    def _encap(self, item: Item, options: list[tuple[str, str]]) -> bool:
        kind = item.inside[-1]
        if kind.name in ("encap_mpls", "encap_ila"):
            if not _TESTS[kind.name][0](kind.value):
                return self._bad(kind, _TESTS[kind.name][1])
        else:
            wanted = 6 if kind.name == "encap_ip6" else 4
            for part in kind.inside[1:]:
                if part.name in ("encap_dst", "encap_src"):
                    if family(part.value) != wanted:
                        return self._bad(part, f"an IPv{wanted} address")
                elif not _TESTS[part.name][0](part.value):
                    return self._bad(part, _TESTS[part.name][1])
            if not {"encap_dst", "encap_id"} & {part.name for part in kind.inside}:
                what = f"encap {kind.words[0]} has neither dst nor id"
                self.line.report(problems.incomplete_entry(self.line, what, DROPPED, "add one of them"))
                return False
        options.append(("encap", " ".join(item.words[1:])))
        return True

    def _nexthop(self, item: Item) -> bool:
        hop: list[tuple[str, str]] = []
        for part in item.inside[1:]:
            if part.name == "via":
                found = family(part.value)
                if found is None:
                    return self._bad(part, "an IP address")
                if not self._same_family(part, found):
                    return False
                hop.append(("via", part.value))
            elif part.name == "encap":
                if not self._encap(part, hop):
                    return False
            elif not self._plain(part, hop):
                return False
        self.nexthops.append(tuple(hop))
        return True

    def finished(self, static: bool) -> Any:
        """The route, after what its options mean together."""
        line, names = self.line, {name for name, _ in self.options}
        if self.destination is None:
            what = "the route has no destination"
            line.report(problems.incomplete_entry(line, what, DROPPED, "name a network, or default"))
            return UNSET
        for only in ("expires", "pref"):
            if only in names and self.family == 4:
                return self._only(only, 6)
        if "realms" in names and self.family == 6:
            return self._only("realms", 4)
        tracked = "no_track" not in names
        protocol = next((value for name, value in self.options if name == "protocol"), "keepalived")
        if tracked and protocol not in OWN_PROTOCOL:
            fact = f"keepalived cannot watch a route of protocol {protocol}"
            effect = "keepalived sets its own protocol instead"
            line.report(problems.untracked(line, line.words.index("protocol"), fact, effect, "add no_track"))
            self.options = [option for option in self.options if option[0] != "protocol"]
        if tracked and "dev" not in names:
            if line.target < UNTRACKED_REPORTED_UNTIL:
                fact = "keepalived cannot watch a route without interface"
                effect = "when somebody removes the route, keepalived does not see it"
                line.report(problems.untracked(line, 0, fact, effect, "add dev INTERFACE, or no_track"))
            if static and "track_group" in names:
                fact = "a track_group needs an interface"
                effect = "keepalived ignores the track_group"
                at = line.words.index("track_group")
                line.report(problems.untracked(line, at, fact, effect, "add dev INTERFACE"))
        return Route(self.destination, tuple(self.options), tuple(self.nexthops), statement=line.statement)

    def _only(self, option: str, wanted: int) -> Any:
        at = self.line.words.index(option)
        fact = f"{option} is for IPv{wanted} routes"
        self.line.report(problems.conflicting_options(self.line, at, fact, DROPPED, f"remove {option}"))
        return UNSET

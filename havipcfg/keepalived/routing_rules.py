"""Lines of ``virtual_rules`` and ``static_rules``."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from havipcfg.keepalived import problems
from havipcfg.keepalived.addresses import read_prefix
from havipcfg.keepalived.entries import RoutingRule
from havipcfg.keepalived.names_of_iproute import GROUPS, IP_PROTOCOLS, SERVICES, TABLES, is_named, number
from havipcfg.keepalived.reading import UNSET
from havipcfg.keepalived.routes import ANYWHERE, FATAL, is_realms, unsigned
from havipcfg.keepalived.values import UINT_MAX, family
from havipcfg.keepalived.words import Item, parse

if TYPE_CHECKING:
    from havipcfg.keepalived.reading import Line

_DROPPED = "keepalived drops the rule"
_IGNORED = "keepalived ignores the option"
_RANGE = re.compile(r"([0-9]+)-([0-9]+)\Z")
_KNOWN = ["from", "to", "iif", "oif", "fwmark", "table", "lookup", "preference", "priority", "ipproto", "tos", "not"]
_KNOWN += ["goto", "blackhole", "unreachable", "prohibit", "nop", "l3mdev", "sport", "dport", "uidrange", "no_track"]


def _is_preference(word: str) -> bool:
    value = number(word)
    return value is not None and 0 <= value <= UINT_MAX


def _is_mark(word: str) -> bool:
    parts = [number(part) for part in word.split("/")]
    return len(parts) <= 2 and all(part is not None and 0 <= part <= UINT_MAX for part in parts)


def _is_range(most: int) -> Callable[[str], bool]:
    def test(word: str) -> bool:
        match = _RANGE.match(word)
        return bool(match) and all(int(part) <= most for part in word.split("-"))

    return test


_TESTS: dict[str, tuple[Callable[[str], bool], str]] = {
    "rule_table": (lambda word: is_named(word, TABLES, None), "a number or one of iproute2's own tables"),
    "preference": (_is_preference, f"a number from 0 to {UINT_MAX}"),
    "tos": (lambda word: is_named(word, SERVICES, 255), "a type of service: a number from 0 to 255"),
    "fwmark": (_is_mark, "MARK[/MASK]"),
    "realms": (is_realms, "[SOURCE/]DESTINATION, each from 0 to 65535"),
    "suppress_prefixlength": (unsigned(0, 2**31 - 1), "a prefix length"),
    "suppress_ifgroup": (lambda word: is_named(word, GROUPS, UINT_MAX), "a number or default"),
    "tunnel_id": (unsigned(0, 2**64 - 1), "a number"),
    "uidrange": (_is_range(UINT_MAX), "FIRST-LAST"),
    "goto": (unsigned(), f"a number from 0 to {UINT_MAX}"),
}
_KEPT: dict[str, tuple[Callable[[str], bool], str]] = {
    "rule_protocol": (unsigned(0, 255), "a number from 0 to 255"),
    "ipproto": (lambda word: is_named(word, IP_PROTOCOLS, 255), "an IP protocol: a name or a number from 0 to 255"),
    "sport": (_is_range(65535), "FIRST-LAST, also for a single port"),
    "dport": (_is_range(65535), "FIRST-LAST, also for a single port"),
}
_PRESENT = {"rule_table": "table", "rule_oif": "oif", "rule_protocol": "protocol", "tunnel_id": "tunnel-id"}
_ACTIONS = ("table", "goto", "nop", "blackhole", "unreachable", "prohibit", "l3mdev")


def read_rule(line: Line, *, static: bool) -> Any:
    """An entry; UNSET where keepalived drops the line."""
    parsed = parse("static_rule" if static else "rule", line.words)
    rule = _Reader(line)
    for item in parsed.items:
        if not rule.take(item):
            return UNSET
    if parsed.unknown:
        line.report(problems.unknown_option(line, parsed.unknown[0], _KNOWN, _DROPPED))
        return UNSET
    if parsed.open >= 0:
        line.report(problems.option_without_value(line, parsed.open, FATAL))
        return UNSET
    return rule.finished(static)


class _Reader:
    """A rule as its options are read."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.family: int | None = None
        self.action = ""
        self.places: dict[str, int] = {}
        self.options: list[tuple[str, str]] = []

    def take(self, item: Item) -> bool:
        """Read one option; False where keepalived drops the rule for it."""
        name = item.name
        if name == "inet":
            if len(item.words) > 1:
                self.line.report(problems.lost_word(self.line, item.at))
            return self._same_family(item, 6 if item.words[0] == "inet6" else 4)
        if name in ("from", "to"):
            return self._address(item)
        for tests, kept in ((_TESTS, False), (_KEPT, True)):
            test = tests.get(name)
            if test is not None and not test[0](item.value):
                effect = _IGNORED if kept else _DROPPED
                self.line.report(problems.bad_option_value(self.line, item.at, item.words[0], test[1], effect))
                return kept
        present = item.value if name == "action" else _PRESENT.get(name, name)
        if present == "table":
            zero = number(item.value)
            if item.value == "unspec" or (zero is not None and zero % 2**32 == 0):
                expected = "a table: 0 is none"
                self.line.report(problems.bad_option_value(self.line, item.at, item.words[0], expected, _DROPPED))
                return False
        if present in _ACTIONS:
            if self.action:
                fact = f"the rule has the action {self.action} already"
                advice = "keep one action"
                self.line.report(problems.conflicting_options(self.line, item.start, fact, _DROPPED, advice))
                return False
            self.action = present
        self.places[present] = item.start
        self.options.append((present, item.value if len(item.words) > 1 and name != "action" else ""))
        return True

    def _same_family(self, item: Item, found: int | None) -> bool:
        if found is not None and self.family not in (None, found):
            fact = f"{item.value} makes a rule of IPv{self.family} one of IPv{found} too"
            advice = "use one family in a rule"
            self.line.report(problems.conflicting_options(self.line, item.at, fact, _DROPPED, advice))
            return False
        self.family = found or self.family
        return True

    def _address(self, item: Item) -> bool:
        word = item.value
        found: int | None
        if word in ANYWHERE:
            found = ANYWHERE[word]
        else:
            found = family(word.partition("/")[0])
            if found is None:
                self.line.report(
                    problems.bad_option_value(self.line, item.at, item.name, "an IP address or network", _DROPPED)
                )
                return False
            address, prefix = read_prefix(self.line, item.at, 32 if found == 4 else 128)
            word = address if prefix is None else f"{address}/{prefix}"
        self.options.append((item.name, word))
        return self._same_family(item, found)

    def _value(self, name: str) -> str | None:
        return next((value for option, value in reversed(self.options) if option == name), None)

    def finished(self, static: bool) -> Any:
        """The rule, after what its options mean together."""
        line = self.line
        problem = self._refused()
        if problem is not None:
            line.report(problem)
            return UNSET
        if "preference" not in self.places:
            what = "the rule has no preference"
            effect = "keepalived numbers it itself, from 16384 downwards"
            line.report(problems.incomplete_entry(line, what, effect, "add preference NUMBER"))
        protocol = self._value("protocol")
        if protocol is not None and "no_track" not in self.places and int(protocol) != 18:
            fact = f"keepalived cannot watch a rule of protocol {protocol}"
            effect = "keepalived sets its own protocol instead"
            line.report(problems.untracked(line, self.places["protocol"], fact, effect, "add no_track"))
            self.options = [option for option in self.options if option[0] != "protocol"]
        if static and "track_group" in self.places and "iif" not in self.places:
            fact = "a track_group needs an interface"
            effect = "keepalived ignores the track_group"
            line.report(problems.untracked(line, self.places["track_group"], fact, effect, "add iif INTERFACE"))
        return RoutingRule(tuple(self.options), statement=line.statement)

    def _refused(self) -> Any:
        line, places = self.line, self.places
        if not self.action:
            advice = "add table TABLE, or another action"
            return problems.incomplete_entry(line, "the rule has no action", _DROPPED, advice)
        if "realms" in places and self.family == 6:
            fact = "realms is for IPv4 rules"
            return problems.conflicting_options(line, places["realms"], fact, _DROPPED, "remove realms")
        for name in ("realms", "suppress_prefixlength", "suppress_ifgroup"):
            if name in places and self.action not in ("table", "l3mdev"):
                fact = f"{name} needs the action table"
                return problems.conflicting_options(line, places[name], fact, _DROPPED, f"remove {name}")
        if self.action == "goto":
            target, preference = int(self._value("goto") or 0), self._value("preference")
            if preference is None:
                return problems.incomplete_entry(line, "goto needs a preference", _DROPPED, "add preference NUMBER")
            if (number(preference) or 0) >= target:
                fact = f"goto {target} leads backwards from preference {preference}"
                return problems.conflicting_options(line, places["goto"], fact, _DROPPED, "name a higher number")
        return None

"""One line of a value block as a kind; ``grammar/values.lark`` says what it may hold."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from havipcfg.keepalived import problems
from havipcfg.keepalived.entries import InterfaceDelay, Linkbeat, Name, Tracker, UnicastPeer
from havipcfg.keepalived.reading import UNSET, Kind
from havipcfg.keepalived.values import Integer, Seconds, Unsigned, family, plain_address, quoted
from havipcfg.keepalived.words import parse

if TYPE_CHECKING:
    from havipcfg.keepalived.reading import Line

ENTRY_IGNORED = "keepalived ignores the line"
WORD_IGNORED = "keepalived ignores this word"
VALUE_IGNORED = "keepalived ignores the option"


class EntryKind(Kind):
    """A kind whose values are entries, which know their words.

    ``named``: a second entry of the same ``name`` in the block is reported and ignored.
    """

    named = False

    def write(self, value: Any) -> list[str]:
        return [quoted(word) for word in value.words()]


class NameEntry(EntryKind):
    """Any word, kept with its place."""

    def read(self, line: Line) -> Any:
        return Name(line.word(), statement=line.statement, word=line.first)

    def describe(self) -> str:
        return "NAME"


class AddressEntry(EntryKind):
    """``ADDRESS[/PREFIX] {OPTION}``."""

    def __init__(self, *, static: bool = False) -> None:
        self.static = static

    def read(self, line: Line) -> Any:
        from havipcfg.keepalived.addresses import read_address

        return read_address(line, static=self.static)

    def describe(self) -> str:
        last = "track_group GROUP" if self.static else "use_vmac"
        return (
            "ADDRESS[/PREFIX] [dev INTERFACE] [scope SCOPE] [brd ADDRESS|+|-] [label LABEL] [peer ADDRESS] "
            "[preferred_lft SECONDS|forever] [home] [-nodad] [mngtmpaddr] [noprefixroute] [autojoin] [no_track] "
            f"[{last}]"
        )


class _TrackerEntry(EntryKind):
    """``NAME [weight N [reverse|noreverse]]``.

    ``limit`` is the largest weight; ``clamped``: one more is reported and becomes the limit.
    """

    named = True
    limit = 253
    clamped = False
    language = "tracker"

    def read(self, line: Line) -> Any:
        words = line.words
        count = len(words)
        if count == 1:
            return Tracker(words[0], statement=line.statement)
        weight = reverse = None
        if count == 3 and words[1] == "weight":
            weight = self._weight(line)
            return Tracker(words[0], weight, statement=line.statement)
        parsed = parse(self.language, words)
        if count > 2 and words[1] == "weight":
            weight = self._weight(line)
        if parsed.unknown:
            known = ["reverse", "noreverse"] if parsed.unknown[0] == 3 else ["weight"]
            line.report(problems.unknown_option(line, parsed.unknown[0], known, ENTRY_IGNORED))
            return UNSET
        if parsed.open >= 0:
            line.report(problems.option_without_value(line, parsed.open, ENTRY_IGNORED))
            return UNSET
        reverse = words[3] == "reverse"
        return Tracker(words[0], weight, reverse, statement=line.statement)

    def _weight(self, line: Line) -> int | None:
        """The weight, or None where keepalived goes on with that of what is tracked."""
        most = self.limit + 1 if self.clamped else self.limit
        value = _quiet(Integer(-most, most, strict=True), line, 2)
        if value is UNSET:
            expected = f"a number from -{self.limit} to {self.limit}"
            effect = "keepalived uses the weight of what is tracked"
            line.report(problems.bad_option_value(line, 2, "weight", expected, effect))
            return None
        if abs(value) > self.limit:
            taken = self.limit if value > 0 else -self.limit
            expected = f"a number from -{self.limit} to {self.limit}"
            line.report(problems.bad_option_value(line, 2, "weight", expected, f"keepalived uses {taken} instead"))
            return taken
        return int(value)

    def describe(self) -> str:
        return f"NAME [weight -{self.limit}..{self.limit} [reverse|noreverse]]"


def _quiet(number: Unsigned, line: Line, index: int) -> Any:
    """Read a number without a report of its own."""
    kept = line.problems
    line.problems = []
    value = number.read_word(line, index)
    good = not line.problems
    line.problems = kept
    return value if good else UNSET


class TrackInterfaceEntry(_TrackerEntry):
    """A line of ``track_interface``."""

    clamped = True
    language = "interface_tracker"

    def describe(self) -> str:
        return "INTERFACE [weight -253..253 [reverse]]"


class TrackScriptEntry(_TrackerEntry):
    """A line of ``track_script``."""

    clamped = True


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
        address = plain_address(line.word())
        if family(address) is None:
            line.report(problems.not_an_address(line, 0))
            return UNSET
        if len(line.words) == 1:
            return UnicastPeer(address, statement=line.statement)
        parsed = parse("peer_line", line.words)
        limits: dict[str, int] = {}
        for item in parsed.items[1:]:
            value = _quiet(Unsigned(0, 255, strict=True), line, item.at)
            if value is UNSET:
                line.report(
                    problems.bad_option_value(line, item.at, item.name, "a number from 0 to 255", VALUE_IGNORED)
                )
            else:
                limits[item.name] = value
        if parsed.unknown:
            effect = "keepalived ignores the rest of the line"
            line.report(problems.unknown_option(line, parsed.unknown[0], ["min_ttl", "max_ttl"], effect))
        elif parsed.open >= 0:
            line.report(problems.option_without_value(line, parsed.open, VALUE_IGNORED))
        low, high = limits.get("min_ttl"), limits.get("max_ttl")
        if low is not None and high is not None and low > high:
            fact = f"min_ttl {low} is more than max_ttl {high}"
            effect = "every advert of this peer is dropped"
            line.report(problems.conflicting_options(line, 1, fact, effect, "swap them"))
        return UnicastPeer(address, low, high, statement=line.statement)

    def describe(self) -> str:
        return "ADDRESS [min_ttl 0..255] [max_ttl 0..255]"


class RouteEntry(EntryKind):
    """A route as ``ip route`` writes it."""

    def __init__(self, *, static: bool = False) -> None:
        self.static = static

    def read(self, line: Line) -> Any:
        from havipcfg.keepalived.routes import read_route

        return read_route(line, static=self.static)

    def describe(self) -> str:
        return "[TYPE] DESTINATION [via ADDRESS] [dev INTERFACE] … as in ip-route(8)"


class RuleEntry(EntryKind):
    """A routing rule as ``ip rule`` writes it."""

    def __init__(self, *, static: bool = False) -> None:
        self.static = static

    def read(self, line: Line) -> Any:
        from havipcfg.keepalived.routing_rules import read_rule

        return read_rule(line, static=self.static)

    def describe(self) -> str:
        return "[from ADDRESS] [to ADDRESS] … table TABLE preference NUMBER as in ip-rule(8)"


class InterfaceUpDownDelayEntry(EntryKind):
    """``INTERFACE DOWN [UP]``, seconds."""

    def read(self, line: Line) -> Any:
        parsed = parse("delay", line.words)
        if parsed.open >= 0:
            line.report(
                problems.incomplete_entry(
                    line, "no delay is given", ENTRY_IGNORED, "add the seconds before down counts", reported=False
                )
            )
            return UNSET
        times = Seconds("0", "255")
        down = times.read_word(line, 1)
        up = times.read_word(line, 2) if down is not UNSET and line.has(2) else 0.0
        if down is UNSET or up is UNSET:
            return UNSET
        if line.has(3):
            line.report(problems.ignored_words(line, 3))
        return InterfaceDelay(line.word(), down, up, statement=line.statement)

    def describe(self) -> str:
        return "INTERFACE 0..255 [0..255]"


class LinkbeatInterfaceEntry(EntryKind):
    """``INTERFACE [MII|ETHTOOL|IOCTL]``."""

    def read(self, line: Line) -> Any:
        parsed = parse("linkbeat", line.words)
        method = None
        if parsed.unknown:
            effect = "keepalived ignores the words and tries all methods"
            line.report(problems.unknown_option(line, parsed.unknown[0], ["MII", "ETHTOOL", "IOCTL"], effect))
        elif len(parsed.items) > 1:
            method = parsed.items[1].value
        return Linkbeat(line.word(), method, statement=line.statement)

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

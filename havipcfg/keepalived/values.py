"""The simple kinds of value: flags, numbers, times, words, addresses.

They accept exactly what keepalived's own helpers accept (decimal digits only, no units, a
leading ``+`` allowed, an empty string is 0); see ``docs/fidelity.md``.
"""

from __future__ import annotations

import re
from _socket import AF_INET, AF_INET6, inet_pton
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from havipcfg.keepalived import problems
from havipcfg.keepalived.reading import UNSET, Kind

if TYPE_CHECKING:
    from havipcfg.keepalived.reading import Line

BOOLEANS = {"on": True, "true": True, "yes": True, "off": False, "false": False, "no": False}
_INTEGER = re.compile(r"[ \t\n\r\f\v]*([+-]?)([0-9]*)(.*)\Z", re.DOTALL)
_DECIMAL = re.compile(r"[ \t\n\r\f\v]*([+-]?)([0-9]*)(?:\.([0-9]*))?(.*)\Z", re.DOTALL)
UINT_MAX = 2**32 - 1
_HUGE = 10**25


class Flag(Kind):
    """A keyword that needs no value."""

    least = 0
    most = 0

    def read(self, line: Line) -> Any:  # noqa: ARG002
        return True

    def write(self, value: Any) -> list[str]:  # noqa: ARG002
        return []

    def describe(self) -> str:
        return ""


class Bool(Kind):
    """``on true yes off false no``; true where the word is left out, unless ``least`` is 1.

    ``sticky``: keepalived takes every one of these words for ``on``.
    """

    most = 1

    def __init__(self, least: int = 0, *, sticky: bool = False) -> None:
        self.least = least
        self.sticky = sticky

    def read(self, line: Line) -> Any:
        if not line.has(0):
            return True
        value = BOOLEANS.get(line.word())
        if value is None:
            line.report(problems.not_a_choice(line, 0, list(BOOLEANS)))
            return UNSET
        if self.sticky and not value:
            line.report(problems.flag_not_off(line))
            return True
        return value

    def write(self, value: Any) -> list[str]:
        return ["true" if value else "false"]

    def describe(self) -> str:
        return "[on|off|true|false|yes|no]" if not self.least else "on|off|true|false|yes|no"


class Unsigned(Kind):
    """A whole number, not negative, in decimal digits.

    A running keepalived takes the digits that a wrong word starts with, unless ``strict``.
    ``at_zero``: 0 is reported, and this is taken instead; ``clamp``: a number outside the
    range becomes the nearest inside; ``kept``: it is reported and used all the same.
    """

    most = 1

    def __init__(
        self,
        low: int = 0,
        high: int = UINT_MAX,
        *,
        strict: bool = False,
        at_zero: int | None = None,
        clamp: bool = False,
        kept: bool = False,
    ) -> None:
        self.low = low
        self.high = high
        self.strict = strict
        self.at_zero = at_zero
        self.clamp = clamp
        self.kept = kept

    def read(self, line: Line) -> Any:
        return self.read_word(line, 0)

    def read_word(self, line: Line, index: int) -> Any:
        """Read the value word at ``index``; what keepalived takes instead, and a report, where it is no such number."""
        word = line.words[line.first + index]
        if word.isdecimal() and word.isascii() and len(word) < 25:
            value = int(word)
            if self.low <= value <= self.high:
                return value
        match = _INTEGER.match(word)
        assert match is not None
        sign, digits, rest = match.groups()
        value = int(digits or 0) if len(digits) < 25 else _HUGE
        value = -value if sign == "-" else value
        if rest or (sign and not digits):
            taken = self._taken(line, value) if digits and not self.strict else line.keyword.beyond
            line.report(problems.not_a_number(line, index, "a whole number", taken))
            return taken
        if not self._negative and sign == "-":
            line.report(problems.out_of_range(line, index, self.low, self.high))
            return line.keyword.beyond
        taken = self._taken(line, value)
        if taken is UNSET or taken != value or not self.low <= value <= self.high:
            line.report(problems.out_of_range(line, index, self.low, self.high, taken))
        return taken

    _negative = False

    def _taken(self, line: Line, value: int) -> Any:
        if self.low <= value <= self.high or (self.kept and abs(value) < 2**31):
            return value
        if value == 0 and self.at_zero is not None:
            return self.at_zero
        if self.clamp and abs(value) < 2**31:
            return self.low if value < self.low else self.high
        return line.keyword.beyond

    def describe(self) -> str:
        return f"{self.low}..{self.high}"

    def constraints(self) -> Mapping[str, Any]:
        return {"ge": self.low, "le": self.high}


class Integer(Unsigned):
    """A whole number that may be negative."""

    _negative = True


class Seconds(Kind):
    """A time in seconds, in decimal notation without exponent or unit.

    A running keepalived takes a whole number with something behind it as a count of its
    smallest unit. ``at_zero``: 0 is reported, and this is taken instead.
    """

    most = 1

    def __init__(
        self, low: str = "0", high: str = "18446744073709.551614", decimals: int = 6, *, at_zero: float | None = None
    ) -> None:
        self.low = Decimal(low)
        self.high = Decimal(high)
        self.decimals = decimals
        self.at_zero = at_zero

    def read(self, line: Line) -> Any:
        return self.read_word(line, 0)

    def read_word(self, line: Line, index: int) -> Any:
        """Read the value word at ``index`` as a float of seconds."""
        match = _DECIMAL.match(line.words[line.first + index])
        assert match is not None
        sign, whole, fraction, rest = match.groups()
        if rest or (sign and not (whole or fraction)):
            taken = line.keyword.beyond
            if whole and fraction is None and sign != "-":
                smallest = Decimal(whole).scaleb(-self.decimals)
                taken = float(smallest) if self.low <= smallest <= self.high else taken
            line.report(problems.not_a_number(line, index, "a number of seconds", taken))
            return taken
        value = Decimal(f"{whole or 0}.{fraction or 0}")
        if sign == "-" or not self.low <= value <= self.high:
            line.report(problems.out_of_range(line, index, self.low, self.high))
            return line.keyword.beyond
        if value == 0 and self.at_zero is not None:
            line.report(problems.out_of_range(line, index, f"more than {self.low}", self.high, self.at_zero))
            return self.at_zero
        if fraction and len(fraction) > self.decimals:
            value = round(value, self.decimals)
            line.report(problems.too_many_decimals(line, index, self.decimals, float(value)))
        return float(value)

    def write(self, value: Any) -> list[str]:
        return [format(Decimal(repr(float(value))).normalize(), "f")]

    def describe(self) -> str:
        return f"{self.low}..{self.high} s"

    def constraints(self) -> Mapping[str, Any]:
        return {"gt" if self.at_zero is not None else "ge": float(self.low), "le": float(self.high)}


class Word(Kind):
    """Any one word.

    ``longest``: only so many bytes of it count; ``optional``: what it stands for where it is
    left out, so that it may be; ``filled``: an empty one (``""``) is reported and ignored.
    """

    most = 1

    def __init__(
        self, form: str = "NAME", longest: int | None = None, *, optional: str | None = None, filled: bool = False
    ) -> None:
        self.form = form
        self.longest = longest
        self.optional = optional
        self.filled = filled
        if optional is not None:
            self.least = 0

    def read(self, line: Line) -> Any:
        if self.optional is not None and not line.has(0):
            return self.optional
        word = line.word()
        if self.filled and not word:
            line.report(problems.missing_value(line, 1))
            return UNSET
        if self.longest is not None and len(word.encode("utf-8", "surrogateescape")) > self.longest:
            line.report(problems.too_long(line, 0, self.longest))
            return word.encode("utf-8", "surrogateescape")[: self.longest].decode("utf-8", "surrogateescape")
        return word

    def write(self, value: Any) -> list[str]:
        return [quoted(value)]

    def describe(self) -> str:
        return self.form if self.optional is None else f"[{self.form}]"

    def constraints(self) -> Mapping[str, Any]:
        return {} if self.longest is None else {"max_length": self.longest}


class Words(Kind):
    """One word or more."""

    def __init__(self, form: str = "WORD …", least: int = 1) -> None:
        self.form = form
        self.least = least

    def read(self, line: Line) -> Any:
        return tuple(line.words[line.first :])

    def write(self, value: Any) -> list[str]:
        return [quoted(word) for word in value]

    def describe(self) -> str:
        return self.form


class Choice(Kind):
    """One of a few words.

    ``fallback`` is what keepalived takes for any other one; ``optional`` what it takes where
    the word is left out, so that it may be.
    """

    most = 1

    def __init__(self, *values: str, any_case: bool = False, fallback: Any = UNSET, optional: Any = UNSET) -> None:
        self.values = values
        self.any_case = any_case
        self.fallback = fallback
        self.optional = optional
        if optional is not UNSET:
            self.least = 0

    def read(self, line: Line) -> Any:
        if self.optional is not UNSET and not line.has(0):
            return self.optional
        word = line.word()
        if word in self.values:
            return word
        if self.any_case:
            for value in self.values:
                if value.lower() == word.lower():
                    return value
        line.report(problems.not_a_choice(line, 0, self.values, self.fallback))
        return self.fallback

    def write(self, value: Any) -> list[str]:
        return [] if value == self.optional and value not in self.values else [str(value)]

    def describe(self) -> str:
        form = "|".join(self.values)
        return form if self.optional is UNSET else f"[{form}]"


class Interface(Word):
    """The name of a network interface: at most 15 bytes, a longer one is ignored, as an empty one is."""

    def __init__(self) -> None:
        super().__init__("INTERFACE", 15)

    def read(self, line: Line) -> Any:
        word = line.word()
        if not word or len(word) > 15 or (not word.isascii() and len(word.encode("utf-8", "surrogateescape")) > 15):
            line.report(problems.interface_too_long(line, 0))
            return UNSET
        return word


class Address(Kind):
    """An IP address. Like keepalived, silently cuts everything from the first ``-``, else from the first ``/``.

    ``multicast``: no other address is taken; ``family``: only 4 or 6; ``link_local``: an IPv6
    group beyond the link is reported, and used.
    """

    most = 1

    def __init__(self, *, multicast: bool = False, family: int | None = None, link_local: bool = False) -> None:
        self.multicast = multicast
        self.family = family
        self.link_local = link_local

    def read(self, line: Line) -> Any:
        address = plain_address(line.word())
        found = family(address)
        if found is None:
            line.report(problems.not_an_address(line, 0))
            return UNSET
        if self.family is not None and found != self.family:
            line.report(problems.wrong_family(line, 0, self.family))
            return UNSET
        if self.multicast and not is_multicast(address):
            line.report(problems.not_multicast(line, 0))
            return UNSET
        if self.link_local and found == 6 and not address.lower().startswith("ff02:"):
            line.report(problems.not_link_local(line, 0))
        return address

    def describe(self) -> str:
        kind = "MULTICAST" if self.multicast else "ADDRESS"
        return f"IPV{self.family}-{kind}" if self.family else kind


def plain_address(word: str) -> str:
    """What keepalived reads as address: the word up to its first ``-``, else up to its first ``/``."""
    return word.split("-", 1)[0] if "-" in word else word.split("/", 1)[0]


def is_multicast(address: str) -> bool:
    """Whether an address that ``family`` accepts is a multicast group."""
    return address.lower().startswith("ff") if ":" in address else 224 <= int(address.split(".", 1)[0]) <= 239


def family(address: str) -> int | None:
    """4 or 6 as ``inet_pton`` reads the text: four octets without leading zeros, no scope; None for neither."""
    try:
        inet_pton(AF_INET6 if ":" in address else AF_INET, address)
    except (OSError, ValueError):
        return None
    return 6 if ":" in address else 4


def number(address: str) -> int:
    """An address that ``family`` accepts as a number."""
    return int.from_bytes(inet_pton(AF_INET6 if ":" in address else AF_INET, address))


_PLAIN = re.compile(r'[^\s"#!{}]+\Z')


def quoted(word: str) -> str:
    """The word as keepalived reads it back: in double quotes where it needs them.

    Raises ValueError for a word with a double quote or a line end, which cannot be written.
    """
    if _PLAIN.match(word):
        return word
    if '"' in word or "\n" in word:
        raise ValueError(f"{word!r} cannot be written in keepalived.conf")
    return f'"{word}"'

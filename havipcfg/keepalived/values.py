"""The simple kinds of value: flags, numbers, times, words, addresses.

They accept exactly what keepalived's own helpers accept (decimal digits only, no units, a
leading ``+`` allowed, an empty string is 0); see ``docs/fidelity.md``.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from havipcfg.keepalived import problems
from havipcfg.keepalived.declare import UNSET, Kind

if TYPE_CHECKING:
    from havipcfg.keepalived.reading import Line

BOOLEANS = {"on": True, "true": True, "yes": True, "off": False, "false": False, "no": False}
_INTEGER = re.compile(r"[ \t\n\r\f\v]*([+-]?)([0-9]*)\Z")
_DECIMAL = re.compile(r"[ \t\n\r\f\v]*([+-]?)([0-9]*)(?:\.([0-9]*))?\Z")
UINT_MAX = 2**32 - 1


class Flag(Kind):
    """A keyword that needs no value."""

    least = 0

    def read(self, line: Line) -> Any:  # noqa: ARG002
        return True

    def write(self, value: Any) -> list[str]:  # noqa: ARG002
        return []

    def describe(self) -> str:
        return ""


class Bool(Kind):
    """``on true yes off false no``; true where the word is left out, unless ``least`` is 1."""

    def __init__(self, least: int = 0) -> None:
        self.least = least

    def read(self, line: Line) -> Any:
        if not line.has(0):
            return True
        value = BOOLEANS.get(line.word())
        if value is None:
            line.report(problems.not_a_choice(line, 0, list(BOOLEANS)))
            return UNSET
        return value

    def write(self, value: Any) -> list[str]:
        return ["true" if value else "false"]

    def describe(self) -> str:
        return "[on|off|true|false|yes|no]" if not self.least else "on|off|true|false|yes|no"


class Unsigned(Kind):
    """A whole number, not negative, in decimal digits."""

    def __init__(self, low: int = 0, high: int = UINT_MAX) -> None:
        self.low = low
        self.high = high

    def read(self, line: Line) -> Any:
        return self.read_word(line, 0)

    def read_word(self, line: Line, index: int) -> Any:
        """Read the value word at ``index``; UNSET and a report where it is no such number."""
        word = line.word(index)
        if word.isdecimal() and word.isascii():
            value = int(word) if len(word) < 25 else 10**25
        else:
            match = _INTEGER.match(word)
            if not match or (match[1] and not match[2]):
                line.report(problems.not_a_number(line, index, "a whole number"))
                return UNSET
            if match[1] == "-":
                line.report(problems.out_of_range(line, index, self.low, self.high))
                return line.keyword.beyond
            value = int(match[2] or 0) if len(match[2]) < 25 else 10**25
        if not self.low <= value <= self.high:
            line.report(problems.out_of_range(line, index, self.low, self.high))
            return line.keyword.beyond
        return value

    def describe(self) -> str:
        return f"{self.low}..{self.high}"

    def constraints(self) -> Mapping[str, Any]:
        return {"ge": self.low, "le": self.high}


class Integer(Unsigned):
    """A whole number that may be negative."""

    def read_word(self, line: Line, index: int) -> Any:
        match = _INTEGER.match(line.word(index))
        if not match or (match[1] and not match[2]):
            line.report(problems.not_a_number(line, index, "a whole number"))
            return UNSET
        value = int(match[2] or 0) if len(match[2]) < 25 else 10**25
        value = -value if match[1] == "-" else value
        if not self.low <= value <= self.high:
            line.report(problems.out_of_range(line, index, self.low, self.high))
            return line.keyword.beyond
        return value


class Seconds(Kind):
    """A time in seconds, in decimal notation without exponent or unit."""

    def __init__(self, low: str = "0", high: str = "18446744073709.551614", decimals: int = 6) -> None:
        self.low = Decimal(low)
        self.high = Decimal(high)
        self.decimals = decimals

    def read(self, line: Line) -> Any:
        return self.read_word(line, 0)

    def read_word(self, line: Line, index: int) -> Any:
        """Read the value word at ``index`` as a float of seconds."""
        match = _DECIMAL.match(line.word(index))
        if not match or (match[1] and not (match[2] or match[3])):
            line.report(problems.not_a_number(line, index, "a number of seconds"))
            return UNSET
        value = Decimal(f"{match[2] or 0}.{match[3] or 0}")
        if match[1] == "-" or not self.low <= value <= self.high:
            line.report(problems.out_of_range(line, index, self.low, self.high))
            return line.keyword.beyond
        if match[3] and len(match[3]) > self.decimals:
            line.report(problems.too_many_decimals(line, index, self.decimals))
        return float(value)

    def write(self, value: Any) -> list[str]:
        return [format(Decimal(repr(float(value))).normalize(), "f")]

    def describe(self) -> str:
        return f"{self.low}..{self.high} s"

    def constraints(self) -> Mapping[str, Any]:
        return {"ge": float(self.low), "le": float(self.high)}


class Word(Kind):
    """Any one word."""

    def __init__(self, form: str = "NAME", longest: int | None = None) -> None:
        self.form = form
        self.longest = longest

    def read(self, line: Line) -> Any:
        word = line.word()
        if self.longest is not None and len(word.encode("utf-8", "surrogateescape")) > self.longest:
            line.report(problems.too_long(line, 0, self.longest))
            return word.encode("utf-8", "surrogateescape")[: self.longest].decode("utf-8", "surrogateescape")
        return word

    def write(self, value: Any) -> list[str]:
        return [quoted(value)]

    def describe(self) -> str:
        return self.form


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
    """One of a few words; ``fallback`` is what keepalived takes for any other one."""

    def __init__(self, *values: str, any_case: bool = False, fallback: Any = UNSET) -> None:
        self.values = values
        self.any_case = any_case
        self.fallback = fallback

    def read(self, line: Line) -> Any:
        word = line.word()
        if word in self.values:
            return word
        if self.any_case:
            for value in self.values:
                if value.lower() == word.lower():
                    return value
        line.report(problems.not_a_choice(line, 0, self.values))
        return self.fallback

    def describe(self) -> str:
        return "|".join(self.values)


class Interface(Word):
    """The name of a network interface: at most 15 bytes."""

    def __init__(self) -> None:
        super().__init__("INTERFACE", 15)

    def read(self, line: Line) -> Any:
        if len(line.word().encode("utf-8", "surrogateescape")) > 15:
            line.report(problems.too_long(line, 0, 15))
            return UNSET
        return line.word()


class Address(Kind):
    """An IP address. Like keepalived, silently cuts everything from the first ``-``, else from the first ``/``."""

    def __init__(self, *, multicast: bool = False) -> None:
        self.multicast = multicast

    def read(self, line: Line) -> Any:
        word = line.word()
        address = word.split("-", 1)[0] if "-" in word else word.split("/", 1)[0]
        if family(address) is None:
            line.report(problems.not_an_address(line, 0))
            return UNSET
        return address

    def describe(self) -> str:
        return "ADDRESS"


def family(address: str) -> int | None:
    """4 or 6 as ``inet_pton`` reads the text: four octets without leading zeros, no scope; None for neither."""
    try:
        socket.inet_pton(socket.AF_INET6 if ":" in address else socket.AF_INET, address)
    except (OSError, ValueError):
        return None
    return 6 if ":" in address else 4


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

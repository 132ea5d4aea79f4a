"""Settings of ``global_defs`` that take more than one word: users, FIFOs, CPUs, masks, mail relay."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from havipcfg.keepalived import problems
from havipcfg.keepalived.reading import UNSET, Kind
from havipcfg.keepalived.values import Integer, Unsigned, family, plain_address, quoted

if TYPE_CHECKING:
    from havipcfg.keepalived.reading import Line

IGNORED = "keepalived ignores the line"
SKIPPED = "keepalived ignores this word"


class User(NamedTuple):
    """A user, and the group where it is not the user's own."""

    user: str
    group: str | None = None


class Users(Kind):
    """``USER [GROUP]``, by name; whether they exist is a matter of the host."""

    most = 2

    def read(self, line: Line) -> Any:
        for index in (0, 1):
            if line.has(index) and line.word(index).isdecimal():
                effect = "keepalived knows no such name and removes the scripts that would run as it"
                line.report(problems.bad_option_value(line, index, line.name, "a name", effect))
                return UNSET
        return User(line.word(), line.word(1) if line.has(1) else None)

    def write(self, value: Any) -> list[str]:
        return [quoted(word) for word in value if word is not None]

    def describe(self) -> str:
        return "USER [GROUP]"


class Fifo(NamedTuple):
    """A named pipe and who owns it."""

    path: str
    user: str | None = None
    group: str | None = None


class Fifos(Kind):
    """``PATH [USER [GROUP]]``."""

    most = 3

    def read(self, line: Line) -> Any:
        return Fifo(*line.words[line.first : line.first + 3])

    def write(self, value: Any) -> list[str]:
        return [quoted(word) for word in value if word is not None]

    def describe(self) -> str:
        return "PATH [USER [GROUP]]"


def _is_no_number(host: str) -> bool:
    """Whether a host of digits and dots is none of the numbers that the C library takes for an IPv4 address."""
    if not re.fullmatch(r"[0-9.]+", host):
        return False
    from socket import inet_aton

    try:
        inet_aton(host)
    except OSError:
        return True
    return False


class SmtpServer(NamedTuple):
    """A mail relay: address or host name, and port."""

    host: str
    port: int = 25


class SmtpServers(Kind):
    """``ADDRESS|HOST [PORT]``; keepalived looks a host name up while it reads the file."""

    most = 2

    def read(self, line: Line) -> Any:
        host = line.word()
        port: Any = 25
        if line.has(1):
            port = Unsigned(1, 65535, strict=True).read_word(line, 1)
            if port is UNSET:
                return UNSET
        if family(plain_address(host)) is None and (":" in host or _is_no_number(host)):
            line.report(problems.not_an_address(line, 0))
            return UNSET
        return SmtpServer(host, port)

    def write(self, value: Any) -> list[str]:
        return [quoted(value.host), str(value.port)]

    def describe(self) -> str:
        return "ADDRESS|HOST [1..65535]"


class Cpus(Kind):
    """CPU numbers; the highest is a matter of the host."""

    def read(self, line: Line) -> Any:
        found = []
        for index in range(len(line.words) - line.first):
            value = Integer(0, 8191, strict=True).read_word(line, index)
            if value is UNSET:
                return UNSET
            found.append(value)
        return tuple(found)

    def write(self, value: Any) -> list[str]:
        return [str(number) for number in value]

    def describe(self) -> str:
        return "CPU …"


_BITS = {f"I{what}{who}": mask << shift for what, mask in (("R", 4), ("W", 2), ("X", 1))
         for who, shift in (("USR", 6), ("GRP", 3), ("OTH", 0))}  # fmt: skip
_BITS |= {"IRWXU": 0o700, "IRWXG": 0o070, "IRWXO": 0o007}
_NUMBER = re.compile(r"0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*")


class Umask(Kind):
    """A number (decimal, octal with a leading 0, hexadecimal with 0x) or bits joined by ``|``."""

    def read(self, line: Line) -> Any:
        text = line.word()
        if text[:1].isdecimal():
            number = _NUMBER.fullmatch(text)
            value = int(text, 8 if text.startswith("0") and text[1:2] not in ("x", "X") else 0) if number else 0o1000
            if value > 0o777:
                line.report(problems.bad_option_value(line, 0, line.name, "from 0 to 0777", IGNORED))
                return UNSET
            if line.has(1):
                line.report(problems.surplus_words(line, 1))
            return value
        value, wanted = 0, True
        words = line.words[line.first :]
        for index, word in enumerate(words):
            for part in re.findall(r"\||[^|]+", word):
                if (part == "|") == wanted or (part != "|" and part not in _BITS):
                    line.report(problems.unknown_option(line, index, list(_BITS), IGNORED))
                    return UNSET
                wanted = part == "|"
                value |= 0 if wanted else _BITS[part]
        if wanted:
            line.report(problems.option_without_value(line, len(words) - 1, IGNORED))
            return UNSET
        return value

    def write(self, value: Any) -> list[str]:
        return [f"0{value:o}"]

    def describe(self) -> str:
        return "0..0777 | IRUSR|IWGRP|…"


class IncludeChecks(Kind):
    """Which problems of ``include`` are errors; a value is the set of words in force after the line.

    A plain word first sets, ``+word`` adds and ``-word`` removes; no word means all.
    """

    least = 0
    names = ("read", "match", "wildcard_match", "brace_match")

    def read(self, line: Line) -> Any:
        if not line.has(0):
            return self.names
        found: list[str] = []
        for index, word in enumerate(line.words[line.first :]):
            name = word[1:] if word[:1] in ("+", "-") else word
            if name not in self.names:
                line.report(problems.unknown_option(line, index, self.names, SKIPPED))
            elif word == name and index:
                fact = f"{name} cannot follow another word without + or -"
                line.report(problems.conflicting_options(line, index, fact, SKIPPED, f"write +{name}"))
            elif word[0] == "-":
                found = [other for other in found if other != name]
            elif name not in found:
                found.append(name)
        return tuple(found)

    def write(self, value: Any) -> list[str]:
        return [name if not index else f"+{name}" for index, name in enumerate(value)]

    def describe(self) -> str:
        return "[[+|-]read|match|wildcard_match|brace_match …]"


class InitFile(NamedTuple):
    """What a tracked file is created with; ``overwrite``: also where it exists."""

    value: int = 0
    overwrite: bool = False


class InitFiles(Kind):
    """``[VALUE] [overwrite]``, in any order."""

    least = 0

    def read(self, line: Line) -> Any:
        value, overwrite = 0, False
        for index, word in enumerate(line.words[line.first :]):
            if word == "overwrite":
                overwrite = True
            elif re.match(r"-?[0-9]", word):
                number = Integer(-254, 254, strict=True, kept=True).read_word(line, index)
                value = value if number is UNSET else number
            else:
                line.report(problems.unknown_option(line, index, ["overwrite"], IGNORED))
                break
        return InitFile(value, overwrite)

    def write(self, value: Any) -> list[str]:
        return [str(value.value), *(["overwrite"] if value.overwrite else [])]

    def describe(self) -> str:
        return "[-254..254] [overwrite]"


class BufferPolicy(NamedTuple):
    """How the receive buffers of VRRP sockets are sized: by a rule, or in bytes."""

    rule: str | None = None
    size: int | None = None


class BufferPolicies(Kind):
    """``MTU``, ``ADVERT`` or a number of bytes."""

    def read(self, line: Line) -> Any:
        rules: list[str] = []
        size: Any = UNSET
        for index, word in enumerate(line.words[line.first :]):
            if word.upper() in ("MTU", "ADVERT"):
                rules.append(word.upper())
                if size is not UNSET:
                    fact = f"a size excludes {word.upper()}"
                    line.report(problems.conflicting_options(line, index, fact, SKIPPED, "keep one of them"))
                elif set(rules) == {"MTU", "ADVERT"}:
                    fact = "MTU excludes ADVERT"
                    line.report(problems.conflicting_options(line, index, fact, "keepalived ignores ADVERT"))
            elif index:
                fact = f"{word} cannot follow {line.word()}"
                line.report(problems.conflicting_options(line, index, fact, SKIPPED, "keep one of them"))
            else:
                size = Unsigned(strict=True).read_word(line, 0)
        if size is not UNSET:
            return BufferPolicy(size=size)
        if rules:
            return BufferPolicy("MTU" if "MTU" in rules else "ADVERT")
        return UNSET

    def write(self, value: Any) -> list[str]:
        return [value.rule or str(value.size)]

    def describe(self) -> str:
        return "MTU|ADVERT|BYTES"


class ReversedWeight(NamedTuple):
    """A weight whose sign is turned: taken off where it would be added, added where it would be taken off."""

    weight: int


class WeightOption(Integer):
    """A weight, then ``reverse`` where the sign of a state is to be turned."""

    most = 2

    def read(self, line: Line) -> Any:
        if line.has(1) and line.word(1) not in ("reverse", "noreverse"):
            line.report(problems.unknown_option(line, 1, ["reverse", "noreverse"], IGNORED))
        weight = self.read_word(line, 0)
        return ReversedWeight(weight) if weight is not UNSET and line.has(1) and line.word(1) == "reverse" else weight

    def write(self, value: int | ReversedWeight) -> list[str]:
        return [str(value.weight), "reverse"] if isinstance(value, ReversedWeight) else super().write(value)

    def describe(self) -> str:
        return f"{super().describe()} [reverse]"


class Strings(Kind):
    """Words kept as they are."""

    def __init__(self, form: str, least: int = 1, most: int | None = None) -> None:
        self.form = form
        self.least = least
        self.most = most

    def read(self, line: Line) -> Any:
        return tuple(line.words[line.first : None if self.most is None else line.first + self.most])

    def write(self, value: Any) -> list[str]:
        return [quoted(word) for word in value]

    def describe(self) -> str:
        return self.form

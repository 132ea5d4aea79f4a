"""Values of health checks: hexadecimal data, digests, status codes, names, expressions."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from havipcfg.keepalived import lvs_problems, problems
from havipcfg.keepalived.reading import UNSET, Kind
from havipcfg.keepalived.values import Integer, Unsigned, quoted
from havipcfg.keepalived.version import Version
from havipcfg.record import record

if TYPE_CHECKING:
    from havipcfg.keepalived.reading import Line

_READS_FF = Version(2, 3, 0)
_ONE_REGEX = Version(2, 3, 2)
_OCTET = re.compile(r"[ \t]*([0-9a-fA-F]{1,2})")
_MASKED = re.compile(r"[ \t]*([0-9a-fA-FxX]{1,2})")


@record
class HexData:
    """Octets as two hexadecimal digits each; in a pattern an ``x`` stands for any digit."""

    octets: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join(self.octets)


class HexKind(Kind):
    """Hexadecimal digits, blanks between octets allowed; ``masked``: ``x`` is allowed, and nothing at all."""

    def __init__(self, *, masked: bool = False) -> None:
        self.masked = masked
        self.least = 0 if masked else 1

    def read(self, line: Line) -> Any:
        if not line.has(0):
            return HexData(())
        text = " ".join(line.words[line.first :])
        pattern = _MASKED if self.masked else _OCTET
        octets = tuple(match.lower().rjust(2, "0") for match in pattern.findall(text))
        whole = not pattern.sub("", text).strip(" \t")
        if not whole or not octets or (octets[-1] == "ff" and line.target < _READS_FF):
            expected = "hexadecimal octets" + (
                " that this version accepts (no ff at the end)" if whole and octets else ""
            )
            line.report(lvs_problems.refused_check_value(line, 0, expected, "ignores the line"))
            return UNSET
        return HexData(octets)

    def write(self, value: HexData) -> list[str]:
        return list(value.octets)

    def describe(self) -> str:
        return "[HEX DIGITS AND x]" if self.masked else "HEX DIGITS"


class Digest(Kind):
    """The MD5 sum of a page in 32 hexadecimal digits."""

    most = 1

    def read(self, line: Line) -> Any:
        if not re.fullmatch("[0-9a-fA-F]{32}", line.word()):
            expected = "an MD5 sum of 32 hexadecimal digits"
            line.report(lvs_problems.refused_check_value(line, 0, expected, "accepts any content"))
            return UNSET
        return line.word().lower()

    def describe(self) -> str:
        return "32 HEX DIGITS"


class StatusCodes(NamedTuple):
    """Status codes from one to another, both included."""

    first: int
    last: int

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"


class StatusCodesKind(Kind):
    """``CODE`` or ``FIRST-LAST``, several on a line."""

    def read(self, line: Line) -> Any:
        found = []
        for index in range(len(line.words) - line.first):
            first, dash, last = line.word(index).partition("-")
            last = last if dash else first
            low = int(first) if re.fullmatch("[0-9]{1,4}", first) else 0
            high = int(last) if re.fullmatch("[0-9]{1,4}", last) else 0
            if 100 <= low <= high <= 599:
                found.append(StatusCodes(low, high))
            else:
                expected = "a status code from 100 to 599, or a range of them"
                line.report(lvs_problems.refused_check_value(line, index, expected, "leaves it out"))
        return tuple(found) or UNSET

    def write(self, value: tuple[StatusCodes, ...]) -> list[str]:
        return [str(codes) for codes in value]

    def describe(self) -> str:
        return "100..599[-100..599] …"


class DomainName(Kind):
    """A name to look up; ``.`` is the root.

    keepalived takes a first label of one letter for an empty one; a dot at the end is allowed.
    """

    most = 1

    def read(self, line: Line) -> Any:
        name = line.word()
        if name != "." and (name[:1] == "." or name[1:2] == "." or ".." in name):
            expected = "a domain name without empty labels"
            if name[1:2] == "." and name[0] != "." and ".." not in name:
                expected = "a domain name that keepalived takes: it counts a first label of one letter as empty"
            line.report(lvs_problems.refused_check_value(line, 0, expected, "asks for the root of the name space"))
            return UNSET
        return name

    def write(self, value: str) -> list[str]:
        return [quoted(value)]

    def describe(self) -> str:
        return "DOMAIN"


class Regex(Kind):
    """A PCRE2 expression; quoted with ``"`` or ``'`` where it holds blanks."""

    least = 1

    def read(self, line: Line) -> Any:
        words = shell_words(line.statement.text)[line.first :]
        if len(words) > 1 and line.target >= _ONE_REGEX:
            line.report(
                lvs_problems.refused_check_value(
                    line, 1, "part of the expression: it must be one word", "ignores the line"
                )
            )
            return UNSET
        return words[0] if words else line.word()

    def write(self, value: str) -> list[str]:
        return [quoted(value)]

    def describe(self) -> str:
        return "REGEX"


_PIECE = re.compile(r"""\\.|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[^\s"'\\]+|["'\\]""", re.DOTALL)
_ARGUMENT = re.compile(rf"(?:{_PIECE.pattern})+", re.DOTALL)


def shell_words(text: str) -> list[str]:
    """Words as keepalived splits script lines: either quote groups, a backslash protects, neighbours join."""
    return [
        "".join(piece[1:-1] if piece[0] in "\"'" and len(piece) > 1 else piece for piece in _PIECE.findall(word))
        for word in _ARGUMENT.findall(text)
    ]


REGEX_OPTIONS = (
    "allow_empty_class", "alt_bsux", "alt_circumflex", "alt_verbnames", "auto_callout", "caseless", "dollar_endonly",
    "dotall", "dupnames", "extended", "firstline", "match_unset_backref", "multiline", "never_backslash_c",
    "never_ucp", "never_utf", "no_auto_capture", "no_auto_possess", "no_dotstar_anchor", "no_start_optimize", "ucp",
    "ungreedy", "use_offset_limit", "utf",
)  # fmt: skip


class RegexOptions(Kind):
    """Options of PCRE2, several on a line."""

    def read(self, line: Line) -> Any:
        found = []
        for index, word in enumerate(line.words[line.first :]):
            if word in REGEX_OPTIONS:
                found.append(word)
            else:
                line.report(lvs_problems.unknown_regex_option(line, index, REGEX_OPTIONS))
        return tuple(found) or UNSET

    def write(self, value: tuple[str, ...]) -> list[str]:
        return list(value)

    def describe(self) -> str:
        return "caseless|dotall|extended|multiline|… …"


class Offset(Unsigned):
    """A count of bytes; keepalived takes a wrong one without a message."""

    def __init__(self) -> None:
        super().__init__(0, 2**64 - 2)

    def read_word(self, line: Line, index: int) -> Any:
        before = len(line.problems)
        value = super().read_word(line, index)
        line.problems[before:] = [replace(problem, keepalived=False) for problem in line.problems[before:]]
        return value


class StackSize(NamedTuple):
    """Bytes of stack for matching: at start and at most."""

    start: int
    most: int


class StackSizeKind(Kind):
    """``START MOST``, bytes."""

    least = 2
    most = 2

    def read(self, line: Line) -> Any:
        offset = Offset()
        start, most = offset.read_word(line, 0), offset.read_word(line, 1)
        return StackSize(start, most) if UNSET not in (start, most) else UNSET

    def write(self, value: StackSize) -> list[str]:
        return [str(value.start), str(value.most)]

    def describe(self) -> str:
        return "START MOST"


class FileWeight(NamedTuple):
    """What the number in a file is multiplied with; ``reverse`` turns its sign."""

    weight: int
    reverse: bool = False


class FileWeightKind(Integer):
    """``N [reverse]``."""

    most = 2

    def __init__(self) -> None:
        super().__init__(-(2**31 - 1), 2**31 - 1)

    def read(self, line: Line) -> Any:
        weight = self.read_word(line, 0)
        if weight is UNSET:
            return UNSET
        if line.has(1) and line.word(1) != "reverse":
            line.report(problems.not_a_choice(line, 1, ["reverse"]))
            return FileWeight(weight)
        return FileWeight(weight, line.has(1))

    def write(self, value: FileWeight) -> list[str]:
        return [str(value.weight), *(["reverse"] if value.reverse else [])]

    def describe(self) -> str:
        return f"{self.low}..{self.high} [reverse]"

    def constraints(self) -> dict[str, Any]:
        return {}

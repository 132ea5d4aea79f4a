"""Command lines of scripts: keepalived's own quoting, no shell.

A line is split twice. The first time quotes of both kinds group and vanish, and the word after
the keyword is the command; the second time the command is split the same way into program
and arguments, and escapes such as ``\\t`` or ``\\x41`` are resolved. Up to 2.3.1 escapes are
resolved both times.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from havipcfg.keepalived import problems
from havipcfg.keepalived.entries import ScriptCommand
from havipcfg.keepalived.reading import UNSET, Kind
from havipcfg.keepalived.values import quoted
from havipcfg.keepalived.version import Version

if TYPE_CHECKING:
    from havipcfg.keepalived.reading import Line

ESCAPES_ONCE = Version(2, 3, 2)
_BLANK = " \t\r\f\v\n"
_BLANKS = re.compile(f"[{_BLANK}]+")
_NAMED = {"a": "\a", "b": "\b", "E": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_HEX = "0123456789abcdefABCDEF"


class UnclosedQuoteError(ValueError):
    """A quote that its line does not close; the argument is the quote."""


def split(text: str, *, escapes: bool, greedy: bool = False) -> list[str]:
    """Words of a command line; raises UnclosedQuoteError.

    ``escapes``: resolve backslash escapes, else keep each as it is, protected. ``greedy``:
    ``\\x`` takes every hexadecimal digit that follows, as it did up to 2.3.1.
    """
    words: list[str] = []
    word: list[str] | None = None
    quote = ""
    index, end = 0, len(text)
    while index < end:
        char = text[index]
        index += 1
        if char == "\\" and index < end:
            word = [] if word is None else word
            if escapes:
                found, index = _escape(text, index, greedy)
                word.append(found)
            else:
                word.append(text[index - 1 : index + 1])
                index += 1
        elif quote:
            if char == quote:
                quote = ""
            elif word is not None:
                word.append(char)
        elif char in "\"'":
            quote = char
            word = [] if word is None else word
        elif char in _BLANK:
            if word is not None:
                words.append("".join(word))
            word = None
        else:
            word = [] if word is None else word
            word.append(char)
    if quote:
        raise UnclosedQuoteError(quote)
    if word is not None:
        words.append("".join(word))
    return words


def _escape(text: str, index: int, greedy: bool) -> tuple[str, int]:
    """The character an escape stands for, and where it ends; ``index`` is behind the backslash."""
    char = text[index]
    index += 1
    if char in _NAMED:
        return _NAMED[char], index
    if char in "01234567":
        last = index
        while last < len(text) and last < index + 2 and text[last] in "01234567":
            last += 1
        return chr(int(text[index - 1 : last], 8) & 0xFF), last
    if char == "x" and index < len(text) and text[index] in _HEX:
        last = index
        while last < len(text) and text[last] in _HEX and (greedy or last < index + 2):
            last += 1
        return chr(int(text[index:last], 16) & 0xFF), last
    if char == "c" and index < len(text):
        return chr(ord(text[index]) & 0x1F), index + 1
    return char, index


class Script(Kind):
    """``COMMAND`` or ``"COMMAND ARGUMENTS"``, then the user and group where ``with_user``."""

    def __init__(self, *, with_user: bool = False) -> None:
        self.with_user = with_user
        self.most: int = 3 if with_user else 1

    def overfull(self, text: str) -> bool:
        """Whether a line has words that keepalived passes over, by the splitting that knows single quotes."""
        try:
            return len(split(text, escapes=False, greedy=False)) > self.most + 1
        except UnclosedQuoteError:
            return False

    def read(self, line: Line) -> Any:
        text = line.statement.text
        given = "".join(_BLANKS.split(text.strip(_BLANK), maxsplit=1)[1:])
        try:
            if "'" not in text and "\\" not in text and ('"' not in given or _one_quoted(given)):
                words = line.words[line.first :]
                argv = tuple(filter(None, _BLANKS.split(words[0]))) if words else ()
            else:
                once = line.target >= ESCAPES_ONCE
                words = split(text, escapes=not once, greedy=not once)[line.first :]
                argv = tuple(split(words[0], escapes=True, greedy=not once)) if words else ()
        except UnclosedQuoteError as error:
            line.report(problems.unclosed_quote(line, str(error), crash=not self.with_user))
            return UNSET
        user = words[1] if self.with_user and len(words) > 1 else None
        group = words[2] if self.with_user and len(words) > 2 else None
        return ScriptCommand(argv, user, group, given)

    def joined(self, line: Line) -> int:
        if "'" not in line.statement.text:
            return 0
        try:
            return len(line.words) - len(split(line.statement.text, escapes=False))
        except UnclosedQuoteError:
            return len(line.words)

    def write(self, value: Any) -> list[str]:
        if value.text is not None:
            return [value.text]
        command = " ".join(_part(part) for part in value.argv)
        return [f'"{command}"', *(quoted(word) for word in (value.user, value.group) if word)]

    def describe(self) -> str:
        return 'PATH | "PATH ARGUMENTS"' + (" [USER [GROUP]]" if self.with_user else "")


_ONE_QUOTED = re.compile(r'"[^"]*"(?:\s[^"]*)?\Z')


def _one_quoted(given: str) -> bool:
    return _ONE_QUOTED.match(given) is not None


def _part(part: str) -> str:
    """An argument inside the double quotes of a command.

    Raises ValueError for what every version would read differently.
    """
    if any(char in part for char in "\"'\\\n"):
        raise ValueError(f"{part!r} holds a quote or a backslash; put the command into a script of its own")
    return f"'{part}'" if not part or any(char in part for char in _BLANK) else part


class OptionalScript(Script):
    """A command that may be left out: the keyword alone is a switch."""

    least = 0

    def read(self, line: Line) -> Any:
        return super().read(line) if line.has(0) else True

    def write(self, value: Any) -> list[str]:
        return [] if value is True else super().write(value)

    def describe(self) -> str:
        return f"[{super().describe()}]"

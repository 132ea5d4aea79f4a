"""``~SEQ``, ``~SEQx`` and ``~LST``: one line repeated with changing definitions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

_SEQ = re.compile(r"~SEQ(x?)[ \t]*\(")
_LST = re.compile(r"~LST[ \t]*\(")
_NUMBER = re.compile(r"[ \t]*([+-]?)(0[xX][0-9a-fA-F]+|[0-9]*)[ \t]*")
_ARGUMENTS = 63
_VALUE_END = " \t,})"
BRACED_NAME_REFUSED = (2, 4, 0)

Values = tuple[tuple[str, str], ...]


class InvalidSequenceError(ValueError):
    """What is wrong with a sequence, in a few words."""


@dataclass(frozen=True, slots=True)
class Repetition:
    """A line and the definitions each of its repetitions sets first; ``count`` may be beyond any use."""

    text: str
    values: Iterable[Values]
    count: int


def is_sequence(line: str) -> bool:
    """Whether keepalived takes the line for a sequence; any other line with ``~`` is left as it is."""
    return line.startswith(("~SEQ", "~LST"))


def sequence(line: str, expand: Callable[[str], str], version: tuple[int, int, int]) -> Repetition:
    """Read a sequence; raises InvalidSequenceError."""
    if line.startswith("~LST"):
        return _list(line)
    return _numbers(line, expand, version)


def _numbers(line: str, expand: Callable[[str], str], version: tuple[int, int, int]) -> Repetition:
    head = _SEQ.match(line)
    if head is None:
        raise InvalidSequenceError("it is written ~SEQ(NAME, numbers) text, or ~SEQx for hexadecimal")
    at = _blanks(line, head.end())
    start = at
    while at < len(line) and line[at] not in " \t,)":
        at += 1
    name = line[start:at]
    at = _blanks(line, at)
    if not name or (name.startswith("{") and version >= BRACED_NAME_REFUSED):
        raise InvalidSequenceError("the name is missing" if not name else "the name stands without braces")
    if line[at : at + 1] == ")":
        raise InvalidSequenceError("the numbers are missing")
    close = line.find(")", at)
    if close == -1:
        raise InvalidSequenceError("the closing parenthesis is missing")
    arguments = line[at + 1 : close + 1]
    if len(arguments.encode("utf-8", "replace")) > _ARGUMENTS:
        raise InvalidSequenceError(f"what stands between the parentheses is longer than {_ARGUMENTS} bytes")
    first, last, step = _range(_integers(expand(arguments)))
    if head[1] and (first < 0 or last < 0):
        raise InvalidSequenceError("~SEQx counts from and to numbers that are not negative")
    form = "x" if head[1] else "d"
    counted = range(first, last + (1 if step > 0 else -1), step)
    size = (last - first) // step + 1
    return Repetition(line[close + 1 :].lstrip(" \t"), (((name, format(n, form)),) for n in counted), size)


def _integers(arguments: str) -> list[int]:
    numbers = []
    at = 0
    while True:
        found = _NUMBER.match(arguments, at)
        assert found is not None
        digits = found[2]
        if digits[:1] == "0" and digits[1:2].isdigit() and set(digits) & {"8", "9"}:
            raise InvalidSequenceError(f"{digits} is no octal number")
        base = 16 if digits[:2] in ("0x", "0X") else 8 if digits[:1] == "0" and len(digits) > 1 else 10
        value = int(digits, base) if digits else 0
        numbers.append(-value if found[1] == "-" else value)
        at = found.end()
        follows = arguments[at : at + 1]
        if follows == ")":
            return numbers
        if follows != "," or len(numbers) == 3:
            raise InvalidSequenceError(f"{arguments.rstrip(')').strip()} is not a list of one to three numbers")
        at += 1


def _range(numbers: list[int]) -> tuple[int, int, int]:
    """First, last and step."""
    if len(numbers) == 1:
        end = numbers[0]
        if end >= 1:
            return 1, end, 1
        return (1 if end == 0 else -1), end, -1
    if len(numbers) == 2:
        first, last = numbers
        return first, last, 1 if last >= first else -1
    first, step, last = numbers
    if step == 0 or (last > first and step < 0) or (last < first and step > 0):
        raise InvalidSequenceError(f"a step of {step}, the second number, never leads from {first} to {last}")
    return first, last, step


def _list(line: str) -> Repetition:
    head = _LST.match(line)
    if head is None:
        raise InvalidSequenceError("it is written ~LST(NAME, value, value) text")
    names, at = _set(line, _blanks(line, head.end()))
    if not names or not all(names):
        raise InvalidSequenceError("the name is missing")
    rows: list[Values] = []
    at = _blanks(line, at)
    while line[at : at + 1] == ",":
        values, at = _set(line, _blanks(line, at + 1))
        if len(values) > len(names):
            raise InvalidSequenceError(f"{len(values)} values stand for {len(names)} name{'s' * (len(names) > 1)}")
        rows.append(tuple(zip(names, values + [""] * (len(names) - len(values)), strict=True)))
        at = _blanks(line, at)
    if line[at : at + 1] != ")":
        raise InvalidSequenceError("the closing parenthesis is missing, or a value holds a blank or a brace")
    if not rows:
        raise InvalidSequenceError("the values are missing")
    return Repetition(line[at + 1 :].lstrip(" \t"), rows, len(rows))


def _set(line: str, at: int) -> tuple[list[str], int]:
    """A value, or several in braces, and the offset after it."""
    braced = line[at : at + 1] == "{"
    values = []
    while True:
        if braced:
            at = _blanks(line, at + 1)
        start = at
        while at < len(line) and line[at] not in _VALUE_END:
            at += 1
        values.append(line[start:at])
        if not braced:
            return values, at
        at = _blanks(line, at)
        if line[at : at + 1] == "}":
            return values, at + 1
        if line[at : at + 1] != ",":
            raise InvalidSequenceError("a set in braces is not closed")


def _blanks(line: str, at: int) -> int:
    while line[at : at + 1] in (" ", "\t"):
        at += 1
    return at


def iterations(repetition: Repetition) -> Iterator[Values]:
    """The definitions of each repetition, in order; none where there is no text to repeat."""
    return iter(repetition.values if repetition.text else ())

"""A text as rows: what may stand on a line of its own, the comment behind it, and the braces it holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from havipcfg.syntax.braces import first_brace
from havipcfg.syntax.definitions import DEFINITION
from havipcfg.syntax.include import INCLUDE
from havipcfg.syntax.sequences import is_sequence

BLANKS = " \t"
SUPPRESSION = "havipcfg:"
_TO_COMMENT = re.compile(r'(?:[^"#!]+|"[^"]*")*+')
_RUN = re.compile(r'"[^"]*"|[ \t]+')
_UNSAFE = re.compile(r"[$'\\]")
_CONDITION = re.compile(r"@\^?[^ \t]*(?=[ \t])")
_TIDY_UP_TO = 900
"""A longer line is only indented: its parts must not outgrow keepalived's buffer."""


@dataclass(slots=True)
class Row:
    """A line to be: ``text`` without indentation, its comment, and the column where that stood (-1: no comment).

    ``braces`` are those in the text that keepalived acts on, as +1 and -1. ``condition`` is its
    ``@id``. ``simple``: nothing but words, so that blanks and braces may be moved. ``asis``: a
    line of a definition that is written as it was, indentation included.
    """

    text: str
    comment: str = ""
    column: int = -1
    braces: tuple[int, ...] = ()
    condition: str = ""
    simple: bool = False
    asis: bool = False
    inner: int = field(default=0)

    @property
    def blank(self) -> bool:
        return not self.text and not self.comment and not self.asis

    @property
    def opens(self) -> bool:
        return bool(self.braces) and self.braces[-1] == 1

    @property
    def closes(self) -> bool:
        return bool(self.braces) and self.braces[0] == -1 and self.text[:1] == "}"


def collapse(text: str) -> str:
    """Single blanks between words, up to the first sign from which on blanks may belong to a word."""
    found = _UNSAFE.search(text)
    if found is None:
        return _RUN.sub(lambda run: run[0] if run[0][0] == '"' else " ", text)
    end = found.start()
    if text.count('"', 0, end) % 2:
        end = text.rindex('"', 0, end)
    return collapse(text[:end]) + text[end:]


def rows(text: str) -> Iterator[Row]:
    """The rows of a text whose quotes are closed."""
    lines = [line.rstrip("\r") for line in text.split("\n")]
    number = 0
    suppressed = False
    while number < len(lines):
        line = lines[number]
        number += 1
        body = line.strip(BLANKS)
        if not body:
            yield Row("")
            continue
        if body[0] in "#!" and "\\" not in body:
            yield Row("", body, 0)
            suppressed = SUPPRESSION in body
            continue
        if body[-1] == "\\" and "$" in body and _defines(body):
            last = _end(lines, number)
            yield from _definition(lines[number - 1 : last])
            number = last
        elif "\\" in body or "\r" in body or len(body) > _TIDY_UP_TO:
            kept = line.lstrip(BLANKS)
            statement = _statement(kept)
            yield Row(kept, braces=_braces(statement), condition=_condition(statement))
        else:
            yield from _tidied(line, body, suppressed)
        suppressed = False


def _statement(body: str) -> str:
    """What stands before the comment."""
    if "#" not in body and "!" not in body:
        return body
    found = _TO_COMMENT.match(body)
    return found[0].rstrip(BLANKS) if found else ""


def _tidied(line: str, body: str, suppressed: bool) -> Iterator[Row]:
    text = _statement(body)
    comment, column = "", -1
    if _glued(text, body):
        yield Row(body, braces=_braces(text), condition=_condition(text))
        return
    if len(text) < len(body):
        comment = body[len(text) :].lstrip(BLANKS)
        column = len(line[: line.rindex(comment)].expandtabs())
    condition = _condition(text)
    parts = [] if condition else _parts(text)
    if parts and (len(parts) == 1 or not (suppressed or SUPPRESSION in comment)):
        for part in parts[:-1]:
            yield _row(part)
        last = _row(parts[-1])
        last.comment, last.column = comment, column
        yield last
        return
    yield Row(_spaced(text, condition), comment, column, _braces(text), condition)


def _glued(text: str, body: str) -> bool:
    """Whether the comment cuts a word, as in ``auth_pass x7!kQ2vd``: a blank would hide that it does."""
    return text != "" and text[-1] not in "{}" and body[len(text) : len(text) + 1] in ("#", "!")


def _row(part: str) -> Row:
    if part == "}":
        return Row(part, braces=(-1,), simple=True)
    return Row(part, braces=(1,) if part[-1] == "{" else (), simple=True)


def _parts(text: str) -> list[str]:
    """The statement in lines of one directive each; empty where dividing it could change what it says."""
    if _UNSAFE.search(text) or text[0] == "~" or INCLUDE.match(text):
        return []
    if "{" not in text and "}" not in text:
        return [text]
    parts = []
    while text:
        at, _ = first_brace(text)
        if at < 0:
            parts.append(text)
            break
        before = text[:at].rstrip(BLANKS)
        if text[at] == "{":
            parts.append(f"{before} {{" if before else "{")
        else:
            parts += [before, "}"] if before else ["}"]
        text = text[at + 1 :].lstrip(BLANKS)
        if text[:1] in ("@", "~") or INCLUDE.match(text):
            return []
    return parts


def _spaced(text: str, condition: str) -> str:
    """A statement that stays one line, its blanks tidied where they are nothing but blanks."""
    if condition:
        rest = text[len(condition) :].lstrip(BLANKS)
        return f"{condition} {_spaced(rest, '') if rest[:1] != '@' else rest}"
    included = INCLUDE.fullmatch(text)
    if included:
        return f"include{included[1]} {included[2].lstrip(BLANKS)}"
    defined = DEFINITION.fullmatch(text)
    if defined:
        return f"${defined[1]}={defined[2]}"
    if text[:1] == "~":
        return text
    parts = _parts(text) if text else []
    return " ".join(map(collapse, parts)) if parts else collapse(text)


def _condition(text: str) -> str:
    found = _CONDITION.match(text) if text[:1] == "@" else None
    return found[0] if found else ""


def _braces(text: str) -> tuple[int, ...]:
    """The braces of a line that keepalived divides it at."""
    found = []
    while text:
        text = text[len(_condition(text)) :].lstrip(BLANKS)
        if DEFINITION.fullmatch(text) or INCLUDE.fullmatch(text):
            break
        if is_sequence(text):
            text = text.partition(")")[2]
        at, _ = first_brace(text)
        if at < 0:
            break
        found.append(1 if text[at] == "{" else -1)
        text = text[at + 1 :].lstrip(BLANKS)
    return tuple(found)


def _defines(body: str) -> bool:
    """Whether a line that goes on begins a definition of several lines."""
    text = body[len(_condition(body)) :].lstrip(BLANKS)
    return re.search(r"(?:^|[{})])[ \t]*\$[A-Za-z_][A-Za-z0-9_]*=", text) is not None


def _end(lines: list[str], number: int) -> int:
    """The number of the line behind a definition of several lines, however it is interrupted."""
    while number < len(lines):
        line = lines[number]
        body = line.strip(BLANKS)
        if not line or not (line[-1] == "\\" or not body or body[0] in "#!"):
            break
        number += 1
    return min(number + (number < len(lines) and bool(lines[number])), len(lines))


def _definition(lines: list[str]) -> Iterator[Row]:
    """The lines of a definition, indented by the braces in them; as they are where a comment or a gap is between."""
    first = lines[0].strip(BLANKS)
    odd = any("#" in line or "!" in line or not line.strip(BLANKS) for line in lines)
    defined = DEFINITION.fullmatch(first[:-1].rstrip(BLANKS))
    if odd or defined is None or any(line.rstrip(BLANKS) != line for line in lines if "\\" in line):
        for line in lines:
            yield Row(line, asis=True)
        return
    yield Row(f"${defined[1]}={defined[2]} \\")
    depth = 1
    for line in lines[1:]:
        body = line.strip(BLANKS)
        text = body[:-1].rstrip(BLANKS) if body[-1] == "\\" else body
        braces = _braces(text)
        inner = max(depth - _leading(text), 1)
        depth = max(depth + sum(braces), 1)
        going = body[-1] == "\\"
        yield Row(f"{text} \\" if going and text else body, inner=inner)


def _leading(text: str) -> int:
    return len(text) - len(text.lstrip("} \t")) - text[: len(text) - len(text.lstrip("} \t"))].count(" ")

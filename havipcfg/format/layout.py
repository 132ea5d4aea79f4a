"""Rows to text: braces joined to their headers, indentation, blank lines, comments in line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from havipcfg.format.rows import BLANKS, SUPPRESSION, Row, collapse
from havipcfg.keepalived.checkers_values import Regex
from havipcfg.keepalived.conf import KeepalivedConf
from havipcfg.keepalived.declare import Block, Entries
from havipcfg.keepalived.printer import INDENT
from havipcfg.keepalived.scripts import Script
from havipcfg.keepalived.structure import Inside, opened_by
from havipcfg.syntax.reader import LONGEST

GAP = 2
_WORDS = re.compile(r"[^ \t\"@~#!]+(?:[ \t]+[^ \t\"@~#!][^ \t\"#!]*)+")
_Line = tuple[int, str, str, int]
"""Indentation, text, comment, and the column where the comment stood."""


def arrange(found: Iterable[Row], views: Sequence[str | None]) -> list[str]:
    """The lines of the text. ``views`` are the configuration ids by which ``@id`` lines count."""
    return [_written(line, column) for line, column in _in_columns(list(_Layout(views).lines(_joined(found))))]


def _joined(found: Iterable[Row]) -> list[Row]:
    """The rows with each ``{`` that stands alone put behind its header."""
    done: list[Row] = []
    for row in found:
        if row.text == "{" and row.simple and SUPPRESSION not in row.comment:
            at = len(done) - 1
            while at >= 0 and not done[at].text and not done[at].asis:
                at -= 1
            header = done[at] if at >= 0 else None
            if header is not None and header.simple and not header.braces:
                header.text += " {"
                header.braces = (1,)
                done[at + 1 :] = [between for between in done[at + 1 :] if not between.blank]
                if row.comment and header.comment:
                    done.insert(at + 1, Row("", row.comment, 0))
                elif row.comment:
                    header.comment, header.column = row.comment, row.column
                continue
        done.append(row)
    return done


@cache
def _roles(block: type[Block]) -> dict[str, str]:
    """The keywords whose words are taken as they are (``script``), and those whose block is a list of words."""
    roles = {}
    for name, keyword in block.keywords().items():
        if isinstance(keyword.kind, (Script, Regex)):
            roles[name] = "script"
        elif isinstance(keyword.kind, Entries) and keyword.kind.many:
            roles[name] = "words"
    return roles


@cache
def word_lists() -> frozenset[str]:
    """The keywords whose blocks are lists of words, any number on a line."""
    found: set[str] = set()
    seen: set[type[Block]] = set()
    pending: list[type[Block]] = [KeepalivedConf]
    while pending:
        block = pending.pop()
        if block not in seen:
            seen.add(block)
            found |= {name for name, role in _roles(block).items() if role == "words"}  # type: ignore[arg-type]
            pending += [inside for inside in opened_by(block).values() if isinstance(inside, type)]  # type: ignore[arg-type]
    return frozenset(found)


class _Layout:
    def __init__(self, views: Sequence[str | None]) -> None:
        self.views = views
        self.depths = [0] * len(views)
        self.inside: list[Inside | None] = [KeepalivedConf]

    def lines(self, found: Iterable[Row]) -> Iterator[_Line]:
        gap = False
        before: Row | None = None
        at_top = suppressed = False
        for row in found:
            if row.blank:
                gap = before is not None
                continue
            if row.asis:
                if gap:
                    yield 0, "", "", -1
                yield -1, row.text, "", -1
                gap, before = False, row
                continue
            depth = self._enter(row)
            parted = before is not None and before.text == "}" and at_top and row.opens and not depth
            if before is not None and (parted or (gap and not before.opens and not row.closes)):
                yield 0, "", "", -1
            for text in self._texts(row, depth, suppressed):
                yield depth + row.inner, text, row.comment, row.column
            suppressed = not row.text and SUPPRESSION in row.comment
            gap, before, at_top = False, row, not depth

    def _enter(self, row: Row) -> int:
        """The depth of a row; what it opens and closes counts from then on."""
        depths = self.depths
        if len(depths) == 1 and not row.braces:
            return depths[0]
        applies = [at for at, view in enumerate(self.views) if not row.condition or _kept(row.condition, view)]
        first = applies[0] if applies else 0
        closed = 0
        for brace in row.braces if row.text[:1] == "}" else ():
            if brace == 1:
                break
            closed += 1
            if "}" not in row.text[closed : closed + 1]:
                break
        depth = max(depths[first] - closed, 0)
        if row.opens:
            self._open(row, depth)
        for at in applies:
            for brace in row.braces:
                depths[at] = max(depths[at] + brace, 0)
        return depth

    def _open(self, row: Row, depth: int) -> None:
        word = row.text[len(row.condition) :].lstrip(BLANKS).split(" ", 1)[0]
        outer = self.inside[depth] if depth < len(self.inside) else None
        inside: Inside | None = None
        if isinstance(outer, type):
            inside = "entries" if _roles(outer).get(word) == "words" else opened_by(outer).get(word)  # type: ignore[arg-type]
            if inside == "entries" and _roles(outer).get(word) != "words":  # type: ignore[arg-type]
                inside = None
        del self.inside[depth + 1 :]
        self.inside += [None] * (depth + 1 - len(self.inside)) + [inside]

    def _texts(self, row: Row, depth: int, suppressed: bool) -> list[str]:
        text = row.text
        inside = self.inside[depth] if depth < len(self.inside) else None
        if not row.simple or not text:
            return [text]
        if inside == "entries" and not row.braces and not row.comment and not suppressed and _WORDS.fullmatch(text):
            words = re.split("[ \t]+", text)
            if not any(word[0] in "@~" or word.startswith("include") for word in words):
                return words
        if isinstance(inside, type):
            word = re.split("[ \t]", text, maxsplit=1)[0]
            if _roles(inside).get(word) == "script":  # type: ignore[arg-type]
                return [f"{word} {text[len(word) :].lstrip(BLANKS)}" if word != text else word]
        return [collapse(text)]


def _kept(condition: str, view: str | None) -> bool:
    differs = condition.startswith("@^")
    return (condition[2 if differs else 1 :] == view) != differs


def _in_columns(lines: list[_Line]) -> Iterator[tuple[_Line, int]]:
    """Each line with the column of its comment; comments that stood in one column stay in one."""
    start = 0
    while start < len(lines):
        column = lines[start][3] if lines[start][1] else -1
        end = start + 1
        while column >= 0 and end < len(lines) and lines[end][3] == column and lines[end][1]:
            end += 1
        width = max(len(INDENT) * max(line[0], 0) + len(line[1]) for line in lines[start:end])
        for line in lines[start:end]:
            yield line, width + GAP
        start = end


def _written(line: _Line, column: int) -> str:
    depth, text, comment, _ = line
    if depth < 0:
        return text
    full = INDENT * depth + text
    if comment:
        full = full.ljust(column) + comment if text else full + comment
    if _fits(full):
        return full
    return f"{text} {comment}" if text and comment else text + comment


def _fits(text: str) -> bool:
    return len(text) * 4 <= LONGEST or len(text.encode("utf-8", "surrogateescape")) <= LONGEST

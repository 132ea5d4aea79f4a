"""Which block a brace belongs to, by what the keywords say.

keepalived counts braces and goes on: after one that is missing or too many it takes every
line for another block's. Here the keywords tell where the brace should be, so that one missing
brace is one diagnostic, at its place, and the rest of the file is judged as it was meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field
from functools import cache
from typing import Literal, NamedTuple

from havipcfg.diagnostics import Diagnostic
from havipcfg.keepalived import problems
from havipcfg.keepalived.conf import KeepalivedConf
from havipcfg.keepalived.declare import Block, Body, Entries, Named
from havipcfg.source import Source, Span
from havipcfg.syntax.nest import is_balanced
from havipcfg.syntax.problems import stray_brace, unclosed_block
from havipcfg.syntax.statement import Statement

Inside = type[Block] | Literal["entries", "unknown"]


def repair(statements: list[Statement]) -> tuple[list[Statement], list[Diagnostic]]:
    """The statements as they were evidently meant, and what is wrong with their braces.

    Balanced statements are returned as they are; otherwise the result are copies.
    """
    if is_balanced(statements):
        return statements, []
    return _Repair(list(_events(statements))).run()


@cache
def opened_by(inside: type[Block]) -> dict[str, Inside | None]:
    """What each keyword of a block opens; None for a keyword of one line."""
    opened: dict[str, Inside | None] = {}
    for name, keyword in inside.keywords().items():
        kind = keyword.kind
        if isinstance(kind, Body) and not isinstance(kind, Named):
            opened[name] = kind.block
        else:
            opened[name] = "entries" if isinstance(kind, (Entries, Named)) else None
    return opened


class _Event(NamedTuple):
    """A line, or one of its braces; ``offset`` is where it stands."""

    kind: Literal["line", "open", "close"]
    statement: Statement
    place: Span


def _events(statements: list[Statement]) -> Iterator[_Event]:
    """The statements as the flat sequence of lines and braces that they were nested from."""
    pending: list[tuple[Iterator[Statement], Statement | None]] = [(iter(statements), None)]
    while pending:
        lines, header = pending[-1]
        statement = next(lines, None)
        if statement is None:
            pending.pop()
            if header is not None and header.closer >= 0:
                yield _Event("close", header, header.closer_span)
            continue
        if statement.text == "}" and statement.body is None and header is None:
            yield _Event("close", statement, statement.span)
            continue
        if statement.text:
            yield _Event("line", statement, statement.span)
        if statement.body is not None:
            yield _Event("open", statement, statement.opener_span)
            pending.append((iter(statement.body), statement))


DEEPEST = 64
"""So many blocks around a line are searched for one that knows it; keepalived's own nest five deep."""


@dataclass(slots=True)
class _Frame:
    """An open block. ``quoted``: its ``{`` stands in quotes, opens it all the same, and is not counted."""

    inside: Inside
    header: Statement | None
    lines: list[Statement] = field(default_factory=list)
    quoted: bool = False

    @property
    def name(self) -> str:
        return " ".join(self.header.words[:2]) if self.header and self.header.words else "a block"

    def opens(self, word: str) -> Inside | None:
        return opened_by(self.inside).get(word) if isinstance(self.inside, type) else None  # type: ignore[arg-type]

    def knows(self, word: str) -> bool:
        return isinstance(self.inside, type) and word in opened_by(self.inside)  # type: ignore[arg-type]


class _Repair:
    """Nests events again. ``missing`` and ``surplus`` are the closing braces that there are too few and too many."""

    def __init__(self, events: list[_Event]) -> None:
        self.events = events
        self.missing, self.surplus = _imbalance(events)
        self.problems: list[Diagnostic] = []
        self.frames = [_Frame(KeepalivedConf, None)]
        self.closed: tuple[_Frame, Span] | None = None

    def run(self) -> tuple[list[Statement], list[Diagnostic]]:
        last = None
        for number, event in enumerate(self.events):
            if event.kind == "line":
                follows = self.events[number + 1].kind if number + 1 < len(self.events) else "close"
                self._line(copy(event.statement), follows == "open")
            elif event.kind == "open":
                self._open(event)
            else:
                self._close(event)
            last = event
        if len(self.frames) > 1 and last is not None:
            end = Span(last.place.source, last.place.end, last.place.end)
            self._unclosed(end, 0, "")
        return self.frames[0].lines, self.problems

    def _line(self, line: Statement, opened: bool) -> None:
        line.body, line.opener, line.closer = None, -1, -1
        word = line.keyword
        if not self.frames[-1].knows(word):
            if self.missing:
                self._close_before(line, word)
            if self.surplus and self.closed is not None and not self.frames[-1].knows(word):
                self._reopen(line, word)
        self.closed = None
        frame = self.frames[-1]
        frame.lines.append(line)
        inside = frame.opens(word)
        if inside is not None and not opened and self.surplus:
            self.surplus -= 1
            quoted = line.words[-1] == "{"
            if quoted:
                line.text = line.text[: line.text.rindex('"{"')].rstrip()
                line.words.pop()
            elif line.text.count('"') % 2 == 0:
                self.problems.append(problems.missing_opening_brace(line, word))
            self._push(line, inside)
            self.frames[-1].quoted = quoted

    def _close_before(self, line: Statement, word: str) -> None:
        """End the blocks that a line cannot belong to, if one around them knows it."""
        innermost = len(self.frames) - 2
        for index in range(innermost, max(innermost - DEEPEST, -1), -1):
            if self.frames[index].knows(word):
                break
        else:
            return
        if self.frames[-1].inside == "unknown" and (index or self.frames[0].opens(word) is None):
            return
        if len(self.frames) - 1 - index > self.missing:
            return
        self.missing -= len(self.frames) - 1 - index
        self._unclosed(line.word_span(0), index, word)

    def _close_by_indentation(self, brace: Span) -> None:
        """End the blocks inside of the one that a ``}`` is aligned with."""
        margin = _margin(brace.source, brace.start)
        margins = [
            _margin(frame.header.source, frame.header.start)
            for frame in self.frames[1:]
            if frame.header is not None and frame.header.source is brace.source
        ]
        if margin is None or len(margins) < len(self.frames) - 1 or margin not in margins or margin == margins[-1]:
            return
        index = len(margins) - margins[::-1].index(margin)
        inner = margins[index:]
        if len(inner) <= self.missing and all(deeper is not None and len(deeper) > len(margin) for deeper in inner):
            self.missing -= len(inner)
            self._unclosed(brace, index, f"the }} of {self.frames[index].name}")

    def _unclosed(self, place: Span, index: int, before: str) -> None:
        blocks = []
        while len(self.frames) > index + 1:
            frame = self.frames.pop()
            header = frame.header
            if header is not None:
                blocks.append((frame.name, header.opener_span))
                header.closer = header.opener
        self.problems.append(unclosed_block(place, blocks, before))

    def _reopen(self, line: Statement, word: str) -> None:
        """Take back the end of a block whose lines go on after it."""
        assert self.closed is not None
        frame, place = self.closed
        if place.source is not line.source:
            return
        if frame.knows(word) or (frame.inside == "entries" and word[:1].isdigit()):
            self.surplus -= 1
            assert frame.header is not None
            self.problems.append(stray_brace(place, (frame.name, frame.header.opener_span), early=True))
            self.frames.append(frame)

    def _open(self, event: _Event) -> None:
        self.closed = None
        lines = self.frames[-1].lines
        if not event.statement.text or not lines or lines[-1].body is not None:
            lines.append(Statement("", event.place.source, event.place.start, event.place.end, event.statement.via))
        header = lines[-1]
        header.opener = event.place.start
        header.body_source = event.place.source
        inside = self.frames[-1].opens(header.keyword)
        if inside is None and self.missing and self.frames[-1].knows(header.keyword):
            self.missing -= 1
            self.problems.append(problems.unexpected_block(header, header.keyword))
            header.opener = -1
            return
        self._push(header, inside or "unknown")

    def _push(self, header: Statement, inside: Inside) -> None:
        frame = _Frame(inside, header)
        header.body = frame.lines
        self.frames.append(frame)

    def _close(self, event: _Event) -> None:
        if self.missing:
            self._close_by_indentation(event.place)
        if len(self.frames) > 1:
            frame = self.frames.pop()
            if frame.header is not None:
                frame.header.closer = event.place.start
                if frame.quoted:
                    self.problems.append(stray_brace(event.place, (frame.name, frame.header.span), early=False))
            self.closed = (frame, event.place)
            return
        self.surplus -= 1
        last = None
        if self.closed is not None and self.closed[0].header is not None:
            last = (self.closed[0].name, self.closed[0].header.opener_span)
        self.problems.append(stray_brace(event.place, last, early=False))


def _margin(source: Source, offset: int) -> str | None:
    """The white space before the first thing of a line; None where something else stands before it."""
    before = source.text[source.text.rfind("\n", 0, offset) + 1 : offset]
    return before if not before.strip() else None


def _imbalance(events: list[_Event]) -> tuple[int, int]:
    """How many closing braces are missing at the end, and how many close nothing."""
    depth = surplus = 0
    for event in events:
        if event.kind == "open":
            depth += 1
        elif event.kind == "close":
            if depth:
                depth -= 1
            else:
                surplus += 1
    return depth, surplus

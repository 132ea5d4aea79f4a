"""Which block a brace belongs to, by what the keywords say.

keepalived counts braces and goes on: after one that is missing or too many it takes every
line for another block's. Here the keywords tell where the brace should be, so that one missing
brace is one diagnostic, and the rest of the file is judged as it was meant. The diagnostic stands
at the line that keepalived names first, where it names one, and points from there to the brace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Literal, NamedTuple

from havipcfg.diagnostics import Diagnostic, Diagnostics, Label
from havipcfg.keepalived import problems
from havipcfg.keepalived.conf import KeepalivedConf
from havipcfg.keepalived.declare import Block, Body, Entries, Named
from havipcfg.source import Source, Span
from havipcfg.syntax.problems import stray_brace, unclosed_block
from havipcfg.syntax.statement import Statement

Inside = type[Block] | Literal["entries", "unknown"]
BRACKETS = {"(": ")", "[": "]"}
OUTSIDE = "for keepalived this is outside of all blocks"


def repair(statements: list[Statement]) -> tuple[list[Statement], list[Diagnostic]]:
    """Copies of the statements as they were evidently meant, and what is wrong with their braces."""
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
    """An open block.

    ``bare``: neither of its braces is there, and it ends where a line of a block around it stands.
    ``bracket``: what stands for its ``}``.
    """

    inside: Inside
    header: Statement | None
    lines: list[Statement] = field(default_factory=list)
    bracket: str = ""
    bare: _Waiting | None = None

    @property
    def name(self) -> str:
        return " ".join(self.header.words[:2]) if self.header and self.header.words else "a block"

    def opens(self, word: str) -> Inside | None:
        return opened_by(self.inside).get(word) if isinstance(self.inside, type) else None  # type: ignore[arg-type]

    def knows(self, word: str) -> bool:
        return isinstance(self.inside, type) and word in opened_by(self.inside)  # type: ignore[arg-type]


MOST_WAITING = 100
"""Every line is compared with all that waits."""


@dataclass(slots=True)
class _Waiting:
    """A problem whose line in keepalived's eyes is not known yet.

    ``otherwise``: where a later process names it. ``counted``: only a ``}`` that is counted shows it.
    ``open_around``: the block that a later process still has open below it. ``unopened``: the line that no ``{``
    follows.
    """

    report: Callable[[Label | None], Diagnostic]
    otherwise: Label | None = None
    counted: bool = False
    open_around: str = ""
    unopened: Span | None = None


class _Repair:
    """Nests events again. ``missing`` and ``surplus`` are the closing braces that there are too few and too many."""

    def __init__(self, events: list[_Event]) -> None:
        self.events = events
        self.missing, self.surplus = _imbalance(events)
        self.problems = Diagnostics()
        self.frames = [_Frame(KeepalivedConf, None)]
        self.closed: tuple[_Frame, Span] | None = None
        self.depth = 0
        self.waiting: list[_Waiting] = []

    def run(self) -> tuple[list[Statement], list[Diagnostic]]:
        last = None
        for number, event in enumerate(self.events):
            depth = self.depth
            if event.kind == "line":
                follows = self.events[number + 1] if number + 1 < len(self.events) else None
                self._line(event.statement.copied(), follows)
            elif event.kind == "open":
                self._open(event)
            else:
                self._close(event)
            if not depth and self.waiting:
                self._outside(event)
            last = event
        self._end_bare(None)
        if len(self.frames) > 1 and last is not None:
            end = Span(last.place.source, last.place.end, last.place.end)
            self._unclosed(end, 0, "")
        for waiting in self.waiting:
            self._tell(waiting, waiting.otherwise)
        return self.frames[0].lines, self.problems.complete()

    def _wait(self, problem: _Waiting) -> None:
        """Let a problem wait; where too many do, the first is told as it stands."""
        self.waiting.append(problem)
        if len(self.waiting) > MOST_WAITING:
            first = self.waiting.pop(0)
            self._tell(first, first.otherwise)

    def _tell(self, problem: _Waiting, seen: Label | None) -> None:
        """Report a problem at the line that keepalived names."""
        line = problem.unopened
        if line is None or not self.problems.counted(
            "KC116", (seen.span if seen else line).file, keepalived=seen is not None
        ):
            self.problems.append(problem.report(seen))

    def _outside(self, event: _Event) -> None:
        """Let the waiting problems stand at a line that keepalived's parent process finds outside of all blocks.

        That process counts the braces of every block but ``global_defs``, the only one that it reads.
        """
        seen = Label(event.place, OUTSIDE)
        if event.kind == "close":
            waiting, self.waiting = self.waiting, []
        elif event.kind == "line":
            word = event.statement.word_span(0)
            within = self.frames[1].header if len(self.frames) > 1 else None
            if self.frames[0].knows(event.statement.keyword):
                waiting = [one for one in self.waiting if one.open_around]
                seen = Label(word, f"keepalived takes this for a line of {waiting[0].open_around}" if waiting else "")
            elif within is not None and within.keyword == "global_defs":
                return
            else:
                waiting = [one for one in self.waiting if not one.counted]
                seen = Label(word, OUTSIDE)
            self.waiting = [one for one in self.waiting if one not in waiting]
        else:
            return
        for one in waiting:
            self._tell(one, seen)

    def _line(self, line: Statement, follows: _Event | None) -> None:
        line.body, line.opener, line.closer = None, -1, -1
        word = line.keyword
        if word == "}":
            self._quoted_closer(line)
            return
        if word and word == self.frames[-1].bracket:
            if self.frames[-1].bare:
                self.frames.pop()
            return
        if not self.frames[-1].knows(word):
            self._end_bare(line)
            if self.missing:
                self._close_before(line, word)
            if self.surplus and self.closed is not None and not self.frames[-1].knows(word):
                self._reopen(line, word)
        self.closed = None
        frame = self.frames[-1]
        frame.lines.append(line)
        inside = frame.opens(word)
        if inside is not None and (follows is None or follows.kind != "open"):
            self._unopened(line, inside, follows)

    def _unopened(self, line: Statement, inside: Inside, follows: _Event | None) -> None:
        """Open the block of a line that no ``{`` follows."""
        if line.words[-1] == "{" and self.surplus:
            self.surplus -= 1
            quoted = line.word_span(len(line.words) - 1)
            line.text = line.text[: line.text.rindex('"{"')].rstrip()
            line.words.pop()
            self._push(line, inside)
            self._wait(_Waiting(partial(stray_brace, quoted, "opener", self.frames[-1].name, None), counted=True))
            return
        bracket = line.words[-1] if line.words[-1] in BRACKETS else ""
        if bracket:
            line.text = line.text[: line.text.rindex(bracket)].rstrip()
            line.words.pop()
        waiting = _Waiting(partial(problems.missing_opening_brace, line, bracket), unopened=line.span)
        if inside != "entries" and follows is not None:
            place = follows.place if follows.kind == "close" else follows.statement.word_span(0)
            waiting.otherwise = Label(place, "keepalived expects the { here at the latest")
        elif bracket:
            waiting.otherwise = Label(line.word_span(len(line.words)), f"the {bracket} is a word too many")
        if line.keyword == "global_defs":
            self._tell(waiting, waiting.otherwise)
        elif line.text.count('"') % 2 == 0:
            self._wait(waiting)
        self._push(line, inside)
        self.frames[-1].bracket = BRACKETS.get(bracket, "")
        if self.surplus:
            self.surplus -= 1
        else:
            self.frames[-1].bare = waiting

    def _end_bare(self, line: Statement | None) -> None:
        """End the blocks without braces that a line, or any closing brace, cannot belong to."""
        while (waiting := self.frames[-1].bare) is not None:
            if line is not None and not any(frame.knows(line.keyword) for frame in self.frames[:-1]):
                return
            frame = self.frames.pop()
            if line is None and frame.inside == "entries" and len(self.frames) > 1:
                waiting.open_around = self.frames[1].name
            if line is not None and frame.inside == "entries":
                assert frame.header is not None
                said = f"keepalived takes this for a line of {frame.header.keyword}"
                waiting.otherwise = Label(line.word_span(0), said)
            if line is not None and self.frames[-1].knows(line.keyword):
                return

    def _quoted_closer(self, line: Statement) -> None:
        """Pass over a ``}`` in quotes, which ends a block although keepalived does not count it."""
        self.depth = max(0, self.depth - 1)
        name = self.frames[-1].name if len(self.frames) > 1 else ""
        if self.missing and name:
            self.missing -= 1
            self.frames.pop()
        self._wait(_Waiting(partial(stray_brace, line.span, "quoted", name, None)))

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
            opened = Label(frame.header.opener_span, f"{frame.name} is opened here")
            early = partial(stray_brace, place, "early", frame.name, opened)
            if len(self.frames) == 1:
                self.problems.append(early(Label(line.word_span(0), OUTSIDE)))
            else:
                self._wait(_Waiting(early))
            self.frames.append(frame)

    def _open(self, event: _Event) -> None:
        self.closed = None
        self.depth += 1
        lines = self.frames[-1].lines
        if self.missing and not event.statement.text:
            self.missing -= 1
            self.problems.append(problems.unexpected_block(event.statement, "", closed=False))
            return
        if not event.statement.text or not lines or lines[-1].body is not None:
            lines.append(Statement("", event.place.source, event.place.start, event.place.end, event.statement.via))
        header = lines[-1]
        header.opener = event.place.start
        header.body_source = event.place.source
        inside = self.frames[-1].opens(header.keyword)
        if inside is None and self.missing and self.frames[-1].knows(header.keyword):
            self.missing -= 1
            self.problems.append(problems.unexpected_block(header, header.keyword, closed=False))
            header.opener = -1
            return
        self._push(header, inside or "unknown")

    def _push(self, header: Statement, inside: Inside) -> None:
        frame = _Frame(inside, header)
        header.body = frame.lines
        self.frames.append(frame)

    def _close(self, event: _Event) -> None:
        self.depth = max(0, self.depth - 1)
        self._end_bare(None)
        if self.missing:
            self._close_by_indentation(event.place)
        if len(self.frames) > 1:
            frame = self.frames.pop()
            if frame.header is not None:
                frame.header.closer = event.place.start
            self.closed = (frame, event.place)
            return
        self.surplus -= 1
        last = _closed_last(self.closed[0]) if self.closed is not None else None
        self.problems.append(stray_brace(event.place, "surplus", "", last))


def _closed_last(frame: _Frame) -> Label | None:
    if frame.header is None:
        return None
    return Label(frame.header.opener_span, f"the block closed last, {frame.name}, is opened here")


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

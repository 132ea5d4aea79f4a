"""What a reading of a configuration passes from stage to stage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from havipcfg.diagnostics import Diagnostic, Diagnostics, Label
from havipcfg.source import Source, Span
from havipcfg.syntax.definitions import Budget
from havipcfg.syntax.problems import unclosed_quote
from havipcfg.syntax.statement import Statement


class Piece(NamedTuple):
    """A text on its way to a logical line.

    ``start`` and ``end`` cover the raw line it came from; ``at`` is the offset of the text
    itself, or -1 where it was made and stands nowhere.
    """

    text: str
    source: Source
    start: int
    end: int
    at: int
    via: tuple[Label, ...] = ()

    @property
    def place(self) -> Span:
        return Span(self.source, self.start, self.end)

    def part(self, text: str, offset: int) -> Piece:
        at = self.at + offset if self.at >= 0 else -1
        return Piece(text, self.source, self.start, self.end, at, self.via)


@dataclass(slots=True)
class Reader:
    """A file being read: what is left of it, the directory its includes start from, its real path.

    ``checks`` are the include checks to go back to when it ends.
    """

    pieces: Iterator[tuple[Piece, bool]]
    directory: str
    checks: frozenset[str]
    identity: str


@dataclass(slots=True)
class Collected:
    """A definition of several lines being read."""

    name: str
    lines: list[str] = field(default_factory=list)
    places: list[Span] = field(default_factory=list)
    continued: bool = False

    def add(self, text: str, place: Span, *, continued: bool) -> None:
        if text:
            self.lines.append(text)
            self.places.append(place)
            self.continued |= continued


class Copied(NamedTuple):
    """A line of the copy: the text without comment, where it came from, and the directory it was read in."""

    piece: Piece
    directory: str


@dataclass(slots=True)
class Shared:
    """What both readings of a configuration share: what was reported, and what limits leave.

    ``unjudged`` are the conditions that no configuration id decided, and the id of each.
    """

    budget: Budget = field(default_factory=Budget)
    problems: Diagnostics = field(default_factory=Diagnostics)
    reported: set[tuple[str, int, int, str]] = field(default_factory=set)
    unclosed: set[tuple[int, int]] = field(default_factory=set)
    unjudged: dict[str, str] = field(default_factory=dict)
    made: int = 0
    repeated: int = 0

    def report(self, problem: Diagnostic) -> None:
        key = (problem.code, id(problem.span.source), problem.span.start, problem.message)
        if key not in self.reported:
            self.reported.add(key)
            self.problems.append(problem)

    def report_unclosed(self, piece: Piece, text: str) -> None:
        """Report a quote that its line does not close, once for a line of a file."""
        place = (id(piece.source), piece.start)
        if place not in self.unclosed:
            self.unclosed.add(place)
            self.report(unclosed_quote(piece.place, text))


@dataclass(slots=True)
class Expansion:
    """What came of a source: the lines for keepalived's parent process, and for the others.

    ``included_at``: the line of the source that brought in each other file, by itself or by way of others.
    ``looked``: other files were looked for, whether or not there were any. ``ids``: those that ``@id`` lines
    name, where no configuration id was given.
    """

    parent: list[Statement]
    lines: list[Statement]
    problems: list[Diagnostic]
    sources: list[Source]
    included_at: dict[Source, Span]
    looked: bool
    ids: tuple[str, ...]

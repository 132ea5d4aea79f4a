"""Source lines with line numbers, the places in them underlined."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from havipcfg.render.layout import Paint, cell_len, wrap
from havipcfg.render.printable import printable
from havipcfg.render.secrets import hide

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from havipcfg.source import Source, Span

TAB = 4
CUT = "..."
_LOOKED_BACK = 200
"""Characters before those shown, in which a keyword may stand whose value is not for show."""
READABLE = 24
"""Fewer cells than this beside the carets, and what is to be said there goes below them."""


@dataclass(slots=True, eq=False, repr=False)
class Mark:
    """A place to underline in a style, and what to say there."""

    span: Span
    style: str
    note: str = ""

    @property
    def line(self) -> int:
        return self.span.line

    @property
    def last_line(self) -> int:
        """The line of the last character; a line end belongs to the line it ends."""
        return self.span.source.position(max(self.span.start, self.span.end - 1))[0]


@dataclass(slots=True, eq=False, repr=False)
class _View:
    """A line as shown, and the cells from which up to which it is underlined."""

    text: str
    start: int
    end: int
    whole: bool


def excerpt(marks: Sequence[Mark], gutter: int, width: int, paint: Paint) -> Iterator[str]:
    """Lines that show the marks, all of one source, in the order of its lines.

    ``gutter`` is the number of digits kept for line numbers, ``width`` the cells of a line.
    """
    source = marks[0].span.source
    room = width - gutter - 3
    bar = paint("dim", "|")
    blank = f"{'':>{gutter}} {bar}"
    previous = 0
    for line, group in groupby(sorted(marks, key=lambda m: (m.span.start, m.span.end)), lambda m: m.line):
        if previous and line == previous + 2:
            yield _numbered(previous + 1, gutter, bar, _view(source, previous + 1, None, room).text)
        elif previous and line > previous + 2:
            yield paint("dim", CUT)
        shown: str | None = None
        for mark in group:
            view = _view(source, line, mark.span, room)
            if view.text != shown or not view.whole:
                yield _numbered(line, gutter, bar, view.text)
                shown = view.text
            for row in _underline(mark, view, room, paint):
                yield f"{blank} {row}"
        previous = line


def _numbered(line: int, gutter: int, bar: str, text: str) -> str:
    return f"{line:>{gutter}} {bar} {text}".rstrip()


def _underline(mark: Mark, view: _View, room: int, paint: Paint) -> Iterator[str]:
    last = mark.last_line
    until = f"until line {last}" if last > mark.line else ""
    note = f"{mark.note} ({until})" if mark.note and until else mark.note or until
    carets = " " * view.start + paint(mark.style, "^" * (view.end - view.start))
    if not note:
        yield carets
        return
    beside = room - view.end - 1
    lines = wrap(note, beside) if beside >= READABLE else []
    if beside >= cell_len(note) or len(lines) == 1:
        yield f"{carets} {paint(mark.style, note)}"
    elif lines:
        yield f"{carets} {paint(mark.style, lines[0])}"
        for line in lines[1:]:
            yield " " * (view.end + 1) + paint(mark.style, line)
    else:
        yield carets
        indent = view.start if room - view.start >= READABLE else min(2, view.start)
        for line in wrap(note, room - indent):
            yield " " * indent + paint(mark.style, line)


def _view(source: Source, line: int, span: Span | None, room: int) -> _View:
    """The line, or as much of it around the span as there is room for.

    Only the neighbourhood of the span is looked at, however long the line is.
    """
    text = source.text
    first = source.line_starts[line - 1]
    last = source.line_starts[line] - 1 if line < len(source.line_starts) else len(text)
    if last > first and text[last - 1] == "\r":
        last -= 1
    start, end = (first, first) if span is None else (min(span.start, last), min(max(span.end, span.start), last))
    low, high = max(first, start - 2 * room), min(last, start + 2 * room)
    begun = max(first, low - _LOOKED_BACK)
    pieces, cells = _lay_out(hide(text[begun:high])[low - begun :])
    at, to = start - low, min(end, high) - low
    needed = max(cells[to], cells[at] + 1)
    if low == first and high == last and max(cells[-1], needed) <= room:
        return _View("".join(pieces), cells[at], max(cells[to], cells[at] + 1), whole=True)
    left = 0
    if low > first or needed > room - len(CUT):
        margin = max(0, min(room // 3, room - 2 * len(CUT) - (needed - cells[at])))
        left = next(i for i in range(at + 1) if cells[i] >= cells[at] - margin)
    before = CUT if low + left > first else ""
    space = room - len(before)
    right = len(pieces)
    if high < last or cells[-1] - cells[left] > space:
        space -= len(CUT)
        while right > left and cells[right] - cells[left] > space:
            right -= 1
    after = CUT if low + right < last else ""
    shift = len(before) - cells[left]
    begin = cells[at] + shift
    return _View(
        before + "".join(pieces[left:right]) + after,
        begin,
        max(begin + 1, cells[min(to, right)] + shift),
        whole=False,
    )


def _lay_out(text: str) -> tuple[list[str], list[int]]:
    """What is shown for each character, and the cell each begins in, with the end as one more."""
    if text.isascii() and text.isprintable():
        return list(text), list(range(len(text) + 1))
    pieces: list[str] = []
    cells = [0]
    previous = ""
    for character in text:
        at = cells[-1]
        piece = " " * (TAB - at % TAB) if character == "\t" else printable(character)
        cells.append(at + cell_len(previous + piece) - cell_len(previous))
        pieces.append(piece)
        previous = piece
    return pieces, cells

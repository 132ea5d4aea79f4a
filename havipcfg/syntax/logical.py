"""Logical lines: what a reading hands on, each a line of text or one brace."""

from __future__ import annotations

import re

from havipcfg.source import Span
from havipcfg.syntax import problems
from havipcfg.syntax.braces import DEEPEST, MOST_STRAY
from havipcfg.syntax.pieces import Piece, Shared
from havipcfg.syntax.statement import Statement

MOST_LINES = 200_000
"""Logical lines; a line and each of its braces is one."""
MOST_PROBLEMS = 5_000
_ODD = re.compile("[\x1c-\x1f]")


class LogicalLines:
    """The logical lines of one reading, and the limits of how many there are and how deep they nest.

    ``stopped``: a limit was passed, and nothing more is to be added. ``in_global_defs``: the next line is one of
    that block.
    """

    def __init__(self, shared: Shared) -> None:
        self.lines: list[Statement] = []
        self.stopped = False
        self.in_global_defs = False
        self._shared = shared
        self._depth = 0
        self._outermost = 0
        self._strays: list[int] = []

    def add(self, piece: Piece) -> Statement | None:
        """Add a line, or a brace, as a statement without body; None for blanks."""
        text = piece.text
        trimmed = text.strip(" \t\r\f\v")
        if not trimmed:
            return None
        if text.count('"') % 2:
            self._shared.report_unclosed(piece, trimmed)
        if piece.at >= 0:
            start = piece.at + text.index(trimmed[0])
            line = Statement(trimmed, piece.source, start, start + len(trimmed), piece.via)
        else:
            line = Statement(trimmed, piece.source, piece.start, piece.end, piece.via)
        if _ODD.search(trimmed):
            line.split_exactly()
        if trimmed[-1] == "\\" and (len(trimmed) - len(trimmed.rstrip("\\"))) % 2:
            self._shared.report(problems.line_continuation(piece.place, line.keyword))
        if trimmed == "{":
            if not self._depth:
                self._outermost = max(0, len(self.lines) - 1)
            self._depth += 1
            self.in_global_defs = self._depth == 1 and bool(self.lines) and self.lines[-1].keyword == "global_defs"
        elif trimmed == "}":
            if not self._depth:
                self._strays.append(len(self.lines))
            self._depth = max(0, self._depth - 1)
            self.in_global_defs = False
        self.lines.append(line)
        self._hold_limits(piece)
        return line

    def _hold_limits(self, piece: Piece) -> None:
        if self._depth > DEEPEST:
            self._stop(self._outermost, piece.place, f"blocks are nested more than {DEEPEST} deep")
        elif len(self._strays) > MOST_STRAY:
            place = self.lines[self._strays[0]].span
            self._stop(self._strays[0], place, f"more than {MOST_STRAY} closing braces close nothing")
        elif len(self.lines) > MOST_LINES:
            end = self._outermost if self._depth else MOST_LINES
            self._stop(end, piece.place, f"more than {MOST_LINES:,} lines and braces")
        elif len(self._shared.reported) > MOST_PROBLEMS:
            end = self._outermost if self._depth else len(self.lines)
            self._stop(end, piece.place, f"more than {MOST_PROBLEMS:,} lines are broken")

    def _stop(self, keep: int, place: Span, limit: str) -> None:
        """Read no more, and forget what a reading that goes on would have closed or explained."""
        self._shared.report(problems.expansion_limit(place, limit, all_of_it=True))
        del self.lines[keep:]
        self.stopped = True

"""Lines of a given width, measured in terminal cells, and their colours."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache, lru_cache
from typing import TextIO

Paint = Callable[[str, str], str]
"""Style (as rich names it) and text in, text with or without terminal codes out."""

NARROWEST = 20


def terminal_width() -> int:
    """Columns of the terminal, or what the environment variable COLUMNS says; 80 where there is none."""
    from shutil import get_terminal_size

    return get_terminal_size((80, 24)).columns


def colour_wanted(stream: TextIO) -> bool:
    """Whether to colour what goes to the stream.

    NO_COLOR (set, not empty) forbids it, else FORCE_COLOR (set, neither empty nor 0) asks for it,
    else a terminal gets it unless TERM is ``dumb``.
    """
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def painter(colour: bool) -> Paint:
    """The function that colours, or one that leaves text as it is."""
    if not colour:
        return lambda _style, text: text
    from rich.color import ColorSystem
    from rich.style import Style

    parse = cache(Style.parse)
    return lambda style, text: parse(style).render(text, color_system=ColorSystem.STANDARD)


def cell_len(text: str) -> int:
    """Cells that a text takes; rich is imported only where a character may take other than one."""
    if text.isascii() and text.isprintable():
        return len(text)
    from rich.cells import cell_len as measured

    return measured(text)


def wrap(text: str, width: int, first: int | None = None) -> list[str]:
    """Break printable text at spaces into lines of at most ``width`` cells; longer words are cut.

    ``first`` is the room on the first line where that differs. Always at least one line. No further
    line begins with ``::``, which a log of GitHub takes for a command.
    """
    room = width if first is None else first
    return [text] if cell_len(text) <= room else list(_wrapped(text, width, room))


@lru_cache(maxsize=512)
def _wrapped(text: str, width: int, room: int) -> list[str]:
    """``wrap``, for findings that say the same."""
    lines: list[str] = []
    line = ""
    used = 0
    for word in text.split(" "):
        size = cell_len(word)
        if used and (used + 1 + size <= room or word.startswith("::")):
            line += " " + word
            used += 1 + size
            continue
        if used:
            lines.append(line)
            room = width
        if size > room:
            from rich.cells import chop_cells

            head = chop_cells(word, room)[0]
            pieces = [head]
            for piece in chop_cells(word[len(head) :], width):
                if piece.startswith("::"):
                    pieces[-1] += piece
                else:
                    pieces.append(piece)
            *full, word = pieces
            lines += full
            room = width
        line = word
        used = cell_len(line)
    return [*lines, line]

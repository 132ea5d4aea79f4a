"""Trimming a line, cutting its comment and taking escapes away, as keepalived does it (since 2.0.9)."""

from __future__ import annotations

import re
from typing import NamedTuple

BLANKS = " \t"
_SPECIAL = re.compile(r'["#!\\]')
COMMENT_EATS_BACKSLASH = (2, 4, 0)


class Decommented(NamedTuple):
    """``text`` without comment; ``offset`` is where it begins in the line, -1 where it is not there as such.

    ``unclosed``: a double quote is still open at the end. ``escaped``: the offset of the first
    backslash that was taken from before a comment sign, or -1.
    """

    text: str
    offset: int
    unclosed: bool = False
    escaped: int = -1


def decomment(line: str, version: tuple[int, int, int]) -> Decommented:
    """A comment starts at any ``#`` or ``!`` outside double quotes, in the middle of a word too.

    A backslash pair hides its second character from all this, and loses the backslash before
    ``#`` and ``!`` outside quotes. A backslash that ends the line stays, directly after the
    text; until 2.3 also one that ends the comment.
    """
    body = line.lstrip(BLANKS)
    lead = len(line) - len(body)
    found = _SPECIAL.search(body)
    if found is None:
        return Decommented(body.rstrip(BLANKS), lead)
    size = len(body)
    quoted = continued = False
    cut = escaped = -1
    kept: list[str] = []
    done = 0
    at = found.start()
    while at < size:
        sign = body[at]
        step = 1
        if sign == '"':
            if cut < 0:
                quoted = not quoted
        elif sign == "\\":
            if at + 1 == size:
                continued = True
                break
            if cut < 0 and not quoted and body[at + 1] in "#!":
                kept.append(body[done:at])
                done = at + 1
                if escaped < 0:
                    escaped = lead + at
            step = 2
        elif not quoted and cut < 0:
            cut = at
            if version >= COMMENT_EATS_BACKSLASH:
                break
        found = _SPECIAL.search(body, at + step)
        if found is None:
            break
        at = found.start()
    end = cut if cut >= 0 else size - 1 if continued else size
    kept.append(body[done:end])
    text = "".join(kept).rstrip(BLANKS)
    if continued:
        text += "\\"
    return Decommented(text, lead if body.startswith(text) else -1, quoted, escaped)

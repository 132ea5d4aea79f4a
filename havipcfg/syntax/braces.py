"""Where keepalived divides a line: at its first brace outside double quotes; how many braces are read."""

from __future__ import annotations

import re

DEEPEST = 500
"""Blocks in blocks; keepalived's own nest five deep."""
MOST_STRAY = 100
"""Closing braces that close nothing."""
MOST_BRACES = 200_000

_REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


def first_brace(text: str) -> tuple[int, list[str]]:
    """The offset of the brace, or -1, and the names of references passed over on the way.

    keepalived also divides a line at the braces of a reference that it did not replace. That is
    never meant, so such references are passed over, for the caller to report.
    """
    references: list[str] = []
    at = _brace(text, 0)
    while at > 0 and text[at - 1] == "$" and (reference := _REFERENCE.match(text, at - 1)):
        references.append(reference[1])
        at = _brace(text, reference.end())
    return at, references


def _brace(text: str, at: int) -> int:
    """The first brace from an offset on; an unclosed quote hides all that follow."""
    if "{" not in text and "}" not in text:
        return -1
    while at < len(text):
        sign = text[at]
        if sign in "{}":
            return at
        if sign == '"':
            at = text.find('"', at + 1)
            if at == -1:
                return -1
        at += 1
    return -1

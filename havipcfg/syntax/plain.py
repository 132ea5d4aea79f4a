"""Statements straight from the surface tree, for texts that use nothing but lines and braces.

This is the fast way through most files. ``is_plain`` is conservative: whatever might need
expansion, or trips keepalived's line reader, goes through ``expand`` instead, and a law in
the tests holds both ways to the same statements.
"""

from __future__ import annotations

import re

from havipcfg.source import Source
from havipcfg.syntax.statement import Statement
from havipcfg.syntax.surface import Surface

_BLANKS = " \t\r\f\v"
_TO_COMMENT = re.compile(r'(?:[^"#!]+|"[^"]*")*+')
_LONGEST = 1022
_SPECIAL = re.compile("[\x1c-\x1f\x85\ufeff]")


def is_plain(text: str, tree: Surface) -> bool:
    """Whether lines and braces are all there is to the text.

    Not plain: definitions, conditions, sequences, includes, backslashes, NUL bytes, unclosed
    quotes, a byte order mark, and lines beyond keepalived's buffer of 1022 bytes.
    """
    if tree.broken or any(mark in text for mark in "\\$@~\0"):
        return False
    if "include" in text or _SPECIAL.search(text):
        return False
    limit = _LONGEST if text.isascii() else _LONGEST // 4
    return max(map(len, text.split("\n"))) <= limit


def statements(source: Source, tree: Surface) -> list[Statement]:
    """The nested statements of a plain text.

    A ``{`` with nothing before it gets an empty statement; a ``}`` that closes nothing stays
    as a statement ``}`` of the top level.
    """
    into: list[Statement] = []
    root = into
    open_blocks: list[tuple[Statement, list[Statement]]] = []
    for token in tree.tokens():
        start = token.start_pos or 0
        kind = token.type
        if kind == "LINES":
            _lines(token, start, source, into)
            continue
        if kind == "END":
            break
        _lines(token[:-1], start, source, into)
        brace = start + len(token) - 1
        if kind == "OPEN":
            if not into or into[-1].body is not None or into[-1].text == "}":
                into.append(Statement("", source, brace, brace + 1))
            header = into[-1]
            header.opener = brace
            open_blocks.append((header, into))
            header.body = into = []
        elif kind == "CLOSE":
            header, into = open_blocks.pop()
            header.closer = brace
        else:
            into.append(Statement("}", source, brace, brace + 1))
    return root


def _lines(text: str, position: int, source: Source, into: list[Statement]) -> None:
    for line in text.split("\n"):
        body = line.strip(_BLANKS)
        if body and body[0] not in "#!":
            if "#" in body or "!" in body:
                found = _TO_COMMENT.match(body)
                body = (found[0] if found else "").rstrip(_BLANKS)
            start = position + line.index(body)
            into.append(Statement(body, source, start, start + len(body)))
        position += len(line) + 1

"""Statements of texts that use nothing but lines and braces, straight from the grammar's terminals.

This is the fast way through most files. It is conservative: whatever might need expansion, or
trips keepalived's line reader, goes through ``expand`` instead, and a law in the tests holds
both ways to the same statements.
"""

from __future__ import annotations

import re

from havipcfg.source import Source
from havipcfg.syntax.braces import DEEPEST, MOST_BRACES, MOST_STRAY
from havipcfg.syntax.statement import Statement
from havipcfg.syntax.terminals import TERMINALS

_BLANKS = " \t\r\f\v"
_TO_COMMENT = re.compile(r'(?:[^"#!]+|"[^"]*")*+')
_LONGEST = 1022
_SPECIAL = re.compile("[\x1c-\x1f\x85\ufeff]")


def statements(source: Source) -> list[Statement] | None:
    """The nested statements of a plain text; None where the text needs the long way.

    Not plain: definitions, conditions, sequences, includes, backslashes, NUL bytes, unclosed
    quotes, a byte order mark, lines beyond keepalived's buffer of 1022 bytes, and braces
    beyond the limits. A ``{`` with nothing before it gets an empty statement; a ``}`` that
    closes nothing stays as a statement ``}`` of the top level.
    """
    text = source.text
    if not _is_plain(text):
        return None
    root = into = list[Statement]()
    open_blocks: list[tuple[Statement, list[Statement]]] = []
    strays = 0
    for count, match in enumerate(TERMINALS.finditer(text)):
        kind = match.lastgroup
        start, end = match.span()
        if kind == "LINES":
            _lines(text[start:end], start, source, into)
            continue
        if kind == "BROKEN":
            return None
        end -= 1
        _lines(text[start:end], start, source, into)
        if kind == "OPEN":
            if not into or into[-1].body is not None or into[-1].text == "}":
                into.append(Statement("", source, end, end + 1))
            header = into[-1]
            header.opener = end
            open_blocks.append((header, into))
            header.body = into = []
        elif open_blocks:
            header, into = open_blocks.pop()
            header.closer = end
        else:
            strays += 1
            into.append(Statement("}", source, end, end + 1))
        if len(open_blocks) > DEEPEST or strays > MOST_STRAY or count > MOST_BRACES:
            return None
    return root


def _is_plain(text: str) -> bool:
    if any(mark in text for mark in "\\$@~\0") or "include" in text or _SPECIAL.search(text):
        return False
    limit = _LONGEST if text.isascii() else _LONGEST // 4
    return max(map(len, text.split("\n"))) <= limit


def _lines(text: str, position: int, source: Source, into: list[Statement]) -> None:
    commented = "#" in text or "!" in text
    for line in text.split("\n"):
        body = line.strip(_BLANKS)
        if body and (not commented or body[0] not in "#!"):
            if commented and ("#" in body or "!" in body):
                found = _TO_COMMENT.match(body)
                body = (found[0] if found else "").rstrip(_BLANKS)
            start = position + line.index(body)
            into.append(Statement(body, source, start, start + len(body)))
        position += len(line) + 1

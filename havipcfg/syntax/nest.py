"""Logical lines to nested statements, by braces alone."""

from __future__ import annotations

from collections.abc import Iterable

from havipcfg.syntax.statement import Statement


def nest(lines: Iterable[Statement]) -> list[Statement]:
    """Give each ``{`` … ``}`` as body to the line before it.

    A ``{`` with no line before it gets an empty statement; a ``}`` that closes nothing stays
    as a statement ``}`` of the top level.
    """
    root: list[Statement] = []
    current = root
    open_blocks: list[tuple[Statement, list[Statement]]] = []
    for line in lines:
        if line.text == "{":
            if not current or current[-1].body is not None or current[-1].text == "}":
                current.append(Statement("", line.source, line.start, line.end, line.via))
            header = current[-1]
            header.opener = line.start
            header.body_source = line.source
            header.body = []
            open_blocks.append((header, current))
            current = header.body
        elif line.text == "}" and open_blocks:
            header, current = open_blocks.pop()
            header.closer = line.start
            header.body_source = line.source
        else:
            current.append(line)
    return root


def is_balanced(statements: list[Statement]) -> bool:
    """Whether every brace has its counterpart."""
    return not any(
        statement.closer < 0 if statement.body is not None else statement.text == "}" for statement in statements
    )

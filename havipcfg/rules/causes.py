"""One cause, one finding: what goes when another finding says the same better.

A rule sees its own subject; whether another one has named the cause already shows only when
all have been asked. ``CONSEQUENCES`` says which codes a finding makes needless, where the
two meet in one block, ``OF_A_FILE`` where they meet in one file.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from havipcfg.diagnostics import Diagnostic
    from havipcfg.source import Source, Span
    from havipcfg.syntax.statement import Statement

CONSEQUENCES = {
    "CL106": ("HV105",),
    "CL110": ("KC204",),
    "CL202": ("KC321",),
    "HV108": ("KC321", "CL203"),
    "HV110": ("KC350",),
    "KC104": ("CL111",),
    "KC128": ("KC310",),
    "KC206": ("CL110",),
    "KC207": ("CL110",),
    "KC320": ("CL106", "HV105"),
}
OF_A_FILE = {
    "KC370": ("KC204",),
    "KC371": ("CL110", "CL115", "KC204"),
}
MEANT = {"fall": "KC230", "virtual_ipaddress": "KC310"}
"""What a misspelt keyword was meant to say, and the code that finds it missing."""


def without_consequences(found: list[Diagnostic], statements: Iterable[Statement]) -> list[Diagnostic]:
    """The findings without those whose cause another one names; ``statements`` are the blocks of all files."""
    causes = [(cause, codes) for cause in found if (codes := (*CONSEQUENCES.get(cause.code, ()), *_meant(cause)))]
    of_files = {(cause.span.source, code) for cause in found for code in OF_A_FILE.get(cause.code, ())}
    if not causes and not of_files:
        return found
    blocks = _Blocks(statements)
    unsaid: set[tuple[int | None, str]] = set()
    for cause, codes in causes:
        if (block := blocks.around(cause.span)) is not None:
            unsaid.update((block, code) for code in codes)
    consequences = {code for _, code in unsaid}

    def needless(one: Diagnostic) -> bool:
        if (one.span.source, one.code) in of_files:
            return True
        if one.code not in consequences:
            return False
        return any((blocks.around(place), one.code) in unsaid for place in _places(one))

    return [diagnostic for diagnostic in found if not needless(diagnostic)]


class _Blocks:
    """The blocks of the outermost level, found by a place in them."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        self.of_source: dict[Source, list[Statement]] = {}
        for statement in statements:
            if statement.body is not None:
                self.of_source.setdefault(statement.source, []).append(statement)
        for blocks in self.of_source.values():
            blocks.sort(key=_start)

    def around(self, span: Span) -> int | None:
        """The block that holds the place, by its identity."""
        blocks = self.of_source.get(span.source, [])
        index = bisect_right(blocks, span.start, key=_start)
        block = blocks[index - 1] if index else None
        return id(block) if block is not None and span.start <= max(block.end, block.closer) else None


def _start(statement: Statement) -> int:
    return statement.start


def _meant(cause: Diagnostic) -> list[str]:
    words = re.findall(r"\w+", cause.advice) if cause.code == "KC101" else []
    return [MEANT[word] for word in words if word in MEANT]


def _places(diagnostic: Diagnostic) -> Iterator[Span]:
    yield diagnostic.span
    for label in diagnostic.related:
        yield label.span

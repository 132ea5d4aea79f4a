"""One cause, one finding: what goes when another finding says the same better.

A rule sees its own subject; whether another one has named the cause already shows only when
all have been asked. ``CONSEQUENCES`` says which codes a finding makes needless, where the
two meet in one block, ``OF_A_FILE`` where they meet in one file.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from havipcfg.diagnostics import Diagnostic
    from havipcfg.source import Span
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


class Extent(NamedTuple):
    """Where a block of the outermost level stands: its file, and the offsets of its start and of its closing brace."""

    file: str
    start: int
    last: int


def extents(statements: Iterable[Statement]) -> list[Extent]:
    """The extents of the blocks among the statements of a file."""
    return [
        Extent(statement.source.name, statement.start, max(statement.end, statement.closer))
        for statement in statements
        if statement.body is not None
    ]


def without_consequences(found: list[Diagnostic], extents: Iterable[Extent]) -> list[Diagnostic]:
    """The findings without those whose cause another one names; ``extents`` are the blocks of all files."""
    causes = [(cause, codes) for cause in found if (codes := (*CONSEQUENCES.get(cause.code, ()), *_meant(cause)))]
    of_files = {(cause.span.file, code) for cause in found for code in OF_A_FILE.get(cause.code, ())}
    if not causes and not of_files:
        return found
    blocks = _Blocks(extents)
    unsaid: set[tuple[Extent | None, str]] = set()
    for cause, codes in causes:
        if (block := blocks.around(cause.span)) is not None:
            unsaid.update((block, code) for code in codes)
    consequences = {code for _, code in unsaid}

    def needless(one: Diagnostic) -> bool:
        if (one.span.file, one.code) in of_files:
            return True
        if one.code not in consequences:
            return False
        return any((blocks.around(place), one.code) in unsaid for place in _places(one))

    return [diagnostic for diagnostic in found if not needless(diagnostic)]


class _Blocks:
    """The blocks of the outermost level, found by a place in them."""

    def __init__(self, extents: Iterable[Extent]) -> None:
        self.of_file: dict[str, list[Extent]] = {}
        for extent in extents:
            self.of_file.setdefault(extent.file, []).append(extent)
        for blocks in self.of_file.values():
            blocks.sort()

    def around(self, span: Span) -> Extent | None:
        """The block that holds the place."""
        blocks = self.of_file.get(span.file, [])
        index = bisect_right(blocks, span.start, key=_start)
        block = blocks[index - 1] if index else None
        return block if block is not None and span.start <= block.last else None


def _start(extent: Extent) -> int:
    return extent.start


def _meant(cause: Diagnostic) -> list[str]:
    words = re.findall(r"\w+", cause.advice) if cause.code == "KC101" else []
    return [MEANT[word] for word in words if word in MEANT]


def _places(diagnostic: Diagnostic) -> Iterator[Span]:
    yield diagnostic.span
    for label in diagnostic.related:
        yield label.span

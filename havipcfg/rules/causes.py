"""One cause, one finding: what goes when another finding says the same better.

A rule sees its own subject; whether another one has named the cause already shows only when
all have been asked. ``CONSEQUENCES`` says which codes a finding makes needless, where the
two meet in one block, ``OF_A_FILE`` where they meet in one file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

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


def without_consequences(found: list[Diagnostic], statements: Iterable[Statement]) -> list[Diagnostic]:
    """The findings without those whose cause another one names; ``statements`` are the blocks of all files."""
    codes = {diagnostic.code for diagnostic in found}
    if codes.isdisjoint((*CONSEQUENCES, *OF_A_FILE, "KC101")):
        return found
    blocks = [statement for statement in statements if statement.body is not None]
    needless: set[int] = set()
    for cause in found:
        needless_here = (*CONSEQUENCES.get(cause.code, ()), *_meant(cause))
        if not needless_here and cause.code not in OF_A_FILE:
            continue
        inside = [block for block in blocks if _holds(block, cause.span)]
        for other in found:
            if other.code in needless_here:
                if any(_holds(block, place) for block in inside for place in _places(other)):
                    needless.add(id(other))
            elif other.code in OF_A_FILE.get(cause.code, ()) and other.span.source is cause.span.source:
                needless.add(id(other))
    return [diagnostic for diagnostic in found if id(diagnostic) not in needless]


def _meant(cause: Diagnostic) -> list[str]:
    words = re.findall(r"\w+", cause.advice) if cause.code == "KC101" else []
    return [MEANT[word] for word in words if word in MEANT]


def _places(diagnostic: Diagnostic) -> Iterator[Span]:
    yield diagnostic.span
    for label in diagnostic.related:
        yield label.span


def _holds(block: Statement, span: Span) -> bool:
    return block.source is span.source and block.start <= span.start <= max(block.end, block.closer)

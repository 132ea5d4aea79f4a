"""Findings taken back by comments in the file.

``# havipcfg: ignore[KC203]`` at a line's end, or on a line of its own before a statement or
block, and ``# havipcfg: ignore-file[KC2]``. A suppression that takes nothing back is reported.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from heapq import heappop, heappush
from operator import attrgetter

from havipcfg.diagnostics import MOST_OF_ONE, Diagnostic, Edit, Fix
from havipcfg.findings import WARNING, Finding, diagnosis
from havipcfg.keepalived.load import Reading
from havipcfg.record import record
from havipcfg.source import Source, Span
from havipcfg.syntax.statement import Statement

_COMMENT = re.compile(r"[#!][ \t]*havipcfg:[ \t]*(ignore-file|ignore)[ \t]*(?:\[([^\]\n]*)\])?")


@dataclass(eq=False, repr=False)
class Suppression:
    """A comment, the lines it covers (from 1, both included), and the codes or prefixes it names (none: all)."""

    span: Span
    first: int
    last: int
    codes: tuple[str, ...]
    used: bool = False

    @property
    def alike(self) -> tuple[int, int, tuple[str, ...]]:
        """What suppressions have in common that take back the same."""
        return self.first, self.last, self.codes


@diagnosis("KC901", "unused-suppression", WARNING, fix="safe")
def unused_suppression(suppression: Suppression) -> Finding:
    """A `havipcfg: ignore` comment that takes no finding back.

    ## What it does
    Reports a comment such as `# havipcfg: ignore[KC203]` where there is nothing to take back.

    ## Why it matters
    A comment without effect hides the next real finding at this place.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface eth0          # havipcfg: ignore[KC307]   # expect: KC901
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    Remove the comment.

    ## References
    - `havipcfg lint`, suppressions
    """
    named = f"[{', '.join(suppression.codes)}]" if suppression.codes else ""
    return Finding(
        suppression.span,
        f"ignore{named} takes nothing back here",
        why="a comment without effect hides the next real finding at this place",
        advice="remove the comment",
        fix=_without(suppression.span),
    )


def _without(comment: Span) -> Fix | None:
    """Take a comment out, its line with it where it stands alone; None where more is said in it."""
    source, line = comment.source, comment.line
    first = source.offset(line)
    last = first + len(source.line_text(line))
    if source.text[comment.end : last].strip():
        return None
    before = source.text[first : comment.start]
    start = first + len(before.rstrip())
    end = source.offset(line + 1) if not before.strip() and line < len(source.line_starts) else last
    return Fix("remove the comment", "safe", (Edit(Span(source, start, end), ""),))


@record
class Suppressions:
    """The suppressions of one text, by the name it is reported under."""

    file: str
    found: list[Suppression]


def suppressions(readings: Iterable[Reading]) -> list[Suppressions]:
    """Those of a file and of each file it includes, where they have any; the file as each node reads it."""
    found: dict[str, dict[int, Suppression]] = {}
    for reading in readings:
        for source in reading.document.sources:
            if "havipcfg:" in source.text:
                known = found.setdefault(source.name, {})
                for one in _suppressions(source, reading):
                    other = known.setdefault(one.span.start, one)
                    other.first, other.last = min(one.first, other.first), max(one.last, other.last)
    return [Suppressions(name, list(known.values())) for name, known in found.items()]


def suppressed(
    diagnostics: Iterable[Diagnostic], suppressions: Iterable[Suppressions], unasked: tuple[str, ...] = ()
) -> list[Diagnostic]:
    """The diagnostics that no comment takes back, and one for each comment without effect.

    Of a file that several include, the first one's suppressions count. ``unasked`` are codes
    or prefixes that this run could not find: comments that name one are not said to be without effect.
    """
    by_file: dict[str, list[Suppression]] = {}
    for each in suppressions:
        by_file.setdefault(each.file, each.found)
    if not by_file:
        return list(diagnostics)
    kept: list[Diagnostic] = []
    in_file: dict[str, list[Diagnostic]] = {}
    for diagnostic in diagnostics:
        file = diagnostic.span.file
        (in_file.setdefault(file, []) if file in by_file else kept).append(diagnostic)
    for file, those in in_file.items():
        kept += _not_covered(those, by_file[file])
    for found in by_file.values():
        kept += _unused([s for s in found if not s.used and not _waits(s, unasked)])
    return kept


def _unused(found: list[Suppression]) -> list[Diagnostic]:
    """A finding for each of the suppressions of a file; beyond those that are shown one stands for the others."""
    found.sort(key=lambda suppression: suppression.span.start)
    shown, beyond = found[:MOST_OF_ONE], found[MOST_OF_ONE:]
    worded = [unused_suppression(each) for each in shown]
    return [*worded, replace(unused_suppression(beyond[0]), count=len(beyond))] if beyond else worded


def _not_covered(diagnostics: list[Diagnostic], suppressions: list[Suppression]) -> list[Diagnostic]:
    """The diagnostics of a file that none of its suppressions covers; marks those that cover some as used.

    Goes through the lines once: what begins above a line waits by its codes until its last line is passed.
    """
    alike: dict[tuple[int, int, tuple[str, ...]], list[Suppression]] = {}
    for suppression in suppressions:
        alike.setdefault(suppression.alike, []).append(suppression)
    coming = sorted(alike, reverse=True)
    waiting: dict[str, list[tuple[int, int, tuple[str, ...]]]] = {}
    used: set[tuple[int, int, tuple[str, ...]]] = set()
    named = {code for _, _, codes in alike for code in codes or ("",)}

    @cache
    def beginnings(code: str) -> list[str]:
        return [code[:length] for length in range(len(code) + 1) if code[:length] in named]

    kept = []
    for diagnostic in sorted(diagnostics, key=_place):
        prefixes = beginnings(diagnostic.code)
        if not prefixes:
            kept.append(diagnostic)
            continue
        line = diagnostic.span.line
        while coming and coming[-1][0] <= line:
            first, last, codes = coming.pop()
            for code in codes or ("",):
                heappush(waiting.setdefault(code, []), (last, first, codes))
        covering = []
        for prefix in prefixes:
            ends = waiting.get(prefix, [])
            while ends and ends[0][0] < line:
                heappop(ends)
            covering += ends
        used.update((first, last, codes) for last, first, codes in covering)
        if not covering:
            kept.append(diagnostic)
    for each in used:
        for suppression in alike[each]:
            suppression.used = True
    return kept


def _place(diagnostic: Diagnostic) -> int:
    return diagnostic.span.start


def _waits(suppression: Suppression, unasked: tuple[str, ...]) -> bool:
    return any(code.startswith(unasked) for code in suppression.codes)


def _suppressions(source: Source, reading: Reading) -> list[Suppression]:
    found = []
    places: tuple[list[Statement], list[int]] | None = None
    for match in _COMMENT.finditer(source.text):
        codes = tuple(code.strip() for code in (match[2] or "").split(",") if code.strip())
        span = Span(source, match.start(), match.end())
        line = span.line
        if match[1] == "ignore-file":
            first, last = 1, len(source.line_starts)
        elif source.line_text(line).lstrip().startswith(match[0][0]):
            places = places or _in_order(reading.statements, source)
            first, last = _next_statement(*places, span)
        else:
            first = last = line
        found.append(Suppression(span, first, last, codes))
    return found


def _in_order(statements: list[Statement], source: Source) -> tuple[list[Statement], list[int]]:
    """The statements of a source, those within blocks too, and the offsets of its closing braces."""
    found = []
    pending = list(statements)
    while pending:
        statement = pending.pop()
        pending += statement.body or ()
        if statement.source is source:
            found.append(statement)
    found.sort(key=attrgetter("start"))
    return found, sorted(each.closer for each in found if each.closer >= 0 and each.body_source is source)


def _next_statement(statements: list[Statement], closers: list[int], comment: Span) -> tuple[int, int]:
    """The lines of the first statement below a comment in the same block, its own block included."""
    line = comment.line
    at = bisect_right(statements, comment.end, key=attrgetter("start"))
    if at < len(statements):
        found = statements[at]
        if bisect_right(closers, comment.end) == bisect_right(closers, found.start):
            return found.span.line, found.closer_span.line if found.closer >= 0 else found.span.end_line
    return line + 1, line + 1

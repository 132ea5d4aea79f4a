"""What was pasted or mistyped on many lines is one finding."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from havipcfg.diagnostics import Diagnostic
from havipcfg.source import Source

_ALL_OVER = (
    *("key = value", "key: value", "a ; at the end"),
    *("a template that was not filled in", "a placeholder that was not filled in"),
)
"""Manners of writing: whoever writes one setting so writes all of a file so."""
_PASTED = ("KC035", "KC036", "KC037")
_FEWEST_UNKNOWN = 3
_NAMED = 6


def grouped(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The findings, those of one paste or one manner of writing as one, at the first of their lines.

    ``found`` is in the order of the lines of each file.
    """
    kept: list[list[Diagnostic]] = []
    manners: dict[tuple[Source, str], list[Diagnostic]] = {}
    runs: dict[Source, list[Diagnostic]] = {}
    for diagnostic in found:
        source = diagnostic.span.source
        manner = next((text for text in _ALL_OVER if diagnostic.message.startswith(text)), "")
        if diagnostic.code == "KC037" and manner:
            group = manners.setdefault((source, manner), [])
            if not group:
                kept.append(group)
            group.append(diagnostic)
            continue
        run = runs.get(source)
        if run and _goes_on(run, diagnostic):
            run.append(diagnostic)
            continue
        runs[source] = [diagnostic]
        kept.append(runs[source])
    return [one for group in kept for one in _one(group)]


def _goes_on(run: list[Diagnostic], diagnostic: Diagnostic) -> bool:
    """Whether a finding belongs to the lines just above it."""
    first, last = run[0], run[-1]
    if first.code != diagnostic.code or diagnostic.count > 1:
        return False
    source = diagnostic.span.source
    if first.message.startswith("the mark of a merge conflict"):
        return diagnostic.message == first.message and not last.span.text.startswith(">")
    between = range(last.span.line + 1, diagnostic.span.line)
    if not all(source.line_text(number).strip("{} \t\r") == "" for number in between):
        return False
    if diagnostic.code == "KC101":
        return not (first.advice or diagnostic.advice)
    return diagnostic.code in _PASTED


def _one(group: list[Diagnostic]) -> list[Diagnostic]:
    first = group[0]
    fewest = _FEWEST_UNKNOWN if first.code == "KC101" else 2
    if len(group) < fewest:
        return group
    numbers = list(dict.fromkeys(d.span.line for d in group[1:]))
    gravest = min(group, key=lambda d: d.severity.rank).severity
    where = f"the same on {_listed(numbers)}"
    conflict = first.message.startswith("the mark of a merge conflict")
    return [
        replace(
            first,
            severity=gravest,
            keepalived=any(d.keepalived for d in group),
            notes=(*first.notes, where.replace("the same", "the others") if conflict else where),
            fix=None,
        )
    ]


def _listed(numbers: list[int]) -> str:
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    texts = [str(low) if low == high else f"{low}-{high}" for low, high in ranges]
    if len(texts) > _NAMED:
        texts = [*texts[:_NAMED], "more"]
    *most, last = texts
    return ("line " if len(numbers) == 1 else "lines ") + (f"{', '.join(most)} and {last}" if most else last)

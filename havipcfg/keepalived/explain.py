"""What lies behind the problems of a line: one cause is one diagnostic, and the others go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import PurePath

from havipcfg.diagnostics import Diagnostic, Diagnostics, Severity
from havipcfg.keepalived.conf import KeepalivedConf
from havipcfg.keepalived.declare import Block
from havipcfg.keepalived.structure import opened_by
from havipcfg.source import Source, Span
from havipcfg.syntax.foreign import LOOK_ALIKE, foreign, meant, worded_alike, written_alike
from havipcfg.syntax.parse import Document
from havipcfg.syntax.pasted import pasted
from havipcfg.syntax.problems import problem_in_include
from havipcfg.syntax.statement import Statement

_CAUSES = frozenset(["KC001", "KC003", "KC005", "KC015", "KC016", "KC034", "KC035", "KC036", "KC037"])
_UNCLEAR = frozenset(
    ["KC101", "KC102", "KC103", "KC105", "KC106", "KC107", "KC110", "KC111", "KC115", "KC116", "KC126", "KC130"]
)

Line = tuple[Source, int]


def explain(found: Iterable[Diagnostic], statements: list[Statement], source: Source) -> list[Diagnostic]:
    """The problems with each line's cause in the place of its consequences.

    A cause takes over ``keepalived`` from what it replaces: keepalived reports the line, in
    other words.
    """
    by_line: dict[Line, list[Diagnostic]] = {}
    for diagnostic in found:
        place = _mistaken(diagnostic)
        by_line.setdefault((place.source, place.line), []).append(diagnostic)
    comment: Source | None = None
    explained: list[Diagnostic] = []
    for (file, number), group in sorted(by_line.items(), key=lambda item: item[0][1]):
        text = file.line_text(number)
        if comment is file and any(d.code == "KC101" for d in group):
            if "*/" in text:
                comment = None
            continue
        causes = [d for d in group if d.code in _CAUSES]
        too_long = [d for d in causes if d.code == "KC001"]
        if too_long:
            reported = any(d.keepalived for d in group)
            explained.append(replace(too_long[0], keepalived=reported))
            explained += [d for d in group if d.code == "KC021"]
            continue
        if not causes and any(d.code in _UNCLEAR for d in group):
            causes = _causes(file, number)
            if "/*" in text and "*/" not in text and causes and causes[0].code == "KC035":
                comment = file
            causes = [replace(cause, keepalived=False) for cause in causes]
        explained += _merged(causes, group) if causes else map(placed, group)
    return explained + _silent(statements, source, by_line)


def foreign_as_a_whole(found: list[Diagnostic], source: Source) -> Diagnostic | None:
    """What is to be said of a file that is something else, in the place of all its problems."""
    unclear = [d for d in found if d.span.source is source and (d.code in _UNCLEAR or d.code == "KC034")]
    if not unclear:
        return None
    reported = [d for d in unclear if d.keepalived]
    first = min(reported or unclear, key=lambda d: d.span.start)
    return pasted(source, first.span.line, reported=bool(reported))


def _mistaken(diagnostic: Diagnostic) -> Span:
    """Where the mistake stands: for a missing ``{`` not where keepalived notices, but where it should be."""
    return diagnostic.related[0].span if diagnostic.code == "KC116" and diagnostic.related else diagnostic.span


def mistyped(found: Iterable[Diagnostic]) -> set[Line]:
    """The lines of which is known what was meant."""
    return {
        (d.span.source, d.span.line)
        for d in found
        if d.code in ("KC034", "KC037") and d.advice.startswith(("write ", "remove "))
    }


def as_meant(statements: list[Statement], lines: set[Line]) -> list[Statement]:
    """The statements, copies of those of the lines with what was meant in the place of what is written.

    Where one of the lines ends in a semicolon, no semicolon at the end of another line is meant either.
    """
    semicolons = any(file.line_text(number).rstrip().endswith(";") for file, number in lines)
    return _as_meant(statements, lines, semicolons)


def _as_meant(statements: list[Statement], lines: set[Line], semicolons: bool) -> list[Statement]:
    found = []
    for statement in statements:
        line = statement
        mistyped = (line.source, line.span.line) in lines or (semicolons and line.text.endswith(";"))
        if mistyped or line.body:
            line = line.copied()
        if mistyped:
            line.text = meant(line.text).removesuffix("{").rstrip()
            line.split_exactly()
        if line.body:
            line.body = _as_meant(line.body, lines, semicolons)
        if line.text or line.body is not None:
            found.append(line)
    return found


def _causes(file: Source, number: int) -> list[Diagnostic]:
    found = foreign(file, number)
    return [found] if found else []


def _merged(causes: list[Diagnostic], group: list[Diagnostic]) -> list[Diagnostic]:
    consequences = [d for d in group if d.code in _UNCLEAR or d.code.startswith("KC1")]
    others = [d for d in group if d not in consequences and d not in causes]
    reported = any(d.keepalived for d in consequences)
    first, *more = causes
    severity = min((first, *consequences), key=lambda d: d.severity.rank).severity if reported else Severity.WARNING
    return [
        first if first.keepalived or not consequences else replace(first, keepalived=reported, severity=severity),
        *more,
        *others,
    ]


def placed(diagnostic: Diagnostic) -> Diagnostic:
    """Say of an unknown keyword where it would be known; that outweighs a guess."""
    if diagnostic.code != "KC101":
        return diagnostic
    blocks = _homes().get(diagnostic.span.text)
    if not blocks:
        return diagnostic
    return replace(diagnostic, advice=f"{diagnostic.span.text} belongs in {' or '.join(blocks[:3])}", fix=None)


@cache
def _homes() -> dict[str, list[str]]:
    """Every keyword with the blocks that have it, named by the keywords that open them."""
    homes: dict[str, list[str]] = {}
    seen: set[type[Block]] = set()
    pending: list[tuple[type[Block], str]] = [(KeepalivedConf, "the top level")]
    while pending:
        block, name = pending.pop(0)
        if block in seen:
            continue
        seen.add(block)
        for word, inside in opened_by(block).items():  # type: ignore[arg-type]
            if name not in homes.setdefault(word, []):
                homes[word].append(name)
            if isinstance(inside, type):
                pending.append((inside, word))
    return homes


def in_includes(document: Document, found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """For each included file with problems, one diagnostic at the line of the document that brings it in.

    ``found`` are all problems of the document; whoever looks at this file alone sees that it is not well.
    """
    inside: dict[Source, list[Diagnostic]] = {}
    for diagnostic in found:
        if diagnostic.span.source in document.included_at and diagnostic.severity is not Severity.INFO:
            inside.setdefault(diagnostic.span.source, []).append(diagnostic)
    pointing = []
    for source, problems in inside.items():
        first = min(problems, key=lambda problem: (not problem.keepalived, problem.span.start))
        place = document.included_at[source]
        pointing.append(
            problem_in_include(place, PurePath(source.name).name, len(problems), first.span, first.keepalived)
        )
    return pointing


def _silent(statements: list[Statement], source: Source, judged: dict[Line, list[Diagnostic]]) -> list[Diagnostic]:
    """Look-alike characters that keepalived accepts as part of a value without a word."""
    if source.text.isascii() or not LOOK_ALIKE.search(source.text):
        return []
    found = Diagnostics()
    pending = list(reversed(statements))
    while pending:
        line = pending.pop()
        pending += reversed(line.body or ())
        if line.text.isascii() or '"' in line.text or (line.source, line.span.line) in judged:
            continue
        alike = written_alike(line.span)
        if alike is not None and not found.counted("KC034", alike.file, keepalived=False):
            found.append(worded_alike(alike))
    return found.complete()

"""One cause, one finding: what goes when another finding says the same better.

A rule sees its own subject; whether another one has named the cause already shows only when
all have been asked. ``rules/consequences.py`` says which codes a finding makes needless.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from havipcfg.diagnostics import Severity
from havipcfg.rules.consequences import (
    CAUSES,
    CONSEQUENCES,
    ELSEWHERE,
    MEANT,
    MEANT_OF_A_FILE,
    MISREAD,
    OF_A_FILE,
    OF_A_LINE,
    OF_A_NAME,
    OF_FRAGMENTS,
    Codes,
)

if TYPE_CHECKING:
    from havipcfg.diagnostics import Diagnostic
    from havipcfg.source import Span
    from havipcfg.syntax.statement import Statement


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


def without_consequences(
    found: list[Diagnostic], extents: Iterable[Extent], nodes: Iterable[list[str]]
) -> list[Diagnostic]:
    """The findings without those whose cause another one names, which then counts as reported where those were.

    ``extents`` are the blocks of all files, ``nodes`` the names of the files that each node reads.
    """
    possible = [one for one in found if one.code in CAUSES]
    causes = [(cause, codes) for cause in possible if (codes := _consequences(cause, CONSEQUENCES, MEANT))]
    node_of = {file: number for number, files in enumerate(nodes) for file in files}
    of_nodes: dict[tuple[int | None, str], list[Diagnostic]] = {}
    for cause in possible:
        for code in _consequences(cause, OF_A_FILE, MEANT_OF_A_FILE):
            for file in {place.file for place in _shown(cause)}:
                of_nodes.setdefault((node_of.get(file), code), []).append(cause)
    of_things = _of_things(found, node_of)
    fragments = {(_folder(d.span), code) for d in found for code in _of_fragments(d)}
    if not causes and not of_nodes and not of_things and not fragments:
        return found
    blocks = _Blocks(extents)
    unsaid: dict[tuple[Extent | None, str], list[Diagnostic]] = {}
    for cause, codes in causes:
        for place in _shown(cause):
            if (block := blocks.around(place)) is not None:
                for code in codes:
                    unsaid.setdefault((block, code), []).append(cause)
    consequences = {code for _, code in unsaid}
    explained_codes = consequences.union(code for _, code in (*of_nodes, *of_things))

    def explaining(one: Diagnostic) -> list[Diagnostic]:
        explained: list[Diagnostic] = []
        if of_nodes:
            for place in _places(one):
                explained += of_nodes.get((node_of.get(place.file), one.code), ())
        if one.code in consequences:
            for place in _places(one):
                explained += unsaid.get((blocks.around(place), one.code), ())
        for thing in _things(one, node_of) if of_things else ():
            explained += (cause for cause in of_things.get((thing, one.code), ()) if _as_grave(cause, one))
        return explained

    def of_fragment(one: Diagnostic) -> bool:
        return any((folder, one.code) in fragments for folder in _folder(one.span).parents)

    kept = []
    reported: set[int] = set()
    for one in found:
        named = explaining(one) if one.code in explained_codes else []
        if named and one.keepalived and not any(cause.keepalived for cause in named):
            reported.add(id(named[0]))
        if not named and not (fragments and of_fragment(one)):
            kept.append(one)
    return [replace(one, keepalived=True, severity=Severity.ERROR) if id(one) in reported else one for one in kept]


def _as_grave(cause: Diagnostic, one: Diagnostic) -> bool:
    """Whether no run passes by this cause that would fail by the other; what takes a reported one over is an error."""
    return cause.severity.rank <= one.severity.rank or (one.keepalived and not cause.keepalived)


Thing = tuple[object, object]


def _of_things(found: list[Diagnostic], node_of: Mapping[str, int]) -> dict[tuple[Thing, str], list[Diagnostic]]:
    """The findings that make a code needless for a line, or for a check of a node."""
    of_things: dict[tuple[Thing, str], list[Diagnostic]] = {}
    for cause in found:
        lines, checks = OF_A_LINE.get(cause.code, ()), OF_A_NAME.get(cause.code, ())
        for thing in _things(cause, node_of) if lines or checks else ():
            for code in checks if isinstance(thing[1], str) else lines:
                of_things.setdefault((thing, code), []).append(cause)
    return of_things


def _things(diagnostic: Diagnostic, node_of: Mapping[str, int]) -> Iterator[Thing]:
    """The lines that a finding shows, by file and number, and the check it is about, by node and name."""
    name = _check_of(diagnostic)
    for place in _places(diagnostic):
        yield place.file, place.line
        yield node_of.get(place.file), name


def _check_of(diagnostic: Diagnostic) -> str:
    """The name of the check that a finding is about: its own place or the first related one is where it is listed."""
    words = diagnostic.span.text.split()[:2]
    if words[:1] in (["vrrp_instance"], ["weight"]) and diagnostic.related:
        words = diagnostic.related[0].span.text.split()[:2]
    return words[-1] if words[:1] == ["vrrp_script"] else "".join(words[:1])


def _shown(cause: Diagnostic) -> Iterator[Span]:
    """Where a cause counts: findings over several nodes show the places they are about."""
    return _places(cause) if cause.code.startswith(("CL", "FO")) else iter((cause.span,))


def _of_fragments(cause: Diagnostic) -> tuple[str, ...]:
    """What is not said of the files below: of those that an ``include`` would have reached, also a misspelt one."""
    if cause.code == "KC101" and re.search(r"\binclude\b", f"{cause.advice} {cause.span.text}"):
        return ELSEWHERE
    return OF_FRAGMENTS.get(cause.code, ())


def _folder(span: Span) -> PurePath:
    return PurePath(span.file).parent


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


def _consequences(cause: Diagnostic, of_code: Codes, of_word: Codes) -> tuple[str, ...]:
    words: list[str] = []
    if cause.code == "KC116" and cause.related:
        words = re.findall(r"\w+", _line_of(cause.related[0].span))[:1]
    elif cause.code == "KC101":
        words = re.findall(r"\w+", cause.advice)
    elif cause.code == "KC111":
        words = cause.span.text.split()
    elif cause.code in MISREAD:
        words = re.findall(r"\w+", _line_of(cause.span))[:1]
    return (*of_code.get(cause.code, ()), *(code for word in words for code in of_word.get(word, ())))


def _line_of(span: Span) -> str:
    return span.source.line_text(span.line)


def _places(diagnostic: Diagnostic) -> Iterator[Span]:
    yield diagnostic.span
    for label in diagnostic.related:
        yield label.span

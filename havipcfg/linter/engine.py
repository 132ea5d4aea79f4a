"""A lint run: sources to findings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from havipcfg import rules
from havipcfg.diagnostics import Diagnostic, Diagnostics, Report, in_order
from havipcfg.linter.judges import Here, resolved
from havipcfg.linter.options import LintOptions
from havipcfg.linter.origins import with_origins
from havipcfg.linter.suppress import suppressed
from havipcfg.rules.causes import without_consequences
from havipcfg.syntax.parse import no_collection

if TYPE_CHECKING:
    from havipcfg.linter.cache import Reads
    from havipcfg.linter.judges import File, Judges, Progress, Seat
    from havipcfg.linter.views import View
    from havipcfg.source import Source

FEW_AT_ONE_PLACE = 8
"""So many findings of one rule at a line that is many statements are shown each by itself."""
_MANY = re.compile(r"~(?:SEQ|LST)\b|\$")
FEWEST = 32
"""A process of its own pays for itself from about so many files."""


def lint(
    sources: Iterable[Source],
    options: LintOptions | None = None,
    *,
    jobs: int = 1,
    progress: Progress | None = None,
    reads: Reads | None = None,
) -> Report:
    """Judge sources, each by itself and those of a cluster together.

    ``jobs`` is the most processes that share the work; the report is the same for any. Where
    there are too few files to gain by it the work stays in this process. ``progress`` is
    called with the number of files judged so far and of all; ``reads`` is told what else was read.
    """
    given = list(sources)
    asked = options or LintOptions()
    if jobs > 1 and len(given) >= 2 * FEWEST:
        from havipcfg.linter.workers import Workers, WorkersError

        try:
            with Workers(given, asked, min(jobs, len(given) // FEWEST), progress) as workers:
                return _report(given, asked, workers, reads)
        except WorkersError:
            pass
    with no_collection():
        return _report(given, asked, Here(given, asked, progress), reads)


def _report(sources: list[Source], options: LintOptions, judges: Judges, reads: Reads | None) -> Report:
    report = Report(files=[source.name for source in sources])
    files = judges.files()
    if reads is not None:
        for file in files:
            reads.looked.update(file.looked)
            reads.elsewhere |= file.elsewhere
    own = _not_included(sources, files)
    found = [diagnostic for _, judged in own for diagnostic in judged.found]
    nodes = sum(len(judged.outlines) or 1 for _, judged in own)
    if nodes > 1:
        found += _across(dict(own), options, judges, found)
    found = without_consequences(
        found, [block for _, judged in own for block in judged.blocks], [judged.parts for _, judged in own]
    )
    found = [with_origins(diagnostic) for diagnostic in found]
    kept = suppressed(found, [each for _, judged in own for each in judged.suppressions], _unasked(nodes, options))
    unwanted, wants = options.unwanted_in(), cache(options.wants)
    diagnostics = Diagnostics()
    for found_there in in_order(_once(kept), report.files):
        code, span = found_there.code, found_there.span
        if wants(code) and not unwanted(code, span.source.path or span.file):
            diagnostics.append(_with_severity(found_there, options) if options.severities else found_there)
    report.diagnostics = diagnostics.complete()
    report.sort()
    return report


def _not_included(sources: list[Source], files: list[File]) -> list[tuple[int, File]]:
    """The files, with their indices, without those that another one includes: they are judged as a part of it."""
    every = list(enumerate(files))
    included = {path for file in files for path in file.included}
    if not included:
        return every
    return [(index, file) for index, file in every if resolved(sources[index]) not in included] or every


def _across(own: dict[int, File], options: LintOptions, judges: Judges, before: list[Diagnostic]) -> list[Diagnostic]:
    """What the files have to do with each other: clusters, neighbours, failovers."""
    from havipcfg.cluster.grouping import grouped
    from havipcfg.cluster.site import Site
    from havipcfg.rules.registry import judge

    seats = {(index, view): outline for index, file in own.items() for view, outline in file.outlines.items()}
    places = list(seats)
    groups = [
        _one_of_each([places[place] for place in group], own)
        for group in grouped(list(seats.values()), together=options.as_cluster)
    ]
    together = judges.clusters(groups)
    found = [diagnostic for judged in together for diagnostic in judged.found]
    rules.load(*rules.CLUSTER)
    found += judge(Site([judged.plot for judged in together], options.facts), None)
    several = [group for group in groups if len(group) > 1]
    if len(several) <= rules.MOST_VERIFIED:
        for group in several:
            files = {part for index, _ in group for part in own[index].parts}
            theirs = [d for d in (*before, *found) if d.span.file in files]
            found += judges.verified(group, theirs)
    return found


def _one_of_each(group: list[Seat], own: dict[int, File]) -> list[Seat]:
    """The nodes of a group, each once where several files are for all of them: as its own file says, or the first."""
    from havipcfg.cluster.context import node_of

    kept: dict[View, Seat] = {}
    for seat in group:
        index, view = seat
        if view is not None and (view not in kept or node_of(own[index].name) == view):
            kept[view] = seat
    return [seat for seat in group if seat[1] is None or kept[seat[1]] == seat]


def _unasked(nodes: int, options: LintOptions) -> tuple[str, ...]:
    """Codes and prefixes that need more than this run has: other nodes, facts of the cloud, the machine itself."""
    across = ("FO",) if nodes > 1 else ("CL", "FO")
    cloud = () if options.facts is not None else ("HV",)
    return (*across, *cloud, *(() if options.host else ("KC25", "KC260")))


def _once(diagnostics: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Drop repetitions: a finding in an included file counts once, however many files include it.

    One line can be many statements (``~SEQ``, definitions). What is found in more than a few of them is said of
    the first.
    """
    places: dict[tuple[str, str, int, int], Diagnostic | dict[str, Diagnostic]] = {}
    for diagnostic in diagnostics:
        span = diagnostic.span
        place = diagnostic.code, span.file, span.start, span.end
        before = places.setdefault(place, diagnostic)
        if before is not diagnostic:
            if isinstance(before, Diagnostic):
                before = places[place] = {before.message: before}
            before.setdefault(diagnostic.message, diagnostic)
    for same in places.values():
        if isinstance(same, Diagnostic):
            yield same
            continue
        first, *others = same.values()
        if len(same) <= FEW_AT_ONE_PLACE or not _MANY.search(first.span.text):
            yield from same.values()
            continue
        yield replace(first, notes=(*first.notes, f"and {len(others)} more like this from this place"), fix=None)


def _with_severity(diagnostic: Diagnostic, options: LintOptions) -> Diagnostic:
    severity = options.severity(diagnostic.code, diagnostic.severity)
    return diagnostic if severity is diagnostic.severity else replace(diagnostic, severity=severity)

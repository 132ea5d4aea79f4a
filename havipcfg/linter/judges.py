"""Who judges the files of a run: this process, or ``havipcfg.linter.workers``; a run asks either the same way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from havipcfg import rules
from havipcfg.diagnostics import Diagnostic
from havipcfg.keepalived.load import read
from havipcfg.linter.empty import empty_configuration, says_nothing
from havipcfg.linter.options import LintOptions
from havipcfg.linter.scripts import Beside, Looked, in_place
from havipcfg.linter.suppress import Suppressions, suppressions
from havipcfg.record import record
from havipcfg.rules.causes import Extent, extents
from havipcfg.syntax.parse import Options

if TYPE_CHECKING:
    from pathlib import Path

    from havipcfg.cluster.context import Context
    from havipcfg.cluster.grouping import Outline
    from havipcfg.cluster.members import Cluster
    from havipcfg.cluster.site import Plot
    from havipcfg.linter.identities import Misspelt
    from havipcfg.linter.views import View
    from havipcfg.source import Source

_NOT_JUDGED = "KC010"
"""What reading a file for no node says of the lines for a node."""

Progress = Callable[[int, int], None]
Seat = tuple[int, str | None]
"""A node of the run: the index of the source it reads, and as what."""


@record
class File:
    """One file judged by itself.

    ``parts`` are the names of the file and of those it includes, ``included`` the paths of
    those; ``blocks`` are the places of its outermost blocks. ``looked`` has the scripts that were
    looked for, ``elsewhere`` says that other files were: included ones, or the machine's own.
    ``outlines`` are those of the nodes that read the file; none where there is only one in the run.
    """

    name: str
    parts: list[str]
    included: list[Path]
    found: list[Diagnostic]
    suppressions: list[Suppressions]
    blocks: list[Extent]
    outlines: dict[View, Outline]
    looked: list[Looked]
    elsewhere: bool


@record
class Together:
    """The files of one cluster judged together."""

    found: list[Diagnostic]
    plot: Plot


class Judges(Protocol):
    """Whoever judges; files go by the indices of the sources of the run, clusters by their nodes."""

    def files(self) -> list[File]:
        """Judge every file by itself."""

    def clusters(self, groups: list[list[Seat]]) -> list[Together]:
        """Judge the nodes of each group together."""

    def verified(self, group: list[Seat], before: list[Diagnostic]) -> list[Diagnostic]:
        """Explore the failovers of a group that ``clusters`` was asked for; ``before`` was found in its files."""


class Here:
    """Judges in this process."""

    def __init__(self, sources: list[Source], options: LintOptions, progress: Progress | None = None) -> None:
        self._sources = sources
        self._options = options
        self._progress = progress
        self._beside = Beside()
        self._contexts: dict[Seat, Context] = {}
        self._misspelt: dict[int, Misspelt] = {}
        self._clusters: dict[Seat, Cluster] = {}

    def files(self) -> list[File]:
        found = []
        for index in range(len(self._sources)):
            found.append(self.file(index))
            if self._progress is not None:
                self._progress(len(found), len(self._sources))
        return found

    def file(self, index: int) -> File:
        before = len(self._beside.looked)
        source = self._sources[index]
        unnamed = self._context((index, None))
        ids = unnamed.reading.document.ids
        contexts: dict[View, Context] = {None: unnamed}
        found = self._found(unnamed)
        if ids:
            from havipcfg.linter.views import merged, views

            contexts = {view: self._context((index, view)) for view in views(ids)}
            if list(contexts) != [None]:
                found = [diagnostic for diagnostic in found if diagnostic.code != _NOT_JUDGED]
                read: dict[View, list[Diagnostic]] = {
                    view: found if view is None else self._found(each) for view, each in contexts.items()
                }
                found = merged(read, found)
            found += self._misspelt_ids(index)
        outlines: dict[View, Outline] = {}
        if len(self._sources) > 1 or len(contexts) > 1:
            from havipcfg.cluster.grouping import outline

            outlines = {view: outline(context) for view, context in contexts.items()}
        documents = [context.reading.document for context in contexts.values()]
        judged = File(
            name=source.name,
            parts=list(dict.fromkeys(part.name for document in documents for part in document.sources)),
            included=[
                path
                for document in documents
                for part in document.included_at
                if part is not source and (path := resolved(part)) is not None
            ],
            found=found,
            suppressions=suppressions([context.reading for context in contexts.values()]),
            blocks=[extent for context in contexts.values() for extent in extents(context.reading.statements)],
            outlines=outlines,
            looked=self._beside.looked[before:],
            elsewhere=self._options.host or any(document.looked for document in documents),
        )
        if not outlines:
            self._contexts.clear()  # nobody asks for them again
        return judged

    def _found(self, context: Context) -> list[Diagnostic]:
        """What there is to say of a file as one node reads it."""
        source, document = context.reading.source, context.reading.document
        found = [*context.reading.problems, *_judged(context)]
        if not found and says_nothing(source):
            found.append(empty_configuration(source))
        if document.included_at:
            from havipcfg.keepalived.explain import in_includes

            found += in_includes(document, [d for d in found if resolved(d.span.source) not in self._given])
        return found

    def _misspelt_ids(self, index: int) -> list[Diagnostic]:
        """Which ids of a file are misspelt; it is read with those that are meant."""
        from havipcfg.linter.identities import misspelt_id

        return [misspelt_id(name, each) for name, each in self._misspelt[index].items()]

    @cached_property
    def _given(self) -> set[Path | None]:
        """The files of the run: what is found in one is not shown again where another includes it."""
        return {resolved(source) for source in self._sources}

    def clusters(self, groups: list[list[Seat]]) -> list[Together]:
        return [self.cluster(group) for group in groups]

    def cluster(self, group: list[Seat]) -> Together:
        from havipcfg.cluster.grouping import cluster
        from havipcfg.cluster.site import plot
        from havipcfg.rules.registry import judge

        rules.load(*rules.CLUSTER)
        whole = self._clusters[group[0]] = cluster([self._context(seat) for seat in group])
        found: list[Diagnostic] = []
        if len(group) > 1:
            found += judge(whole, None)
            for router in whole.routers:
                if len(router.members) > 1:
                    found += judge(router, whole)
        if len({index for index, _ in group}) < len(group):
            found = [replace(diagnostic, fix=None) for diagnostic in found]
        return Together(found, plot(whole))

    def verified(self, group: list[Seat], before: list[Diagnostic]) -> list[Diagnostic]:
        from havipcfg.rules.registry import judge

        rules.load(*rules.VERIFIED)
        from havipcfg.rules.verified import Verified

        return list(judge(Verified(self._clusters[group[0]], before), None))

    def _context(self, seat: Seat) -> Context:
        found = self._contexts.get(seat)
        if found is None:
            index, view = seat
            if view is not None:
                self._context((index, None))
                found = self._read(index, view)
                found.alias = view
            else:
                found = self._unnamed(index)
                if len(found.reading.document.ids) == 1:
                    from havipcfg.linter.views import OTHERS

                    found.alias = OTHERS
            self._contexts[seat] = found
        return found

    def _unnamed(self, index: int) -> Context:
        """A file as no node that it names reads it, with its ids spelt as they are meant."""
        self._misspelt[index] = {}
        found = self._read(index, None)
        if len(found.reading.document.ids) > 1:
            from havipcfg.linter.identities import misspelt

            self._misspelt[index] = misspelt(found.reading.document.sources)
            if self._misspelt[index]:
                return self._read(index, None)
        return found

    def _read(self, index: int, view: View) -> Context:
        options = self._options if view is None else replace(self._options, config_id=view)
        meant = {name: each.meant for name, each in self._misspelt[index].items()}
        return _context(self._sources[index], options, self._beside, meant)


def resolved(source: Source) -> Path | None:
    """The file itself that a source was read from."""
    return source.path.resolve() if source.path is not None else None


def _context(source: Source, options: LintOptions, beside: Beside, misspelt: dict[str, str]) -> Context:
    from havipcfg.cluster.context import Context

    target = options.target
    expansion = Options(
        version=(target.major, target.minor, target.patch),
        config_id=options.node_id,
        includes=options.includes,
        environment=options.environment,
        overlay=options.overlay,
        misspelt=misspelt,
    )
    context = Context(read(source, target, expansion), options.facts, options.host)
    if options.includes and source.path is not None and context.commands:
        context.scripts = beside.texts(source.path.parent, context.commands)
    if options.host:
        context.scripts |= in_place(context.commands)
    return context


def _judged(context: Context) -> Iterator[Diagnostic]:
    from havipcfg.rules.registry import judge

    conf = context.conf
    blocks = conf.blocks()
    rules.load(*rules.of_file({keyword for block in blocks for keyword in block.given}))
    if conf.virtual_server or conf.virtual_server_group or conf.bfd_instance:
        rules.load(*rules.LVS)
    if context.facts is not None:
        rules.load(*rules.CLOUD)
    if context.host:
        rules.load(*rules.HOST)
    for block in blocks:
        yield from judge(block, context)

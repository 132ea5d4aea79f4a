"""A lint run: sources to findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from havipcfg import rules
from havipcfg.diagnostics import Diagnostic, Report
from havipcfg.keepalived.declare import Block
from havipcfg.keepalived.load import read
from havipcfg.lint.empty import empty_configuration, says_nothing
from havipcfg.lint.options import LintOptions
from havipcfg.lint.scripts import Beside, in_place
from havipcfg.lint.suppress import suppressed
from havipcfg.rules.causes import without_consequences
from havipcfg.syntax.parse import Options, no_collection

if TYPE_CHECKING:
    from pathlib import Path

    from havipcfg.cluster.context import Context
    from havipcfg.source import Source


def lint(sources: Iterable[Source], options: LintOptions | None = None) -> Report:
    """Judge sources, each by itself and those of a cluster together."""
    with no_collection():
        return _lint(sources, options or LintOptions())


def _lint(sources: Iterable[Source], options: LintOptions) -> Report:
    beside = Beside()
    contexts = [_context(source, options, beside) for source in sources]
    report = Report(files=[context.reading.source.name for context in contexts])
    given: set[Path | None] = set()
    if any(context.reading.document.included_at for context in contexts):
        given = {_path(context.reading.source) for context in contexts}
        contexts = _not_included(contexts)
    found: list[Diagnostic] = []
    for context in contexts:
        own = [*context.reading.problems, *_judge_file(context)]
        found += own
        if not own and says_nothing(context.reading.source):
            found.append(empty_configuration(context.reading.source))
        if context.reading.document.included_at:
            from havipcfg.keepalived.explain import in_includes

            elsewhere = [d for d in own if _path(d.span.source) not in given]
            found += in_includes(context.reading.document, elsewhere)
    if len(contexts) > 1:
        found += _judge_clusters(contexts, options, found)
    found = without_consequences(found, chain.from_iterable(c.reading.statements for c in contexts))
    kept = suppressed(found, [context.reading for context in contexts], _unasked(contexts, options))
    unwanted = options.unwanted_in()
    report.diagnostics = [
        _with_severity(d, options)
        for d in _once(kept)
        if options.wants(d.code) and not unwanted(d.code, d.span.source.path or d.span.file)
    ]
    report.sort()
    return report


def _unasked(contexts: list[Context], options: LintOptions) -> tuple[str, ...]:
    """Codes and prefixes that need more than this run has: other nodes, facts of the cloud, the machine itself."""
    across = ("FO",) if len(contexts) > 1 else ("CL", "FO")
    cloud = () if options.facts is not None else ("HV",)
    return (*across, *cloud, *(() if options.host else ("KC25", "KC260")))


def _not_included(contexts: list[Context]) -> list[Context]:
    """The files without those that another one includes: they are judged as a part of it."""
    included = {path for context in contexts for path in _parts(context)}
    kept = [context for context in contexts if _path(context.reading.source) not in included]
    return kept or contexts


def _parts(context: Context) -> list[Path]:
    """The files that a file includes, itself left out."""
    own = context.reading.source
    return [path for part in context.reading.document.included_at if part is not own and (path := _path(part))]


def _path(source: Source) -> Path | None:
    return source.path.resolve() if source.path is not None else None


def _context(source: Source, options: LintOptions, beside: Beside) -> Context:
    from havipcfg.cluster.context import Context

    expansion = Options(
        config_id=options.config_id,
        includes=options.includes,
        environment=options.environment,
        overlay=options.overlay,
    )
    context = Context(read(source, options.target, expansion), options.facts, options.host)
    if options.includes and source.path is not None and context.commands:
        context.scripts = beside.texts(source.path.parent, context.commands)
    if options.host:
        context.scripts |= in_place(context.commands)
    return context


def _judge_file(context: Context) -> Iterator[Diagnostic]:
    from havipcfg.rules.registry import judge

    conf = context.conf
    blocks = list(_blocks(conf))
    rules.load(*rules.of_file({keyword for block in blocks for keyword in block.given}))
    if conf.virtual_server or conf.virtual_server_group or conf.bfd_instance:
        rules.load(*rules.LVS)
    if context.facts is not None:
        rules.load(*rules.CLOUD)
    if context.host:
        rules.load(*rules.HOST)
    for block in blocks:
        yield from judge(block, context)


def _judge_clusters(contexts: list[Context], options: LintOptions, before: list[Diagnostic]) -> list[Diagnostic]:
    from havipcfg.cluster.grouping import clusters
    from havipcfg.cluster.members import Site
    from havipcfg.rules.registry import judge

    rules.load(*rules.CLUSTER)
    grouped = clusters(contexts, together=options.as_cluster)
    several = [cluster for cluster in grouped if len(cluster.contexts) > 1]
    found: list[Diagnostic] = []
    for cluster in several:
        found += judge(cluster, None)
        for router in cluster.routers:
            if len(router.members) > 1:
                found += judge(router, cluster)
    found += judge(Site(grouped), None)
    if len(several) <= rules.MOST_VERIFIED:
        rules.load(*rules.VERIFIED)
        from havipcfg.rules.failover import Verified

        for cluster in several:
            files = {part.name for context in cluster.contexts for part in context.reading.document.sources}
            theirs = [d for d in (*before, *found) if d.span.file in files]
            found += judge(Verified(cluster, theirs), None)
    return found


def _blocks(block: Block) -> Iterator[Block]:
    """A block and every block in it, in the order of the declarations."""
    yield block
    values = block.__dict__
    for name in block.given:
        value = values[name]
        if isinstance(value, Block):
            yield from _blocks(value)
        elif type(value) is tuple and value and isinstance(value[0], Block):
            for inner in value:
                yield from _blocks(inner)


def _once(diagnostics: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Drop exact repetitions: a finding in an included file counts once, however many files include it."""
    seen = set()
    for diagnostic in diagnostics:
        span = diagnostic.span
        key = (diagnostic.code, span.file, span.start, span.end, diagnostic.message)
        if key not in seen:
            seen.add(key)
            yield diagnostic


def _with_severity(diagnostic: Diagnostic, options: LintOptions) -> Diagnostic:
    severity = options.severity(diagnostic.code, diagnostic.severity)
    return diagnostic if severity is diagnostic.severity else replace(diagnostic, severity=severity)

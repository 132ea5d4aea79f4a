"""A source to its nested statements, by the fast way where the text is plain and by expansion where it is not."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from havipcfg.diagnostics import Diagnostic
from havipcfg.record import record
from havipcfg.source import Source, Span
from havipcfg.syntax.options import Options
from havipcfg.syntax.plain import statements
from havipcfg.syntax.statement import Statement

__all__ = ["Document", "Options", "parse"]


@record
class Document:
    """A parsed file.

    ``statements`` is what keepalived's vrrp, checker and bfd processes read, ``parent`` what
    its parent process reads (the same list unless the two differ). ``sources`` are the file
    itself and every file it includes, ``included_at`` the line of this file that brings in each;
    ``looked`` says that files to include were looked for, found or not. ``ids`` are the configuration ids
    that ``@id`` lines name, in their order; none where the text was read for one of them.
    """

    source: Source
    statements: list[Statement]
    parent: list[Statement]
    problems: list[Diagnostic]
    sources: list[Source]
    included_at: dict[Source, Span]
    looked: bool = False
    ids: tuple[str, ...] = ()


def parse(source: Source, options: Options | None = None) -> Document:
    """Parse any text; what is wrong with it is in ``problems``."""
    with no_collection():
        return _parse(source, options or Options())


@contextmanager
def no_collection() -> Iterator[None]:
    """No search for garbage cycles meanwhile: a tree being built has none, and each search walks all of it."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _parse(source: Source, options: Options) -> Document:
    plain = statements(source)
    if plain is not None:
        return Document(source, plain, plain, [], [source], {})
    from havipcfg.syntax.expand import expand
    from havipcfg.syntax.nest import nest

    expanded = expand(source, options)
    parent = nest(expanded.parent)
    nested = parent if expanded.lines is expanded.parent else nest(expanded.lines)
    return Document(
        source,
        nested,
        parent,
        expanded.problems,
        expanded.sources,
        expanded.included_at,
        expanded.looked,
        expanded.ids,
    )

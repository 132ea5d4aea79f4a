"""A source to its nested statements, by the fast way where the text is plain and by expansion where it is not."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from havipcfg.diagnostics import Diagnostic
from havipcfg.source import Source
from havipcfg.syntax.plain import is_plain, statements
from havipcfg.syntax.statement import Statement
from havipcfg.syntax.surface import Surface, surface


@dataclass(frozen=True, slots=True)
class Options:
    """How a text is expanded.

    ``config_id`` is what ``@id`` lines are compared with (keepalived: ``-i``, else the node
    name); None keeps the lines of every id out of judgement. ``version`` is the target
    version. ``includes`` allows other files to be opened; ``environment`` are the variables
    that ``${_ENV X}`` may see (None: none is resolved).
    """

    version: tuple[int, int, int] = (2, 4, 3)
    config_id: str | None = None
    includes: bool = True
    environment: dict[str, str] | None = None
    directory: Path = field(default_factory=Path)


@dataclass(slots=True)
class Document:
    """A parsed file.

    ``statements`` is what keepalived's vrrp, checker and bfd processes read, ``parent`` what
    its parent process reads (the same list unless the two differ). ``sources`` are the file
    itself and every file it includes.
    """

    source: Source
    tree: Surface
    statements: list[Statement]
    parent: list[Statement]
    problems: list[Diagnostic]
    sources: list[Source]


def parse(source: Source, options: Options | None = None) -> Document:
    """Parse any text; what is wrong with it is in ``problems``."""
    tree = surface(source.text)
    if is_plain(source.text, tree):
        nested = statements(source, tree)
        return Document(source, tree, nested, nested, [], [source])
    del options  # expansion lands here
    nested = statements(source, tree)
    return Document(source, tree, nested, nested, [], [source])

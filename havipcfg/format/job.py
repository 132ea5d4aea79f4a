"""A source to its formatted text, never without proof that keepalived reads the same in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from havipcfg.diagnostics import Diagnostic
from havipcfg.format.layout import arrange, word_lists
from havipcfg.format.rows import collapse, rows
from havipcfg.keepalived.load import Reading, read
from havipcfg.keepalived.version import NEWEST
from havipcfg.source import Source
from havipcfg.syntax.parse import Options, parse
from havipcfg.syntax.statement import Statement

REFUSED = frozenset(
    [
        *("KC001", "KC002", "KC003", "KC008", "KC021", "KC030", "KC031", "KC034", "KC035", "KC036", "KC037"),
        "KC039",
        *("KC115", "KC116", "KC138"),
    ]
)
"""Problems of a text whose lines and braces are not what they were meant to be."""

_IDS = re.compile(r"(?:^|[{}])[ \t]*@(\^?)([^ \t\n]*)[ \t]", re.MULTILINE)
_MOST_IDS = 8


@dataclass
class Formatted:
    """The text as it should stand. ``problems``: why the source was left alone, ``text`` then being its own.

    ``unproven``: the new text would not have been read as the old one, so it was thrown away: an
    error of the formatter.
    """

    source: Source
    text: str
    problems: list[Diagnostic] = field(default_factory=list)
    unproven: bool = False

    @property
    def changed(self) -> bool:
        return self.text != self.source.text

    @property
    def refused(self) -> bool:
        return self.unproven or bool(self.problems)


def format_source(source: Source) -> Formatted:
    """Lay a text out anew; opens no included file, writes nothing.

    A text with errors in its quotes or braces, or that is another language, is left alone.
    """
    views = _views(source.text)
    for view in views:
        problems = [d for d in _read(source, view).problems if d.code in REFUSED]
        if problems:
            return Formatted(source, source.text, problems)
    eol = "\r\n" if 2 * source.text.count("\r\n") > source.text.count("\n") else "\n"
    lines = arrange(rows(source.text), views)
    text = "".join(f"{line}{eol}" for line in lines)
    if text != source.text and not all(_same(source, text, view) for view in {*views, None}):
        return Formatted(source, source.text, unproven=True)
    return Formatted(source, text)


def _views(text: str) -> list[str | None]:
    """The configuration ids to read a text by: those it names, and none where it names none or excludes one."""
    if "@" not in text:
        return [None]
    found = _IDS.findall(text)
    named: list[str | None] = list(dict.fromkeys(name for _, name in found if name))[:_MOST_IDS]
    return [*named, None] if not named or any(differs for differs, _ in found) else named


def _read(source: Source, view: str | None) -> Reading:
    return read(source, NEWEST, _options(view))


def _options(view: str | None) -> Options:
    return Options(config_id=view, includes=False)


def _same(source: Source, text: str, view: str | None) -> bool:
    """Whether every process of keepalived reads the same statements in both texts."""
    before = parse(source, _options(view))
    after = parse(Source(source.name, text, source.path), _options(view))
    return (
        list(_said(before.statements)) == list(_said(after.statements))
        and list(_said(before.parent)) == list(_said(after.parent))
        and [(d.code, d.message) for d in before.problems] == [(d.code, d.message) for d in after.problems]
    )


def _said(statements: list[Statement]) -> Iterator[str]:
    """The statements as flat lines and braces; a list of plain words counts as its words, however divided."""
    pending = [(iter(statements), False)]
    while pending:
        lines, words = pending[-1]
        for line in lines:
            if words and line.body is None:
                yield from line.words
            else:
                yield collapse(line.text)
            if line.body is not None:
                yield "{"
                pending.append((iter(line.body), line.keyword in word_lists()))
                break
        else:
            pending.pop()
            yield "}"

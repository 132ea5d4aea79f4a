"""A source to its typed configuration."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from havipcfg.diagnostics import Diagnostic
from havipcfg.keepalived.bind import Binder, MisnestedError
from havipcfg.keepalived.conf import KeepalivedConf
from havipcfg.keepalived.version import NEWEST, Version
from havipcfg.record import record
from havipcfg.source import Source
from havipcfg.syntax.nest import is_balanced
from havipcfg.syntax.parse import Document, Options, no_collection, parse
from havipcfg.syntax.statement import Statement


@record
class Reading:
    """A file as read for one keepalived version: the document, its typed blocks, and what was wrong.

    ``statements`` are those that the blocks were bound from: the document's, with its braces mended.
    """

    document: Document
    statements: list[Statement]
    conf: KeepalivedConf
    target: Version
    problems: list[Diagnostic]

    @property
    def source(self) -> Source:
        return self.document.source


def read(source: Source, target: Version = NEWEST, options: Options | None = None) -> Reading:
    """Parse and bind a source; never fails, whatever the text."""
    version = (target.major, target.minor, target.patch)
    given = options or Options()
    document = parse(source, given if given.version == version else replace(given, version=version))
    statements, conf, binder, misplaced = _bound(document.statements, target)
    found = [*document.problems, *misplaced, *binder.problems.complete()]
    if document.parent is not document.statements:
        found += _parent_only(document.parent, target, binder.problems)
    if found or not source.text.isascii():
        from havipcfg.keepalived.explain import as_meant, explain, foreign_as_a_whole, mistyped
        from havipcfg.keepalived.grouped import grouped

        whole = foreign_as_a_whole(found, source)
        if whole is not None:
            return Reading(document, [], Binder(target).block(KeepalivedConf, None, []), target, [whole])
        found = explain(found, statements, source)
        lines = mistyped(found)
        if lines:
            statements = as_meant(statements, lines)
            conf = Binder(target).block(KeepalivedConf, None, statements)
        found = grouped(found)
    return Reading(document, statements, conf, target, found)


def _bound(
    statements: list[Statement], target: Version
) -> tuple[list[Statement], KeepalivedConf, Binder, list[Diagnostic]]:
    """The statements with their braces mended, the blocks of them, and what is wrong with the braces."""
    with no_collection():
        if is_balanced(statements):
            binder = Binder(target, nested=False)
            with suppress(MisnestedError):
                conf = binder.block(KeepalivedConf, None, statements)
                if not any('"}"' in d.span.text for d in binder.problems):
                    return statements, conf, binder, []
                del conf
        from havipcfg.keepalived.structure import repair

        statements, misplaced = repair(statements)
        binder = Binder(target)
        return statements, binder.block(KeepalivedConf, None, statements), binder, misplaced


def _parent_only(parent: list[Statement], target: Version, known: list[Diagnostic]) -> list[Diagnostic]:
    """Problems that only keepalived's parent process meets, in what it acts on: the global settings."""
    names = KeepalivedConf.keywords()
    acted_on = [line for line in parent if line.keyword not in names or names[line.keyword].scope == "global"]
    binder = _bound(acted_on, target)[2]
    before = {(problem.code, problem.span) for problem in known}
    return [problem for problem in binder.problems.complete() if (problem.code, problem.span) not in before]

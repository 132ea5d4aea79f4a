"""Edits that fixes are made of."""

from __future__ import annotations

from havipcfg.diagnostics import Edit, Fix, Safety
from havipcfg.source import Span
from havipcfg.syntax.statement import Statement


def removal(title: str, *statements: Statement | None, safety: Safety = "safe") -> Fix | None:
    """Take whole statements out, their blocks and lines with them; None where one does not stand in a file as it is."""
    edits = [_without(statement) for statement in statements if statement is not None]
    if not edits or None in edits:
        return None
    return Fix(title, safety, tuple(edit for edit in edits if edit is not None))


def replacement(title: str, span: Span, text: str, safety: Safety = "safe") -> Fix:
    """Put another text in the place of one."""
    return Fix(title, safety, (Edit(span, text),))


def word_fix(title: str, statement: Statement | None, word: int, text: str, safety: Safety = "safe") -> Fix | None:
    """Put another word in the place of a statement's word, counted from 0."""
    if statement is None or not statement.exact:
        return None
    return replacement(title, statement.word_span(word), text, safety)


def _without(statement: Statement) -> Edit | None:
    if not statement.exact or statement.via or statement.body_source is not statement.source:
        return None
    text = statement.source.text
    end = statement.end
    if statement.body is not None:
        if statement.closer < 0:
            return None
        end = statement.closer + 1
    first = text.rfind("\n", 0, statement.start) + 1
    if text[first : statement.start].strip():
        return None
    last = text.find("\n", end)
    last = len(text) if last < 0 else last
    rest = text[end:last].strip()
    if rest and rest[0] not in "#!":
        return None
    return Edit(Span(statement.source, first, min(last + 1, len(text))), "")

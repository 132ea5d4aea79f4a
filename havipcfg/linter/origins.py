"""Where a definition has the text of a line, shown beside what is found in the line."""

from __future__ import annotations

from dataclasses import replace

from havipcfg.diagnostics import Diagnostic, Label, MadeSpan
from havipcfg.source import Span


def with_origins(diagnostic: Diagnostic) -> Diagnostic:
    """The finding, with where the text of its lines is defined, unless it shows that already.

    Of the definitions that a line is made of these are the ones with a word of the message, or all where none has.
    """
    places = [diagnostic.span, *(label.span for label in diagnostic.related)]
    further: list[Label] = []
    for place in places:
        if isinstance(place, MadeSpan):
            further += (label for label in _meant(place, diagnostic.message) if not _shown(label.span, places, further))
    return replace(diagnostic, related=(*diagnostic.related, *further)) if further else diagnostic


def _meant(place: MadeSpan, message: str) -> tuple[Label, ...]:
    words = {word.strip(",:;()") for word in message.split()}
    return tuple(label for label in place.made_of if not words.isdisjoint(_value(label.span))) or place.made_of


def _value(definition: Span) -> list[str]:
    return definition.text.partition("=")[2].split() or definition.text.split()


def _shown(span: Span, places: list[Span], further: list[Label]) -> bool:
    return any(span == place for place in (*places, *(label.span for label in further)))

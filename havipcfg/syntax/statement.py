"""A logical line of keepalived.conf, its words, and the body that braces give it."""

from __future__ import annotations

import re

from havipcfg.diagnostics import Label, MadeSpan
from havipcfg.source import Source, Span

INCLUDED = "included here"
"""What ``via`` says of an include line; all else in it are definitions."""
_BLANKS = " \t\r\f\v\n"
_WORD = re.compile(r'"([^"]*)"|[^ \t\r\f\v\n"]+')
_UNQUOTED = re.compile(r"[^ \t\r\f\v\n]+")


def _closed(text: str) -> str:
    """The text before a quote that is not closed."""
    return text[: text.rindex('"')] if text.count('"') % 2 else text


class Statement:
    """One logical line: the text keepalived's parser sees, and the place it came from.

    ``text`` is without comment and surrounding blanks. ``start`` and ``end`` are offsets in
    ``source``; where the text was made by expansion they cover the raw line, and ``via``
    names the include lines and definitions it came through, nearest first. ``body`` is None
    for a line without braces; ``opener`` and ``closer`` are the offsets of its braces (-1:
    the block is still open where its text ends).
    """

    __slots__ = ("_words", "body", "body_source", "closer", "end", "opener", "source", "start", "text", "via")

    def __init__(self, text: str, source: Source, start: int, end: int, via: tuple[Label, ...] = ()) -> None:
        self.text = text
        self.source = source
        self.start = start
        self.end = end
        self.via = via
        self.body: list[Statement] | None = None
        self.body_source = source
        self.opener = -1
        self.closer = -1
        self._words: list[str] | None = None

    def copied(self) -> Statement:
        """Another statement that says the same, of which text and body can be changed."""
        made = Statement(self.text, self.source, self.start, self.end, self.via)
        made.body, made.body_source, made.opener, made.closer = self.body, self.body_source, self.opener, self.closer
        made._words = self.words
        return made

    @property
    def words(self) -> list[str]:
        """The words by keepalived's ordinary splitting: blanks, and double quotes without escapes.

        An unclosed quote ends the line before it.
        """
        words = self._words
        if words is None:
            text = self.text
            if '"' in text:
                words = [m[1] if m[0][0] == '"' else m[0] for m in _WORD.finditer(_closed(text))]
            elif text.isascii():
                words = text.split()
            else:
                words = _UNQUOTED.findall(text)
            self._words = words
        return words

    def split_exactly(self) -> None:
        """Divide the words at keepalived's six blanks only, where Python knows more of them."""
        self._words = [m[1] if m[0][0] == '"' else m[0] for m in _WORD.finditer(_closed(self.text))]

    @property
    def keyword(self) -> str:
        words = self.words
        return words[0] if words else ""

    @property
    def exact(self) -> bool:
        """Whether the text stands in the source as it is, so that its words have places of their own."""
        return self.source.text.startswith(self.text, self.start)

    @property
    def span(self) -> Span:
        if self.via and not self.exact and (made_of := self._made_of()):
            return MadeSpan(self.source, self.start, self.end, made_of)
        return Span(self.source, self.start, self.end)

    def _made_of(self) -> tuple[Label, ...]:
        return tuple(label for label in self.via if label.message != INCLUDED)

    def word_span(self, index: int) -> Span:
        """The place of a word, counted from 0, quotes included; the whole line where words have none.

        Past the last word: the empty place after it, where a missing word would stand.
        """
        if not self.exact:
            return self.span
        match = None
        for number, match in enumerate(_WORD.finditer(_closed(self.text))):
            if number == index:
                return Span(self.source, self.start + match.start(), self.start + match.end())
        if match is None:
            return self.span
        end = self.start + match.end()
        return Span(self.source, end, end)

    def words_span(self, first: int, last: int = -1) -> Span:
        """From one word to another, both counted from 0 and included; -1 is the last."""
        start = self.word_span(first)
        end = self.word_span(len(self.words) - 1 if last == -1 else last)
        return Span(start.source, start.start, max(start.end, end.end))

    @property
    def opener_span(self) -> Span:
        """The opening brace; the line itself where it has none."""
        return Span(self.body_source, self.opener, self.opener + 1) if self.opener >= 0 else self.span

    @property
    def closer_span(self) -> Span:
        """The closing brace; the opening one where the block is never closed."""
        return Span(self.body_source, self.closer, self.closer + 1) if self.closer >= 0 else self.opener_span

    def __repr__(self) -> str:
        return f"<{self.span} {self.text!r}{'' if self.body is None else ' {…}'}>"

"""One line being read into a value: its words, the target version, and a place to report to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from havipcfg.source import Span

if TYPE_CHECKING:
    from havipcfg.diagnostics import Diagnostic
    from havipcfg.keepalived.declare import Keyword
    from havipcfg.keepalived.version import Version
    from havipcfg.syntax.statement import Statement


class Line:
    """A statement as a ``Kind`` sees it.

    ``words`` are all words of the line, ``first`` is the index of the first one to read: 1
    after a keyword, 0 for an entry of a value block. ``name`` is what messages call the line.
    """

    __slots__ = ("first", "keyword", "name", "problems", "statement", "target", "words")

    def __init__(
        self,
        statement: Statement,
        name: str,
        keyword: Keyword,
        target: Version,
        problems: list[Diagnostic],
        first: int = 1,
    ) -> None:
        self.statement = statement
        self.words = statement.words
        self.name = name
        self.keyword = keyword
        self.target = target
        self.problems = problems
        self.first = first

    def word(self, index: int = 0) -> str:
        """A value word, counted from 0; raises IndexError where the line is too short."""
        return self.words[self.first + index]

    def has(self, index: int) -> bool:
        return len(self.words) > self.first + index

    def span(self, index: int = 0) -> Span:
        """The place of a value word, counted from 0."""
        return self.statement.word_span(self.first + index)

    def report(self, problem: Diagnostic) -> None:
        self.problems.append(problem)

"""A cluster.yaml that could be read: what it says, what follows from it, and where each value stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from havipcfg.cluster.facts import Facts, facts_of

if TYPE_CHECKING:
    from havipcfg.cluster.document import Document
    from havipcfg.cluster.model import ClusterSpec
    from havipcfg.cluster.resolve import Election
    from havipcfg.providers import Provider
    from havipcfg.source import Source, Span


@dataclass(frozen=True, eq=False)
class ClusterFile:
    """A cluster.yaml that could be read.

    ``spec`` is what it says, ``elections`` and ``facts`` what follows from it. ``source``
    is the text as it may be shown (passwords in it are asterisks). Places are asked for with
    the keys that lead there: ``file.span("nodes", "primary", "address")``.
    """

    document: Document
    spec: ClusterSpec
    provider: Provider
    elections: tuple[Election, ...]

    @property
    def source(self) -> Source:
        return self.document.source

    @property
    def facts(self) -> Facts:
        return facts_of(self.spec, self.provider, self.elections)

    def span(self, *path: str | int) -> Span:
        """The value at these keys, or the nearest thing around it that the file holds."""
        return self.document.span(path)

    def key_span(self, *path: str | int) -> Span:
        """The key that leads to the value, or the value where it stands in a list."""
        return self.document.key_span(path)

    def head_span(self, *path: str | int) -> Span:
        """The value where it fits one line, else its key."""
        return self.document.head_span(path)

    def has(self, *path: str | int) -> bool:
        """Whether the file itself says something there."""
        return path in self.document.places

    def election(self, name: str) -> Election:
        """The election of this name; KeyError where there is none."""
        return {election.name: election for election in self.elections}[name]

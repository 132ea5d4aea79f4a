"""From the text of a cluster.yaml to the typed cluster, with every problem at its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from havipcfg.cluster.document import Document, read_document
from havipcfg.cluster.facts import Facts, facts_of
from havipcfg.cluster.resolve import Election, elections_of
from havipcfg.diagnostics import Diagnostic, in_order
from havipcfg.providers import Provider, provider

if TYPE_CHECKING:
    from havipcfg.cluster.model import ClusterSpec
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
        return facts_of(self)

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


def load_cluster(source: Source) -> tuple[ClusterFile | None, list[Diagnostic]]:
    """Read and judge a cluster.yaml; never raises for anything the file holds.

    The file is None where no cluster can be made of it (syntax, unknown keys, wrong types).
    Otherwise it is there together with what is wrong with its meaning: whoever generates from
    it looks for errors first. Diagnostics are in the order of the file.
    """
    document, found = read_document(source)
    if document is None:
        return None, found
    from havipcfg.cluster.problems import validate

    spec, problems = validate(document)
    found += problems
    if spec is None:
        return None, in_order(found)
    cloud = provider(spec.provider)
    file = ClusterFile(document, spec, cloud, elections_of(spec, cloud))
    from havipcfg.cluster.semantics import judge

    found += judge(file)
    return file, in_order(found)

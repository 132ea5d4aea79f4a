"""From the text of a cluster.yaml to the typed cluster, with every problem at its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from havipcfg.cluster.document import read_document
from havipcfg.cluster.file import ClusterFile
from havipcfg.cluster.resolve import elections_of
from havipcfg.diagnostics import Diagnostic, in_order
from havipcfg.providers import provider

if TYPE_CHECKING:
    from havipcfg.source import Source


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

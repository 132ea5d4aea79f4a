"""What verify, rehearse and graph work on: the clusters that files form."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from havipcfg.library.errors import NotJudgedError
from havipcfg.library.files import Files, found, listed, source_of
from havipcfg.source import Source

if TYPE_CHECKING:
    from havipcfg.cluster.context import Context
    from havipcfg.keepalived.version import Version
    from havipcfg.verifier.job import Subject

CLUSTER_FILES = (".yaml", ".yml")
_BLANK = re.compile(r"[\s;#]+")
"""What the scenario language does not take in the name of a node."""


@dataclass
class Subjects:
    """The clusters to judge, and what could not be judged, as one sentence each.

    ``folder`` is where the first of the files lies: scenarios name files relative to it.
    """

    clusters: list[Subject] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    folder: Path = field(default_factory=Path)


class _AnySecret(Mapping[str, str]):
    """An environment in which every password is set: none of them plays a part in a proof."""

    def __getitem__(self, name: str) -> str:
        return os.environ.get(name) or "secret"

    def __iter__(self) -> Iterator[str]:
        return iter(os.environ)

    def __len__(self) -> int:
        return len(os.environ)


def subjects(files: Files, target: Version | None = None, *, together: bool = False) -> Subjects:
    """The clusters of a cluster.yaml, or of configurations.

    ``target`` stands in place of the nodes' own version of keepalived; ``together``: all files are one cluster,
    as a scenario that names their nodes takes them. What cannot be read or stands alone is among the
    failures. Raises NotJudgedError where no file is named, a cluster file has errors, or is one of
    several; OSError where a cluster file cannot be read.
    """
    given = listed(files)
    if not given:
        raise NotJudgedError("name a cluster.yaml, or the configurations of the cluster's nodes")
    of_cluster = [file for file in given if _is_cluster_file(file)]
    if not of_cluster:
        return _of_configurations(given, target, together=together)
    if len(given) > 1:
        name = of_cluster[0].name if isinstance(of_cluster[0], Source) else of_cluster[0]
        raise NotJudgedError(f"{name}: a cluster file stands for all its nodes; name it alone")
    return _of_cluster_file(source_of(of_cluster[0]), target)


def _is_cluster_file(file: Path | Source) -> bool:
    if isinstance(file, Path):
        return file.suffix in CLUSTER_FILES
    from havipcfg.linter.discover import is_configuration

    return file.name.endswith(CLUSTER_FILES) or not is_configuration(file)


def _of_cluster_file(source: Source, target: Version | None) -> Subjects:
    from havipcfg.generator.job import generate
    from havipcfg.generator.proof import subject_of

    made = generate(source, environment=_AnySecret(), prove=False)
    if made.outputs is None or made.file is None:
        raise NotJudgedError(f"{source.name}: nothing to judge, the cluster file has errors", made.diagnostics)
    folder = source.path.parent if source.path is not None else Path()
    return Subjects([subject_of(made.file, made.outputs, target)], folder=folder)


def _of_configurations(files: list[Path | Source], target: Version | None, *, together: bool) -> Subjects:
    from havipcfg.cluster.grouping import clusters
    from havipcfg.keepalived.version import NEWEST

    texts = found(files)
    strangers: list[str] = []
    contexts = _nodes(texts.sources, target or NEWEST, strangers)
    paths = [file for file in files if isinstance(file, Path)]
    result = Subjects(failures=[*texts.failures, *strangers], folder=paths[0].parent if paths else Path())
    for context in contexts:
        if not context.conf.vrrp_instance:
            result.failures.append(f"{context.reading.source.name}: it has no vrrp_instance, so nothing is elected")
    grouped = [cluster.contexts for cluster in clusters(contexts, together=together)]
    if len(grouped) > 1 and all(len(group) == 1 for group in grouped):
        grouped = [cluster.contexts for cluster in clusters(contexts, together=True)]
    for group in grouped:
        if len(group) == 1 and not together:
            result.failures.append(
                f"{group[0].reading.source.name}: it is alone, so no other node can take over; "
                "name the configurations of all nodes of the cluster"
            )
        else:
            result.clusters.append(_subject(group))
    return result


def _nodes(sources: list[Source], target: Version, strangers: list[str]) -> list[Context]:
    """The nodes that read the files: one each, or those that the ``@id`` lines of a file name.

    An id that is misspelt is no node: it is added to ``strangers``, as one sentence, and its lines are for nobody.

    Where several files are for all nodes, each node reads the one that is called after it, or else the first.
    """
    from havipcfg.cluster.context import Context, node_of
    from havipcfg.keepalived.load import read
    from havipcfg.linter.identities import misspelt
    from havipcfg.linter.views import OTHERS, views
    from havipcfg.syntax.parse import Options

    nodes: list[Context] = []
    of_view: dict[str, int] = {}
    for source in sources:
        unnamed = read(source, target)
        wrong = misspelt(unnamed.document.sources) if len(unnamed.document.ids) > 1 else {}
        strangers += [
            f"{source.name}: no node is called {name}; did you mean {meant}? havipcfg lint shows the lines"
            for name, (meant, _) in wrong.items()
        ]
        ids = tuple(name for name in unnamed.document.ids if name not in wrong)
        for view in views(ids):
            options = Options(version=(target.major, target.minor, target.patch), config_id=view)
            context = Context(unnamed if view is None else read(source, target, options))
            if view is not None or len(ids) == 1:
                context.alias = view or OTHERS
            if view in of_view:
                if node_of(source.name) == view:
                    nodes[of_view[view]] = context
                continue
            if view is not None:
                of_view[view] = len(nodes)
            nodes.append(context)
    return nodes


def _subject(group: list[Context]) -> Subject:
    from havipcfg.verifier.job import Subject

    readings = [(_BLANK.sub("-", context.alias or context.name), context.reading) for context in group]
    name = next((i.name for context in group for i in context.conf.vrrp_instance), "cluster")
    return Subject(name, readings, {node: reading.target for node, reading in readings})

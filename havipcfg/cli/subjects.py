"""What verify and rehearse work on: the clusters that the named files form."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from havipcfg.cli.common import fail, parse_target, read_source, show_diagnostics

if TYPE_CHECKING:
    from havipcfg.cluster.context import Context
    from havipcfg.source import Source
    from havipcfg.verifier.job import Subject
    from havipcfg.verifier.scenario import Scenario

CLUSTER_FILES = (".yaml", ".yml")
_BLANK = re.compile(r"[\s;#]+")
"""What the scenario language does not take in the name of a node."""


@dataclass
class Subjects:
    """The clusters to judge, and what could not be judged, as one sentence each."""

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


def subjects(paths: list[Path] | None, target: str | None, *, together: bool) -> Subjects:
    """Read what a command names; ends it where nothing can be read.

    ``together``: all files are one cluster, as a scenario that names their nodes takes them.
    """
    if not paths:
        fail("name a cluster.yaml, or the configurations of the cluster's nodes (- is standard input)")
    named = [path for path in paths if path.suffix in CLUSTER_FILES]
    piped = read_source(Path("-")) if Path("-") in paths else None
    if piped is not None and not _is_configuration(piped):
        return _of_cluster_file(piped, target, Path())
    if named:
        if len(paths) > 1:
            fail(f"{named[0]}: a cluster file stands for all its nodes; name it alone")
        return _of_cluster_file(read_source(named[0]), target, named[0].parent)
    return _of_configurations([path for path in paths if str(path) != "-"], piped, target, together=together)


def _is_configuration(source: Source) -> bool:
    from havipcfg.linter.discover import _CONFIGURATION

    return _CONFIGURATION.search(source.text) is not None


def _of_cluster_file(source: Source, target: str | None, folder: Path) -> Subjects:
    from havipcfg.generator.job import generate
    from havipcfg.generator.proof import subject_of

    made = generate(source, environment=_AnySecret(), prove=False)
    if made.outputs is None or made.file is None:
        show_diagnostics(made.diagnostics)
        fail(f"{source.name}: nothing to judge, because of the errors above")
    return Subjects([subject_of(made.file, made.outputs, parse_target(target) if target else None)], folder=folder)


def _of_configurations(paths: list[Path], piped: Source | None, target: str | None, *, together: bool) -> Subjects:
    from havipcfg.cluster.context import Context
    from havipcfg.cluster.grouping import clusters
    from havipcfg.keepalived.load import read
    from havipcfg.keepalived.version import NEWEST
    from havipcfg.linter.discover import discover

    version = parse_target(target) if target else NEWEST
    found = discover(paths)
    sources = [*found.sources, *([piped] if piped is not None else [])]
    contexts = [Context(read(source, version)) for source in sources]
    result = Subjects(failures=list(found.failures), folder=paths[0].parent if paths else Path())
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


def _subject(group: list[Context]) -> Subject:
    from havipcfg.verifier.job import Subject

    readings = [(_BLANK.sub("-", context.alias or context.name), context.reading) for context in group]
    name = next((i.name for context in group for i in context.conf.vrrp_instance), "cluster")
    return Subject(name, readings, {node: reading.target for node, reading in readings})


def scenario_of(text: str) -> tuple[Scenario, Path | None]:
    """The scenario of an option, and the folder of its file where it names one; ends the command where it is wrong."""
    from havipcfg.verifier.scenario import ScenarioError, parse

    folder = None
    try:
        path = Path(text)
        if "\n" not in text and ";" not in text and (path.is_file() or path.suffix):
            text, folder = read_source(path).text, path.parent
    except (OSError, ValueError):
        pass
    try:
        return parse(text), folder
    except ScenarioError as error:
        fail(f"--scenario: {error}")


def say(failures: list[str]) -> None:
    """Put what was not judged on standard error."""
    for failure in failures:
        sys.stderr.write(f"havipcfg: {failure}\n".encode("utf-8", "backslashreplace").decode())

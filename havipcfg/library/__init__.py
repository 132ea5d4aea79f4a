"""What the commands do, as functions: they return objects, print nothing and never exit.

All of them are names of ``havipcfg`` itself. Where a function takes a file, that is a path or a
``Source``, a text with a name; where it takes files, one or several. Versions of keepalived are
texts such as ``2.2.7``, times are seconds. Modules are imported when a function is called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from havipcfg.library.errors import NotJudgedError
from havipcfg.library.files import File, Files, configuration, found, listed, source_of
from havipcfg.library.subjects import Subjects, subjects
from havipcfg.source import Source

if TYPE_CHECKING:
    import os

    from havipcfg.cluster.facts import Facts
    from havipcfg.diagnostics import Report
    from havipcfg.format import Formatted
    from havipcfg.generator.adopt import Imported
    from havipcfg.generator.changes import Plan
    from havipcfg.generator.job import Generated
    from havipcfg.keepalived.conf import KeepalivedConf
    from havipcfg.keepalived.load import Reading
    from havipcfg.keepalived.version import Version
    from havipcfg.linter.fix import Fixed
    from havipcfg.linter.options import LintOptions
    from havipcfg.rehearsal.job import Rehearsed
    from havipcfg.rehearsal.run import Progress
    from havipcfg.verifier.job import Judged
    from havipcfg.verifier.scenario import Scenario
    from havipcfg.verifier.simulate import ScenarioResult


def load(
    file: File,
    *,
    target: str | Version | None = None,
    config_id: str | None = None,
    includes: bool = True,
    environment: Mapping[str, str] | None = None,
) -> Reading:
    """Read one configuration as keepalived does: ``.conf`` is the typed blocks, ``.problems`` what was wrong.

    ``target`` is the version of keepalived that reads it (default: the newest known), ``config_id`` what
    ``keepalived -i`` gives it, ``includes`` opens the files that include lines name, ``environment``
    is what ``${_ENV NAME}`` may see (None: nothing). Whatever the text, reading does not fail. Raises OSError
    where the file cannot be read, ValueError for a version that is not known.
    """
    from havipcfg.keepalived.load import read
    from havipcfg.syntax.parse import Options

    seen = dict(environment) if environment is not None else None
    options = Options(config_id=config_id, includes=includes, environment=seen)
    return read(source_of(file), _version(target), options)


def facts(cluster: File | None = None, provider: str | None = None, subnets: Iterable[str] = ()) -> Facts | None:
    """What is known of the network: from a cluster.yaml, or a cloud's name and subnets; None where nothing is given.

    Raises OSError where the cluster file cannot be read, NotJudgedError where it has errors,
    UnknownProviderError and SubnetError.
    """
    if cluster is None:
        from havipcfg.cluster.facts import facts_from_options

        return facts_from_options(provider, subnets)
    from havipcfg.cluster.load import load_cluster
    from havipcfg.diagnostics import Severity

    source = source_of(cluster)
    file, problems = load_cluster(source)
    if file is None:
        errors = [problem for problem in problems if problem.severity is Severity.ERROR]
        raise NotJudgedError(f"{source.name}: no facts can be taken from this cluster file", errors)
    return file.facts


def lint(files: Files, options: LintOptions | None = None, *, jobs: int = 1) -> Report:
    """Judge configurations, each by itself and those of a cluster together; directories are searched.

    ``options`` says what is asked for; no settings file is looked for. ``jobs`` is the most processes that
    share the work. What could not be read is in ``Report.failures``: nothing is clean that has any.
    Raises NotJudgedError where no file is named.
    """
    from havipcfg.linter.engine import lint as run

    if not listed(files):
        raise NotJudgedError("name the files or directories to judge")
    texts = found(files)
    report = run(texts.sources, options, jobs=jobs)
    report.failures += texts.failures
    return report


def fix(files: Files, options: LintOptions | None = None, *, unsafe: bool = False) -> Fixed:
    """Apply the safe fixes (``unsafe``: all) until none is left; nothing is written, ``Fixed.changed`` has the texts.

    Raises NotJudgedError where a file cannot be read or none is named.
    """
    from havipcfg.linter.fix import fix as run

    texts = found(files)
    if texts.failures or not texts.sources:
        raise NotJudgedError(next(iter(texts.failures), "name the files or directories to fix"))
    return run(texts.sources, options, unsafe=unsafe)


def fmt(file: File) -> Formatted:
    """Lay one configuration out anew; nothing is written, ``Formatted.text`` has the text.

    ``Formatted.refused`` says that it is left alone. Raises OSError where the file cannot be read.
    """
    from havipcfg.format import format_source

    return format_source(source_of(file))


def generate(
    cluster: File,
    beside: Files = (),
    *,
    environment: Mapping[str, str] | None = None,
    prove: bool = True,
) -> Generated:
    """Make all files of a cluster.yaml in memory, linted and proven; ``Generated.write`` puts them into a directory.

    ``beside`` are cluster files of neighbours, whose virtual_router_ids are avoided; ``environment`` is where
    passwords are looked up (None: the process's own). What is wrong is in ``diagnostics``. Raises OSError where
    a file cannot be read.
    """
    from havipcfg.generator.job import generate as run

    return run(source_of(cluster), [source_of(file) for file in listed(beside)], environment, prove=prove)


@dataclass(frozen=True)
class Verdict:
    """The proofs of all clusters named; ``failures`` are what could not be judged, as one sentence each."""

    clusters: tuple[Judged, ...]
    failures: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether everything was judged and holds."""
        return bool(self.clusters) and not self.failures and all(each.proof.holds for each in self.clusters)


def verify(
    files: Files,
    *,
    target: str | Version | None = None,
    faults: int | None = None,
    max_failover: float | None = None,
) -> Verdict:
    """Prove who holds the addresses after every combination of faults, for a cluster.yaml or configurations.

    ``faults`` limits how many are combined, ``max_failover`` is the longest acceptable failover in seconds.
    Raises NotJudgedError, OSError and ValueError as ``subjects`` and ``load`` do.
    """
    return prove(subjects(files, _asked(target)), faults=faults, max_failover=max_failover)


def prove(judging: Subjects, *, faults: int | None = None, max_failover: float | None = None) -> Verdict:
    """The verdict on clusters that were read before; raises nothing."""
    from havipcfg.verifier.job import judge

    judged = tuple(judge(each, max_failover=max_failover, faults=faults) for each in judging.clusters)
    return Verdict(judged, (*judging.failures, *(each.idle for each in judged if each.idle)))


def play(
    files: Files, scenario: str | os.PathLike[str] | Scenario, *, target: str | Version | None = None
) -> ScenarioResult:
    """Predict what a scenario leads to: events as text, or the path of a file of them.

    All files are one cluster. Raises NotJudgedError where a file is not judged, ScenarioError for a
    scenario that cannot be read or does not fit, OSError and ValueError as ``load`` does.
    """
    from havipcfg.verifier.job import play as run

    judging = _whole(subjects(files, _asked(target), together=True))
    events, folder = _events(scenario)
    return run(judging.clusters[0], events, folder)


def rehearse(
    files: Files,
    scenario: str | os.PathLike[str] | Scenario | None = None,
    *,
    keepalived: str = "keepalived",
    rounds: int = 1,
    real_checks: bool = False,
    target: str | Version | None = None,
) -> tuple[Rehearsed, ...]:
    """Run the nodes' real keepalived on this machine, break things, and measure; as root, on Linux.

    Without a scenario the usual faults are tried, ``rounds`` times each. ``target`` is the version to predict
    for, if not the one that runs; ``real_checks`` runs the check and notify scripts themselves. Raises as
    ``play``, and RehearsalError where the machine, or keepalived, does not take part.
    """
    from havipcfg.rehearsal.job import version_here

    version = _asked(target) or version_here(keepalived)
    judging = _whole(subjects(files, version, together=scenario is not None))
    events, folder = _events(scenario) if scenario is not None else (None, Path())
    return perform(judging, events, folder, keepalived=keepalived, rounds=rounds, real_checks=real_checks)


def perform(
    judging: Subjects,
    scenario: Scenario | None = None,
    folder: Path = Path(),
    *,
    keepalived: str = "keepalived",
    rounds: int = 1,
    real_checks: bool = False,
    progress: Callable[[str, int, int, Progress], None] | None = None,
) -> tuple[Rehearsed, ...]:
    """Rehearse clusters that were read before; a ``reload`` reads its files relative to ``folder``.

    ``progress`` gets the name of the cluster, the number of the scenario, how many there are and where it is; it is
    called from several threads. Raises ScenarioError and RehearsalError.
    """
    from functools import partial

    from havipcfg.rehearsal.job import rehearse_cluster

    return tuple(
        rehearse_cluster(
            each,
            scenario,
            folder=folder,
            keepalived=keepalived,
            rounds=rounds,
            real_checks=real_checks,
            progress=None if progress is None else partial(progress, each.name),
        )
        for each in judging.clusters
    )


def graph(files: Files, form: str = "svg") -> str:
    """Draw nodes, addresses, priorities, peers and checks, as ``svg`` or ``mermaid``.

    Raises NotJudgedError where a file is not judged, ValueError for another form, OSError.
    """
    from havipcfg.render.graph import Picture, mermaid, svg

    if form not in ("svg", "mermaid"):
        raise ValueError(f"{form!r} is not one of svg, mermaid")
    pictures = [Picture(each.name, each.network) for each in _whole(subjects(files)).clusters]
    return (svg if form == "svg" else mermaid)(pictures)


def adopt(
    files: Files,
    *,
    name: str = "havip",
    provider: str = "onprem",
    subnets: Iterable[str] = (),
    target: str | Version | None = None,
    secret: str = "env",
    prefix: str = "cluster",
) -> Imported:
    """Make the cluster.yaml of configurations that run, one a node, as ``havipcfg import`` does; nothing is written.

    ``secret`` says how the text refers to passwords: ``env`` variables, or ``file``s whose names begin with ``prefix``.
    Raises NotACluster where they are none, NotJudgedError for a file that is no text, OSError where a file cannot be
    read, ValueError for a version that is not known.
    """
    from havipcfg.generator.adopt import adopt as run

    sources = [configuration(file) for file in listed(files)]
    version = _asked(target)
    return run(
        sources, name=name, provider=provider, subnets=tuple(subnets), target=version, secret=secret, prefix=prefix
    )


def diff(old: File, new: File, *, target: str | Version | None = None) -> Plan:
    """What changes in meaning between two configurations, or directories of them, and what applying it does.

    Raises OSError where a file cannot be read, NotJudgedError for a directory without configurations, ValueError
    for a version that is not known.
    """
    from havipcfg.generator.changes import compare

    version = _version(target)
    before, after = _nodes(old, version), _nodes(new, version)
    one, other = (_is_directory(file) for file in (old, new))
    if one is not other:
        raise NotJudgedError("a file and a directory cannot be compared: name two of one kind")
    if not one:
        before = dict(zip(after, before.values(), strict=True))
    return compare(before, after)


def explain(what: str) -> str:
    """The page of a rule, by code or name, or of a keyword, as markdown.

    Raises LookupError, which names what is near, where it is neither.
    """
    from havipcfg.keepalived.reference import describe, names
    from havipcfg.rules.pages import all_rules, page

    rules = all_rules()
    for rule in rules:
        if what.upper() == rule.code or what == rule.name:
            return page(rule).markdown
    entries = describe(what)
    if entries:
        return "\n".join(entry.markdown for entry in entries)
    from difflib import get_close_matches

    known = [rule.code for rule in rules] + [rule.name for rule in rules] + sorted(names())
    near = get_close_matches(what, known, 3, 0.6)
    raise LookupError(f"{what} is neither a rule nor a keyword" + (f"; near: {', '.join(near)}" if near else ""))


def schema() -> dict[str, Any]:
    """The JSON Schema of cluster.yaml."""
    from havipcfg.cluster.schema import schema as make

    return make()


def _asked(target: str | Version | None) -> Version | None:
    return None if target is None else _version(target)


def _version(target: str | Version | None) -> Version:
    from havipcfg.keepalived.version import NEWEST, Version

    return NEWEST if target is None else Version.known(target)


def _whole(judging: Subjects) -> Subjects:
    """The clusters, where nothing named is missing among them."""
    if judging.failures:
        raise NotJudgedError("; ".join(judging.failures))
    return judging


def _events(scenario: str | os.PathLike[str] | Scenario) -> tuple[Scenario, Path]:
    """A scenario, and the folder that its files are relative to."""
    from havipcfg.verifier.scenario import Scenario, parse

    if isinstance(scenario, Scenario):
        return scenario, Path()
    if isinstance(scenario, str):
        return parse(scenario), Path()
    path = Path(scenario)
    return parse(source_of(path).text), path.parent


def _is_directory(file: File) -> bool:
    return not isinstance(file, Source) and Path(file).is_dir()


def _nodes(file: File, version: Version) -> dict[str, KeepalivedConf]:
    from havipcfg.cluster.context import Context
    from havipcfg.keepalived.load import read

    if isinstance(file, Source) or not _is_directory(file):
        source = configuration(file)
        return {Path(source.name).name: read(source, version).conf}
    texts = found(file)
    if texts.failures:
        raise NotJudgedError(texts.failures[0])
    contexts = [Context(read(source, version)) for source in texts.sources]
    names = [context.name for context in contexts]
    return {
        name if names.count(name) == 1 else str(Path(context.reading.source.name).relative_to(file)): context.conf
        for name, context in zip(names, contexts, strict=True)
    }

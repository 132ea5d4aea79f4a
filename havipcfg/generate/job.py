"""The generate job: a cluster.yaml to checked output files."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from havipcfg.cluster.allocate import allocate
from havipcfg.cluster.load import ClusterFile, load_cluster
from havipcfg.diagnostics import Diagnostic, Severity
from havipcfg.findings import ERROR, Finding, diagnosis
from havipcfg.generate.moves import MoveError
from havipcfg.generate.outputs import Outputs, outputs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from havipcfg.cluster.resolve import Election
    from havipcfg.source import Source, Span


@dataclass
class Generated:
    """What a run made. ``outputs`` is None where the cluster file does not allow any."""

    diagnostics: list[Diagnostic] = field(default_factory=list)
    outputs: Outputs | None = None
    file: ClusterFile | None = None

    @property
    def refused(self) -> bool:
        return self.outputs is None or any(d.severity is Severity.ERROR for d in self.diagnostics)


@diagnosis("CY201", "cluster-secret-not-found", ERROR)
def secret_not_found(at: Span, where: str, reason: str) -> Finding:
    """A secret that is not where the cluster file says.

    ## What it does
    Reports a password whose environment variable or file cannot be read, or is empty.

    ## Why it matters
    Without the password nothing can be generated: nodes with different passwords do not hear
    each other, and all of them take the address.

    ## Example
    `authentication: {password: {env: WEB_PASS}}` while `WEB_PASS` is not set.

    ## Use instead
    Set the variable for this command, or name a file that only you can read.

    ## References
    - docs/generate.md
    """
    return Finding(at, f"the password is not in {where}: {reason}", advice="set it before generating")


@diagnosis("CY202", "cluster-extra-rejected", ERROR)
def extra_rejected(at: Span, message: str) -> Finding:
    """A further keyword that keepalived would not take.

    ## What it does
    Reports a keyword under `extra:` (or a value that ends up in keepalived.conf) that the
    nodes' keepalived version does not know, or a value it refuses.

    ## Why it matters
    keepalived would skip the line, or not start.

    ## Example
    `extra: {garp_master_refreshh: 5}` in an instance.

    ## Use instead
    `extra: {garp_master_refresh: 5}`; `havipcfg explain KEYWORD` tells what a keyword takes.

    ## References
    - keepalived.conf(5)
    """
    return Finding(at, message)


@diagnosis("CY203", "cluster-no-move", ERROR)
def no_move(at: Span, message: str) -> Finding:
    """An address that nothing would move on this cloud.

    ## What it does
    Reports a cluster on a cloud where announcing an address does not move it, and where the
    call that would move it cannot be made or misses something it needs.

    ## Why it matters
    keepalived would put the address on the new master, and the cloud would go on delivering to
    the old one.

    ## Example
    `provider: azure` with a HAVIP: the tool for that is a load balancer.

    ## Use instead
    What the message says: the missing id, or the vendor's own product.

    ## References
    - docs/providers.md
    """
    return Finding(at, message)


def generate(source: Source, beside: Iterable[Source] = (), environment: Mapping[str, str] | None = None) -> Generated:
    """Make all files of a cluster in memory, checked by the linter; writes nothing.

    ``beside`` are cluster files of neighbours, whose virtual_router_ids are avoided.
    ``environment`` is where secrets are looked up (default: the process's own).
    """
    file, diagnostics = load_cluster(source)
    made = Generated(diagnostics, file=file)
    if file is None or has_errors(diagnostics):
        return made
    neighbours = [other for other, _ in map(load_cluster, beside) if other is not None]
    passwords = {}
    for election in file.elections:
        password = _password(file, election, environment or os.environ, diagnostics)
        if password is not None:
            passwords[election.name] = password
    if has_errors(diagnostics):
        return made
    try:
        result = outputs(file, allocate(file, neighbours), passwords)
    except MoveError as error:
        diagnostics.append(no_move(file.span(*error.path), str(error)))
        return made
    except ValueError as error:
        diagnostics.append(extra_rejected(file.span(), f"a value cannot be written: {error}"))
        return made
    seen = set()
    for problem in result.problems:
        if problem not in seen:
            seen.add(problem)
            diagnostics.append(extra_rejected(file.span(*problem.path), problem.message))
    made.outputs = result
    diagnostics += _linted(file, result)
    return made


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any diagnostic is an error."""
    return any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)


def _password(
    file: ClusterFile, election: Election, environment: Mapping[str, str], diagnostics: list[Diagnostic]
) -> str | None:
    authentication = election.authentication
    if authentication is None or authentication.password is None:
        return None
    reference = authentication.password
    path = (
        (*election.path, "authentication")
        if election.path and file.has(*election.path, "authentication")
        else ("authentication",)
    )
    value, where, reason = "", "", "it is empty"
    if reference.env is not None:
        where = f"environment variable {reference.env}"
        value = environment.get(reference.env, "")
        reason = "it is not set" if reference.env not in environment else reason
    elif reference.file is not None:
        where = reference.file
        base = file.source.path.parent if file.source.path is not None else None
        try:
            with open((base / reference.file) if base is not None else reference.file, encoding="utf-8") as secret:  # noqa: PTH123
                value = secret.read().rstrip("\n")
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "it is not text"
    else:
        return reference.literal
    if not value:
        diagnostics.append(secret_not_found(file.span(*path), where, reason))
        return None
    return value[:8]


def _linted(file: ClusterFile, made: Outputs) -> list[Diagnostic]:
    """What the linter says of the configurations, with the facts of the cluster file."""
    from dataclasses import replace

    from havipcfg.generate.configuration import target_of
    from havipcfg.lint.engine import lint
    from havipcfg.lint.options import LintOptions
    from havipcfg.source import Source

    sources = [
        Source(f"{node}/keepalived.conf", made.files[f"{node}/keepalived.conf"].content.decode("utf-8"))
        for node in made.configurations
    ]
    target = max(target_of(file, node) for node in made.configurations)
    report = lint(sources, LintOptions(target=target, facts=file.facts, as_cluster=True))
    return [replace(d, fix=None) for d in report.diagnostics if d.severity is not Severity.INFO]

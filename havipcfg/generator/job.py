"""The generate job: a cluster.yaml to checked output files."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from havipcfg.cluster.allocate import allocate
from havipcfg.cluster.file import ClusterFile
from havipcfg.cluster.load import load_cluster
from havipcfg.cluster.refusals import extra_rejected, secret_not_found
from havipcfg.diagnostics import Diagnostic, Severity
from havipcfg.generator.judgement import judgement
from havipcfg.generator.outputs import Outputs, outputs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from havipcfg.cluster.resolve import Election
    from havipcfg.generator.directory import Drift
    from havipcfg.source import Source


class RefusedError(Exception):
    """Nothing is written, because of an error among the diagnostics; the message is that of the first."""


@dataclass
class Generated:
    """What a run made. ``outputs`` is None where the cluster file does not allow any."""

    diagnostics: list[Diagnostic] = field(default_factory=list)
    outputs: Outputs | None = None
    file: ClusterFile | None = None

    @property
    def refused(self) -> bool:
        return self.outputs is None or has_errors(self.diagnostics)

    def write(self, directory: str | os.PathLike[str], *, force: bool = False) -> list[Drift]:
        """Bring a directory to what was made, all of it or nothing; returns what changed.

        Raises RefusedError where there are errors, HandEditedError where a person changed a file there
        (``force`` writes in spite of both), OSError, and RefusedError in any case where there is nothing to write.
        """
        from havipcfg.generator.directory import write

        if self.outputs is None or (self.refused and not force):
            raise RefusedError(next(d.message for d in self.diagnostics if d.severity is Severity.ERROR))
        return write(Path(directory), self.outputs.files, force=force)


def generate(
    source: Source,
    beside: Iterable[Source] = (),
    environment: Mapping[str, str] | None = None,
    *,
    prove: bool = True,
) -> Generated:
    """Make all files of a cluster in memory, checked by the linter and proven by verify; writes nothing.

    ``beside`` are cluster files of neighbours, whose virtual_router_ids are avoided.
    ``environment`` is where secrets are looked up (default: the process's own). ``prove`` is
    false for who judges the result himself.
    """
    file, diagnostics = load_cluster(source)
    made = Generated(diagnostics, file=file)
    if file is None or has_errors(diagnostics):
        return made
    neighbours = [other for other, _ in map(load_cluster, beside) if other is not None]
    passwords = {}
    for election in file.elections:
        password = _password(file, election, os.environ if environment is None else environment, diagnostics)
        if password is not None:
            passwords[election.name] = password
    if has_errors(diagnostics):
        return made
    try:
        result = outputs(file, allocate(file, neighbours), passwords)
    except ValueError as error:
        diagnostics.append(extra_rejected(file.span(), f"a value cannot be written: {error}"))
        return made
    seen = set()
    for problem in result.problems:
        if problem not in seen:
            seen.add(problem)
            diagnostics.append(extra_rejected(file.span(*problem.path), problem.message))
    made.outputs = result
    diagnostics += judgement(file, result)
    if prove and not has_errors(diagnostics):
        from havipcfg.generator.proof import violations

        diagnostics += violations(file, result)
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

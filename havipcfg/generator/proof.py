"""The proof of what is generated: the election model's verdict before anything is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from havipcfg.diagnostics import Diagnostic, Severity
from havipcfg.generator.configuration import target_of
from havipcfg.keepalived.load import read
from havipcfg.source import Source
from havipcfg.verifier.job import Subject, judge
from havipcfg.verifier.places import labels

if TYPE_CHECKING:
    from collections.abc import Iterator

    from havipcfg.cluster.file import ClusterFile
    from havipcfg.generator.outputs import Outputs
    from havipcfg.keepalived.version import Version
    from havipcfg.verifier.network import Network
    from havipcfg.verifier.proof import Violation


def subject_of(file: ClusterFile, made: Outputs, target: Version | None = None) -> Subject:
    """The generated configurations as one cluster to judge; ``target`` in place of the nodes' own versions."""
    versions = {node: target or target_of(file, node) for node in made.configurations}
    readings = []
    for node in made.configurations:
        name = f"{node}/keepalived.conf"
        readings.append((node, read(Source(name, made.files[name].content.decode("utf-8")), versions[node])))
    targets = {e.name: e.max_failover for e in file.elections if e.max_failover is not None}
    delay = file.provider.switch_seconds()[1]
    return Subject(file.spec.name, readings, versions, targets, str(file.spec.provider), delay)


def violations(file: ClusterFile, made: Outputs) -> Iterator[Diagnostic]:
    """What does not hold of the generated cluster, with the shortest way there."""
    subject = subject_of(file, made)
    judged = judge(subject)
    for each in judged.proof.violations:
        if each.severity is Severity.ERROR:
            yield _diagnostic(file, judged.network, each)


def _diagnostic(file: ClusterFile, network: Network, violation: Violation) -> Diagnostic:
    first, *others = violation.origins or (file.key_span("nodes"),)
    steps = [f"{number}. {step.event}: {', '.join(step.told())}" for number, step in enumerate(violation.trace, 1)]
    return Diagnostic(
        code=violation.code,
        name=violation.name,
        severity=violation.severity,
        message=violation.message,
        span=first,
        why="; ".join(violation.because),
        related=labels(network, others),
        notes=tuple(steps),
    )

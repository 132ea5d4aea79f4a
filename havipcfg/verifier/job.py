"""The verify job: the files of one cluster to a verdict, or to what a scenario leads to."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from havipcfg.verifier import simulate, verify
from havipcfg.verifier.build import build, reread_from
from havipcfg.verifier.network import CheckKind, Network

if TYPE_CHECKING:
    from havipcfg.keepalived.load import Reading
    from havipcfg.keepalived.version import Version
    from havipcfg.verifier.outcome import Outcome
    from havipcfg.verifier.proof import Proof, Violation
    from havipcfg.verifier.scenario import Scenario
    from havipcfg.verifier.simulate import ScenarioResult


@dataclass(frozen=True)
class Subject:
    """One cluster to judge: its nodes' files by name.

    ``targets`` are the longest acceptable failovers in seconds by instance, as the cluster file
    states them; ``provider_delay`` is what the cloud adds to each move, in seconds.
    """

    name: str
    readings: Sequence[tuple[str, Reading]]
    versions: Mapping[str, Version] = field(default_factory=dict)
    targets: Mapping[str, float] = field(default_factory=dict)
    provider: str = ""
    provider_delay: float = 0.0

    @property
    def network(self) -> Network:
        """What the election model works on."""
        return build([(name, reading.conf) for name, reading in self.readings], versions=self.versions)


@dataclass(frozen=True)
class Judged:
    """A subject with its proof; ``start`` is what starting all nodes leads to, ``seconds`` what the proof took."""

    subject: Subject
    network: Network
    proof: Proof
    start: tuple[Outcome, ...]
    seconds: float

    @property
    def idle(self) -> str:
        """Why there is nothing to prove, as a sentence; empty where some node becomes master."""
        if any(any(outcome.holders.values()) for outcome in self.start):
            return ""
        reasons = dict.fromkeys(i.out_of_order for node in self.network.nodes for i in node.instances if i.out_of_order)
        why = f" ({'; '.join(reasons)})" if reasons else ""
        return f"{self.subject.name}: no node ever becomes master, so there is nothing to prove{why}"

    @property
    def checks(self) -> int:
        """Different checks of the nodes, interfaces apart."""
        kinds = {c.name for node in self.network.nodes for c in node.checks if c.kind is not CheckKind.INTERFACE}
        return len(kinds)


def judge(subject: Subject, *, max_failover: float | None = None, faults: int | None = None) -> Judged:
    """Prove one cluster. ``max_failover`` in seconds overrides the subject's own targets; raises nothing."""
    began = time.perf_counter()
    network = subject.network
    delay = subject.provider_delay
    wanted = dict.fromkeys(subject.targets.values())
    names = {instance.name for node in network.nodes for instance in node.instances}
    shared = next(iter(wanted)) if len(wanted) == 1 and names <= subject.targets.keys() else None
    limit = shared if max_failover is None else max_failover
    proof = verify(network, max_failover=limit, faults=faults, provider_delay=delay)
    if limit is None and wanted:
        late = [v for target in wanted for v in _late(network, subject, target, faults)]
        proof = replace(proof, violations=(*proof.violations, *late))
    seconds = time.perf_counter() - began
    return Judged(subject, network, proof, simulate(network, "start").steps[0].outcomes, seconds)


def _late(network: Network, subject: Subject, target: float, faults: int | None) -> list[Violation]:
    """What is slower than a target that not all instances have."""
    mine = {name for name, each in subject.targets.items() if each == target}
    nodes = tuple(
        replace(node, instances=tuple(i for i in node.instances if i.name in mine), groups=()) for node in network.nodes
    )
    proof = verify(
        Network(nodes), max_failover=target, faults=faults, provider_delay=subject.provider_delay, rows=False
    )
    return [violation for violation in proof.violations if violation.code == "FO105"]


def play(subject: Subject, scenario: Scenario, folder: Path) -> ScenarioResult:
    """Follow a scenario; ``reload`` reads its files relative to ``folder``. Raises ScenarioError."""
    return simulate(subject.network, scenario, reread=reread_from(folder))

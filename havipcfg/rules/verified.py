"""A cluster as the election model sees it, and what of it becomes a finding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from havipcfg.diagnostics import Severity
from havipcfg.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable

    from havipcfg.cluster.members import Cluster
    from havipcfg.diagnostics import Diagnostic
    from havipcfg.source import Span
    from havipcfg.verifier.network import Network
    from havipcfg.verifier.proof import Violation

MOST_NODES = 8
"""Larger clusters are left to ``havipcfg verify``."""
MOST_SEATS = 24
"""Instances of all nodes together, beyond which lint leaves a cluster to ``havipcfg verify``."""
FEW_NODES = 3
"""Up to so many nodes several faults are combined; of more, one at a time."""
FEW_CHECKS = 6
"""Up to so many checks of all nodes together, all faults are combined; of more, two at a time."""

_DEAF = ("CL101", "CL102", "CL103", "CL104", "CL105", "CL106", "CL107", "CL117", "CL2", "HV105", "HV108", "KC321")


@dataclass(eq=False)
class Verified:
    """A cluster as the election model sees it, beside what other rules have found in its files."""

    cluster: Cluster
    found: list[Diagnostic]

    @cached_property
    def network(self) -> Network:
        from havipcfg.verifier.build import build

        confs = [(context.alias or context.name, context.conf) for context in self.cluster.contexts]
        versions = {context.alias or context.name: context.target for context in self.cluster.contexts}
        return build(confs, versions=versions)

    @cached_property
    def violations(self) -> tuple[Violation, ...]:
        """What does not hold; empty where the model was not asked."""
        from havipcfg.verifier import verify

        network = self.network
        nodes = len(network.nodes)
        if nodes > MOST_NODES or sum(len(node.instances) for node in network.nodes) > MOST_SEATS:
            return ()
        facts = self.cluster.facts
        delay = facts.provider.switch_seconds()[1] if facts is not None and facts.provider is not None else 0.0
        target = facts.max_failover if facts is not None else None
        checks = sum(len(node.checks) for node in network.nodes)
        faults = 1 if nodes > FEW_NODES else 2 if checks > FEW_CHECKS else None
        return verify(network, max_failover=target, faults=faults, provider_delay=delay, rows=False).violations

    @cached_property
    def settled(self) -> bool:
        """Whether another rule has found why keepalived would not run these files, or the nodes not hear each other."""
        return any(d.severity is Severity.ERROR and (d.keepalived or d.code.startswith(_DEAF)) for d in self.found)

    @cached_property
    def refused(self) -> bool:
        """Whether keepalived would not run these files."""
        return any(d.severity is Severity.ERROR and d.keepalived for d in self.found)

    def explained(self, *prefixes: str) -> bool:
        """Whether a finding of these codes names the cause already."""
        return any(d.code.startswith(prefixes) for d in self.found)

    def one_sided(self, code: str) -> bool:
        """Whether some of the nodes have a finding of this code and others have not."""
        return 0 < len({d.span.file for d in self.found if d.code == code}) < len(self.network.nodes)

    def violates(self, code: str) -> bool:
        """Whether this property does not hold."""
        return any(violation.code == code for violation in self.violations)


def findings(verified: Verified, code: str, why: str, advice: str) -> Iterator[Finding]:
    """The violations of one property, the first of each place and of each way there, with where they come from."""
    from havipcfg.verifier.places import labels

    seen: set[Span | tuple[str, ...]] = set()
    for violation in verified.violations:
        if violation.code == code:
            first, *others = violation.origins or _places(verified)
            way = tuple(step.event for step in violation.trace)
            if first in seen or (way in seen and violation.because):
                continue
            seen |= {first, way}
            reason = "; ".join(violation.because)
            yield Finding(
                first,
                violation.message,
                why,
                violation.advice or advice,
                labels(verified.network, others),
                (*((f"because {reason}",) if reason else ()), *_trace(violation)),
            )


def _places(verified: Verified) -> list[Span]:
    return [node.instances[0].origin for node in verified.network.nodes if node.instances and node.instances[0].origin]


def _trace(violation: Violation) -> Iterable[str]:
    for number, step in enumerate(violation.trace, 1):
        stands = ", ".join(step.told())
        yield f"{number}. {step.event}" + (f": {stands}" if stands else "")

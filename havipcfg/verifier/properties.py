"""What must hold in every reachable state, and the violations found."""

from __future__ import annotations

from collections.abc import Iterator

from havipcfg.verifier.check_properties import checks, flapping, shared_checks, unhealthy_holders
from havipcfg.verifier.evidence import Evidence
from havipcfg.verifier.hears import HearsGraph
from havipcfg.verifier.holder_properties import history, no_holder, races, slow, two_holders, unsettled
from havipcfg.verifier.network import Network
from havipcfg.verifier.proof import Violation
from havipcfg.verifier.space import Space


def judge(
    network: Network, graph: HearsGraph, space: Space, max_failover: float | None, provider_delay: float
) -> Iterator[Violation]:
    """Every violation of an explored electorate, each once, with the shortest trace first found."""
    evidence = Evidence(network, graph, space)
    yield from two_holders(evidence)
    yield from no_holder(evidence)
    yield from checks(evidence)
    yield from unhealthy_holders(evidence)
    if max_failover is not None:
        yield from slow(evidence, max_failover, provider_delay)
    yield from shared_checks(evidence)
    yield from unsettled(evidence)
    yield from races(evidence)
    yield from history(evidence)
    yield from flapping(evidence)

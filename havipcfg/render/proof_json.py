"""A proof for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from havipcfg.source import Span
    from havipcfg.verifier.job import Judged
    from havipcfg.verifier.proof import TraceStep, Violation

VERSION = 1


def render(judged: Iterable[Judged], failures: Iterable[str] = ()) -> str:
    """All proofs as one JSON document; times are seconds, intervals [best, worst]."""
    document = {"version": VERSION, "clusters": [_cluster(each) for each in judged], "failures": list(failures)}
    return json.dumps(document, indent=2) + "\n"


def _cluster(judged: Judged) -> dict[str, Any]:
    proof = judged.proof
    return {
        "name": judged.subject.name,
        "holds": proof.holds,
        "nodes": list(proof.nodes),
        "instances": list(proof.instances),
        "states": proof.states,
        "transitions": proof.transitions,
        "exhaustive": proof.exhaustive,
        "coverage": proof.coverage,
        "max_failover_s": proof.max_failover,
        "provider_delay_s": proof.provider_delay,
        "start": [outcome.to_json() for outcome in judged.start],
        "faults": [
            {
                "event": row.event,
                "outcomes": [outcome.to_json() for outcome in row.outcomes],
                "repair": row.repair,
                "repaired": [outcome.to_json() for outcome in row.repaired],
            }
            for row in proof.rows
        ],
        "deaf": [
            {"sender": list(d.sender), "receiver": list(d.receiver), "reason": d.reason, "origins": _places(d.origins)}
            for d in proof.deaf
        ],
        "violations": [_violation(each) for each in proof.violations],
    }


def _violation(violation: Violation) -> dict[str, Any]:
    return {
        "code": violation.code,
        "name": violation.name,
        "severity": violation.severity.value,
        "message": violation.message,
        "nodes": list(violation.nodes),
        "bound_s": None if violation.bound is None else [round(each, 3) for each in violation.bound],
        "formula": violation.formula or None,
        "because": list(violation.because),
        "origins": _places(violation.origins),
        "trace": [_step(step) for step in violation.trace],
    }


def _step(step: TraceStep) -> dict[str, Any]:
    return {
        "event": step.event,
        "stands": [
            {"node": s.node, "instance": s.instance, "role": s.role, "priority": s.priority} for s in step.stands
        ],
        "holders": {name: list(nodes) for name, nodes in step.holders.items()},
        "after_s": None if step.after is None else [round(each, 3) for each in step.after],
    }


def _places(spans: Iterable[Span]) -> list[dict[str, Any]]:
    return [
        {
            "file": span.file,
            "line": span.line,
            "column": span.column,
            "end_line": span.end_line,
            "end_column": span.end_column,
        }
        for span in spans
    ]

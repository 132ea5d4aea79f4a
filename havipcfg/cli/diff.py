"""``havipcfg diff``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from havipcfg.cli.common import judged, one_of, parse_target, read_source, write

if TYPE_CHECKING:
    from havipcfg.generator.changes import Plan

FORMATS = ("text", "json")


def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", hidden=True)],
    new: Annotated[Path, typer.Argument(metavar="NEW", hidden=True)],
    target: Annotated[str | None, typer.Option(metavar="VERSION", help="keepalived of the nodes (2.4.3).")] = None,
    output_format: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="text or json.", autocompletion=lambda: FORMATS)
    ] = "text",
) -> None:
    """Say what a change means, and what applying it does.

    OLD and NEW are configurations, or directories with one a node; - is standard input.

    Exit status:
    0 compared, 2 not read.
    """
    from havipcfg.library import diff as run

    one_of("--format", output_format, FORMATS)
    version = parse_target(target) if target else None
    one, other = (read_source(path) if str(path) == "-" else path for path in (old, new))
    with judged():
        plan = run(one, other, target=version)
    write(json.dumps(as_json(plan), indent=2) if output_format == "json" else as_text(plan), None)


def as_text(plan: Plan) -> str:
    """The plan in words, node by node."""
    lines = []
    for node, changes in plan.changes.items():
        lines.append(node)
        lines += [f"  {change.sentence}" for change in changes] or ["  no change in meaning"]
        if changes:
            lines.append(f"  => {max(change.effect for change in changes).sentence}")
    return "\n".join([*lines, "", f"order: {plan.order}"])


def as_json(plan: Plan) -> dict[str, Any]:
    """The plan for programs."""
    nodes = {
        node: [
            {
                "where": change.where,
                "keyword": change.keyword,
                "before": change.before,
                "after": change.after,
                "effect": change.effect.name.lower(),
                "sentence": change.sentence,
            }
            for change in changes
        ]
        for node, changes in plan.changes.items()
    }
    return {"version": 1, "nodes": nodes, "effect": plan.effect.name.lower(), "order": plan.order}

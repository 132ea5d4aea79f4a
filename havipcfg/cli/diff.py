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
    """The plan in words, node by node, as wide as the terminal; nodes that change alike are shown once."""
    from havipcfg.render.layout import terminal_width, wrap

    def put(start: str, text: str) -> None:
        indent = " " * len(start)
        width = max(terminal_width() - len(start), 20)
        lines.extend((indent if number else start) + line for number, line in enumerate(wrap(text, width)))

    lines: list[str] = []
    alike: dict[tuple[Any, ...], list[str]] = {}
    for node, changes in plan.changes.items():
        alike.setdefault(changes, []).append(node)
    for changes, nodes in alike.items():
        put("", ", ".join(nodes))
        for sentence in [change.sentence for change in changes] or ["no change in meaning"]:
            put("  ", sentence)
        if changes:
            put("  => ", max(change.effect for change in changes).sentence)
    lines.append("")
    put("order: ", plan.order)
    return "\n".join(lines)


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

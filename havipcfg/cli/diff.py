"""``havipcfg diff``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from havipcfg.cli.common import fail, parse_target, read_source, write

if TYPE_CHECKING:
    from havipcfg.generator.changes import Plan
    from havipcfg.keepalived.conf import KeepalivedConf
    from havipcfg.keepalived.version import Version


def diff(
    old: Annotated[Path, typer.Argument(help="A configuration, or a directory with one per node.")],
    new: Annotated[Path, typer.Argument(help="What it becomes.")],
    target: Annotated[str, typer.Option(help="keepalived version of the nodes.")] = "2.4.3",
    output_format: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
) -> None:
    """Say what changes in meaning, and what applying it does to the address."""
    from havipcfg.generator.changes import compare

    if output_format not in ("text", "json"):
        fail(f"--format {output_format}: not one of text, json")
    version = parse_target(target)
    before, after = _nodes(old, version), _nodes(new, version)
    if old.is_file() and new.is_file():
        before, after = ({new.name: next(iter(each.values()))} for each in (before, after))
    plan = compare(before, after)
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


def _nodes(path: Path, version: Version) -> dict[str, KeepalivedConf]:
    from havipcfg.cluster.context import Context
    from havipcfg.keepalived.load import read
    from havipcfg.linter.discover import discover

    if not path.is_dir():
        source = read_source(path)
        return {path.name: read(source, version).conf}
    found = discover([path])
    if found.failures:
        fail(found.failures[0])
    contexts = [Context(read(source, version)) for source in found.sources]
    names = [context.name for context in contexts]
    return {
        name if names.count(name) == 1 else str(Path(context.reading.source.name).relative_to(path)): context.conf
        for name, context in zip(names, contexts, strict=True)
    }

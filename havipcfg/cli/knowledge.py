"""``havipcfg explain``, ``rules`` and ``schema``."""

from __future__ import annotations

import json
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

import typer

from havipcfg.cli.common import fail, write


def explain(
    what: Annotated[str, typer.Argument(help="A rule's code or name (KC203), or a keyword (virtual_router_id).")],
) -> None:
    """Explain a rule or a keyword, in full and offline."""
    from havipcfg.rules.pages import all_rules, page

    rules = all_rules()
    for rule in rules:
        if what.upper() == rule.code or what == rule.name:
            _show(page(rule).markdown)
            return
    from havipcfg.keepalived.reference import describe, names

    entries = describe(what)
    if entries:
        _show("\n".join(entry.markdown for entry in entries))
        return
    known = [rule.code for rule in rules] + [rule.name for rule in rules] + sorted(names())
    near = get_close_matches(what, known, 3, 0.6)
    fail(f"explain: {what} is neither a rule nor a keyword" + (f"; near: {', '.join(near)}" if near else ""))


def rules(
    output_format: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
) -> None:
    """List every rule."""
    from havipcfg.rules.pages import all_rules, page

    pages = [page(rule) for rule in all_rules()]
    if output_format == "json":
        listed = [
            {
                "code": found.rule.code,
                "name": found.rule.name,
                "severity": str(found.rule.severity),
                "keepalived": found.rule.keepalived,
                "fix": found.rule.fix,
                "summary": found.summary,
            }
            for found in pages
        ]
        write(json.dumps(listed, indent=2), None)
    elif output_format == "text":
        width = max(len(found.rule.name) for found in pages)
        lines = [f"{f.rule.code}  {f.rule.severity:<7}  {f.rule.name:<{width}}  {f.summary}" for f in pages]
        write("\n".join(lines), None)
    else:
        fail(f"--format {output_format}: not one of text, json")


def schema(
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write it to a file.")] = None,
) -> None:
    """Print the JSON Schema of cluster.yaml, for editors and checks."""
    from havipcfg.cluster.schema import schema as make

    write(json.dumps(make(), indent=2, ensure_ascii=False), output)


def _show(markdown: str) -> None:
    import sys

    if not sys.stdout.isatty():
        write(markdown, None)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(markdown))

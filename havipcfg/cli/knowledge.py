"""``havipcfg explain``, ``rules`` and ``schema``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from havipcfg.cli.common import fail, write


def explain(
    what: Annotated[str, typer.Argument(help="A rule's code or name (KC203), or a keyword (virtual_router_id).")],
) -> None:
    """Explain a rule or a keyword, in full and offline."""
    from havipcfg.library import explain as run

    try:
        _show(run(what))
    except LookupError as error:
        fail(f"explain: {error.args[0]}")


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
    from havipcfg.library import schema as make

    write(json.dumps(make(), indent=2, ensure_ascii=False), output)


def _show(markdown: str) -> None:
    import sys

    if not sys.stdout.isatty():
        write(markdown, None)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(markdown))

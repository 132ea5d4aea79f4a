"""``havipcfg explain``, ``rules`` and ``schema``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from havipcfg.cli.common import fail, one_of, write

FORMATS = ("text", "json")


def known(incomplete: str) -> list[tuple[str, str]]:
    """What can be explained and begins so; shells ask."""
    from havipcfg.cli.form import completed
    from havipcfg.keepalived.reference import names

    return completed(incomplete) + [(name, "keyword") for name in sorted(names()) if name.startswith(incomplete)]


def explain(
    what: Annotated[str, typer.Argument(metavar="CODE|KEYWORD", hidden=True, autocompletion=known)],
) -> None:
    """Explain a rule or a keyword, in full and offline.

    A rule is called by code or name (KC203), a keyword as in keepalived.conf (virtual_router_id).
    """
    from havipcfg.library import explain as run

    try:
        _show(run(what))
    except LookupError as error:
        fail(f"explain: {error.args[0]}")


def rules(
    output_format: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="text or json.", autocompletion=lambda: FORMATS)
    ] = "text",
) -> None:
    """List every rule."""
    one_of("--format", output_format, FORMATS)
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
    else:
        width = max(len(found.rule.name) for found in pages)
        lines = [f"{f.rule.code}  {f.rule.severity:<7}  {f.rule.name:<{width}}  {f.summary}" for f in pages]
        write("\n".join(_fitted(line, width + 18) for line in lines), None)


def _fitted(line: str, indent: int) -> str:
    """A line of a table; on a terminal that is too narrow for it, its last column goes below the others."""
    from havipcfg.render.layout import terminal_width, wrap

    width = terminal_width()
    if not sys.stdout.isatty() or len(line) <= width:
        return line
    return "\n       ".join([line[:indent].rstrip(), *wrap(line[indent:], max(20, width - 7))])


def schema(
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write it to a file.")] = None,
) -> None:
    """Print the JSON Schema of cluster.yaml, for editors and checks."""
    from havipcfg.library import schema as make

    write(json.dumps(make(), indent=2, ensure_ascii=False), output)


def _show(markdown: str) -> None:
    if not sys.stdout.isatty():
        write(markdown, None)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(markdown))

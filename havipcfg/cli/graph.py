"""``havipcfg graph``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from havipcfg.cli.common import fail, write
from havipcfg.cli.subjects import say, subjects

FORMATS = ("svg", "mermaid")
EXIT_NOT_DRAWN = 2


def graph(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="cluster.yaml, or the configurations of the nodes; - is standard input.")
    ] = None,
    output_format: Annotated[str, typer.Option("--format", help="svg or mermaid.")] = "svg",
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write to this file.")] = None,
) -> None:
    """Draw nodes, HAVIPs, priorities, peers and checks."""
    from havipcfg.render.graph import Picture, mermaid, svg

    if output_format not in FORMATS:
        fail(f"--format {output_format}: not one of {', '.join(FORMATS)}")
    found = subjects(paths, None, together=False)
    say(found.failures)
    if not found.clusters:
        raise typer.Exit(EXIT_NOT_DRAWN)
    pictures = [Picture(each.name, each.network) for each in found.clusters]
    write((svg if output_format == "svg" else mermaid)(pictures), output)
    if found.failures:
        raise typer.Exit(EXIT_NOT_DRAWN)

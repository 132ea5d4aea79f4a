"""``havipcfg graph``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from havipcfg.cli.common import one_of, write
from havipcfg.cli.subjects import say, subjects

FORMATS = ("svg", "mermaid")
EXIT_NOT_DRAWN = 2


def graph(
    paths: Annotated[list[Path] | None, typer.Argument(metavar="PATH...", hidden=True)] = None,
    output_format: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="svg or mermaid.", autocompletion=lambda: FORMATS)
    ] = "svg",
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write to this file.")] = None,
) -> None:
    """Draw nodes, HAVIPs, priorities, peers and checks.

    PATH is a cluster.yaml, or the configurations of all nodes; - is standard input.

    Exit status:
    0 drawn, 2 not everything was.
    """
    from havipcfg.render.graph import Picture, mermaid, svg

    one_of("--format", output_format, FORMATS)
    found = subjects(paths, None, together=False)
    say(found.failures)
    if not found.clusters:
        raise typer.Exit(EXIT_NOT_DRAWN)
    pictures = [Picture(each.name, each.network) for each in found.clusters]
    write((svg if output_format == "svg" else mermaid)(pictures), output)
    if found.failures:
        raise typer.Exit(EXIT_NOT_DRAWN)

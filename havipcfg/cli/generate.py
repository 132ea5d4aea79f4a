"""``havipcfg generate``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from havipcfg.cli.common import fail, read_source, show_diagnostics, write

if TYPE_CHECKING:
    from havipcfg.generator.directory import Drift
    from havipcfg.generator.job import Generated

EXIT_DRIFT = EXIT_REFUSED = 1


def generate(
    cluster: Annotated[Path, typer.Argument(help="cluster.yaml; - is standard input.")],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="Directory (default: beside cluster.yaml, named as the cluster)."),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 where the directory is not up to date.")
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Write nothing; show what would change.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Write in spite of findings and over hand edits.")] = False,
    beside: Annotated[
        list[Path] | None, typer.Option(help="Cluster file of a neighbour, whose virtual_router_ids are avoided.")
    ] = None,
) -> None:
    """Make matched configurations, scripts and an apply order for every node of a cluster."""
    from havipcfg.generator.directory import HandEditedError, drift
    from havipcfg.generator.directory import diff as unified
    from havipcfg.generator.job import generate as run
    from havipcfg.render.secrets import hide

    made = run(read_source(cluster), [read_source(path) for path in beside or ()])
    if made.diagnostics:
        show_diagnostics(made.diagnostics)
    if made.outputs is None or made.file is None:
        fail(f"{cluster}: nothing was generated", EXIT_REFUSED)
    if made.refused and not force:
        fail(f"{cluster}: nothing was written, because of the errors above (--force writes all the same)", EXIT_REFUSED)
    directory = output or (Path() if str(cluster) == "-" else cluster.parent) / made.file.spec.name
    files = made.outputs.files
    try:
        if diff:
            write(hide(unified(directory, files)), None)
            _say_plan(directory, made)
        if check or diff:
            changes = drift(directory, files)
            if check:
                _say_drift(directory, changes)
            raise typer.Exit(EXIT_DRIFT if changes and check else 0)
        changes = made.write(directory, force=force)
    except HandEditedError as error:
        edited = "\n".join(f"  {directory / path}" for path in error.paths)
        fail(
            f"these files were changed by hand since they were generated; nothing was written:\n{edited}\n"
            "Put the change into the cluster file, or use --force to overwrite them.",
            EXIT_REFUSED,
        )
    except OSError as error:
        fail(f"{error.filename or directory}: {error.strerror or error}")
    _say_written(directory, made, changes)


def _say_plan(directory: Path, made: Generated) -> None:
    """What the change means for the nodes, where there is a configuration to compare with."""
    from havipcfg.cli.diff import as_text
    from havipcfg.generator.changes import compare
    from havipcfg.keepalived.load import read
    from havipcfg.source import Source

    if made.outputs is None:
        return
    before = {path.parent.name: read(Source.read(path)).conf for path in sorted(directory.glob("*/keepalived.conf"))}
    if before:
        typer.echo(as_text(compare(before, made.outputs.configurations)))


def _say_drift(directory: Path, changes: list[Drift]) -> None:
    for change in changes:
        hint = " (changed by hand)" if change.edited else ""
        typer.echo(f"{directory / change.path}: {change.kind}{hint}")
    typer.echo("up to date" if not changes else f"{len(changes)} files are not up to date: run havipcfg generate")


def _say_written(directory: Path, made: Generated, changes: list[Drift]) -> None:
    if made.outputs is None:
        return
    for node in made.outputs.configurations:
        typer.echo(f"{directory / node}/  keepalived.conf, scripts, apply.sh")
    typer.echo(f"{directory / 'apply-all.sh'}")
    written = sum(change.kind != "stale" for change in changes)
    typer.echo(f"{written} files written" if changes else "nothing to change")

"""``havipcfg generate``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from havipcfg.cli.common import fail, read_source, show_diagnostics, write, write_exactly
from havipcfg.cli.progress import waiting
from havipcfg.render.printable import printable

if TYPE_CHECKING:
    from havipcfg.generator.directory import Drift
    from havipcfg.generator.job import Generated

EXIT_DRIFT = EXIT_REFUSED = 1


def generate(
    cluster: Annotated[Path, typer.Argument(metavar="CLUSTER.yaml", hidden=True)],
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="DIR", help="Where to (default: beside cluster.yaml, named as the cluster)."
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 where the directory is not up to date.")
    ] = False,
    diff: Annotated[
        bool,
        typer.Option(
            "--diff",
            help="Write nothing; say what would change and what applying it does. A plan is no "
            "failure: 1 only with --check too.",
        ),
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Write in spite of findings and over hand edits.")] = False,
    beside: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Cluster file of a neighbour, whose virtual_router_ids are avoided."),
    ] = None,
) -> None:
    """Make configurations, scripts and apply order of a cluster.yaml.

    - is standard input. What is made is linted and proven before it is written.

    Exit status: 0 done
    or up to date, 1 refused or not up to date, 2 not read or not written.
    """
    from havipcfg.generator.directory import HandEditedError, drift
    from havipcfg.generator.directory import diff as unified
    from havipcfg.generator.job import generate as run
    from havipcfg.render.secrets import hide

    source, neighbours = read_source(cluster), [read_source(path) for path in beside or ()]
    with waiting(f"proving {cluster}"):
        made = run(source, neighbours)
    if made.diagnostics:
        show_diagnostics(made.diagnostics)
    if made.outputs is None or made.file is None:
        fail(f"{cluster}: nothing was generated", EXIT_REFUSED)
    if made.refused and not force:
        fail(f"{cluster}: nothing was written, because of the errors above (--force writes all the same)", EXIT_REFUSED)
    directory = output or (Path() if str(cluster) == "-" else cluster.parent) / made.file.spec.name
    files = made.outputs.files
    try:
        changes = drift(directory, files) if check or diff else made.write(directory, force=force)
        shown = unified(directory, files) if diff else ""
    except HandEditedError as error:
        fail(
            "these files were changed by hand since they were generated, so nothing was written; put the change into "
            "the cluster file, or overwrite them with --force:",
            EXIT_REFUSED,
            more=(str(directory / path) for path in error.paths),
        )
    except OSError as error:
        fail(f"{error.filename or directory}: {error.strerror or error}")
    if diff:
        write_exactly(hide(shown))
        _say_plan(directory, made)
    if check:
        _say_drift(directory, changes)
        raise typer.Exit(EXIT_DRIFT if changes else 0)
    if not diff:
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
        write(as_text(compare(before, made.outputs.configurations)), None)


def _say_drift(directory: Path, changes: list[Drift]) -> None:
    for change in changes:
        hint = " (changed by hand)" if change.edited else ""
        _say(f"{directory / change.path}: {change.kind}{hint}")
    count = "1 file is" if len(changes) == 1 else f"{len(changes)} files are"
    _say(f"{count} not up to date: run havipcfg generate" if changes else "up to date")


def _say_written(directory: Path, made: Generated, changes: list[Drift]) -> None:
    if made.outputs is None:
        return
    for node in made.outputs.configurations:
        _say(f"{directory / node}/  keepalived.conf, scripts, apply.sh")
    _say(str(directory / "apply-all.sh"))
    written = sum(change.kind != "stale" for change in changes)
    _say(f"{written} {'file' if written == 1 else 'files'} written" if changes else "nothing to change")


def _say(text: str) -> None:
    write(printable(text), None)

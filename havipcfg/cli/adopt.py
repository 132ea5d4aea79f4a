"""``havipcfg import``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from havipcfg.cli.common import fail, judged, note, parse_target, read_source, show_diagnostics, write

if TYPE_CHECKING:
    from havipcfg.generator.adopt import Imported

EXIT_CONTRADICTS = 1


def adopt(
    configurations: Annotated[list[Path], typer.Argument(metavar="CONF...", hidden=True)],
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="CLUSTER.yaml", help="The cluster.yaml to write (default: standard output)."
        ),
    ] = None,
    name: Annotated[str, typer.Option(metavar="NAME", help="Name of the cluster.")] = "havip",
    provider: Annotated[str, typer.Option(metavar="NAME", help="The cloud, or onprem.")] = "onprem",
    subnet: Annotated[
        list[str] | None, typer.Option(metavar="CIDR", help="Subnet of the nodes; may be repeated.")
    ] = None,
    target: Annotated[str | None, typer.Option(metavar="VERSION", help="keepalived of the nodes.")] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite the output, and write in spite of contradictions.")
    ] = False,
) -> None:
    """Make a cluster.yaml of the configurations that run.

    CONF is the configuration of a node; name those of all nodes. Comments are not taken over.

    Exit status: 0 the file means the same, 1 it says less or nodes contradict each other,
    2 not read or not written.
    """
    from havipcfg.generator.adopt import NotACluster
    from havipcfg.library import adopt as run

    if output is not None and output.exists() and not force:
        fail(f"{output} exists; nothing was written (--force overwrites it)")
    version = parse_target(target) if target else None
    sources = [read_source(path) for path in configurations]
    try:
        with judged():
            made = run(
                sources,
                name=name,
                provider=provider,
                subnets=subnet or (),
                target=version,
                secret="env" if output is None else "file",
                prefix="cluster" if output is None else output.stem,
            )
    except NotACluster as error:
        fail(str(error))
    if made.contradictions:
        show_diagnostics(made.contradictions)
        if not force:
            fail("the nodes contradict each other; nothing was written (--force keeps each node's own)", 1)
    if made.ignored:
        show_diagnostics(made.ignored)
        note("what keepalived ignores in these lines is not taken over")
    for sentence in made.lost:
        note(f"not as it was: {sentence}")
    if output is not None:
        taken = [path for path in map(output.with_name, made.passwords) if path.exists() and not force]
        if taken:
            fail(f"{taken[0]} exists; nothing was written (--force overwrites it)")
        _keep_secrets(made, output)
    write(made.text, output)
    _say_next(made, output)
    if made.lost or made.contradictions:
        raise typer.Exit(EXIT_CONTRADICTS)


def _keep_secrets(made: Imported, output: Path) -> None:
    """The passwords in files of their own beside the output, which only the owner can read."""
    for name, password in made.passwords.items():
        path = output.with_name(name)
        try:
            path.unlink(missing_ok=True)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                file.write(password + "\n")
        except OSError as error:
            fail(f"{path}: {error.strerror or error}")
        note(f"{path} holds a password; keep it out of version control")


def _say_next(made: Imported, output: Path | None) -> None:
    if output is None:
        for name in made.passwords:
            note(f"the password is not in the text: set {name} before generating")
    else:
        note(f"{output} written; next: havipcfg generate {output}")
    if made.refusals:
        show_diagnostics(made.refusals)
        note("generate refuses the file until this is mended")

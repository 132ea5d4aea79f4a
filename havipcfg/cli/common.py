"""What every command needs: errors in one line, versions, and where output goes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from havipcfg.keepalived.version import Version

if TYPE_CHECKING:
    from havipcfg.cluster.facts import Facts
    from havipcfg.diagnostics import Diagnostic
    from havipcfg.source import Source


def fail(message: str, status: int = 2) -> NoReturn:
    """End with one line on standard error."""
    typer.echo(f"havipcfg: {message}", err=True)
    raise typer.Exit(status)


def parse_target(text: str) -> Version:
    """The keepalived version of an option; ends the command for one that is not known."""
    try:
        return Version.known(text)
    except ValueError as error:
        fail(f"--target: {error}")


def write(text: str, output: Path | None) -> None:
    """Print a text, or put it into a file in one step; a device, pipe or socket is written to as it is."""
    if text and not text.endswith("\n"):
        text += "\n"
    data = text.encode("utf-8", "backslashreplace")
    if output is None:
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
        return
    temporary = output.with_name(f".{output.name}.{id(text)}")
    try:
        if output.exists() and not output.is_file():
            output.write_bytes(data)
            return
        temporary.write_bytes(data)
        temporary.replace(output)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        fail(f"{output}: {error.strerror or error}")


def read_source(path: Path) -> Source:
    """The text of a file, or of standard input for ``-``; ends the command where it cannot be read."""
    from havipcfg.source import Source

    if str(path) == "-":
        return Source.from_bytes("<stdin>", sys.stdin.buffer.read())
    try:
        return Source.read(path)
    except OSError as error:
        fail(f"{path}: {error.strerror or error}")


def show_diagnostics(diagnostics: list[Diagnostic]) -> None:
    """Print diagnostics as text to standard error."""
    from havipcfg.diagnostics import Report
    from havipcfg.render import render
    from havipcfg.render.layout import colour_wanted

    files = list(dict.fromkeys(diagnostic.span.file for diagnostic in diagnostics))
    text = render(Report(files, diagnostics), "text", colour=colour_wanted(sys.stderr))
    sys.stderr.write(text.encode("utf-8", "backslashreplace").decode())


@contextmanager
def judged() -> Iterator[None]:
    """Ends the command, with what stands in the way, where a function of the library has nothing to work on."""
    from havipcfg.library.errors import NotJudgedError

    try:
        yield
    except NotJudgedError as error:
        if error.diagnostics:
            show_diagnostics(error.diagnostics)
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename}: {error.strerror or error}")


def facts(cluster: Path | None, provider: str | None, subnets: list[str] | None) -> Facts | None:
    """The cloud facts that options state; ends the command where they are wrong."""
    if cluster is None and provider is None and not subnets:
        return None
    from havipcfg.cluster.facts import SubnetError
    from havipcfg.library import facts as read
    from havipcfg.providers import UnknownProviderError

    try:
        with judged():
            return read(read_source(cluster) if cluster is not None else None, provider, subnets or ())
    except (SubnetError, UnknownProviderError) as error:
        fail(str(error))

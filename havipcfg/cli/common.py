"""What every command needs: errors in one line, versions, and where output goes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from havipcfg.cli.streams import printed, show
from havipcfg.keepalived.version import Version
from havipcfg.render.printable import printable

if TYPE_CHECKING:
    from havipcfg.cluster.facts import Facts
    from havipcfg.diagnostics import Diagnostic
    from havipcfg.source import Source


def note(message: str) -> None:
    """Say something in one line on standard error, whatever characters are in it."""
    typer.echo(f"havipcfg: {printable(message)}", err=True)


def fail(message: str, status: int = 2, more: Iterable[str] = ()) -> NoReturn:
    """End with one line on standard error, and what there is to list below it."""
    note(message)
    for line in more:
        typer.echo(f"  {printable(line)}", err=True)
    raise typer.Exit(status)


def one_of(option: str, value: str, known: Iterable[str]) -> None:
    """End the command where an option's value is none of those known."""
    choices = tuple(known)
    if value not in choices:
        fail(f"{option} {value}: not one of {', '.join(choices)}")


def parse_target(text: str) -> Version:
    """The keepalived version of an option; ends the command for one that is not known."""
    try:
        return Version.known(text)
    except ValueError as error:
        fail(f"--target: {error}")


def write(text: str, output: Path | None) -> None:
    """Print a text, or put it into a file in one step; a device, pipe or socket is written to as it is."""
    _deliver(printed(text), output)


def write_exactly(text: str, output: Path | None = None) -> None:
    """Print what was made of a file, or put it into one, byte for byte; on a terminal nothing of it acts."""
    if output is None and sys.stdout.isatty():
        text = printable(text, keep="\n\t")
    _deliver(text.encode("utf-8", "surrogateescape"), output)


def _deliver(data: bytes, output: Path | None) -> None:
    if output is None:
        show(data)
        return
    temporary = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        if output.exists() and not output.is_file():
            output.write_bytes(data)
            return
        temporary.write_bytes(data)
        temporary.replace(output)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        fail(f"{output}: {error.strerror or error}")


def read_input(name: str = "<stdin>") -> Source:
    """The text of standard input; ends the command where it is too large."""
    from havipcfg.source import Source, TooLargeError

    try:
        return Source.from_file(name, sys.stdin.buffer)
    except TooLargeError as error:
        fail(f"{name}: {error.strerror}")


def read_source(path: Path) -> Source:
    """The text of a file, or of standard input for ``-``; ends the command where it cannot be read."""
    from havipcfg.source import Source

    if str(path) == "-":
        return read_input()
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

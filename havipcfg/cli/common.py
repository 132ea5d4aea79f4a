"""What every command needs: errors in one line, versions, and where output goes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import typer

from havipcfg.keepalived.version import NEWEST, OLDEST, Version


def fail(message: str, status: int = 2) -> NoReturn:
    """End with one line on standard error."""
    typer.echo(f"havipcfg: {message}", err=True)
    raise typer.Exit(status)


def parse_target(text: str) -> Version:
    """The keepalived version of an option; ends the command for one that is not known."""
    try:
        version = Version.parse(text)
    except ValueError as error:
        fail(f"--target: {error}")
    if not OLDEST <= version <= NEWEST:
        fail(f"--target {text}: known versions are {OLDEST} to {NEWEST}")
    return version


def write(text: str, output: Path | None) -> None:
    """Print a text, or put it into a file in one step."""
    if text and not text.endswith("\n"):
        text += "\n"
    data = text.encode("utf-8", "backslashreplace")
    if output is None:
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
        return
    temporary = output.with_name(f".{output.name}.{id(text)}")
    try:
        temporary.write_bytes(data)
        temporary.replace(output)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        fail(f"{output}: {error.strerror or error}")

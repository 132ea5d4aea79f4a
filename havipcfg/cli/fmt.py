"""``havipcfg fmt``."""

from __future__ import annotations

import difflib
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from havipcfg.cli.common import fail, show_diagnostics

if TYPE_CHECKING:
    from havipcfg.format import Formatted

EXIT_DONE, EXIT_WOULD_CHANGE, EXIT_NOT_READ = 0, 1, 2


def fmt(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files or directories; - is standard input.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Change nothing; exit 1 where something would.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show the changes instead of making them.")] = False,
    exclude: Annotated[
        list[str] | None, typer.Option(help="Leave these out when a directory is searched (as in .gitignore).")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say only what is wrong.")] = False,
    stdin_filename: Annotated[str, typer.Option(help="Name of standard input in messages.")] = "<stdin>",
) -> None:
    """Lay configurations out anew: indentation, braces, blanks; never what keepalived reads in them."""
    from havipcfg.format import format_source
    from havipcfg.linter.discover import discover
    from havipcfg.source import Source

    if not paths:
        fail("fmt: name the files or directories to format, or - for standard input")
    named = [path for path in paths if str(path) != "-"]
    found = discover(named, excluded=_excluded(exclude))
    if len(named) < len(paths):
        found.sources.append(Source.from_bytes(stdin_filename, sys.stdin.buffer.read()))
    for failure in found.failures:
        typer.echo(f"havipcfg: {failure}", err=True)
    results = [format_source(source) for source in found.sources]
    for result in results:
        _deliver(result, check=check, diff=diff, quiet=quiet)
    changed = sum(result.changed for result in results)
    refused = sum(result.refused for result in results)
    if not quiet and (named or check):
        would = "would be " if check or diff else ""
        left = f", {refused} left alone" if refused else ""
        typer.echo(f"{changed} {would}formatted, {len(results) - changed - refused} unchanged{left}", err=True)
    if found.failures or refused:
        raise typer.Exit(EXIT_NOT_READ)
    if changed and (check or diff):
        raise typer.Exit(EXIT_WOULD_CHANGE)


def _excluded(patterns: list[str] | None) -> Callable[[Path], bool]:
    if not patterns:
        return lambda _path: False
    from havipcfg.linter.patterns import matcher

    return matcher(patterns, Path())


def _deliver(result: Formatted, *, check: bool, diff: bool, quiet: bool) -> None:
    source = result.source
    if result.refused:
        show_diagnostics(result.problems)
        why = "an error of havipcfg's formatter, please report it" if result.unproven else "mend what is reported first"
        typer.echo(f"havipcfg: {source.name}: left as it is: {why}", err=True)
        return
    if diff:
        _show(_difference(source.name, source.text, result.text))
    elif source.path is None and not check:
        _show(result.text)
    elif check:
        if result.changed and not quiet:
            typer.echo(f"would format {source.name}", err=True)
    elif result.changed and source.path is not None:
        try:
            _rewrite(source.path, result.text.encode("utf-8", "surrogateescape"))
        except OSError as error:
            fail(f"{source.name}: {error.strerror or error}")
        if not quiet:
            typer.echo(f"formatted {source.name}", err=True)


def _show(text: str) -> None:
    sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))
    sys.stdout.flush()


def _difference(name: str, before: str, after: str) -> str:
    lines = difflib.unified_diff(
        [f"{line}\n" for line in before.split("\n")][: -1 if before.endswith("\n") else None],
        [f"{line}\n" for line in after.split("\n")][: -1 if after.endswith("\n") else None],
        name,
        name,
    )
    return "".join(lines)


def _rewrite(path: Path, data: bytes) -> None:
    """Put data in the place of a file in one step, with its mode and owner; a link goes on to point at the file."""
    final = path.resolve()
    known = final.stat()
    handle, name = tempfile.mkstemp(dir=final.parent, prefix=f".{final.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        if (known.st_uid, known.st_gid) != (temporary.stat().st_uid, temporary.stat().st_gid):
            os.chown(temporary, known.st_uid, known.st_gid)
        temporary.chmod(known.st_mode & 0o7777)
        temporary.replace(final)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise

"""``havipcfg fmt``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from havipcfg.cli.common import fail, note, read_input, show_diagnostics, write_exactly

if TYPE_CHECKING:
    from havipcfg.format import Formatted

EXIT_DONE, EXIT_WOULD_CHANGE, EXIT_NOT_READ = 0, 1, 2


def fmt(
    paths: Annotated[list[Path] | None, typer.Argument(metavar="PATH...", hidden=True)] = None,
    check: Annotated[bool, typer.Option("--check", help="Change nothing; exit 1 where something would.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show the changes instead of making them.")] = False,
    exclude: Annotated[
        list[str] | None,
        typer.Option(metavar="PATTERN", help="Leave these out when a directory is searched (as in .gitignore)."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say only what is wrong.")] = False,
    stdin_filename: Annotated[
        str, typer.Option(metavar="NAME", help="Name of standard input in messages.")
    ] = "<stdin>",
) -> None:
    """Lay configurations out anew, without a change of meaning.

    PATH is a file, a directory that is searched, or - for standard input.

    Exit status: 0 done, 1 with --check or
    --diff where something would change, 2 something was not read or is left as it is.
    """
    from havipcfg.format import format_source
    from havipcfg.linter.discover import discover

    if not paths:
        fail("fmt: name the files or directories to format, or - for standard input")
    named = [path for path in paths if str(path) != "-"]
    found = discover(named, excluded=_excluded(exclude))
    if len(named) < len(paths):
        found.sources.append(read_input(stdin_filename))
    for failure in found.failures:
        note(failure)
    results = [format_source(source) for source in found.sources]
    if not (check or diff):
        _rewrite(results)
    for result in results:
        _show(result, check=check, diff=diff, quiet=quiet)
    changed = sum(result.changed for result in results)
    refused = sum(result.refused for result in results)
    if results and not quiet and (named or check):
        would = "would be " if check or diff else ""
        left = f", {refused} left alone" if refused else ""
        note(f"{changed} {would}formatted, {len(results) - changed - refused} unchanged{left}")
    if found.failures or refused:
        raise typer.Exit(EXIT_NOT_READ)
    if changed and (check or diff):
        raise typer.Exit(EXIT_WOULD_CHANGE)


def _excluded(patterns: list[str] | None) -> Callable[[Path], bool]:
    if not patterns:
        return lambda _path: False
    from havipcfg.linter.patterns import matcher

    return matcher(patterns, Path())


def _rewrite(results: list[Formatted]) -> None:
    """Put the new texts in place, all of them or none."""
    from havipcfg.linter.rewrite import RewriteError, rewrite

    try:
        rewrite(
            (each.source.path, each.source.data, each.text.encode("utf-8", "surrogateescape"))
            for each in results
            if each.changed and each.source.path is not None
        )
    except RewriteError as error:
        fail(f"{error}; no file was changed")


def _show(result: Formatted, *, check: bool, diff: bool, quiet: bool) -> None:
    from havipcfg.linter.fix import unified
    from havipcfg.source import Source

    source = result.source
    if result.refused:
        show_diagnostics(result.problems)
        why = "an error of havipcfg's formatter, please report it" if result.unproven else "mend what is reported first"
        note(f"{source.name}: left as it is: {why}")
        return
    if diff:
        write_exactly(unified(source, Source(source.name, result.text)))
    elif check:
        if result.changed and not quiet:
            note(f"would format {source.name}")
    elif source.path is None:
        write_exactly(result.text)
    elif result.changed and not quiet:
        note(f"formatted {source.name}")

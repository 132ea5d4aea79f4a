"""``havipcfg lint``."""

# Annotations are objects here, not text that typer would have to compile at each start.

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from havipcfg.cli.again import FEW
from havipcfg.cli.common import fail, note, one_of, read_input, write, write_exactly
from havipcfg.cli.form import Form, completed

if TYPE_CHECKING:
    from havipcfg.cli.remember import Memory
    from havipcfg.diagnostics import Report
    from havipcfg.linter.cache import Reads
    from havipcfg.linter.discover import Found
    from havipcfg.linter.options import LintOptions

EXIT_CLEAN, EXIT_FINDINGS, EXIT_NOT_JUDGED = 0, 1, 2
_FORMATS = ("text", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit")
_COLOURS = ("auto", "always", "never")


def lint(
    paths: Annotated[list[Path] | None, typer.Argument(metavar="PATH...", hidden=True)] = None,
    cluster: Annotated[
        Path | None, typer.Option(metavar="FILE", help="cluster.yaml with provider, subnet, HAVIPs and nodes.")
    ] = None,
    as_cluster: Annotated[bool, typer.Option("--as-cluster", help="Judge all files as one cluster.")] = False,
    provider: Annotated[
        str | None, typer.Option(metavar="NAME", help="Cloud the files are for, such as tencent.")
    ] = None,
    subnet: Annotated[
        list[str] | None, typer.Option(metavar="CIDR", help="Subnet of the virtual addresses, such as 10.0.1.0/24.")
    ] = None,
    target: Annotated[str | None, typer.Option(metavar="VERSION", help="keepalived to judge for (2.4.3).")] = None,
    host: Annotated[bool, typer.Option("--host", help="Look at this machine: interfaces, users, scripts.")] = False,
    config_id: Annotated[
        str | None, typer.Option(metavar="ID", help="Configuration id for @id lines (keepalived -i).")
    ] = None,
    include: Annotated[
        bool | None, typer.Option("--include/--no-include", help="Open the files that include lines name.")
    ] = None,
    env: Annotated[bool, typer.Option("--env", help="Resolve ${_ENV NAME} from the environment.")] = False,
    output_format: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help=f"{', '.join(_FORMATS)}.", autocompletion=lambda: _FORMATS)
    ] = "text",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write the report to a file.")
    ] = None,
    select: Annotated[
        list[str] | None,
        typer.Option(metavar="CODES", help="Codes or prefixes to report, comma separated.", autocompletion=completed),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option(metavar="CODES", help="Codes or prefixes to leave out.", autocompletion=completed),
    ] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option(metavar="PATTERN", help="Leave these out when a directory is searched (as in .gitignore)."),
    ] = None,
    fix: Annotated[bool, typer.Option("--fix", help="Apply the safe fixes to the files.")] = False,
    unsafe_fixes: Annotated[
        bool, typer.Option("--unsafe-fixes", help="Apply those fixes too that need a look afterwards.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Show what --fix would change and write nothing; 1 if there is anything.")
    ] = False,
    baseline: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Leave out the findings that this file holds.")
    ] = None,
    write_baseline: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write all findings to a baseline and exit 0.")
    ] = None,
    config: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Settings file, in place of the nearest havipcfg.toml.")
    ] = None,
    isolated: Annotated[bool, typer.Option("--isolated", help="Use no settings file.")] = False,
    stdin_filename: Annotated[
        str, typer.Option(metavar="NAME", help="Name of standard input in the report.")
    ] = "<stdin>",
    fail_on: Annotated[
        str | None,
        typer.Option(
            metavar="SEVERITY",
            help="error, warning or info: the least that makes the exit status 1 (error).",
            autocompletion=lambda: ("error", "warning", "info"),
        ),
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Processes that share the work (one a core).")
    ] = None,
    cache: Annotated[
        bool, typer.Option("--cache/--no-cache", help="Keep the reports of runs over many files that did not change.")
    ] = True,
    cache_dir: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where they are kept, in place of ~/.cache/havipcfg.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Findings only: no summary.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say what is read and why.")] = False,
    color: Annotated[
        str, typer.Option(metavar="WHEN", help="auto, always or never.", autocompletion=lambda: _COLOURS)
    ] = "auto",
) -> None:
    """Report what is wrong in configurations: place, reason, way out.

    PATH is a file, a directory that is searched, or - for standard input; those of a cluster are
    judged together.

    Exit status: 0 nothing as grave as --fail-on says, 1 findings, 2 not everything was judged, 3 an
    error of havipcfg.
    """
    from havipcfg.cli.lint_options import asked
    from havipcfg.diagnostics import Severity
    from havipcfg.linter.discover import discover

    one_of("--format", output_format, _FORMATS)
    one_of("--color", color, _COLOURS)
    if not paths:
        fail("lint: name the files or directories to judge, or - for standard input")
    if isolated and config is not None:
        fail("--isolated and --config exclude each other")
    named = [path for path in paths if str(path) != "-"]
    wanted = asked(
        named or [Path(stdin_filename)] if stdin_filename != "<stdin>" or named else [Path.cwd()],
        config=config,
        isolated=isolated,
        cluster=cluster,
        as_cluster=as_cluster,
        provider=provider,
        subnet=subnet,
        target=target,
        host=host,
        config_id=config_id,
        include=include,
        env=env,
        select=select,
        ignore=ignore,
        exclude=exclude,
        baseline=baseline,
        fail_on=fail_on,
    )
    found = discover(named, excluded=wanted.excluded)
    if len(named) < len(paths):
        found.sources.append(read_input(stdin_filename))
    if verbose:
        note(f"settings: {wanted.settings.path or 'none'}")
        for source in found.sources:
            note(f"judging {source.name}")
    least = Severity(wanted.fail_on)
    form = Form(output_format, color, output, least, quiet)
    writes = fix or unsafe_fixes or diff or write_baseline is not None
    memory: Memory | None = None
    if cache and not writes and len(named) == len(paths) and len(found.sources) > FEW:
        from havipcfg.cli.remember import memory_of

        printed_only = output is None and not (verbose or exclude or wanted.settings.exclude)
        memory = memory_of(found, wanted, form, cache_dir, named if printed_only else None)
        if memory is not None and (kept := memory.recall()) is not None:
            write(kept.text, output)
            raise typer.Exit(kept.status)
    applied = 0
    if fix or unsafe_fixes or diff:
        applied = _fix(found, wanted.options, unsafe=unsafe_fixes, diff=diff, output=output)
    report = _judged(found, wanted.options, jobs, memory.reads if memory is not None else None)
    if write_baseline is not None:
        _write_baseline(report, write_baseline)
        raise typer.Exit(EXIT_NOT_JUDGED if report.failures or not report.files else EXIT_CLEAN)
    _without_known(report, wanted.baseline)
    stdin_fixed = (fix or unsafe_fixes) and len(named) < len(paths) and output is None
    text = form.text(report, sys.stderr if stdin_fixed else sys.stdout)
    if stdin_fixed:
        sys.stderr.write(text)
    else:
        write(text, output)
    if (fix or unsafe_fixes) and not quiet:
        note(f"fixed {applied} problem{'' if applied == 1 else 's'}")
    if report.failures or not report.files:
        raise typer.Exit(EXIT_NOT_JUDGED)
    status = EXIT_FINDINGS if any(d.severity.at_least(least) for d in report.diagnostics) else EXIT_CLEAN
    if memory is not None:
        memory.keep(text, status)
    raise typer.Exit(status)


def _judged(found: "Found", options: "LintOptions", jobs: int | None, reads: "Reads | None") -> "Report":
    from havipcfg.linter.engine import lint as run

    if len(found.sources) <= FEW:
        report = run(found.sources, options)
    else:
        from havipcfg.cli.progress import Progress

        with Progress("judging files") as progress:
            report = run(
                found.sources, options, jobs=jobs or len(os.sched_getaffinity(0)), progress=progress.show, reads=reads
            )
    report.failures = found.failures
    return report


def _fix(found: "Found", options: "LintOptions", *, unsafe: bool, diff: bool, output: Path | None) -> int:
    """Fix the sources found, and write or show what changed; the number of problems fixed."""
    from havipcfg.linter import fix as fixes
    from havipcfg.linter.rewrite import RewriteError, rewrite

    before = list(found.sources)
    fixed = fixes.fix(before, options, unsafe=unsafe)
    changed = [(old, new) for old, new in fixed.changed if old.text != new.text]
    if diff:
        write_exactly("".join(fixes.unified(old, new) for old, new in changed), output)
        for failure in found.failures:
            note(failure)
        if found.failures or not before:
            raise typer.Exit(EXIT_NOT_JUDGED)
        raise typer.Exit(EXIT_FINDINGS if changed else EXIT_CLEAN)
    try:
        rewrite((old.path, old.data, new.data) for old, new in changed if old.path is not None)
    except RewriteError as error:
        fail(f"{error}; no file was changed")
    found.sources = fixed.sources
    for source in fixed.sources:
        if source.path is None:
            write_exactly(source.text)
    return len(fixed.applied)


def _write_baseline(report: "Report", path: Path) -> None:
    from havipcfg.linter import baseline

    write(baseline.write(report.diagnostics, path.parent), path)
    for failure in report.failures:
        note(failure)
    note(f"{len(report.diagnostics)} findings are in {path}")


def _without_known(report: "Report", path: Path | None) -> None:
    if path is None:
        return
    from havipcfg.linter import baseline

    try:
        known = baseline.read(path.read_text(encoding="utf-8"))
    except OSError as error:
        fail(f"--baseline {path}: {error.strerror or error}")
    except ValueError as error:
        fail(f"--baseline {path}: {error}")
    report.diagnostics = baseline.beyond(report.diagnostics, known, path.parent)

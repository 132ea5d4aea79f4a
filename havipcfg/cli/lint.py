"""``havipcfg lint``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from havipcfg.cli.common import facts, fail, parse_target, write

EXIT_CLEAN, EXIT_FINDINGS, EXIT_NOT_JUDGED = 0, 1, 2


def lint(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files or directories; - is standard input.")] = None,
    cluster: Annotated[Path | None, typer.Option(help="cluster.yaml with provider, subnet, HAVIPs and nodes.")] = None,
    as_cluster: Annotated[bool, typer.Option("--as-cluster", help="Judge all files as one cluster.")] = False,
    provider: Annotated[str | None, typer.Option(help="Cloud the files are for, such as tencent.")] = None,
    subnet: Annotated[
        list[str] | None, typer.Option(help="Subnet of the virtual addresses, such as 10.0.1.0/24.")
    ] = None,
    target: Annotated[str, typer.Option(help="keepalived version to judge for.")] = "2.4.3",
    host: Annotated[bool, typer.Option("--host", help="Look at this machine: interfaces, users, scripts.")] = False,
    config_id: Annotated[str | None, typer.Option(help="Configuration id for @id lines (keepalived -i).")] = None,
    include: Annotated[bool, typer.Option(help="Open the files that include lines name.")] = True,
    env: Annotated[bool, typer.Option("--env", help="Resolve ${_ENV NAME} from the environment.")] = False,
    output_format: Annotated[
        str, typer.Option("--format", help="text, concise, json, jsonl, sarif, github, gitlab or junit.")
    ] = "text",
    output: Annotated[Path | None, typer.Option(help="Write the report to a file.")] = None,
    select: Annotated[list[str] | None, typer.Option(help="Codes or prefixes to report, comma separated.")] = None,
    ignore: Annotated[list[str] | None, typer.Option(help="Codes or prefixes to leave out.")] = None,
    stdin_filename: Annotated[str, typer.Option(help="Name of standard input in the report.")] = "<stdin>",
    fail_on: Annotated[
        str, typer.Option(help="error, warning or info: the least that makes the exit status 1.")
    ] = "error",
) -> None:
    """Report every problem of keepalived configurations, with place, reason and fix."""
    from havipcfg.diagnostics import Report, Severity
    from havipcfg.lint.discover import discover
    from havipcfg.lint.engine import lint as run
    from havipcfg.lint.options import LintOptions
    from havipcfg.render import FORMATS, render
    from havipcfg.source import Source

    if output_format not in FORMATS:
        fail(f"--format {output_format}: not one of {', '.join(FORMATS)}")
    if fail_on not in list(Severity):
        fail(f"--fail-on {fail_on}: not one of {', '.join(Severity)}")
    if not paths:
        fail("lint: name the files or directories to judge, or - for standard input")
    named = [path for path in paths if str(path) != "-"]
    found = discover(named)
    if len(named) < len(paths):
        found.sources.append(Source.from_bytes(stdin_filename, sys.stdin.buffer.read()))
    options = LintOptions(
        target=parse_target(target),
        facts=facts(cluster, provider, subnet),
        as_cluster=as_cluster,
        host=host,
        config_id=config_id,
        includes=include,
        environment=_environment() if env else None,
        select=_codes(select),
        ignore=_codes(ignore),
    )
    report: Report = run(found.sources, options)
    report.failures = found.failures
    write(render(report, output_format), output)
    if report.failures or not report.files:
        raise typer.Exit(EXIT_NOT_JUDGED)
    least = Severity(fail_on)
    if any(diagnostic.severity.at_least(least) for diagnostic in report.diagnostics):
        raise typer.Exit(EXIT_FINDINGS)


def _codes(values: list[str] | None) -> tuple[str, ...]:
    return tuple(code.strip().upper() for value in values or () for code in value.split(",") if code.strip())


def _environment() -> dict[str, str]:
    import os

    return dict(os.environ)

"""``havipcfg verify``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from havipcfg.cli.common import fail, one_of, write
from havipcfg.cli.progress import waiting
from havipcfg.cli.subjects import say, scenario_of, subjects

if TYPE_CHECKING:
    from havipcfg.library.subjects import Subjects

FORMATS = ("text", "json", "html")
EXIT_VIOLATED, EXIT_NOT_JUDGED = 1, 2


def verify(
    paths: Annotated[list[Path] | None, typer.Argument(metavar="PATH...", hidden=True)] = None,
    target: Annotated[str | None, typer.Option(metavar="VERSION", help="keepalived of the nodes (2.4.3).")] = None,
    output_format: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="text, json or html.", autocompletion=lambda: FORMATS)
    ] = "text",
    faults: Annotated[int | None, typer.Option(metavar="N", min=0, help="Faults combined at most.")] = None,
    max_failover: Annotated[
        float | None, typer.Option(metavar="SECONDS", min=0, help="Longest acceptable failover, in seconds.")
    ] = None,
    scenario: Annotated[
        str | None, typer.Option(metavar="EVENTS", help="Events (start; die NODE; ...), or a file of them.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write the result to a file.")
    ] = None,
) -> None:
    """Prove who holds the address after each fault; play scenarios.

    PATH is a cluster.yaml, or the configurations of all nodes; - is standard input.

    Exit status:
    0 everything holds, 1 something does not, 2 not everything was judged.
    """
    one_of("--format", output_format, FORMATS)
    found = subjects(paths, target, together=scenario is not None)
    say(found.failures)
    if not found.clusters:
        raise typer.Exit(EXIT_NOT_JUDGED)
    if scenario is not None:
        _play(found, scenario, output_format, output)
    else:
        _prove(found, output_format, output, faults, max_failover)


def _play(found: Subjects, text: str, output_format: str, output: Path | None) -> None:
    from havipcfg.verifier.job import play
    from havipcfg.verifier.scenario import ScenarioError

    events, folder = scenario_of(text)
    try:
        result = play(found.clusters[0], events, folder or Path())
    except ScenarioError as error:
        fail(f"--scenario: {error}")
    if output_format == "json":
        write(json.dumps(result.to_json(), indent=2), output)
    elif output_format == "html":
        from havipcfg.render.page.proof import render_scenario as render_page

        write(render_page(result, found.clusters[0], found.failures), output)
    else:
        from havipcfg.render.proof import render_scenario

        write(render_scenario(result), output)
    if found.failures:
        raise typer.Exit(EXIT_NOT_JUDGED)


def _prove(
    found: Subjects, output_format: str, output: Path | None, faults: int | None, max_failover: float | None
) -> None:
    from havipcfg.library import prove

    with waiting(f"proving {', '.join(each.name for each in found.clusters)}"):
        verdict = prove(found, faults=faults, max_failover=max_failover)
    judged, failures = verdict.clusters, list(verdict.failures)
    say(failures[len(found.failures) :])
    if output_format == "json":
        from havipcfg.render import proof_json

        write(proof_json.render(judged, failures), output)
    elif output_format == "html":
        from havipcfg.render.page import proof as page

        write(page.render(judged, failures), output)
    else:
        from havipcfg.render import proof
        from havipcfg.render.layout import colour_wanted

        write(proof.render(judged, colour=output is None and colour_wanted(sys.stdout)), output)
    if failures:
        raise typer.Exit(EXIT_NOT_JUDGED)
    if not verdict.holds:
        raise typer.Exit(EXIT_VIOLATED)

"""``havipcfg rehearse``."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, TypeAlias

import typer

from havipcfg.cli.common import fail, one_of, write
from havipcfg.cli.subjects import say, scenario_of, subjects

if TYPE_CHECKING:
    from havipcfg.rehearsal import RehearsalError
    from havipcfg.rehearsal.job import Rehearsed
    from havipcfg.rehearsal.run import Progress as Stage

    Tell: TypeAlias = Callable[[str, int, int, Stage], None]

FORMATS = ("text", "json", "html")
EXIT_VIOLATED, EXIT_NOT_JUDGED = 1, 2


def rehearse(
    paths: Annotated[list[Path] | None, typer.Argument(metavar="PATH...", hidden=True)] = None,
    keepalived: Annotated[str, typer.Option(metavar="PROGRAM", help="The keepalived to run.")] = "keepalived",
    scenario: Annotated[
        str | None, typer.Option(metavar="EVENTS", help="Events (start; die NODE; ...), or a file of them.")
    ] = None,
    rounds: Annotated[int, typer.Option(metavar="N", min=1, max=1000, help="Times that every scenario is played.")] = 1,
    real_checks: Annotated[
        bool, typer.Option("--real-checks", help="Run the real check and notify scripts, not switches.")
    ] = False,
    target: Annotated[
        str | None, typer.Option(metavar="VERSION", help="keepalived to predict for, if not the one that runs.")
    ] = None,
    output_format: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="text, json or html.", autocompletion=lambda: FORMATS)
    ] = "text",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write the result to a file.")
    ] = None,
) -> None:
    """Run the real keepalived here, break things, measure; as root.

    PATH is a cluster.yaml, or the configurations of all nodes; - is standard input. Every node
    runs in network namespaces of its own.

    Exit status: 0 as predicted, 1 not, 2 not rehearsed.
    """
    from havipcfg.library import perform
    from havipcfg.rehearsal import RehearsalError
    from havipcfg.rehearsal.job import version_here
    from havipcfg.verifier.scenario import ScenarioError

    one_of("--format", output_format, FORMATS)
    try:
        version = target or str(version_here(keepalived))
    except RehearsalError as error:
        _refuse(error)
    found = subjects(paths, version, together=scenario is not None)
    say(found.failures)
    if not found.clusters:
        raise typer.Exit(EXIT_NOT_JUDGED)
    events, folder = scenario_of(scenario) if scenario is not None else (None, None)
    try:
        with _progress() as tell:
            results = perform(
                found,
                events,
                folder or Path(),
                keepalived=keepalived,
                rounds=rounds,
                real_checks=real_checks,
                progress=tell,
            )
    except ScenarioError as error:
        fail(f"--scenario: {error}")
    except RehearsalError as error:
        _refuse(error)
    write(_rendered(results, output_format, output, found.failures, played=events is not None), output)
    if found.failures:
        raise typer.Exit(EXIT_NOT_JUDGED)
    if not all(each.holds for each in results):
        raise typer.Exit(EXIT_VIOLATED)


def _rendered(
    results: Sequence[Rehearsed], output_format: str, output: Path | None, failures: list[str], *, played: bool
) -> str:
    if output_format == "text":
        from havipcfg.render.layout import colour_wanted
        from havipcfg.render.rehearsal import render

        return render(results, colour=output is None and colour_wanted(sys.stdout))
    if output_format == "html":
        from havipcfg.render.page import rehearsal as page

        return page.render(results, failures)
    if played:
        return json.dumps(results[0].rehearsals[0].to_json(), indent=2)
    clusters = [
        {
            "name": each.subject.name,
            "holds": each.holds,
            "notes": list(each.notes),
            "scenarios": [result.to_json() for result in each.rehearsals],
        }
        for each in results
    ]
    return json.dumps({"version": 1, "clusters": clusters, "failures": failures}, indent=2)


def _refuse(error: RehearsalError) -> NoReturn:
    from havipcfg.rehearsal import KeepalivedRefusedError

    said = error.messages if isinstance(error, KeepalivedRefusedError) else ()
    fail(f"{error}; {error.advice}" if error.advice else str(error), more=(f"keepalived says: {each}" for each in said))


@contextlib.contextmanager
def _progress() -> Iterator[Tell | None]:
    """A bar on standard error where that is a terminal, else nothing."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        BarColumn(20),
        TextColumn("{task.percentage:3.0f} %"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[now]}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", now="")
        reached: dict[str, dict[tuple[int, int], float]] = {}

        def tell(cluster: str, number: int, count: int, now: Stage) -> None:
            mine = reached.setdefault(cluster, {})
            mine[number, now.round] = (now.step - 1) / now.steps
            holders = ", ".join(" + ".join(nodes) or "nobody" for nodes in now.holders.values())
            bar.update(task, total=count * now.rounds, completed=sum(mine.values()), now=f"{now.event}: {holders}")

        yield tell

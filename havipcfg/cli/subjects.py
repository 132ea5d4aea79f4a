"""What verify, rehearse and graph are given: files and a scenario; wrong ones end the command in one line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from havipcfg.cli.common import fail, judged, note, parse_target, read_source

if TYPE_CHECKING:
    from havipcfg.library.subjects import Subjects
    from havipcfg.verifier.scenario import Scenario


def subjects(paths: list[Path] | None, target: str | None, *, together: bool) -> Subjects:
    """Read what a command names; ends it where nothing can be read.

    ``together``: all files are one cluster, as a scenario that names their nodes takes them.
    """
    from havipcfg.library.subjects import subjects as read

    if not paths:
        fail("name a cluster.yaml, or the configurations of the cluster's nodes (- is standard input)")
    version = parse_target(target) if target else None
    files = [read_source(path) if str(path) == "-" else path for path in paths]
    with judged():
        return read(files, version, together=together)


def scenario_of(text: str) -> tuple[Scenario, Path | None]:
    """The scenario of an option, and the folder of its file where it names one; ends the command where it is wrong."""
    from havipcfg.verifier.scenario import ScenarioError, parse

    folder = None
    try:
        path = Path(text)
        if "\n" not in text and ";" not in text and (path.is_file() or (path.suffix and len(text.split()) == 1)):
            text, folder = read_source(path).text, path.parent
    except (OSError, ValueError):
        pass
    try:
        return parse(text), folder
    except ScenarioError as error:
        fail(f"--scenario: {error}")


def say(failures: list[str]) -> None:
    """Put what was not judged on standard error."""
    for failure in failures:
        note(failure)

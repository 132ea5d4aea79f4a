"""The rehearse job: the files of one cluster to what was predicted and measured, side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from havipcfg.keepalived.load import Reading, read
from havipcfg.keepalived.version import NEWEST, OLDEST, Version
from havipcfg.rehearsal.plan import addresses, plan, reload_plans, watched
from havipcfg.rehearsal.result import Rehearsal
from havipcfg.rehearsal.run import Progress, possible_here, version_of
from havipcfg.rehearsal.together import Trial, rehearse_all
from havipcfg.source import Source
from havipcfg.verifier.build import build, reread_from
from havipcfg.verifier.job import Subject
from havipcfg.verifier.network import CheckKind, Network, Node
from havipcfg.verifier.scenario import Scenario, ScenarioError, parse
from havipcfg.verifier.simulate import Started, simulate

LOGGED = 0.005
"""Seconds between the beginning of a timer and the line in the log that tells of it."""
SWITCHED = (CheckKind.SCRIPT, CheckKind.FILE)


@dataclass(frozen=True)
class Rehearsed:
    """A cluster with what its scenarios led to; ``notes`` say what of it was not rehearsed."""

    subject: Subject
    rehearsals: Sequence[Rehearsal]
    notes: Sequence[str]

    @property
    def holds(self) -> bool:
        """Whether every round of every step went as predicted."""
        return all(step.as_predicted for each in self.rehearsals for step in each.steps)


def version_here(keepalived: str = "keepalived") -> Version:
    """The version of the keepalived of this machine, as far as predictions know it; raises NotPossibleHereError."""
    said = version_of(possible_here(keepalived))
    try:
        return max(OLDEST, min(NEWEST, Version.parse(said.partition(",")[0])))
    except ValueError:
        return NEWEST


def rehearse_cluster(
    subject: Subject,
    scenario: Scenario | None = None,
    *,
    folder: Path = Path(),
    keepalived: str = "keepalived",
    rounds: int = 1,
    real_checks: bool = False,
    progress: Callable[[int, int, Progress], None] | None = None,
) -> Rehearsed:
    """Predict and rehearse a scenario, or the usual faults where none is given.

    ``reload`` reads its files relative to ``folder``. ``progress`` gets the number of the scenario (from 0), how many
    there are, and where it is; it is called from several threads. Raises ScenarioError for a scenario that does not
    fit, and RehearsalError as ``rehearse`` does.
    """
    version = next(iter(subject.versions.values()), NEWEST)
    plans = plan(subject.readings, version=version, real_checks=real_checks)
    confs = [(name, reading.conf) for name, reading in subject.readings]
    network = watched(build(confs, versions=subject.versions, addresses=addresses(plans)))
    scenarios = [scenario] if scenario is not None else usual_faults(network, real_checks=real_checks)
    reread = reread_from(folder)

    def rewatched(before: Node, file: str) -> Node:
        return watched(Network((reread(before, file),))).nodes[0]

    predicted = [simulate(network, each, reread=rewatched) for each in scenarios]

    def changed(file: str) -> Reading:
        try:
            return read(Source.read(folder / file, file), version)
        except OSError as error:
            raise ScenarioError(f"reload: {file}: {error.strerror or error}") from None

    trials = [
        Trial(plans, each, reload_plans(subject.readings, each, changed, version=version, real_checks=real_checks))
        for each in scenarios
    ]
    results = rehearse_all(
        trials,
        keepalived=keepalived,
        rounds=rounds,
        real_checks=real_checks,
        progress=None if progress is None else lambda number, now: progress(number, len(trials), now),
    )
    for result, said, played in zip(results, predicted, scenarios, strict=True):
        for step, expected in zip(result.steps, said.steps, strict=True):
            step.predicted = [outcome.to_json() for outcome in expected.outcomes]
        for number in range(rounds):
            if any(step.missed(step.rounds[number]) for step in result.steps):
                again = simulate(network, played, reread=rewatched, started=_started(result, number))
                for step, expected in zip(result.steps, again.steps, strict=True):
                    anew = tuple(outcome.to_json() for outcome in expected.outcomes)
                    step.rounds[number] = replace(step.rounds[number], anew=anew)
    return Rehearsed(subject, results, tuple(f"{each.name}: {note}" for each in plans for note in each.notes))


def _started(result: Rehearsal, number: int) -> Started:
    """When the nodes' timers began in a round: a log line is written shortly before or after."""
    ready = {-1: result.opened[number], **{i: step.rounds[number].ready for i, step in enumerate(result.steps)}}
    return {
        index: {name: (max(0.0, first - LOGGED), last + LOGGED) for name, (first, last) in found.items()}
        for index, found in ready.items()
    }


def usual_faults(network: Network, *, real_checks: bool = False) -> list[Scenario]:
    """The start, and for every fault worth trying a scenario of its own: start, the fault, its repair.

    There the node that holds everything starts first: a start of all at once is a race that load can turn.

    Every node is stopped, killed, dead and frozen; on the nodes that hold an address after the start every check
    fails (unless real checks run), every cable is out, and each is cut off from all others.
    """
    first = simulate(network, "start").steps[0].outcomes
    holding = {name for outcome in first for nodes in outcome.holders.values() for name in nodes}
    names = [node.name for node in network.nodes]
    pairs = [
        (f"{fault} {name}", f"{repair} {name}")
        for name in names
        for fault, repair in (("stop", "start"), ("kill", "start"), ("die", "start"), ("freeze", "thaw"))
    ]
    for node in network.nodes:
        if node.name in holding:
            pairs += [
                (f"check {node.name} {check.name} fail", f"check {node.name} {check.name} ok")
                for check in node.checks
                if check.usable
                and len(check.name.split()) == 1
                and (check.kind is CheckKind.FILE or (check.kind in SWITCHED and not real_checks))
            ]
            pairs += [
                (f"link {node.name} {interface} down", f"link {node.name} {interface} up")
                for interface in node.interfaces
                if interface and interface != "lo"
            ]
            others = [name for name in names if name != node.name]
            if others:
                pairs.append(("; wait 0; ".join(f"cut {node.name} {other}" for other in others), "heal"))
    alone = len(holding) == 1 and all(all(outcome.holders.values()) for outcome in first)
    start = f"start {next(iter(holding))}; start" if alone else "start"
    return [parse("start"), *(parse(f"{start}; {fault}; {repair}") for fault, repair in pairs)]

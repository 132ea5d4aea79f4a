"""The job: rehearse a scenario on real keepalived processes and measure it."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from havipcfg.rehearsal.daemon import find
from havipcfg.rehearsal.errors import BrokenOffError, NotPossibleHereError, RehearsalError
from havipcfg.rehearsal.interrupt import ends_cleanly, urgent
from havipcfg.rehearsal.lab import Lab
from havipcfg.rehearsal.measure import Holders, Measured, Ready, holders_at, measure
from havipcfg.rehearsal.node import NodePlan, Pace, Port
from havipcfg.rehearsal.result import Rehearsal, Step
from havipcfg.verifier.scenario import Event, EventKind, Scenario
from havipcfg.verifier.standing import HANG, OK

NEEDED = {"ip": "iproute2", "unshare": "util-linux", "mount": "util-linux", "timeout": "coreutils"}
"""Commands, and the packages that have them."""
A_CABLE = ("ip", "link", "add", "hv0", "type", "veth", "peer", "name", "hv1")
MARGIN = 0.5
"""Seconds of starting processes and of a busy machine that are waited for beyond what the configuration allows."""
PATIENCE = 6
"""A step in which the holders still change after so many quiet times is flapping; the rehearsal goes on."""
TICK = 0.05
"""Seconds between two looks whether the daemons still run."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a rehearsal is: ``round`` and ``step`` count from 1; ``holders`` as of now."""

    round: int
    rounds: int
    step: int
    steps: int
    event: str
    holders: Holders


def rehearse(
    plans: Sequence[NodePlan],
    scenario: Scenario,
    *,
    keepalived: str = "keepalived",
    rounds: int = 1,
    real_checks: bool = False,
    reloads: Mapping[tuple[str, str], NodePlan] | None = None,
    progress: Callable[[Progress], None] | None = None,
    shaken: bool | None = None,
    ended: threading.Event | None = None,
) -> Rehearsal:
    """Run the real keepalived of every node through a scenario, ``rounds`` times from the start, and measure.

    Needs root on Linux. Each step lasts until nothing has changed for as long as the nodes' tempo allows anything to
    follow, or as long as a ``wait`` after it says. Where the scenario does not begin with a start, all nodes are
    started before. With several rounds every event comes at a random phase of the adverts and checks, so that the
    measurements approach the worst case; ``shaken`` asks for that, or forbids it. Another thread may set ``ended`` to
    break off. ``reloads`` are the plans that ``reload NODE FILE`` asks for.

    Raises NotPossibleHereError (no root, namespaces, iproute2 or keepalived), KeepalivedRefusedError (its messages are
    in the error), EventRefusedError (a name that is not known). However it ends, nothing is left on the machine, after
    SIGTERM and SIGHUP too, and what a killed rehearsal left the next one removes.
    """
    program = possible_here(keepalived)
    names = tuple(plan.name for plan in plans)
    if len(set(names)) < len(names):
        raise RehearsalError("two nodes of a rehearsal have one name", "rename one of the files")
    reloads = reloads or {}
    plans = [_with_ports(plan, [later for (node, _), later in reloads.items() if node == plan.name]) for plan in plans]
    everything = [*plans, *reloads.values()]
    instances = tuple(dict.fromkeys(label for plan in everything for label in plan.instances))
    steps = [Step(str(event)) for event in scenario.events]
    result = Rehearsal(names, instances, version_of(program), steps)
    shaken = rounds > 1 if shaken is None else shaken
    ended = ended or threading.Event()
    with ends_cleanly(), urgent():
        for number in range(1, rounds + 1):
            watcher = _Watcher(names, instances, number, rounds, len(steps), progress, ended)
            with Lab(plans, program, real_checks=real_checks, reloads=reloads) as lab:
                result.complaints = lab.complaints
                result.opened.append(_round(lab, scenario, steps, watcher, shaken=shaken))
    return result


def _with_ports(plan: NodePlan, later: Sequence[NodePlan]) -> NodePlan:
    """The plan with the interfaces that its node needs after a reload, too."""
    ports: dict[str, Port] = {}
    for each in (*later, plan):
        ports.update(each.ports)
    return replace(plan, ports=ports)


@dataclass(frozen=True, slots=True)
class _Watcher:
    names: tuple[str, ...]
    instances: tuple[str, ...]
    round: int
    rounds: int
    steps: int
    progress: Callable[[Progress], None] | None
    ended: threading.Event

    def tell(self, step: int, event: Event, lab: Lab) -> None:
        if self.progress is not None:
            holders = holders_at(lab.sampler.seen(), time.monotonic(), self.names, self.instances)
            self.progress(Progress(self.round, self.rounds, step, self.steps, str(event), holders))


def _round(lab: Lab, scenario: Scenario, steps: Sequence[Step], watcher: _Watcher, *, shaken: bool) -> Ready:
    """One run through the scenario; the steps take the time that the same scenario has in verify.

    Gives when the nodes were ready that the scenario takes for running.
    """
    opened: Ready = {}
    if not scenario.starts_cold:
        opened = _step(lab, Event(EventKind.START, text="start"), None, watcher, 0).ready
    timed, ended = False, 0.0
    for index, event in enumerate(scenario.events):
        following = scenario.events[index + 1] if index + 1 < len(steps) else None
        lasts = following.seconds if following is not None and following.kind is EventKind.WAIT else None
        if event.kind is EventKind.WAIT and timed and lasts is None:
            lasts = 0.0
        elif shaken and not timed and event.kind is not EventKind.START:
            paces = [daemon.plan.pace for daemon in lab.daemons.values()]
            watcher.ended.wait(random.uniform(0, max(max(pace.advert, pace.detection) for pace in paces)))
        measured = _step(lab, event, lasts, watcher, index + 1, ended if timed else None)
        steps[index].rounds.append(measured)
        timed, ended = lasts is not None, time.monotonic()
    return opened


def possible_here(keepalived: str = "keepalived") -> str:
    """The absolute path of keepalived; raises NotPossibleHereError where a rehearsal cannot run, saying why."""
    if os.geteuid() != 0:
        raise NotPossibleHereError(
            "a rehearsal needs root", "run it with sudo, or use havipcfg verify, which needs no rights"
        )
    for command, package in NEEDED.items():
        if shutil.which(command) is None:
            raise NotPossibleHereError(f"a rehearsal needs the {command} command", f"install {package}")
    program = find(keepalived)
    if program is None:
        raise NotPossibleHereError(
            f"there is no keepalived at {keepalived}" if "/" in keepalived else f"{keepalived} is not installed",
            "install keepalived, or name one with --keepalived PATH",
        )
    probe = subprocess.run(["unshare", "--net", "--mount", *A_CABLE], capture_output=True, text=True, check=False)
    if probe.returncode:
        raise NotPossibleHereError(
            f"this machine does not allow network namespaces with interfaces: {'; '.join(probe.stderr.splitlines())}",
            "in a container, give it CAP_SYS_ADMIN and CAP_NET_ADMIN, or rehearse on a virtual machine",
        )
    return program


def version_of(program: str) -> str:
    """keepalived's version number, such as 2.2.7; its first line where there is none in it."""
    done = subprocess.run([program, "--version"], capture_output=True, text=True, errors="replace", check=False)
    said = done.stderr + done.stdout
    found = re.search(r"Keepalived v(\S+)", said)
    if found is None:
        raise NotPossibleHereError(f"{program} is not keepalived", "name a keepalived with --keepalived PATH")
    return found[1]


def quiet_time(event: Event, paces: Sequence[Pace]) -> float:
    """Seconds without a change after which nothing can follow any more from an event, by the nodes' tempo."""
    kind = event.kind
    seconds = max(pace.takeover + pace.advert for pace in paces) + MARGIN
    if kind is EventKind.CHECK and event.status == HANG:
        seconds += max(pace.hang for pace in paces)
    elif kind in (EventKind.CHECK, EventKind.START, EventKind.RELOAD, EventKind.THAW):
        seconds += max(pace.detection for pace in paces)
    better = (kind is EventKind.CHECK and event.status == OK) or (kind is EventKind.LINK and event.up)
    if better or kind in (EventKind.START, EventKind.RELOAD, EventKind.THAW, EventKind.HEAL):
        seconds += max(pace.patience for pace in paces)
    if kind in (EventKind.START, EventKind.RELOAD):
        seconds += max(pace.startup for pace in paces)
    return seconds


def _step(
    lab: Lab, event: Event, lasts: float | None, watcher: _Watcher, index: int, due: float | None = None
) -> Measured:
    """Do one event and watch: for ``lasts`` seconds, or until all is quiet. ``due`` is when it should be, if timed."""
    if watcher.ended.is_set():
        raise BrokenOffError("the rehearsal was broken off")
    watcher.tell(index, event, lab)
    began, done = lab.perform(event)
    late = done - began if due is None else done - due
    told = up = began
    quiet = quiet_time(event, [daemon.plan.pace for daemon in lab.daemons.values()])
    latest = began + (quiet * PATIENCE if lasts is None else lasts)
    seen = lab.sampler.last_change()
    while True:
        if event.kind is EventKind.START and lab.starting and time.monotonic() < latest:
            up = time.monotonic()
        if seen > told:
            told = seen
            watcher.tell(index, event, lab)
        changed = max(up, seen)
        now = time.monotonic()
        until = latest if lasts is not None else min(latest, changed + quiet)
        if now >= until:
            break
        lab.watch_over()
        if watcher.ended.is_set():
            raise BrokenOffError("the rehearsal was broken off")
        seen = lab.sampler.wait_for_change(seen, min(until - now, TICK))
    late += lab.sampler.sync()
    settled = lasts is not None or now >= changed + quiet
    measured = measure(lab.sampler.seen(), began, min(now, latest), watcher.names, watcher.instances, settled=settled)
    ready = lab.sampler.ready(began, lab.started) if event.kind is EventKind.START else {}
    return replace(measured, exact_s=late, ready=ready)

"""A running rehearsal: nodes with their real keepalived, and the faults one can do to them."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from types import TracebackType

from havipcfg.rehearsal.daemon import Daemon
from havipcfg.rehearsal.errors import EventRefusedError, KeepalivedRefusedError
from havipcfg.rehearsal.interrupt import undisturbed
from havipcfg.rehearsal.network import Network
from havipcfg.rehearsal.node import NodePlan
from havipcfg.rehearsal.registry import Claim, claim
from havipcfg.rehearsal.sampler import Sampler
from havipcfg.verifier.scenario import Event, EventKind

LAST_WORDS = 15
SECONDS_TO_START = 2.0
_ONE_BY_ONE = threading.Lock()
"""Held while a lab is built or its daemons start, so that labs of one process do not disturb each other's races."""


class Lab:
    """Context manager: builds the network on entry, leaves nothing behind on exit, however it is left.

    ``keepalived`` is an absolute path. ``reloads`` are the plans that ``reload NODE FILE`` may ask for, by node and
    file. Nothing runs before a Start event; ``started`` are the nodes that the last one started.
    """

    def __init__(
        self,
        plans: Sequence[NodePlan],
        keepalived: str,
        *,
        real_checks: bool = False,
        reloads: Mapping[tuple[str, str], NodePlan] | None = None,
    ) -> None:
        self.plans = plans
        self._keepalived, self._real_checks, self._reloads = keepalived, real_checks, reloads or {}
        self._claim: Claim | None = None
        self._dead: set[str] = set()
        self._expected: set[str] = set()
        self._unplugged: set[tuple[str, str]] = set()
        self.started: list[str] = []
        self.daemons: dict[str, Daemon] = {}
        self.complaints: dict[str, list[str]] = {}

    def __enter__(self) -> Lab:
        try:
            with undisturbed():
                self._claim = claim()
            with _ONE_BY_ONE:
                self._build(self._claim)
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End every process of the lab and remove its namespaces and files. May be repeated."""
        with undisturbed():
            if self._claim is None:
                return
            if hasattr(self, "sampler"):
                self.sampler.stop()
            if hasattr(self, "network"):
                self.network.close()
            self._claim.release()
            for daemon in self.daemons.values():
                daemon.abandon()
            self._claim = None

    def _build(self, claimed: Claim) -> None:
        self.network = Network(claimed, self.plans)
        self.network.build()
        for plan in self.plans:
            space = self.network.nodes[plan.name]
            self.daemons[plan.name] = Daemon(claimed, plan, space, self._keepalived, real_checks=self._real_checks)
        self.complaints = {name: daemon.test() for name, daemon in self.daemons.items()}
        logs = {name: daemon.log for name, daemon in self.daemons.items()}
        self.sampler = Sampler(claimed, self.network.nodes, self.plans, logs)
        self.sampler.start()

    def perform(self, event: Event) -> tuple[float, float]:
        """Do what an event says; returns the ``time.monotonic()`` before and after which it took effect.

        An event that changes nothing (stop a node that does not run, thaw one that is not frozen) does nothing.
        Raises EventRefusedError for a name that is not known, and RehearsalError where it could not be done.
        """
        daemons = [self._node(event, name) for name in event.nodes]
        if event.kind is EventKind.START:
            began = self._start([daemon.plan.name for daemon in daemons] or list(self.daemons))
            return began, began
        if event.kind is EventKind.CHECK and event.name not in daemons[0].plan.checks:
            raise _unknown(event, f"check {event.name} that could be switched", daemons[0].plan.checks)
        if event.kind is EventKind.LINK and event.name not in daemons[0].plan.ports:
            raise _unknown(event, f"interface {event.name}", daemons[0].plan.ports)
        began = time.monotonic()
        match event.kind:
            case EventKind.STOP | EventKind.KILL | EventKind.FREEZE | EventKind.THAW:
                self._signal(event.kind, daemons[0])
            case EventKind.DIE:
                return began, self._die(daemons[0])
            case EventKind.CHECK:
                daemons[0].check(event.name, event.status)
            case EventKind.LINK:
                self._link(event.nodes[0], event.name, up=event.up)
            case EventKind.CUT:
                self.network.cut(event.nodes[0], event.nodes[1])
                self.network.cut(event.nodes[1], event.nodes[0])
            case EventKind.CUT_ONEWAY:
                self.network.cut(event.nodes[0], event.nodes[1])
            case EventKind.HEAL:
                self.network.heal()
            case EventKind.RELOAD:
                began = self._reload(event, daemons[0])
        return began, time.monotonic()

    @property
    def starting(self) -> bool:
        """Whether a keepalived that was started does not elect yet."""
        return not all(self.daemons[name].elects for name in self._expected)

    def watch_over(self) -> None:
        """Raise KeepalivedRefusedError if a keepalived that should run has ended by itself."""
        for name in self._expected:
            daemon = self.daemons[name]
            if not daemon.running:
                said = [*self.complaints.get(name, ()), *daemon.said()[-LAST_WORDS:]]
                raise KeepalivedRefusedError(
                    name,
                    f"keepalived of {name} ended by itself",
                    tuple(dict.fromkeys(said)),
                    "run havipcfg lint on its configuration first",
                )

    def _start(self, asked: Sequence[str]) -> float:
        nodes = self.started = [name for name in asked if name not in self._expected]
        for name in nodes:
            self.daemons[name].prepare()
        for name in self._dead.intersection(nodes):
            self._dead.discard(name)
            for interface in self.daemons[name].plan.ports:
                if (name, interface) not in self._unplugged:
                    self.network.link(name, interface, up=True)
            self.sampler.show(name)
        with _ONE_BY_ONE:
            began = time.monotonic()
            for name in nodes:
                self.daemons[name].go()
            self._expected.update(nodes)
            while self.starting and time.monotonic() < began + SECONDS_TO_START:
                time.sleep(0.005)
        return began

    def _signal(self, kind: EventKind, daemon: Daemon) -> None:
        name = daemon.plan.name
        if name not in self._expected:
            return
        match kind:
            case EventKind.STOP:
                self._expected.discard(name)
                daemon.stop()
            case EventKind.KILL:
                self._expected.discard(name)
                daemon.kill()
            case EventKind.FREEZE:
                daemon.freeze()
            case _:
                daemon.thaw()

    def _die(self, daemon: Daemon) -> float:
        name = daemon.plan.name
        if name in self._dead:
            return time.monotonic()
        self._expected.discard(name)
        self.sampler.hide(name)
        self.network.links(name, up=False)
        gone = time.monotonic()
        daemon.kill()
        self.network.restore_addresses(name)
        self._dead.add(name)
        return gone

    def _link(self, node: str, interface: str, *, up: bool) -> None:
        (self._unplugged.discard if up else self._unplugged.add)((node, interface))
        if node not in self._dead:
            self.network.link(node, interface, up=up)

    def _reload(self, event: Event, daemon: Daemon) -> float:
        plan = self._reloads.get((daemon.plan.name, event.name))
        if plan is None:
            raise EventRefusedError(
                f"line {event.line}: `{event.text}`: {event.name} was not read", "give it as a file beside the others"
            )
        daemon.write(plan)
        self.sampler.watch_for(plan)
        began = time.monotonic()
        daemon.reload()
        return began

    def _node(self, event: Event, name: str) -> Daemon:
        if name not in self.daemons:
            raise _unknown(event, f"node {name}", self.daemons)
        return self.daemons[name]


def _unknown(event: Event, what: str, known: Iterable[str]) -> EventRefusedError:
    there = ", ".join(known)
    return EventRefusedError(
        f"line {event.line}: `{event.text}`: there is no {what}", f"there is {there}" if there else "there is none"
    )

"""Who holds what, from the addresses that ``watch`` sees in every node's namespace, and who is ready, from the logs.

The kernel announces each address that comes or goes to the watching process, so nothing is missed between two looks:
there are none. Times are ``time.monotonic()`` seconds.
"""

from __future__ import annotations

import contextlib
import ipaddress
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from havipcfg.rehearsal import watch
from havipcfg.rehearsal.errors import RehearsalError
from havipcfg.rehearsal.node import NodePlan
from havipcfg.rehearsal.registry import NAMESPACES, Claim

SECONDS_TO_ANSWER = 5.0
ALL_READY = 0.2
"""Seconds that may lie between two instances of one starting node."""


@dataclass(frozen=True, slots=True)
class Seen:
    """From ``at`` on, ``node`` holds exactly ``instances``."""

    at: float
    node: str
    instances: frozenset[str]


class Sampler:
    """Watches the nodes; ``logs`` are their keepalived's, which must exist."""

    def __init__(
        self, claim: Claim, spaces: Mapping[str, str], plans: Sequence[NodePlan], logs: Mapping[str, Path]
    ) -> None:
        self._nodes = list(spaces)
        self._lock_of_claim = claim.lock
        self._paths = [str(NAMESPACES / claim.namespace(space)) for space in spaces.values()]
        self._paths += [str(logs[node]) for node in spaces]
        self._wanted = {plan.name: watched(plan) for plan in plans}
        self._addresses: dict[str, frozenset[bytes]] = {plan.name: frozenset() for plan in plans}
        self._held: dict[str, frozenset[str]] = {plan.name: frozenset() for plan in plans}
        self._hidden: set[str] = set()
        self._seen: list[Seen] = []
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._synced = threading.Event()
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None
        self._ready: list[tuple[float, str]] = []
        self._late = 0.0

    def start(self) -> None:
        """Start watching; returns when every node has been looked at.

        The watching process holds the claim until it ends, which it does when this one does.
        """
        self._process = subprocess.Popen(
            [sys.executable, "-I", str(Path(watch.__file__)), *self._paths],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            bufsize=1,
            start_new_session=True,
            pass_fds=(self._lock_of_claim,),
        )
        self._reader = threading.Thread(target=self._read, name="rehearsal-sampler", daemon=True)
        self._reader.start()
        self.sync()

    def stop(self) -> None:
        """Stop watching. May be repeated."""
        if self._process is None:
            return
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()
        try:
            self._process.wait(SECONDS_TO_ANSWER)
        except subprocess.TimeoutExpired:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
        if self._reader is not None:
            self._reader.join(SECONDS_TO_ANSWER)
        for output in (self._process.stdout, self._process.stderr):
            if output is not None:
                output.close()
        self._process = None

    def sync(self) -> float:
        """Return when all that happened before this call is in ``seen``; raises RehearsalError if nobody watches.

        Gives the longest time in seconds that an announcement since the last call may have waited to be read.
        """
        assert self._process is not None
        assert self._process.stdin is not None
        self._synced.clear()
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write("\n")
        if not self._synced.wait(SECONDS_TO_ANSWER):
            raise RehearsalError("the addresses of the nodes can no longer be watched", "run the rehearsal again")
        return self._late

    def hide(self, node: str) -> None:
        """From now on the node is gone: whatever its kernel says, it holds nothing."""
        with self._lock:
            self._hidden.add(node)
            self._record(time.monotonic(), node)

    def show(self, node: str) -> None:
        """The node is back."""
        with self._lock:
            self._hidden.discard(node)
            self._record(time.monotonic(), node)

    def watch_for(self, plan: NodePlan) -> None:
        """From now on the node's instances and addresses are those of ``plan``, as after a reload."""
        with self._lock:
            self._wanted[plan.name] = watched(plan)
            self._record(time.monotonic(), plan.name)

    def seen(self) -> list[Seen]:
        """Every change so far, oldest first."""
        with self._lock:
            return sorted(self._seen, key=lambda each: each.at)

    def ready(self, since: float, nodes: Collection[str]) -> dict[str, tuple[float, float]]:
        """When the instances of ``nodes``, started at ``since``, became backups: the first and the last of each node.

        Seconds from ``since``. What a node does later, such as losing an election, is not counted.
        """
        found: dict[str, tuple[float, float]] = {}
        with self._lock:
            for at, node in self._ready:
                first, last = found.get(node, (at - since, at - since))
                if node in nodes and at >= since and at - since <= last + ALL_READY:
                    found[node] = first, at - since
        return found

    def last_change(self) -> float:
        """When the last change was seen; 0.0 if there was none."""
        with self._lock:
            return self._latest()

    def wait_for_change(self, known: float, seconds: float) -> float:
        """Return ``last_change()`` as soon as it is not ``known`` any more, or after ``seconds``."""
        with self._changed:
            self._changed.wait_for(lambda: self._latest() != known, seconds)
            return self._latest()

    def _latest(self) -> float:
        return max((each.at for each in self._seen[-2:]), default=0.0)

    def _read(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        for line in self._process.stdout:
            what, first, *rest = line.split()
            if what == "sync":
                self._late = float(rest[0])
                self._synced.set()
                continue
            node, moment = self._nodes[int(first)], rest.pop(0)
            with self._lock:
                if what == "ready":
                    self._ready.append((float(moment), node))
                    continue
                self._addresses[node] = frozenset(bytes.fromhex(each) for each in rest)
                self._record(float(moment), node)

    def _record(self, now: float, node: str) -> None:
        there = self._addresses[node]
        held = frozenset(label for label, wanted in self._wanted[node].items() if not wanted.isdisjoint(there))
        if node in self._hidden:
            held = frozenset()
        if held != self._held[node]:
            self._held[node] = held
            self._seen.append(Seen(now, node, held))
            self._changed.notify_all()


def watched(plan: NodePlan) -> dict[str, frozenset[bytes]]:
    """The packed addresses whose presence means that the node holds an instance."""
    return {
        label: frozenset(ipaddress.ip_address(address).packed for address in addresses)
        for label, addresses in plan.instances.items()
    }

"""Generated clusters that run beside each other, so that all of them wait at the same time."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from havipcfg.generator.job import generate
from havipcfg.source import Source
from tests.programs.lab import Lab, Node
from tests.real import place

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Cluster:
    """The nodes of a cluster.yaml in a lab of their own, with what generate makes of it in place."""

    def __init__(self, name: str, base: Path, text: str, addresses: dict[str, str]) -> None:
        made = generate(Source("cluster.yaml", text), environment={})
        assert made.outputs is not None, (name, [each.message for each in made.diagnostics])
        self.name, self.lab = name, Lab(base, addresses=addresses)
        self.nodes = self.lab.nodes
        for node in self.nodes:
            place(made.outputs, node.name, node.etc)

    def __repr__(self) -> str:
        return f"{self.name}: {self.masters}"

    def start(self, node: Node) -> None:
        """keepalived in a PID namespace, so that it sees the processes of its node alone."""
        log = node.base / "log"
        words = ["unshare", "--pid", "--fork", "--mount-proc", "keepalived", "--dont-fork", "--log-console"]
        with log.open("ab") as out:
            subprocess.Popen(node.command(*words), env=node.environment(), stdout=out, stderr=out)

    def daemon(self, node: Node) -> int:
        """The main keepalived process, by its number out here."""
        for pid in node.pids():
            with contextlib.suppress(OSError):
                parent = int((_proc(pid, "stat").rpartition(") ")[2]).split()[1])
                if _proc(pid, "comm").startswith("keepalived") and _proc(parent, "comm").startswith("unshare"):
                    return pid
        raise AssertionError(f"{self.name}: keepalived does not run on {node.name}: {(node.base / 'log').read_text()}")

    def state(self, node: Node) -> str:
        with contextlib.suppress(OSError, ValueError):
            [file] = node.run_dir.glob("havipcfg/*.state")
            return file.read_text().split()[0]
        return ""

    @property
    def masters(self) -> list[str]:
        return [node.name for node in self.nodes if self.state(node) == "MASTER"]

    def close(self) -> None:
        self.lab.close()


C = TypeVar("C", bound=Cluster)


def _proc(pid: int, name: str) -> str:
    return Path(f"/proc/{pid}/{name}").read_text(encoding="utf-8")


def stop(nodes: Sequence[tuple[Cluster, Node]]) -> None:
    """Stop the keepalived of these nodes, and wait until all are gone."""
    for cluster, node in nodes:
        os.kill(cluster.daemon(node), signal.SIGTERM)
    end = time.monotonic() + 30
    while any(node.pids() for _, node in nodes) and time.monotonic() < end:
        time.sleep(0.05)
    for _, node in nodes:  # the end of a PID namespace may be faster than the notify script that says STOP
        for file in node.run_dir.glob("havipcfg/*.state"):
            file.unlink()


def come_to(clusters: Sequence[C], wanted: Callable[[C], bool], what: str, seconds: float = 90) -> None:
    """Wait until it is so in all clusters; AssertionError names those where it never was."""
    end = time.monotonic() + seconds
    while left := [cluster for cluster in clusters if not wanted(cluster)]:
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not {left}")
        time.sleep(0.1)


def stay(clusters: Sequence[C], wanted: Callable[[C], bool], what: str, seconds: float = 3) -> None:
    """It is so in all clusters, for that long."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert all(map(wanted, clusters)), f"{what}: not {[cluster for cluster in clusters if not wanted(cluster)]}"
        time.sleep(0.2)

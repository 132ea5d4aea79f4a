"""Every provider with two and three nodes: clean files, a real failover, the exact calls where a call moves it."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from havipcfg.generator.job import generate
from havipcfg.providers import names, provider
from havipcfg.source import Source
from tests.generate.test_generate import complaints, keepalived_says_of
from tests.generate.test_provider_moves import text
from tests.programs.fleet import Cluster, come_to, stay, stop
from tests.programs.moves import CASES
from tests.programs.moves import VIP as VIP_OF_CASES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.programs.lab import Node

pytestmark = [pytest.mark.needs_root, pytest.mark.needs_keepalived, pytest.mark.needs_iproute2]

KINDS = {"private": "private", "alias": "private", "route": "private", "elastic": "havip", "failover": "havip"}
ARP: list[tuple[str, str]] = [(name, "arp") for name in names() if provider(name).mechanism == "arp"]
CALLS: list[tuple[str, str]] = [(name, move.kind) for name in names() for move in provider(name).moves]
MODES = {2: "mode: prefer\npreempt_delay: 1\n", 3: "mode: stay\n"}

STAND_IN = """\
#!{python} -SE
import json, pathlib, re, sys
base, words, line = pathlib.Path({base!r}), sys.argv[1:], " ".join(sys.argv[1:])
node = (re.findall(r"(?:eni|srv)-([abc])", line) or [""])[-1]
holder = (base / "holder").read_text()
asks = re.search(r"[dD]escribe|[^-]list|show|(?: |^)get|failover/[0-9.]+$|floating-ips/[0-9.]+$", line)
if asks and not {{"-X", "-F"}} & set(words):
    if node and not re.search("route-tables|routes", line):
        held = f'"ipCidrRange": "{vip}/32"\\n{vip}' if node == holder else ""
    else:
        held = f'vip-1 eni-{{holder}} srv-{{holder}} "active_server_ip":"srv-{{holder}}"' if holder else ""
    print(held)
else:
    with (base / "calls").open("a") as calls:
        calls.write(json.dumps(words) + "\\n")
    gives = re.search(r"(?<!-)[Uu]nassign[-P]|detach|delete", line) or "--aliases" in words and words[-1] == ""
    (base / "holder").write_text("" if gives else node)
"""


def cluster_text(name: str, kind: str, nodes: int) -> str:
    said = text(name, KINDS.get(kind, "havip"), routed=kind == "route", nodes=nodes)
    return said.replace("web: {tcp: 80}\n", f"drain: {{file: /run/drain}}\n{MODES[nodes]}")


@pytest.mark.parametrize("nodes", [2, 3])
@pytest.mark.parametrize(("name", "kind"), ARP + CALLS, ids=lambda value: str(value))
def test_files_are_clean(tmp_path: Path, name: str, kind: str, nodes: int) -> None:
    result = generate(Source("cluster.yaml", cluster_text(name, kind, nodes)), environment={})
    assert complaints(result) == []
    said = list(keepalived_says_of(result, tmp_path))
    assert said == [(letter, (0, "")) for letter in "abc"[:nodes]]


class Moved(Cluster):
    """A cluster with the vendor's client on PATH, which remembers who holds the address."""

    def __init__(self, base: Path, name: str, kind: str, nodes: int) -> None:
        addresses = {letter: f"10.0.1.{host}/24" for letter, host in zip("abc"[:nodes], (11, 12, 13), strict=False)}
        super().__init__(f"{name} {kind} {nodes}", base, cluster_text(name, kind, nodes), addresses)
        self.moves, self.base, self.history = kind != "arp", base, list[str]()
        self.vip = "192.0.2.9" if kind == "route" else "10.0.1.100"
        if not self.moves:
            return
        [program] = {move.program for move in provider(name).moves if move.kind == kind}
        tools = base / "tools"
        tools.mkdir()
        (base / "holder").write_text("")
        (tools / program).write_text(STAND_IN.format(python=sys.executable, base=str(base), vip=self.vip))
        (tools / program).chmod(0o755)
        for node in self.nodes:
            node.path_prefix = [tools]
        self.last = CASES[name, kind][1][-1]

    def __repr__(self) -> str:
        return f"{super().__repr__()} {self.calls()}"

    def calls(self) -> list[list[str]]:
        path = self.base / "calls"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def taken(self) -> list[str]:
        """The nodes that had the address brought to them, in order."""
        shown = [" ".join(words) for words in self.calls()]
        return [re.findall(r"(?:eni|srv)-([abc])", line)[-1] for line in shown if not re.search(GIVES, line)]

    def expected(self, mine: str, other: str) -> list[str]:
        """The last call that brings the address to a node."""
        known = {"eni-mine": f"eni-{mine}", "eni-other": f"eni-{other}", "42": f"srv-{mine}", "obj-1": "vip-1"}
        words = [known.get(word, word.replace("=42", f"=srv-{mine}")) for word in self.last]
        if "--aliases" in words:
            words[-1] = f"{VIP_OF_CASES}/32"
        return [word.replace(VIP_OF_CASES, self.vip) for word in words]

    def came_to(self, *wanted: str) -> bool:
        """One of these is the one master, and the address was brought there, or put on its interface."""
        return self.masters in [[name] for name in wanted] and self.has([*self.history, *self.masters])

    def stays(self) -> bool:
        return self.masters == self.history[-1:] and self.has(self.history)

    def has(self, history: list[str]) -> bool:
        if self.moves:
            return self.taken() == history
        return history[-1:] == [node.name for node in self.nodes if node.holds(self.vip)]

    @property
    def holder(self) -> Node:
        return next(node for node in self.nodes if node.name == self.history[-1])

    def others(self) -> str:
        return "".join(node.name for node in self.nodes if node.name != self.history[-1])


GIVES = r"(?<!-)[Uu]nassign[-P]|detach|delete|--aliases $"


@pytest.fixture
def fleet(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[list[Moved]]:
    tmp_path.chmod(0o755)
    made: list[Moved] = []
    rows, nodes = request.param
    try:
        for index, (name, kind) in enumerate(rows):
            made.append(Moved(tmp_path / str(index), name, kind, nodes))
        yield made
    finally:
        for cluster in made:
            cluster.close()


def groups(nodes: int) -> list[tuple[list[tuple[str, str]], int]]:
    return [(part, nodes) for rows in (ARP, CALLS) for part in (rows[: len(rows) // 2], rows[len(rows) // 2 :])]


def move_on(fleet: list[Moved], what: str, where: Callable[[Moved], str]) -> None:
    """The address comes to one of these nodes, by the exact calls."""
    come_to(fleet, lambda c: c.came_to(*where(c)), what)
    for cluster in fleet:
        cluster.history += cluster.masters
        if cluster.moves and len(cluster.history) > 1:
            assert cluster.calls()[-1] == cluster.expected(*reversed(cluster.history[-2:]))


def start(fleet: list[Moved]) -> None:
    for cluster in fleet:
        cluster.start(cluster.nodes[0])
    move_on(fleet, "the first node has it", lambda _: "a")
    for cluster in fleet:
        for node in cluster.nodes[1:]:
            cluster.start(node)
    stay(fleet, Moved.stays, "the others wait", 2)


@pytest.mark.parametrize("fleet", groups(2), indirect=True, ids=["arp1", "arp2", "call1", "call2"])
def test_the_preferred_of_two_hands_over_and_takes_back(fleet: list[Moved]) -> None:
    start(fleet)
    stop([(cluster, cluster.holder) for cluster in fleet])
    move_on(fleet, "stopped: the other has it", lambda _: "b")
    for cluster in fleet:
        cluster.start(cluster.nodes[0])
    move_on(fleet, "back again: the preferred node takes it", lambda _: "a")


@pytest.mark.parametrize("fleet", groups(3), indirect=True, ids=["arp1", "arp2", "call1", "call2"])
def test_of_three_each_takes_over_and_it_stays_there(fleet: list[Moved]) -> None:
    start(fleet)
    stop([(cluster, cluster.holder) for cluster in fleet])
    move_on(fleet, "stopped: another has it", Moved.others)
    for cluster in fleet:
        cluster.start(cluster.nodes[0])
    stay(fleet, Moved.stays, "back again: it stays where it is")
    for _ in range(2):
        stop([(cluster, cluster.holder) for cluster in fleet])
        move_on(fleet, "stopped: one of those left has it", Moved.others)

"""Nodes in network namespaces with a private /etc/keepalived and /run, for the programs that run on nodes."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import signal
import subprocess
import threading
import time
import uuid
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from havipcfg.generator.programs import program
from havipcfg.generator.programs.bundle import (
    Action,
    NodeData,
    Vip,
    bundle,
    cluster_data,
    configuration,
    installed,
    notify_data,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

VIP = "10.20.0.100"
SHELLS = ("dash", "busybox sh", "mksh", "bash --posix")
ENTER = 'mount --bind "$1" /etc/keepalived && mount --bind "$2" /run && shift 2 && exec "$@"'


@dataclass(frozen=True)
class Intent:
    """What a node's bundle says; the tests vary single fields."""

    vrid: int = 51
    priority: int = 100
    vips: tuple[str, ...] = (VIP,)
    password: str = "Zo4-fish"
    advert: int = 1
    extra_global: str = "  vrrp_priority -15\n"
    """A busy machine must not make the daemons late: what is tested is the order of the steps."""
    extra_instance: str = ""
    check: str = ""
    user: str = ""
    restart_only: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    settle: int = 12
    watch: int = 2
    broken: str = ""
    local: str = ""
    interface: str = "eth0"
    arp: str = "advisory"
    keepalived: str = "2.0.0"
    tools: tuple[str, ...] = ()
    nopreempt: bool = True
    generation: str = ""
    move: bytes = b""


def write_bundle(where: Path, node: Node, intent: Intent) -> Path:
    """A bundle as generate writes it."""
    notify = installed("notify.sh")
    data = installed("notify.data", notify_data(intent.actions))
    others = [notify, data]
    script = track = ""
    if intent.check:
        check = installed("check.sh")
        others.append(check)
        script = (
            f'vrrp_script chk {{\n  script "{check.target} -t 2 {intent.check}"\n'
            "  interval 1\n  timeout 10\n  fall 1\n  rise 1\n"
            f"{'  user ' + intent.user if intent.user else ''}\n}}\n"
        )
        track = "  track_script {\n    chk\n  }\n"
    moving = ""
    if intent.move:
        move, move_facts = installed("move.sh"), installed("move.data", intent.move)
        others += [move, move_facts]
        words = f'"{move.target} {move_facts.target} web"'
        moving = f"  notify_master {words}\n  notify_master_rx_lower_pri {words}\n"
    peers = "\n".join(f"    {peer}" for peer in node.peers)
    addresses = "\n".join(f"    {vip}/32" for vip in intent.vips)
    unicast = f"  unicast_src_ip {node.address}\n  unicast_peer {{\n{peers}\n  }}\n" if node.peers else ""
    text = (
        f"global_defs {{\n  router_id {node.name}\n  script_user root\n  enable_script_security\n"
        f"{intent.extra_global}}}\n"
        f"{script}vrrp_instance web {{\n  state BACKUP\n{'  nopreempt' if intent.nopreempt else ''}\n"
        f"  interface {intent.interface}\n  virtual_router_id {intent.vrid}\n  priority {intent.priority}\n"
        f"  advert_int {intent.advert}\n"
        f"  authentication {{\n    auth_type PASS\n    auth_pass {intent.password}\n  }}\n{unicast}"
        f"  virtual_ipaddress {{\n{addresses}\n  }}\n{track}{moving}{intent.extra_instance}"
        f'  notify "{notify.target} {data.target}"\n}}\n{intent.broken}'
    )
    facts = NodeData(
        cluster="web",
        node=node.name,
        keepalived=intent.keepalived,
        local=[(intent.local or node.address, intent.interface)],
        peers=node.peers,
        instances=["web"],
        vips=[Vip(vip, intent.interface, "web") for vip in intent.vips],
        identity={"web": f"{intent.vrid},inet,{intent.interface},unicast,{node.address}"},
        pair={"web": f"v2,{intent.advert},{'+'.join(intent.vips)}"},
        restart_only=intent.restart_only,
        settle=intent.settle,
        watch=intent.watch,
        arp=intent.arp,  # type: ignore[arg-type]
        tools=intent.tools,
        generation=intent.generation or None,
    )
    where.mkdir(parents=True, exist_ok=True)
    for member in bundle(configuration(text.encode(), secret=True), facts, others):
        path = where / member.source
        path.write_bytes(member.content)
        path.chmod(member.mode)
    return where


@dataclass
class Node:
    name: str
    namespace: str
    address: str
    peers: tuple[str, ...]
    base: Path
    path_prefix: list[Path] = field(default_factory=list)

    @property
    def etc(self) -> Path:
        return self.base / "etc"

    @property
    def run_dir(self) -> Path:
        return self.base / "run"

    @property
    def config(self) -> Path:
        return self.etc / "keepalived.conf"

    def command(self, *words: str | Path) -> list[str]:
        enter = [str(shutil.which("ip")), "netns", "exec", self.namespace, "sh", "-c", ENTER, "sh"]
        return [*enter, *map(str, (self.etc, self.run_dir, *words))]

    def environment(self) -> dict[str, str]:
        path = ":".join([*map(str, self.path_prefix), "/usr/sbin:/usr/bin:/sbin:/bin"])
        return {"PATH": path, "LANG": "C.UTF-8", "HOME": "/root"}

    def sh(self, *words: str | Path, shell: tuple[str, ...] = ("dash",)) -> subprocess.CompletedProcess[str]:
        prefix = shell if str(words[0]).endswith(".sh") else ()
        return subprocess.run(
            self.command(*prefix, *words),
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def apply(
        self, bundle_dir: Path, *options: str, shell: tuple[str, ...] = ("dash",)
    ) -> subprocess.CompletedProcess[str]:
        return self.sh(bundle_dir / "apply.sh", "--init", "direct", *options, shell=shell)

    def bundle(self, intent: Intent | None = None, **changes: object) -> Path:
        chosen = replace(intent or Intent(), **changes)  # type: ignore[arg-type]
        return write_bundle(self.base / f"bundle-{uuid.uuid4().hex[:8]}", self, chosen)

    def pid(self) -> int | None:
        try:
            pid = int((self.run_dir / "keepalived.pid").read_text())
            os.kill(pid, 0)
        except (OSError, ValueError):
            return None
        return pid

    def addresses(self) -> str:
        return subprocess.run(
            ["ip", "-n", self.namespace, "-o", "addr", "show"], capture_output=True, text=True, check=True
        ).stdout

    def holds(self, vip: str = VIP) -> bool:
        return f" {vip}/32 " in self.addresses()

    def wait_holds(self, vip: str = VIP, seconds: float = 12) -> bool:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.holds(vip):
                return True
            time.sleep(0.1)
        return False

    def pids(self) -> list[int]:
        """The processes in the node's network namespace."""
        listed = subprocess.run(["ip", "netns", "pids", self.namespace], capture_output=True, text=True, check=False)
        return [int(pid) for pid in listed.stdout.split()]

    def power_cut(self, vip: str = VIP) -> None:
        """All processes and the addresses that keepalived set are gone."""
        self.stop()
        subprocess.run(["ip", "-n", self.namespace, "addr", "flush", "to", vip], check=True, capture_output=True)

    def stop(self) -> None:
        """Kill what runs on the node and wait until it is gone; its addresses stay."""
        end = time.monotonic() + 10
        while (pids := self.pids()) and time.monotonic() < end:
            for pid in pids:
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.02)


class Lab:
    """Some nodes on one switch."""

    def __init__(self, base: Path, count: int = 0, addresses: Mapping[str, str] | None = None) -> None:
        """*count* nodes web-a, web-b ... in 10.20.0.0/24, or those of *addresses*: a name, an address with prefix."""
        tag = uuid.uuid4().hex[:6]
        self.switch = f"hvp{tag}s"
        self.base = base
        wanted = addresses or {f"web-{'abcde'[index]}": f"10.20.0.{11 + index}/24" for index in range(count)}
        hosts = [
            (name, *cidr.split("/"), letter) for (name, cidr), letter in zip(wanted.items(), "abcde", strict=False)
        ]
        self._ip("netns", "add", self.switch)
        self._ip("-n", self.switch, "link", "add", "br0", "type", "bridge", "forward_delay", "0")
        self._ip("-n", self.switch, "link", "set", "br0", "up")
        self.nodes: list[Node] = []
        for name, address, prefix, letter in hosts:
            namespace = f"hvp{tag}{letter}"
            self._ip("netns", "add", namespace)
            self._ip(
                "link",
                "add",
                "eth0",
                "netns",
                namespace,
                "type",
                "veth",
                "peer",
                "name",
                f"p{letter}",
                "netns",
                self.switch,
            )
            self._ip("-n", self.switch, "link", "set", f"p{letter}", "master", "br0", "up")
            self._ip("-n", namespace, "link", "set", "lo", "up")
            self._ip("-n", namespace, "link", "set", "eth0", "up")
            self._ip("-n", namespace, "addr", "add", f"{address}/{prefix}", "dev", "eth0")
            peers = tuple(other for _, other, _, _ in hosts if other != address)
            node = Node(name, namespace, address, peers, base / name)
            node.etc.mkdir(parents=True)
            node.etc.chmod(0o755)
            node.run_dir.mkdir()
            self.nodes.append(node)

    @staticmethod
    def _ip(*words: str) -> None:
        subprocess.run(["ip", *words], check=True, capture_output=True)

    def close(self) -> None:
        for node in self.nodes:
            node.stop()
        for name in (*(node.namespace for node in self.nodes), self.switch):
            subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)

    def cluster(self, directory: Path, intents: list[Intent], *, settle: int = 12) -> Path:
        """What generate writes for the whole cluster."""
        generation = hashlib.sha256(repr(intents).encode()).hexdigest()[:12]
        for node, intent in zip(self.nodes, intents, strict=True):
            write_bundle(directory / node.name, node, replace(intent, generation=generation))
        (directory / "apply-all.sh").write_bytes(program("apply-all.sh"))
        (directory / "cluster.data").write_bytes(
            cluster_data(
                "web",
                [(node.name, node.name) for node in self.nodes],
                [(vip, "web") for vip in intents[0].vips],
                settle=settle,
                generation=generation,
            )
        )
        return directory

    def install(self, directory: Path, intents: list[Intent]) -> None:
        """What apply-all.sh comes to, on all nodes at once: the first holds the addresses."""
        out = self.cluster(directory, intents)
        runs = [
            subprocess.Popen(
                node.command("dash", out / node.name / "apply.sh", "--init", "direct"),
                env=node.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )
            for node in self.nodes
        ]  # fmt: skip
        assert [run.wait(60) for run in runs] == [0] * len(runs)
        end = time.monotonic() + 20
        while [node.holds() for node in self.nodes] != [True] + [False] * (len(self.nodes) - 1):
            assert time.monotonic() < end, "the first node does not hold the address"
            time.sleep(0.1)

    def ssh(self, destinations: Mapping[str, str] | None = None) -> Path:
        """A stand-in for ssh: the destination is a node's name, or stands for one; the command runs on that node."""
        names: dict[str, list[str]] = {node.name: [node.name] for node in self.nodes}
        for destination, name in (destinations or {}).items():
            names[name].append(destination)
        script = self.base / "ssh"
        cases = "".join(
            f"{'|'.join(names[node.name])}) exec ip netns exec {node.namespace}"
            f" sh -c '{ENTER}' sh {node.etc} {node.run_dir}"
            ' sh -c "$*" ;;\n'
            for node in self.nodes
        )
        script.write_text(f"#!/bin/sh\ndestination=$1\nshift\ncase $destination in\n{cases}esac\nexit 255\n")
        script.chmod(0o755)
        return script


class Watch:
    """Samples who holds an address, every few milliseconds, until closed."""

    def __init__(self, nodes: list[Node], vip: str = VIP) -> None:
        self.samples: list[tuple[float, tuple[bool, ...]]] = []
        self._nodes, self._vip, self._stop = nodes, vip, threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def _sample(self) -> None:
        while not self._stop.is_set():
            self.samples.append((time.monotonic(), tuple(node.holds(self._vip) for node in self._nodes)))
            time.sleep(0.005)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def seconds(self, count: int) -> float:
        """For how long exactly that many (2: two or more) nodes held it."""
        total = 0.0
        for (start, holders), (end, _) in zip(self.samples, self.samples[1:], strict=False):
            held = sum(holders)
            if held == count or (count == 2 and held > 2):
                total += end - start
        return total


def tree(directory: Path) -> dict[str, bytes]:
    """Every regular file below a directory, with its content."""
    return {
        str(path.relative_to(directory)): path.read_bytes() for path in sorted(directory.rglob("*")) if path.is_file()
    }


def available() -> str:
    """Why a lab cannot be made here; empty when it can."""
    if os.geteuid() != 0:
        return "needs root"
    missing = [name for name in ("ip", "keepalived", "dash") if shutil.which(name) is None]
    return f"needs {', '.join(missing)}" if missing else ""

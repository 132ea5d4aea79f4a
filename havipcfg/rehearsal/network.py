"""The rehearsal's network: a namespace for each node and one for the switches, joined by veth pairs and bridges.

Every node has, in the switches' namespace, a bridge of its own for each of its interfaces; the bridges of one segment
are joined pairwise by cables, whose ends are isolated ports, so that a frame crosses exactly one cable and no loop
arises. No bridge learns addresses: every frame is flooded, and a direction between two nodes is cut by forbidding one
cable end to flood. This needs nothing but veth and bridge: no packet filter, no traffic control.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_interface
from itertools import permutations
from pathlib import Path

from havipcfg.rehearsal.commands import Batch, inside, ip, run
from havipcfg.rehearsal.node import NodePlan
from havipcfg.rehearsal.registry import Claim

SWITCHES = "switches"

Address = tuple[str, str, int]


@dataclass(frozen=True)
class Plug:
    """Where one interface of a node is plugged in."""

    node: str
    interface: str
    number: int
    """Of the plug among all plugs; names the devices."""
    segment: str
    addresses: tuple[str, ...]
    on_link: tuple[str, ...]

    @property
    def bridge(self) -> str:
        return f"b{self.number}"

    @property
    def port(self) -> str:
        return f"p{self.number}"

    @property
    def mac(self) -> str:
        return f"02:00:5e:10:{self.number >> 8:02x}:{self.number & 255:02x}"

    def cable_to(self, other: Plug) -> str:
        """The cable end on this plug's bridge; what it may not flood never reaches ``other``."""
        return f"c{self.number}x{other.number}"


class Network:
    """Builds the network of a rehearsal and breaks it. Everything in it vanishes with the claim's namespaces."""

    def __init__(self, claim: Claim, plans: Sequence[NodePlan]) -> None:
        self.claim = claim
        self.nodes = {plan.name: f"n{number}" for number, plan in enumerate(plans, 1)}
        self.plugs: list[Plug] = []
        for plan in plans:
            for name, port in plan.ports.items():
                self.plugs.append(
                    Plug(plan.name, name, len(self.plugs) + 1, port.segment, port.addresses, port.on_link)
                )
        self.baseline: dict[str, set[Address]] = {}
        self._switches: Batch | None = None

    def build(self) -> None:
        """Create namespaces, interfaces and addresses; all links up, nothing cut. Raises RehearsalError."""
        spaces = [SWITCHES, *self.nodes.values()]
        ip(self.claim, [f"netns add {self.claim.namespace(space)}" for space in spaces])
        inside(self.claim, SWITCHES, lambda: _sysctl("ipv6/conf/default/disable_ipv6", "1"))
        for space in self.nodes.values():
            inside(self.claim, space, lambda: _sysctl("ipv6/conf/default/accept_dad", "0"))
        self._switches = Batch(self.claim, SWITCHES)
        self._switch(self._switch_lines())
        for node, space in self.nodes.items():
            ip(self.claim, self._node_lines(node), space)
        for node in self.nodes:
            self.baseline[node] = self._addresses(node)

    def close(self) -> None:
        """End what works in the network; to be called before the claim is released."""
        if self._switches is not None:
            self._switches.close()

    def link(self, node: str, interface: str, *, up: bool) -> None:
        """Plug a cable in or pull it out: the node's interface has a carrier, or none."""
        state = "up" if up else "down"
        plugs = [plug for plug in self.plugs if (plug.node, plug.interface) == (node, interface)]
        self._switch(f"link set {plug.port} {state}" for plug in plugs)

    def links(self, node: str, *, up: bool) -> None:
        """Pull or plug all cables of a node at once."""
        state = "up" if up else "down"
        self._switch(f"link set {plug.port} {state}" for plug in self.plugs if plug.node == node)

    def cut(self, sender: str, receiver: str) -> None:
        """From now on nothing that ``sender`` sends reaches ``receiver``, on any segment."""
        self._flood([(a, b) for a, b in self._pairs() if (a.node, b.node) == (sender, receiver)], allowed=False)

    def heal(self) -> None:
        """Undo every cut."""
        self._flood(list(self._pairs()), allowed=True)

    def restore_addresses(self, node: str) -> None:
        """Give a node the addresses it had when the network was built, and no other: what a reboot does."""
        present = self._addresses(node)
        gone, extra = self.baseline[node] - present, present - self.baseline[node]
        lines = [f"addr del {address}/{length} dev {device}" for device, address, length in sorted(extra)]
        lines += [
            f"addr add {address}/{length} dev {device}" + _nodad(address) for device, address, length in sorted(gone)
        ]
        ip(self.claim, lines, self.nodes[node])

    def _switch(self, lines: Iterable[str]) -> None:
        assert self._switches is not None
        self._switches.run(lines)

    def _switch_lines(self) -> Iterator[str]:
        for plug in self.plugs:
            yield f"link add {plug.bridge} type bridge"
            yield f"link set {plug.bridge} up"
            space = self.claim.namespace(self.nodes[plug.node])
            yield f"link add {plug.port} type veth peer name {plug.interface} netns {space}"
            yield f"link set {plug.port} master {plug.bridge}"
            yield f"link set {plug.port} type bridge_slave learning off"
            yield f"link set {plug.port} up"
        for a, b in self._pairs():
            if a.number < b.number:
                yield f"link add {a.cable_to(b)} type veth peer name {b.cable_to(a)}"
        for a, b in self._pairs():
            yield f"link set {a.cable_to(b)} master {a.bridge}"
            yield f"link set {a.cable_to(b)} type bridge_slave learning off isolated on"
            yield f"link set {a.cable_to(b)} up"

    def _node_lines(self, node: str) -> Iterator[str]:
        yield "link set lo up"
        mine = [plug for plug in self.plugs if plug.node == node]
        for plug in mine:
            yield f"link set {plug.interface} address {plug.mac}"
            if any(ip_interface(address).ip.is_link_local and ":" in address for address in plug.addresses):
                yield f"link set {plug.interface} addrgenmode none"
            yield f"link set {plug.interface} up"
            for address in plug.addresses:
                yield f"addr add {address} dev {plug.interface}{_nodad(address)}"
            for address in plug.on_link:
                yield f"route replace {address} dev {plug.interface}"
        for plug in mine:
            known = {str(ip_interface(address).ip) for address in plug.addresses}
            for other in self.plugs:
                if other.segment == plug.segment and other.node != node:
                    for address in other.addresses:
                        host = str(ip_interface(address).ip)
                        if host not in known:
                            known.add(host)
                            yield f"neigh replace {host} lladdr {other.mac} nud permanent dev {plug.interface}"

    def _pairs(self) -> Iterator[tuple[Plug, Plug]]:
        return ((a, b) for a, b in permutations(self.plugs, 2) if a.segment == b.segment and a.node != b.node)

    def _flood(self, pairs: list[tuple[Plug, Plug]], *, allowed: bool) -> None:
        word = "on" if allowed else "off"
        flags = f"flood {word} mcast_flood {word} bcast_flood {word}"
        self._switch(f"link set {a.cable_to(b)} type bridge_slave {flags}" for a, b in pairs)

    def _addresses(self, node: str) -> set[Address]:
        done = run(self.claim, ["ip", "-n", self.claim.namespace(self.nodes[node]), "-json", "addr"])
        return {
            (device["ifname"], address["local"], address["prefixlen"])
            for device in json.loads(done.stdout or "[]")
            for address in device.get("addr_info", [])
            if "local" in address
        }


def _nodad(address: str) -> str:
    return " nodad" if ":" in address else ""


def _sysctl(name: str, value: str) -> None:
    with contextlib.suppress(OSError):
        Path("/proc/sys/net", name).write_text(value)

"""Who carries which address, watched from the kernel of every node's namespace.

The kernel announces each address that comes or goes; the sampler wakes at once, and looks at every node at least once
in PERIOD seconds besides. Times are ``time.monotonic()`` seconds.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import selectors
import socket
import struct
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from havipcfg.rehearse.commands import inside
from havipcfg.rehearse.node import NodePlan
from havipcfg.rehearse.registry import Claim

PERIOD = 0.01
URGENT = -15
"""Nice value of the sampling thread: a busy machine must not blur what it sees."""

RTM_NEWADDR, RTM_GETADDR, NLMSG_ERROR, NLMSG_DONE = 20, 22, 2, 3
NLM_F_REQUEST, NLM_F_DUMP = 0x1, 0x300
RTMGRP_IPV4_IFADDR, RTMGRP_IPV6_IFADDR = 0x10, 0x100
IFA_ADDRESS, IFA_LOCAL = 1, 2
HEADER = struct.Struct("=IHHII")
ADDRESS_HEADER = struct.Struct("=BBBBi")
ATTRIBUTE = struct.Struct("=HH")


@dataclass(frozen=True, slots=True)
class Seen:
    """From ``at`` on, ``node`` holds exactly ``instances``."""

    at: float
    node: str
    instances: frozenset[str]


class Sampler:
    """Watches the nodes in a thread of its own; ``worst`` is the longest time between two looks, in seconds."""

    def __init__(self, claim: Claim, spaces: Mapping[str, str], plans: Sequence[NodePlan]) -> None:
        self._spaces, self._claim = spaces, claim
        self._wanted = {plan.name: watched(plan) for plan in plans}
        self._hidden: set[str] = set()
        self._held: dict[str, frozenset[str]] = {plan.name: frozenset() for plan in plans}
        self._seen: list[Seen] = []
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._selector = selectors.DefaultSelector()
        self._news: dict[str, socket.socket] = {}
        self._queries: dict[str, socket.socket] = {}
        self.worst = 0.0

    def start(self) -> None:
        for node, space in self._spaces.items():
            self._news[node] = inside(self._claim, space, lambda: _netlink(RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR))
            self._queries[node] = inside(self._claim, space, lambda: _netlink(0))
            self._news[node].setblocking(False)
            self._queries[node].settimeout(5)
            self._selector.register(self._news[node], selectors.EVENT_READ, node)
        self._thread = threading.Thread(target=self._watch, name="rehearsal-sampler", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        for each in (*self._news.values(), *self._queries.values()):
            each.close()
        self._selector.close()

    def hide(self, node: str) -> None:
        """From now on the node is gone: whatever its kernel says, it holds nothing."""
        with self._lock:
            self._hidden.add(node)
            self._record(time.monotonic(), node, frozenset())

    def show(self, node: str) -> None:
        """The node is back."""
        with self._lock:
            self._hidden.discard(node)

    def watch_for(self, plan: NodePlan) -> None:
        """From now on the node's instances and addresses are those of ``plan``, as after a reload."""
        with self._lock:
            self._wanted[plan.name] = watched(plan)

    def seen(self) -> list[Seen]:
        """Every change so far, oldest first."""
        with self._lock:
            return list(self._seen)

    def last_change(self) -> float:
        """When the last change was seen; 0.0 if there was none."""
        with self._lock:
            return self._seen[-1].at if self._seen else 0.0

    def _watch(self) -> None:
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), URGENT)
        looked = time.monotonic()
        while not self._stop.is_set():
            ready = [key.data for key, _ in self._selector.select(max(0.0, looked + PERIOD - time.monotonic()))]
            now = time.monotonic()
            for node in ready:
                self._drain(node)
                self._look(node, now)
            if now - looked >= PERIOD:
                for node in self._spaces:
                    self._look(node, time.monotonic())
                self.worst = max(self.worst, time.monotonic() - looked)
                looked = now

    def _drain(self, node: str) -> None:
        with contextlib.suppress(BlockingIOError, OSError):
            while self._news[node].recv(65536):
                pass

    def _look(self, node: str, now: float) -> None:
        addresses = _addresses(self._queries[node])
        with self._lock:
            held = frozenset(label for label, wanted in self._wanted[node].items() if not wanted.isdisjoint(addresses))
            if node not in self._hidden:
                self._record(now, node, held)

    def _record(self, now: float, node: str, held: frozenset[str]) -> None:
        if held != self._held[node]:
            self._held[node] = held
            self._seen.append(Seen(now, node, held))


def watched(plan: NodePlan) -> dict[str, frozenset[bytes]]:
    """The packed addresses whose presence means that the node holds an instance."""
    return {
        label: frozenset(ipaddress.ip_address(address).packed for address in addresses)
        for label, addresses in plan.instances.items()
    }


def _netlink(groups: int) -> socket.socket:
    opened = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
    opened.bind((0, groups))
    return opened


def _addresses(query: socket.socket) -> set[bytes]:
    """Every IPv4 and IPv6 address of a namespace, packed."""
    query.send(HEADER.pack(HEADER.size + ADDRESS_HEADER.size, RTM_GETADDR, NLM_F_REQUEST | NLM_F_DUMP, 1, 0) + bytes(8))
    found: set[bytes] = set()
    while True:
        data = query.recv(262144)
        offset = 0
        while offset + HEADER.size <= len(data):
            length, kind, _, _, _ = HEADER.unpack_from(data, offset)
            if kind in (NLMSG_DONE, NLMSG_ERROR):
                return found
            if kind == RTM_NEWADDR:
                found.add(_address(data[offset + HEADER.size + ADDRESS_HEADER.size : offset + length]))
            offset += (length + 3) & ~3


def _address(attributes: bytes) -> bytes:
    """The node's own address: IFA_LOCAL where there is one, else IFA_ADDRESS (rtnetlink(7))."""
    values: dict[int, bytes] = {}
    offset = 0
    while offset + ATTRIBUTE.size <= len(attributes):
        length, kind = ATTRIBUTE.unpack_from(attributes, offset)
        if length < ATTRIBUTE.size:
            break
        values[kind] = attributes[offset + ATTRIBUTE.size : offset + length]
        offset += (length + 3) & ~3
    return values.get(IFA_LOCAL) or values.get(IFA_ADDRESS, b"")

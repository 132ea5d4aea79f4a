"""The program that watches the addresses and the log of every node, in a process of its own.

It shares no interpreter with the rehearsal, so nothing that the rehearsal does delays it, and has real-time priority
where the kernel grants it. The kernel announces every address that comes or goes, and every line of a log; nothing is
polled. Run as ``python -I watch.py NAMESPACE… LOG…``, as many of each. For every announcement that changes a
namespace's addresses it writes the line ``addresses number seconds address…`` (number from 0 in the order of the
arguments, ``time.monotonic()`` seconds at which the announcement was read, packed addresses in hexadecimal), and
``ready number seconds`` when keepalived logs that an instance is a backup now. A line on its input is answered by
``sync seconds late`` when everything announced before is written; ``late`` is the longest delay since the last answer
with which a clock that ticks every BEAT seconds woke it and the kernel then let it touch an interface, which is what
an address waits for too, and so the error of its times. It ends with its input.
"""

import contextlib
import ctypes
import os
import select
import socket
import struct
import sys
import time

CLONE_NEWNET = 0x40000000
URGENT = -15
REAL_TIME = 2
"""Priority above that of the nodes' processes."""
BEAT = 0.01
RTM_NEWADDR, RTM_DELADDR, RTM_GETADDR, NLMSG_ERROR, NLMSG_DONE = 20, 21, 22, 2, 3
NLM_F_REQUEST, NLM_F_DUMP = 0x1, 0x300
RTM_SETLINK, REQUEST_ACKNOWLEDGED = 19, 0x5
RTMGRP_IPV4_IFADDR, RTMGRP_IPV6_IFADDR = 0x10, 0x100
IFA_ADDRESS, IFA_LOCAL = 1, 2
IN_MODIFY, IN_NONBLOCK = 0x2, 0o4000
BACKUP = b"Entering BACKUP STATE"
INOTIFY_EVENT = struct.Struct("iIII")
HEADER = struct.Struct("=IHHII")
ADDRESS_HEADER = struct.Struct("=BBBBi")
ATTRIBUTE = struct.Struct("=HH")
LINK_HEADER = struct.Struct("=BBHiII")
LOOPBACK = LINK_HEADER.pack(0, 0, 0, 1, 0, 0)

Place = tuple[int, int, bytes]
"""Interface number, prefix length, address: what the kernel tells addresses apart by."""


class Space:
    """One namespace: its addresses as announced so far."""

    def __init__(self, number: int, path: str) -> None:
        self.number = number
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        enter(descriptor, path)
        os.close(descriptor)
        self.news = netlink(RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR)
        self.query = netlink(0)
        self.there: set[Place] = set()
        self.told: set[bytes] | None = None

    def tell(self, now: float) -> None:
        """Write the addresses if they differ from those written last."""
        found = {address for _, _, address in self.there}
        if found != self.told:
            self.told = found
            os.write(
                1, f"addresses {self.number} {now:.6f} {' '.join(sorted(each.hex() for each in found))}\n".encode()
            )

    def read(self, now: float) -> None:
        """Take in every announcement that waits; look for oneself where the kernel had to drop some."""
        while True:
            try:
                data = self.news.recv(65536, socket.MSG_DONTWAIT)
            except BlockingIOError:
                return
            except OSError:
                self.look(now)
                return
            for kind, place in messages(data):
                if kind == RTM_NEWADDR:
                    self.there.add(place)
                elif kind == RTM_DELADDR:
                    self.there.discard(place)
                self.tell(now)

    def touch(self) -> None:
        """Change nothing of the loopback interface, which takes the kernel's lock of all interfaces."""
        self.query.send(HEADER.pack(HEADER.size + LINK_HEADER.size, RTM_SETLINK, REQUEST_ACKNOWLEDGED, 1, 0) + LOOPBACK)
        self.query.recv(4096)

    def look(self, now: float) -> None:
        """Ask the kernel for all addresses."""
        ask = HEADER.pack(HEADER.size + ADDRESS_HEADER.size, RTM_GETADDR, NLM_F_REQUEST | NLM_F_DUMP, 1, 0)
        self.query.send(ask + bytes(ADDRESS_HEADER.size))
        self.there, ended = set(), False
        while not ended:
            for kind, place in messages(self.query.recv(262144)):
                if kind == RTM_NEWADDR:
                    self.there.add(place)
                ended = ended or kind in (NLMSG_DONE, NLMSG_ERROR)
        self.tell(now)


class Log:
    """The log of one node, read as it grows."""

    def __init__(self, number: int, path: str) -> None:
        self.number = number
        self.descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self.rest = b""

    def read(self, now: float) -> None:
        """Tell of every whole line that says that an instance has become a backup."""
        while data := os.read(self.descriptor, 65536):
            *lines, self.rest = (self.rest + data).split(b"\n")
            for line in lines:
                if BACKUP in line:
                    os.write(1, f"ready {self.number} {now:.6f}\n".encode())


def main(arguments: list[str]) -> None:
    """Watch until the input ends."""
    half = len(arguments) // 2
    namespaces, logs = arguments[:half], [Log(number, path) for number, path in enumerate(arguments[half:])]
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, URGENT)
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(REAL_TIME))
    home = "/proc/self/ns/net"
    at_home = os.open(home, os.O_RDONLY | os.O_CLOEXEC)
    spaces = [Space(number, path) for number, path in enumerate(namespaces)]
    enter(at_home, home)
    for space in spaces:
        space.look(time.monotonic())
    poll = select.poll()
    poll.register(0, select.POLLIN | select.POLLHUP)
    by_socket = {space.news.fileno(): space for space in spaces}
    grown, by_watch = watch_files(arguments[half:], logs)
    for number in (*by_socket, grown):
        poll.register(number, select.POLLIN)
    due, late = time.monotonic() + BEAT, 0.0
    while True:
        ready = [number for number, _ in poll.poll(max(0.0, due - time.monotonic()) * 1000)]
        now = time.monotonic()
        if now >= due:
            spaces[0].touch()
            touched = time.monotonic()
            late, due = max(late, touched - due), touched + BEAT
        for number in ready:
            if number in by_socket:
                by_socket[number].read(now)
        if grown in ready:
            for number in grown_files(grown):
                by_watch[number].read(now)
        if 0 in ready:
            if not os.read(0, 4096):
                return
            for space in spaces:
                space.read(time.monotonic())
            os.write(1, f"sync {now:.6f} {late:.6f}\n".encode())
            late = 0.0


def watch_files(paths: list[str], logs: list[Log]) -> tuple[int, dict[int, Log]]:
    """A descriptor that is readable when a file has grown, and the logs by the number of their watch (inotify(7))."""
    libc = ctypes.CDLL(None, use_errno=True)
    grown = libc.inotify_init1(IN_NONBLOCK)
    by_watch = {libc.inotify_add_watch(grown, os.fsencode(path), IN_MODIFY): log for path, log in zip(paths, logs)}  # noqa: B905
    if grown < 0 or -1 in by_watch:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), "inotify")
    return grown, by_watch


def grown_files(descriptor: int) -> set[int]:
    """The watches of the files that have grown."""
    data = os.read(descriptor, 65536)
    found, offset = set(), 0
    while offset < len(data):
        number, _, _, length = INOTIFY_EVENT.unpack_from(data, offset)
        found.add(number)
        offset += INOTIFY_EVENT.size + length
    return found


def enter(descriptor: int, path: str) -> None:
    """Move this process to a network namespace; what lives in a node's is killed with it."""
    if ctypes.CDLL(None, use_errno=True).setns(descriptor, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), path)


def netlink(groups: int) -> socket.socket:
    """A routing socket of the namespace that the process is in."""
    opened = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
    opened.bind((0, groups))
    return opened


def messages(data: bytes) -> list[tuple[int, Place]]:
    """The messages of a datagram: their kind and the address that each is about, if it is about one."""
    found = []
    offset = 0
    while offset + HEADER.size <= len(data):
        length, kind, _, _, _ = HEADER.unpack_from(data, offset)
        place = (0, 0, b"")
        if kind in (RTM_NEWADDR, RTM_DELADDR):
            body = offset + HEADER.size
            _, prefix, _, _, interface = ADDRESS_HEADER.unpack_from(data, body)
            place = (interface, prefix, address(data[body + ADDRESS_HEADER.size : offset + length]))
        found.append((kind, place))
        offset += max(HEADER.size, (length + 3) & ~3)
    return found


def address(attributes: bytes) -> bytes:
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


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        main(sys.argv[1:])

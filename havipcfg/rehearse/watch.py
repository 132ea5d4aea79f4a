"""The program that watches the addresses of every node's namespace, in a process of its own.

It shares no interpreter with the rehearsal, so nothing that the rehearsal does delays a look. Run as
``python -I watch.py PERIOD NAMESPACE…``. For every namespace whose addresses have changed it writes the line ``number
seconds address…`` (number from 0 in the order of the arguments, ``time.monotonic()`` seconds, packed addresses in
hexadecimal); a line on its input is answered by ``sync seconds worst`` after a look at all of them, ``worst`` being the
longest time between two looks since the last answer. It ends with its input.
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
RTM_NEWADDR, RTM_GETADDR, NLMSG_ERROR, NLMSG_DONE = 20, 22, 2, 3
NLM_F_REQUEST, NLM_F_DUMP = 0x1, 0x300
RTMGRP_IPV4_IFADDR, RTMGRP_IPV6_IFADDR = 0x10, 0x100
IFA_ADDRESS, IFA_LOCAL = 1, 2
HEADER = struct.Struct("=IHHII")
ADDRESS_HEADER = struct.Struct("=BBBBi")
ATTRIBUTE = struct.Struct("=HH")


def main(period: float, namespaces: list[str]) -> None:
    """Watch until the input ends."""
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, URGENT)
    news, queries = [], []
    home = "/proc/self/ns/net"
    at_home = os.open(home, os.O_RDONLY | os.O_CLOEXEC)
    for path in namespaces:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        enter(descriptor, path)
        os.close(descriptor)
        news.append(netlink(RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR))
        queries.append(netlink(0))
    enter(at_home, home)
    known: list[set[bytes] | None] = [None] * len(namespaces)

    def look(number: int, now: float) -> None:
        found = addresses(queries[number])
        if found != known[number]:
            known[number] = found
            os.write(1, f"{number} {now:.6f} {' '.join(sorted(each.hex() for each in found))}\n".encode())

    sources: list[int | socket.socket] = [0, *news]
    looked, worst = time.monotonic(), 0.0
    while True:
        wait = max(0.0, looked + period - time.monotonic())
        ready = select.select(sources, [], [], wait)[0]
        now = time.monotonic()
        for number, sock in enumerate(news):
            if sock in ready:
                with contextlib.suppress(BlockingIOError, OSError):
                    while sock.recv(65536, socket.MSG_DONTWAIT):
                        pass
                look(number, now)
        asked = 0 in ready
        if asked and not os.read(0, 4096):
            return
        if asked or now - looked >= period:
            for number in range(len(news)):
                look(number, time.monotonic())
            worst, looked = max(worst, now - looked), now
        if asked:
            os.write(1, f"sync {now:.6f} {worst:.6f}\n".encode())
            worst = 0.0


def enter(descriptor: int, path: str) -> None:
    """Move this process to a network namespace; what lives in a node's is killed with it."""
    if ctypes.CDLL(None, use_errno=True).setns(descriptor, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), path)


def netlink(groups: int) -> socket.socket:
    """A routing socket of the namespace that the process is in."""
    opened = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
    opened.bind((0, groups))
    return opened


def addresses(query: socket.socket) -> set[bytes]:
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
                found.add(address(data[offset + HEADER.size + ADDRESS_HEADER.size : offset + length]))
            offset += (length + 3) & ~3


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
        main(float(sys.argv[1]), sys.argv[2:])

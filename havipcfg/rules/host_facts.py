"""Facts of the machine at hand: users, interfaces, local addresses, files. Nothing is changed or run."""

from __future__ import annotations

import grp
import ipaddress
import os
import pwd
import re
import shutil
import stat
from contextlib import suppress
from functools import cache
from pathlib import Path

_DEVICES = Path("/sys/class/net")
_IPV4 = Path("/proc/net/fib_trie")
_IPV6 = Path("/proc/net/if_inet6")
_ROUTES = Path("/proc/net/route")
_PID_FILES = (Path("/run/keepalived.pid"), Path("/run/keepalived/keepalived.pid"))
_SEARCHED = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def interfaces() -> frozenset[str]:
    """The network interfaces of the machine."""
    try:
        return frozenset(device.name for device in _DEVICES.iterdir())
    except OSError:
        return frozenset()


def local_addresses() -> frozenset[str]:
    """The addresses of the machine, IPv4 as dotted quads, IPv6 in short form."""
    found: set[str] = set()
    with suppress(OSError):
        found.update(re.findall(r"\|-- ([0-9.]+)\n\s+/32 host LOCAL", _IPV4.read_text(encoding="ascii")))
    with suppress(OSError):
        for line in _IPV6.read_text(encoding="ascii").splitlines():
            found.add(str(ipaddress.IPv6Address(int(line.split()[0], 16))))
    return frozenset(found)


def subnets(interface: str) -> list[ipaddress.IPv4Network]:
    """The IPv4 networks that are reached on an interface without a gateway."""
    found = []
    try:
        lines = _ROUTES.read_text(encoding="ascii").splitlines()[1:]
    except OSError:
        return []
    for line in lines:
        name, destination, gateway, *_, mask = line.split()[:8]
        if name == interface and int(gateway, 16) == 0 and int(mask, 16):
            network = int.from_bytes(bytes.fromhex(destination), "little")
            length = bin(int(mask, 16)).count("1")
            found.append(ipaddress.IPv4Network((network, length), strict=False))
    return found


def keepalived_runs() -> bool:
    """Whether a keepalived runs on the machine, so that a virtual address may be up."""
    for file in _PID_FILES:
        try:
            os.kill(int(file.read_text(encoding="ascii")), 0)
        except (OSError, ValueError):
            continue
        return True
    return False


def user_exists(name: str) -> bool:
    """Whether the machine has an account of the name."""
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def group_exists(name: str) -> bool:
    """Whether the machine has a group of the name."""
    try:
        grp.getgrnam(name)
    except KeyError:
        return False
    return True


def located(program: str) -> str | None:
    """The file of a program, without directory looked for in the PATH of a service; None where it is not there."""
    if "/" in program:
        return program if Path(program).exists() else None
    return shutil.which(program, path=_SEARCHED)


def linked_directory(path: str) -> Path | None:
    """The first directory of an absolute path that is a symbolic link."""
    return next((parent for parent in reversed(Path(path).parents) if parent.is_symlink()), None)


@cache
def _insecure(path: Path, is_file: bool) -> str:
    try:
        found = path.stat()
    except OSError:
        return ""
    if found.st_uid != 0:
        return "does not belong to root"
    writable = found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    if writable and (is_file or not found.st_mode & stat.S_ISVTX):
        return "may be written to by " + ("everybody" if writable & stat.S_IWOTH else "its group")
    return ""


def insecure_part(path: str) -> tuple[Path, str] | None:
    """The part of an absolute path that somebody other than root may change, and why."""
    file = Path(path)
    for part in (*reversed(file.parents), file):
        reason = _insecure(part, part == file)
        if reason:
            return part, reason
    return None


def interpreter(path: str) -> str | None:
    """The program that the first line of a script names; None where it names none or cannot be read."""
    try:
        if not Path(path).is_file():
            return None
        with Path(path).open("rb") as file:
            first = file.readline(256)
    except OSError:
        return None
    words = first[2:].split() if first.startswith(b"#!") else []
    return words[0].decode("utf-8", "replace") if words else None

"""Which rehearsals exist on this machine, and how one is removed without a trace.

Every rehearsal has a directory below ``/run/havipcfg`` and namespaces whose names begin with its identifier, and holds
a lock on its directory for as long as it lives. The kernel releases the lock when the owner ends, however it ends, so
a directory that can be locked belongs to nobody, whatever became of its owner's process id. Removing one ends the
processes inside its namespaces (its own by construction), then the namespaces with all their interfaces, then the
directory. A live rehearsal ends through the same function.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import shutil
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from havipcfg.rehearsal.errors import NotPossibleHereError

ROOT = Path("/run/havipcfg")
NAMESPACES = Path("/run/netns")
MNT_DETACH = 2


@dataclass(frozen=True)
class Claim:
    """A rehearsal's place on this machine, held by ``lock``; processes that inherit ``lock`` hold it too."""

    identifier: str
    directory: Path
    lock: int

    def namespace(self, name: str) -> str:
        return f"{self.identifier}-{name}"

    def release(self) -> None:
        """Remove everything that belongs to this rehearsal, then the claim itself."""
        remove(self.identifier)
        with contextlib.suppress(OSError):
            os.close(self.lock)


def claim() -> Claim:
    """Remove what ended rehearsals left, and take a place for a new one."""
    with _registry():
        for identifier in abandoned():
            remove(identifier)
        identifier = f"hv{os.getpid()}x{secrets.token_hex(3)}"
        directory = ROOT / identifier
        directory.mkdir(mode=0o755)
        lock = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
        fcntl.flock(lock, fcntl.LOCK_EX)
        return Claim(identifier, directory, lock)


def abandoned(patience: float = 5.0) -> list[str]:
    """Identifiers of rehearsals whose owner is gone.

    A command that a killed owner had started, and what watched for it, hold the lock for some moments more: wait for
    them, up to ``patience`` seconds, where the process that the name speaks of is gone.
    """
    found = []
    for directory in sorted(ROOT.glob("hv*")):
        deadline = time.monotonic() + patience
        while not (free := _can_lock(directory)) and not _owner_exists(directory.name) and time.monotonic() < deadline:
            time.sleep(0.02)
        if free:
            found.append(directory.name)
    return found


def remove(identifier: str) -> None:
    """End the processes of a rehearsal and remove its namespaces, interfaces and files. May be repeated."""
    spaces = sorted(NAMESPACES.glob(f"{identifier}-*"))
    for space in spaces:
        end_processes(space)
    for space in spaces:
        _unmount(space)
        space.unlink(missing_ok=True)
    shutil.rmtree(ROOT / identifier, ignore_errors=True)


def processes(space: Path) -> list[int]:
    """Processes, oldest first, whose network namespace is the one mounted at ``space``."""
    try:
        wanted = space.stat()
    except OSError:
        return []
    inside = []
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                net = Path("/proc", entry.name, "ns/net").stat()
                if (net.st_dev, net.st_ino) == (wanted.st_dev, wanted.st_ino):
                    inside.append(int(entry.name))
    return sorted(inside, key=_age)


def end_processes(space: Path) -> None:
    """Kill all that runs in a namespace; stopped first: no parent restarts a child, no child says goodbye."""
    deadline = time.monotonic() + 10
    while (inside := processes(space)) and time.monotonic() < deadline:
        for number in (signal.SIGSTOP, signal.SIGKILL):
            signal_all(inside, number)
        time.sleep(0.005)


def signal_all(pids: list[int], number: int) -> None:
    """Send a signal to every process of the list that still exists."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


@contextlib.contextmanager
def _registry() -> Iterator[None]:
    try:
        ROOT.mkdir(mode=0o755, exist_ok=True)
        lock = os.open(ROOT, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise NotPossibleHereError(
            f"cannot use {ROOT}: {error.strerror}", "a rehearsal keeps its files there; make /run writable"
        ) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _can_lock(directory: Path) -> bool:
    try:
        descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True


def _owner_exists(identifier: str) -> bool:
    pid = identifier.removeprefix("hv").partition("x")[0]
    try:
        state = Path("/proc", pid, "stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return False
    return state not in "ZX"


def _age(pid: int) -> tuple[int, int]:
    try:
        started = int(Path("/proc", str(pid), "stat").read_text().rpartition(")")[2].split()[19])
    except (OSError, IndexError, ValueError):
        started = 0
    return started, pid


def _unmount(space: Path) -> None:
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    libc.umount2(os.fsencode(space), MNT_DETACH)

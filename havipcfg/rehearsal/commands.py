"""Short-lived commands of a rehearsal, and work done inside one of its namespaces."""

from __future__ import annotations

import contextlib
import ctypes
import os
import subprocess
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from havipcfg.rehearsal.errors import RehearsalError
from havipcfg.rehearsal.registry import NAMESPACES, Claim

CLONE_NEWNET = 0x40000000
URGENT = -10
REAL_TIME = 1
"""Nice value and real-time priority of the nodes and of what breaks them: a busy machine must not delay them."""
SECONDS_FOR_A_COMMAND = 30
SECONDS_TO_END = 5

T = TypeVar("T")


def run(claim: Claim, command: Sequence[str], text: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command to its end with ``text`` as its input.

    It inherits the claim's lock, so nobody takes the rehearsal for abandoned while the command still works on it.
    """
    return subprocess.run(
        command,
        input=text,
        capture_output=True,
        text=True,
        errors="replace",
        pass_fds=(claim.lock,),
        timeout=SECONDS_FOR_A_COMMAND,
        check=False,
    )


def ip(claim: Claim, lines: Iterable[str], namespace: str = "") -> None:
    """Run lines of the ``ip`` command in a namespace (of the claim's names), or in none.

    Raises RehearsalError with ip's own words when a line fails.
    """
    text = "\n".join(lines)
    if not text:
        return
    where = ["-n", claim.namespace(namespace)] if namespace else []
    done = run(claim, ["ip", *where, "-batch", "-"], text + "\n")
    if done.returncode:
        raise _ip_failed(done.stderr)


def _ip_failed(said: str) -> RehearsalError:
    return RehearsalError(
        f"ip could not set up the rehearsal's network: {'; '.join(said.splitlines()) or 'it ended'}",
        "the kernel must offer network namespaces, veth and bridge",
    )


class Batch:
    """A running ``ip -batch`` in a namespace of the claim: an event need not wait until a process has started."""

    def __init__(self, claim: Claim, namespace: str) -> None:
        self._process = subprocess.Popen(
            ["ip", "-o", "-n", claim.namespace(namespace), "-batch", "-"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            bufsize=1,
            pass_fds=(claim.lock,),
        )
        real_time(self._process.pid)

    def run(self, lines: Iterable[str]) -> None:
        """Run lines of the ``ip`` command; raises RehearsalError with ip's own words when one fails."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write("".join(f"{line}\n" for line in (*lines, "link show lo")))
        if not self._process.stdout.readline():
            assert self._process.stderr is not None
            raise _ip_failed(self._process.stderr.read())

    def close(self) -> None:
        """End it. May be repeated."""
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        try:
            self._process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def real_time(process: int) -> None:
    """Put a process and what it will start before all ordinary work, where the kernel grants it."""
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, process, URGENT)
        os.sched_setscheduler(process, os.SCHED_RR, os.sched_param(REAL_TIME))


def inside(claim: Claim, namespace: str, work: Callable[[], T]) -> T:
    """Do ``work`` in a thread that has entered a namespace of the claim, and return its result.

    Sockets that ``work`` opens stay in the namespace; the calling thread does not move.
    """
    results: list[T] = []
    errors: list[BaseException] = []

    def enter() -> None:
        try:
            descriptor = os.open(NAMESPACES / claim.namespace(namespace), os.O_RDONLY | os.O_CLOEXEC)
            try:
                libc = ctypes.CDLL(None, use_errno=True)
                if libc.setns(descriptor, CLONE_NEWNET):
                    number = ctypes.get_errno()
                    raise OSError(number, os.strerror(number), f"namespace {namespace}")
            finally:
                os.close(descriptor)
            results.append(work())
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=enter, name=f"inside-{namespace}")
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return results[0]

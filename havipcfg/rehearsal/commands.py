"""Short-lived commands of a rehearsal, and work done inside one of its namespaces."""

from __future__ import annotations

import ctypes
import os
import subprocess
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from havipcfg.rehearsal.errors import RehearsalError
from havipcfg.rehearsal.registry import NAMESPACES, Claim

CLONE_NEWNET = 0x40000000
SECONDS_FOR_A_COMMAND = 30

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
        raise RehearsalError(
            f"ip could not set up the rehearsal's network: {'; '.join(done.stderr.splitlines())}",
            "the kernel must offer network namespaces, veth and bridge",
        )


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

"""Clean up also when the process is told to end."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from types import FrameType

URGENT = -10
"""Nice value of a rehearsal: a busy machine must not delay an event."""
ENDING = (signal.SIGTERM, signal.SIGHUP)


class _ToldToEnd(BaseException):
    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.number = number


@contextlib.contextmanager
def ends_cleanly() -> Iterator[None]:
    """Within, SIGTERM and SIGHUP unwind the stack as Ctrl-C does, and then end the process as they would have.

    Only where nobody else has taken these signals, and only in the main thread, which alone may.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    taken = [number for number in ENDING if signal.getsignal(number) is signal.SIG_DFL]

    def unwind(number: int, _frame: FrameType | None) -> None:
        for each in taken:
            signal.signal(each, signal.SIG_IGN)
        raise _ToldToEnd(number)

    for number in taken:
        signal.signal(number, unwind)
    told = 0
    try:
        yield
    except _ToldToEnd as end:
        told = end.number
    finally:
        for number in taken:
            signal.signal(number, signal.SIG_DFL)
    if told:
        os.kill(os.getpid(), told)


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Within, Ctrl-C, SIGTERM and SIGHUP wait until the end."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    waiting: list[int] = []
    numbers: tuple[int, ...] = (signal.SIGINT, *ENDING)
    before = {number: signal.signal(number, lambda got, _frame: waiting.append(got)) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for number in waiting:
            signal.raise_signal(number)


@contextlib.contextmanager
def urgent() -> Iterator[None]:
    """Within, this thread and what it starts go before ordinary work, where the kernel grants it."""
    before = os.getpriority(os.PRIO_PROCESS, 0)
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, min(before, URGENT))
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, 0, before)

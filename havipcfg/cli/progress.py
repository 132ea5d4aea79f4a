"""What a person who waits sees: on a terminal, and only once some time has passed."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Iterator
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import rich.progress

PATIENCE = 0.5
"""Seconds without a word."""


@contextlib.contextmanager
def waiting(what: str) -> Iterator[None]:
    """Say on standard error what is being done and for how long, gone again when it is done.

    For work of which nobody knows how much there is. Nothing at all where standard error is no terminal.
    """
    if not sys.stderr.isatty():
        yield
        return
    done = threading.Event()

    def show() -> None:
        if done.wait(PATIENCE):
            return
        from rich.console import Console
        from rich.progress import Progress as Bar
        from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

        columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
        with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
            bar.add_task(what)
            done.wait()

    shown = threading.Thread(target=show)
    shown.start()
    try:
        yield
    finally:
        done.set()
        shown.join()


class Progress:
    """A bar on standard error, gone again when the work is done; nothing at all where that is no terminal."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._since = time.monotonic()
        self._bar: rich.progress.Progress | None = None
        self._wanted = sys.stderr.isatty()

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.stop()

    def show(self, done: int, total: int) -> None:
        """Say how far the work is."""
        if not self._wanted or (self._bar is None and time.monotonic() - self._since < PATIENCE):
            return
        if self._bar is None:
            from rich.console import Console
            from rich.progress import Progress as Bar

            self._bar = Bar(console=Console(stderr=True), transient=True)
            self._bar.add_task(self._what, total=total)
            self._bar.start()
        self._bar.update(self._bar.task_ids[0], completed=done)

"""Judging files in several processes.

The processes are forked once the sources are read, so that no text is copied, and each judges
its share of the files by itself. What comes back is small: findings, and the outlines by which this process
groups files into clusters exactly as a run in one process does. A cluster is then judged by the process that has most
of its files; shares are cut so that files with the same first virtual address stay together, and a
file that another process has is read once more.
"""

from __future__ import annotations

import io
import pickle
import re
import signal
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import TYPE_CHECKING, Any

from havipcfg.linter.judges import File, Here, Progress, Seat, Together
from havipcfg.source import Source
from havipcfg.syntax.parse import no_collection

if TYPE_CHECKING:
    from multiprocessing.context import ForkProcess

    from havipcfg.diagnostics import Diagnostic
    from havipcfg.linter.options import LintOptions

_FIRST_ADDRESS = re.compile(r"virtual_ipaddress\s*\{\s*([0-9a-fA-F.:]+)")
_KEPT_TOGETHER = 16
_STEP = 16


class WorkersError(Exception):
    """A process ended before its work was done, or none could be started."""


class Workers:
    """Judges in processes of their own, for the length of a ``with`` statement."""

    def __init__(self, sources: list[Source], options: LintOptions, count: int, progress: Progress | None) -> None:
        self._progress = progress
        self._channels: list[_Channel] = []
        self._worker_of: dict[int, int] = {}
        self._asked: dict[Seat, int] = {}
        self._processes: list[ForkProcess] = []
        self._total = len(sources)
        self._start(sources, options, shares(sources, count))

    def _start(self, sources: list[Source], options: LintOptions, parts: list[list[int]]) -> None:
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            context = get_context("fork")
            for number, part in enumerate(parts):
                ours, theirs = context.Pipe()
                self._channels.append(_Channel(ours, sources))
                inherited = [channel.connection for channel in self._channels]
                process = context.Process(
                    target=_work, args=(_Channel(theirs, sources), inherited, sources, options, part), daemon=True
                )
                process.start()
                theirs.close()
                self._processes.append(process)
                self._worker_of.update(dict.fromkeys(part, number))
        except (OSError, ValueError) as error:
            self._end()
            raise WorkersError(str(error)) from error
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end()

    def _end(self) -> None:
        for channel in self._channels:
            channel.connection.close()
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            process.join()

    def files(self) -> list[File]:
        found: dict[int, File] = {}
        done = 0
        waiting = {channel.connection: channel for channel in self._channels}
        while waiting:
            for ready in wait(list(waiting)):
                answer = waiting[ready].receive()  # type: ignore[index]
                if isinstance(answer, int):
                    done += answer
                    if self._progress is not None:
                        self._progress(done, self._total)
                else:
                    found.update(answer)
                    del waiting[ready]  # type: ignore[arg-type]
        return [found[index] for index in range(self._total)]

    def clusters(self, groups: list[list[Seat]]) -> list[Together]:
        work: list[list[int]] = [[] for _ in self._channels]
        for place, group in enumerate(groups):
            worker = Counter(self._worker_of[index] for index, _ in group).most_common(1)[0][0]
            work[worker].append(place)
            self._asked[group[0]] = worker
        for channel, places in zip(self._channels, work, strict=True):
            channel.send(("cluster", [(groups[place],) for place in places]))
        found: dict[int, Together] = {}
        for channel, places in zip(self._channels, work, strict=True):
            found.update(zip(places, channel.receive(), strict=True))
        return [found[place] for place in range(len(groups))]

    def verified(self, group: list[Seat], before: list[Diagnostic]) -> list[Diagnostic]:
        channel = self._channels[self._asked[group[0]]]
        channel.send(("verified", [(group, before)]))
        found: list[list[Diagnostic]] = channel.receive()
        return found[0]


def shares(sources: list[Source], count: int) -> list[list[int]]:
    """Divide sources, by their indices, into at most so many shares of about the same length of text."""
    alike: dict[object, list[int]] = {}
    for index, source in enumerate(sources):
        match = _FIRST_ADDRESS.search(source.text)
        alike.setdefault(match[1] if match else index, []).append(index)
    units = [unit for group in alike.values() for unit in ([group] if len(group) <= _KEPT_TOGETHER else _alone(group))]
    whole = sum(len(source.text) for source in sources) + 1
    found: list[list[int]] = [[] for _ in range(count)]
    taken = 0
    for unit in units:
        found[taken * count // whole] += unit
        taken += sum(len(sources[index].text) for index in unit)
    return [sorted(share) for share in found if share]


def _alone(group: Iterable[int]) -> list[list[int]]:
    return [[index] for index in group]


class _Channel:
    """A connection over which the sources of the run, which both ends have, travel as their numbers."""

    def __init__(self, connection: Connection, sources: list[Source]) -> None:
        self.connection = connection
        self.sources = sources
        self.numbers = {id(source): number for number, source in enumerate(sources)}

    def send(self, message: object) -> None:
        buffer = io.BytesIO()
        _Pickler(self, buffer).dump(message)
        try:
            self.connection.send_bytes(buffer.getbuffer())
        except OSError as error:
            raise WorkersError(str(error)) from error

    def receive(self) -> Any:
        """The next message; raises WorkersError where the other end is gone."""
        try:
            return _Unpickler(self, io.BytesIO(self.connection.recv_bytes())).load()
        except (EOFError, OSError) as error:
            raise WorkersError(str(error)) from error


class _Pickler(pickle.Pickler):
    def __init__(self, channel: _Channel, buffer: io.BytesIO) -> None:
        super().__init__(buffer, pickle.HIGHEST_PROTOCOL)
        self._numbers = channel.numbers

    def persistent_id(self, value: object) -> int | None:
        return self._numbers.get(id(value)) if type(value) is Source else None


class _Unpickler(pickle.Unpickler):
    def __init__(self, channel: _Channel, buffer: io.BytesIO) -> None:
        super().__init__(buffer)
        self._sources = channel.sources

    def persistent_load(self, number: int) -> Source:
        return self._sources[number]


def _work(
    channel: _Channel, inherited: list[Connection], sources: list[Source], options: LintOptions, share: list[int]
) -> None:
    """What a process does: judge its share, then whatever is asked for, until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    for connection in inherited:
        connection.close()
    with suppress(Exception), no_collection():  # a run in one process, which follows, says what it was
        judges = Here(sources, options)
        found = {}
        for index in share:
            found[index] = judges.file(index)
            if len(found) % _STEP == 0:
                channel.send(_STEP)
        channel.send(found)
        while True:
            method, calls = channel.receive()
            channel.send([getattr(judges, method)(*arguments) for arguments in calls])

"""The real command as a process: its streams caught, or on a terminal of its own."""

from __future__ import annotations

import errno
import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Iterable
from pathlib import Path
from select import select

from tests.conftest import ROOT

INTERRUPT = b"\x03"
COMMAND = (sys.executable, "-m", "havipcfg")


def environment(**changes: str) -> dict[str, str]:
    """Of a command anywhere: this checkout, 80 columns, and none of what asks for or forbids colour."""
    known = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR", "TERM")}
    return {**known, "PYTHONPATH": str(ROOT), "COLUMNS": "80", **changes}


def run(
    folder: Path, *arguments: str | Path | bytes, stdin: bytes | None = None, **changes: str
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*COMMAND, *arguments], cwd=folder, env=environment(**changes), input=stdin, capture_output=True, check=False
    )


def on_terminal(
    folder: Path, words: Iterable[str | Path], dialogue: Iterable[tuple[bytes, bytes]] = (), **changes: str
) -> tuple[int, bytes]:
    """The status of a command and what a terminal of 80 columns got from it.

    ``dialogue``: what is typed as soon as a pattern matches what has been shown since the last answer. An interrupt is
    pressed again and again until it is heard, because one that comes between a prompt and the read behind it is not.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    waiting, answer, seen = list(dialogue), b"", 0
    with subprocess.Popen(
        list(words), cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
        env=environment(**{"TERM": "xterm", **changes}),
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    ) as process:  # fmt: skip
        os.close(theirs)
        got = b""
        try:
            while True:
                if waiting and re.search(waiting[0][0], got[seen:]):
                    seen, answer = len(got), waiting.pop(0)[1]
                    os.write(ours, answer)
                if not select([ours], [], [], 0.5)[0]:
                    if answer == INTERRUPT:
                        os.write(ours, answer)
                    continue
                piece = os.read(ours, 65536)
                if not piece:
                    break
                got += piece
        except OSError as error:  # a terminal that all have left
            if error.errno != errno.EIO:
                raise
    os.close(ours)
    return process.returncode, got

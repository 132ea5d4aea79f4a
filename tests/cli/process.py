"""The real command as a process: its streams caught, or on a terminal of its own."""

from __future__ import annotations

import errno
import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from collections.abc import Iterable
from pathlib import Path
from select import select

from tests.conftest import ROOT

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
    folder: Path, words: Iterable[str | Path], *, typed: bytes = b"", after: bytes = b"", **changes: str
) -> tuple[int, bytes]:
    """The status of a command and what a terminal of 80 columns got from it.

    ``typed`` is typed all at once as soon as ``after`` has been shown; an interrupt again and again until
    it is heard, because one that comes between a prompt and the read behind it is not.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    with subprocess.Popen(
        list(words), cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
        env=environment(**{"TERM": "xterm", **changes}),
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    ) as process:  # fmt: skip
        os.close(theirs)
        got = pressed = b""
        try:
            while True:
                if typed and after in got:
                    os.write(ours, typed)
                    pressed, typed = typed, b""
                if not select([ours], [], [], 0.5)[0]:
                    if pressed == b"\x03":
                        os.write(ours, pressed)
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

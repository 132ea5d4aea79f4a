"""What goes to standard output, and how."""

from __future__ import annotations

import sys


def printed(text: str) -> bytes:
    """A text as it is printed: whole lines, and what is no character shown as an escape."""
    if text and not text.endswith("\n"):
        text += "\n"
    return text.encode("utf-8", "backslashreplace")


def show(data: bytes) -> None:
    """Write to standard output, at once."""
    sys.stdout.buffer.write(data)
    sys.stdout.flush()

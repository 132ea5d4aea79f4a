"""Where text comes from: files as read, and half-open spans of them.

Text is decoded as UTF-8 with ``surrogateescape``, so that every byte of a file has a
character and ``source.data`` gives the file back byte for byte. Lines end at LF only, as
keepalived reads them; lines and columns count from 1, columns in characters.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from errno import EFBIG
from pathlib import Path
from typing import BinaryIO

from havipcfg.once import once
from havipcfg.record import record

LARGEST = 16_000_000
"""Bytes; a configuration of 120,000 lines has three million."""
_AT_ONCE = 64 * 1024
"""Bytes asked for first: room for ``LARGEST`` is made for each file otherwise."""


class TooLargeError(OSError):
    """A file beyond what is read; worded for the user as any OSError is. ``begins`` is what was read of it."""

    def __init__(self, begins: bytes) -> None:
        super().__init__(EFBIG, f"not read: more than {LARGEST // 10**6} MB")
        self.begins = begins


@dataclass(eq=False, repr=False)
class Source:
    """A text with the name it is reported under.

    ``name`` is shown to people (a path as the user gave it, or ``<stdin>``); ``path`` is
    the file itself, or None where there is none to read or to write back.
    """

    name: str
    text: str
    path: Path | None = None

    @classmethod
    def from_bytes(cls, name: str, data: bytes, path: Path | None = None) -> Source:
        return cls(name, data.decode("utf-8", "surrogateescape"), path)

    @classmethod
    def read(cls, path: Path, name: str | None = None) -> Source:
        """Read a file; raises OSError as ``Path.read_bytes`` does, TooLargeError among them."""
        with open(path, "rb") as file:  # noqa: PTH123
            return cls.from_file(str(path) if name is None else name, file, path)

    @classmethod
    def from_file(cls, name: str, file: BinaryIO, path: Path | None = None) -> Source:
        """Read an open file, such as standard input, to its end; raises TooLargeError, with no more than that read."""
        data = file.read(_AT_ONCE)
        if len(data) == _AT_ONCE:
            data += file.read(LARGEST + 1 - _AT_ONCE)
        if len(data) > LARGEST:
            raise TooLargeError(data)
        return cls.from_bytes(name, data, path)

    @property
    def data(self) -> bytes:
        return self.text.encode("utf-8", "surrogateescape")

    @once
    def line_starts(self) -> list[int]:
        """Offset of the first character of every line."""
        starts = [0]
        find = self.text.find
        end = find("\n")
        while end != -1:
            starts.append(end + 1)
            end = find("\n", end + 1)
        return starts

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1, of a character offset."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def offset(self, line: int, column: int = 1) -> int:
        """Character offset of a line and column, both from 1; clamped to the text."""
        if line > len(self.line_starts):
            return len(self.text)
        return min(self.line_starts[line - 1] + column - 1, len(self.text))

    def line_text(self, line: int) -> str:
        """The line, counted from 1, without its line end; empty where there is none."""
        if not 1 <= line <= len(self.line_starts):
            return ""
        start = self.line_starts[line - 1]
        end = self.text.find("\n", start)
        return self.text[start : len(self.text) if end == -1 else end].rstrip("\r")

    def span(self, start: int, end: int) -> Span:
        return Span(self, start, end)

    def line_span(self, line: int) -> Span:
        """The line, counted from 1, without surrounding blanks."""
        text = self.line_text(line)
        start = self.offset(line) + len(text) - len(text.lstrip())
        return Span(self, start, start + len(text.strip()))


@record
class Span:
    """The characters ``start`` up to but not including ``end`` of one source."""

    source: Source = field(repr=False)
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    @property
    def file(self) -> str:
        return self.source.name

    @property
    def line(self) -> int:
        return self.source.position(self.start)[0]

    @property
    def column(self) -> int:
        return self.source.position(self.start)[1]

    @property
    def end_line(self) -> int:
        return self.source.position(self.end)[0]

    @property
    def end_column(self) -> int:
        return self.source.position(self.end)[1]

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

"""Raw lines of a file as keepalived's line buffer gives them: at most 1022 bytes, no NUL, no carriage return."""

from __future__ import annotations

from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator
from typing import NamedTuple

from havipcfg.diagnostics import Diagnostic
from havipcfg.source import Source
from havipcfg.syntax import problems

LONGEST = 1022
_BUFFER = LONGEST + 1
REPORTS_BAD_LINES = (2, 4, 0)

Report = Callable[[Diagnostic], None]


class RawLine(NamedTuple):
    """A line without its end; ``start`` and ``end`` are offsets of what stands in the source."""

    text: str
    start: int
    end: int


def raw_lines(source: Source, version: tuple[int, int, int], report: Report) -> Iterator[RawLine]:
    """The lines that keepalived goes on with, after its size limit and its handling of NUL bytes.

    Since 2.4.0 it reports and drops what does not fit or holds a NUL; before, it cuts a long
    line into several and a line with NUL at the NUL.
    """
    text = source.text
    position = 0
    size = len(text)
    ascii_only = text.isascii()
    has_nul = "\0" in text
    while position < size:
        end = text.find("\n", position)
        terminated = end != -1
        if not terminated:
            end = size
        line = text[position:end]
        length = len(line) if ascii_only or len(line) * 4 <= LONGEST else len(_bytes(line))
        if length > LONGEST:
            yield from _pieces(source, line, position, terminated, version, report)
        elif has_nul and "\0" in line:
            if version >= REPORTS_BAD_LINES and terminated:
                report(problems.nul_byte(source.span(position, end), dropped=True))
            else:
                report(problems.nul_byte(source.span(position, end), dropped=False))
                yield RawLine(line[: line.index("\0")], position, end)
        else:
            yield RawLine(line.rstrip("\r") if line[-1:] == "\r" else line, position, end)
        position = end + 1


def _bytes(line: str) -> bytes:
    return line.encode("utf-8", "surrogateescape")


def _pieces(
    source: Source, line: str, position: int, terminated: bool, version: tuple[int, int, int], report: Report
) -> Iterator[RawLine]:
    data = _bytes(line) + b"\n" * terminated
    drops = version >= REPORTS_BAD_LINES
    end = position + len(line)
    report(problems.line_too_long(source.span(position, end), len(data) - terminated, drops))
    before = after = 0
    decoder = getincrementaldecoder("utf-8")("surrogateescape")
    for start in range(0, len(data), _BUFFER):
        piece = data[start : start + _BUFFER]
        whole = len(piece) == _BUFFER and not piece.endswith(b"\n")
        before, after = after, after + len(decoder.decode(piece))
        if whole and drops:
            continue
        if b"\0" in piece:
            piece = piece[: piece.index(b"\0")]
        text = piece.decode("utf-8", "surrogateescape").rstrip("\r\n")
        yield RawLine(text, position + before, min(position + before + len(text), end))

"""Text of unknown origin as characters that are safe to show: no control codes, no undecodable bytes."""

from __future__ import annotations

_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def printable(text: str, keep: str = "") -> str:
    r"""Escape whatever a terminal, a log or XML would not show as itself, apart from ``keep``.

    Undecodable bytes (surrogate escapes) become ``\xff``, control characters ``\x1b`` or
    ``\n``, and invisible ones, such as a no-break space or a change of writing direction,
    ``\u202e``. What is printable stays, backslashes included.
    """
    if text.isprintable():
        return text
    return "".join(c if c in keep or c.isprintable() else _escaped(c) for c in text)


def one_line(text: str) -> str:
    """``printable`` for prose: line ends become spaces."""
    return printable(text.replace("\r\n", " ").replace("\n", " "))


def is_text(text: str) -> bool:
    """True where the text is Unicode that UTF-8 can carry: no surrogate in it."""
    return text.isascii() or not any("\ud800" <= c <= "\udfff" for c in text)


def _escaped(character: str) -> str:
    if character in _SHORT:
        return _SHORT[character]
    number = ord(character)
    if 0xDC80 <= number <= 0xDCFF:
        return f"\\x{number - 0xDC00:02x}"
    if number < 0x80:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"

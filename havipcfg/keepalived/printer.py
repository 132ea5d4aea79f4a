"""Typed blocks to text that keepalived reads back to the same blocks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from havipcfg.keepalived.conf import KeepalivedConf
from havipcfg.keepalived.declare import Block, Body, Entries, Named
from havipcfg.keepalived.reading import Keyword
from havipcfg.keepalived.version import NEWEST, Version
from havipcfg.syntax.reader import LONGEST

INDENT = "    "


def print_conf(conf: KeepalivedConf, target: Version = NEWEST) -> str:
    """The whole file: keywords in the order of declaration, a blank line between blocks.

    What was given is printed, defaults are not; a keyword that the target does not know yet under
    its own name is printed under an older one. Raises ValueError for a value that cannot be
    written, such as a word with a double quote, a backslash at the end of a line, or a line
    beyond keepalived's buffer.
    """
    lines: list[str] = []
    for keyword in printed(conf, target):
        for group in _keyword(conf, keyword, 0, target):
            if lines and (len(group) > 1 or lines[-1] == "}"):
                lines.append("")
            lines += group
    return _joined(lines)


def print_block(block: Block, indent: str = "") -> str:
    """The lines inside a block, without the line that opens it and the brace that closes it."""
    depth = len(indent) // len(INDENT)
    groups = (group for keyword in printed(block) for group in _keyword(block, keyword, depth, NEWEST))
    return _joined([line for group in groups for line in group])


def _joined(lines: list[str]) -> str:
    """The text of lines; raises ValueError for one that keepalived would cut or drop."""
    for line in lines:
        if len(line.encode("utf-8", "surrogateescape")) > LONGEST:
            raise ValueError(f"a line of more than {LONGEST} bytes: {line.strip()[:40]} …")
        if line.endswith("\\"):
            raise ValueError(f"a line that ends with a backslash goes on in the next: {line.strip()[:40]}")
    return "".join(f"{line}\n" for line in lines)


def printed(block: Block, target: Version = NEWEST) -> Iterator[Keyword]:
    """The keywords of a block that are written: those given, in the order of declaration."""
    given = block.given
    for keyword in block.keywords().values():
        if keyword.alias_of is None and keyword.field in given and getattr(block, keyword.field) is not None:
            yield keyword if keyword.known(target) else _older_name(block, keyword, target)


def _older_name(block: Block, keyword: Keyword, target: Version) -> Keyword:
    names = (other for other in block.keywords().values() if other.alias_of == keyword.field)
    return next((name for name in names if name.known(target)), keyword)


def _keyword(block: Block, keyword: Keyword, depth: int, target: Version) -> Iterator[list[str]]:
    """The lines of a keyword, in one group for each time it is written."""
    value = getattr(block, keyword.field)
    kind = keyword.kind
    indent = INDENT * depth
    if isinstance(kind, Body):
        for inner in value if isinstance(value, tuple) else (value,):
            if isinstance(kind, Named):
                yield _named(inner, keyword, kind, depth)
            else:
                yield _block(inner, keyword.name, depth, target)
    elif isinstance(kind, Entries):
        entries = [f"{indent}{INDENT}{' '.join(kind.entry.write(entry))}" for entry in value]
        yield [f"{indent}{keyword.name} {{", *entries, f"{indent}}}"]
    elif value is not False or kind.most != 0:
        for one in value if keyword.repeat == "adds" else (value,):
            yield [indent + " ".join([keyword.name, *kind.write(one)])]


def _opening(block: Block, name: str, depth: int) -> str:
    return f"{INDENT * depth}{' '.join((name, *header_words(block)))} {{"


def header_words(block: Block) -> list[str]:
    """The words after the keyword on the line that opens a block."""
    words: list[str] = []
    for field, header in block.headers().items():
        value: Any = getattr(block, field)
        if value is not None:
            words += header.kind.write(value)
    return words


def _block(block: Block, name: str, depth: int, target: Version) -> list[str]:
    lines = [_opening(block, name, depth)]
    for keyword in printed(block, target):
        for group in _keyword(block, keyword, depth + 1, target):
            lines += group
    return [*lines, f"{INDENT * depth}}}"]


def _named(block: Block, keyword: Keyword, kind: Named, depth: int) -> list[str]:
    indent = INDENT * depth
    entries = [f"{indent}{INDENT}{' '.join(kind.entry.write(entry))}" for entry in getattr(block, kind.entries)]
    return [_opening(block, keyword.name, depth), *entries, f"{indent}}}"]

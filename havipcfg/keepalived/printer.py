"""Typed blocks to the text of a keepalived.conf that reads back as the same blocks.

Keywords come in the order of their declarations; definitions come before what uses them,
because keepalived looks names up while it reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from havipcfg.keepalived.conf import KeepalivedConf
from havipcfg.keepalived.declare import Block, Body, Entries, Keyword
from havipcfg.keepalived.entries import Entry
from havipcfg.keepalived.values import quoted

_FIRST = (
    "global_defs",
    "track_group",
    "track_file",
    "vrrp_track_file",
    "vrrp_script",
    "vrrp_track_process",
    "bfd_instance",
)
_INDENT = "    "


def print_conf(conf: KeepalivedConf) -> str:
    """The text of a whole file, a blank line between blocks.

    Raises ValueError for a value that cannot be written, such as one with a double quote.
    """
    keywords = conf.keywords()
    order = [*_FIRST, *(name for name in keywords if name not in _FIRST)]
    parts: list[str] = []
    settings: list[str] = []
    for name in order:
        if not conf.has(keywords[name].field):
            continue
        lines = list(_lines(keywords[name], getattr(conf, keywords[name].field), ""))
        if lines and lines[-1] == "}":
            parts += _blocks(lines)
        else:
            settings += lines
    return "\n\n".join(["\n".join(settings), *parts] if settings else parts) + "\n"


def print_block(block: Block, indent: str = "") -> str:
    """The lines inside a block, without the line that opens it and the brace that closes it."""
    return "".join(f"{line}\n" for line in _inside(block, indent))


def _inside(block: Block, indent: str) -> Iterator[str]:
    for keyword in block.keywords().values():
        if block.has(keyword.field):
            yield from _lines(keyword, getattr(block, keyword.field), indent)


def _lines(keyword: Keyword, value: Any, indent: str) -> Iterator[str]:
    if keyword.alias_of is not None:
        return
    kind = keyword.kind
    if isinstance(kind, Body):
        for block in value if isinstance(value, tuple) else (value,):
            header = [
                word for field, each in block.headers().items() for word in each.kind.write(getattr(block, field))
            ]
            yield indent + " ".join([keyword.name, *header]) + " {"
            yield from _inside(block, indent + _INDENT)
            yield indent + "}"
    elif isinstance(kind, Entries):
        yield f"{indent}{keyword.name} {{"
        for entry in value:
            yield indent + _INDENT + " ".join(_entry(kind, entry))
        yield indent + "}"
    elif keyword.repeat == "adds" and isinstance(value, tuple):
        for each in value:
            yield indent + " ".join([keyword.name, *kind.write(each)])
    elif value is not False or kind.write(False):
        yield indent + " ".join([keyword.name, *kind.write(value)])


def _entry(kind: Entries, entry: Any) -> list[str]:
    return [quoted(word) for word in entry.words()] if isinstance(entry, Entry) else kind.entry.write(entry)


def _blocks(lines: list[str]) -> Iterator[str]:
    """Cut lines into their outermost blocks."""
    block: list[str] = []
    for line in lines:
        block.append(line)
        if line == "}":
            yield "\n".join(block)
            block = []

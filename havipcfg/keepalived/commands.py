"""The command lines of a configuration, wherever they stand."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from havipcfg.keepalived.declare import Block
from havipcfg.keepalived.entries import ScriptCommand
from havipcfg.keepalived.scripts import Script
from havipcfg.source import Span
from havipcfg.syntax.statement import Statement


class Command(NamedTuple):
    """A command line, and the keyword and block it stands in."""

    block: Block
    keyword: str
    command: ScriptCommand

    @property
    def place(self) -> Statement | None:
        return self.block.place(self.keyword)

    @property
    def span(self) -> Span:
        """The command line itself, quotes included."""
        place = self.place
        words = place.words if place is not None else []
        if place is None or not _opens(words):
            return self.block.at(self.keyword, 1)
        last = next((number for number, word in enumerate(words[1:], 1) if word.endswith("'")), 1)
        return place.words_span(1, last)

    @property
    def text(self) -> str:
        """The command line as written, without its quotes."""
        words = self.place.words if self.place is not None else []
        if self.place is not None and _opens(words):
            return self.span.text.strip("'")
        return words[1] if len(words) > 1 else ""

    @property
    def user(self) -> str | None:
        """The user that the command's own line or block names."""
        own = getattr(self.block, "user", None)
        return self.command.user or getattr(own, "user", own)

    @property
    def is_file_test(self) -> bool:
        """Whether it is ``</path``, which keepalived does itself."""
        return self.command.program.startswith("<")


def _opens(words: list[str]) -> bool:
    """Whether single quotes hold the command line together."""
    return len(words) > 2 and words[1].startswith("'") and not words[1].endswith("'")


def commands(block: Block) -> Iterator[Command]:
    """The command lines of a block and of all blocks in it, in the order of the declarations."""
    for inner in block.blocks():
        for name in _fields(type(inner)):  # type: ignore[arg-type]
            if name in inner.given:
                value = getattr(inner, name)
                if isinstance(value, ScriptCommand) and value.argv:
                    yield Command(inner, name, value)


@cache
def _fields(block: type[Block]) -> tuple[str, ...]:
    return tuple(name for name, each in block.declared().items() if isinstance(each.keyword.kind, Script))

"""The keyword reference: what the declarations say, as text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from havipcfg.keepalived.conf import KeepalivedConf
from havipcfg.keepalived.declare import Block, Body, Entries
from havipcfg.keepalived.reading import ANCIENT, UNSET, Keyword, Kind

_REPEAT = {
    "last": "the last line counts",
    "first": "the first line counts, and keepalived reports the second",
    "replaced": "the last line counts, and keepalived reports it",
    "adds": "every line counts",
    "keeps first": "the first line counts",
    "largest": "the largest value counts",
    "merges": "a second block goes on with the first",
}
_MISSING = {
    "fatal": "keepalived exits",
    "reported": "keepalived reports and ignores the line",
    "silent": "keepalived ignores the line",
    "crash": "keepalived crashes",
}


@dataclass(frozen=True, slots=True)
class Described:
    """A keyword at one place: the blocks that lead to it, outermost first, and its declaration."""

    blocks: tuple[str, ...]
    keyword: Keyword
    default: Any

    @property
    def name(self) -> str:
        return self.keyword.name

    @property
    def place(self) -> str:
        """Where it stands, such as ``vrrp_instance { authentication``."""
        return " { ".join(self.blocks)

    @property
    def form(self) -> str:
        """How it is written, such as ``priority 1..255``."""
        return _form(self.keyword.name, self.keyword.kind)

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What is known besides form and meaning, each with its name, as markdown."""
        keyword = self.keyword
        found: list[tuple[str, str]] = []
        if keyword.unit:
            found.append(("Unit", keyword.unit))
        default = keyword.default_note or _value(self.default, keyword.kind)
        if default:
            found.append(("Default", default))
        if keyword.required:
            found.append(("Required", "yes"))
        if keyword.kind.least and not isinstance(keyword.kind, (Body, Entries)):
            without = _MISSING[keyword.missing] if keyword.absent == UNSET else f"keepalived uses `{keyword.absent}`"
            found.append(("Without a value", without))
        if keyword.beyond != UNSET:
            found.append(("With a bad value", f"keepalived uses `{keyword.beyond}`"))
        if keyword.kind.most != 0 or isinstance(keyword.kind, (Body, Entries)):
            merged = isinstance(keyword.kind, Body) and keyword.repeat == "last"
            found.append(("Given twice", _REPEAT["merges" if merged else keyword.repeat]))
        if keyword.since > ANCIENT:
            found.append(("Since", str(keyword.since)))
        if keyword.removed:
            found.append(("Removed in", str(keyword.removed)))
        if keyword.deprecated is not None:
            reported = ", and keepalived reports it" if keyword.deprecation_reported else ""
            found.append(("Deprecated", f"use {keyword.deprecated}{reported}" if keyword.deprecated else "yes"))
        found += [(f"Before {version}", _changes(keyword, changes)) for version, changes in keyword.until.items()]
        if keyword.builds:
            found.append(("Needs a build with", ", ".join(keyword.builds)))
        if keyword.unbuilt:
            found.append(("In usual builds", "unknown"))
        found.append(("Read by", keyword.scope))
        return found

    @property
    def markdown(self) -> str:
        """A section of its own."""
        where = f"In `{self.place}`. " if self.blocks else "At the top level. "
        facts = "".join(f"- {name}: {text}\n" for name, text in self.facts)
        return f"### {self.name}\n\n{where}{self.keyword.doc}\n\n```\n{self.form}\n```\n\n{facts}"


def describe(keyword: str) -> list[Described]:
    """Every place where a keyword is known, outermost first; empty for a word that is no keyword."""
    return [entry for entry in entries() if entry.name == keyword]


def names() -> set[str]:
    """Every keyword there is."""
    return {entry.name for entry in entries()}


@cache
def entries() -> tuple[Described, ...]:
    """Every keyword at every place, in the order of declaration."""
    return tuple(_walk(KeepalivedConf, ()))


def pages() -> dict[Path, str]:
    """The pages of docs/keywords/: one for each block of the top level, one for the rest, and an index."""
    found: dict[str, list[Described]] = {}
    for entry in entries():
        opens = isinstance(entry.keyword.kind, (Body, Entries)) and not entry.blocks
        found.setdefault(entry.blocks[0] if entry.blocks else entry.name if opens else "top-level", []).append(entry)
    index = "".join(f"- [{name}]({name}.md): {_title(name, described)}\n" for name, described in sorted(found.items()))
    made = {Path("keywords", "README.md"): f"# Keywords of keepalived.conf\n\nOne page for each block.\n\n{index}"}
    for name, described in found.items():
        sections = "\n".join(entry.markdown for entry in described)
        made[Path("keywords", f"{name}.md")] = f"# {name}\n\n{_title(name, described)}\n\n{sections}"
    return made


def _title(name: str, described: list[Described]) -> str:
    return described[0].keyword.doc if described[0].name == name else "Settings outside every block."


def _walk(block: type[Block], blocks: tuple[str, ...]) -> Iterator[Described]:
    for keyword in block.keywords().values():
        yield Described(blocks, keyword, block.defaults()[keyword.field])
        if isinstance(keyword.kind, Body) and keyword.name not in blocks:
            yield from _walk(keyword.kind.block, (*blocks, keyword.name))


def _form(name: str, kind: Kind) -> str:
    if isinstance(kind, Body):
        header = [field.kind.describe() for field in kind.block.headers().values()]
        return " ".join([name, *header, kind.describe()])
    return f"{name} {kind.describe()}".rstrip()


def _value(value: Any, kind: Kind) -> str:
    if value is None or value == () or isinstance(kind, (Body, Entries)):
        return ""
    if isinstance(value, bool):
        return "on" if value else "off"
    words = kind.write(value)
    return f"`{' '.join(words)}`" if words else ""


def _changes(keyword: Keyword, changes: Any) -> str:
    texts = []
    for name, value in changes.items():
        if name == "kind":
            texts.append(f"`{_form(keyword.name, value)}`")
        elif name == "repeat":
            texts.append(f"given twice, {_REPEAT[value]}")
        elif name == "surplus":
            texts.append("keepalived reports surplus words" if value else "keepalived ignores surplus words")
        elif name == "unbuilt":
            texts.append("in usual builds" if not value else "not in usual builds")
        elif name == "missing":
            texts.append(f"without a value {_MISSING[value]}")
        else:
            texts.append(f"{name.replace('_', ' ')} {value}")
    return "; ".join(texts)

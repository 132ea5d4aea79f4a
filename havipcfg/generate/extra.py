"""Further keepalived keywords of a cluster.yaml: from YAML values to typed values, checked by the typed model.

``true`` and null give a keyword without value, a scalar its value, a list one line each (in
the block of a keyword that opens a block of values), a mapping a nested block. A key of the
outermost level may hold a block's name too: ``vrrp_script my_check: {…}``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from havipcfg.keepalived.bind import Binder
from havipcfg.keepalived.declare import Block, Body, Entries
from havipcfg.source import Source
from havipcfg.syntax.parse import parse

if TYPE_CHECKING:
    from havipcfg.diagnostics import Diagnostic
    from havipcfg.keepalived.version import Version

B = TypeVar("B", bound=Block)


def bound(block: type[B], values: Mapping[str, Any], target: Version) -> tuple[B, list[Diagnostic]]:
    """The values as a block of that type, and what is wrong with them for the target version.

    The diagnostics point into a text made for the purpose: only their wording is for users.
    """
    text = "\n".join(_lines(block, values)) + "\n"
    binder = Binder(target)
    return binder.block(block, None, parse(Source("extra", text)).statements), binder.problems


def merged(block: B, extra: Block) -> B:
    """The block with the keywords of ``extra`` added, or in place of its own where only one can be."""
    keywords = type(block).keywords().values()
    changes: dict[str, Any] = {}
    for keyword in keywords:
        if not extra.has(keyword.field):
            continue
        mine, more = getattr(block, keyword.field), getattr(extra, keyword.field)
        if isinstance(mine, Block) and isinstance(more, Block):
            changes[keyword.field] = merged(mine, more)
        elif keyword.repeat == "adds" and isinstance(more, tuple):
            changes[keyword.field] = (*(mine or ()), *more)
        else:
            changes[keyword.field] = more
    fields = {name: getattr(block, name) for name in block.given}
    return type(block).bound({**fields, **changes}, None, {}, [])


def _lines(block: type[Block], values: Mapping[str, Any]) -> Iterator[str]:
    keywords = block.keywords()
    for key, value in values.items():
        declared = keywords.get(key.split(" ", 1)[0])
        kind = declared.kind if declared is not None else None
        if isinstance(value, Mapping):
            yield f"{key} {{"
            inner = kind.block if isinstance(kind, Body) else Block
            yield from (f"    {line}" for line in _lines(inner, value))
            yield "}"
        elif isinstance(kind, Entries):
            yield f"{key} {{"
            yield from (f"    {_text(entry)}" for entry in (value if isinstance(value, list) else [value]))
            yield "}"
        elif isinstance(value, list):
            for each in value:
                yield from _lines(block, {key: each})
        elif value is None or value is True:
            yield key
        else:
            yield f"{key} {_text(value)}"


def _text(value: object) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)

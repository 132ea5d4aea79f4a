"""What one configuration has that another has not, as keywords for ``extra:``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from havipcfg.generator.extra import written_keyword
from havipcfg.keepalived.declare import Block, Body, Entries
from havipcfg.keepalived.printer import header_words
from havipcfg.keepalived.reading import Keyword

KNOWN = ("vrrp_instance", "vrrp_sync_group", "vrrp_script")
"""Blocks that cluster.yaml has places of its own for."""


def residue(made: Block, wanted: Block, leave_out: tuple[str, ...] = (), *, skip_known: bool = False) -> dict[str, Any]:
    """The values of ``extra:`` that turn one block into the other, but for the keywords left out.

    ``skip_known``: of blocks of instances, groups and scripts only those that one side lacks.
    """
    found: dict[str, Any] = {}
    for keyword in type(wanted).keywords().values():
        if keyword.alias_of is not None or keyword.name in leave_out or keyword.secret:
            continue
        mine, theirs = getattr(made, keyword.field), getattr(wanted, keyword.field)
        if skip_known and keyword.name in KNOWN:
            found.update(_lacking(keyword, mine or (), theirs or ()))
        elif mine != theirs:
            found.update(_keyword(keyword, mine, theirs))
    return found


def blocks_residue(made: Block, wanted: Block) -> dict[tuple[str, str], dict[str, Any]]:
    """For each instance, group and script of both sides, the values of its ``extra:``."""
    found = {}
    for keyword in type(wanted).keywords().values():
        if keyword.name in KNOWN and keyword.alias_of is None:
            mine = {each.name: each for each in getattr(made, keyword.field) or ()}
            for each in getattr(wanted, keyword.field) or ():
                if each.name in mine:
                    found[keyword.name, each.name] = residue(mine[each.name], each)
    return found


def _lacking(keyword: Keyword, mine: tuple[Any, ...], theirs: tuple[Any, ...]) -> Iterator[tuple[str, Any]]:
    have, want = {each.name for each in mine}, {each.name for each in theirs}
    for each in theirs:
        if each.name not in have:
            yield from written_keyword(keyword, (each,))
    for each in mine:
        if each.name not in want:
            yield " ".join((keyword.name, *header_words(each))), False


def _keyword(keyword: Keyword, mine: Any, theirs: Any) -> Iterator[tuple[str, Any]]:
    kind = keyword.kind
    if isinstance(mine, Block) and isinstance(theirs, Block):
        values = residue(mine, theirs)
        if values:
            yield keyword.name, values
    elif isinstance(kind, Body):
        if theirs:
            found: dict[str, Any] = {}
            for key, value in written_keyword(keyword, theirs):
                found[key] = value if key not in found else [*_listed(found[key]), value]
            yield from found.items()
        elif mine:
            yield keyword.name, False
    elif isinstance(kind, Entries) or (keyword.repeat == "adds" and isinstance(theirs, tuple)):
        yield from _entries(keyword, tuple(mine or ()), tuple(theirs or ()))
    elif theirs is None or theirs is False:
        yield keyword.name, False
    else:
        yield from written_keyword(keyword, theirs)


def _entries(keyword: Keyword, mine: tuple[Any, ...], theirs: tuple[Any, ...]) -> Iterator[tuple[str, Any]]:
    if len(mine) == len(theirs) and all(each in theirs for each in mine):
        return
    added = [each for each in theirs if each not in mine]
    keeps = all(each in theirs for each in mine)
    values = [value for _, each in _written(keyword, tuple(added) if keeps else theirs) for value in _listed(each)]
    if keeps:
        yield keyword.name, values
    else:
        yield keyword.name, [False, *values] if values else False


def _written(keyword: Keyword, entries: tuple[Any, ...]) -> list[tuple[str, Any]]:
    return list(written_keyword(keyword, entries)) if entries else []


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]

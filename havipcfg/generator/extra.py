"""Further keepalived keywords of a cluster.yaml: from YAML values to typed values, and back.

``true`` and null give a keyword without value, a scalar its value, a list one line each (in
the block of a keyword that opens a block of values), a mapping a nested block. A key of the
outermost level may hold a block's name too: ``vrrp_script my_check: {…}``. ``false`` takes
away what would stand there otherwise (but is the value ``false`` for a keyword that is on or
off); a list that begins with it takes the place of what would stand there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from havipcfg.keepalived.bind import Binder
from havipcfg.keepalived.declare import Block, Body, Entries, Named
from havipcfg.keepalived.explain import placed
from havipcfg.keepalived.printer import header_words, printed
from havipcfg.keepalived.reading import Keyword
from havipcfg.keepalived.values import Bool
from havipcfg.source import Source
from havipcfg.syntax.parse import Options, parse

if TYPE_CHECKING:
    from havipcfg.keepalived.version import Version

B = TypeVar("B", bound=Block)


class Problem(NamedTuple):
    """Something wrong with a value: the keys that lead to it, and what to say of it."""

    path: tuple[str | int, ...]
    message: str


_COMMENT = re.compile(r'(?:[^"#!]|"[^"]*")*')
_OWN_DEFINITION = re.compile(r"\$\{?_[A-Z]+")


def bound(block: type[B], values: Mapping[str, Any], target: Version) -> tuple[B, list[Problem]]:
    """The values as a block of that type, and what is wrong with them for the target version."""
    problems: list[Problem] = []
    lines = list(_lines(block, _shaped(block, values, (), problems), ()))
    text = "".join(f"{line}\n" for line, _ in lines)
    binder = Binder(target)
    document = parse(Source("extra", text), Options(version=(target.major, target.minor, target.patch), includes=False))
    made = binder.block(block, None, document.statements)
    paths = [path for line, path in lines for _ in range(line.count("\n") + 1)]
    problems += [
        Problem(paths[text.count("\n", 0, each.span.start)], "; ".join(filter(None, (each.message, each.advice))))
        for each in map(placed, (*document.problems, *binder.problems.complete()))
    ]
    for line, path in lines:
        kept = _COMMENT.match(line)
        if kept is not None and kept.end() < len(line) and line[kept.end()] != '"':
            problems.append(
                Problem(path, f"keepalived takes {line[kept.end() :]} for a comment; write it in double quotes")
            )
        own = _OWN_DEFINITION.search(line)
        if own is not None:
            problems.append(Problem(path, f"keepalived puts a value of its own in the place of {own[0]}"))
    return made, list({each.path: each for each in reversed(problems)}.values())[::-1]


def _shaped(
    block: type[Block], values: Mapping[str, Any], path: tuple[str | int, ...], problems: list[Problem]
) -> dict[str, Any]:
    """The values without those that are a mapping where a value belongs, or the other way round."""
    kept: dict[str, Any] = {}
    for key, value in values.items():
        declared = block.keywords().get(key.split(" ", 1)[0])
        kind, here = declared.kind if declared is not None else None, (*path, key)
        if isinstance(kind, Body):
            nested = isinstance(value, list) and all(isinstance(each, Mapping) for each in value)
            named = isinstance(kind, Named) and isinstance(value, list)
            if isinstance(value, Mapping):
                kept[key] = _shaped(kind.block, value, here, problems)
            elif value is False or nested or named:
                kept[key] = value
            else:
                problems.append(Problem(here, f"{key} is a block: a mapping is expected"))
        elif isinstance(value, Mapping) and kind is not None and not isinstance(kind, Entries):
            problems.append(Problem(here, f"{key} is no block: a value is expected, not a mapping"))
        else:
            kept[key] = value
    return kept


def applied(block: B, values: Mapping[str, Any], target: Version) -> tuple[B, list[Problem]]:
    """The block with further keywords added and those that are ``false`` taken away; problems as ``bound``."""
    extra, problems = bound(type(block), values, target)
    return merged(without(block, values), extra), problems


def without(block: B, values: Mapping[str, Any]) -> B:
    """The block without the keywords that the values take away."""
    fields = {name: getattr(block, name) for name in block.given}
    for key, value in values.items():
        keyword = block.keywords().get(key.split(" ", 1)[0])
        if keyword is None or keyword.field not in fields or isinstance(keyword.kind, Bool):
            continue
        here = fields[keyword.field]
        if isinstance(value, list) and value[:1] == [False]:
            del fields[keyword.field]
        elif isinstance(here, tuple) and isinstance(keyword.kind, Body):
            if value is False or isinstance(value, Mapping):
                fields[keyword.field] = tuple(_without_in(here, keyword, key, value))
        elif value is False:
            del fields[keyword.field]
        elif isinstance(here, Block) and isinstance(value, Mapping):
            fields[keyword.field] = without(here, value)
    return type(block).bound(fields, None, {}, [])


def _without_in(blocks: tuple[Block, ...], keyword: Keyword, key: str, value: Any) -> Iterator[Block]:
    for each in blocks:
        if " ".join((keyword.name, *header_words(each))) != key:
            yield each
        elif value is not False:
            yield without(each, value)


def merged(block: B, extra: Block) -> B:
    """The block with the keywords of ``extra`` added, or in place of its own where only one can be.

    A block of the same name as one that is there is merged into it.
    """
    keywords = type(block).keywords().values()
    changes: dict[str, Any] = {}
    for keyword in keywords:
        if not extra.has(keyword.field) or keyword.alias_of is not None:
            continue
        mine, more = getattr(block, keyword.field), getattr(extra, keyword.field)
        if isinstance(mine, Block) and isinstance(more, Block):
            changes[keyword.field] = merged(mine, more)
        elif keyword.unique or keyword.name in ("vrrp_script", "track_file", "vrrp_track_process"):
            changes[keyword.field] = _joined(mine or (), more)
        elif keyword.repeat == "adds" and isinstance(more, tuple):
            changes[keyword.field] = (*(mine or ()), *more)
        else:
            changes[keyword.field] = more
    fields = {name: getattr(block, name) for name in block.given}
    return type(block).bound({**fields, **changes}, None, {}, [])


def _joined(mine: tuple[Any, ...], more: tuple[Any, ...]) -> tuple[Any, ...]:
    if not all(isinstance(each, Block) for each in (*mine, *more)):
        return (*mine, *more)
    found = {tuple(header_words(each)): each for each in mine}
    for each in more:
        name = tuple(header_words(each))
        found[name] = merged(found[name], each) if name in found else each
    return tuple(found.values())


def written(block: Block) -> dict[str, Any]:
    """The values that ``bound`` makes the block of: what stands under ``extra:`` for it, secrets left out."""
    found: dict[str, Any] = {}
    for keyword in printed(block):
        if keyword.secret:
            continue
        for key, value in written_keyword(keyword, getattr(block, keyword.field)):
            if key in found:
                before = found[key] if isinstance(found[key], list) else [found[key]]
                found[key] = [*before, value]
            else:
                found[key] = value
    return found


def written_keyword(keyword: Keyword, value: Any) -> Iterator[tuple[str, Any]]:
    """A keyword as keys and values of ``extra:``, one pair for each time it is written."""
    kind = keyword.kind
    if isinstance(kind, Body):
        for inner in value if isinstance(value, tuple) else (value,):
            key = " ".join((keyword.name, *header_words(inner)))
            if isinstance(kind, Named):
                yield key, [scalar(" ".join(kind.entry.write(entry))) for entry in getattr(inner, kind.entries)]
            else:
                yield key, written(inner)
    elif isinstance(kind, Entries):
        if value:
            yield keyword.name, [scalar(" ".join(kind.entry.write(entry))) for entry in value]
    elif isinstance(kind, Bool):
        yield keyword.name, bool(value)
    elif value is not False or kind.most != 0:
        for one in value if keyword.repeat == "adds" and isinstance(value, tuple) else (value,):
            words = kind.write(one)
            yield keyword.name, scalar(" ".join(words)) if words else True


def scalar(text: str) -> str | int:
    """A whole number as such, everything else as text."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 and str(int(text)) == text else text


def _lines(
    block: type[Block], values: Mapping[str, Any], path: tuple[str | int, ...]
) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """The lines of the values, each with the keys that lead to it."""
    keywords = block.keywords()
    for key, value in values.items():
        here = (*path, key)
        declared = keywords.get(key.split(" ", 1)[0])
        kind = declared.kind if declared is not None else None
        if value is False and kind is not None and not isinstance(kind, Bool):
            continue
        each_at = list(enumerate(value)) if isinstance(value, list) else []
        if value is not None and each_at[:1] == [(0, False)]:
            del each_at[0]
        if isinstance(value, Mapping):
            yield f"{key} {{", here
            yield from _lines(kind.block if isinstance(kind, Body) else Block, value, here)
            yield "}", here
        elif isinstance(kind, Entries) or (isinstance(kind, Named) and isinstance(value, list)):
            yield f"{key} {{", here
            if isinstance(value, list):
                yield from ((_text(entry), (*here, index)) for index, entry in each_at)
            else:
                yield _text(value), here
            yield "}", here
        elif isinstance(value, list):
            for index, each in each_at:
                yield from ((line, (*here, index)) for line, _ in _lines(block, {key: each}, ()))
        elif value is None or value is True:
            yield key, here
        else:
            yield f"{key} {_text(value)}", here


def _text(value: object) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)

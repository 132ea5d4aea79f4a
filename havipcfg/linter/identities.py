"""Ids of ``@id`` lines that name no node: one of them is misspelt where two ids together have what each other node has.

A misspelt id would read as one more node, which lacks all that the file says of the others. So its lines are judged as
those of the node that is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import NamedTuple

from havipcfg.diagnostics import Edit, Fix, Label
from havipcfg.findings import ERROR, Finding, diagnosis
from havipcfg.source import Source, Span

ALIKE = 0.6
"""How alike two ids are, at least, of which one may be the other misspelt."""
MUCH_RARER = 2
"""An id with so many times fewer lines than another one may be that one also where they are not alike."""
_LINE = re.compile(r"^[ \t]*(@(\^?)(\S+)[ \t]+)?([^\n#!]*)", re.MULTILINE)
_WORD = re.compile(r"[A-Za-z_$][\w$]*(?![\w.:])")


class Marked(NamedTuple):
    """A line for, or not for, the node of an id: where the id stands, and what kind of line it is."""

    place: Span
    kind: tuple[bool, tuple[str, ...], str]


class Wrong(NamedTuple):
    """The id that is meant by another one, and the lines that bear it."""

    meant: str
    lines: list[Marked]


Misspelt = dict[str, Wrong]
_Ids = dict[str, list[Marked]]


def _marked(sources: Iterable[Source]) -> _Ids:
    """The lines that are marked with ids, by id."""
    found: _Ids = {}
    for source in sources:
        blocks: list[str] = []
        for line in _LINE.finditer(source.text):
            mark, differs, name, rest = line.groups()
            if mark:
                word = _WORD.match(rest)
                kind = (not differs, tuple(blocks), word[0] if word else "")
                start = line.end(2)
                found.setdefault(name, []).append(Marked(Span(source, start, start + len(name)), kind))
            for brace in re.findall(r"[{}]", rest):
                if brace == "{":
                    blocks.append(rest.split("{")[0].strip())
                elif blocks:
                    blocks.pop()
    return found


def misspelt(sources: Iterable[Source]) -> Misspelt:
    """The ids in the files of a node that name no node."""
    ids = _marked(sources)
    kinds = {name: {line.kind for line in lines} for name, lines in ids.items()}
    found: Misspelt = {}
    for name in kinds:
        meant = max(
            (other for other in kinds if other not in found and _is_of(name, other, ids, kinds)),
            key=lambda other: _alike(name, other),
            default=None,
        )
        if meant is not None:
            found[name] = Wrong(meant, ids[name])
    return found


def _is_of(name: str, other: str, ids: _Ids, kinds: dict[str, set[tuple[bool, tuple[str, ...], str]]]) -> bool:
    """Whether the lines of one id are just those that another one lacks."""
    if name == other or kinds[name] & kinds[other] or len(ids[name]) >= len(ids[other]):
        return False
    if _alike(name, other) < ALIKE and len(ids[name]) * MUCH_RARER > len(ids[other]):
        return False
    both = kinds[name] | kinds[other]
    whole = any(both == kinds[third] for third in kinds.keys() - {name, other})
    return whole or (len(kinds) == 2 and _paired(both) and not _paired(kinds[other]))


def _paired(kinds: set[tuple[bool, tuple[str, ...], str]]) -> bool:
    """Whether each kind of line stands there for the node and for the others."""
    return all((not positive, blocks, word) in kinds for positive, blocks, word in kinds)


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one.lower(), other.lower()).ratio()


@diagnosis("KC023", "misspelt-id", ERROR, fix="unsafe")
def misspelt_id(name: str, wrong: Wrong) -> Finding:
    """An id of `@id` lines that is none of the nodes.

    ## What it does
    Reports an id whose lines are just those that another node lacks, of all that each node has. The
    file is judged as if the other one stood there.

    ## Why it matters
    keepalived reads the line on a host of that name alone. There is none, so the node that is
    meant runs without the setting, and nothing says so.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        @web-a priority 110
        @wbe-b priority 100         # expect: KC023
        @web-a unicast_src_ip 192.0.2.11
        @web-b unicast_src_ip 192.0.2.12
        unicast_peer {
            @web-a 192.0.2.12
            @web-b 192.0.2.11
        }
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    The id of the node, `@web-b`.

    ## References
    - keepalived.conf(5), "Conditional configuration"
    """
    meant, lines = wrong
    first, *others = lines
    positive = first.kind[0]
    return Finding(
        first.place,
        f"no node is called {name}",
        why=f"keepalived reads the line on a host called {name} alone: {meant} runs without it"
        if positive
        else f"keepalived reads the line on every host but one called {name}: {meant} reads it too",
        advice=f"did you mean {meant}?",
        related=tuple(Label(line.place, "here too") for line in others),
        fix=Fix(f"write {meant}", "unsafe", tuple(Edit(line.place, meant) for line in lines)),
    )

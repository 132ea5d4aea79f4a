"""The declarations against the recorded catalogue of keywords: what each says of the other's facts."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from havipcfg.keepalived import reference
from havipcfg.keepalived.declare import Body, Entries
from havipcfg.keepalived.reading import Keyword
from havipcfg.keepalived.values import Seconds, Unsigned
from havipcfg.keepalived.version import OLDEST, Version


@pytest.fixture(scope="module")
def catalogue(shared: Path) -> dict[str, dict[str, Any]]:
    from ruamel.yaml import YAML

    file = shared / "reference" / "keywords.yaml"
    if not file.exists():
        pytest.skip("no catalogue of keywords here")
    return {entry["path"]: entry for entry in YAML(typ="safe").load(file)["keywords"]}


@cache
def declared() -> dict[str, reference.Described]:
    return {"/".join((*entry.blocks, entry.name)): entry for entry in reference.entries()}


def test_every_keyword_is_declared(catalogue: dict[str, dict[str, Any]]) -> None:
    assert sorted(set(catalogue) - set(declared())) == []


@pytest.mark.parametrize("fact", ["since", "removed", "deprecated", "range", "arity", "default"])
def test_facts_agree(catalogue: dict[str, dict[str, Any]], fact: str) -> None:
    differ = {}
    compared = 0
    for path, entry in declared().items():
        recorded = catalogue.get(path)
        if recorded is None:
            continue
        theirs, ours = RECORDED[fact](recorded), DECLARED[fact](entry)
        compared += theirs is not None and ours is not None
        if theirs is not None and ours is not None and theirs != ours and (fact, path) not in KNOWN:
            differ[path] = (theirs, ours)
    assert compared > 100
    assert differ == {}


KNOWN = {
    ("deprecated", "global_defs/vrrp_iptables"): "usual builds ask for nftables in its place, at every use",
    (
        "deprecated",
        "virtual_server/hashed",
    ): "a rule reports it where keepalived does: with any scheduler but sh and mh",
    ("default", "bfd_instance/checker"): "both processes, unless one of the two keywords is given",
    ("default", "bfd_instance/vrrp"): "both processes, unless one of the two keywords is given",
    ("default", "global_defs/umask"): "the same number, in words",
    ("default", "vrrp_instance/accept"): "the value outside strict mode",
}
"""Where the two say the same in other words, and why."""


def version(text: str | None) -> Version | None:
    """A release; None for what is older than the first one known."""
    return Version.parse(text.removeprefix("v")) if text and not text.startswith("<=") else None


def since(text: str) -> Version:
    """The first judged release that has a keyword."""
    return max(OLDEST, version(text) or OLDEST)


def declared_since(entry: reference.Described) -> Version:
    """The same by the declarations: no keyword is older than the blocks around it."""
    places = declared()
    around = [places["/".join(entry.blocks[: depth + 1])] for depth in range(len(entry.blocks))]
    return max(OLDEST, entry.keyword.since, *(block.keyword.since for block in around))


def numbers(entry: dict[str, Any]) -> tuple[float, float] | None:
    low, high = entry.get("min"), entry.get("max")
    return (float(low), float(high)) if isinstance(low, (int, float)) and isinstance(high, (int, float)) else None


RECORDED = {
    "since": lambda entry: since(entry["since"]),
    "removed": lambda entry: version(entry["removed"]) or "",
    "deprecated": lambda entry: bool(entry["deprecated"]),
    "range": numbers,
    "arity": lambda entry: entry["args"]["min"] or None,
    "default": lambda entry: entry["default"],
}


def _range(keyword: Keyword) -> tuple[float, float] | None:
    kind = keyword.kind
    if not isinstance(kind, (Unsigned, Seconds)):
        return None
    return (0.0 if kind.at_zero is not None else float(kind.low), float(kind.high))


def _least(keyword: Keyword) -> int | None:
    if isinstance(keyword.kind, (Body, Entries)):
        return None
    return keyword.kind.least


def _default(entry: reference.Described) -> Any:
    plain = isinstance(entry.default, (int, float, str, bool)) and not isinstance(entry.keyword.kind, (Body, Entries))
    return entry.default if plain and not entry.keyword.default_note else None


DECLARED = {
    "since": declared_since,
    "removed": lambda entry: entry.keyword.removed or "",
    "deprecated": lambda entry: entry.keyword.deprecated is not None,
    "range": lambda entry: _range(entry.keyword),
    "arity": lambda entry: _least(entry.keyword),
    "default": _default,
}

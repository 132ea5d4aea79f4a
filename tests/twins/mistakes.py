"""One mistake at a time: how a clean cluster is spoilt, and what must be found where.

A mistake is a substitution in the files of the nodes (``in_``: their places in the cluster) and
the code of the rule that must report it, once for each line that ``at`` names. Nothing else may
be found. ``when`` says which plans it can be made in, beside those whose text matches.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.twins.clean import NODES, Plan

ALL = (0, 1, 2, 3, 4)


def anywhere(plan: Plan) -> bool:
    return bool(plan.name)


@dataclass(frozen=True)
class Mistake:
    """``number``: the entries of docs/coverage.toml it is an example of."""

    number: str
    code: str
    old: str
    new: str
    at: str
    in_: tuple[int, ...] = (1,)
    on: tuple[int, ...] | None = None
    when: Callable[[Plan], bool] = anywhere
    every: bool = False
    """Whether all places that match are changed, not the first one of a file."""

    @property
    def name(self) -> str:
        return f"{self.number}-{self.code}-{self.new[:24]}"


@dataclass(frozen=True)
class Spoilt:
    files: dict[str, str]
    expected: set[tuple[str, str, int]]
    """Code, file and line of what must be found."""


def spoil(mistake: Mistake, plan: Plan, files: dict[str, str]) -> Spoilt | None:
    """The cluster with the mistake in it; None where it cannot be made."""
    if not mistake.when(plan):
        return None
    changed = dict(files)
    for number in mistake.in_:
        if number >= plan.nodes:
            continue
        for path in _files_of(number, files):
            text, made = re.subn(
                mistake.old, mistake.new, changed[path], count=0 if mistake.every else 1, flags=re.MULTILINE
            )
            if made:
                changed[path] = text
                break
        else:
            return None
    expected = set()
    for number in mistake.in_ if mistake.on is None else mistake.on:
        places = [
            (mistake.code, path, line)
            for path in (_files_of(number, files) if number < plan.nodes else ())
            for line, text in enumerate(changed[path].splitlines(), 1)
            if re.search(mistake.at, text)
        ]
        expected |= set(places[:1])
    return Spoilt(changed, expected) if expected else None


def _files_of(number: int, files: dict[str, str]) -> list[str]:
    return [path for path in files if path.startswith(NODES[number])]


def by_script(plan: Plan) -> bool:
    return plan.check in ("fault", "weight", "gain", "line")


def by_weight(plan: Plan) -> bool:
    return plan.check in ("weight", "gain", "line")

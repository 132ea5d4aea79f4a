"""Mistakes made in the clusters written by hand, and what must be found where.

``== NUMBERS CLUSTER what it is`` begins one: the entries of docs/coverage.toml it is an example of, and the cluster
it is made in. ``FILES: OLD => NEW`` exchanges a text once in each of these files (``*``: all configurations that have
it, ``*.sh``: all scripts; several by commas), ``FILES: - TEXT`` takes out the first line with this text. ``lint:``
replaces the options. ``CODE FILE: TEXT#2`` says that CODE must be found there, at the second line with this text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatch

from tests.twins.sets import FOLDER, Cluster

EXPECTED = re.compile(r"([A-Z]{2}\d{3}) (\S+): (.*?)(?:#(\d+))?")
BEGIN = re.compile(r"^== (\S+) (\S+) (.+)\n", re.MULTILINE)


@dataclass(frozen=True)
class Mistake:
    number: str
    cluster: str
    what: str
    lines: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.number}-{self.cluster}-{self.what.replace(' ', '-')}"


def mistakes() -> Iterator[Mistake]:
    for path in sorted((FOLDER / "mistakes").glob("*.txt")):
        _, *parts = BEGIN.split(path.read_text(encoding="utf-8"))
        for number, cluster, what, body in zip(parts[::4], parts[1::4], parts[2::4], parts[3::4], strict=True):
            yield Mistake(number, cluster, what, tuple(body.splitlines()))


def spoil(mistake: Mistake, clean: Cluster) -> tuple[Cluster, set[tuple[str, str, int]]]:
    """The cluster with the mistake, and code, file and line of all that must be found in it."""
    files, options = dict(clean.files), clean.options
    expected = []
    for line in mistake.lines:
        if line.startswith("lint:"):
            options = tuple(line[5:].split())
        elif found := EXPECTED.fullmatch(line):
            expected.append(found.groups())
        else:
            names, change = line.split(": ", 1)
            _change(files, names, change)
    spoilt = replace(clean, files=files, options=options)
    return spoilt, {(code, file, _line(files[file], text, int(nth or 1))) for code, file, text, nth in expected}


def _change(files: dict[str, str], names: str, change: str) -> None:
    changed = False
    for name in files:
        wanted = name.endswith((".conf", ".yaml")) if names == "*" else any(fnmatch(name, n) for n in names.split(","))
        if not wanted:
            continue
        before = files[name]
        if change.startswith("- "):
            text = re.escape(change[2:])
            files[name] = re.sub(rf"^.*{text}.*\n", "", before, count=1, flags=re.MULTILINE)
        else:
            old, _, new = change.replace("\\n", "\n").replace("\\t", "\t").partition(" =>")
            files[name] = before.replace(old, new[1:], 1)
        changed |= files[name] != before
        assert files[name] != before or names.startswith("*"), f"{name} has no {change!r}"
    assert changed, f"no file has {change!r}"


def _line(text: str, wanted: str, nth: int) -> int:
    lines = [number for number, line in enumerate(text.splitlines(), 1) if wanted in line]
    assert len(lines) >= nth, f"{wanted!r} stands in {lines}"
    return lines[nth - 1]

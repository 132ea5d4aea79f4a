"""Putting fixes into texts."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from havipcfg.diagnostics import Diagnostic, Edit, Fix
from havipcfg.source import Source

if TYPE_CHECKING:
    from havipcfg.linter.options import LintOptions

ROUNDS = 20
"""Fixes can bring others about; after this many rounds whatever is left stays."""


@dataclass
class Fixed:
    """Sources after fixing, in the order given, and the fixes that went in.

    ``changed`` pairs every source that a fix went into, included files too, with what it became.
    """

    sources: list[Source]
    applied: list[Diagnostic] = field(default_factory=list)
    changed: list[tuple[Source, Source]] = field(default_factory=list)


def apply(edits: Iterable[Edit], text: str) -> str:
    """The text with the edits in place; spans count in the text given. Raises ValueError where two overlap."""
    parts = []
    last = 0
    for edit in sorted(edits, key=lambda edit: (edit.span.start, edit.span.end)):
        if edit.span.start < last:
            raise ValueError("edits overlap")
        parts += [text[last : edit.span.start], edit.text]
        last = edit.span.end
    return "".join([*parts, text[last:]])


def fix(sources: Sequence[Source], options: LintOptions | None = None, *, unsafe: bool = False) -> Fixed:
    """Lint, apply the fixes, and again until nothing changes; ``unsafe`` takes those in too that need a look.

    A fix goes in whole or not at all: one that overlaps another waits for the next round.
    Included files are fixed as well; nothing is written, ``Fixed.changed`` has what to write.
    """
    from havipcfg.linter.engine import lint
    from havipcfg.linter.options import LintOptions

    asked = options or LintOptions()
    given = [_identity(source) for source in sources]
    first = dict(zip(given, sources, strict=True))
    now = dict(first)
    applied: list[Diagnostic] = []
    seen = {_texts(now)}
    for _ in range(ROUNDS):
        overlay = {key: source.text for key, source in now.items() if source.path is not None}
        found = lint([now[key] for key in given], replace(asked, overlay={**asked.overlay, **overlay})).diagnostics
        chosen = _compatible(found, unsafe=unsafe)
        for diagnostic in chosen:
            for edit in diagnostic.fix.edits if diagnostic.fix else ():
                first.setdefault(_identity(edit.span.source), edit.span.source)
                now.setdefault(_identity(edit.span.source), edit.span.source)
        edited = _edited(now, [d.fix for d in chosen if d.fix is not None])
        if not chosen or _texts(edited) in seen:
            break
        seen.add(_texts(edited))
        now = edited
        applied += chosen
    changed = [(first[key], source) for key, source in now.items() if source.text != first[key].text]
    return Fixed([now[key] for key in given], applied, changed)


def unified(old: Source, new: Source) -> str:
    """What changed as a unified diff, line ends as they are."""
    from difflib import unified_diff

    before, after = (source.text.split("\n") for source in (old, new))
    one, other = (source.name.replace("\n", "\\n") for source in (old, new))
    lines = unified_diff(_ended(before), _ended(after), one, other)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _ended(lines: list[str]) -> list[str]:
    return [*(f"{line}\n" for line in lines[:-1]), *([lines[-1]] if lines[-1] else [])]


def _identity(source: Source) -> str:
    """What is the same for every reading of one file."""
    return f"\0{source.name}" if source.path is None else os.path.realpath(source.path)


def _texts(sources: dict[str, Source]) -> tuple[str, ...]:
    return tuple(sources[key].text for key in sorted(sources))


def _compatible(diagnostics: Iterable[Diagnostic], *, unsafe: bool) -> list[Diagnostic]:
    taken: dict[str, list[tuple[int, int]]] = {}
    chosen: list[Diagnostic] = []
    made: set[tuple[tuple[str, int, int, str], ...]] = set()
    for diagnostic in diagnostics:
        found = diagnostic.fix
        if found is None or (found.safety == "unsafe" and not unsafe):
            continue
        edits = tuple((_identity(e.span.source), e.span.start, e.span.end, e.text) for e in found.edits)
        if edits in made:
            chosen.append(replace(diagnostic, fix=None))
            continue
        if any(_overlaps(taken.get(file, []), start, end) for file, start, end, _ in edits):
            continue
        for file, start, end, _ in edits:
            taken.setdefault(file, []).append((start, end))
        made.add(edits)
        chosen.append(diagnostic)
    return chosen


def _overlaps(taken: list[tuple[int, int]], start: int, end: int) -> bool:
    return any((start < other_end and other_start < end) or start == other_start for other_start, other_end in taken)


def _edited(sources: dict[str, Source], fixes: list[Fix]) -> dict[str, Source]:
    edits: dict[str, list[Edit]] = {}
    for found in fixes:
        for edit in found.edits:
            edits.setdefault(_identity(edit.span.source), []).append(edit)
    return {
        key: Source(source.name, apply(_with_line_ends(edits[key], source), source.text), source.path)
        if key in edits
        else source
        for key, source in sources.items()
    }


def _with_line_ends(edits: list[Edit], source: Source) -> list[Edit]:
    """The edits with line ends as the file has them."""
    if "\r\n" not in source.text:
        return edits
    return [replace(edit, text=edit.text.replace("\r\n", "\n").replace("\n", "\r\n")) for edit in edits]

"""Putting fixes into texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from havipcfg.diagnostics import Diagnostic, Edit, Fix
from havipcfg.source import Source

if TYPE_CHECKING:
    from havipcfg.lint.options import LintOptions

ROUNDS = 20
"""Fixes can bring others about; after this many rounds whatever is left stays."""


@dataclass
class Fixed:
    """Sources after fixing, in the order given, and the fixes that went in."""

    sources: list[Source]
    applied: list[Diagnostic] = field(default_factory=list)


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

    A fix goes in whole or not at all: one that overlaps another waits for the next round, one
    that would change a file that was not given (an included one) is left out.
    """
    from havipcfg.lint.engine import lint

    fixed = Fixed(list(sources))
    seen = {tuple(source.text for source in fixed.sources)}
    for _ in range(ROUNDS):
        chosen = _compatible(lint(fixed.sources, options).diagnostics, fixed.sources, unsafe=unsafe)
        if not chosen:
            break
        edited = _edited(fixed.sources, [d.fix for d in chosen if d.fix is not None])
        texts = tuple(source.text for source in edited)
        if texts in seen:
            break
        seen.add(texts)
        fixed.sources = edited
        fixed.applied += chosen
    return fixed


def _compatible(diagnostics: Iterable[Diagnostic], sources: list[Source], *, unsafe: bool) -> list[Diagnostic]:
    known = {id(source) for source in sources}
    taken: dict[int, list[tuple[int, int]]] = {}
    chosen: list[Diagnostic] = []
    made: set[tuple[Edit, ...]] = set()
    for diagnostic in diagnostics:
        found = diagnostic.fix
        if found is None or (found.safety == "unsafe" and not unsafe):
            continue
        if found.edits in made:
            chosen.append(replace(diagnostic, fix=None))
            continue
        places = [(id(edit.span.source), edit.span.start, edit.span.end) for edit in found.edits]
        if any(source not in known or _overlaps(taken.get(source, []), start, end) for source, start, end in places):
            continue
        for source, start, end in places:
            taken.setdefault(source, []).append((start, end))
        made.add(found.edits)
        chosen.append(diagnostic)
    return chosen


def _overlaps(taken: list[tuple[int, int]], start: int, end: int) -> bool:
    return any((start < other_end and other_start < end) or start == other_start for other_start, other_end in taken)


def _edited(sources: list[Source], fixes: list[Fix]) -> list[Source]:
    by_source: dict[int, list[Edit]] = {}
    for found in fixes:
        for edit in found.edits:
            by_source.setdefault(id(edit.span.source), []).append(edit)
    return [
        Source(source.name, apply(by_source[id(source)], source.text), source.path)
        if id(source) in by_source
        else source
        for source in sources
    ]

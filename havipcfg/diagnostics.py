"""What a check found: the fact, where, where else, why it matters and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Literal

from havipcfg.record import record
from havipcfg.source import Span

DOCUMENTATION = "https://github.com/havipcfg/havipcfg/blob/main/docs/rules"


class Severity(StrEnum):
    """``error``: it will not work, or not fail over, or keepalived rejects it.

    ``warning``: it works until something happens. ``info``: better otherwise.
    """

    rank: int
    """0 for the gravest; smaller is graver."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    def __init__(self, _: str) -> None:
        self.rank = len(type(self).__members__)

    def at_least(self, other: Severity) -> bool:
        return self.rank <= other.rank


@record
class Label:
    """Another place that belongs to a finding, and what is to be seen there."""

    span: Span
    message: str


@record
class MadeSpan(Span):
    """The place of a line that is made of definitions; ``made_of`` are the places of its text."""

    made_of: tuple[Label, ...] = field(compare=False)


@record
class Edit:
    """Put ``text`` in the place of ``span``; an empty span inserts."""

    span: Span
    text: str


Safety = Literal["safe", "unsafe"]


@record
class Fix:
    """Edits that remove a finding.

    ``safe``: keepalived behaves the same or strictly as evidently meant.
    """

    title: str
    safety: Safety
    edits: tuple[Edit, ...]


@record
class Diagnostic:
    """One finding at one place.

    ``why`` says what happens to the service if nothing is done, ``advice`` what to do;
    ``keepalived`` is true where ``keepalived -t`` of the target version reports it too;
    ``count`` is how many findings it stands for.
    """

    code: str
    name: str
    severity: Severity
    message: str
    span: Span
    why: str = ""
    advice: str = ""
    related: tuple[Label, ...] = ()
    notes: tuple[str, ...] = ()
    fix: Fix | None = None
    keepalived: bool = False
    count: int = 1

    @property
    def url(self) -> str:
        return f"{DOCUMENTATION}/{self.code}.md"

    @property
    def remarks(self) -> list[str]:
        """Why, advice and notes as lines, each saying what it is."""
        named = [("why", self.why), ("fix", self.advice)]
        return [f"{label}: {text}" for label, text in named if text] + list(self.notes)


MOST_OF_ONE = 1000
"""So many findings of one rule in one file are kept; one more says how many there are beyond."""


class Diagnostics(list[Diagnostic]):
    """Findings as they come up, of one rule in one file no more than ``MOST_OF_ONE``; ``total`` counts all."""

    def __init__(self) -> None:
        super().__init__()
        self.total = 0
        self._seen: dict[tuple[str, str], int] = {}
        self._first_beyond: dict[tuple[str, str], Diagnostic] = {}

    def append(self, diagnostic: Diagnostic) -> None:
        self.total += 1
        rule = (diagnostic.code, diagnostic.span.file)
        seen = self._seen[rule] = self._seen.get(rule, 0) + diagnostic.count
        if seen <= MOST_OF_ONE:
            super().append(diagnostic)
            return
        first = self._first_beyond.setdefault(rule, diagnostic)
        if diagnostic.severity.rank < first.severity.rank or diagnostic.keepalived > first.keepalived:
            self._first_beyond[rule] = replace(
                first,
                severity=min(first.severity, diagnostic.severity, key=lambda severity: severity.rank),
                keepalived=first.keepalived or diagnostic.keepalived,
            )

    def counted(self, code: str, file: str, *, keepalived: bool) -> bool:
        """Count one more finding of a rule that would not be shown, nor be graver than what is said of those beyond.

        ``keepalived``: whether keepalived reports it. False where it has to be worded and appended.
        """
        beyond = self._first_beyond.get((code, file))
        if beyond is None or beyond.severity is not Severity.ERROR or keepalived > beyond.keepalived:
            return False
        self.total += 1
        self._seen[code, file] += 1
        return True

    def complete(self) -> list[Diagnostic]:
        """The findings, and for each rule that has more of them one that says how many."""
        return [
            *self,
            *(_and_more(first, self._seen[rule] - MOST_OF_ONE) for rule, first in self._first_beyond.items()),
        ]


def _and_more(first: Diagnostic, beyond: int) -> Diagnostic:
    return Diagnostic(
        first.code,
        first.name,
        first.severity,
        f"and {beyond:,} more of {first.code} from here on; mend the first {MOST_OF_ONE:,} and look again",
        first.span,
        keepalived=first.keepalived,
        count=beyond,
    )


@dataclass(eq=False, repr=False)
class Report:
    """What one run judged and found; ``files`` in the order they were read.

    ``failures`` are files that could not be read or judged, as one sentence each: a run
    with any of them never counts as clean.
    """

    files: list[str] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def count(self, severity: Severity) -> int:
        return sum(d.severity is severity for d in self.diagnostics)

    def sort(self) -> None:
        self.diagnostics = in_order(self.diagnostics, self.files)


def in_order(diagnostics: Iterable[Diagnostic], files: Sequence[str] = ()) -> list[Diagnostic]:
    """Sort by file (in the order given, then by name), place, and code."""
    rank = {name: index for index, name in enumerate(files)}
    return sorted(
        diagnostics,
        key=lambda d: (rank.get(d.span.file, len(rank)), d.span.file, d.span.start, d.span.end, d.code, d.message),
    )

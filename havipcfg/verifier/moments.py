"""Instants that are known only within bounds, and which of them can come first.

A moment is a sum of terms. A term is a length of time between ``lo`` and ``hi`` seconds;
the same term in two moments is the same length, so it drops out of their difference. Two
timers that hang on one last advert can be ordered exactly although nobody knows when that
advert was.
"""

from __future__ import annotations

from dataclasses import dataclass

INFINITY = float("inf")


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """A length of time, in seconds, with the name it has in a formula."""

    label: str
    lo: float
    hi: float


class Moment:
    """An instant in seconds after the event; ``lo`` and ``hi`` may be tighter than the sum of the terms."""

    __slots__ = ("hi", "lo", "terms")

    def __init__(self, terms: tuple[Term, ...] = (), lo: float = 0.0, hi: float = 0.0) -> None:
        self.terms = terms
        self.lo = lo
        self.hi = hi

    def plus(self, *terms: Term) -> Moment:
        lo, hi = self.lo, self.hi
        for term in terms:
            lo += term.lo
            hi += term.hi
        return Moment(self.terms + terms, lo, hi)

    def within(self, lo: float, hi: float) -> Moment:
        """The same instant, now known not to be before ``lo`` nor after ``hi``."""
        if lo <= self.lo and hi >= self.hi:
            return self
        low = max(self.lo, lo)
        return Moment(self.terms, low, max(low, min(self.hi, hi)))

    def minus(self, other: Moment) -> tuple[float, float]:
        """Bounds of ``self - other`` in seconds.

        What happened before both drops out first; a length that is one number counts as often as it occurs.
        """
        lo, hi = self.lo - other.hi, self.hi - other.lo
        mine, its = self.terms, other.terms
        if mine and its and mine[0] is its[0]:
            alike = 1
            for term, same in zip(mine[1:], its[1:], strict=False):
                if term is not same:
                    break
                alike += 1
            mine, its = mine[alike:], its[alike:]
        low = high = 0.0
        for term in mine:
            if term.lo == term.hi or term not in its:
                low += term.lo
                high += term.hi
        for term in its:
            if term.lo == term.hi or term not in mine:
                low -= term.hi
                high -= term.lo
        if low > lo:
            lo = low
        if high < hi:
            hi = high
        return (lo, hi) if lo <= hi else (lo, lo)

    def earlier(self, seconds: float) -> Moment:
        """Seen from ``seconds`` later."""
        if seconds == 0.0:
            return self
        return Moment((*self.terms, Term("elapsed", -seconds, -seconds)), self.lo - seconds, self.hi - seconds)

    @property
    def formula(self) -> str:
        """The named terms, as ``2 adverts of 1 s + skew of 80``."""
        return " + ".join(term.label for term in self.terms if term.label)

    def __repr__(self) -> str:
        return f"Moment({self.lo:.3f}..{self.hi:.3f} {self.formula})"


NOW = Moment()


def latest(moments: list[Moment]) -> Moment:
    """The last of several instants."""
    best = moments[0]
    for moment in moments[1:]:
        lo, hi = moment.minus(best)
        if lo >= 0:
            best = moment
        elif hi > 0:
            low, high = max(best.lo, moment.lo), max(best.hi, moment.hi)
            slower = moment if moment.hi >= best.hi else best
            best = Moment((Term(f"{slower.formula} (the slowest of the group)", low, high),), low, high)
    return best

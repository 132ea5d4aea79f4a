"""Differences of instants that hang on each other."""

from havipcfg.verifier.moments import NOW, Term


def test_a_length_that_occurs_twice_counts_twice() -> None:
    skew = Term("skew of b", 0.6, 0.6)
    first = NOW.plus(Term("until the next advert", 0.0, 1.0), skew)
    assert first.plus(skew).minus(first.plus(Term("skew of a", 0.5, 0.5)))[0] > 0.09


def test_a_common_beginning_drops_out() -> None:
    advert = Term("until the next advert", 0.0, 1.0)
    one, other = NOW.plus(advert, Term("", 0.2, 0.2)), NOW.plus(advert, Term("", 0.1, 0.1))
    lo, hi = one.minus(other)
    assert [round(lo, 9), round(hi, 9)] == [0.1, 0.1]

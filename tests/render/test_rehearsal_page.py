"""The page of a rehearsal: every round beside its prediction, from results written down here."""

from __future__ import annotations

import pytest

from havipcfg.keepalived.load import read
from havipcfg.keepalived.version import NEWEST
from havipcfg.rehearsal.job import Rehearsed
from havipcfg.rehearsal.measure import Measured, Moment
from havipcfg.rehearsal.result import Rehearsal, Step
from havipcfg.render.page.rehearsal import render
from havipcfg.source import Source
from havipcfg.verifier.job import Subject
from tests.render.test_page import HOSTILE, Page, conf

A, B, NOBODY = {"front": ("a",)}, {"front": ("b",)}, {"front": ()}
START = [{"holders": {"front": ["a"]}, "after_s": [3.41, 3.91], "gap_s": [3.41, 3.91], "dual_s": [0.0, 0.0]}]
DIES = [{"holders": {"front": ["b"]}, "after_s": [2.61, 3.61], "gap_s": [2.61, 3.61], "dual_s": [0.0, 0.0]}]


def took(before: dict[str, tuple[str, ...]], seconds: float, after: dict[str, tuple[str, ...]]) -> Measured:
    moments = (Moment(0.0, before), Moment(0.01, NOBODY), Moment(seconds, after))
    return Measured(after, seconds, seconds, 0.0, moments, exact_s=0.0123)


def rehearsed(*last: float, complaint: str = "") -> Rehearsed:
    readings = [
        (name, read(Source(f"{name}.conf", conf(number, 2, name="front", stays=False, word=f"secret{name}")), NEWEST))
        for number, name in enumerate("ab", 1)
    ]
    steps = [
        Step("start", [took(NOBODY, 3.5 + n / 10, A) for n, _ in enumerate(last)], START),
        Step("kill a", [took(A, seconds, B) for seconds in last], DIES),
    ]
    result = Rehearsal(("a", "b"), ("front",), "2.2.7", steps, {"a": [complaint]} if complaint else {})
    return Rehearsed(Subject("shop", readings), [result], ["a: process tracker left out"])


def test_every_round_stands_beside_its_prediction() -> None:
    page = Page(render([rehearsed(2.75, 3.25)]))
    for said in ("As predicted", "2 steps", "2.2.7", "12.3 ms", "a is killed", "2.61 … 3.61 s", "2.75 … 3.25 s"):
        assert said in page.text, said
    assert "2.750 s, 3.250 s" in page.text
    assert "a kills" not in page.text
    assert "a: process tracker left out" in page.text
    assert page.values("class").count("stroke") == 4


def test_a_round_that_went_otherwise_is_the_one_that_is_drawn() -> None:
    page = Page(render([rehearsed(2.75, 9.5)]))
    assert "Not as predicted" in page.text
    assert "1 of 2" in page.text
    assert "(round 2 of 2)" in page.text
    assert "9.50 s b holds front" in page.text


@pytest.mark.parametrize("failures", [[], [f"{HOSTILE}: not read"]])
def test_it_is_harmless(failures: list[str]) -> None:
    said = render([rehearsed(2.75, complaint=HOSTILE), rehearsed(2.8)], failures)
    page = Page(said)
    assert not {"script", "img"} & {tag for tag, _ in page.elements}
    assert page.text.count(HOSTILE) == 1 + len(failures)
    assert "secreta" not in said
    assert {"#c1", "#c2"} <= set(page.values("href"))

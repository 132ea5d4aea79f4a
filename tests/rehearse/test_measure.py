from dataclasses import replace

from havipcfg.rehearsal.measure import Measured, measure
from havipcfg.rehearsal.result import Rehearsal, Step, summary
from havipcfg.rehearsal.sampler import Seen

WEB = frozenset({"web"})
NONE: frozenset[str] = frozenset()


def step(*seen: tuple[float, str, frozenset[str]], before: tuple[str, ...] = ()) -> Measured:
    first = [Seen(1.0, node, WEB) for node in before]
    return measure([*first, *(Seen(10 + at, n, held) for at, n, held in seen)], 10.0, 20.0, ["a", "b"], ["web"])


def test_nothing_changes() -> None:
    measured = step(before=("a",))
    assert (measured.holders, measured.after_s, measured.gap_s, measured.dual_s) == ({"web": ("a",)}, None, 0, 0)


def test_a_gap_before_the_next_holder() -> None:
    measured = step((0.5, "a", NONE), (1.25, "b", WEB), before=("a",))
    assert (measured.holders, measured.after_s, measured.gap_s, measured.dual_s) == ({"web": ("b",)}, 1.25, 0.75, 0)


def test_a_cold_start_is_a_gap_from_the_event_on() -> None:
    assert step((3.5, "a", WEB)).gap_s == 3.5


def test_two_holders_for_a_while_and_for_good() -> None:
    assert step((1.0, "b", WEB), (1.5, "a", NONE), before=("a",)).dual_s == 0.5
    assert step((1.0, "b", WEB), before=("a",)).dual_s is None


def test_what_comes_after_the_end_is_not_seen() -> None:
    assert step((11.0, "b", WEB), before=("a",)).holders == {"web": ("a",)}


def test_rounds_become_intervals_by_outcome() -> None:
    rounds = [
        step((1.0, "a", WEB)),
        step((2.0, "b", WEB)),
        step((3.0, "a", WEB)),
    ]
    assert summary(rounds) == [
        {"holders": {"web": ["a"]}, "after_s": [1.0, 3.0], "gap_s": [1.0, 3.0], "dual_s": [0.0, 0.0]},
        {"holders": {"web": ["b"]}, "after_s": [2.0, 2.0], "gap_s": [2.0, 2.0], "dual_s": [0.0, 0.0]},
    ]


def test_the_document_has_prediction_and_measurement_side_by_side() -> None:
    predicted = [{"holders": {"web": ["a"]}, "after_s": [0.9, 1.1], "gap_s": [0.9, 1.1], "dual_s": [0.0, 0.0]}]
    document = Rehearsal(("a", "b"), ("web",), "2.2.7", [Step("start", [step((1.0, "a", WEB))], predicted)]).to_json()
    [only] = document["steps"]
    assert document["version"] == 1
    assert only["event"] == "start"
    assert only["outcomes"] == predicted
    assert only["measured"][0]["after_s"] == [1.0, 1.0]
    assert only["rounds"][0]["timeline"][-1] == {"seconds": 1.0, "holders": {"web": ["a"]}}


def test_a_measurement_fits_a_prediction() -> None:
    takeover = {"holders": {"web": ["b"]}, "after_s": [0.9, 1.1], "gap_s": [0.9, 1.1], "dual_s": [0.0, 0.0]}
    rounds = [step((0.0, "a", NONE), (1.13, "b", WEB), before=("a",))]
    assert Step("die a", rounds, [takeover]).as_predicted
    assert Step("die a", rounds).as_predicted is None
    late = [step((0.0, "a", NONE), (1.2, "b", WEB), before=("a",))]
    assert not Step("die a", late, [takeover]).as_predicted
    other = [step(before=("a",))]
    assert not Step("die a", other, [takeover]).as_predicted
    assert Step("die a", [*rounds, *other], [takeover, {**takeover, "holders": {"web": ["a"]}, "after_s": None}])


def test_lasting_double_ownership_must_be_predicted() -> None:
    both = {"holders": {"web": ["b", "a"]}, "after_s": [0.9, 1.1], "gap_s": [0.0, 0.0], "dual_s": [0.0, None]}
    split = [step((1.0, "b", WEB), before=("a",))]
    assert Step("cut a b", split, [both]).as_predicted
    assert not Step("cut a b", split, [{**both, "dual_s": [0.0, 1.0]}]).as_predicted


def test_a_measurement_may_be_off_by_what_it_says() -> None:
    takeover = {"holders": {"web": ["b"]}, "after_s": [0.9, 1.1], "gap_s": [0.9, 1.1], "dual_s": [0.0, 0.0]}
    late = step((0.0, "a", NONE), (1.2, "b", WEB), before=("a",))
    assert Step("die a", [late], [takeover]).as_predicted is False
    assert Step("die a", [replace(late, exact_s=0.06)], [takeover]).as_predicted


def test_an_instance_that_nobody_can_see_does_not_count() -> None:
    takeover = {"holders": {"web": ["b"]}, "after_s": [0.9, 1.1], "gap_s": [0.9, 1.1], "dual_s": [0.0, 0.0]}
    both = {**takeover, "holders": {"web": ["b"], "blind": ["b"]}}
    rounds = [step((0.0, "a", NONE), (1.0, "b", WEB), before=("a",))]
    assert Step("die a", rounds, [both]).as_predicted


def test_a_round_may_be_judged_by_its_start_ups_and_says_so() -> None:
    start = {"holders": {"web": ["a"]}, "after_s": [0.9, 1.1], "gap_s": [0.9, 1.1], "dual_s": [0.0, 0.0]}
    slow = {**start, "after_s": [1.9, 1.9], "gap_s": [1.9, 1.9]}
    first, second = step((1.0, "a", WEB)), replace(step((1.9, "a", WEB)), ready={"a": (0.8, 0.81)})
    missed = Step("start", [first, second], [start])
    assert missed.as_predicted is False
    assert Rehearsal(("a", "b"), ("web",), "2.2.7", [missed]).remarks == []
    explained = Step("start", [first, replace(second, anew=[slow])], [start])
    assert explained.as_predicted
    told = Rehearsal(("a", "b"), ("web",), "2.2.7", [explained]).remarks
    assert told == ["round 2 is judged by when its nodes were ready: a 0.81 s"]

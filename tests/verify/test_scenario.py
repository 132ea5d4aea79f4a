"""The language of scenarios: what it takes, what it says of a mistake, and the document that comes of one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from networks import cluster

from havipcfg.verifier import ScenarioError, parse, simulate, verify
from havipcfg.verifier.network import Node
from havipcfg.verifier.scenario import USAGE


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "no event"),
        ("explode a", "explode is not an event"),
        ("star", "did you mean start?"),
        ("DIE a", "did you mean die?"),
        ("die", "write die NODE"),
        ("check a chk bad", "bad is not fail, ok, hang"),
        ("wait soon", "soon is not a number"),
        ("link a eth0 sideways", "neither up nor down"),
        ("cut a a", "must differ"),
        ("start\ndie x", "line 2"),
        ("die x", "there is a, b"),
        ("check a chek fail", "did you mean chk?"),
        ("check a chk 5", "only a tracked file"),
        ("link a eth7 down", "no interface eth7"),
        ("reload a new.conf", "no files can be read here"),
    ],
)
def test_a_bad_scenario_is_explained(text, part) -> None:
    with pytest.raises(ScenarioError) as error:
        simulate(cluster(100, 80, weight=-30), text)
    assert part in str(error.value)


def test_the_manual_names_every_event() -> None:
    manual = (Path(__file__).parents[2] / "docs/verify.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `((?:[a-z-]+).*?)` \|", manual.split("## Scenarios")[1].split("--format json")[0], re.M)
    assert [usage.replace("\\|", "|") for usage in listed] == list(USAGE.values())


def test_scenarios_take_lines_semicolons_and_comments() -> None:
    events = parse("start a b # both\n\n die a; wait 2.5\nheal").events
    assert [str(event) for event in events] == ["start a b", "die a", "wait 2.5", "heal"]
    assert [event.line for event in events] == [1, 3, 3, 4]


def test_a_check_of_the_reloaded_file_may_be_named() -> None:
    plain, checked = cluster(200, 100), cluster(200, 100, weight=-150)

    def reread(_node: Node, _file: str) -> Node:
        return checked.nodes[0]

    story = parse("start; reload a new.conf; check a chk fail")
    assert simulate(plain, story, reread=reread).steps[-1].outcomes[0].holders == {"vi": ("b",)}
    with pytest.raises(ScenarioError, match="check other"):
        simulate(plain, parse("start; reload a new.conf; check a other fail"), reread=reread)
    with pytest.raises(ScenarioError, match="check chk"):
        simulate(plain, parse("start; check a chk fail; reload a new.conf"), reread=reread)


def test_a_trace_can_be_played() -> None:
    proof = verify(cluster(100, 80, weight=-30, nopreempt=True))
    violation = next(v for v in proof.violations if v.code == "FO101")
    assert [step.event for step in violation.trace] == ["start", "check a chk fail"]
    played = simulate(cluster(100, 80, weight=-30, nopreempt=True), "; ".join(step.event for step in violation.trace))
    for step, stage in zip(violation.trace, played.steps, strict=True):
        assert step.holders in [outcome.holders for outcome in stage.outcomes]


def test_the_json_is_the_contract() -> None:
    document = simulate(cluster(100, 80), "start; cut a b").to_json()
    assert document["version"] == 1
    assert document["steps"][1] == {
        "event": "cut a b",
        "outcomes": [
            {"holders": {"vi": ["a", "b"]}, "after_s": [2.688, 3.688], "gap_s": [0.0, 0.0], "dual_s": [0.0, None]}
        ],
    }

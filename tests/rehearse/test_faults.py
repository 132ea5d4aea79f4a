"""Every fault of the scenario language does to the real keepalived what it says."""

from dataclasses import replace
from pathlib import Path

import pytest

from havipcfg.rehearsal import EventRefusedError, KeepalivedRefusedError, Rehearsal, plan, rehearse, reload_plan
from havipcfg.verifier.scenario import parse
from tests.rehearse.clusters import TARGET, Configurations, cluster, member, reading

pytestmark = [pytest.mark.needs_root, pytest.mark.needs_keepalived, pytest.mark.needs_iproute2]


def holders(result: Rehearsal) -> list[tuple[str, ...]]:
    [instance] = result.instances
    return [step.rounds[0].holders[instance] for step in result.steps]


def run(configurations: Configurations, scenario: str) -> Rehearsal:
    return rehearse(plan(configurations, version=TARGET), parse(scenario))


def three() -> Configurations:
    return cluster(
        a=member(1, 240, nodes=3, stays=False, check=False),
        b=member(2, 130, nodes=3, stays=False, check=False),
        c=member(3, 20, nodes=3, stays=False, check=False),
    )


def test_a_dead_host_comes_back_without_the_address() -> None:
    result = run(cluster(a=member(1, 200), b=member(2, 50)), "start a; start b; die a; start a; die b")
    assert holders(result) == [("a",), ("a",), ("b",), ("b",), ("a",)]
    assert result.steps[2].rounds[0].dual_s == 0
    assert result.steps[3].rounds[0].after_s is None


def test_a_frozen_node_keeps_the_address_until_it_wakes() -> None:
    result = run(cluster(a=member(1, 200), b=member(2, 50)), "start a; start b; freeze a; thaw a")
    assert holders(result) == [("a",), ("a",), ("a", "b"), ("a",)]


def test_cable_out_and_in() -> None:
    result = run(cluster(a=member(1, 200), b=member(2, 50)), "start a; start b; link a eth0 down; link a eth0 up")
    assert holders(result) == [("a",), ("a",), ("b",), ("b",)]


def test_a_cut_separates_two_of_three() -> None:
    result = run(three(), "start; cut a b; heal; cut a b; cut a c; heal")
    assert holders(result) == [("a",), ("a", "b"), ("a",), ("a", "b"), ("a", "b"), ("a",)]


def test_a_one_way_cut_lets_the_other_direction_through() -> None:
    deaf = run(cluster(a=member(1, 200), b=member(2, 50)), "start a; start b; cut-oneway a b; heal")
    assert holders(deaf) == [("a",), ("a",), ("a", "b"), ("a",)]
    mute = run(cluster(a=member(1, 200), b=member(2, 50)), "start a; start b; cut-oneway b a; wait 2")
    assert holders(mute) == [("a",), ("a",), ("a",), ("a",)]


def test_a_hanging_check_counts_as_failed() -> None:
    result = run(cluster(a=member(1, 200), b=member(2, 50)), "start a; start b; check a alive hang; check a alive ok")
    assert holders(result) == [("a",), ("a",), ("b",), ("b",)]


def test_a_tracked_file_is_a_switch() -> None:
    def text(number: int, priority: int) -> str:
        file = "vrrp_track_file load {\nfile /srv/app/load\nweight -1\n}\n"
        return file + member(number, priority, stays=False, check=False, extra="track_file {\nload\n}")

    result = run(cluster(a=text(1, 200), b=text(2, 50)), "start; check a load 180; check a load ok")
    assert holders(result) == [("a",), ("b",), ("a",)]


def test_a_reload_takes_effect() -> None:
    pair = cluster(a=member(1, 200, stays=False), b=member(2, 50, stays=False))
    lower = reading("lower", member(1, 20, stays=False))
    result = rehearse(
        plan(pair, version=TARGET),
        parse("start; reload a lower.conf"),
        reloads={("a", "lower.conf"): reload_plan(pair, "a", lower, version=TARGET)},
    )
    assert holders(result) == [("a",), ("b",)]


def test_nodes_run_already_where_the_scenario_does_not_start_them() -> None:
    result = run(cluster(a=member(1, 200, stays=False), b=member(2, 50)), "stop a")
    assert holders(result) == [("b",)]
    assert result.steps[0].rounds[0].timeline[0].holders == {"front": ("a",)}


def test_wait_bounds_the_step_before_it() -> None:
    result = run(cluster(a=member(1, 200), b=member(2, 50)), "start a; start b; die a; wait 0.2; start a")
    assert holders(result) == [("a",), ("a",), (), (), ("b",)]


def test_two_segments_and_a_sync_group() -> None:
    def text(number: int, priority: int) -> str:
        second = member(number, priority, check=False, interface="eth1").replace("front", "back")
        second = second[second.index("vrrp_instance") :].replace("198.51.100.", "203.0.113.").replace("77", "78")
        group = "vrrp_sync_group both {\ngroup {\nfront\nback\n}\n}\n"
        return member(number, priority, check=False) + second + group

    result = run(cluster(a=text(1, 200), b=text(2, 50)), "start a; start b; link a eth1 down")
    assert [step.rounds[0].holders for step in result.steps] == [
        {"front": ("a",), "back": ("a",)},
        {"front": ("a",), "back": ("a",)},
        {"front": ("b",), "back": ("b",)},
    ]


def test_rounds_are_measured_one_by_one() -> None:
    pair = cluster(a=member(1, 200, check=False, stays=False), b=member(2, 50, check=False))
    seen = []
    result = rehearse(plan(pair, version=TARGET), parse("start; die a"), rounds=2, progress=seen.append)
    assert [len(step.rounds) for step in result.steps] == [2, 2]
    low, high = result.to_json()["steps"][1]["measured"][0]["after_s"]
    assert 0 < low <= high
    assert {(each.round, each.step) for each in seen} == {(1, 1), (1, 2), (2, 1), (2, 2)}


def test_ipv6_multicast() -> None:
    def text(number: int, priority: int) -> str:
        return f"""
vrrp_instance six {{
    interface eth0
    virtual_router_id 9
    advert_int 0.2
    priority {priority}
    virtual_ipaddress {{
        fe80::99
        2001:db8:9::50/64
    }}
}}
# node {number}
"""

    result = run(cluster(a=text(1, 200), b=text(2, 50)), "start; stop a")
    assert holders(result) == [("a",), ("b",)]


def test_what_keepalived_refuses_is_told_in_its_words() -> None:
    broken = member(1, 200, check=False).replace("virtual_router_id 77", "virtual_router_id 777")
    with pytest.raises(KeepalivedRefusedError) as caught:
        run(cluster(a=broken, b=member(2, 50, check=False)), "start")
    assert caught.value.node == "a"
    assert any("VRID" in said or "virtual_router_id" in said or "777" in said for said in caught.value.messages)


@pytest.mark.parametrize(
    ("scenario", "said"),
    [
        ("start; stop z", "node z"),
        ("start; check a nope fail", "check nope"),
        ("start; link a eth7 down", "interface eth7"),
        ("start; reload a gone.conf", "gone.conf"),
    ],
)
def test_unknown_names_are_refused(scenario: str, said: str) -> None:
    with pytest.raises(EventRefusedError, match=said):
        run(cluster(a=member(1, 200), b=member(2, 50)), scenario)


def test_real_checks_run_for_real(tmp_path: Path) -> None:
    def text(number: int, priority: int, command: str) -> str:
        own = member(number, priority).replace("/opt/app/bin/alive --quick", command).replace("user app", "user root")
        return own.replace("/opt/app/bin/tell master", f"/usr/bin/touch {tmp_path}/told-{number}")

    pair = cluster(a=text(1, 200, "/usr/bin/false"), b=text(2, 50, "/usr/bin/true"))
    result = rehearse(plan(pair, version=TARGET, real_checks=True), parse("start"), real_checks=True)
    assert holders(result) == [("b",)]
    assert [path.name for path in tmp_path.iterdir()] == ["told-2"]


def test_keepalived_has_no_complaint_about_what_the_lab_gives_it() -> None:
    own = "global_defs {\nscript_user nobody_here\nenable_script_security\n}\n"
    result = run(cluster(a=own + member(1, 200), b=member(2, 50)), "start; wait 0")
    assert result.complaints == {"a": [], "b": []}


def test_keepalived_speaks_of_the_lines_of_the_files() -> None:
    text = member(1, 200, extra="nonsense 3")
    result = run(cluster(a="# a comment\n" + text, b=member(2, 50)), "start; wait 0")
    line = next(number for number, each in enumerate(text.splitlines(), 2) if "nonsense" in each)
    assert result.complaints["a"] == [f"a.conf:{line}: Unknown keyword 'nonsense'"]


def test_a_crash_of_keepalived_is_told() -> None:
    """Debian's 2.2.7 dies of a line that begins with a backslash before the comment character."""
    [node] = plan(cluster(a=member(1, 200)), version=TARGET)
    with pytest.raises(KeepalivedRefusedError, match="crashes"):
        rehearse([replace(node, config_text="\\!\n" + node.config_text)], parse("start"))

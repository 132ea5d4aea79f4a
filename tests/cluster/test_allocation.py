import json
import subprocess
import sys
from ipaddress import IPv4Address

from hypothesis import given
from hypothesis import strategies as st

from havipcfg.cluster import load_cluster
from havipcfg.cluster.allocate import COPIED, MAXIMUM_NODES, allocate, priority, ranking
from havipcfg.cluster.semantics import judge_beside
from havipcfg.diagnostics import Severity
from havipcfg.source import Source


def cluster(instances, nodes=2, **more):
    """A loaded cluster; instances is {name: host part, or mapping}, addresses are in 10.0.0.0/16."""
    value = {
        "provider": "onprem",
        "subnet": "10.0.0.0/16",
        "nodes": {f"n{i}": {"address": f"10.0.200.{i + 1}", "interface": "eth0"} for i in range(nodes)},
        "instances": {
            name: {"havips": f"10.0.{host // 200}.{host % 200 + 1}"} if isinstance(host, int) else host
            for name, host in instances.items()
        },
        **more,
    }
    file, found = load_cluster(Source("cluster.yaml", json.dumps(value)))
    assert [d for d in found if d.severity is Severity.ERROR and d.code not in ("CY109", "CY110", "CY133")] == []
    assert file is not None
    return file


HOSTS = st.lists(st.integers(0, 20_000), min_size=1, max_size=30, unique=True)


def named(hosts):
    return {f"i{host}": host for host in hosts}


@given(HOSTS, st.integers(2, 8))
def test_numbers_are_in_range_unique_and_never_the_copied_ones(hosts, nodes):
    allocation = allocate(cluster(named(hosts), nodes))
    numbers = list(allocation.virtual_router_ids.values())
    assert len(set(numbers)) == len(hosts)
    assert all(1 <= number <= 255 for number in numbers)
    assert not COPIED & set(numbers)
    for priorities in allocation.priorities.values():
        assert all(128 <= value <= 254 for value in priorities.values())
        assert list(priorities.values()) == sorted(set(priorities.values()), reverse=True)


@given(HOSTS, st.integers(20_001, 30_000), st.integers(2, 8), st.integers(1, 6))
def test_adding_nodes_and_an_instance_changes_nothing_that_runs(hosts, added, nodes, more):
    before = allocate(cluster(named(hosts), nodes))
    after = allocate(cluster(named([*hosts, added]), nodes + more))
    for name, number in before.virtual_router_ids.items():
        assert after.virtual_router_ids[name] == number
        for node, value in before.priorities[name].items():
            assert after.priorities[name][node] == value


@given(HOSTS)
def test_renaming_instances_changes_no_virtual_router_id(hosts):
    before = allocate(cluster(named(hosts)))
    after = allocate(cluster({f"renamed-{host}": host for host in hosts}))
    assert list(before.virtual_router_ids.values()) == list(after.virtual_router_ids.values())


@given(HOSTS, st.sets(st.integers(1, 255), max_size=200))
def test_reserved_numbers_are_left_alone(hosts, reserved):
    allocation = allocate(cluster(named(hosts), reserved_virtual_router_ids=sorted(reserved)))
    assert not reserved & set(allocation.virtual_router_ids.values())


@given(HOSTS, st.lists(st.integers(20_001, 39_000), min_size=1, max_size=30, unique=True))
def test_clusters_beside_are_left_alone(hosts, others):
    beside = cluster(named(others))
    allocation = allocate(cluster(named(hosts)), [beside])
    assert not set(allocate(beside).virtual_router_ids.values()) & set(allocation.virtual_router_ids.values())


def test_a_number_of_the_file_is_kept_and_avoided_by_those_after_it():
    wanted = ranking(IPv4Address("10.0.0.2"))[0]
    file = cluster({"old": {"havips": "10.0.0.9", "virtual_router_id": wanted}, "new": 1})
    numbers = allocate(file).virtual_router_ids
    assert numbers["old"] == wanted
    assert numbers["new"] != wanted


def test_a_number_of_the_file_never_displaces_one_that_was_allocated():
    wanted = ranking(IPv4Address("10.0.0.2"))[0]
    file = cluster({"old": 1, "new": {"havips": "10.0.0.9", "virtual_router_id": wanted}})
    allocation = allocate(file)
    assert allocation.virtual_router_ids["old"] == wanted
    assert [(c.election, c.kind, c.taken_by) for c in allocation.conflicts] == [("new", "duplicate", "old")]


def test_a_number_that_a_cluster_beside_uses_is_found_at_its_place():
    beside = cluster({"other": {"havips": "10.0.0.9", "virtual_router_id": 77}})
    file = cluster({"own": {"havips": "10.0.0.8", "virtual_router_id": 77}})
    found = judge_beside(file, [beside])
    assert [(d.code, d.span.text) for d in found] == [("CY109", "77")]


def test_priorities_fall_by_the_order_of_nodes_until_they_run_out():
    values = [priority(index) for index in range(MAXIMUM_NODES)]
    assert values[:3] == [240, 230, 220]
    assert values == sorted(set(values), reverse=True)
    assert values[-1] >= 1


def test_each_instance_prefers_its_own_node():
    file = cluster({"x": {"havips": "10.0.0.8", "prefer": "n0"}, "y": {"havips": "10.0.0.9", "prefer": "n1"}}, 3)
    priorities = allocate(file).priorities
    assert max(priorities["x"], key=priorities["x"].__getitem__) == "n0"
    assert max(priorities["y"], key=priorities["y"].__getitem__) == "n1"


@given(st.integers(2, 14))
def test_a_lowered_node_is_below_every_healthy_one(nodes):
    file = cluster({"x": 1}, nodes, mode="prefer", checks={"web": {"tcp": 80, "on_failure": "lower"}})
    allocation = allocate(file)
    values = allocation.priorities["x"].values()
    lowered = [max(1, value + allocation.weights["web"]) for value in values]
    assert max(lowered) < min(values)
    assert len(set(lowered)) == nodes


@given(st.lists(st.integers(1, 254), min_size=2, max_size=6, unique=True))
def test_a_lowered_node_is_below_every_healthy_one_with_own_priorities(priorities):
    nodes = {
        f"n{i}": {"address": f"10.0.200.{i + 1}", "interface": "e", "priority": p} for i, p in enumerate(priorities)
    }
    file = cluster({"x": 1}, mode="prefer", checks={"w": {"tcp": 80, "on_failure": "lower"}})
    value = {**file.document.value, "nodes": nodes}
    file, _ = load_cluster(Source("cluster.yaml", json.dumps(value)))
    weight = allocate(file).weights["w"]
    low = min(priorities)
    for value in priorities:
        if value != low:
            assert max(1, value + weight) <= low
    assert -253 <= weight < 0


def test_another_process_gives_the_same_numbers():
    code = (
        "from havipcfg.cluster.allocate import ranking; from ipaddress import ip_address;"
        "print([ranking(ip_address(a))[:5] for a in ('10.0.0.2', 'fd00::2')])"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        ).stdout
        for seed in ("1", "2")
    }
    assert runs == {f"{[ranking(IPv4Address('10.0.0.2'))[:5], [*_ranked('fd00::2')]]}\n"}


def _ranked(text):
    from ipaddress import ip_address

    return ranking(ip_address(text))[:5]

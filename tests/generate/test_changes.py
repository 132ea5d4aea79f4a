"""What a change means, and what applying it does."""

from __future__ import annotations

from pathlib import Path

import pytest

from havipcfg import play
from havipcfg.generator.changes import Effect, compare
from havipcfg.keepalived.load import read
from havipcfg.source import Source

BASE = """\
vrrp_script check {
    script "/usr/bin/true"
    interval 2
}

vrrp_instance web {
    state BACKUP
    interface eth0
    virtual_router_id 61
    priority 100
    advert_int 1
    authentication {
        auth_type PASS
        auth_pass heron
    }
    unicast_src_ip 192.0.2.11
    unicast_peer {
        192.0.2.12
    }
    virtual_ipaddress {
        192.0.2.100
        192.0.2.101
    }
    track_script {
        check
    }
}
"""

CHANGES = {
    "layout": (("    priority 100\n", "\tpriority 100  # high\n"), None, None),
    "order of addresses": (
        ("        192.0.2.100\n        192.0.2.101\n", "        192.0.2.101\n        192.0.2.100\n"),
        None,
        None,
    ),
    "priority": (("priority 100", "priority 90"), Effect.MAY_MOVE, "priority 100 becomes 90"),
    "script interval": (("interval 2", "interval 5"), Effect.KEEPS, "interval 2 becomes 5"),
    "an address more": (
        ("192.0.2.101\n", "192.0.2.101\n        192.0.2.102\n"),
        Effect.TWO_HOLDERS,
        "192.0.2.102 is new",
    ),
    "advert_int": (("advert_int 1", "advert_int 2"), Effect.TWO_HOLDERS, "advert_int 1 becomes 2"),
    "virtual_router_id": (("_id 61", "_id 62"), Effect.DROPS, "virtual_router_id 61 becomes 62"),
    "multicast": (
        ("    unicast_peer {\n        192.0.2.12\n    }\n", ""),
        Effect.DROPS,
        "adverts by unicast becomes multicast",
    ),
    "another prefix, which no advert tells": (
        ("192.0.2.101\n", "192.0.2.101/24 label eth0:1\n"),
        Effect.KEEPS,
        "virtual_ipaddress 192.0.2.101 becomes 192.0.2.101/24 label eth0:1",
    ),
    "another name": (("instance web", "instance site"), Effect.KEEPS, "vrrp_instance web becomes site"),
    "an instance more": (
        (
            "vrrp_instance web",
            "vrrp_instance two {\n    virtual_router_id 62\n    interface eth0\n}\n\nvrrp_instance web",
        ),
        Effect.KEEPS,
        "vrrp_instance two is new",
    ),
    "network namespace": (
        ("vrrp_script", "net_namespace blue\nvrrp_script"),
        Effect.RESTART,
        "net_namespace blue is new",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_effect_and_words_of_a_change(name: str) -> None:
    (old, new), effect, words = CHANGES[name]
    assert old in BASE
    before, after = (read(Source("a", text)).conf for text in (BASE, BASE.replace(old, new, 1)))
    plan = compare({"a": before}, {"a": after})
    if effect is None:
        assert plan.changes["a"] == ()
        assert plan.order == "nothing to apply"
    else:
        assert plan.effect is effect
        assert any(words in change.sentence for change in plan.changes["a"])


def test_a_password_is_never_shown() -> None:
    before, after = (read(Source("a", text)).conf for text in (BASE, BASE.replace("heron", "egret")))
    (change,) = compare({"a": before}, {"a": after}).changes["a"]
    assert "heron" not in change.sentence + repr(change)
    assert "egret" not in change.sentence + repr(change)
    assert change.sentence == "vrrp_instance web authentication: auth_pass ******** changes"
    assert change.effect is Effect.TWO_HOLDERS


def test_an_instance_less_takes_its_addresses_off_the_node() -> None:
    less = BASE[: BASE.index("vrrp_instance web")]
    plan = compare({"a": read(Source("a", BASE)).conf}, {"a": read(Source("a", less)).conf})
    assert plan.effect is Effect.LEAVES


def test_programs_of_havipcfg_go_by_their_names() -> None:
    old, new = (
        f'notify "/etc/keepalived/havipcfg/notify-0123456789ab.sh /etc/keepalived/havipcfg/notify-{digest}.data"'
        for digest in ("0123456789ab", "ba9876543210")
    )
    texts = (BASE.replace("state BACKUP", f"state BACKUP\n    {each}") for each in (old, new))
    before, after = (read(Source("a", text)).conf for text in texts)
    (change,) = compare({"a": before}, {"a": after}).changes["a"]
    assert change.sentence == 'vrrp_instance web: notify "notify.sh notify.data": notify.data changes'


def test_a_node_that_goes_is_stopped_first_and_a_new_one_started_last() -> None:
    conf, other = (read(Source("a", text)).conf for text in (BASE, BASE.replace("        192.0.2.12\n", "")))
    plan = compare({"a": conf}, {"a": conf, "b": conf})
    assert [change.sentence for change in plan.changes["b"]] == ["node b is new"]
    assert plan.order == "start b"
    assert compare({"a": conf, "b": conf}, {"a": conf}).order == "stop keepalived on b"
    both = compare({"a": conf, "b": conf}, {"a": other, "c": conf})
    assert [change.effect for change in (*both.changes["b"], *both.changes["c"])] == [Effect.GOES, Effect.JOINS]
    assert both.order.startswith("stop keepalived on b, then plan for an outage")
    assert both.order.endswith(", then start c")


THREE = {
    name: f"""vrrp_instance web {{
    interface eth0
    virtual_router_id 61
    priority {priority}
    unicast_src_ip 192.0.2.1{name}
    unicast_peer {{
        PEERS
    }}
    virtual_ipaddress {{
        192.0.2.100
    }}
}}
"""
    for name, priority in (("1", 120), ("2", 110), ("3", 100))
}


@pytest.mark.parametrize(
    ("scenario", "two"),
    [
        ("start; reload 1 1.new", True),
        ("start; stop 3; reload 1 1.new; reload 2 2.new", False),
    ],
)
def test_the_verifier_agrees_why_a_node_that_goes_is_stopped_first(scenario: str, two: bool, tmp_path: Path) -> None:
    for name, text in THREE.items():
        others = [f"192.0.2.1{other}" for other in THREE if other != name]
        (tmp_path / f"{name}.conf").write_text(text.replace("PEERS", "\n        ".join(others)))
        (tmp_path / f"{name}.new").write_text(text.replace("PEERS", next(p for p in others if p != "192.0.2.13")))
    events = tmp_path / "events"
    events.write_text(scenario.replace("; ", "\n"))
    steps = play([tmp_path / f"{name}.conf" for name in THREE], events).steps
    assert any(len(each.holders["web"]) > 1 for step in steps for each in step.outcomes) is two

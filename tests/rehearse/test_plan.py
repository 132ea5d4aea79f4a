"""What the lab makes of configurations, without running anything."""

import pytest

from havipcfg.keepalived.load import read
from havipcfg.rehearsal import RehearsalError, SwitchKind, addresses, plan, reload_plans
from havipcfg.source import Source
from havipcfg.verifier.scenario import parse
from tests.rehearse.clusters import TARGET, VIP, Configurations, cluster, member, reading


def text_of(text: str, *, real_checks: bool = False) -> str:
    return plan(cluster(only=text), version=TARGET, real_checks=real_checks)[0].config_text


def multicast(vip: str, interface: str = "eth0") -> str:
    return f"""
vrrp_instance one {{
    interface {interface}
    virtual_router_id 5
    virtual_ipaddress {{
        {vip}
    }}
}}
"""


def test_unicast_nodes_have_their_own_addresses() -> None:
    first, second = plan(cluster(a=member(1, 100), b=member(2, 90)), version=TARGET)
    assert first.ports["eth0"].addresses == ("198.51.100.11/24",)
    assert second.ports["eth0"].addresses == ("198.51.100.12/24",)
    assert first.instances == second.instances == {"front": (VIP,)}
    assert addresses([first, second])["b"] == {"eth0": ["198.51.100.12"]}


def test_multicast_nodes_get_addresses_of_the_virtual_ones_subnet_in_their_order() -> None:
    first, second = plan(cluster(a=multicast("192.0.2.11/24"), b=multicast("192.0.2.11/24")), version=TARGET)
    assert first.ports["eth0"].addresses == ("192.0.2.12/24",)
    assert second.ports["eth0"].addresses == ("192.0.2.13/24",)


def test_instances_that_share_an_address_are_on_one_segment() -> None:
    first, second = plan(cluster(a=multicast(VIP, "ens5"), b=multicast(VIP, "eth0")), version=TARGET)
    assert first.ports["ens5"].segment == second.ports["eth0"].segment


def test_a_copied_source_address_is_not_given_to_both() -> None:
    copied = member(2, 90).replace("unicast_src_ip 198.51.100.12", "unicast_src_ip 198.51.100.11")
    first, second = plan(cluster(a=member(1, 100), b=copied), version=TARGET)
    assert first.ports["eth0"].addresses == ("198.51.100.11/24",)
    assert second.ports["eth0"].addresses != first.ports["eth0"].addresses
    assert second.ports["eth0"].addresses


def test_a_peer_of_another_subnet_can_be_reached() -> None:
    text = member(1, 100).replace("198.51.100.12", "10.1.2.3")
    [only] = plan(cluster(a=text), version=TARGET)
    assert only.ports["eth0"].on_link == ("10.1.2.3",)


def test_interfaces_that_are_only_tracked_exist_too() -> None:
    text = member(1, 100, extra="track_interface {\neth3\n}")
    [only] = plan(cluster(a=text), version=TARGET)
    assert set(only.ports) == {"eth0", "eth3"}


def test_checks_become_switches_and_nothing_reaches_outside() -> None:
    outside = """
global_defs {
    smtp_server 192.0.2.1
    vrrp_notify_fifo /run/somewhere
    script_user nobody
}
net_namespace blue
"""
    text = text_of(outside + member(1, 100))
    assert 'script "/run/check/alive"' in text
    for gone in ("/opt/app", "user app", "smtp_server", "notify", "net_namespace", "nobody"):
        assert gone not in text
    assert "priority 100" in text
    assert "track_script {" in text


def test_real_checks_keep_scripts_and_notify() -> None:
    text = text_of(member(1, 100), real_checks=True)
    assert '"/opt/app/bin/alive --quick"' in text
    assert "notify_master" in text
    assert "/run/check" not in text


def test_a_script_that_keepalived_drops_stays_unusable() -> None:
    text = member(1, 100).replace("/opt/app/bin/alive --quick", "/bin/alive").replace("    user app\n", "")
    [only] = plan([("a", read(Source("a.conf", text)))])
    assert 'script "/run/check/alive.unusable"' in only.config_text


def test_tracked_files_are_switches_whose_failure_moves_the_priority() -> None:
    file = "vrrp_track_file load {\nfile /srv/load\nweight 10\ninit_file 3\n}\n"
    [only] = plan(cluster(a=file + member(1, 100, extra="track_file {\nload\n}")), version=TARGET)
    assert only.checks["load"].kind is SwitchKind.FILE
    assert only.checks["load"].failed == -1
    assert 'file "/run/check/load"' in only.config_text
    assert "init_file" not in only.config_text


def test_process_trackers_are_left_out_and_said_to_be() -> None:
    process = "vrrp_track_process app {\nprocess appd\nweight 10\n}\n"
    [only] = plan(cluster(a=process + member(1, 100, extra="track_process {\napp\n}")), version=TARGET)
    assert "track_process" not in only.config_text
    assert any("app" in note for note in only.notes)


def test_a_file_without_an_instance_is_refused() -> None:
    with pytest.raises(RehearsalError, match="empty"):
        plan(cluster(empty="global_defs {\n}\n"), version=TARGET)


def test_instances_without_an_address_are_refused() -> None:
    text = "vrrp_instance blind {\ninterface eth0\nvirtual_router_id 9\nunicast_src_ip 192.0.2.1\n}\n"
    with pytest.raises(RehearsalError, match="no vrrp_instance has a virtual address"):
        plan(cluster(a=text), version=TARGET)
    [only] = plan(cluster(a=text + member(1, 100)), version=TARGET)
    assert list(only.instances) == ["front"]


def test_the_tempo_follows_the_configuration() -> None:
    slow = member(1, 100, extra="preempt_delay 30", stays=False).replace("advert_int 0.2", "advert_int 2")
    [only] = plan(cluster(a=slow.replace("interval 1", "interval 5\nfall 3")), version=TARGET)
    assert only.pace.takeover == 8
    assert only.pace.patience == 30
    assert 15 <= only.pace.detection < 16


def test_reloads_of_a_scenario_are_planned_by_node_and_file() -> None:
    pair: Configurations = cluster(a=member(1, 100), b=member(2, 90))
    asked = []

    def reread(name: str):  # type: ignore[no-untyped-def]
        asked.append(name)
        return reading("new", member(1, 20, extra="track_interface {\neth9\n}"))

    plans = reload_plans(pair, parse("start; reload a new.conf; stop b"), reread, version=TARGET)
    assert asked == ["new.conf"]
    assert "priority 20" in plans["a", "new.conf"].config_text
    assert "eth9" in plans["a", "new.conf"].ports

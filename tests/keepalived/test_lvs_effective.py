"""What keepalived makes of a virtual server, depending on the order of its lines."""

from __future__ import annotations

from havipcfg.keepalived.load import read
from havipcfg.keepalived.lvs_effective import EffectiveServer
from havipcfg.keepalived.names import Names
from havipcfg.source import Source


def effective(text: str) -> EffectiveServer:
    conf = read(Source("x.conf", text)).conf
    return EffectiveServer(conf.virtual_server[0], Names(conf))


def virtual_server(body: str, head: str = "192.0.2.10 80") -> EffectiveServer:
    return effective(f"virtual_server {head} {{\n{body}\n}}\n")


def test_a_tunnel_above_the_server_carries_the_other_family() -> None:
    server = "real_server 2001:db8::21 80 {\n}\n"
    assert len(virtual_server("lvs_method TUN\n" + server).kept) == 1
    below = virtual_server(server + "lvs_method TUN")
    assert below.kept == []
    assert below.dropped == "no servers"


def test_the_first_server_tells_the_family_of_a_mark() -> None:
    found = virtual_server("real_server 2001:db8::21 {\n}\nreal_server 192.0.2.21 {\n}", "fwmark 5")
    assert found.family == 6
    assert [real.endpoint.address for real in found.refused] == ["192.0.2.21"]


def test_a_granularity_tells_the_family_of_a_mark() -> None:
    assert virtual_server("persistence_granularity 64\nreal_server 192.0.2.21 {\n}", "fwmark 5").family == 6
    assert virtual_server("persistence_granularity 255.255.255.0", "fwmark 5").family == 4


def test_a_new_sorry_server_forgets_the_settings_of_the_old_one() -> None:
    found = virtual_server("sorry_server 192.0.2.29 80\nsorry_server_inhibit\nsorry_server 192.0.2.28 80")
    assert found.sorry is not None
    assert found.sorry.address == "192.0.2.28"
    assert not found.sorry_inhibit


def test_a_refused_sorry_server_leaves_the_one_above() -> None:
    found = virtual_server("sorry_server 192.0.2.29 80\nsorry_server web 80\nsorry_server_inhibit")
    assert found.early == []
    assert found.sorry_inhibit


def test_weights_of_removed_servers_do_not_count() -> None:
    body = "quorum 9\nweight 4\n" + "real_server 192.0.2.21 80 {\nweight 2\n}\n" * 2 + "real_server 192.0.2.22 80 {\n}"
    found = virtual_server(body)
    assert found.total_weight == 6
    assert found.quorum == 6


def test_a_group_is_looked_up_wherever_it_stands() -> None:
    service = "virtual_server group web {\nlvs_method NAT\nreal_server 192.0.2.21 80 {\n}\n}\n"
    assert effective(service).dropped == "no group"
    found = effective(service + "virtual_server_group web {\n192.0.2.10 80\n192.0.2.11\nfwmark 3\n}\n")
    assert found.dropped == ""
    assert found.ports == {80, 0}
    assert found.by_mark
    assert found.by_address


def test_a_mixed_group_drops_the_server_unless_all_is_tunnelled() -> None:
    group = "virtual_server_group web {\n192.0.2.10 80\n2001:db8::10 80\n}\n"
    service = "virtual_server group web {{\nlvs_method {}\nreal_server 192.0.2.21 80 {{\n}}\n}}\n"
    assert effective(group + service.format("DR")).dropped == "families"
    assert effective(group + service.format("TUN")).dropped == ""

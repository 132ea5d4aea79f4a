import subprocess
import sys
from ipaddress import ip_address, ip_network

import pytest

from havipcfg.cluster import facts_from_options, load_cluster
from havipcfg.cluster.facts import SubnetError
from havipcfg.providers import UnknownProviderError
from havipcfg.source import Source

COMPLETE = """\
name: shop
provider: tencent
vpc: {id: vpc-1a2b3c, cidr: 172.17.0.0/16}
subnet:
  - {cidr: 172.17.16.0/20, id: subnet-9z8y, zone: zone-3}
  - fd00:17:16::/64
keepalived: 2.2.7
nodes:
  web-a:
    address: [172.17.16.13, "fd00:17:16::13"]
    interface: eth0
    interfaces: {eth1: 172.17.17.13}
    instance_id: ins-aaaa
    network_interface_id: eni-aaaa
    zone: zone-3
    placement: rack-1
    ssh: root@web-a.example
    router_id: web-a.example
  web-b:
    address: [172.17.16.7, "fd00:17:16::7"]
    interface: ens3
    placement: rack-2
    keepalived: 2.4.3
    overrides:
      instances: {api: {priority: 254, extra: {garp_master_repeat: 2}}}
      checks: {haproxy: {interval: 3}}
      extra: {static_routes: {"192.0.2.0/24 via 172.17.16.1": null}}
  web-c: {address: [172.17.16.8, "fd00:17:16::8"], interface: eth0, placement: rack-3}
instances:
  shop:
    havips:
      - {address: 172.17.16.100, id: havip-1111, options: "label eth0:1"}
      - "fd00:17:16::100"
    prefer: web-a
    preempt_delay: 30
    checks: [haproxy, page]
    max_failover: 20
  api:
    havips: [172.17.16.101, {address: 172.17.16.102, prefix: 20, excluded: true}]
    prefer: web-b
    virtual_router_id: 77
    authentication: none
    advert_int: 2
    notify: {master: [/usr/local/bin/announce, api, 80]}
    extra: {garp_lower_prio_repeat: 1, track_bfd: [peer1, peer2]}
  mail:
    havips: 172.17.16.103
    prefer: web-a
  admin:
    havips: "fd00:17:16::200"
    mode: stay
    checks: [haproxy]
sync_groups:
  front: {instances: [shop, mail], notify: {master: /usr/local/bin/front}}
checks:
  haproxy: {process: haproxy, interval: 2, fall: 2, rise: 3}
  page:
    https: {url: "https://127.0.0.1/health", status: [200, 204], contains: ok, verify: false}
    timeout: 2
    on_failure: lower
  port: {tcp: "172.17.16.1:53"}
  script: {command: /usr/local/bin/check --deep 'two words', user: nobody}
  maintenance: {file: /run/maintenance}
  unit: {systemd: nginx.service}
  uplink: {interface: eth1}
  plain: {http: "http://127.0.0.1:8080/"}
authentication: {type: PASS, password: {env: VRRP_PASSWORD}}
notify: {any: /usr/local/bin/vrrp-changed}
vip: {kind: havip, prefix: 32}
max_failover: 18
reserved_virtual_router_ids: [51, 52]
extra:
  global_defs: {vrrp_garp_master_repeat: 1}
"""


@pytest.fixture(scope="module")
def complete():
    file, found = load_cluster(Source("cluster.yaml", COMPLETE))
    assert found == []
    assert file is not None
    return file


def test_settings_come_from_the_instance_or_the_cluster(complete):
    shop, api, _, admin = complete.elections
    assert (shop.mode, api.mode, admin.mode) == ("prefer", "prefer", "stay")
    assert (shop.prefer, api.prefer, admin.prefer) == ("web-a", "web-b", None)
    assert (shop.max_failover, api.max_failover) == (20, 18)
    assert (shop.advert_int, api.advert_int) == (1, 2)
    assert (shop.authentication.type, api.authentication.type) == ("PASS", "none")
    assert admin.authentication is None
    assert shop.checks == ("haproxy", "page")
    assert api.checks == ("haproxy", "page", "port", "script", "maintenance", "unit", "uplink", "plain")
    assert shop.notify.any == ["/usr/local/bin/vrrp-changed"]
    assert api.notify.master == ["/usr/local/bin/announce", "api", "80"]


def test_the_first_havip_decides_the_family_and_the_others_move_along(complete):
    shop, api, _, admin = complete.elections
    assert (shop.version, admin.version) == (4, 6)
    assert [str(h.address) for h in shop.havips] == ["172.17.16.100"]
    assert [str(h.address) for h in shop.excluded] == ["fd00:17:16::100"]
    assert [str(h.address) for h in api.excluded] == ["172.17.16.102"]
    assert [api.prefix(h) for h in (*api.havips, *api.excluded)] == [32, 20]
    assert admin.prefix(admin.havips[0]) == 128


def test_each_node_advertises_from_its_address_in_the_subnet(complete):
    shop, _, _, admin = complete.elections
    assert {n: (str(s.address), s.interface) for n, s in shop.seats.items()} == {
        "web-a": ("172.17.16.13", "eth0"),
        "web-b": ("172.17.16.7", "ens3"),
        "web-c": ("172.17.16.8", "eth0"),
    }
    assert str(admin.seats["web-a"].address) == "fd00:17:16::13"


def test_an_instance_can_name_another_interface():
    text = """\
provider: onprem
subnet: [10.0.1.0/24, 10.0.2.0/24]
nodes:
  a: {address: 10.0.1.11, interface: eth0, interfaces: {eth1: 10.0.2.11}}
  b: {address: 10.0.1.12, interface: eth0, interfaces: {eth2: 10.0.2.12}}
instances:
  inside: {havips: 10.0.1.100}
  outside: {havips: 10.0.2.100}
checks: {web: {tcp: 80}}
"""
    file, found = load_cluster(Source("cluster.yaml", text))
    assert found == []
    assert [s.interface for s in file.election("inside").seats.values()] == ["eth0", "eth0"]
    assert [s.interface for s in file.election("outside").seats.values()] == ["eth1", "eth2"]


def test_places_in_the_file(complete):
    assert complete.span("nodes", "web-b", "address", 0).text == "172.17.16.7"
    assert complete.key_span("instances", "api").text == "api"
    assert complete.span("instances", "api", "extra", "track_bfd", 1).text == "peer2"
    assert complete.span("instances", "shop", "havips", 1, "address").text == '"fd00:17:16::100"'
    assert complete.has("instances", "api", "advert_int")
    assert not complete.has("instances", "shop", "advert_int")


def test_extra_keeps_order_and_values(complete):
    assert list(complete.election("api").extra.items()) == [
        ("garp_lower_prio_repeat", 1),
        ("track_bfd", ["peer1", "peer2"]),
    ]
    assert complete.spec.nodes["web-b"].overrides.extra == {"static_routes": {"192.0.2.0/24 via 172.17.16.1": None}}


def test_checks_in_their_short_and_long_forms(complete):
    checks = complete.spec.checks
    assert [check.kind for check in checks.values()] == [
        "process", "https", "tcp", "command", "file", "systemd", "interface", "http",
    ]  # fmt: skip
    assert (checks["port"].tcp.host, checks["port"].tcp.port) == ("172.17.16.1", 53)
    assert checks["script"].command == ["/usr/local/bin/check", "--deep", "two words"]
    assert checks["page"].https.status == [200, 204]
    assert checks["page"].lowers
    assert checks["plain"].http.url == "http://127.0.0.1:8080/"
    assert checks["haproxy"].timeout_seconds == 2


def test_facts_of_a_file(complete):
    facts = complete.facts
    assert facts.provider.name == "tencent"
    assert facts.target == "2.2.7"
    assert ip_address("172.17.16.102") in facts.havips
    assert facts.node_of(ip_address("172.17.17.13")).name == "web-a"
    assert facts.subnet_of(ip_address("172.17.16.3")) == ip_network("172.17.16.0/20")
    assert facts.reserved(ip_address("172.17.16.1")).confidence == "doc"
    assert facts.reserved(ip_address("172.17.16.2")) is None
    assert facts.reserved_virtual_router_ids == {51, 52}


def test_facts_of_options():
    facts = facts_from_options("qcloud", ["172.17.16.0/20"])
    assert facts.provider.name == "tencent"
    assert facts.havips == ()
    assert facts_from_options() is None
    with pytest.raises(UnknownProviderError):
        facts_from_options("nowhere")
    with pytest.raises(SubnetError, match=r"10\.0\.0\.1/8"):
        facts_from_options(None, ["10.0.0.1/8"])


def test_facts_need_neither_pydantic_nor_yaml():
    code = (
        "import sys, havipcfg.cluster as c; c.facts_from_options('aws', ['10.0.0.0/8']);"
        "sys.exit(str({'pydantic', 'ruamel', 'lark'} & set(sys.modules) or ''))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.stderr.strip() == ""

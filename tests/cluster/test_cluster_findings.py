# ruff: noqa: E501
"""Every CY code at its exact place: «» mark the characters that the finding must name."""

import pytest

from havipcfg.cluster import load_cluster
from havipcfg.cluster.codes import CODES
from havipcfg.diagnostics import Severity
from havipcfg.findings import RULES
from havipcfg.source import Source

HEAD = "provider: onprem\nsubnet: 10.0.1.0/24\nhavips: [10.0.1.100]\n"
NODES = """\
nodes:
  a: {address: 10.0.1.11, interface: eth0}
  b: {address: 10.0.1.12, interface: eth0}
"""
CHECKS = "checks:\n  web: {tcp: 80}\n"
TENCENT = HEAD.replace("onprem", "tencent")
DUAL = "provider: onprem\nsubnet: [10.0.1.0/24, 'fd00::/64']\n"


def nodes(count, more=""):
    return "nodes:\n" + "".join(
        f"  n{i}: {{address: 10.0.1.{i + 10}, interface: eth0{more}}}\n" for i in range(1, count + 1)
    )


BAD = {
    "syntax": ("CY001", HEAD + "nodes: {a: [1, 2«}»\n"),
    "tab": ("CY001", "provider: onprem\n«\t»subnet: 10.0.1.0/24\n"),
    "nul": ("CY001", "provider: onprem«\0»\n"),
    "not utf-8": ("CY001", "provider: onprem«\udcff»\n"),
    "empty": ("CY001", ""),
    "second document": ("CY001", HEAD + "«---»\na: 1\n"),
    "unknown key": ("CY002", HEAD + NODES + CHECKS + "«chekcs»: {}\n"),
    "unknown key below": ("CY002", HEAD + NODES + "checks: {web: {tcp: 80, «intervall»: 3}}\n"),
    "unknown key in a list": ("CY002", HEAD.replace("10.0.1.100", "{address: 10.0.1.100, «ids»: x}") + NODES),
    "list for a mapping": ("CY003", HEAD + "nodes: «[a, b]»\n"),
    "number for text": ("CY003", HEAD + NODES + CHECKS + "keepalived: «2.2»\n"),
    "text for a number": ("CY003", HEAD + NODES + CHECKS + "advert_int: «soon»\n"),
    "yes for a number": ("CY003", HEAD + NODES + CHECKS + "advert_int: «true»\n"),
    "not a mapping": ("CY003", "«- a»\n"),
    "no address": ("CY004", HEAD + "nodes:\n  «a»: {interface: eth0}\n  b: {address: 10.0.1.12, interface: eth0}\n"),
    "no provider": ("CY004", "«subnet»: 10.0.1.0/24\nhavips: [10.0.1.100]\n" + NODES),
    "duplicate key": ("CY005", HEAD + NODES + CHECKS + "«subnet»: 10.0.2.0/24\n"),
    "duplicate node": ("CY005", HEAD + NODES + "  «a»: {address: 10.0.1.13, interface: eth0}\n" + CHECKS),
    "python tag": ("CY006", "provider: «!!python/object/apply:os.system» [id]\n"),
    "endless anchor": ("CY006", "provider: &a [«*a»]\n"),
    "unknown anchor": ("CY001", "provider: «*a»\n"),
    "huge number": ("CY006", HEAD + NODES + "advert_int: «" + "9" * 5000 + "»\n"),
    "deep": ("CY006", "extra: " + "[" * 40 + "«[»" + "[" * 3000),
    "not an address": ("CY007", HEAD.replace("10.0.1.100", "«10.0.1.300»") + NODES),
    "address with a mask": ("CY007", HEAD.replace("10.0.1.100", "«10.0.1.100/24»") + NODES),
    "host bits": ("CY007", HEAD.replace("10.0.1.0/24", "«10.0.1.5/24»") + NODES),
    "unknown key in a list of one": ("CY002", HEAD.replace("[10.0.1.100]", "{address: 10.0.1.100, «ids»: x}") + NODES),
    "host bits in a mapping": ("CY007", HEAD.replace("10.0.1.0/24", "{cidr: «10.0.1.5/24»}") + NODES),
    "unknown provider": ("CY007", HEAD.replace("onprem", "«tencnet»") + NODES),
    "mode": ("CY007", HEAD + NODES + CHECKS + "mode: «sta»\n"),
    "VRID 0": ("CY007", HEAD + NODES + CHECKS + "virtual_router_id: «0»\n"),
    "priority 255": ("CY007", HEAD + NODES.replace("eth0}\n  b", "eth0, priority: «255»}\n  b") + CHECKS),
    "node name": ("CY007", HEAD + NODES.replace("  a:", "  «../a»:") + CHECKS),
    "interface name": ("CY007", HEAD + NODES.replace("11, interface: eth0", "11, interface: «eth0;reboot»")),
    "line feed in a value": ("CY007", HEAD + NODES + 'checks: {web: {systemd: «"a\\nb"»}}\n'),
    "line feed in extra": ("CY007", HEAD + NODES + CHECKS + 'extra: «{global_defs: {router_id: "a\\n}"}}»\n'),
    "two kinds of check": ("CY007", HEAD + NODES + "checks:\n  web: «{tcp: 80, process: nginx}»\n"),
    "no kind of check": ("CY007", HEAD + NODES + "checks:\n  web: «{interval: 2}»\n"),
    "http check with https": ("CY007", HEAD + NODES + "checks:\n  web: «{http: 'https://[::1]/'}»\n"),
    "unclosed quote in a command": ("CY007", HEAD + NODES + "checks: {web: {command: «/bin/x 'y»}}\n"),
    "no password": ("CY007", HEAD + NODES + CHECKS + "authentication: «{type: PASS}»\n"),
    "outside the subnet": ("CY101", HEAD.replace("10.0.1.100", "«10.0.2.100»") + NODES + CHECKS),
    "outside the subnet on AWS": ("CY101", HEAD.replace("onprem", "aws").replace("10.0.1.100", "«192.168.250.9»") + nodes(2, ", network_interface_id: eni-1") + CHECKS + "cloud: {region: eu-1}\n"),
    "overlay inside the VPC": (
        "CY101",
        HEAD.replace("onprem", "aws").replace("10.0.1.100", "«10.0.9.9»") + nodes(2, ", network_interface_id: eni-1") + CHECKS + "vpc: {cidr: 10.0.0.0/16}\ncloud: {region: eu-1, route_table: rtb-1}\n",
    ),
    "subnet outside the VPC": ("CY101", HEAD.replace("10.0.1.0/24", "«10.0.1.0/24»") + "vpc: {cidr: 10.1.0.0/16}\n" + NODES + CHECKS),
    "reserved": ("CY102", TENCENT.replace("10.0.1.100", "«10.0.1.1»") + NODES + CHECKS),
    "broadcast": ("CY102", HEAD.replace("10.0.1.100", "«10.0.1.255»") + NODES + CHECKS),
    "a node's address": ("CY103", HEAD.replace("10.0.1.100", "«10.0.1.12»") + NODES + CHECKS),
    "IPv6 in an IPv4 subnet": ("CY104", HEAD.replace("10.0.1.100", "'10.0.1.100', «'fd00::1'»") + NODES + CHECKS),
    "one node": ("CY105", HEAD + nodes(1).replace("n1", "«n1»") + CHECKS),
    "no node": ("CY105", HEAD + "«nodes»: {}\n" + CHECKS),
    "one address on two nodes": ("CY106", HEAD + NODES.replace("10.0.1.12", "«10.0.1.11»") + CHECKS),
    "HAVIP twice": ("CY107", HEAD.replace("10.0.1.100", "10.0.1.100, «10.0.1.100»") + NODES + CHECKS),
    "unknown node": ("CY108", HEAD + NODES + CHECKS + "prefer: «c»\n"),
    "unknown check": (
        "CY108",
        "provider: onprem\nsubnet: 10.0.1.0/24\ninstances:\n  x: {havips: [10.0.1.100], checks: [web, «wbe»]}\n" + NODES + CHECKS,
    ),
    "unknown instance": ("CY108", HEAD + NODES + CHECKS + "sync_groups: {g: {instances: [«other»]}}\n"),
    "override of an unknown check": (
        "CY108",
        HEAD + NODES.replace("12, interface: eth0", "12, interface: eth0, overrides: {checks: {«wbe»: {}}}") + CHECKS,
    ),
    "reserved VRID": (
        "CY109",
        HEAD + NODES + CHECKS + "virtual_router_id: «52»\nreserved_virtual_router_ids: [51, 52]\n",
    ),
    "VRID twice": (
        "CY110",
        "provider: onprem\nsubnet: 10.0.1.0/24\ninstances:\n  x: {havips: 10.0.1.100, virtual_router_id: 7}\n"
        "  y: {havips: 10.0.1.101, virtual_router_id: «7»}\n" + NODES + CHECKS,
    ),
    "Azure": ("CY111", HEAD.replace("onprem", "«azure»") + NODES + CHECKS),
    "Vultr": ("CY111", "provider: «vultr»\nhavips: [203.0.113.9]\n" + NODES + CHECKS),
    "IPv6 on Alibaba": (
        "CY112",
        "provider: alibaba\nsubnet: 'fd00::/64'\nhavips: [«'fd00::100'»]\n"
        + NODES.replace("10.0.1.", "fd00::").replace("fd00::11", "'fd00::11'").replace("fd00::12", "'fd00::12'") + CHECKS,
    ),
    "private on Baidu": ("CY112", HEAD.replace("onprem", "baidu") + NODES + CHECKS + "vip: {kind: «private»}\n"),
    "HAVIP on AWS": (
        "CY112",
        HEAD.replace("onprem", "aws") + nodes(2, ", network_interface_id: eni-1") + CHECKS + "vip: {kind: «havip»}\n",
    ),
    "multicast on Alibaba": ("CY112", HEAD.replace("onprem", "alibaba") + NODES + CHECKS + "unicast: «false»\n"),
    "one placement": (
        "CY113",
        HEAD + NODES.replace("eth0}\n  b", "eth0, placement: r1}\n  b").replace("12, interface: eth0", "12, interface: eth0, placement: «r1»") + CHECKS,
    ),
    "another zone": (
        "CY114",
        HEAD.replace("10.0.1.0/24", "{cidr: 10.0.1.0/24, zone: z1}") + NODES.replace("12, interface: eth0", "12, interface: eth0, zone: «z2»") + CHECKS,
    ),
    "eleven backends": ("CY115", TENCENT + nodes(11).replace("n11", "«n11»") + CHECKS),
    "three backends of Alibaba": ("CY115", HEAD.replace("onprem", "alibaba") + nodes(3).replace("n3", "«n3»") + CHECKS),
    "six HAVIPs": (
        "CY116",
        TENCENT.replace("10.0.1.100", "10.0.1.100, 10.0.1.101, 10.0.1.102, 10.0.1.103, 10.0.1.104, «10.0.1.105»") + NODES + CHECKS,
    ),
    "node outside": ("CY117", HEAD + NODES.replace("10.0.1.12", "«10.0.2.12»") + CHECKS),
    "node without IPv6": ("CY117", DUAL + "havips: 'fd00::100'\n" + NODES.replace("10.0.1.11", "'fd00::11'").replace("10.0.1.12", "«10.0.1.12»") + CHECKS),
    "node at a reserved address": ("CY118", TENCENT + NODES.replace("10.0.1.12", "«10.0.1.1»") + CHECKS),
    "no subnet": ("CY119", "«provider»: tencent\nhavips: [10.0.1.100]\n" + NODES + CHECKS),
    "password in the file": ("CY120", HEAD + NODES + CHECKS + "authentication: {type: PASS, password: «k3x!q9Zw»}\n"),
    "known password": ("CY121", HEAD + NODES + CHECKS + "authentication: {password: «'1111'»}\n"),
    "lowered but stays": ("CY122", HEAD + NODES + "checks: {web: {tcp: 80, on_failure: «lower»}}\n"),
    "impossible target": ("CY123", HEAD + NODES + CHECKS + "max_failover: «2»\n"),
    "impossible target with the cloud": ("CY123", TENCENT + NODES + CHECKS + "max_failover: «6»\n"),
    "slow check": ("CY124", HEAD + NODES + "checks: {web: {tcp: 80, interval: 1, timeout: «5»}}\n"),
    "no checks": ("CY125", HEAD + NODES.replace("nodes", "«nodes»")),
    "interval of an interface": ("CY126", HEAD + NODES + "checks: {up: {interface: eth1, «interval»: 5}}\n"),
    "weight that is not used": ("CY126", HEAD + NODES + "checks: {web: {tcp: 80, weight: «-30»}}\n"),
    "delay in mode stay": ("CY126", HEAD + NODES + CHECKS + "mode: stay\n«preempt_delay»: 5\n"),
    "no HAVIP": ("CY127", "«provider»: onprem\nsubnet: 10.0.1.0/24\n" + NODES + CHECKS),
    "HAVIPs in two places": ("CY128", HEAD.replace("havips", "«havips»") + NODES + CHECKS + "instances: {x: {havips: 10.0.1.9}}\n"),
    "id for the call": ("CY129", HEAD.replace("onprem", "aws") + nodes(2, ", network_interface_id: eni-1").replace("  n2", "  «n2»").replace("12, interface: eth0, network_interface_id: eni-1", "12, interface: eth0") + CHECKS + "cloud: {region: eu-1}\n"),
    "preferred but lower": ("CY130", HEAD + NODES.replace("12, interface: eth0", "12, interface: eth0, priority: 100") + CHECKS + "prefer: «b»\n"),
    "equal priorities": ("CY131", HEAD + NODES.replace("12, interface: eth0", "12, interface: eth0, priority: «240»") + CHECKS),
    "old keepalived": ("CY132", TENCENT + NODES + CHECKS + "keepalived: «1.2.10»\n"),
    "no VRID left": (
        "CY133",
        HEAD.replace("provider", "«provider»") + NODES + CHECKS + f"reserved_virtual_router_ids: {list(range(2, 256))}\n",
    ),
    "fraction with a password": ("CY135", HEAD + NODES + CHECKS + "advert_int: «0.5»\nauthentication: {password: {env: X}}\n"),
    "password over IPv6": (
        "CY126",
        DUAL + "havips: 'fd00::100'\n" + NODES.replace("10.0.1.11", "'fd00::11'").replace("10.0.1.12", "'fd00::12'") + CHECKS + "«authentication»: {password: {env: X}}\n",
    ),
    "sync group at odds": (
        "CY130",
        "provider: onprem\nsubnet: 10.0.1.0/24\ninstances:\n  x: {havips: 10.0.1.100, prefer: a}\n  y: {havips: 10.0.1.101, prefer: b}\nsync_groups: {g: {instances: [x, «y»]}}\n" + NODES + CHECKS,
    ),
    "too many nodes": (
        "CY134",
        HEAD + "«nodes»:\n" + "".join(f"  n{i}: {{address: 10.0.1.{i}, interface: e}}\n" for i in range(101, 242)).replace("10.0.1.100", "10.0.1.99") + CHECKS,
    ),
}  # fmt: skip

GOOD = {
    "minimal": HEAD + NODES + CHECKS,
    "lowest and highest free address": TENCENT.replace("10.0.1.100", "10.0.1.2, 10.0.1.254") + NODES + CHECKS,
    "IPv6 beside IPv4": DUAL + "havips: [10.0.1.100, 'fd00::100']\n" + NODES + CHECKS,
    "IPv6 alone": DUAL + "havips: 'fd00::100'\n" + NODES.replace("10.0.1.11", "'fd00::11'").replace("10.0.1.12", "'fd00::12'") + CHECKS,
    "plain IPv6 in a flow mapping": DUAL + "havips: [fd00::100]\n" + NODES.replace("10.0.1.", "fd00::") + CHECKS,
    "anchors and merges": HEAD + "nodes:\n  a: &n {address: 10.0.1.11, interface: eth0}\n  b: {<<: *n, address: 10.0.1.12}\n" + CHECKS,
    "ten backends": TENCENT + nodes(10) + CHECKS,
    "five HAVIPs": TENCENT.replace("10.0.1.100", "10.0.1.100, 10.0.1.101, 10.0.1.102, 10.0.1.103, 10.0.1.104") + NODES + CHECKS,
    "lower with prefer": HEAD + NODES + "mode: prefer\nchecks: {web: {tcp: 80, on_failure: lower}}\n",
    "password from the environment": HEAD + NODES + CHECKS + "authentication: {password: {env: VRRP}}\n",
    "active and active": "provider: onprem\nsubnet: 10.0.1.0/24\ninstances:\n  x: {havips: 10.0.1.100, prefer: a}\n  y: {havips: 10.0.1.101, prefer: b}\n" + NODES + CHECKS,
    "fraction without a password": HEAD + NODES + CHECKS + "advert_int: 0.5\n",
    "sync group of one mind": "provider: onprem\nsubnet: 10.0.1.0/24\ninstances:\n  x: {havips: 10.0.1.100}\n  y: {havips: 10.0.1.101}\nsync_groups: {g: {instances: [x, y]}}\n" + NODES + CHECKS,
    "overlay on AWS": HEAD.replace("onprem", "aws").replace("10.0.1.100", "192.168.250.9") + nodes(2, ", network_interface_id: eni-1") + CHECKS + "vpc: {cidr: 10.0.0.0/16}\ncloud: {region: eu-1, route_table: rtb-1}\n",
    "AWS": HEAD.replace("onprem", "aws") + nodes(2, ", network_interface_id: eni-1") + CHECKS + "cloud: {region: eu-1}\n",
    "Hetzner": "provider: hetzner\nhavips: [{address: 203.0.113.9, id: '42'}]\n" + nodes(2, ", instance_id: '7'") + CHECKS,
    "nodes of two subnets on Baidu": HEAD.replace("onprem", "baidu").replace("10.0.1.0/24", "[10.0.1.0/24, 10.0.2.0/24]") + NODES.replace("10.0.1.12", "10.0.2.12") + CHECKS,
    "private on Tencent": TENCENT + nodes(2, ", network_interface_id: eni-1") + CHECKS + "vip: {kind: private}\nvpc: {id: vpc-1}\ncloud: {region: eu-1}\n",
    "byte order mark and CRLF": "\ufeff" + (HEAD + NODES + CHECKS).replace("\n", "\r\n"),
    "JSON": '{"provider": "onprem", "subnet": "10.0.1.0/24", "havips": ["10.0.1.100"], "nodes": {"a": {"address": "10.0.1.11", "interface": "eth0"}, "b": {"address": "10.0.1.12", "interface": "eth0"}}, "checks": {"w": {"tcp": 80}}}',
}  # fmt: skip


def load(text):
    return load_cluster(Source("cluster.yaml", text))


@pytest.mark.parametrize("case", BAD)
def test_found_at_the_exact_place(case):
    code, marked = BAD[case]
    start, end = marked.find("«"), marked.find("»") - 1
    _, found = load(marked.replace("«", "").replace("»", ""))
    mine = [diagnostic for diagnostic in found if diagnostic.code == code]
    assert [d.code for d in found if d.code != code and d.severity is Severity.ERROR] == []
    assert len(mine) == 1, found
    assert (mine[0].span.start, mine[0].span.end) == ((start, end) if start >= 0 else (0, 0))
    assert mine[0].why


@pytest.mark.parametrize("case", GOOD)
def test_nothing_is_found_in_a_good_file(case):
    file, found = load(GOOD[case])
    assert found == []
    assert file is not None
    assert file.elections


def test_every_code_has_a_case():
    assert set(CODES) == {code for code, _ in BAD.values()}
    assert all("## What it does\n\nFinds " in RULES[code].page for code in CODES)


@pytest.mark.parametrize(
    ("text", "message", "advice"),
    [
        (HEAD + NODES + "chekcs: {}\n", "unknown key 'chekcs'; did you mean checks?", "known here: mode, prefer"),
        (
            HEAD + NODES + "checks: {w: {prot: 1}}\n",
            "unknown key 'prot' in checks.w; did you mean",
            "known here: process",
        ),
        (HEAD.replace("onprem", "tencnet") + NODES, "did you mean tencent? Known: tencent, alibaba", ""),
        (HEAD + NODES + "mode: sta\n", "mode is one of stay or prefer; did you mean stay?", ""),
        (HEAD + NODES + "keepalived: 2.2\n", "keepalived: text is expected, not the number 2.2", 'in quotes: "2.2"'),
        (HEAD.replace("1.0/24", "1.7/24") + NODES, "did you mean 10.0.1.0/24?", ""),
    ],
)
def test_messages_say_what_is_allowed_and_what_is_near(text, message, advice):
    _, found = load(text)
    errors = [diagnostic for diagnostic in found if diagnostic.severity is Severity.ERROR]
    assert len(errors) == 1
    assert message in errors[0].message
    assert advice in errors[0].advice


def test_all_wrong_values_are_reported_at_once():
    text = "provider: nowhere\nsubnet: 10.0.1.0/33\nhavips: [x]\nnodes: {a: {}}\nmood: stay\n"
    _, found = load(text)
    assert sorted(d.code for d in found) == ["CY002", "CY004", "CY004", "CY007", "CY007", "CY007"]
    assert [d.span.start for d in found] == sorted(d.span.start for d in found)


def test_first_place_of_a_duplicate_is_named():
    _, found = load(HEAD + NODES + CHECKS + "subnet: 10.0.2.0/24\n")
    assert [(label.span.line, label.span.text) for label in found[0].related] == [(2, "subnet")]


@pytest.mark.parametrize(
    "tail",
    [
        "authentication: {type: PASS, password: hunter22}\n",
        "authentication:\n  password: 'hunter22'\n",
        "authentication:\n  password: >-\n    hunter22\n",
        "instances: {x: {havips: 10.0.1.9, authentication: {password: hunter22}}}\n",
        "authentication: {type: PASS, password: hunter22\n",
        "authentication: {password: [hunter22]}\nmood: 1\n",
        'authentication: {"password": hunter22}\nmood: 1\n',
        "authentication: {password: {literal: hunter22}}\n",
        "authentication:\n  password:\n    literal: hunter22\n",
    ],
)
def test_no_finding_can_show_a_password(tail):
    _, found = load(HEAD + NODES + CHECKS + tail)
    for diagnostic in found:
        shown = [diagnostic.message, *diagnostic.remarks, diagnostic.span.source.text]
        shown += [label.span.source.text for label in diagnostic.related]
        assert "hunter22" not in " ".join(shown)
    assert found

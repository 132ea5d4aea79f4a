"""Clean clusters as operators write them: every style of one, and nothing to find in any.

``PLANS`` names the choices a cluster is made of; ``written`` writes its files. They are the
twins: ``mistakes.py`` spoils one place of such a cluster at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import indent

NODES = ("lb-a", "lb-b", "lb-c", "lb-d", "lb-e")
HAVIP = ("garp_master_delay 1", "garp_master_refresh 5")
"""What the vendors of HAVIPs ask for."""


@dataclass(frozen=True)
class Plan:
    """The choices of one cluster.

    ``family`` 46 is IPv4 with IPv6 addresses beside it; ``check`` is how a failing service
    counts; ``shape`` is ``one`` virtual router, two that are ``active`` on a node each, two in
    a ``sync`` group, or ``lvs`` with real servers; ``layout`` is how it lies in files.
    """

    name: str
    nodes: int = 2
    shape: str = "one"
    unicast: bool = True
    family: int = 4
    stay: str = "nopreempt"
    check: str = "fault"
    style: str = "plain"
    layout: str = "files"
    provider: str = ""
    facts: str = ""
    extra: tuple[str, ...] = ()
    version: int = 2

    @property
    def cloud(self) -> bool:
        """Whether the address is one that the cloud moves by gratuitous ARP."""
        return self.provider not in ("", "onprem")

    @property
    def subnet(self) -> str:
        return "10.20.0" if self.family != 6 else "fd00:20:"

    def address(self, node: int) -> str:
        return f"{self.subnet}.{11 + node}" if self.family != 6 else f"{self.subnet}:{11 + node}"


@dataclass(frozen=True)
class Router:
    """One vrrp_instance on all nodes: who is first, where it lives, what it holds."""

    name: str
    number: int
    first: int = 0
    interface: str = "eth0"
    last: int = 100


ROUTERS = {
    "one": (Router("web", 61),),
    "active": (Router("web", 61), Router("mail", 62, first=1, last=101)),
    "sync": (Router("outside", 61), Router("inside", 62, interface="eth1", last=102)),
    "lvs": (Router("web", 61),),
}


def block(head: str, lines: Iterator[str] | list[str] | tuple[str, ...]) -> str:
    return f"{head} {{\n{indent(chr(10).join(lines), '    ')}\n}}"


def written(plan: Plan) -> dict[str, str]:
    """The files of a cluster by path, the nodes' own files first."""
    texts = [STYLES[plan.style](node(plan, number)) for number in range(plan.nodes)]
    return LAYOUTS[plan.layout](plan, texts)


def node(plan: Plan, number: int) -> str:
    routers = ROUTERS[plan.shape]
    parts = [globals_of(plan, number), *checks_of(plan)]
    parts += [instance(plan, router, number) for router in routers]
    if plan.shape == "sync":
        group = [block("group", [router.name for router in routers]), *tracking(plan)]
        parts.append(block("vrrp_sync_group gateway", group))
    if plan.shape == "lvs":
        parts.append(service(plan))
    return "\n\n".join(parts) + "\n"


def globals_of(plan: Plan, number: int) -> str:
    lines = [f"router_id {NODES[number]}", "script_user root", "enable_script_security"]
    if plan.version == 3:
        lines.append("vrrp_version 3")
    return block("global_defs", lines)


def checks_of(plan: Plan) -> Iterator[str]:
    lines = ['script "/usr/bin/pgrep -x haproxy"', "interval 2", "fall 3", "rise 2"]
    if plan.check == "fault":
        yield block("vrrp_script chk_haproxy", lines)
    elif plan.check in ("weight", "line"):
        yield block("vrrp_script chk_haproxy", [*lines, *(["weight -60"] if plan.check == "weight" else [])])
    elif plan.check == "gain":
        yield block("vrrp_script chk_haproxy", [*lines, "weight 60"])
    elif plan.check == "process":
        yield block("vrrp_track_process proxy", ["process haproxy", "delay 1"])
    elif plan.check == "file":
        yield block("track_file maintenance", ["file /run/keepalived/maintenance", "weight 0"])


def tracking(plan: Plan) -> list[str]:
    """The lines of an instance, or of a sync group, that name what it tracks."""
    return {
        "fault": [block("track_script", ["chk_haproxy"])],
        "weight": [block("track_script", ["chk_haproxy"])],
        "gain": [block("track_script", ["chk_haproxy"])],
        "line": [block("track_script", ["chk_haproxy weight -60"])],
        "process": [block("track_process", ["proxy"])],
        "file": [block("track_file", ["maintenance"])],
        "interface": [block("track_interface", ["eth2 weight -60"])],
    }[plan.check]


def instance(plan: Plan, router: Router, number: int) -> str:
    return block(f"vrrp_instance {router.name}", list(instance_lines(plan, router, number)))


def instance_lines(plan: Plan, router: Router, number: int) -> Iterator[str]:
    rank = (number - router.first) % plan.nodes
    yield "state " + ("MASTER" if plan.stay == "master" and not rank else "BACKUP")
    yield f"interface {router.interface}"
    yield f"virtual_router_id {router.number}"
    yield f"priority {150 - 10 * rank}"
    yield "advert_int 1"
    if plan.stay == "nopreempt":
        yield "nopreempt"
    elif plan.stay == "delay":
        yield "preempt_delay 60"
    yield from HAVIP if plan.cloud else ()
    yield from plan.extra
    if plan.unicast:
        net = plan
        yield f"unicast_src_ip {node_address(net, router, number)}"
        others = [node_address(net, router, other) for other in range(plan.nodes) if other != number]
        yield block("unicast_peer", others)
    if plan.version == 2 and plan.family != 6:
        yield block("authentication", ["auth_type PASS", "auth_pass k7Qp2xVd"])
    yield block("virtual_ipaddress", addresses(plan, router))
    if plan.family == 46:
        yield block("virtual_ipaddress_excluded", [f"fd00:20::{router.last}/64"])
    if plan.shape != "sync":
        yield from tracking(plan)


def node_address(plan: Plan, router: Router, number: int) -> str:
    return plan.address(number) if router.interface == "eth0" else f"10.30.0.{11 + number}"


def addresses(plan: Plan, router: Router) -> list[str]:
    if plan.family == 6:
        return [f"fe80::{router.last}/64", f"fd00:20::{router.last}/64"]
    subnet = plan.subnet if router.interface == "eth0" else "10.30.0"
    return [f"{subnet}.{router.last}" + ("" if plan.cloud else f"/24 dev {router.interface}")]


def service(plan: Plan) -> str:
    """A virtual server on the virtual address, with checked real servers and a fallback."""
    servers = [
        block(f"real_server {plan.subnet}.{last} 80", ["weight 1", block("TCP_CHECK", ["connect_timeout 3"])])
        for last in (21, 22)
    ]
    lines = ["delay_loop 5", "lb_algo wrr", "lb_kind DR", "protocol TCP", f"sorry_server {plan.subnet}.29 80"]
    return block(f"virtual_server {plan.subnet}.100 80", [*lines, *servers])


def _commented(text: str) -> str:
    return "! managed by hand, see the wiki\n\n" + text.replace("\n\n", "\n\n# ----\n\n").replace(
        "advert_int 1\n", "advert_int 1   # seconds\n"
    )


def _next_line(text: str) -> str:
    lines = []
    for line in text.replace("    ", "\t").split("\n"):
        head, brace, _ = line.partition(" {")
        lines += [head, head[: len(head) - len(head.lstrip())] + "{"] if brace else [line]
    return "\n".join(lines)


STYLES = {
    "plain": str,
    "tabs": lambda text: text.replace("    ", "\t"),
    "commented": _commented,
    "next-line": _next_line,
    "crlf": lambda text: text.replace("\n", "\r\n"),
}


def _files(_: Plan, texts: list[str]) -> dict[str, str]:
    return {f"{NODES[number]}.conf": text for number, text in enumerate(texts)}


def _folders(_: Plan, texts: list[str]) -> dict[str, str]:
    return {f"{NODES[number]}/keepalived.conf": text for number, text in enumerate(texts)}


def _included(_: Plan, texts: list[str]) -> dict[str, str]:
    """Per node a main file with the globals, and the rest in conf.d."""
    found: dict[str, str] = {}
    for number, text in enumerate(texts):
        head, body = text.split("\n\n", 1)
        found[f"{NODES[number]}/keepalived.conf"] = f"{head}\n\ninclude conf.d/*.conf\n"
        found[f"{NODES[number]}/conf.d/cluster.conf"] = body
    return found


def _defined(plan: Plan, texts: list[str]) -> dict[str, str]:
    """What differs between the nodes is defined at the top."""
    found = {}
    for number, text in enumerate(texts):
        lines = [f"$SELF={plan.address(number)}", f"$PRIORITY={150 - 10 * number}", "$DEVICE=eth0"]
        text = text.replace(f"unicast_src_ip {plan.address(number)}", "unicast_src_ip $SELF")
        text = text.replace(f"priority {150 - 10 * number}", "priority $PRIORITY").replace("eth0", "$DEVICE")
        found[f"{NODES[number]}.conf"] = "\n".join(lines) + "\n\n" + text
    return found


LAYOUTS = {"files": _files, "folders": _folders, "included": _included, "defined": _defined}

PLANS = [
    Plan("pair"),
    Plan("pair-multicast", unicast=False, stay="delay", check="weight"),
    Plan("master-backup", stay="master", check="weight", style="tabs"),
    Plan("master-backup-gain", stay="master", check="gain", style="commented"),
    Plan("weight-on-the-line", stay="preempt", check="line", style="next-line"),
    Plan("three", nodes=3, style="commented"),
    Plan("three-weighted", nodes=3, unicast=False, stay="preempt", check="weight", layout="folders"),
    Plan("four", nodes=4, check="process", layout="folders"),
    Plan("five", nodes=5, check="fault", stay="delay"),
    Plan("windows", style="crlf", check="weight", stay="delay"),
    Plan("six", family=6, version=3),
    Plan("six-multicast", family=6, unicast=False, version=3, check="weight", stay="preempt"),
    Plan("both-families", family=46, check="process"),
    Plan("version-3", version=3, unicast=False, extra=("version 3",)),
    Plan("active-active", shape="active", stay="preempt", check="weight"),
    Plan("active-active-fault", shape="active", stay="delay", check="fault", layout="folders"),
    Plan("sync", shape="sync", stay="preempt", check="fault"),
    Plan("sync-multicast", shape="sync", stay="nopreempt", unicast=False, check="process", style="tabs"),
    Plan("sync-three", shape="sync", nodes=3, stay="delay", check="fault", layout="folders"),
    Plan("lvs", shape="lvs", stay="preempt", check="weight", unicast=False),
    Plan("lvs-unicast", shape="lvs", stay="nopreempt", check="fault"),
    Plan("interface-weight", stay="preempt", check="interface"),
    Plan("included", layout="included"),
    Plan("defined", layout="defined", stay="preempt", check="weight"),
    Plan("vmac", unicast=False, extra=("use_vmac vrrp61", "vmac_xmit_base"), stay="delay", check="weight"),
    Plan("tencent", provider="tencent", facts="subnet"),
    Plan("tencent-yaml", provider="tencent", facts="yaml"),
    Plan("tencent-active", provider="tencent", facts="subnet", shape="active", stay="delay", layout="folders"),
    Plan("alibaba", provider="alibaba", facts="subnet", check="process"),
    Plan("alibaba-delay", provider="alibaba", facts="yaml", stay="delay", check="weight", layout="folders"),
    Plan("huawei", provider="huawei", facts="subnet", layout="folders"),
    Plan("openstack", provider="openstack", facts="subnet"),
    Plan("onprem", provider="onprem", facts="subnet", unicast=False, stay="preempt", check="weight"),
    Plan("tencent-three", provider="tencent", facts="yaml", nodes=3),
]


def cluster_yaml(plan: Plan) -> str:
    """The cluster file that states what the cloud knows of the cluster."""
    nodes = "\n".join(f"  {NODES[n]}: {{address: {plan.address(n)}, interface: eth0}}" for n in range(plan.nodes))
    havips = ", ".join(f"{plan.subnet}.{router.last}" for router in ROUTERS[plan.shape])
    return (
        f"provider: {plan.provider}\nsubnet: {plan.subnet}.0/24\nhavips: [{havips}]\n"
        f"nodes:\n{nodes}\nchecks:\n  web: {{tcp: 80}}\n"
    )

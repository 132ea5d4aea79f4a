"""Clusters that nothing is wrong with, made by Hypothesis from the fields that the model of cluster.yaml declares."""

from __future__ import annotations

from typing import Any, get_args

from annotated_types import Ge, Gt, Le
from hypothesis import strategies as st

from havipcfg.cluster.checks import Check, Notify
from havipcfg.cluster.model import Settings
from havipcfg.cluster.values import Block
from havipcfg.providers import names, provider

CLOUD = {
    "region": "eu-1",
    "zone": "zone-1",
    "project": "proj",
    "network": "net-1",
    "netrc": "/root/.netrc",
    "header": "/root/token",
}
PROVIDERS = [name for name in names() if not provider(name).advice]
ADDRESSES = {f"10.20.30.{host}": "eth0" for host in range(11, 16)} | {
    f"fd00:20::{host}": "eth0" for host in range(11, 16)
}
UPLINK = "eth1"
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=12) | (
    st.sampled_from(
        [
            "it's",
            '"status":"UP"',
            "a\\b",
            "$_PWD",
            "~SEQ(x,1,3)",
            "#",
            "!",
            "{",
            "}",
            "-v",
            "a b",
            "é",
            "@a",
            ">x",
            "| grep",
            "&",
        ]
    )
)
OPERATORS = st.sampled_from([">x", "< /x", "| grep", "&", "a; b"])
"""What a shell would act on: a mistake in a command, and a word like any other elsewhere."""
NAMES = st.text("abzAZ019", min_size=1, max_size=8) | st.sampled_from(["web-1", "a.b", "x_y", "no", "0x10", "all"])


def _range(block: type[Block], key: str, low: int, high: int) -> st.SearchStrategy[int]:
    """Whole numbers that a field takes, of those from *low* to *high*."""
    said = block.model_fields[key].metadata
    for part in get_args(block.model_fields[key].annotation):
        said = [*said, *getattr(part, "__metadata__", ())]
    for limit in [inner for each in said for inner in (getattr(each, "metadata", None) or [each])]:
        if isinstance(limit, Ge | Gt):
            low = max(low, int(limit.ge if isinstance(limit, Ge) else limit.gt + 1))  # type: ignore[call-overload]
        elif isinstance(limit, Le):
            high = min(high, int(limit.le))  # type: ignore[call-overload]
    return st.integers(low, high)


KINDS: dict[str, st.SearchStrategy[Any]] = {
    "process": TEXT | OPERATORS,
    "tcp": st.integers(1, 65535) | st.just("[::1]:80") | st.just("db.example.com:5432"),
    "http": st.builds(
        lambda path, more: {"url": f"http://127.0.0.1/{path}", **more},
        st.sampled_from(["", "ok?a=1&b=2", "%20#x", "~u/$x"]),
        st.fixed_dictionaries({}, optional={"contains": TEXT | OPERATORS, "status": st.just([200, 204])}),
    ),
    "https": st.just("https://[::1]:8443/health"),
    "command": st.lists(TEXT.filter(lambda word: not set("<>|;&") & set(word)), max_size=3).map(
        lambda words: ["/usr/bin/test", *words]
    ),
    "file": st.sampled_from(["/run/drain", "/run/a$x"]),
    "systemd": st.sampled_from(["nginx", "a@b.service"]),
    "interface": st.just(UPLINK),
}
assert set(KINDS) <= set(Check.model_fields)


@st.composite
def checks(draw: st.DrawFn, *, lowers: bool) -> dict[str, Any]:
    """One check of any kind."""
    kind = draw(st.sampled_from(sorted(KINDS)))
    found: dict[str, Any] = {kind: draw(KINDS[kind])}
    if lowers and draw(st.booleans()):
        found["on_failure"] = "lower"
    if kind in ("interface", "file"):
        return found
    interval = draw(_range(Check, "interval", 1, 10))
    rest = {"fall": _range(Check, "fall", 2, 5), "rise": _range(Check, "rise", 2, 5), "timeout": st.just(interval)}
    if kind != "process":
        rest |= {"user": st.sampled_from(["nobody", "daemon"])}
    return found | {"interval": interval} | draw(st.fixed_dictionaries({}, optional=rest))


def notify() -> st.SearchStrategy[dict[str, Any]]:
    command = st.lists(TEXT, max_size=2).map(lambda words: ["/usr/bin/logger", *words])
    return st.fixed_dictionaries({}, optional=dict.fromkeys(Notify.model_fields, command))


@st.composite
def havips(draw: st.DrawFn, number: int) -> list[dict[str, Any]]:
    """The addresses of an instance, one of them maybe kept out of the advertisements."""
    first = {"address": f"10.20.30.{100 + number}", "id": f"vip-{number}"}
    more: dict[str, Any] = {"address": f"10.20.30.{110 + number}", "id": f"more-{number}"}
    more |= draw(st.fixed_dictionaries({}, optional={"excluded": st.just(True), "options": st.just("label eth0:1")}))
    return [first, more] if draw(st.booleans()) else [first]


def extras() -> st.SearchStrategy[dict[str, Any]]:
    """Further keywords of an instance."""
    return st.fixed_dictionaries(
        {}, optional={"garp_lower_prio_delay": st.integers(1, 5), "notify_priority_changes": st.booleans()}
    )


@st.composite
def clusters(draw: st.DrawFn) -> dict[str, Any]:
    """A whole cluster.yaml as plain values: any provider that keepalived is right for, any kind of check."""
    name = draw(st.sampled_from(PROVIDERS))
    cloud = provider(name)
    both = cloud.mechanism == "arp" and cloud.ipv6 is True and draw(st.booleans())
    count = draw(st.integers(2, min(5, cloud.max_backends_disputed or 5)))
    hosts = draw(st.lists(NAMES, min_size=count, max_size=count, unique_by=str.lower))
    nodes: dict[str, dict[str, Any]] = {}
    for index, host in enumerate(hosts, 11):
        addresses = [f"10.20.30.{index}", f"fd00:20::{index}"]
        facts = {"instance_id": f"srv-{index}", "network_interface_id": f"eni-{index}"}
        nodes[host] = {"address": addresses if both else addresses[0], "interface": "eth0", **facts}
    found: dict[str, Any] = {
        "name": draw(NAMES),
        "provider": name,
        "cloud": CLOUD,
        "vpc": {"id": "vpc-1"},
        "nodes": nodes,
    }
    if cloud.in_subnet:
        found["subnet"] = ["10.20.30.0/24", "fd00:20::/64"] if both else "10.20.30.0/24"
    prefer = draw(st.booleans())
    together = {"prefer": draw(st.sampled_from(hosts))} if prefer else {}
    instances: dict[str, dict[str, Any]] = {}
    for number in range(draw(st.integers(1, 3))):
        wish = together if both or not prefer else {"prefer": draw(st.sampled_from(hosts))}
        addresses = draw(havips(number))
        several = cloud.mechanism == "arp" and number == 0
        instances[f"i{number}"] = {"havips": addresses if several else addresses[:1], **wish}
        if draw(st.booleans()):
            instances[f"i{number}"]["extra"] = draw(extras())
    if both:
        instances["six"] = {"havips": ["fe80::100", "fd00:20::100"], **together}
        if draw(st.booleans()):
            found["sync_groups"] = {"all": {"instances": list(instances), "notify": draw(notify())}}
    found["checks"] = {f"c{n}": draw(checks(lowers=prefer)) for n in range(draw(st.integers(1, 3)))}
    for once in ("interface", "file"):
        for name in [name for name, check in found["checks"].items() if once in check][1:]:
            del found["checks"][name]
    found["notify"] = draw(notify())
    if len(instances) == 1 and not together and draw(st.booleans()):
        found["havips"] = instances["i0"]["havips"]
    else:
        found["instances"] = instances
    for host in draw(st.lists(st.sampled_from(hosts), max_size=2, unique=True)):
        own = st.fixed_dictionaries({}, optional={"extra": st.just({"global_defs": {"process_names": True}})})
        nodes[host]["overrides"] = draw(own)
        if "instances" in found:
            nodes[host]["overrides"]["instances"] = {"i0": {"extra": draw(extras())}}
    if draw(st.booleans()):
        found["extra"] = {"global_defs": {"vrrp_garp_interval": 0.01, "smtp_server": "192.0.2.25"}}
    if prefer:
        found["preempt_delay"] = draw(_range(Settings, "preempt_delay", 1, 300))
    secret = draw(st.sampled_from([None, "PASS"]))
    if secret and not both:
        found["authentication"] = {"type": secret, "password": {"env": "WEB_PASS"}}
        found["advert_int"] = draw(_range(Settings, "advert_int", 1, 3))
    elif draw(st.booleans()):
        found["advert_int"] = draw(st.sampled_from([0.5, 1.5, 2]))
    return found

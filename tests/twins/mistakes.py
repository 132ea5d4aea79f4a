"""One mistake at a time: how a clean cluster is spoilt, and what must be found where.

A mistake is a substitution in the files of the nodes (``in_``: their places in the cluster) and
the code of the rule that must report it, once for each line that ``at`` names. Nothing else may
be found. ``when`` says which plans it can be made in, beside those whose text matches.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.twins.clean import NODES, Plan

ALL = (0, 1, 2, 3, 4)


def _anywhere(plan: Plan) -> bool:
    return bool(plan.name)


@dataclass(frozen=True)
class Mistake:
    """``number``: the entries of docs/coverage.toml it is an example of."""

    number: str
    code: str
    old: str
    new: str
    at: str
    in_: tuple[int, ...] = (1,)
    on: tuple[int, ...] | None = None
    when: Callable[[Plan], bool] = _anywhere
    every: bool = False
    """Whether all places that match are changed, not the first one of a file."""

    @property
    def name(self) -> str:
        return f"{self.number}-{self.code}-{self.new[:24]}"


@dataclass(frozen=True)
class Spoilt:
    files: dict[str, str]
    expected: set[tuple[str, str, int]]
    """Code, file and line of what must be found."""


def spoil(mistake: Mistake, plan: Plan, files: dict[str, str]) -> Spoilt | None:
    """The cluster with the mistake in it; None where it cannot be made."""
    if not mistake.when(plan):
        return None
    changed = dict(files)
    for number in mistake.in_:
        if number >= plan.nodes:
            continue
        for path in _files_of(number, files):
            text, made = re.subn(
                mistake.old, mistake.new, changed[path], count=0 if mistake.every else 1, flags=re.MULTILINE
            )
            if made:
                changed[path] = text
                break
        else:
            return None
    expected = set()
    for number in mistake.in_ if mistake.on is None else mistake.on:
        places = [
            (mistake.code, path, line)
            for path in (_files_of(number, files) if number < plan.nodes else ())
            for line, text in enumerate(changed[path].splitlines(), 1)
            if re.search(mistake.at, text)
        ]
        expected |= set(places[:1])
    return Spoilt(changed, expected) if expected else None


def _files_of(number: int, files: dict[str, str]) -> list[str]:
    return [path for path in files if path.startswith(NODES[number])]


def _script(plan: Plan) -> bool:
    return plan.check in ("fault", "weight", "gain", "line")


def _weighted(plan: Plan) -> bool:
    return plan.check in ("weight", "gain", "line")


MISTAKES = [
    # ---- weights and preemption
    Mistake(
        "m1",
        "KC208",
        r"^(\s*rise 2)$",
        r"\1\n    weight -60",
        "nopreempt",
        ALL,
        when=lambda p: p.check == "fault" and p.stay == "nopreempt" and p.shape != "sync",
    ),
    Mistake(
        "m2",
        "CL301",
        r"weight -60",
        "weight -5",
        "^\\s*chk_haproxy",
        ALL,
        (0,),
        lambda p: p.check in ("weight",) and p.shape != "active",
    ),
    Mistake(
        "m2",
        "CL301",
        r"chk_haproxy weight -60",
        "chk_haproxy weight -10",
        "^\\s*chk_haproxy",
        ALL,
        (0,),
        lambda p: p.check == "line",
    ),
    Mistake("m6", "CL301", r"weight 60", "weight 2", "^\\s*chk_haproxy", ALL, (0,), lambda p: p.check == "gain"),
    Mistake(
        "m7",
        "KC203",
        r"^ *\ttrack|^\s*track_script\s*\{\s*chk_haproxy[^}]*\}\n",
        "",
        "vrrp_script chk_haproxy",
        (0,),
        when=lambda p: _script(p) and p.shape == "one",
    ),
    Mistake(
        "m7-all",
        "KC203",
        r"^\s*track_script\s*\{\s*chk_haproxy[^}]*\}\n",
        "",
        "vrrp_script chk_haproxy",
        ALL,
        when=lambda p: _script(p) and p.shape == "one",
    ),
    Mistake(
        "m19",
        "KC301",
        r"state BACKUP",
        "state MASTER",
        "nopreempt",
        (0,),
        when=lambda p: p.stay == "nopreempt" and p.shape == "one",
    ),
    Mistake(
        "m43",
        "CL108",
        r"^\s*nopreempt\r?\n",
        "",
        "^vrrp_instance",
        (0,),
        when=lambda p: p.stay == "nopreempt" and p.check != "process" and p.shape == "one",
    ),
    Mistake(
        "m44",
        "KC302",
        r"priority 150",
        "priority 255",
        "nopreempt",
        (0,),
        when=lambda p: p.stay == "nopreempt" and p.shape == "one",
    ),
    Mistake(
        "m44-w",
        "KC206",
        r"priority 150",
        "priority 255",
        "^\\s*chk_haproxy",
        (0,),
        when=lambda p: _weighted(p) and p.shape == "one" and p.stay not in ("delay",) and p.layout != "defined",
    ),
    Mistake(
        "m98",
        "KC304",
        r"^(\s*)nopreempt",
        r"\1nopreempt\n\1preempt_delay 60",
        "preempt_delay",
        (0,),
        when=lambda p: p.shape == "one",
    ),
    Mistake(
        "m98-master",
        "KC304",
        r"state BACKUP",
        r"state MASTER",
        "preempt_delay",
        (0,),
        when=lambda p: p.stay == "delay" and p.shape == "one",
    ),
    Mistake(
        "m55",
        "CL107",
        r"priority 140",
        "priority 150",
        "priority 150",
        (1,),
        when=lambda p: p.shape == "one" and p.stay != "x",
    ),
    Mistake("m81", "CL112", r"state BACKUP", "state MASTER", "state MASTER", (1,), when=lambda p: p.stay == "master"),
    Mistake(
        "m59",
        "CL111",
        r"(?s)(vrrp_instance inside.*?)priority 140",
        r"\1priority 170",
        "priority 170",
        (1,),
        when=lambda p: p.shape == "sync" and p.nodes == 2,
    ),
    # ---- what must be equal
    Mistake("m13", "CL101", r"virtual_router_id 61", "virtual_router_id 161", "virtual_router_id 161"),
    Mistake(
        "m13-first",
        "CL101",
        r"virtual_router_id 61",
        "virtual_router_id 161",
        "virtual_router_id 161",
        (0,),
        when=lambda p: p.nodes > 2,
    ),
    Mistake("m29", "CL102", r"auth_pass k7Qp2xVd", "auth_pass k7Qp2xVe", "auth_pass k7Qp2xVe"),
    Mistake("m61", "CL102", r"(?s)^\s*authentication\s*\{.*?\}\r?\n", "", "^vrrp_instance", (1,)),
    Mistake(
        "m61-type", "CL102", r"auth_type PASS", "auth_type AH", "auth_type AH", (1,), when=lambda p: p.stay != "master"
    ),
    Mistake("m30", "CL103", r"advert_int 1", "advert_int 3", "advert_int 3"),
    Mistake("m30-first", "CL103", r"advert_int 1", "advert_int 3", "advert_int 3", (0,), when=lambda p: p.nodes > 2),
    Mistake(
        "m15",
        "CL104",
        r"(virtual_ipaddress\s*\{\r?\n)(\s*)(\S+\.)(10\d)(.*)",
        r"\1\2\3\4\5\n\2\g<3>109\5",
        r"virtual_ipaddress$|virtual_ipaddress \{",
        (0,),
        (1,),
        lambda p: p.facts != "yaml" and p.nodes == 2,
    ),
    Mistake(
        "m15-other",
        "CL104",
        r"(virtual_ipaddress\s*\{\r?\n)(\s*)(\S+\.)(10\d)(.*)",
        r"\1\2\g<3>109\5",
        r"^\s*10.20.0.109",
        (1,),
        (1,),
        lambda p: p.facts != "yaml" and p.shape == "one" and p.family != 6,
    ),
    Mistake(
        "m15-multicast",
        "CL104",
        r"(virtual_ipaddress\s*\{\r?\n)(\s*)(\S+\.)(10\d)(.*)",
        r"\1\2\g<3>109\5",
        r"^\s*10.20.0.109",
        (1,),
        (1,),
        lambda p: not p.unicast and p.shape == "one" and p.family != 6,
    ),
    Mistake(
        "m16", "CL201", r"(unicast_peer\s*\{\r?\n)\s*\S+\r?\n", r"\1", "unicast_peer", (1,), when=lambda p: p.nodes > 2
    ),
    Mistake(
        "m31", "CL106", r"(?s)^\s*unicast_src_ip.*?\}\r?\n", "", "^vrrp_instance", (1,), when=lambda p: not p.cloud
    ),
    Mistake(
        "m31-cloud",
        "HV105",
        r"(?s)^\s*unicast_src_ip.*?\}\r?\n",
        "",
        "^vrrp_instance",
        (1,),
        when=lambda p: p.provider == "alibaba",
    ),
    Mistake(
        "m32",
        "CL202",
        r"unicast_src_ip 10.20.0.12",
        "unicast_src_ip 10.20.0.11",
        "unicast_src_ip 10.20.0.11",
        (1,),
        when=lambda p: p.facts != "yaml",
    ),
    Mistake(
        "m32-yaml",
        "HV108",
        r"unicast_src_ip 10.20.0.12",
        "unicast_src_ip 10.20.0.11",
        "unicast_src_ip 10.20.0.11",
        (1,),
        when=lambda p: p.facts == "yaml",
    ),
    Mistake(
        "m32-typo",
        "CL203",
        r"unicast_src_ip 10.20.0.12",
        "unicast_src_ip 10.20.0.19",
        r"^\s*10\.20\.0\.12$",
        (1,),
        (0,),
        when=lambda p: p.facts != "yaml" and p.nodes == 2,
    ),
    Mistake(
        "h4-typo",
        "CL203",
        r"^(\s*)10\.20\.0\.12(\s*)$",
        r"\g<1>10.20.0.112\2",
        r"10\.20\.0\.112",
        (0,),
        when=_anywhere,
    ),
    Mistake(
        "m96",
        "KC321",
        r"(unicast_peer\s*\{\r?\n)(\s*)(\S+)",
        r"\1\2\3\n\g<2>10.20.0.11",
        r"^\s*10.20.0.11$",
        (0,),
        when=lambda p: p.family != 6,
    ),
    Mistake(
        "h5-only",
        "KC321",
        r"(unicast_peer\s*\{\r?\n)(\s*)(10\S+)",
        r"\1\g<2>10.20.0.12",
        r"^\s*10.20.0.12$",
        (1,),
        when=lambda p: p.nodes == 2,
    ),
    Mistake("m72", "KC320", r"(?s)^\s*unicast_peer.*?\}\r?\n", "", "unicast_src_ip", (1,), when=lambda p: not p.cloud),
    Mistake("h3", "KC320", r"(?s)^\s*unicast_peer.*?\}\r?\n", "", "unicast_src_ip", (1,), when=lambda p: p.cloud),
    Mistake("m73", "KC322", r"^\s*unicast_src_ip.*\r?\n", "", "unicast_peer", (1,)),
    Mistake(
        "h10",
        "KC325",
        r"(unicast_peer\s*\{\r?\n)(\s*)([\d.]+)$",
        r"\1\2\3/24",
        r"^\s*10.20.0.\d+/24",
        (0,),
        when=lambda p: p.family == 4,
    ),
    Mistake(
        "m52",
        "CL110",
        r"^\s*track_process\s*\{\s*proxy\s*\}\n",
        "",
        "^vrrp_instance",
        (1,),
        when=lambda p: p.shape == "one",
    ),
    Mistake("m52-weight", "CL110", r"chk_haproxy weight -60", "chk_haproxy weight -80", "^\\s*chk_haproxy", (1,)),
    Mistake("m94", "KC370", r"(?s)(group\s*\{\s*outside)\s*inside", r"\1", "vrrp_sync_group", (0, 1, 2)),
    Mistake("m94-unknown", "KC371", r"(?s)(group\s*\{\s*outside\s*)inside", r"\1insdie", "insdie", (0,)),
    Mistake("m95", "CL113", r"router_id \S+", "router_id 61", "router_id 61", ALL, (1,), when=lambda p: p.nodes == 2),
    Mistake(
        "m56-cl116",
        "CL116",
        r"(?s)^vrrp_instance mail\s.*?^\}\r?\n",
        "",
        "vrrp_instance mail",
        (1,),
        (0,),
        when=lambda p: p.shape == "active",
    ),
    # ---- one file
    Mistake(
        "m3",
        "KC330",
        r"^(global_defs\s*\{)",
        r"\1\n    vrrp_strict",
        "vrrp_strict",
        ALL,
        when=lambda p: p.name == "version-3",
    ),
    Mistake("m12", "KC222", r"^\s*script_user root\r?\n", "", r"^\s*script ", (1,)),
    Mistake(
        "m21",
        "KC313",
        r"(virtual_ipaddress\s*\{\r?\n)(\s*)(\S+.*)",
        r"\1\2\3\n\g<2>2001:db8::1/64",
        "2001:db8::1",
        ALL,
        when=lambda p: p.family == 4 and not p.cloud,
    ),
    Mistake(
        "m24",
        "KC201",
        r"^(\s*)chk_haproxy(?! \{)",
        r"\1chk_haprxy",
        "chk_haprxy",
        (1,),
    ),
    Mistake(
        "m25",
        "KC202",
        r"(?s)(vrrp_script chk_haproxy\s*\{.*?\n\}\n\n)(.*)",
        r"\2\n\1",
        r"^\s+chk_haproxy",
        (1,),
        when=lambda p: p.style == "plain" and p.shape == "one",
    ),
    Mistake("m26", "KC223", "/usr/bin/pgrep", "/bin/pgrep", "/bin/pgrep", ALL),
    Mistake(
        "m27",
        "KC207",
        r"^(\s*)(advert_int 1)$",
        r"\1\2\n\1track_script {\n\1    chk_haproxy weight -20\n\1}",
        "weight -20",
        (0, 1, 2),
        when=lambda p: p.shape == "sync" and p.check == "fault",
    ),
    Mistake("m28", "KC305", r"^\s*virtual_router_id 61\r?\n", "", "^vrrp_instance (web|outside)", (1,)),
    Mistake("m28-0", "KC104", r"virtual_router_id 61", "virtual_router_id 0", "virtual_router_id 0", (1,)),
    Mistake("m28-300", "KC104", r"virtual_router_id 61", "virtual_router_id 300", "virtual_router_id 300", ALL),
    Mistake(
        "m37",
        "KC227",
        "/usr/bin/pgrep -x haproxy",
        "/usr/bin/curl -sf http://10.20.0.100/",
        r"^\s+script ",
        ALL,
        when=lambda p: p.shape == "one",
    ),
    Mistake(
        "m38",
        "KC228",
        r'script "/usr/bin/pgrep -x haproxy"',
        'script "/usr/bin/curl -sf -m 5 http://127.0.0.1/"',
        "interval 2",
        ALL,
    ),
    Mistake("m39", "KC224", r"/usr/bin/pgrep -x haproxy", "/usr/bin/ss -ltn | grep -q :80", r"^\s+script ", ALL),
    Mistake("m40", "KC225", r"/usr/bin/pgrep -x haproxy", "check_haproxy.sh", r"^\s+script ", ALL),
    Mistake(
        "m8",
        "CL304",
        r"/usr/bin/pgrep -x haproxy",
        "/usr/bin/ping -c 1 -W 1 10.20.0.1",
        "^\\s*chk_haproxy",
        ALL,
        (1,),
        when=lambda p: p.check == "fault" and p.shape == "one" and p.nodes == 2,
    ),
    Mistake(
        "m47",
        "KC361",
        r"advert_int 1",
        "advert_int 0.1",
        "advert_int 0.1",
        ALL,
        when=lambda p: p.version == 3 and p.stay != "nopreempt",
    ),
    Mistake(
        "m54",
        "KC360",
        r"advert_int 1",
        "advert_int 0.5",
        "advert_int 0.5",
        ALL,
        when=lambda p: p.version == 2 and p.family != 6,
    ),
    Mistake("m53", "KC230", r"^\s*fall 3\r?\n", "", "vrrp_script chk_haproxy", ALL),
    Mistake(
        "m57",
        "KC101",
        r"virtual_ipaddress",
        "vritual_ipaddress",
        "vritual_ipaddress",
        (1,),
    ),
    Mistake("m57-track", "KC101", r"track_script", "trak_script", "trak_script", (1,)),
    Mistake("m57-i", "KC101", r"advert_int 1", "adver_int 1", "adver_int", ALL),
    Mistake("m82", "KC101", r"rise 2", "raise 2", "raise 2", (1,)),
    Mistake("m82-fall", "KC101", r"fall 3", "fail 3", "fail 3", (1,)),
    Mistake(
        "m58",
        "KC209",
        r"^(\s+)chk_haproxy$",
        r"\1chk_haproxy weight 0 reverse",
        "reverse",
        ALL,
        when=lambda p: p.check == "fault",
    ),
    Mistake(
        "m62", "KC307", r"interface (eth0|\$DEVICE)", "interface lo", "interface lo", (1,), when=lambda p: not p.cloud
    ),
    Mistake(
        "m65",
        "KC340",
        r"^(\s*)(priority 1[45]0)$",
        r"\1\2\n\1version 3",
        "authentication",
        ALL,
        when=lambda p: p.version == 2 and p.family == 4 and p.shape == "one",
    ),
    Mistake(
        "m66",
        "KC226",
        r"^(\s*)(advert_int 1)$",
        r'\1\2\n\1notify_master "/usr/bin/logger master" > /tmp/x',
        "notify_master",
        (1,),
    ),
    Mistake("m69", "KC309", r"^(\s*)(advert_int 1)$", r"\1\2\n\1dont_track_primary", "dont_track_primary", ALL),
    Mistake("m70", "KC232", r"process haproxy", 'process "haproxy -f /etc/haproxy.cfg"', "process .haproxy -f", ALL),
    Mistake("m74", "KC104", r"priority 1[45]0", "priority 300", "priority 300", (0,)),
    Mistake("m77", "KC452", r"virtual_server 10.20.0.100", "virtual_server 10.20.0.200", "virtual_server", ALL),
    Mistake("m79", "KC221", r"^\s*enable_script_security\r?\n", "", r"^\s*script ", (1,)),
    Mistake("m80", "KC108", r"auth_pass k7Qp2xVd", "auth_pass k7Qp2xVdLong", "auth_pass", (1,)),
    Mistake(
        "m83",
        "KC205",
        r"^(\s*)(advert_int 1)$",
        r"\1\2\n\1track_interface {\n\1    eth0\n\1}",
        r"^\s+eth0$",
        ALL,
        when=lambda p: p.check != "interface",
    ),
    Mistake(
        "m86-label",
        "KC128",
        r"(virtual_ipaddress\s*\{\r?\n)(\s*)(\S+)(.*)",
        r"\1\2\3\4 label eth0:verylonglabelname",
        "label",
        ALL,
        when=lambda p: p.family == 4 and p.provider == "",
    ),
    Mistake(
        "m86-brd",
        "KC328",
        r"(virtual_ipaddress\s*\{\r?\n)(\s*)(10\S+)/24(.*)",
        r"\1\2\3/24 brd \3\4",
        "brd",
        ALL,
        when=lambda p: p.family == 4,
    ),
    Mistake("m89", "KC451", r"(?s)\s*TCP_CHECK\s*\{.*?\}", "", "real_server 10.20.0.21", ALL),
    Mistake("m97", "KC106", r"state BACKUP", "state BACUP", "state BACUP", (1,)),
    Mistake(
        "m99",
        "KC310",
        r"(?s)^\s*virtual_ipaddress\s*\{.*?\}\r?\n",
        "",
        "^vrrp_instance",
        (1,),
        when=lambda p: p.version == 2 and p.shape == "one",
    ),
    Mistake(
        "brace",
        "KC030",
        r"(virtual_ipaddress \{\n.*\n) *\}\n",
        r"\1",
        "^    track_",
        when=lambda p: p.shape == "one" and p.style == "plain" and p.family == 4,
    ),
    Mistake("m101", "KC104", r"^(global_defs\s*\{)", r"\1\n    vrrp_garp_interval 0", "vrrp_garp_interval 0", ALL),
    Mistake("m104", "KC426", r"sorry_server 10.20.0.29", "sorry_server 10.20.0.21", "sorry_server", ALL),
    Mistake("m105", "KC231", r"^(\s*)(rise 2)$", r"\1\2\n\1init_fail", "init_fail", ALL),
    Mistake("m106", "KC315", r"^\s*fe80.*\r?\n", "", "fd00:20::100", ALL, when=lambda p: not p.unicast),
    Mistake("m107", "KC382", r"^(global_defs\s*\{)", r"\1\n    smtp_server 10.20.0.5 587", "smtp_server", ALL),
    Mistake("h55", "KC381", r"router_id \S+", "router_id LVS_DEVEL", "router_id LVS_DEVEL", ALL),
    Mistake("h48", "KC344", r"auth_pass \S+", "auth_pass 1111", "auth_pass 1111", ALL),
    Mistake("h52", "KC229", r"^(\s*)(rise 2)$", r"\1\2\n\1timeout 10", "timeout 10", ALL),
    Mistake(
        "h54", "KC111", r"priority 150\r?\n\s*advert_int 1", "priority 150 advert_int 1", "priority 150 advert", (0,)
    ),
    Mistake(
        "m78",
        "KC350",
        r"^(\s*)(advert_int 1)$",
        r"\1\2\n\1use_vmac",
        "use_vmac",
        ALL,
        when=lambda p: p.unicast and not p.cloud,
    ),
    # ---- clouds
    Mistake(
        "h15",
        "HV101",
        r"10\.20\.0\.100\b(?!:)",
        "10.21.0.100",
        "10.21.0.100",
        ALL,
        when=lambda p: bool(p.facts) and p.shape != "lvs",
    ),
    Mistake(
        "h16",
        "HV102",
        r"10\.20\.0\.100\b",
        "10.20.0.253",
        "10.20.0.253",
        ALL,
        when=lambda p: p.provider == "alibaba" and p.facts == "subnet",
    ),
    Mistake(
        "h16-gw",
        "HV102",
        r"10\.20\.0\.100\b",
        "10.20.0.1",
        r"^\s*10.20.0.1$",
        ALL,
        when=lambda p: p.provider == "tencent" and p.facts == "subnet" and p.shape == "one",
    ),
    Mistake("h14", "HV107", r"10\.20\.0\.100\b", "10.20.0.177", "10.20.0.177", ALL, when=lambda p: p.facts == "yaml"),
    Mistake("h19", "HV111", r"10\.20\.0\.100\b", "10.20.0.100/24", "10.20.0.100/24", ALL, when=lambda p: p.cloud),
    Mistake("h20", "HV113", r"10\.20\.0\.100\b", "10.20.0.100 dev lo", "dev lo", ALL, when=lambda p: p.cloud),
    Mistake("h21", "HV113", r"10\.20\.0\.100\b", "10.20.0.100 dev eth1", "dev eth1", ALL, when=lambda p: p.cloud),
    Mistake("h29", "HV106", r"^\s*garp_master_refresh 5\r?\n", "", "^vrrp_instance", (0,), when=lambda p: p.cloud),
    Mistake(
        "h29-0",
        "HV106",
        r"garp_master_refresh 5",
        "garp_master_refresh 0",
        "garp_master_refresh 0",
        (0,),
        when=lambda p: p.cloud,
    ),
    Mistake(
        "h30",
        "HV114",
        r"^\s*garp_master_delay 1\r?\n",
        "",
        "^vrrp_instance",
        (0,),
        when=lambda p: p.provider in ("tencent", "alibaba"),
    ),
    Mistake(
        "h32",
        "HV116",
        r"garp_master_refresh 5",
        "garp_master_refresh 1\n    garp_master_refresh_repeat 3",
        "garp_master_refresh 1",
        ALL,
        when=lambda p: p.provider == "tencent" and p.shape == "one",
    ),
    Mistake(
        "h37",
        "HV117",
        r"^\s*nopreempt\r?\n",
        "",
        "priority 150",
        ALL,
        (0,),
        when=lambda p: p.provider in ("tencent", "alibaba") and p.shape == "one" and p.check != "process",
    ),
    Mistake(
        "h50",
        "HV110",
        r"^(\s*)(advert_int 1)$",
        r"\1\2\n\1use_vmac",
        "use_vmac",
        ALL,
        when=lambda p: p.provider in ("tencent", "alibaba", "huawei"),
    ),
    Mistake(
        "h9",
        "HV104",
        r"10\.20\.0\.12\b",
        "10.21.0.12",
        "10.21.0.12",
        ALL,
        when=lambda p: p.provider in ("tencent", "alibaba") and p.facts == "subnet" and p.shape == "one",
        every=True,
    ),
    Mistake(
        "h7",
        "HV108",
        r"unicast_src_ip 10.20.0.11",
        "unicast_src_ip 10.20.0.21",
        "unicast_src_ip 10.20.0.21",
        (0,),
        when=lambda p: p.facts == "yaml",
    ),
]

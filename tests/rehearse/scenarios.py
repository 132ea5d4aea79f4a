"""Situations that operators meet, each with what verify predicts and what the real keepalived does.

``python -m tests.rehearse.scenarios [NAME…]`` plays all of them, or those whose names begin so, side by side, and
prints every step that went otherwise. ``test_scenarios`` plays those that are marked.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from havipcfg.rehearsal.job import rehearse_cluster, version_here
from havipcfg.rehearsal.result import Rehearsal, fits
from havipcfg.verifier.job import Subject
from havipcfg.verifier.scenario import parse
from tests.rehearse.clusters import VIP, member, reading

SECOND_VIP = "198.51.100.51"


@dataclass(frozen=True)
class Situation:
    """Configurations by node, and the events; ``files`` are what ``reload`` reads. ``often``: played in every run."""

    texts: Mapping[str, str]
    events: str
    files: Mapping[str, str] = field(default_factory=dict)
    often: bool = False


def nodes(*priorities: int, check: bool = False, stays: bool = False, **options: object) -> dict[str, str]:
    """Configurations of nodes a, b, c, … with these priorities, else alike."""
    return {
        "abcdefgh"[number - 1]: member(
            number,
            priority,
            nodes=len(priorities),
            check=check,
            stays=stays,
            **options,  # type: ignore[arg-type]
        )
        for number, priority in enumerate(priorities, 1)
    }


def but(texts: dict[str, str], node: str, *changes: tuple[str, str]) -> dict[str, str]:
    """The same with text of one node replaced; all occurrences."""
    text = texts[node]
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return {**texts, node: text}


def each(texts: dict[str, str], change: Callable[[str], str]) -> dict[str, str]:
    return {name: change(text) for name, text in texts.items()}


def weighted(texts: dict[str, str], weight: str) -> dict[str, str]:
    """The check of each node with a weight."""
    return each(texts, lambda text: text.replace("timeout 1", f"timeout 1\n    weight {weight}"))


def grouped(texts: dict[str, str], *, second: str = "", group: str = "") -> dict[str, str]:
    """Each node with a second instance on eth1 and a sync group of both."""

    def with_group(text: str) -> str:
        start = text.index("vrrp_instance")
        back = text[start:].replace("front", "back").replace("eth0", "eth1").replace("198.51.100.", "203.0.113.")
        back = back.replace("virtual_router_id 77", f"virtual_router_id 78\n    {second}")
        return (
            f"{text}{back}vrrp_sync_group both {{\n    group {{\n        front\n        back\n    }}\n    {group}\n}}\n"
        )

    return each(texts, with_group)


def crossed() -> dict[str, str]:
    """Two instances, each node preferred for one."""
    texts = {}
    for number, (own, other) in enumerate(((200, 50), (50, 200)), 1):
        second = member(number, other, check=False, stays=False)
        second = second[second.index("vrrp_instance") :].replace("front", "back").replace(VIP, SECOND_VIP)
        texts["ab"[number - 1]] = member(number, own, check=False, stays=False) + second.replace("77", "78")
    return texts


FILE = "vrrp_track_file load {{\n    file /srv/load\n    weight {}\n}}\n"
TRACK_FILE = "track_file {\n        load\n    }"
TRACK_LINK = "track_interface {{\n        eth7 {}\n    }}"
TWO = {"version": 2, "advert": 1}
LOW = {"a.low": member(1, 20, stays=False, check=False)}
SECRET = "authentication {\n        auth_type PASS\n        auth_pass secret\n    }"

SITUATIONS: dict[str, Situation] = {
    "tie-low-first": Situation(nodes(100, 100), "start a; start b; cut a b; heal; stop b; start b"),
    "tie-high-first": Situation(nodes(100, 100), "start b; start a; cut a b; heal; die b; start b"),
    "tie-three": Situation(nodes(100, 100, 100), "start b; start a; start c; cut b a; heal; freeze c; thaw c"),
    "tie-multicast": Situation(nodes(100, 100, unicast=False), "start a; start b; cut a b; heal"),
    "reverse-negative": Situation(
        weighted(nodes(150, 100, check=True), "-100 reverse"),
        "start a; start b; check b alive fail; check b alive ok; check a alive fail",
    ),
    "reverse-positive": Situation(
        weighted(nodes(150, 100, check=True), "60 reverse"),
        "start a; start b; check b alive fail; check a alive fail; check a alive ok; check b alive ok",
    ),
    "reverse-fault": Situation(
        weighted(nodes(150, 100, check=True), "0 reverse"), "start a; start b; check a alive fail; check a alive ok"
    ),
    "clamp-low": Situation(
        weighted(nodes(20, 10, check=True), "-50"),
        "start a; start b; check a alive fail; check b alive fail; check a alive ok; check b alive ok",
        often=True,
    ),
    "clamp-high": Situation(
        weighted(nodes(250, 240, check=True), "50"),
        "start b; start a; stop b; check a alive fail; start b; check a alive ok",
    ),
    "auth-differs": Situation(
        but(nodes(200, 100, extra=SECRET, **TWO), "b", ("secret", "other")), "start a; start b; stop a; start a"
    ),
    "auth-same-eight": Situation(
        but(nodes(200, 100, extra=SECRET.replace("secret", "secret12345"), **TWO), "b", ("secret12345", "secret12999")),
        "start a; start b",
    ),
    "auth-one-sided": Situation(but(nodes(200, 100, extra=SECRET, **TWO), "b", (SECRET, "")), "start a; start b"),
    "interval-differs-v2": Situation(
        but(nodes(200, 100, **TWO), "b", ("advert_int 1", "advert_int 2")), "start a; start b; stop a"
    ),
    "interval-differs-v3": Situation(
        but(nodes(200, 100), "a", ("advert_int 0.2", "advert_int 1")),
        "start a; start b; die a; start a; stop b",
        often=True,
    ),
    "interval-shorter-master-v3": Situation(
        but(nodes(200, 100), "b", ("advert_int 0.2", "advert_int 1")), "start a; start b; die a; start a; stop a"
    ),
    "addresses-differ": Situation(
        but(nodes(200, 100), "b", (f"{VIP}/24", f"{VIP}/24\n        {SECOND_VIP}/24")), "start a; start b; stop a"
    ),
    "addresses-of-other-order": Situation(
        but(
            nodes(200, 100, vips=(f"{VIP}/24", f"{SECOND_VIP}/24")),
            "b",
            (f"{VIP}/24\n        {SECOND_VIP}/24", f"{SECOND_VIP}/32\n        {VIP}/32"),
        ),
        "start a; start b; stop a; start a",
    ),
    "addresses-unchecked": Situation(
        but(nodes(200, 100, extra="skip_check_adv_addr"), "b", (f"{VIP}/24", f"{VIP}/24\n        {SECOND_VIP}/24")),
        "start a; start b; stop a; start a",
    ),
    "router-id-differs": Situation(but(nodes(200, 100), "b", ("_id 77", "_id 78")), "start a; start b; stop a"),
    "version-differs": Situation(
        but(nodes(200, 100, **TWO), "b", ("version 2", "version 3")), "start a; start b; stop b"
    ),
    "group-differs": Situation(
        but(nodes(200, 100, unicast=False, extra="mcast_dst_ip 224.0.0.18"), "b", ("224.0.0.18", "224.0.0.19")),
        "start a; start b; stop a",
    ),
    "unicast-against-multicast": Situation(
        {**nodes(200, 100), "b": member(2, 100, stays=False, check=False, unicast=False)}, "start a; start b; stop a"
    ),
    "peers-one-sided-backup": Situation(
        but(nodes(200, 100), "b", ("        198.51.100.11\n", "        198.51.100.13\n")),
        "start a; start b; stop a; start a; stop a",
    ),
    "peers-one-sided-master": Situation(
        but(nodes(200, 100), "a", ("        198.51.100.12\n", "        198.51.100.13\n")),
        "start a; start b; stop b; start b; stop a; start a",
        often=True,
    ),
    "peers-unchecked": Situation(
        but(nodes(200, 100, 50), "c", ("        198.51.100.12\n", "")), "start c; start b; start a; stop a"
    ),
    "peers-checked": Situation(
        but(nodes(200, 100, 50, extra="check_unicast_src"), "c", ("        198.51.100.12\n", "")),
        "start c; start b; start a; stop a",
    ),
    "source-of-another": Situation(
        but(nodes(200, 100), "b", ("unicast_src_ip 198.51.100.12", "unicast_src_ip 198.51.100.99")),
        "start a; start b; stop a",
    ),
    "oneway-from-master": Situation(
        nodes(200, 100), "start a; start b; cut-oneway a b; stop b; start b; heal; stop a", often=True
    ),
    "oneway-to-master": Situation(nodes(200, 100), "start a; start b; cut-oneway b a; stop a; start a; heal"),
    "oneway-multicast": Situation(
        nodes(200, 100, unicast=False), "start a; start b; cut-oneway a b; heal; cut-oneway b a; stop a; start a"
    ),
    "oneway-three": Situation(
        nodes(200, 100, 50), "start; cut-oneway a c; heal; cut-oneway a b; heal; cut-oneway c a; stop a"
    ),
    "oneway-stays": Situation(
        nodes(200, 100, stays=True), "start a; start b; cut-oneway a b; heal; cut-oneway b a; die a; start a"
    ),
    "oneway-preempt-delay": Situation(
        nodes(200, 100, extra="preempt_delay 1"),
        "start a; start b; cut-oneway a b; heal; die a; start a; cut-oneway b a; heal",
    ),
    "group-one-leg": Situation(
        grouped(nodes(200, 100), second="dont_track_primary"),
        "start a; start b; link b eth1 down; link b eth1 up; link a eth1 down; link a eth1 up",
        often=True,
    ),
    "group-leg-down": Situation(
        grouped(nodes(200, 100)), "start a; start b; link a eth1 down; link a eth1 up; die a; start a"
    ),
    "group-stays": Situation(
        grouped(nodes(200, 100, stays=True)), "start a; start b; link a eth1 down; link a eth1 up; cut a b; heal"
    ),
    "group-opposite": Situation(
        but(
            grouped(nodes(200, 100)),
            "b",
            ("priority 100\n    \n    unicast_src_ip 203", "priority 250\n    unicast_src_ip 203"),
        ),
        "start a; start b; stop a; start a",
    ),
    "group-weighted-member": Situation(
        weighted(grouped(nodes(200, 100, check=True)), "-150"), "start a; start b; check a alive fail; check a alive ok"
    ),
    "group-weighted": Situation(
        weighted(grouped(nodes(200, 100, check=True), group="track_script {\n        alive\n    }"), "-150"),
        "start a; start b; check a alive fail; check a alive ok",
    ),
    "reload-lower": Situation(
        nodes(200, 100), "start a; start b; reload a a.low; reload a a.high", {**LOW, "a.high": nodes(200, 100)["a"]}
    ),
    "reload-backup-higher": Situation(
        nodes(200, 100),
        "start a; start b; reload b b.high; stop b",
        {"b.high": member(2, 250, stays=False, check=False)},
    ),
    "reload-stays": Situation(
        nodes(200, 100, stays=True),
        "start a; start b; reload b b.high; reload b b.free; stop b",
        {"b.high": member(2, 250, check=False), "b.free": member(2, 250, stays=False, check=False)},
    ),
    "reload-router-id": Situation(
        nodes(200, 100),
        "start a; start b; reload a a.other; reload a a.same",
        {"a.other": nodes(200, 100)["a"].replace("_id 77", "_id 79"), "a.same": nodes(200, 100)["a"]},
    ),
    "reload-address": Situation(
        nodes(200, 100),
        "start a; start b; reload a a.two; reload b b.two",
        {
            f"{name}.two": text.replace(f"{VIP}/24", f"{VIP}/24\n        {SECOND_VIP}/24")
            for name, text in nodes(200, 100).items()
        },
    ),
    "reload-check-added": Situation(
        nodes(200, 100),
        "start a; start b; reload a a.checked; check a alive fail; check a alive ok",
        {"a.checked": member(1, 200, stays=False)},
    ),
    "reload-check-failed": Situation(
        nodes(200, 100, check=True),
        "start a; start b; check a alive fail; reload a a.low; check a alive ok; stop b",
        {"a.low": member(1, 20, stays=False)},
    ),
    "reload-weight": Situation(
        weighted(nodes(200, 100, check=True), "-20"),
        "start a; start b; check a alive fail; reload a a.heavy; check a alive ok",
        {"a.heavy": member(1, 200, stays=False).replace("timeout 1", "timeout 1\n    weight -150")},
    ),
    "reload-file": Situation(
        each(nodes(200, 100, extra=TRACK_FILE), lambda text: FILE.format(-10) + text),
        "start a; start b; check a load 5; reload a a.heavy; check a load ok",
        {"a.heavy": FILE.format(-30) + nodes(200, 100, extra=TRACK_FILE)["a"]},
    ),
    "reload-interface": Situation(
        nodes(200, 100, extra=TRACK_LINK.format("weight -10")),
        "start a; start b; link a eth7 down; reload a a.heavy; link a eth7 up",
        {"a.heavy": nodes(200, 100, extra=TRACK_LINK.format("weight -150"))["a"]},
    ),
    "reload-process": Situation(
        each(
            nodes(200, 100, extra="track_process {\n        app\n    }"),
            lambda text: "vrrp_track_process app {\n    process appd\n    weight 5\n}\n" + text,
        ),
        "start a; start b; reload a a.low; stop b",
        LOW,
    ),
    "reload-bfd": Situation(
        each(
            nodes(200, 100, extra="track_bfd {\n        far\n    }"),
            lambda text: "bfd_instance far {\n    neighbor_ip 198.51.100.99\n    weight -5\n}\n" + text,
        ),
        "start a; start b; reload a a.low; stop b",
        LOW,
    ),
    "reload-interval": Situation(
        nodes(200, 100), "start a; start b; reload a a.slow; die a", {"a.slow": nodes(200, 100, advert=1)["a"]}
    ),
    "startup-delay": Situation(
        nodes(200, 100, head="vrrp_startup_delay 2"), "start a; start b; stop a; start a; die a; start a"
    ),
    "startup-delay-together": Situation(nodes(200, 100, head="vrrp_startup_delay 1.5"), "start; kill a; start a"),
    "startup-delay-check": Situation(
        nodes(200, 100, check=True, head="vrrp_startup_delay 2"),
        "start b; start a; check a alive fail; check a alive ok; link a eth0 down; link a eth0 up",
    ),
    "startup-delay-stays": Situation(
        nodes(200, 100, stays=True, head="vrrp_startup_delay 2"), "start a; start b; die a; start a; stop b; start b"
    ),
    "startup-delay-alone": Situation(
        nodes(200, 100, head="vrrp_startup_delay 2"), "start a; stop a; start b; start a; cut a b; heal"
    ),
    "preempt-delay": Situation(
        nodes(200, 100, extra="preempt_delay 2"), "start b; start a; stop a; start a; die b; start b", often=True
    ),
    "preempt-delay-two-backups": Situation(
        nodes(200, 150, 100, extra="preempt_delay 2"), "start c; start a; stop a; start a; start b; die a; start a"
    ),
    "preempt-delay-both-wait": Situation(
        nodes(200, 150, 100, extra="preempt_delay 2"), "start c; start b; wait 0.5; start a; stop a; die b"
    ),
    "preempt-delay-check": Situation(
        nodes(200, 100, check=True, extra="preempt_delay 2"), "start a; start b; check a alive fail; check a alive ok"
    ),
    "stays-after-failures": Situation(
        nodes(200, 150, 100, stays=True), "start a; start b; start c; die a; start a; die b; start b; stop a; start a"
    ),
    "stays-one-of-two": Situation(
        {**nodes(200, 100), "a": member(1, 200, check=False)}, "start b; start a; stop b; start b; die a; start a"
    ),
    "stays-weighted": Situation(
        weighted(nodes(200, 100, check=True, stays=True), "-150"),
        "start a; start b; check a alive fail; stop a; start a; check a alive ok; check b alive fail",
    ),
    "down-timer-two": Situation(
        nodes(200, 100, extra="down_timer_adverts 2"), "start a; start b; die a; start a; kill a; start a"
    ),
    "down-timer-six": Situation(
        nodes(200, 100, head="vrrp_down_timer_adverts 6"), "start a; start b; die a; start a; cut a b; heal"
    ),
    "very-short-adverts": Situation(nodes(200, 100, advert=0.05), "start a; start b; die a; start a; stop a; start a"),
    "short-adverts": Situation(nodes(200, 150, 100, advert=0.1), "start; die a; stop b; start b; start a"),
    "slow-adverts": Situation(nodes(200, 100, version=2, advert=2), "start a; start b; die a; start a; stop a"),
    "six": Situation(
        each(nodes(200, 100), lambda text: text.replace("198.51.100.", "2001:db8:5::")),
        "start a; start b; die a; start a; stop a; start a; cut a b; heal; freeze a; thaw a",
        often=True,
    ),
    "six-multicast": Situation(
        each(nodes(200, 100, unicast=False, vips=("fe80::77", "2001:db8:7::50/64")), str),
        "start a; start b; link a eth0 down; link a eth0 up; stop a",
    ),
    "file-weight": Situation(
        each(nodes(200, 100, extra=TRACK_FILE), lambda text: FILE.format(-2) + text),
        "start a; start b; check a load 60; check a load 40; check a load 200; check a load ok",
        often=True,
    ),
    "file-fault": Situation(
        each(nodes(200, 100, extra=TRACK_FILE), lambda text: FILE.format(0) + text),
        "start a; start b; check a load 1; check b load 3; check a load ok; check b load ok",
    ),
    "file-plus": Situation(
        each(nodes(200, 100, extra=TRACK_FILE), lambda text: FILE.format(1) + text),
        "start a; start b; check b load 120; check b load -50; check a load -120; check b load 250; check a load ok",
    ),
    "file-reverse": Situation(
        each(nodes(200, 100, extra=TRACK_FILE), lambda text: FILE.format("1 reverse") + text),
        "start a; start b; check a load 150; check a load ok; check b load -150; check b load fail",
    ),
    "interface-fault": Situation(
        nodes(200, 100, extra=TRACK_LINK.format("")),
        "start a; start b; link a eth7 down; link b eth7 down; link a eth7 up; link b eth7 up",
    ),
    "interface-weight": Situation(
        nodes(200, 100, extra=TRACK_LINK.format("weight -120")),
        "start a; start b; link a eth7 down; link a eth7 up; stop a",
        often=True,
    ),
    "interface-plus": Situation(
        nodes(150, 120, extra=TRACK_LINK.format("weight 40")),
        "start a; start b; link a eth7 down; link b eth7 down; link b eth7 up; link a eth7 up",
    ),
    "interface-reverse": Situation(
        nodes(150, 120, extra=TRACK_LINK.format("weight -60 reverse")),
        "start a; start b; link b eth7 down; link b eth7 up",
    ),
    "interface-primary-untracked": Situation(
        nodes(200, 100, extra="dont_track_primary"), "start a; start b; link a eth0 down; link a eth0 up; stop a"
    ),
    "three-nodes": Situation(nodes(200, 150, 100), "start; die a; die b; start b; start a; stop a; kill b"),
    "four-nodes": Situation(nodes(200, 150, 100, 50), "start; cut a b; heal; die a; stop b; start a; freeze a; thaw a"),
    "five-nodes": Situation(
        nodes(220, 180, 140, 100, 60), "start; die a; die b; kill c; start a; start b; start c", often=True
    ),
    "five-multicast": Situation(
        nodes(220, 180, 140, 100, 60, unicast=False),
        "start; stop a; cut b c; heal; start a; link a eth0 down; link a eth0 up",
    ),
    "freeze-master": Situation(nodes(200, 100), "start a; start b; freeze a; thaw a; freeze b; thaw b", often=True),
    "freeze-lower-master": Situation(
        nodes(200, 100), "start b; freeze b; start a; thaw b; stop a; freeze b; start a; thaw b"
    ),
    "freeze-stays": Situation(
        nodes(200, 100, stays=True), "start a; start b; freeze a; thaw a; freeze b; stop a; start a; thaw b"
    ),
    "freeze-goodbye": Situation(
        nodes(200, 100), "start a; start b; freeze b; stop a; thaw b; start a; freeze a; die b; start b; thaw a"
    ),
    "freeze-short": Situation(
        nodes(200, 100), "start a; start b; freeze a; wait 0.2; thaw a; freeze b; wait 0.3; thaw b"
    ),
    "freeze-three": Situation(nodes(200, 150, 100), "start; freeze a; freeze b; thaw b; thaw a; freeze a; thaw a"),
    "freeze-check": Situation(
        nodes(200, 100, check=True), "start a; start b; freeze a; check a alive fail; thaw a; check a alive ok"
    ),
    "freeze-v2": Situation(nodes(200, 100, **TWO), "start a; start b; freeze a; thaw a; freeze b; stop a; thaw b"),
    "kill-and-start": Situation(
        nodes(200, 100), "start a; start b; kill a; start a; kill b; start b; kill a; wait 0.3; start a"
    ),
    "kill-stays": Situation(nodes(200, 100, stays=True), "start a; start b; kill a; start a; kill b; start b"),
    "kill-both": Situation(nodes(200, 100), "start a; start b; kill a; kill b; start b; start a"),
    "kill-check": Situation(
        nodes(200, 100, check=True), "start a; start b; kill a; check a alive fail; start a; check a alive ok"
    ),
    "die-briefly": Situation(nodes(200, 100), "start a; start b; die a; wait 0.2; start a; stop a; wait 0.2; start a"),
    "owner": Situation(nodes(255, 100), "start b; start a; die a; start a; stop a"),
    "owner-checked": Situation(nodes(255, 100, check=True), "start a; start b; check a alive fail; check a alive ok"),
    "master-clears-stays": Situation(
        but(nodes(200, 100, stays=True), "a", ("state BACKUP", "state MASTER")), "start b; start a; stop a; start a"
    ),
    "no-answer-to-lower": Situation(
        nodes(200, 100, extra="lower_prio_no_advert"), "start a; start b; cut a b; heal; freeze a; thaw a"
    ),
    "last-advert-to-higher": Situation(
        nodes(200, 100, extra="higher_prio_send_advert"), "start a; start b; cut a b; heal; stop a; start a"
    ),
    "crossed": Situation(crossed(), "start; die a; start a; stop b; start b; cut a b; heal", often=True),
    "check-slow": Situation(
        each(nodes(200, 100, check=True), lambda text: text.replace("timeout 1", "timeout 1\n    fall 3\n    rise 2")),
        "start a; start b; check a alive fail; check a alive ok; check a alive hang; check a alive ok",
    ),
    "check-blip": Situation(
        each(nodes(200, 100, check=True), lambda text: text.replace("timeout 1", "timeout 1\n    fall 2\n    rise 2")),
        "start a; start b; check a alive fail; wait 0.5; check a alive ok; wait 3; check a alive fail; wait 4",
    ),
    "check-bad-from-the-start": Situation(
        nodes(200, 100, check=True), "check a alive fail; start a; start b; check a alive ok; stop b"
    ),
    "check-weighted-from-the-start": Situation(
        weighted(nodes(200, 100, check=True), "-150"),
        "check a alive fail; start; check a alive ok; check b alive fail; stop a",
    ),
    "check-hang": Situation(
        each(nodes(200, 100, check=True), lambda text: text.replace("interval 1", "interval 2")),
        "start a; start b; check a alive hang; check a alive ok; check b alive hang; stop a",
    ),
    "check-fails-everywhere": Situation(
        nodes(200, 100, check=True), "start; check a alive fail; check b alive fail; check b alive ok; check a alive ok"
    ),
    "link-blip": Situation(
        nodes(200, 100),
        "start a; start b; link a eth0 down; wait 0.2; link a eth0 up; link b eth0 down; link b eth0 up",
    ),
    "link-all-down": Situation(
        nodes(200, 100), "start; link a eth0 down; link b eth0 down; link a eth0 up; link b eth0 up"
    ),
    "virtual-mac": Situation(nodes(200, 100, extra="use_vmac"), "start a; start b; die a; start a; stop a"),
    "excluded-addresses": Situation(
        but(
            nodes(200, 100, extra="virtual_ipaddress_excluded {\n        192.0.2.7\n    }"),
            "b",
            ("192.0.2.7", "192.0.2.8"),
        ),
        "start a; start b; stop a; start a",
    ),
    "cut-and-die": Situation(nodes(200, 150, 100), "start; cut a b; die a; heal; start a; cut a c; stop a; heal"),
    "stop-start-soon": Situation(
        nodes(200, 100), "start; stop a; wait 0.2; start a; stop b; wait 0.2; stop a; start b"
    ),
}


def play(situations: Sequence[Situation], at_once: int = 8) -> list[Rehearsal]:
    """Rehearse situations side by side, each step with its prediction."""
    version = version_here()

    def rehearsed(situation: Situation) -> Rehearsal:
        texts = situation.texts.items()
        subject = Subject(
            "", [(name, reading(name, text)) for name, text in texts], dict.fromkeys(situation.texts, version)
        )
        with tempfile.TemporaryDirectory() as folder:
            for name, text in situation.files.items():
                Path(folder, name).write_text(text)
            done = rehearse_cluster(subject, parse(situation.events), folder=Path(folder))
        [rehearsal] = done.rehearsals
        return rehearsal

    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(rehearsed, situations))


def disagreement(rehearsal: Rehearsal) -> str:
    """The first step that went otherwise than predicted, in words; empty if none did."""
    wrong = next((step for step in rehearsal.steps if not step.as_predicted), None)
    if wrong is None:
        return ""
    story = "; ".join(step.event for step in rehearsal.steps)
    seen = [(round(moment.seconds, 3), dict(moment.holders)) for moment in wrong.rounds[0].timeline]
    return f"{story}\n  at {wrong.event}: measured {seen}\n  predicted {wrong.predicted}"


def disagreements(situations: Mapping[str, Situation], at_once: int = 8) -> tuple[dict[str, str], int, list[Rehearsal]]:
    """What went otherwise than predicted twice, in words; how many did so once; the first results of all.

    A machine that is too busy for a moment delays something else the second time; a wrong prediction stays wrong.
    """
    results = play(list(situations.values()), at_once)
    doubtful = [name for name, each in zip(situations, results, strict=True) if disagreement(each)]
    again = play([situations[name] for name in doubtful], at_once)
    said = zip(doubtful, map(disagreement, again), strict=True)
    return {name: wrong for name, wrong in said if wrong}, len(doubtful), results


def told(rehearsals: Sequence[Rehearsal]) -> str:
    """How many steps there were, how exact their times are, and how many were judged by measured start-ups."""
    steps = sorted(measured.exact_s for each in rehearsals for step in each.steps for measured in step.rounds)
    anew = sum(bool(each.remarks) for each in rehearsals)
    usual, least = steps[len(steps) * 9 // 10] * 1000, steps[-1] * 1000
    as_they_stand = sum(
        any(fits(replace(measured, exact_s=0.0), outcome) for outcome in step.predicted or ())
        for each in rehearsals
        for step in each.steps
        for measured in step.rounds
    )
    return (
        f"{len(steps)} steps, {as_they_stand} as predicted as they stand; 9 of 10 exact to {usual:.0f} ms, "
        f"all to {least:.0f} ms; {anew} judged by their start-ups"
    )


def main() -> None:
    wanted = tuple(sys.argv[1:])
    chosen = {name: each for name, each in SITUATIONS.items() if not wanted or name.startswith(wanted)}
    began = time.monotonic()
    wrong, once, results = disagreements(chosen)
    for name, said in wrong.items():
        print(f"{name}: {said}")
    print(f"{len(chosen)} situations: {told(results)}")
    print(f"{once} disagreed, {len(wrong)} of them when played again; {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()

"""What the lines of the files decide: ties, weights, delays, timers, groups, and lines that differ between nodes."""

from __future__ import annotations

from tests.rehearse.clusters import VIP, member
from tests.rehearse.situation import (
    FILE,
    SECOND_VIP,
    SECRET,
    TRACK_FILE,
    TRACK_LINK,
    TWO,
    Situation,
    but,
    crossed,
    each,
    grouped,
    nodes,
    weighted,
)

SETTINGS: dict[str, Situation] = {
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
    "virtual-mac": Situation(nodes(200, 100, extra="use_vmac"), "start a; start b; die a; start a; stop a"),
    "excluded-addresses": Situation(
        but(
            nodes(200, 100, extra="virtual_ipaddress_excluded {\n        192.0.2.7\n    }"),
            "b",
            ("192.0.2.7", "192.0.2.8"),
        ),
        "start a; start b; stop a; start a",
    ),
}

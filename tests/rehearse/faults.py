"""What happens to nodes: they die, freeze and reload, their links are cut and their checks fail."""

from __future__ import annotations

from tests.rehearse.clusters import VIP, member
from tests.rehearse.situation import (
    FILE,
    LOW,
    SECOND_VIP,
    TRACK_FILE,
    TRACK_LINK,
    TWO,
    Situation,
    each,
    nodes,
    weighted,
)

FAULTS: dict[str, Situation] = {
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
    "cut-and-die": Situation(nodes(200, 150, 100), "start; cut a b; die a; heal; start a; cut a c; stop a; heal"),
    "stop-start-soon": Situation(
        nodes(200, 100), "start; stop a; wait 0.2; start a; stop b; wait 0.2; stop a; start b"
    ),
}

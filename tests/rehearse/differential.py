"""Random small clusters: what verify predicts beside what the real keepalived does.

``python -m tests.rehearse.differential COUNT [SEED [LABS]]`` plays COUNT clusters, LABS at a time, and prints every
disagreement.
"""

from __future__ import annotations

import random
import sys
import time

from tests.rehearse.scenarios import disagreements, told
from tests.rehearse.situation import Situation

EVENTS = 4


def random_texts(rng: random.Random) -> dict[str, str]:
    """The configurations of two or three nodes, by name."""
    count = rng.choice((2, 2, 3))
    version = rng.choice((2, 3, 3, 3))
    advert = 1 if version == 2 else rng.choice((0.2, 0.4))
    priorities = rng.sample(range(30, 250, 30), count)
    if rng.random() < 0.1:
        priorities[1] = priorities[0]
    checks = [
        (f"c{n}", rng.choice((0, 0, -40, -100, 50)), rng.choice((1, 1, 2)), rng.choice((1, 2)))
        for n in range(rng.choice((0, 1, 1, 2)))
    ]
    stays = rng.choice(("none", "none", "all", "some"))
    unicast, group = rng.random() < 0.7, rng.random() < 0.15
    texts = {}
    for number in range(count):
        nopreempt = stays == "all" or (stays == "some" and rng.random() < 0.5)
        scripts = "".join(
            f'vrrp_script {name} {{\nscript "/opt/{name}"\ninterval 1\nweight {weight}\nfall {fall}\nrise {rise}\n}}\n'
            for name, weight, fall, rise in checks
        )
        text = scripts + _instance(
            "front", number, count, priorities[number], version, advert, checks, nopreempt, unicast
        )
        if group:
            text += _instance("back", number, count, priorities[number], version, advert, checks, nopreempt, unicast)
            text += "vrrp_sync_group both {\ngroup {\nfront\nback\n}\n}\n"
        texts[f"n{number + 1}"] = text
    return texts


def _instance(
    name: str,
    number: int,
    count: int,
    priority: int,
    version: int,
    advert: float,
    checks: list[tuple[str, int, int, int]],
    nopreempt: bool,
    unicast: bool,
) -> str:
    net, vrid, interface = ("198.51.100", 51, "eth0") if name == "front" else ("203.0.113", 52, "eth1")
    peers = "\n".join(f"{net}.{11 + other}" for other in range(count) if other != number)
    lines = [
        f"vrrp_instance {name} {{\nstate BACKUP\ninterface {interface}\nvirtual_router_id {vrid}",
        f"version {version}\nadvert_int {advert}\npriority {priority}",
        "nopreempt" if nopreempt else "",
        f"unicast_src_ip {net}.{11 + number}\nunicast_peer {{\n{peers}\n}}" if unicast else "",
        f"virtual_ipaddress {{\n{net}.50/24\n}}",
        "track_script {\n" + "\n".join(check[0] for check in checks) + "\n}" if checks else "",
    ]
    return "\n".join(line for line in lines if line) + "\n}\n"


def random_scenario(rng: random.Random, texts: dict[str, str]) -> str:
    """Nodes start one after the other, then faults and repairs in random order."""
    names = list(texts)
    checks = [line.split()[1] for line in texts["n1"].splitlines() if line.startswith("vrrp_script")]
    interfaces = [
        line.split()[1] for line in texts["n1"].splitlines() if line.startswith("interface ") and "eth" in line
    ]
    events = [f"start {name}" for name in rng.sample(names, len(names))]
    down: dict[str, str] = {}
    bad: set[str] = set()
    for _ in range(EVENTS):
        node = rng.choice(names)
        if node in down:
            events.append(down.pop(node))
            continue
        kind = rng.choice(
            ("stop", "kill", "die", "freeze", "link", "cut", "oneway", *(("check",) * 4 if checks else ()))
        )
        if kind in ("stop", "kill", "die"):
            events.append(f"{kind} {node}")
            down[node] = f"start {node}"
        elif kind == "freeze":
            events.append(f"freeze {node}")
            down[node] = f"thaw {node}"
        elif kind == "link":
            interface = rng.choice(interfaces)
            events.append(f"link {node} {interface} down")
            down[node] = f"link {node} {interface} up"
        elif kind == "check":
            switch = f"check {node} {rng.choice(checks)}"
            events.append(f"{switch} {'ok' if switch in bad else 'fail'}")
            bad ^= {switch}
        else:
            other = rng.choice([name for name in names if name != node])
            events += [f"cut{'-oneway' if kind == 'oneway' else ''} {node} {other}", "heal"]
    return "; ".join(events)


def situation(seed: int) -> Situation:
    """A random cluster and what happens to it."""
    rng = random.Random(seed)
    texts = random_texts(rng)
    return Situation(texts, random_scenario(rng, texts))


def main() -> None:
    count = int(sys.argv[1])
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    at_once = int(sys.argv[3]) if len(sys.argv) > 3 else 16
    began = time.monotonic()
    clusters = {f"seed {seed}": situation(seed) for seed in range(first, first + count)}
    wrong, once, results = disagreements(clusters, at_once)
    for name, said in wrong.items():
        print(f"{name}: {said}")
    print(f"{count} clusters: {told(results)}")
    print(f"{once} disagreed, {len(wrong)} of them when played again; {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()

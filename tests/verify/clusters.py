"""Random small clusters and scenarios for the differential tests."""

from __future__ import annotations

import random
from dataclasses import replace

from daemons import Lab

from havipcfg.verifier.hears import hears
from havipcfg.verifier.network import Check, Group, Instance, Network, Node, Tracker
from havipcfg.verifier.simulate import simulate

EARLY, LATE = 0.05, 0.06


def random_network(rng: random.Random) -> Network:
    count = rng.choice((2, 2, 3, 3, 4))
    version = rng.choice((2, 2, 3))
    interval = rng.choice((1.0, 2.0)) if version == 2 else rng.choice((0.1, 0.5, 1.0))
    mixed = version == 3 and rng.random() < 0.3
    steps = rng.sample(range(40, 250, rng.choice((1, 10))), count)
    checks = tuple(
        Check(f"c{i}", interval=rng.choice((0.5, 1.0, 2.0)), fall=rng.choice((1, 1, 2, 3)), rise=rng.choice((1, 1, 2)))
        for i in range(rng.choice((0, 1, 1, 2)))
    )
    sync = rng.random() < 0.2
    style = rng.choice(("none", "none", "all", "some"))
    adverts = rng.choice((3, 3, 3, 2))
    delay = rng.choice((0.0, 0.0, 0.0, 3.0))
    weights = {check.name: rng.choice((0, 0, -5, -20, -60, 10, 40)) for check in checks}
    nodes = []
    for number in range(count):
        base = Instance(
            "A",
            "eth0",
            51,
            priority=255 if rng.random() < 0.03 else steps[number] if rng.random() < 0.9 else steps[0],
            version=version,
            advert_int=rng.choice((0.5, 1.0)) if mixed else interval,
            down_timer_adverts=adverts,
            nopreempt=style == "all" or (style == "some" and rng.random() < 0.5),
            preempt_delay=delay,
            address=f"10.0.0.{number + 1}",
            vips=("10.0.0.100",),
            trackers=tuple(Tracker(name, weight) for name, weight in weights.items()),
            lower_prio_no_advert=rng.random() < 0.1,
        )
        base = replace(base, nopreempt=base.nopreempt and not base.owner)
        if base.owner:
            base = replace(base, trackers=tuple(t for t in base.trackers if t.weight == 0))
        if base.nopreempt:
            base = replace(base, preempt_delay=0.0)
        instances = (base,)
        groups: tuple[Group, ...] = ()
        if sync:
            other = replace(base, name="B", interface="eth1", vrid=52, vips=("10.0.1.100",))
            if rng.random() < 0.3 and not base.owner:
                other = replace(other, priority=rng.randrange(40, 250))
            instances, groups = (base, other), (Group("G", ("A", "B")),)
        nodes.append(Node(f"n{number + 1}", instances, checks, groups))
    if sum(node.instances[0].owner for node in nodes) > 1:
        nodes = [replace(node, version=(2, 2, 7)) for node in nodes]
    return Network(tuple(nodes))


def random_events(rng: random.Random, network: Network, length: int = 7, *, pauses: bool = False) -> list[str]:
    names = [node.name for node in network.nodes]
    checks = [check.name for check in network.nodes[0].checks]
    events = ["start"]
    up, bad, cut, frozen = set(names), set(), False, ""
    for _ in range(length):
        node = rng.choice(names)
        kinds = ["stop", "die", "kill", "cut", "oneway"] + ["check"] * (6 if checks else 0) + ["start"] * 3
        kind = rng.choice(kinds + ["pause"] * 5 * pauses)
        if kind == "pause":
            events += [f"thaw {frozen}"] if frozen else [f"freeze {node}"] if node in up else []
            frozen = "" if frozen else node if node in up else ""
        elif node == frozen and kind in ("check", "stop"):
            continue
        elif kind == "check":
            name = rng.choice(checks)
            state = "ok" if (node, name) in bad else "fail"
            bad ^= {(node, name)}
            events.append(f"check {node} {name} {state}")
        elif kind == "start":
            gone = sorted(set(names) - up)
            if gone:
                node = rng.choice(gone)
                up.add(node)
                events.append(f"start {node}")
        elif kind in ("stop", "die", "kill"):
            if node in up:
                up.discard(node)
                frozen = "" if frozen == node else frozen
                events.append(f"{kind} {node}")
        elif cut:
            cut = False
            events.append("heal")
        else:
            cut = True
            other = rng.choice([name for name in names if name != node])
            events.append(f"{'cut' if kind == 'cut' else 'cut-oneway'} {node} {other}")
    return events


def settling(network: Network) -> float:
    """Seconds after which simulated daemons have settled whatever happened."""
    slowest = max(
        i.advert_int * (i.down_timer_adverts + 1) + i.preempt_delay for n in network.nodes for i in n.instances
    )
    slowest += max((c.interval * max(c.fall, c.rise) for n in network.nodes for c in n.checks), default=0.0)
    return 3 * slowest + 8


def play(network: Network, events: list[str], seed: int):
    """What the simulated daemons do: for each event the holders and the time of the last change."""
    lab = Lab(network, hears(network).hears, seed)
    quiet = settling(network)
    for event in events:
        words = event.split()
        lab.run(lab.random.uniform(0, 3))
        lab.changes = [(lab.now, lab.holders())]
        begun = lab.now
        happen(lab, words)
        lab.changed()
        lab.run(quiet)
        last = max(
            (when for (when, now), (_, was) in zip(lab.changes[1:], lab.changes, strict=False) if now != was),
            default=None,
        )
        yield event, lab.holders(), None if last is None else last - begun, lab


def happen(lab: Lab, words: list[str]) -> None:
    kind, rest = words[0], words[1:]
    if kind == "start":
        common = lab.random.uniform(0, 0.4)
        for name in rest or lab.hosts:
            lab.hosts[name].start(common + lab.random.uniform(0, lab.jitter))
    elif kind in ("stop", "kill", "freeze", "thaw"):
        getattr(lab.hosts[rest[0]], kind)()
    elif kind == "die":
        lab.hosts[rest[0]].vanish()
    elif kind == "check":
        lab.hosts[rest[0]].bad ^= {rest[1]}
    elif kind == "cut":
        lab.cut |= {(rest[0], rest[1]), (rest[1], rest[0])}
    elif kind == "cut-oneway":
        lab.cut.add((rest[0], rest[1]))
    elif kind == "link":
        lab.hosts[rest[0]].link(rest[1], rest[2] == "up")
    elif kind == "heal":
        lab.cut.clear()


def disagreement(seed: int, *, pauses: bool = False) -> str | None:
    """Play one random cluster both ways; None when they agree, else where they part. ``pauses``: freeze and thaw."""
    rng = random.Random(seed)
    network = random_network(rng)
    events = random_events(rng, network, pauses=pauses)
    predicted = simulate(network, "; ".join(events)).steps
    for step, (event, holders, after, _lab) in zip(predicted, play(network, events, seed), strict=True):
        said = [o for o in step.outcomes if {k: tuple(sorted(v)) for k, v in o.holders.items()} == holders]
        if not all(o.settled for o in step.outcomes):
            return None
        if not said:
            return f"seed {seed} {events}: {event}: daemons {holders} after {after}, model {step.outcomes}"
        if not any(_fits(o.after, after) for o in said):
            return f"seed {seed} {events}: {event}: daemons need {after}, model {said}"
    return None


def _fits(bounds, after) -> bool:
    if after is None:
        return bounds is None or bounds[0] <= EARLY
    return bounds is not None and bounds[0] - EARLY <= after <= bounds[1] + LATE

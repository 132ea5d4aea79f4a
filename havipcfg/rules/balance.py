"""Whether a failing check can move the address: priorities and weights across the nodes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from havipcfg.cluster.members import Cluster, Member, VirtualRouter
from havipcfg.diagnostics import Edit, Fix, Label
from havipcfg.findings import ERROR, WARNING, Finding
from havipcfg.keepalived.effective import Tracked
from havipcfg.keepalived.tracking import VrrpScript
from havipcfg.rules.registry import rule

LOWEST, HIGHEST, STEEPEST = 1, 254, 253
"""The effective priority stays between the first two; a weight is at most the third in size."""


def contribution(tracked: Tracked, *, good: bool) -> int:
    """What a tracker adds to the priority: its weight while it is on the side of the sign."""
    weight = tracked.weight if (tracked.weight > 0) == good else 0
    return -weight if tracked.reverse else weight


def unlimited(member: Member, failed: Iterable[Tracked] = ()) -> int:
    """The base priority and what every tracker adds, those in ``failed`` as failed ones."""
    base, working = member.effective.priority, member.effective.working_trackers
    if not working or member.effective.owner:
        return base
    bad = {id(each) for each in failed}
    return base + sum(contribution(each, good=id(each) not in bad) for each in working)


def priority(member: Member, failed: Iterable[Tracked] = ()) -> int:
    """The effective priority, kept between 1 and 254."""
    if member.effective.owner:
        return member.effective.priority
    return max(LOWEST, min(HIGHEST, unlimited(member, failed)))


def sitting(router: VirtualRouter) -> tuple[Member, list[Member]] | None:
    """The node that holds the address while all is well, and the others; None where a check cannot move it.

    That is so for the owner of the address, and where the check of a single node is no matter
    because the first two are equal.
    """
    members = router.originals
    if len(members) < 2:
        return None
    master = max(members, key=priority)
    return None if master.effective.owner else (master, [m for m in members if m is not master])


def weighted(member: Member) -> list[Tracked]:
    """The trackers whose failure means a lower priority; each of a name once."""
    working = member.effective.working_trackers
    found = {(each.kind, each.name): each for each in working if not each.faults and not each.reverse}
    return list(found.values())


def only_weights(member: Member) -> bool:
    """Whether KC208 speaks of this member: nopreempt, and no check but weighted ones."""
    working = member.effective.working_trackers
    return member.effective.nopreempt and bool(working) and not any(tracked.faults for tracked in working)


@rule("CL301", "weight-cannot-move-vip", ERROR, of=VirtualRouter, fix="unsafe")
def weight_cannot_move_vip(router: VirtualRouter, cluster: Cluster) -> Iterator[Finding]:
    """A check whose failure lowers the master by too little.

    ## What it does
    Takes the node that holds the address while all is well, lets one of its weighted checks
    fail, and compares its priority with that of every healthy node. To take over, another node
    must be higher; equal is not enough. Where several checks together would be enough it says
    so as a warning.

    ## Why it matters
    The service is down, the address does not move, and nothing is logged as an error.

    ## Example
    ```keepalived
    # a.conf
    vrrp_script check_web {
        script "/usr/bin/pgrep -x nginx"
        fall 2
        weight -5               # expect: CL301
    }
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        priority 110
        virtual_ipaddress {
            192.0.2.10
        }
        track_script {
            check_web
        }
    }
    ```
    ```keepalived
    # b.conf
    vrrp_script check_web {
        script "/usr/bin/pgrep -x nginx"
        fall 2
        weight -5
    }
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        priority 100
        virtual_ipaddress {
            192.0.2.10
        }
        track_script {
            check_web
        }
    }
    ```

    ## Use instead
    A weight greater than the gap (`weight -11`), or no weight at all: then a node whose check
    fails gives the address up whatever the priorities are.

    ## References
    - keepalived.conf(5), "vrrp_script" and "track_script"
    """
    del cluster
    seats = sitting(router)
    if seats is None:
        return
    master, others = seats
    rivals = [m for m in others if not m.effective.nopreempt]
    if not rivals:
        return
    best = max(rivals, key=priority)
    if unlimited(master) > HIGHEST and unlimited(best) > HIGHEST:
        return
    trackers = weighted(master)
    for tracked in trackers:
        fallen = priority(master, [tracked])
        if contribution(tracked, good=True) == contribution(tracked, good=False) or fallen < priority(best):
            continue
        together = priority(master, trackers) < priority(best)
        last = min(rivals, key=priority)
        size = _needed(tracked, master, last) or _needed(tracked, master, best)
        yield _too_light(router, tracked, (master, best, last), size, together)


def _too_light(
    router: VirtualRouter, tracked: Tracked, seats: tuple[Member, Member, Member], size: int | None, together: bool
) -> Finding:
    master, best, last = seats
    healthy, fallen, rival = priority(master), priority(master, [tracked]), priority(best)
    verb = "ties with" if fallen == rival else "is still above"
    sign = "" if tracked.weight > 0 else "-"
    if size is None:
        advice = "use no weight: a node whose check fails then gives the address up"
    else:
        advice = f"use weight {sign}{size} or {'more' if tracked.weight > 0 else 'lower'} on every node, or no weight"
        if priority(last) < rival:
            advice += f": below {last.node} too, at {priority(last)}"
    return Finding(
        tracked.weighed_at,
        f"the address stays on {master.node} when {tracked.name} fails there: {healthy} falls to {fallen}, "
        f"which {verb} {best.node} at {rival}"
        if healthy != fallen
        else f"the address stays on {master.node} when {tracked.name} fails there: its priority stays {healthy}, "
        f"{best.node} has {rival}",
        why="it takes more failed checks than this one to move it: until then the service is down"
        if together
        else "the service is down, the address does not move, and nothing is logged as an error",
        advice=advice,
        related=tuple(_labels(tracked, master, best)),
        fix=None if size is None or together else _heavier(tracked, router, int(f"{sign}{size}")),
        severity=WARNING if together else None,
    )


def _needed(tracked: Tracked, master: Member, best: Member) -> int | None:
    """The smallest size of the weight that moves the address, on every node alike; None where none does."""
    mine = unlimited(master) - contribution(tracked, good=True)
    twin = next((each for each in weighted(best) if (each.kind, each.name) == (tracked.kind, tracked.name)), None)
    theirs = unlimited(best) - (contribution(twin, good=True) if twin is not None else 0)
    gains = twin is not None and tracked.weight > 0
    if tracked.reverse or tracked.kind in ("file", "bfd"):
        return None
    if tracked.weight > 0 and not gains:
        return None
    size = mine - theirs + 1
    top = max(mine, theirs) + (size if gains else 0)
    if not 0 < size <= STEEPEST or top > HIGHEST or (not gains and mine - size <= LOWEST):
        return None
    return size


def _labels(tracked: Tracked, master: Member, best: Member) -> Iterator[Label]:
    if tracked.weighed_at != tracked.tracker.at():
        yield Label(tracked.tracker.at(), f"tracked on {master.node}")
    yield Label(master.instance.at("priority"), f"priority {master.effective.priority} on {master.node}")
    yield Label(best.instance.at("priority"), f"priority {best.effective.priority} on {best.node}")


def _heavier(tracked: Tracked, router: VirtualRouter, needed: int) -> Fix | None:
    """Give the script the weight it needs, in every file where it has its own."""
    if tracked.kind != "script":
        return None
    edits = []
    for member in router.members:
        for other in member.effective.working_trackers:
            if other.name != tracked.name or other.kind != "script":
                continue
            if other.tracker.weight is not None:
                edits.append(Edit(other.tracker.at(2), str(needed)))
            elif isinstance(other.definition, VrrpScript) and other.definition.has("weight"):
                edits.append(Edit(other.definition.at("weight", 1), str(needed)))
    unique = {(edit.span.file, edit.span.start): edit for edit in edits}
    return Fix(f"weight {needed} on every node", "unsafe", tuple(unique.values())) if unique else None


@rule("CL302", "nopreempt-ignores-weight", ERROR, of=VirtualRouter)
def nopreempt_ignores_weight(router: VirtualRouter, cluster: Cluster) -> Iterator[Finding]:
    """A weighted check that no other node acts on, because they all have `nopreempt`.

    ## What it does
    Reports a weighted check of a node whose partners all have `nopreempt`. Where a node's
    checks are all weighted and it has `nopreempt` itself, KC208 says so.

    ## Why it matters
    A node with `nopreempt` accepts any living master, however low its priority. The check
    fails, the priority falls, and the address stays.

    ## Example
    ```keepalived
    # a.conf
    vrrp_script check_web {
        script "/usr/bin/pgrep -x nginx"
        fall 2
        weight -30
    }
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        priority 110
        virtual_ipaddress {
            192.0.2.10
        }
        track_script {
            check_web           # expect: CL302
        }
    }
    ```
    ```keepalived
    # b.conf
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        priority 100
        nopreempt
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    Weight 0: a failed check then puts the node into FAULT, and it gives the address up.

    ## References
    - keepalived.conf(5), "nopreempt"
    """
    del cluster
    members = router.originals
    if len(members) < 2 or any(only_weights(member) for member in members):
        return
    for member in members:
        others = [other for other in members if other is not member]
        if member.effective.owner or not all(other.effective.nopreempt for other in others):
            continue
        best = max(others, key=priority)
        for tracked in weighted(member):
            yield Finding(
                tracked.tracker.at(),
                f"the address stays on {member.node} when {tracked.name} fails there: {best.node} has nopreempt",
                why=f"{best.node} accepts a living master of any priority; the service is down and nothing moves",
                advice="give the check weight 0, so that its failure means FAULT, or take nopreempt out",
                related=(Label(best.instance.at("nopreempt"), f"nopreempt on {best.node}"),),
            )

"""Whether a failing check can move the address: priorities and weights across the nodes."""

from __future__ import annotations

from collections.abc import Iterator

from havipcfg.cluster.members import Cluster, Member, VirtualRouter
from havipcfg.diagnostics import Edit, Fix, Label
from havipcfg.findings import ERROR, Finding
from havipcfg.keepalived.effective import Tracked
from havipcfg.keepalived.tracking import VrrpScript
from havipcfg.rules.registry import rule


def contribution(tracked: Tracked, *, good: bool) -> int:
    """What a tracker adds to the priority: its weight while it is on the side of the sign."""
    weight = -tracked.weight if tracked.reverse else tracked.weight
    return weight if (weight > 0) == good else 0


def priority(member: Member, failed: Tracked | None = None) -> int:
    """The effective priority with every tracker good but one; between 1 and 254."""
    base = member.effective.priority
    if member.effective.owner:
        return base
    moved = sum(contribution(each, good=each is not failed) for each in member.effective.working_trackers)
    return max(1, min(254, base + moved))


@rule("CL301", "weight-cannot-move-vip", ERROR, of=VirtualRouter, fix="unsafe")
def weight_cannot_move_vip(router: VirtualRouter, cluster: Cluster) -> Iterator[Finding]:
    """A check whose failure lowers the master by too little.

    ## What it does
    Takes the node that holds the address while all is well, lets one of its weighted checks
    fail, and compares its priority with that of every healthy node. To take over, another node
    must be higher; equal is not enough.

    ## Why it matters
    The service is down, the address does not move, and nothing is logged as an error.

    ## Example
    `weight -5` on the check while the nodes have `priority 110` and `priority 100`.

    ## Use instead
    A weight greater than the gap (`weight -11`), or no weight at all: then a node whose check
    fails gives the address up whatever the priorities are.

    ## References
    - keepalived.conf(5), "vrrp_script" and "track_script"
    """
    del cluster
    master = max(router.members, key=priority)
    if master.effective.owner:
        return
    rivals = [m for m in router.members if m is not master and not m.effective.nopreempt]
    if not rivals:
        return
    for tracked in master.effective.working_trackers:
        if not tracked.weight:
            continue
        fallen = priority(master, tracked)
        best = max(rivals, key=priority)
        if fallen < priority(best):
            continue
        healthy = priority(master)
        needed = priority(best) - healthy - 1
        verb = "ties with" if fallen == priority(best) else "is still above"
        yield Finding(
            tracked.tracker.at(),
            f"the address stays on {master.node} when {tracked.name} fails there: {healthy} falls to {fallen}, "
            f"which {verb} {best.node} at {priority(best)}",
            why="the service is down, the address does not move, and nothing is logged as an error",
            advice=f"use weight {needed} or lower on every node, or no weight" if needed >= -253 else "use no weight",
            related=tuple(_labels(tracked, master, best)),
            fix=_heavier(tracked, router, needed),
        )


def _labels(tracked: Tracked, master: Member, best: Member) -> Iterator[Label]:
    if isinstance(tracked.definition, VrrpScript) and tracked.tracker.weight is None:
        yield Label(tracked.definition.at("weight"), f"weight {tracked.weight}")
    yield Label(master.instance.at("priority"), f"priority {master.effective.priority} on {master.node}")
    yield Label(best.instance.at("priority"), f"priority {best.effective.priority} on {best.node}")


def _heavier(tracked: Tracked, router: VirtualRouter, needed: int) -> Fix | None:
    """Give the script the weight it needs, in every file where it has its own."""
    if needed < -253 or tracked.kind != "script" or tracked.reverse:
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

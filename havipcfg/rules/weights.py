"""Trackers that cannot do what they are for: dropped by keepalived, or without effect on who holds the address."""

from __future__ import annotations

from collections.abc import Iterator

from havipcfg.cluster.context import Context
from havipcfg.diagnostics import Label
from havipcfg.findings import ERROR, Finding
from havipcfg.keepalived.effective import TRACKER_KINDS
from havipcfg.keepalived.entries import Tracker
from havipcfg.keepalived.names import DEFINED_BY
from havipcfg.keepalived.vrrp_instance import VrrpInstance
from havipcfg.keepalived.vrrp_sync_group import VrrpSyncGroup
from havipcfg.rules.registry import rule

TRACKERS = (*DEFINED_BY, "track_interface")


@rule("KC206", "owner-drops-tracker", ERROR, of=(VrrpInstance, VrrpSyncGroup), given=TRACKERS, keepalived=True)
def owner_drops_tracker(block: VrrpInstance | VrrpSyncGroup, context: Context) -> Iterator[Finding]:
    """A tracker with a weight on an instance of priority 255.

    ## What it does
    Reports a weighted tracker of an instance whose priority is 255, given or taken because
    `state MASTER` stands without `priority`, and of a sync group with such a member.

    ## Why it matters
    Priority 255 means that the node owns the address, and an owner's priority never changes.
    keepalived drops the tracker or its weight. The service can fail and the address stays.

    ## Example
    ```keepalived
    vrrp_script check_web {
        script "/usr/bin/pgrep -x nginx"
        fall 2
        weight -30
    }

    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        priority 255
        virtual_ipaddress {
            192.0.2.10
        }
        track_script {
            check_web           # expect: KC206
        }
    }
    ```

    ## Use instead
    A priority of at most 254.

    ## References
    - RFC 5798, 5.2.4 (priority 255); keepalived.conf(5), "priority"
    """
    if isinstance(block, VrrpSyncGroup):
        yield from _group_with_owner(block, context)
        return
    inforce = context.effective(block)
    if not inforce.owner:
        return
    weighted = [tracked for tracked in inforce.trackers if tracked.weight and not tracked.group]
    if weighted:
        first, *others = weighted
        names = " and ".join(tracked.name for tracked in weighted)
        yield Finding(
            first.tracker.span,
            f"{block.name} has priority 255, so the weight of {names} has no effect",
            why=_CONSEQUENCE,
            advice="give the instance a priority of at most 254",
            related=(
                Label(block.at("priority"), "the owner of the address"),
                *(Label(other.tracker.span, "another one") for other in others),
            ),
            keepalived=any(tracked.kind != "process" for tracked in weighted),
        )


_CONSEQUENCE = "the owner's priority never changes: when the check fails, the address stays"


def _group_with_owner(group: VrrpSyncGroup, context: Context) -> Iterator[Finding]:
    members = [context.names.instances.get(member.name) for member in group.group]
    owner = next((member for member in members if member is not None and context.effective(member).owner), None)
    if owner is None:
        return
    for keyword in TRACKERS:
        for tracker in getattr(group, keyword):
            definition = context.names.definitions.get(keyword, {}).get(tracker.name)
            weight = tracker.weight if tracker.weight is not None else getattr(definition, "weight", None)
            if weight and getattr(weight, "weight", weight):
                yield Finding(
                    tracker.span,
                    f"{owner.name} has priority 255, so the weight of {tracker.name} is cleared for the whole group",
                    why="without a weight its failure puts every member into FAULT",
                    advice="give the instance a priority of at most 254",
                    related=(Label(owner.at("priority"), "the owner of the address"),),
                )


@rule("KC207", "sync-group-drops-tracker", ERROR, of=VrrpInstance, given=TRACKERS, keepalived=True)
def sync_group_drops_tracker(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """A tracker with a weight on a member of a sync group.

    ## What it does
    Reports a weighted tracker of an instance whose sync group does not have
    `sync_group_tracking_weight`.

    ## Why it matters
    Members of a group change state together, so keepalived drops weighted trackers of single
    members with one message at start. The check does not run for the instance.

    ## Example
    ```keepalived
    vrrp_script check_web {
        script "/usr/bin/pgrep -x nginx"
        fall 2
        weight -30
    }

    vrrp_instance outside {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
        track_script {
            check_web           # expect: KC207
        }
    }

    vrrp_instance inside {
        interface eth1
        virtual_router_id 62
        virtual_ipaddress {
            198.51.100.10
        }
    }

    vrrp_sync_group router {
        group {
            outside
            inside
        }
    }
    ```

    ## Use instead
    Track the script in the group, so that it counts for every member:

        vrrp_sync_group router {
            group {
                outside
                inside
            }
            track_script {
                check_web
            }
        }

    ## References
    - keepalived.conf(5), "sync_group_tracking_weight"
    """
    inforce = context.effective(instance)
    group = inforce.group
    if group is None or group.sync_group_tracking_weight or group.global_tracking or inforce.owner:
        return
    for tracked in inforce.trackers:
        if tracked.group or not (tracked.dropped or tracked.cleared):
            continue
        group_of = f"{instance.name} is in sync group {group.name}"
        yield Finding(
            tracked.tracker.span,
            f"keepalived drops the weight of {tracked.name}: {group_of}"
            if tracked.cleared
            else f"keepalived drops {tracked.name}: it has a weight, and {group_of}",
            why="its failure means FAULT for the whole group instead of another priority"
            if tracked.cleared
            else "when the check fails, the address stays",
            advice=f"list {tracked.name} in vrrp_sync_group {group.name}, or give it weight 0",
            related=(Label(group.at(), "the sync group"),),
        )


@rule("KC208", "nopreempt-with-weight", ERROR, of=VrrpInstance, given="nopreempt")
def nopreempt_with_weight(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """`nopreempt` where every check only changes the priority.

    ## What it does
    Reports an instance with `nopreempt` whose trackers all have a weight.

    ## Why it matters
    A failed check lowers the priority of the holder. The other node sees the lower priority,
    but with `nopreempt` it accepts any living master, however low. The service is down and
    the address stays; nothing is logged as an error.

    ## Example
    ```keepalived
    vrrp_script check_web {
        script "/usr/bin/pgrep -x nginx"
        fall 2
        weight -30
    }

    vrrp_instance web {
        state BACKUP
        interface eth0
        virtual_router_id 61
        priority 100
        nopreempt               # expect: KC208
        virtual_ipaddress {
            192.0.2.10
        }
        track_script {
            check_web
        }
    }
    ```

    ## Use instead
    Weight 0: a failed check then puts the node into FAULT, and it gives the address up.
    ```keepalived
    vrrp_script check_web {
        script "/usr/bin/pgrep -x nginx"
        fall 2
        weight 0
    }

    vrrp_instance web {
        state BACKUP
        interface eth0
        virtual_router_id 61
        priority 100
        nopreempt
        virtual_ipaddress {
            192.0.2.10
        }
        track_script {
            check_web
        }
    }
    ```

    ## References
    - keepalived.conf(5), "nopreempt" and "track_script"
    """
    inforce = context.effective(instance)
    if not inforce.nopreempt:
        return
    working = inforce.working_trackers
    weighted = [tracked for tracked in working if not tracked.faults]
    if not weighted or len(weighted) < len(working):
        return
    names = ", ".join(dict.fromkeys(tracked.name for tracked in weighted))
    yield Finding(
        instance.at("nopreempt"),
        f"with nopreempt, the weight of {names} cannot move the address of {instance.name}",
        why="the other node accepts a living master of any priority: when the check fails, the address stays",
        advice="give the check weight 0, so that its failure means FAULT, or take nopreempt out on every node",
        related=tuple(Label(tracked.tracker.span, f"weight {tracked.weight}") for tracked in weighted[:3]),
    )


@rule("KC210", "tracker-of-one-member", ERROR, of=VrrpSyncGroup, given="sync_group_tracking_weight")
def tracker_of_one_member(group: VrrpSyncGroup, context: Context) -> Iterator[Finding]:
    """A weighted tracker on some members of a sync group only.

    ## What it does
    Reports, in a group with `sync_group_tracking_weight`, a weighted tracker that one member
    has and another has not. Not the interface of a member, whose failure means FAULT for the group.

    ## Why it matters
    When the check fails, the priority of one member falls and that of the other does not. The
    other node may take over one member only if it can take over all: the address stays, or
    the two nodes elect again and again.

    ## Example
    ```keepalived
    vrrp_script check_web {
        script "/usr/bin/pgrep -x nginx"
        fall 2
        weight -30
    }

    vrrp_instance outside {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
        track_script {
            check_web           # expect: KC210
        }
    }

    vrrp_instance inside {
        interface eth1
        virtual_router_id 62
        virtual_ipaddress {
            198.51.100.10
        }
    }

    vrrp_sync_group router {
        group {
            outside
            inside
        }
        sync_group_tracking_weight
    }
    ```

    ## Use instead
    Track the script in the group instead of the member.

    ## References
    - keepalived.conf(5), "sync_group_tracking_weight"
    """
    named = (context.names.instances.get(member.name) for member in group.group)
    members = [instance for instance in named if instance is not None]
    weighted = {
        instance.name: {
            (tracked.kind, tracked.name): tracked.tracker
            for tracked in context.effective(instance).trackers
            if tracked.weight and not tracked.group
        }
        for instance in members
    }
    shared = {(kind, tracker.name) for kind in TRACKER_KINDS for tracker in getattr(group, f"track_{kind}")}
    links = {instance.interface for instance in members}
    everywhere = set.intersection(*map(set, weighted.values())) if weighted else set()
    for instance in members:
        for key, tracker in weighted[instance.name].items():
            if key in everywhere or key in shared or (key[0] == "interface" and key[1] in links):
                continue
            without = next(other.name for other in members if key not in weighted[other.name])
            yield _of_one(tracker, instance, without, group)


def _of_one(tracker: Tracker, instance: VrrpInstance, without: str, group: VrrpSyncGroup) -> Finding:
    return Finding(
        tracker.span,
        f"{tracker.name} changes the priority of {instance.name}, but not of {without} in the same sync group",
        why="only part of the group gets another priority: the address stays, or the nodes elect again and again",
        advice=f"track {tracker.name} in vrrp_sync_group {group.name}",
        related=(Label(group.at(), "the sync group"),),
    )

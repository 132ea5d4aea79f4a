"""What the nodes of a virtual router must settle between them: who is first, who stays, who starts."""

from __future__ import annotations

from collections.abc import Iterator

from havipcfg.cluster.members import Cluster, Member, VirtualRouter
from havipcfg.diagnostics import Label
from havipcfg.findings import ERROR, INFO, WARNING, Finding
from havipcfg.keepalived.vrrp_sync_group import VrrpSyncGroup
from havipcfg.rules.registry import rule


@rule("CL107", "equal-priorities", INFO, of=VirtualRouter)
def equal_priorities(router: VirtualRouter, cluster: Cluster) -> Iterator[Finding]:
    """Nodes with the same base priority.

    ## What it does
    Reports a priority that two nodes of a virtual router share.

    ## Why it matters
    When they start together, or lose their master together, they race: for some hundredths of
    a second both may hold the address, and which one keeps it is chance. Two nodes of priority
    255 both are master at once.

    ## Example
    ```keepalived
    # a.conf
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        priority 100
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```
    ```keepalived
    # b.conf
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        priority 100            # expect: CL107
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    Different priorities; with `nopreempt` that costs nothing.

    ## References
    - RFC 5798, section 6.4.3
    """
    del cluster
    seen: dict[int, Member] = {}
    for member in router.originals:
        first = seen.setdefault(member.effective.priority, member)
        if first is member:
            continue
        owners = member.effective.owner
        yield Finding(
            member.instance.at("priority"),
            f"priority {member.effective.priority} is also that of {first.node}",
            why="both take the address as soon as they start"
            if owners
            else "when both start or lose their master together they race, and chance decides",
            advice="give each node its own priority" + (" of at most 254" if owners else ""),
            related=(Label(first.instance.at("priority"), f"priority {first.effective.priority} on {first.node}"),),
            severity=ERROR if owners else None,
        )


@rule("CL108", "nopreempt-differs", WARNING, of=VirtualRouter)
def nopreempt_differs(router: VirtualRouter, cluster: Cluster) -> Iterator[Finding]:
    """`nopreempt` on some nodes only.

    ## What it does
    Reports a node that takes the address back from one with `nopreempt`: a node without it
    that is not the lowest. Where `nopreempt` is written but `state MASTER` clears it, KC301
    says so.

    ## Why it matters
    The node that would take over decides whether it waits. The one without `nopreempt` takes
    the address back as soon as it returns: one more interruption that the other line was meant
    to avoid.

    ## Example
    ```keepalived
    # a.conf
    vrrp_instance web {         # expect: CL108
        interface eth0
        virtual_router_id 61
        priority 110
        virtual_ipaddress {
            192.0.2.10
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
    `nopreempt` with `state BACKUP` on every node, or on none.

    ## References
    - keepalived.conf(5), "nopreempt"
    """
    del cluster
    staying = [m for m in router.members if m.effective.nopreempt]
    if not staying:
        return
    lowest = min(m.effective.priority for m in router.members)
    for member in router.members:
        if member.effective.nopreempt or member.instance.nopreempt or member.effective.priority == lowest:
            continue
        yield Finding(
            member.instance.at(),
            f"{member.node} has no nopreempt, and takes the address back from {staying[0].node}",
            why=f"nopreempt on {staying[0].node} does not avoid the interruption when {member.node} returns",
            advice="write state BACKUP and nopreempt on every node, or on none",
            related=(Label(staying[0].instance.at("nopreempt"), f"nopreempt on {staying[0].node}"),),
        )


@rule("CL112", "several-initial-masters", INFO, of=VirtualRouter)
def several_initial_masters(router: VirtualRouter, cluster: Cluster) -> Iterator[Finding]:
    """`state MASTER` on more than one node.

    ## What it does
    Reports `state MASTER` where another node of the virtual router has it too.

    ## Why it matters
    `state` is only what a node begins in, and the priorities decide who is master from then
    on. Two nodes of `state MASTER` look as if there were two: the file says something else
    than what happens. `state MASTER` also switches `nopreempt` off.

    ## Example
    ```keepalived
    # a.conf
    vrrp_instance web {
        state MASTER
        interface eth0
        virtual_router_id 61
        priority 110
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```
    ```keepalived
    # b.conf
    vrrp_instance web {
        state MASTER            # expect: CL112
        interface eth0
        virtual_router_id 61
        priority 100
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    `state BACKUP` on every node; the priority says who is preferred.

    ## References
    - keepalived.conf(5), "state"
    """
    del cluster
    masters = [m for m in router.originals if m.instance.state == "MASTER"]
    if len(masters) < 2:
        return
    first = max(masters, key=lambda m: m.effective.priority)
    for member in masters:
        if member is not first:
            yield Finding(
                member.instance.at("state"),
                f"state MASTER here, and on {first.node}",
                why="each takes the address as it starts, until it hears a higher priority",
                advice="write state BACKUP on every node",
                related=(Label(first.instance.at("state"), f"state MASTER on {first.node}"),),
            )


@rule("CL111", "sync-group-priorities-cross", ERROR, of=Cluster)
def sync_group_priorities_cross(cluster: Cluster, context: None) -> Iterator[Finding]:
    """A sync group whose members prefer different nodes.

    ## What it does
    Compares, for every two members of a `vrrp_sync_group`, which of the nodes has the higher
    priority.

    ## Why it matters
    The members of a group change state together. One node is first for one member and another
    node for the other: neither can win the whole group, and the address stays with whoever
    started first, or the nodes elect again and again.

    ## Example
    ```keepalived
    # a.conf
    vrrp_sync_group gateway {
        group {
            outside
            inside
        }
    }
    vrrp_instance outside {
        interface eth0
        virtual_router_id 61
        priority 110
        virtual_ipaddress {
            192.0.2.10
        }
    }
    vrrp_instance inside {
        interface eth1
        virtual_router_id 62
        priority 100
        virtual_ipaddress {
            198.51.100.10
        }
    }
    ```
    ```keepalived
    # b.conf
    vrrp_sync_group gateway {
        group {
            outside
            inside
        }
    }
    vrrp_instance outside {
        interface eth0
        virtual_router_id 61
        priority 100
        virtual_ipaddress {
            192.0.2.10
        }
    }
    vrrp_instance inside {
        interface eth1
        virtual_router_id 62
        priority 110            # expect: CL111
        virtual_ipaddress {
            198.51.100.10
        }
    }
    ```

    ## Use instead
    The same order of the nodes in every member of the group.

    ## References
    - keepalived.conf(5), "vrrp_sync_group"
    """
    del context
    said: set[str] = set()
    for number, router in enumerate(cluster.routers):
        group = next((member.effective.group for member in router.members if member.effective.group), None)
        for earlier in cluster.routers[:number]:
            if group is not None and group.name not in said:
                for finding in _crossed(router, earlier):
                    said.add(group.name)
                    yield finding


def _crossed(router: VirtualRouter, earlier: VirtualRouter) -> Iterator[Finding]:
    theirs = {id(member.context): member for member in earlier.members}
    together = [
        (member, theirs[id(member.context)])
        for member in router.members
        if id(member.context) in theirs
        and member.effective.group is not None
        and member.effective.group is theirs[id(member.context)].effective.group
    ]
    if len(together) < 2:
        return
    for place, (one, other) in enumerate(together):
        for mine, theirs_too in together[:place]:
            ahead = one.effective.priority - mine.effective.priority
            before = other.effective.priority - theirs_too.effective.priority
            if ahead * before < 0:
                first, second = (one, mine) if ahead > 0 else (mine, one)
                if _priorities(one, other) == 1 and _priorities(mine, theirs_too) == 2:
                    one, other, mine, theirs_too = mine, theirs_too, one, other
                yield Finding(
                    one.instance.at("priority"),
                    f"{one.instance.name} prefers {first.node}, {other.instance.name} of the same sync group "
                    f"prefers {second.node}",
                    why="the members change together, so no node can win all of them",
                    advice="give the nodes the same order in every member of the group",
                    related=(
                        _priority(mine),
                        _priority(other),
                        _priority(theirs_too),
                    ),
                )
                return


def _priorities(*members: Member) -> int:
    return len({member.effective.priority for member in members})


def _priority(member: Member) -> Label:
    text = f"priority {member.effective.priority} of {member.instance.name} on {member.node}"
    return Label(member.instance.at("priority"), text)


@rule("CL115", "sync-groups-differ", WARNING, of=VirtualRouter)
def sync_groups_differ(router: VirtualRouter, cluster: Cluster) -> Iterator[Finding]:
    """An instance that is in a sync group on some nodes only.

    ## What it does
    Reports a virtual router that belongs to a `vrrp_sync_group` on one node and to none on
    another; where the whole group is missing, its first one.

    ## Why it matters
    On the one node its addresses move together with those of the group, on the other one they
    move alone. After a failure the two nodes hold one part each.

    ## Example
    ```keepalived
    # a.conf
    vrrp_sync_group gateway {
        group {
            outside
            inside
        }
    }
    vrrp_instance outside {
        interface eth0
        virtual_router_id 61
        priority 110
        virtual_ipaddress {
            192.0.2.10
        }
    }
    vrrp_instance inside {
        interface eth1
        virtual_router_id 62
        priority 110
        virtual_ipaddress {
            198.51.100.10
        }
    }
    ```
    ```keepalived
    # b.conf
    vrrp_instance outside {     # expect: CL115
        interface eth0
        virtual_router_id 61
        priority 100
        virtual_ipaddress {
            192.0.2.10
        }
    }
    vrrp_instance inside {
        interface eth1
        virtual_router_id 62
        priority 100
        virtual_ipaddress {
            198.51.100.10
        }
    }
    ```

    ## Use instead
    The same `vrrp_sync_group` on every node.

    ## References
    - keepalived.conf(5), "vrrp_sync_group"
    """
    grouped = [(member, member.effective.group) for member in router.members]
    inside = [(member, group) for member, group in grouped if group is not None and len(_members(group)) > 1]
    if not inside:
        return
    first, group = inside[0]
    for member, own in grouped:
        if own is None and not _said_of_another(router, cluster, member, group):
            yield Finding(
                member.instance.at(),
                f"{member.instance.name} is in no sync group on {member.node}, but in {group.name} on {first.node}",
                why="a failure moves it together with the group on one node, and alone on the other",
                advice="write the same vrrp_sync_group on every node",
                related=(Label(group.at(), f"{group.name} on {first.node}"),),
            )


def _said_of_another(router: VirtualRouter, cluster: Cluster, member: Member, group: VrrpSyncGroup) -> bool:
    """Whether a virtual router before this one is in the group too, and in none on the member's node."""
    for other in cluster.routers[: cluster.routers.index(router)]:
        here = (each for each in other.members if each.context is member.context)
        if any(each.effective.group is group for each in other.members) and any(
            each.effective.group is None for each in here
        ):
            return True
    return False


def _members(group: VrrpSyncGroup) -> set[str]:
    return {member.name for member in group.group}

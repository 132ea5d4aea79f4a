"""Sync groups across nodes: which instances move together, and who is first for them."""

from __future__ import annotations

from collections.abc import Iterator

from havipcfg.cluster.members import Cluster, Member, VirtualRouter
from havipcfg.diagnostics import Label
from havipcfg.findings import ERROR, Finding
from havipcfg.keepalived.vrrp_sync_group import VrrpSyncGroup
from havipcfg.rules.registry import rule


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


@rule("CL115", "sync-groups-differ", ERROR, of=VirtualRouter)
def sync_groups_differ(router: VirtualRouter, cluster: Cluster) -> Iterator[Finding]:
    """An instance that is in a sync group on some nodes only.

    ## What it does
    Reports a virtual router that belongs to a `vrrp_sync_group` on one node and to none on
    another; where the whole group is missing, its first one.

    ## Why it matters
    On the one node its addresses move together with those of the group, on the other one they
    move alone. After a failure the two nodes hold one part each, or nobody holds the part that
    failed: the group cannot take it without the rest, which the other node still announces.

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
                why="a failure moves it alone on one node and with its group on the other: then nobody may hold it",
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

"""Sync groups and track groups."""

from __future__ import annotations

from collections.abc import Iterator

from havipcfg.cluster.context import Context
from havipcfg.diagnostics import Label
from havipcfg.findings import ERROR, WARNING, Finding
from havipcfg.keepalived.conf import KeepalivedConf
from havipcfg.keepalived.effective import OWNER
from havipcfg.keepalived.entries import Name
from havipcfg.keepalived.static import TrackGroup
from havipcfg.keepalived.vrrp_sync_group import VrrpSyncGroup
from havipcfg.rules.edits import replacement
from havipcfg.rules.near import near
from havipcfg.rules.registry import rule


def _in_force(group: VrrpSyncGroup, context: Context) -> list[Name]:
    """The members that are instances and belong to no group above, each once."""
    members: dict[str, Name] = {}
    for member in group.group:
        if member.name in context.names.instances and context.names.groups.get(member.name) is group:
            members.setdefault(member.name, member)
    return list(members.values())


@rule("KC370", "group-of-one", WARNING, of=VrrpSyncGroup, given="group", keepalived=True)
def group_of_one(group: VrrpSyncGroup, context: Context) -> Iterator[Finding]:
    """A sync group with a single member.

    ## What it does
    Reports a group that lists one instance only.

    ## Why it matters
    There is nothing to keep together, and weights of the member's own trackers are dropped.

    ## Example
    ```keepalived
    vrrp_instance outside {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
    }

    vrrp_sync_group router {    # expect: KC370
        group {
            outside
        }
    }
    ```

    ## Use instead
    List the other instance too, or leave the group out.

    ## References
    - keepalived.conf(5), "vrrp_sync_group"
    """
    if len(group.group) == 1 and len(_in_force(group, context)) == 1:
        yield Finding(
            group.at(),
            f"sync group {group.name} has only one member, {group.group[0].name}",
            why="there is nothing to keep together, and weights of the member's own trackers are dropped",
            advice="list the other instance too, or leave the group out",
        )


@rule(
    "KC371",
    "unknown-group-member",
    ERROR,
    of=(VrrpSyncGroup, TrackGroup),
    given="group",
    keepalived=True,
    fix="unsafe",
)
def unknown_group_member(group: VrrpSyncGroup | TrackGroup, context: Context) -> Iterator[Finding]:
    """A group that lists an instance that is not in the file.

    ## What it does
    Reports a name in `vrrp_sync_group` or `track_group` for which there is no `vrrp_instance`.

    ## Why it matters
    keepalived ignores the name, and removes a group without any member: the instances do not
    move together, and after a failure each of two addresses is on another node.

    ## Example
    ```keepalived
    vrrp_instance outside {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
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
            inner               # expect: KC371
        }
    }
    ```

    ## Use instead
    The name of the `vrrp_instance` block.

    ## References
    - keepalived.conf(5), "vrrp_sync_group" and "track_group"
    """
    known = context.names.instances.keys()
    others = known - {member.name for member in group.group}
    kind = "sync group" if isinstance(group, VrrpSyncGroup) else "track group"
    for member in group.group:
        if member.name in known:
            continue
        nearest = near(member.name, others, 0.6)
        yield Finding(
            member.span,
            f"{kind} {group.name} lists {member.name}, but no vrrp_instance {member.name} is defined",
            why="keepalived ignores the name: the other members move without it",
            advice=f"did you mean {nearest[0]}?" if nearest else f"name a vrrp_instance, or take {member.name} out",
            keepalived=isinstance(group, VrrpSyncGroup),
            fix=replacement(f"list {nearest[0]}", member.span, nearest[0], "unsafe")
            if nearest and member.span.text == member.name
            else None,
        )


@rule("KC372", "member-of-two-groups", ERROR, of=KeepalivedConf, given="vrrp_sync_group", keepalived=True)
def member_of_two_groups(conf: KeepalivedConf, context: Context) -> Iterator[Finding]:
    """An instance that is listed in two sync groups, or twice in one.

    ## What it does
    Reports the second time an instance is listed.

    ## Why it matters
    keepalived ignores the second: the other members of that group move without the instance.

    ## Example
    ```keepalived
    vrrp_instance outside {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
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
            outside             # expect: KC372
        }
    }
    ```

    ## Use instead
    Every instance in one group, once.

    ## References
    - keepalived.conf(5), "vrrp_sync_group"
    """
    first: dict[str, tuple[Name, VrrpSyncGroup]] = {}
    for group in conf.vrrp_sync_group:
        for member in group.group:
            other, owner = first.setdefault(member.name, (member, group))
            if other is member or member.name not in context.names.instances:
                continue
            yield Finding(
                member.span,
                f"{member.name} is listed twice"
                if owner is group
                else f"{member.name} is already in sync group {owner.name}",
                why="keepalived ignores the second: the other members move without it",
                advice="list every instance in one group, once",
                related=(Label(other.span, "listed here"),),
            )


@rule("KC373", "group-with-one-owner", ERROR, of=VrrpSyncGroup, given="group", keepalived=True)
def group_with_one_owner(group: VrrpSyncGroup, context: Context) -> Iterator[Finding]:
    """A sync group where some members have priority 255 and some have not.

    ## What it does
    Reports a group of which only part of the members own their address.

    ## Why it matters
    An owner takes its address whenever it is there, the others by election: the group cannot
    move as one.

    ## Example
    ```keepalived
    vrrp_instance outside {
        interface eth0
        virtual_router_id 61
        priority 255
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

    vrrp_sync_group router {    # expect: KC373
        group {
            outside
            inside
        }
    }
    ```

    ## Use instead
    Priorities of at most 254 for all members.

    ## References
    - keepalived.conf(5), "vrrp_sync_group"
    """
    names = list(dict.fromkeys(member.name for member in _in_force(group, context)))
    if len(names) < 2:
        return
    members = [context.names.instances[name] for name in names]
    owners = [instance for instance in members if context.effective(instance).owner]
    if owners and len(owners) < len(members):
        yield Finding(
            group.at(),
            f"in sync group {group.name}, {owners[0].name} has priority 255 and others have not",
            why="an owner takes its address whenever it is there: the group cannot move as one",
            advice="give every member a priority of at most 254",
            related=(Label(owners[0].at("priority"), "the owner of the address"),),
            keepalived=any(member.state == "MASTER" and member.priority == OWNER for member in members)
            and any(member.state == "BACKUP" for member in members),
        )


@rule(
    "KC376",
    "unknown-track-group",
    ERROR,
    of=KeepalivedConf,
    given=("static_ipaddress", "static_routes", "static_rules"),
    keepalived=True,
)
def unknown_track_group(conf: KeepalivedConf, context: Context) -> Iterator[Finding]:
    """A static address, route or rule that follows a track group which is not defined above.

    ## What it does
    Reports the name after `track_group` where no `track_group` block above the line has it.

    ## Why it matters
    keepalived looks the name up while it reads. The instances do not go into FAULT when the
    address or route is lost.

    ## Example
    ```keepalived
    static_routes {
        198.51.100.0/24 via 192.0.2.1 dev eth0 track_group uplink   # expect: KC376
    }
    ```

    ## Use instead
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
    }

    track_group uplink {
        group {
            web
        }
    }

    static_routes {
        198.51.100.0/24 via 192.0.2.1 dev eth0 track_group uplink
    }
    ```

    ## References
    - keepalived.conf(5), "track_group"
    """
    order = {id(statement): index for index, statement in enumerate(context.reading.statements)}
    above = {group.name: order.get(id(group.statement), 0) for group in reversed(conf.track_group)}
    for keyword in ("static_ipaddress", "static_routes", "static_rules"):
        place = conf.place(keyword)
        for entry in getattr(conf, keyword):
            name = getattr(entry, "track_group", None) or (
                entry.option("track_group") if hasattr(entry, "option") else None
            )
            if name is None or (name in above and above[name] < order.get(id(place), 0)):
                continue
            words = entry.statement.words if entry.statement else []
            yield Finding(
                entry.at(words.index("track_group") + 1 if "track_group" in words else 0),
                f"no track_group {name} is defined above this line",
                why="keepalived does not follow it: no instance goes into FAULT when it is lost",
                advice=f"define track_group {name} above {keyword}",
            )

"""What the files of a cluster say beside their virtual routers: checks, names, and who belongs together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from havipcfg.cluster.members import Cluster, Member, VirtualRouter
from havipcfg.diagnostics import Label
from havipcfg.findings import INFO, WARNING, Finding
from havipcfg.keepalived.effective import Tracked
from havipcfg.rules.registry import rule
from havipcfg.rules.settings import SAMPLE_IDS


@rule("CL110", "tracking-differs", WARNING, of=VirtualRouter)
def tracking_differs(router: VirtualRouter, cluster: Cluster) -> Iterator[Finding]:
    """A check that counts differently on the nodes.

    ## What it does
    Compares what the nodes of a virtual router track, by kind and name: scripts, files,
    processes, BFD sessions, and interfaces other than the instance's own. Reports what one
    node does not track, and weights that differ. A check of another name on each node counts
    as the same where each node has only one.

    ## Why it matters
    The node without the check keeps the address when its service fails, or takes it although
    its service is down. With different weights the address moves from one node and not from
    the other.

    ## Example
    ```keepalived
    # a.conf
    vrrp_script check_web {
        script "/usr/bin/pgrep -x nginx"
        fall 2
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
    vrrp_instance web {         # expect: CL110
        interface eth0
        virtual_router_id 61
        priority 100
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    The same checks with the same weights on every node.

    ## References
    - keepalived.conf(5), "track_script"
    """
    del cluster
    watched = [(member, _watched(member)) for member in router.originals]
    for kind in ("script", "interface", "file", "process", "bfd") if any(found for _, found in watched) else ():
        yield from _compared(kind, [(member, found.get(kind, {})) for member, found in watched])


Watched = dict[str, Tracked]


def _watched(member: Member) -> dict[str, Watched]:
    """What a member tracks, by kind and name; its own interface is tracked anyway."""
    found: dict[str, Watched] = {}
    for tracked in member.effective.working_trackers:
        if tracked.kind == "interface" and tracked.name == member.instance.interface:
            continue
        found.setdefault(tracked.kind, {}).setdefault(tracked.name, tracked)
    return found


def _compared(kind: str, watched: list[tuple[Member, Watched]]) -> Iterator[Finding]:
    if all(len(found) == 1 for _, found in watched):
        yield from _other_weights([(member, next(iter(found.values()))) for member, found in watched])
        return
    for name in dict.fromkeys(name for _, found in watched for name in found):
        having = [(member, found[name]) for member, found in watched if name in found]
        yield from _other_weights(having)
        if kind != "interface":
            for member, found in watched:
                if name not in found and not _unused(kind, name, member):
                    yield _lacking(having[0][1], member, having[0][0])
    if kind == "interface":
        yield from _fewer_interfaces(watched)


def _fewer_interfaces(watched: list[tuple[Member, Watched]]) -> Iterator[Finding]:
    """Interfaces may be called otherwise on other nodes: what counts is a node that tracks a part of another's."""
    most, whole = max(watched, key=lambda each: len(each[1]))
    for member, found in watched:
        missing = [
            tracked for name, tracked in whole.items() if name not in found and name != member.instance.interface
        ]
        if missing and found.keys() < whole.keys():
            yield _lacking(missing[0], member, most)


def _unused(kind: str, name: str, member: Member) -> bool:
    """Whether the file defines the check and nothing lists it: KC203 then reports that."""
    names = member.context.names
    return kind == "script" and name in names.definitions["track_script"] and name not in names.tracked["track_script"]


def _other_weights(having: list[tuple[Member, Tracked]]) -> Iterator[Finding]:
    counted = Counter((tracked.weight, tracked.reverse) for _, tracked in having)
    usual = counted.most_common(1)[0][0]
    elsewhere, there = next(each for each in having if (each[1].weight, each[1].reverse) == usual)
    for _, here in having:
        if (here.weight, here.reverse) != usual:
            yield Finding(
                here.weighed_at,
                f"{here.name} has {_weight(here)} here and {_weight(there)} on {elsewhere.node}",
                why="its failure moves the address from one node, and perhaps not from the other",
                advice="use the same weight on every node",
                related=(Label(there.weighed_at, f"{_weight(there)} on {elsewhere.node}"),),
            )


def _weight(tracked: Tracked) -> str:
    if not tracked.weight:
        return "no weight (its failure means FAULT)"
    return f"weight {tracked.weight}{' reverse' if tracked.reverse else ''}"


def _lacking(tracked: Tracked, here: Member, there: Member) -> Finding:
    field = f"track_{tracked.kind}"
    return Finding(
        here.instance.at(field),
        f"{here.node} does not track {tracked.name}, {there.node} does",
        why=f"when it fails, {here.node} keeps the address, or takes it although it cannot serve",
        advice=f"list {tracked.name} in {field} on every node",
        related=(Label(tracked.tracker.at(), f"tracked on {there.node}"),),
    )


@rule("CL113", "same-router-id", INFO, of=Cluster)
def same_router_id(cluster: Cluster, context: None) -> Iterator[Finding]:
    """A router_id that several nodes have.

    ## What it does
    Reports a `router_id` that an earlier node of the cluster has too. That of a published
    sample is left to KC381.

    ## Why it matters
    `router_id` names the host in logs, mails and SNMP. It is not the virtual_router_id and
    need not be equal; where it is, nobody can tell which node a message came from.

    ## Example
    ```keepalived
    # a.conf
    global_defs {
        router_id balancer
    }
    vrrp_instance web {
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
    global_defs {
        router_id balancer      # expect: CL113
    }
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        priority 100
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    The name of the host, or no `router_id`: keepalived then takes the host's name.

    ## References
    - keepalived.conf(5), "router_id"
    """
    del context
    copied = {id(m.context) for router in cluster.routers for copies in router.copies.values() for m in copies[1:]}
    seen: dict[str, tuple[str, Label]] = {}
    for each in cluster.contexts:
        block = each.conf.global_defs
        if block is None or not block.router_id or not block.place("router_id") or id(each) in copied:
            continue
        if block.router_id in SAMPLE_IDS:
            continue
        node = each.alias or each.name
        if block.router_id not in seen:
            seen[block.router_id] = node, Label(block.at("router_id", 1), f"the same on {node}")
            continue
        first, label = seen[block.router_id]
        place = block.at("router_id", 1)
        if node == block.router_id:
            first, label, place = node, Label(place, f"the same on {node}"), label.span
        yield Finding(
            place,
            f"router_id {block.router_id} is also that of {first}",
            why="it names the host in logs and mails: they do not tell the nodes apart",
            advice="use the host's name, or leave router_id out",
            related=(label,),
        )


@rule("CL114", "routers-without-sync-group", INFO, of=Cluster)
def routers_without_sync_group(cluster: Cluster, context: None) -> Iterator[Finding]:
    """Addresses on two interfaces of the same nodes that can move apart.

    ## What it does
    Reports two virtual routers that every node has on different interfaces and with the same
    order of priorities, in no sync group, of which neither follows the other's interface nor
    a check that both track.

    ## Why it matters
    When one link of the master fails, only the address on that side moves. Traffic comes in
    at one node and its way out is at the other.

    ## Example
    ```keepalived
    # a.conf
    vrrp_instance outside {
        interface eth0
        virtual_router_id 61
        priority 110
        virtual_ipaddress {
            192.0.2.10
        }
    }
    vrrp_instance inside {      # expect: CL114
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
        priority 100
        virtual_ipaddress {
            198.51.100.10
        }
    }
    ```

    ## Use instead
    A `vrrp_sync_group` with both where the nodes route between the two sides. Where the two
    addresses have nothing to do with each other, suppress the finding.

    ## References
    - keepalived.conf(5), "vrrp_sync_group"
    """
    del context
    shared = [router for router in cluster.routers if len(router.members) == len(cluster.contexts) > 1]
    for place, router in enumerate(shared):
        for earlier in shared[:place]:
            pairs = list(zip(router.members, earlier.members, strict=True))
            if _apart(pairs) and _same_order(pairs):
                here, there = pairs[0]
                yield Finding(
                    here.instance.at(),
                    f"{here.instance.name} and {there.instance.name} can be held by different nodes: "
                    "they are in no sync group",
                    why=f"when {here.instance.interface} of the master fails, {there.instance.name} stays there",
                    advice="write a vrrp_sync_group with both, if the nodes route between the two sides",
                    related=(Label(there.instance.at(), f"{there.instance.name} on {there.instance.interface}"),),
                )
                return


def _apart(pairs: list[tuple[Member, Member]]) -> bool:
    """Whether nothing ties the two instances of any node together."""
    return all(
        one.instance.interface
        and other.instance.interface
        and one.instance.interface.partition(".")[0] != other.instance.interface.partition(".")[0]
        and one.effective.group is None
        and other.effective.group is None
        and one.effective.family == other.effective.family
        and not (_names(one) & (_names(other) | {other.instance.interface}))
        and one.instance.interface not in _names(other)
        for one, other in pairs
    )


def _names(member: Member) -> set[str]:
    return {tracked.name for tracked in member.effective.trackers}


def _same_order(pairs: list[tuple[Member, Member]]) -> bool:
    """Whether both prefer the same node."""
    first = max(range(len(pairs)), key=lambda index: pairs[index][0].effective.priority)
    second = max(range(len(pairs)), key=lambda index: pairs[index][1].effective.priority)
    return first == second


@rule("CL116", "router-on-one-node", WARNING, of=Cluster)
def router_on_one_node(cluster: Cluster, context: None) -> Iterator[Finding]:
    """An instance that no other node has.

    ## What it does
    Reports an instance whose addresses, name and virtual_router_id are in no other file of the
    cluster, although the files have other instances in common.

    ## Why it matters
    When the node stops, nobody takes its address.

    ## Example
    ```keepalived
    # a.conf
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        priority 110
        virtual_ipaddress {
            192.0.2.10
        }
    }
    vrrp_instance mail {        # expect: CL116
        interface eth0
        virtual_router_id 62
        priority 110
        virtual_ipaddress {
            192.0.2.20
        }
    }
    ```
    ```keepalived
    # b.conf
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        priority 100
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    The instance on every node, with another priority.

    ## References
    - RFC 5798, section 1.2
    """
    del context
    paired = [router for router in cluster.routers if len(router.members) > 1]
    for router in cluster.routers:
        member = router.members[0]
        if len(router.members) > 1 or not paired or not member.instance.virtual_ipaddress:
            continue
        other = next(each for each in cluster.contexts if each is not member.context)
        yield Finding(
            member.instance.at(),
            f"no other node has {member.instance.name} ({member.instance.virtual_ipaddress[0].address})",
            why=f"when {member.node} stops, nobody takes its address",
            advice="write the instance on every node",
            related=(Label(other.conf.vrrp_instance[0].at(), f"an instance of {other.alias or other.name}"),),
        )

"""Clusters side by side in one subnet."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address, ip_network

from havipcfg.cluster.members import Cluster, Member, Site, VirtualRouter
from havipcfg.diagnostics import Label
from havipcfg.findings import ERROR, WARNING, Finding
from havipcfg.rules.registry import rule


@rule("CL401", "virtual-router-id-reused", ERROR, of=Site)
def virtual_router_id_reused(site: Site, context: None) -> Iterator[Finding]:
    """Two clusters of one subnet with the same virtual_router_id.

    ## What it does
    Compares the clusters of a run: files that share neither address nor peers, whose virtual
    addresses are in one network, and that use one `virtual_router_id` on the same IP family.

    ## Why it matters
    With multicast the clusters hear each other. keepalived 2.4 accepts the foreign adverts and
    the lower of the two clusters loses its address entirely; older ones flood their logs. With
    unicast they do not hear each other, but their virtual MAC addresses and the logs still clash.

    ## Example
    `virtual_router_id 51`, as most guides print it, in the files of two clusters.

    ## Use instead
    One number for every cluster of a subnet; `havipcfg generate` allocates them.

    ## References
    - RFC 5798, section 5.2.3
    """
    del context
    seen: dict[tuple[int, int], list[tuple[Cluster, VirtualRouter]]] = {}
    for cluster in site.clusters:
        for router in cluster.routers:
            member = router.members[0]
            number = member.instance.virtual_router_id
            if number is None or not member.instance.virtual_ipaddress:
                continue
            key = (number, member.effective.family)
            for other, earlier in seen.get(key, ()):
                if other is not cluster and _side_by_side(member, earlier.members[0]):
                    yield _clash(number, member, earlier.members[0])
                    break
            seen.setdefault(key, []).append((cluster, router))


def _clash(number: int, member: Member, other: Member) -> Finding:
    heard = not (member.effective.unicast and other.effective.unicast)
    return Finding(
        member.instance.at("virtual_router_id", 1),
        f"virtual_router_id {number} is also that of {other.instance.name} on {other.node}, in another cluster",
        why="the clusters hear each other: one of them loses its address"
        if heard
        else "the two would fight as soon as one of them advertises by multicast, and their virtual MACs are equal",
        advice="use another virtual_router_id for each cluster",
        related=(Label(other.instance.at("virtual_router_id", 1), f"{other.instance.name} on {other.node}"),),
        severity=None if heard else WARNING,
    )


def _side_by_side(one: Member, other: Member) -> bool:
    """Whether the virtual addresses are in one network: the longer of the prefixes given, else /24 or /64."""
    first, second = one.instance.virtual_ipaddress[0], other.instance.virtual_ipaddress[0]
    if first.family != second.family:
        return False
    facts = one.context.facts
    if facts is not None:
        subnet = facts.subnet_of(ip_address(first.address))
        if subnet is not None:
            return ip_address(second.address) in subnet
    host = 32 if first.family == 4 else 128
    given = [entry.length for entry in (first, second) if entry.length != host]
    length = min(given) if given else (24 if first.family == 4 else 64)
    return ip_address(second.address) in ip_network(f"{first.address}/{length}", strict=False)

"""Clusters side by side in one subnet."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address, ip_network

from havipcfg.cluster.members import Cluster, Member, Site, VirtualRouter
from havipcfg.diagnostics import Label
from havipcfg.findings import ERROR, WARNING, Finding
from havipcfg.rules.registry import rule

Seat = tuple[Cluster, VirtualRouter]


@rule("CL401", "virtual-router-id-reused", ERROR, of=Site)
def virtual_router_id_reused(site: Site, context: None) -> Iterator[Finding]:
    """Two clusters of one subnet with the same virtual_router_id.

    ## What it does
    Compares the clusters of a run: files that share neither address nor peers, whose virtual
    addresses are in one network, and that use one `virtual_router_id` on the same IP family.
    Clusters that name the same hosts or addresses cannot be in one network: they are left out.

    ## Why it matters
    With multicast the clusters hear each other. keepalived 2.4 accepts the foreign adverts and
    the lower of the two clusters loses its address entirely; older ones flood their logs. With
    unicast they do not hear each other, but their virtual MAC addresses and the logs still clash.

    ## Example
    ```keepalived
    # a.conf
    vrrp_instance web {
        interface eth0
        virtual_router_id 51
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```
    ```keepalived
    # b.conf
    vrrp_instance mail {
        interface eth0
        virtual_router_id 51    # expect: CL401
        virtual_ipaddress {
            192.0.2.20
        }
    }
    ```

    ## Use instead
    One number for every cluster of a subnet; `havipcfg generate` allocates them.

    ## References
    - RFC 5798, section 5.2.3
    """
    del context
    seen: dict[tuple[int, int], list[Seat]] = {}
    for cluster, router in _seats(site):
        member = router.members[0]
        number = member.instance.virtual_router_id
        if number is None or not member.instance.virtual_ipaddress:
            continue
        earlier = seen.setdefault((number, member.effective.family), [])
        for other, theirs in earlier:
            if other is not cluster and _side_by_side(member, theirs.members[0]) and not _same_place(cluster, other):
                yield _clash(number, member, theirs.members[0])
                break
        earlier.append((cluster, router))


def _seats(site: Site) -> Iterator[Seat]:
    for cluster in site.clusters:
        for router in cluster.routers:
            yield cluster, router


def _clash(number: int, member: Member, other: Member) -> Finding:
    heard = not (member.effective.unicast or other.effective.unicast)
    return Finding(
        member.instance.at("virtual_router_id", 1),
        f"virtual_router_id {number} is also that of {other.instance.name} on {other.node}, in another cluster",
        why="the clusters hear each other: one of them loses its address"
        if heard
        else "the two would fight as soon as both advertise by multicast, and their virtual MAC addresses are equal",
        advice="use another virtual_router_id for each cluster",
        related=(Label(other.instance.at("virtual_router_id", 1), f"{other.instance.name} on {other.node}"),),
        severity=None if heard else WARNING,
    )


def _same_place(cluster: Cluster, other: Cluster) -> bool:
    """Whether two clusters claim the same hosts or addresses, and so cannot be in one network."""
    return bool(_claimed(cluster) & _claimed(other))


def _claimed(cluster: Cluster) -> set[str]:
    members = [member for router in cluster.routers for member in router.members]
    return {claim for member in members for claim in (*member.effective.addresses, *member.nodes)}


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


@rule("CL402", "address-of-two-clusters", ERROR, of=Site)
def address_of_two_clusters(site: Site, context: None) -> Iterator[Finding]:
    """A virtual address that two clusters hold.

    ## What it does
    Reports an address of `virtual_ipaddress` that a cluster of other nodes in the same folder
    has too. Files in different folders may be of different networks: nothing is said of them.

    ## Why it matters
    The clusters do not know of each other. Each has a master, and both hold the address.

    ## Example
    Four files in one folder, two for each of two clusters: the nodes of each name each other
    as peers, and both clusters have `192.0.2.10` in `virtual_ipaddress`.

    ## Use instead
    An address of its own for each cluster.

    ## References
    - RFC 5798, section 1.2
    """
    del context
    seen: dict[tuple[str, str], tuple[Cluster, Member, Label]] = {}
    for cluster, router in _seats(site):
        member = router.members[0]
        folder = member.context.reading.source.name.rpartition("/")[0]
        for entry in member.instance.virtual_ipaddress:
            label = Label(entry.at(), f"{entry.address} of {member.instance.name} on {member.node}")
            other, theirs, place = seen.setdefault((folder, entry.address), (cluster, member, label))
            if other is not cluster:
                yield Finding(
                    entry.at(),
                    f"{entry.address} is also held by {theirs.node}, in another cluster",
                    why="the clusters do not know of each other: both hold the address",
                    advice="give each cluster an address of its own",
                    related=(place,),
                )

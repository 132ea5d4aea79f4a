"""What must be equal on every node of a virtual router, or the nodes do not hear each other."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator

from havipcfg.cluster.members import Cluster, Member, VirtualRouter
from havipcfg.diagnostics import Edit, Fix, Label
from havipcfg.findings import ERROR, INFO, WARNING, Finding
from havipcfg.rules.registry import rule

BOTH = "the nodes do not accept each other's adverts: both hold the address at once"


def differing(
    router: VirtualRouter, value: Callable[[Member], Hashable], field: str, shown: Callable[[Member], str]
) -> Iterator[tuple[Member, Member, tuple[Label, ...]]]:
    """Members whose value is not that of the first, with the first and a label at its place."""
    first, *others = router.members
    for member in others:
        if value(member) != value(first):
            yield member, first, (Label(first.instance.at(field), f"{shown(first)} on {first.node}"),)


@rule("CL101", "virtual-router-id-differs", ERROR, of=VirtualRouter, fix="unsafe")
def virtual_router_id_differs(router: VirtualRouter, cluster: Cluster) -> Iterator[Finding]:
    """Nodes that share an address but not the virtual_router_id.

    ## What it does
    Compares `virtual_router_id` between the instances of different nodes that share a virtual
    address.

    ## Why it matters
    An advert with another virtual_router_id is not even logged. Every node believes that it is
    alone and takes the address; with measured certainty all of them hold it at once.

    ## Example
    `virtual_router_id 61` in the one file, `virtual_router_id 62` in the other.

    ## Use instead
    The same number on all nodes of the cluster, and another one for every other cluster of the
    subnet.

    ## References
    - RFC 5798, section 5.2.3
    - keepalived.conf(5), "virtual_router_id"
    """
    del cluster
    for member, first, related in differing(
        router,
        lambda m: m.instance.virtual_router_id,
        "virtual_router_id",
        lambda m: f"virtual_router_id {m.instance.virtual_router_id}",
    ):
        if member.instance.virtual_router_id is None or first.instance.virtual_router_id is None:
            continue
        yield Finding(
            member.instance.at("virtual_router_id", 1),
            f"virtual_router_id {member.instance.virtual_router_id} differs from "
            f"{first.instance.virtual_router_id} on {first.node}",
            why=BOTH + ", and nothing is logged",
            advice="use the same number on every node",
            related=related,
            fix=Fix(
                f"use {first.instance.virtual_router_id} as {first.node} does",
                "unsafe",
                (Edit(member.instance.at("virtual_router_id", 1), str(first.instance.virtual_router_id)),),
            ),
        )


@rule("CL102", "authentication-differs", ERROR, of=VirtualRouter)
def authentication_differs(router: VirtualRouter, cluster: Cluster) -> Iterator[Finding]:
    """Nodes that do not authenticate in the same way.

    ## What it does
    Compares what is in force: the type, and the first eight characters of the password. Adverts
    of VRRP version 3 carry none.

    ## Why it matters
    A node drops adverts with another type or password. Every node takes the address.

    ## Example
    `auth_pass` with another value on one node, or an `authentication` block on one node only.

    ## Use instead
    The same block on all nodes, or none at all.

    ## References
    - RFC 2338, section 5.3.6
    - keepalived.conf(5), "authentication"
    """
    del cluster
    for member, first, related in differing(
        router, lambda m: m.effective.authentication, "authentication", _authentication
    ):
        if member.effective.version != first.effective.version:
            continue
        yield Finding(
            member.instance.at("authentication"),
            f"{_authentication(member)} here, {_authentication(first)} on {first.node}",
            why=BOTH,
            advice="use the same authentication on every node",
            related=related,
        )


def _authentication(member: Member) -> str:
    found = member.effective.authentication
    return f"authentication {found[0]} with this password" if found else "no authentication"


@rule("CL103", "advert-int-differs", ERROR, of=VirtualRouter)
def advert_int_differs(router: VirtualRouter, cluster: Cluster) -> Iterator[Finding]:
    """Nodes that advertise at different intervals.

    ## What it does
    Compares the `advert_int` in force (whole seconds in VRRP version 2).

    ## Why it matters
    In version 2 a node drops adverts that name another interval: every node takes the address.
    In version 3 it takes over the master's interval, and failover is as fast as whoever is
    master.

    ## Example
    `advert_int 1` on one node, `advert_int 3` on the other.

    ## Use instead
    The same `advert_int` on all nodes.

    ## References
    - RFC 5798, section 5.2.7
    - keepalived.conf(5), "advert_int"
    """
    del cluster
    for member, first, related in differing(
        router, lambda m: m.effective.advert_int, "advert_int", lambda m: f"advert_int {m.effective.advert_int:g}"
    ):
        if member.effective.version != first.effective.version:
            continue
        harmless = member.effective.version == 3
        yield Finding(
            member.instance.at("advert_int"),
            f"advert_int {member.effective.advert_int:g} s here, {first.effective.advert_int:g} s on {first.node}",
            why="failover takes longer under one master than under the other" if harmless else BOTH,
            advice="use the same advert_int on every node",
            related=related,
            severity=WARNING if harmless else None,
        )


@rule("CL104", "virtual-addresses-differ", ERROR, of=VirtualRouter)
def virtual_addresses_differ(router: VirtualRouter, cluster: Cluster) -> Iterator[Finding]:
    """Nodes that do not list the same virtual addresses.

    ## What it does
    Compares the sets of addresses in `virtual_ipaddress`; their order and prefix lengths do not
    matter.

    ## Why it matters
    Up to keepalived 2.2 a node drops adverts with another list, and every node takes the
    address. Newer ones accept them, and an address that only one node lists vanishes with it.

    ## Example
    `192.0.2.11` in the `virtual_ipaddress` of one node only.

    ## Use instead
    The same addresses on all nodes; `virtual_ipaddress_excluded` for those that need not be
    advertised.

    ## References
    - keepalived.conf(5), "virtual_ipaddress"
    """
    del cluster
    first, *others = router.members
    for member in others:
        mine, theirs = member.effective.addresses, first.effective.addresses
        if mine == theirs or not mine or not theirs or member.effective.family != first.effective.family:
            continue
        for missing, here, there in ((theirs - mine, member, first), (mine - theirs, first, member)):
            for entry in there.instance.virtual_ipaddress:
                if entry.address in missing:
                    yield Finding(
                        entry.at(),
                        f"{entry.address} is missing on {here.node}",
                        why="after a failover to that node nobody holds it; keepalived up to 2.2 runs two masters",
                        advice="list the same addresses on every node",
                        related=(Label(here.instance.at("virtual_ipaddress"), f"the addresses of {here.node}"),),
                    )


@rule("CL105", "vrrp-version-differs", ERROR, of=VirtualRouter)
def vrrp_version_differs(router: VirtualRouter, cluster: Cluster) -> Iterator[Finding]:
    """Nodes that speak different VRRP versions.

    ## What it does
    Compares the version in force: that of the instance, of `vrrp_version`, or 3 for IPv6.

    ## Why it matters
    A node drops adverts of the other version. Every node takes the address.

    ## Example
    `version 3` on one node only.

    ## Use instead
    The same version on all nodes.

    ## References
    - RFC 5798, section 7.1
    """
    del cluster
    for member, first, related in differing(
        router, lambda m: m.effective.version, "version", lambda m: f"VRRP version {m.effective.version}"
    ):
        if member.effective.family != first.effective.family:
            continue
        yield Finding(
            member.instance.at("version"),
            f"VRRP version {member.effective.version} here, {first.effective.version} on {first.node}",
            why=BOTH,
            advice="use the same version on every node",
            related=related,
        )


@rule("CL106", "unicast-and-multicast", ERROR, of=VirtualRouter)
def unicast_and_multicast(router: VirtualRouter, cluster: Cluster) -> Iterator[Finding]:
    """Nodes of which some advertise to each other and some to the multicast group.

    ## What it does
    Reports instances with `unicast_peer` and instances without, in one virtual router.

    ## Why it matters
    Neither kind accepts the adverts of the other. Every node takes the address.

    ## Example
    A `unicast_peer` block on one node only.

    ## Use instead
    `unicast_src_ip` and `unicast_peer` on every node. On a cloud that is the only choice.

    ## References
    - keepalived.conf(5), "unicast_peer"
    """
    del cluster
    unicast = [m for m in router.members if m.effective.unicast]
    multicast = [m for m in router.members if not m.effective.unicast]
    if not unicast:
        return
    for member in multicast:
        yield Finding(
            member.instance.at("unicast_peer"),
            f"{member.instance.name} advertises by multicast here, but to peers on {unicast[0].node}",
            why=BOTH,
            advice="give every node unicast_src_ip and unicast_peer",
            related=(Label(unicast[0].instance.at("unicast_peer"), f"{unicast[0].node} advertises to peers"),),
        )


@rule("CL107", "equal-priorities", INFO, of=VirtualRouter)
def equal_priorities(router: VirtualRouter, cluster: Cluster) -> Iterator[Finding]:
    """Nodes with the same base priority.

    ## What it does
    Reports a priority that two nodes of a virtual router share.

    ## Why it matters
    When they start together, or lose their master together, they race: for some hundredths of
    a second both may hold the address, and which one keeps it is chance.

    ## Example
    `priority 100` on both nodes.

    ## Use instead
    Different priorities; with `nopreempt` that costs nothing.

    ## References
    - RFC 5798, section 6.4.3
    """
    del cluster
    seen: dict[int, Member] = {}
    for member in router.members:
        first = seen.setdefault(member.effective.priority, member)
        if first is not member and not member.effective.owner:
            yield Finding(
                member.instance.at("priority"),
                f"priority {member.effective.priority} is also that of {first.node}",
                why="when both start or lose their master together they race, and chance decides",
                advice="give each node its own priority",
                related=(Label(first.instance.at("priority"), f"priority {first.effective.priority} on {first.node}"),),
            )


@rule("CL108", "nopreempt-differs", WARNING, of=VirtualRouter)
def nopreempt_differs(router: VirtualRouter, cluster: Cluster) -> Iterator[Finding]:
    """`nopreempt` on some nodes only.

    ## What it does
    Reports a node without `nopreempt` in force where another one has it.

    ## Why it matters
    The node that would take over decides whether it waits. The one without `nopreempt` takes
    the address back as soon as it returns: one more interruption that the other line was meant
    to avoid.

    ## Example
    `nopreempt` on the secondary only.

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
            f"{member.node} takes the address back from {staying[0].node}: it has no nopreempt",
            why="each return of the node is one more interruption",
            advice="write state BACKUP and nopreempt on every node, or on none",
            related=(Label(staying[0].instance.at("nopreempt"), f"nopreempt on {staying[0].node}"),),
        )

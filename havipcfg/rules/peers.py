"""Whether the unicast peers of the nodes fit together."""

from __future__ import annotations

from collections.abc import Iterator

from havipcfg.cluster.members import Cluster, Member, VirtualRouter
from havipcfg.diagnostics import Label
from havipcfg.findings import ERROR, Finding
from havipcfg.rules.registry import rule


def _source(member: Member) -> str | None:
    return member.instance.unicast_src_ip


@rule("CL201", "peer-missing", ERROR, of=VirtualRouter)
def peer_missing(router: VirtualRouter, cluster: Cluster) -> Iterator[Finding]:
    """A node that does not advertise to one of the others.

    ## What it does
    Reports a node whose `unicast_peer` lacks the `unicast_src_ip` of another node of the
    virtual router.

    ## Why it matters
    The node that is left out never hears this one. While this one is master, the other takes
    the address too.

    ## Example
    `unicast_peer { 10.20.0.13 }` on a node whose partner says `unicast_src_ip 10.20.0.12`.

    ## Use instead
    Every node lists all others, and not itself.

    ## References
    - keepalived.conf(5), "unicast_peer"
    """
    del cluster
    for member in router.members:
        if not member.effective.unicast:
            continue
        listed = {peer.address for peer in member.instance.unicast_peer}
        for other in router.members:
            source = _source(other)
            if other is member or source is None or source in listed or source == _source(member):
                continue
            yield Finding(
                member.instance.at("unicast_peer"),
                f"{member.node} does not advertise to {other.node} ({source})",
                why=f"{other.node} never hears {member.node} and takes the address as well",
                advice=f"add {source} to unicast_peer",
                related=(Label(other.instance.at("unicast_src_ip"), f"{other.node} listens here"),),
            )


@rule("CL202", "same-source-address", ERROR, of=VirtualRouter)
def same_source_address(router: VirtualRouter, cluster: Cluster) -> Iterator[Finding]:
    """Two nodes that advertise from one address.

    ## What it does
    Reports a `unicast_src_ip` that an other node of the virtual router has too.

    ## Why it matters
    The address belongs to one of them. The other stays in FAULT (keepalived 2.2) or becomes a
    second master that hears nobody (2.4). It is what a file copied to the other server does.

    ## Example
    The same file, `unicast_src_ip 10.20.0.11`, on both nodes.

    ## Use instead
    Each node's own address in `unicast_src_ip`, the others' in `unicast_peer`.

    ## References
    - keepalived.conf(5), "unicast_src_ip"
    """
    del cluster
    seen: dict[str, Member] = {}
    for member in router.members:
        source = _source(member)
        if source is None:
            continue
        first = seen.setdefault(source, member)
        if first is not member:
            yield Finding(
                member.instance.at("unicast_src_ip", 1),
                f"unicast_src_ip {source} is also that of {first.node}",
                why="only one host can have it: the other one never takes over, or becomes a second master",
                advice="use this node's own address here, and the other's in unicast_peer",
                related=(Label(first.instance.at("unicast_src_ip", 1), f"the same address on {first.node}"),),
            )

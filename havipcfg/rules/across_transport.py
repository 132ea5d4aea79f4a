"""Whether the nodes of a virtual router advertise in the same way: to each other, or to one multicast group."""

from __future__ import annotations

from collections.abc import Iterator

from havipcfg.cluster.members import Cluster, Member, VirtualRouter
from havipcfg.diagnostics import Edit, Fix, Label
from havipcfg.findings import ERROR, Finding
from havipcfg.rules.across import BOTH
from havipcfg.rules.across_edits import differing, line_into
from havipcfg.rules.registry import rule
from havipcfg.source import Span


@rule("CL106", "unicast-and-multicast", ERROR, of=VirtualRouter, fix="unsafe")
def unicast_and_multicast(router: VirtualRouter, cluster: Cluster) -> Iterator[Finding]:
    """Nodes of which some advertise to each other and some to the multicast group.

    ## What it does
    Reports instances with `unicast_peer` and instances without, in one virtual router.

    ## Why it matters
    Neither kind accepts the adverts of the other. Every node takes the address.

    ## Example
    ```keepalived
    # a.conf
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        priority 110
        unicast_src_ip 192.0.2.11
        unicast_peer {
            192.0.2.12
        }
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```
    ```keepalived
    # b.conf
    vrrp_instance web {         # expect: CL106
        interface eth0
        virtual_router_id 61
        priority 100
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    `unicast_src_ip` and `unicast_peer` on every node. On a cloud that is the only choice.

    ## References
    - keepalived.conf(5), "unicast_peer"
    """
    unicast = [m for m in router.members if m.effective.unicast]
    multicast = [m for m in router.members if not m.effective.unicast]
    if not unicast or any(cloud_reports(member, cluster) for member in multicast):
        return
    for member in multicast:
        yield Finding(
            member.instance.at("unicast_peer"),
            f"{member.instance.name} advertises by multicast here, but to peers on {unicast[0].node}",
            why=BOTH,
            advice="give every node unicast_src_ip and unicast_peer",
            related=(Label(unicast[0].instance.at("unicast_peer"), f"{unicast[0].node} advertises to peers"),),
            fix=_mirrored(member, router),
        )


def cloud_reports(member: Member, cluster: Cluster) -> bool:
    """Whether HV105 reports multicast adverts of this member: the cloud does not carry them."""
    facts = cluster.facts or member.context.facts
    return facts is not None and facts.provider is not None and facts.provider.multicast == "no"


def _mirrored(member: Member, router: VirtualRouter) -> Fix | None:
    """Peers for a node that has none: where the others say who it is, and who they are."""
    others = [other for other in router.members if other is not member]
    sources = [other.source for other in others]
    known = {source for source in sources if source is not None}
    missing = {peer for other in others for peer in other.peers} - known
    own = member.source or (missing.pop() if len(missing) == 1 else None)
    if own is None or len(known) < len(others) or member.instance.place("unicast_peer"):
        return None
    opening = line_into(member.instance.statement, "unicast_peer {")
    if opening is None:
        return None
    before = opening.text.removesuffix("unicast_peer {")
    source = [] if member.source else [f"unicast_src_ip {own}"]
    lines = [*source, "unicast_peer {", *(f"    {peer}" for peer in sorted(known)), "}"]
    text = "".join(before + line for line in lines)
    return Fix("advertise to the others, as they do", "unsafe", (Edit(opening.span, text),))


@rule("CL117", "multicast-group-differs", ERROR, of=VirtualRouter)
def multicast_group_differs(router: VirtualRouter, cluster: Cluster) -> Iterator[Finding]:
    """Nodes that advertise to different multicast groups.

    ## What it does
    Compares the group that adverts are sent to: `mcast_dst_ip`, or `vrrp_mcast_group4` and
    `vrrp_mcast_group6` of `global_defs`.

    ## Why it matters
    A node joins its own group only, and hears nothing of the other. Every node takes the
    address.

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
    ```
    ```keepalived
    # b.conf
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        priority 100
        mcast_dst_ip 224.0.0.19     # expect: CL117
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    The same group on all nodes; 224.0.0.18 is the one of the standard.

    ## References
    - keepalived.conf(5), "mcast_dst_ip", "vrrp_mcast_group4"
    """
    del cluster
    for member, model in differing(router, _group):
        if member.effective.family != model.effective.family:
            continue
        yield Finding(
            _group_line(member),
            f"{member.instance.name} advertises to {_group(member)} here, to {_group(model)} on {model.node}",
            why=BOTH,
            advice="use the same group on every node",
            related=(Label(_group_line(model), f"{_group(model)} on {model.node}"),),
        )


def _group_line(member: Member) -> Span:
    """The line that says the group, of the instance or of ``global_defs``; the instance where none does."""
    settings = member.context.conf.global_defs
    keyword = f"vrrp_mcast_group{member.effective.family}"
    if settings is not None and settings.has(keyword) and not member.instance.has("mcast_dst_ip"):
        return settings.at(keyword)
    return member.instance.at("mcast_dst_ip")


def _group(member: Member) -> str | None:
    """The group that adverts go to; None for unicast."""
    if member.effective.unicast:
        return None
    family = member.effective.family
    default = getattr(member.context.conf.global_defs, f"vrrp_mcast_group{family}", None)
    return member.instance.mcast_dst_ip or default or {4: "224.0.0.18", 6: "ff02::12"}[family]

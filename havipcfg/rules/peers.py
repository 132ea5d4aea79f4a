"""Whether the unicast peers of the nodes fit together."""

from __future__ import annotations

from collections.abc import Iterator

from havipcfg.cluster.members import Cluster, Member, VirtualRouter
from havipcfg.diagnostics import Edit, Fix, Label
from havipcfg.findings import ERROR, WARNING, Finding
from havipcfg.keepalived.entries import UnicastPeer
from havipcfg.rules.across_edits import line_into
from havipcfg.rules.registry import rule


def _strangers(member: Member, router: VirtualRouter) -> list[UnicastPeer]:
    """Peers that are no node's ``unicast_src_ip``; empty where a node does not say its own."""
    sources = {other.source for other in router.members}
    if None in sources:
        return []
    return [peer for peer in member.instance.unicast_peer if peer.address not in sources]


def _listed_twice(member: Member) -> UnicastPeer | None:
    """The first peer that stands above it already: perhaps in the place of another."""
    seen: set[str] = set()
    for peer in member.instance.unicast_peer:
        if peer.address in seen:
            return peer
        seen.add(peer.address)
    return None


def _unheard(member: Member, router: VirtualRouter) -> list[Member]:
    """The nodes that the member does not advertise to."""
    if not member.effective.unicast:
        return []
    return [
        other
        for other in router.members
        if other is not member
        and other.source is not None
        and other.source not in member.peers
        and other.source != member.source
        and other.effective.unicast
    ]


def _names_itself(member: Member) -> bool:
    return member.source in member.peers


@rule("CL201", "peer-missing", ERROR, of=VirtualRouter, fix="unsafe")
def peer_missing(router: VirtualRouter, cluster: Cluster) -> Iterator[Finding]:
    """A node that does not advertise to one of the others.

    ## What it does
    Reports a node whose `unicast_peer` lacks the `unicast_src_ip` of another node of the
    virtual router. Where another address stands in its place, CL203 says so; where the node's
    own does, KC321; where a file was copied, CL202.

    ## Why it matters
    The node that is left out never hears this one. While this one is master, the other takes
    the address too.

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
            192.0.2.13
        }
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
        unicast_src_ip 192.0.2.12
        unicast_peer {
            192.0.2.11
            192.0.2.13
        }
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```
    ```keepalived
    # c.conf
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        priority 90
        unicast_src_ip 192.0.2.13
        unicast_peer {          # expect: CL201
            192.0.2.11
        }
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    Every node lists all others, and not itself.

    ## References
    - keepalived.conf(5), "unicast_peer"
    """
    del cluster
    if router.copies:
        return
    for member in router.members:
        unheard = _unheard(member, router)
        if len(unheard) <= len(_strangers(member, router)) + _names_itself(member):
            continue
        twice = _listed_twice(member)
        for other in unheard:
            edit = line_into(member.instance.place("unicast_peer"), str(other.source))
            if twice is not None and len(unheard) == 1 and twice.statement is not None and twice.statement.exact:
                edit = Edit(twice.at(), str(other.source))
            yield Finding(
                twice.at() if twice is not None else member.instance.at("unicast_peer"),
                f"{member.node} does not advertise to {other.node} ({other.source})",
                why=f"{other.node} never hears {member.node} and takes the address as well",
                advice=f"add {other.source} to unicast_peer",
                related=(Label(other.instance.at("unicast_src_ip"), f"the address of {other.node}"),),
                fix=Fix(f"add {other.source} to unicast_peer", "unsafe", (edit,)) if edit else None,
            )


@rule("CL203", "unknown-peer", ERROR, of=VirtualRouter, fix="unsafe")
def unknown_peer(router: VirtualRouter, cluster: Cluster) -> Iterator[Finding]:
    """A peer that is no node of the virtual router.

    ## What it does
    Reports a peer that no node has as its `unicast_src_ip`, where a node is left out that it
    may stand for, or where only some nodes list it. A peer that all nodes list is a node
    whose file is not at hand.

    ## Why it matters
    Adverts go to an address where nobody waits for them. The node that was meant never hears
    this one and takes the address as well.

    ## Example
    ```keepalived
    # a.conf
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        priority 110
        unicast_src_ip 192.0.2.11
        unicast_peer {
            192.0.2.21          # expect: CL203
        }
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
        unicast_src_ip 192.0.2.12
        unicast_peer {
            192.0.2.11
        }
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    The `unicast_src_ip` of every other node.

    ## References
    - keepalived.conf(5), "unicast_peer"
    """
    del cluster
    if router.copies:
        return
    mistaken = _mistaken_source(router)
    if mistaken is not None:
        yield mistaken
        return
    for member in router.members:
        unheard = _unheard(member, router)
        for peer in _strangers(member, router):
            if unheard:
                other = unheard.pop(0) if len(unheard) == 1 else unheard[0]
                yield Finding(
                    peer.at(),
                    f"{peer.address} is no node; {other.node} advertises from {other.source}",
                    why=f"{other.node} never hears {member.node} and takes the address as well",
                    advice=f"correct the peer here, or unicast_src_ip on {other.node}",
                    related=(Label(other.instance.at("unicast_src_ip", 1), f"the address of {other.node}"),),
                    fix=Fix(f"{other.source} instead", "unsafe", (Edit(peer.at(), str(other.source)),)),
                )
                continue
            without = [
                other
                for other in router.members
                if other.effective.unicast and peer.address not in other.peers and other is not member
            ]
            if without:
                yield Finding(
                    peer.at(),
                    f"{peer.address} is a peer on {member.node}, but not on {without[0].node}",
                    why="if it is a node, it never hears some of the others and takes the address as well",
                    advice="list the same nodes everywhere",
                    related=(Label(without[0].instance.at("unicast_peer"), f"the peers of {without[0].node}"),),
                    severity=WARNING,
                )


def _mistaken_source(router: VirtualRouter) -> Finding | None:
    """A node that all others (two or more) know by one other address."""
    for member in router.members:
        others = [other for other in router.members if other is not member]
        if len(others) < 2 or member.source is None or any(member.source in other.peers for other in others):
            continue
        strangers = [{peer.address for peer in _strangers(other, router)} for other in others]
        common = set.intersection(*strangers)
        if len(common) == 1:
            address = common.pop()
            place = next(peer for peer in others[0].instance.unicast_peer if peer.address == address)
            source = member.instance.at("unicast_src_ip", 1)
            return Finding(
                source,
                f"{member.node} advertises from {member.source}, the others know it as {address}",
                why=f"{member.node} hears none of them and takes the address as well",
                advice="correct unicast_src_ip, or the peer on the other nodes",
                related=(Label(place.at(), f"the peer on {others[0].node}"),),
                fix=Fix(f"unicast_src_ip {address}", "unsafe", (Edit(source, address),)),
            )
    return None

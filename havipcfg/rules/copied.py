"""Unicast addresses that came with a file copied from another node."""

from __future__ import annotations

from collections.abc import Iterator

from havipcfg.cluster.context import Context
from havipcfg.cluster.members import Cluster, Member, VirtualRouter
from havipcfg.diagnostics import Edit, Fix, Label
from havipcfg.findings import ERROR, Finding
from havipcfg.keepalived.bfd import BfdInstance
from havipcfg.rules.registry import rule


@rule("CL202", "same-source-address", ERROR, of=VirtualRouter, fix="unsafe")
def same_source_address(router: VirtualRouter, cluster: Cluster) -> Iterator[Finding]:
    """Two nodes that advertise from one address.

    ## What it does
    Reports a `unicast_src_ip` that another node of the virtual router has too. With a cluster
    file that knows the nodes, HV108 says which of them is wrong.

    ## Why it matters
    The address belongs to one of them. The other stays in FAULT (keepalived 2.2) or becomes a
    second master that hears nobody (2.4). It is what a file copied to the other server does.

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
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        priority 100
        unicast_src_ip 192.0.2.11   # expect: CL202
        unicast_peer {
            192.0.2.12
        }
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    Each node's own address in `unicast_src_ip`, the others' in `unicast_peer`.

    ## References
    - keepalived.conf(5), "unicast_src_ip"
    """
    for source, members in router.copies.items():
        first, *others = _owner_first(source, members, cluster)
        for member in others:
            if _known_elsewhere(member, cluster):
                continue
            yield Finding(
                member.instance.at("unicast_src_ip", 1),
                f"unicast_src_ip {source} is also that of {first.node}",
                why="only one host can have it: the other one never takes over, or becomes a second master",
                advice="use this node's own address here, and the other's in unicast_peer",
                related=(Label(first.instance.at("unicast_src_ip", 1), f"the same address on {first.node}"),),
                fix=_own_address(member, first, router) if len(others) == 1 else None,
            )


def _owner_first(source: str, members: list[Member], cluster: Cluster) -> list[Member]:
    """The members of one source, that which has the address before the others, as far as that can be told.

    A cluster file tells; else a member that lists the address as a peer does not have it.
    """
    facts = cluster.facts
    names = {name for name, node in facts.nodes.items() if source in map(str, node.addresses)} if facts else set()

    def rank(member: Member) -> tuple[bool, bool]:
        return member.context.name not in names, source in member.peers

    return sorted(members, key=rank)


def _known_elsewhere(member: Member, cluster: Cluster) -> bool:
    """Whether the cluster file says that the source is another's: HV108 then reports it."""
    node = cluster.facts.nodes.get(member.context.name) if cluster.facts is not None else None
    return node is not None and member.source not in [str(address) for address in node.addresses]


def _own_address(member: Member, first: Member, router: VirtualRouter) -> Fix | None:
    """The one address that the others list and nobody has is the copy's own."""
    sources = {other.source for other in router.members}
    unclaimed = {peer for other in router.members for peer in other.peers} - sources
    if len(unclaimed) != 1 or None in sources:
        return None
    own = unclaimed.pop()
    source = member.instance.place("unicast_src_ip")
    if source is None or not source.exact:
        return None
    edits = [Edit(source.word_span(1), own)]
    listed = [peer for peer in member.instance.unicast_peer if peer.address == own]
    edits += [Edit(peer.at(), str(first.source)) for peer in listed if peer.statement and peer.statement.exact]
    return Fix(f"{own} is this node, {first.source} the other", "unsafe", tuple(edits))


@rule("CL204", "same-peers", ERROR, of=VirtualRouter)
def same_peers(router: VirtualRouter, cluster: Cluster) -> Iterator[Finding]:
    """Nodes that list the same peers.

    ## What it does
    Reports nodes without `unicast_src_ip` that have the same list of peers, where the list
    has no room for all of them.

    ## Why it matters
    One of them advertises to itself and not to the other, which takes the address as well. It
    is what a file copied to the other server does.

    ## Example
    ```keepalived
    # a.conf
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        priority 110
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
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        priority 100
        unicast_peer {          # expect: CL204
            192.0.2.12
        }
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    The others' addresses on each node, and `unicast_src_ip` with its own.

    ## References
    - keepalived.conf(5), "unicast_peer"
    """
    del cluster
    seen: dict[frozenset[str], Member] = {}
    for member in router.members:
        if not member.peers or member.source is not None or len(member.peers) >= len(router.members):
            continue
        first = seen.setdefault(member.peers, member)
        if first is not member:
            yield Finding(
                member.instance.at("unicast_peer"),
                f"{member.node} advertises to the same peers as {first.node}",
                why="one of them advertises to itself, and the other takes the address as well",
                advice="list the other nodes on each node, and add unicast_src_ip with its own address",
                related=(Label(first.instance.at("unicast_peer"), f"the peers of {first.node}"),),
            )


@rule("CL205", "same-bfd-source", ERROR, of=Cluster)
def same_bfd_source(cluster: Cluster, context: None) -> Iterator[Finding]:
    """BFD sessions of two nodes from one address.

    ## What it does
    Reports a `source_ip` of a `bfd_instance` that a session of another node has too.

    ## Why it matters
    The address belongs to one of them. On the other the session never comes up, and what
    tracks it counts as failed. It is what a file copied to the other server does.

    ## Example
    ```keepalived
    # a.conf
    bfd_instance router {
        source_ip 192.0.2.11
        neighbor_ip 192.0.2.1
    }
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        priority 110
        virtual_ipaddress {
            192.0.2.10
        }
        track_bfd {
            router
        }
    }
    ```
    ```keepalived
    # b.conf
    bfd_instance router {
        source_ip 192.0.2.11    # expect: CL205
        neighbor_ip 192.0.2.1
    }
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        priority 100
        virtual_ipaddress {
            192.0.2.10
        }
        track_bfd {
            router
        }
    }
    ```

    ## Use instead
    Each node's own address, or no `source_ip`.

    ## References
    - keepalived.conf(5), "BFD CONFIGURATION"
    """
    del context
    seen: dict[str, tuple[Context, BfdInstance]] = {}
    for each in cluster.contexts:
        for session in each.conf.bfd_instance:
            if session.source_ip is None:
                continue
            there, first = seen.setdefault(session.source_ip, (each, session))
            if there is not each:
                node = there.alias or there.name
                yield Finding(
                    session.at("source_ip", 1),
                    f"source_ip {session.source_ip} is also that of {node}",
                    why="only one host can have it: on the other one the session never comes up",
                    advice="use this node's own address",
                    related=(Label(first.at("source_ip", 1), f"the same address on {node}"),),
                )

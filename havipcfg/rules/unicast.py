"""Where adverts go to and come from: unicast peers, sources, multicast groups."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address

from havipcfg.cluster.context import Context
from havipcfg.diagnostics import Label
from havipcfg.findings import ERROR, WARNING, Finding
from havipcfg.keepalived.entries import UnicastPeer
from havipcfg.keepalived.values import family
from havipcfg.keepalived.version import Version
from havipcfg.keepalived.vrrp_instance import VrrpInstance
from havipcfg.rules.edits import removal, word_fix
from havipcfg.rules.families import family_decided, none_fits
from havipcfg.rules.registry import rule

REFUSES_REPEATED = Version(2, 2, 8)
"""From this release on, a peer that is listed twice is reported (2.2.7 accepts it)."""


@rule(
    "KC320",
    "unicast-without-peers",
    ERROR,
    of=VrrpInstance,
    given=("unicast_src_ip", "check_unicast_src", "unicast_fault_no_peer", "unicast_ttl", "unicast_peer"),
    keepalived=True,
)
def unicast_without_peers(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """An instance set up for unicast that has no peer.

    ## What it does
    Reports a unicast keyword in an instance without any (valid) address in `unicast_peer`; with
    `unicast_ttl` at the end of the instance, where keepalived names it.

    ## Why it matters
    keepalived falls back to multicast. On networks that do not carry it, as most clouds, the
    nodes do not hear each other and all become master. With `unicast_fault_no_peer` the
    instance stays in FAULT instead.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        unicast_src_ip 192.0.2.2    # expect: KC320
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        unicast_src_ip 192.0.2.2
        unicast_peer {
            192.0.2.3
        }
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## References
    - keepalived.conf(5), "unicast_peer" and "unicast_fault_no_peer"
    """
    own = context.effective(instance).family
    if any(family(peer.address) == own for peer in instance.unicast_peer):
        return
    fault, at_its_end = instance.unicast_fault_no_peer, instance.has("unicast_ttl")
    if instance.unicast_peer and not fault and not at_its_end:
        return
    keywords = ("unicast_src_ip", "check_unicast_src", "unicast_ttl", "unicast_peer")
    keyword = "unicast_fault_no_peer" if fault else next(filter(instance.has, keywords), None)
    if keyword is None:
        return
    yield Finding(
        instance.statement.closer_span if at_its_end else instance.at(keyword),
        f"{instance.name} has no unicast peer, and unicast_fault_no_peer"
        if fault
        else f"{instance.name} is set up for unicast, but has no peer",
        why="the instance stays in FAULT and never holds the address"
        if fault
        else "keepalived falls back to multicast: where that is not carried, every node becomes master",
        advice="list the address of every other node in unicast_peer, one a line",
        related=(Label(instance.at(keyword), "set up for unicast here"),) if at_its_end else (),
        keepalived=at_its_end or not fault,
    )


@rule("KC321", "own-address-as-peer", WARNING, of=VrrpInstance, given="unicast_peer", fix="safe")
def own_address_as_peer(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """A node that lists itself as its peer.

    ## What it does
    Reports the address of `unicast_src_ip` in `unicast_peer`.

    ## Why it matters
    The node sends adverts to itself. Where no other peer is listed, no other node hears it,
    and both hold the address.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        unicast_src_ip 192.0.2.2
        unicast_peer {
            192.0.2.2           # expect: KC321
            192.0.2.3
        }
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        unicast_src_ip 192.0.2.2
        unicast_peer {
            192.0.2.3
        }
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## References
    - keepalived.conf(5), "unicast_peer"
    """
    del context
    source = instance.unicast_src_ip
    if source is None:
        return
    own = [peer for peer in instance.unicast_peer if peer.address == source]
    alone = len(own) == len(instance.unicast_peer)
    for peer in own:
        yield Finding(
            peer.at(),
            f"{peer.address} is this node's own address",
            why="no other node hears its adverts: every node becomes master"
            if alone
            else "the node sends adverts to itself",
            advice="list the addresses of the other nodes" if alone else "remove the line",
            related=(Label(instance.at("unicast_src_ip"), "the node's own address"),),
            severity=ERROR if alone else None,
            fix=None if alone else removal("remove the line", peer.statement),
        )


@rule("KC322", "no-unicast-source", WARNING, of=VrrpInstance, given="unicast_peer")
def no_unicast_source(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """Unicast peers without `unicast_src_ip`.

    ## What it does
    Reports an instance with unicast peers whose own address is not given.

    ## Why it matters
    keepalived takes the first address of the interface. After a restart of the network that
    can be another one, even the virtual address itself, and the peers drop the adverts.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        unicast_peer {          # expect: KC322
            192.0.2.3
        }
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        unicast_src_ip 192.0.2.2
        unicast_peer {
            192.0.2.3
        }
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## References
    - keepalived.conf(5), "unicast_src_ip"
    """
    del context
    if not instance.unicast_peer or instance.place("unicast_src_ip") is not None or not instance.interface:
        return
    yield Finding(
        instance.at("unicast_peer"),
        f"{instance.name} has unicast peers, but no unicast_src_ip",
        why="adverts leave with the first address of the interface, after a restart perhaps another one",
        advice="add unicast_src_ip with this node's own address",
    )


@rule(
    "KC323",
    "other-family",
    ERROR,
    of=VrrpInstance,
    given=("unicast_peer", "unicast_src_ip", "mcast_src_ip", "mcast_dst_ip", "native_ipv6"),
    keepalived=True,
)
def other_family(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """A peer, a source or a group address of another family than the instance.

    ## What it does
    Reports an address in `unicast_peer`, `unicast_src_ip`, `mcast_src_ip` or `mcast_dst_ip` whose
    family is not that of the instance, which its first line with an address decides.

    ## Why it matters
    keepalived ignores the address. A peer that is ignored hears nothing and becomes master
    too; without any peer left keepalived falls back to multicast.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        unicast_src_ip 192.0.2.2
        unicast_peer {
            2001:db8::3         # expect: KC323
        }
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    Peers of the family of the virtual addresses.

    ## References
    - keepalived.conf(5), "unicast_peer"
    """
    inforce = context.effective(instance)
    own = inforce.family
    deaf, usual = "the peer hears nothing and becomes master too", "it takes the usual one"
    refused = [(peer.at(), peer.address, deaf) for peer in instance.unicast_peer if family(peer.address) != own]
    sources = [(name, getattr(instance, name)) for name in ("unicast_src_ip", "mcast_src_ip", "mcast_dst_ip")]
    refused += [
        (instance.at(name, 1), address, usual) for name, address in sources if address and family(address) != own
    ]
    wrong = none_fits(inforce)
    if not refused and not wrong:
        return
    decided = family_decided(inforce)
    if wrong:
        first = min((instance.virtual_ipaddress[0].at(), *(place for place, _, _ in refused)), key=lambda at: at.start)
        yield Finding(
            first,
            f"{inforce.family_from} makes {instance.name} an IPv{own} instance, and none of its addresses is IPv{own}",
            why="the first line with an address decides, and keepalived ignores those of the other family",
            advice=f"give {inforce.family_from} the family of the virtual addresses",
            related=(decided,),
        )
        return
    for place, address, follows in refused:
        yield Finding(
            place,
            f"{address} is no IPv{own} address, and {instance.name} an IPv{own} instance",
            why=f"keepalived ignores it: {follows}",
            advice=f"give an IPv{own} address",
            related=(decided,),
        )


@rule("KC324", "repeated-peer", WARNING, of=VrrpInstance, given="unicast_peer", keepalived=True, fix="safe")
def repeated_peer(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """A peer that is listed twice.

    ## What it does
    Reports an address that stands in `unicast_peer` a second time.

    ## Why it matters
    keepalived 2.2.7 sends it every advert twice, later releases ignore the line. Often the
    address of a third node was meant, which then hears nothing.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        unicast_src_ip 192.0.2.2
        unicast_peer {
            192.0.2.3
            192.0.2.3           # expect: KC324
        }
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    Every other node once.

    ## References
    - keepalived.conf(5), "unicast_peer"
    """
    first: dict[object, UnicastPeer] = {}
    for peer in instance.unicast_peer if len(instance.unicast_peer) > 1 else ():
        other = first.setdefault(ip_address(peer.address), peer)
        if other is not peer:
            yield Finding(
                peer.at(),
                f"{peer.address} is listed twice",
                why="where another node was meant, it hears nothing and becomes master too",
                advice="remove the line, or name the node that was meant",
                related=(Label(other.at(), "listed here"),),
                keepalived=context.target >= REFUSES_REPEATED,
                fix=removal("remove the second line", peer.statement),
            )


@rule("KC325", "peer-with-mask", WARNING, of=VrrpInstance, given="unicast_peer", fix="safe")
def peer_with_mask(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """A peer with a prefix length.

    ## What it does
    Reports `unicast_peer` lines such as `192.0.2.0/24`.

    ## Why it matters
    keepalived cuts the prefix off without a word. A peer is one address: a subnet is not a
    list of the nodes in it.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        unicast_src_ip 192.0.2.2
        unicast_peer {
            192.0.2.3/24        # expect: KC325
        }
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    The bare address of the node.

    ## References
    - keepalived.conf(5), "unicast_peer"
    """
    del context
    for peer in instance.unicast_peer:
        words = peer.statement.words if peer.statement else []
        if words and "/" in words[0]:
            yield Finding(
                peer.at(),
                f"a peer is one address: keepalived reads {words[0]} as {peer.address}",
                why="where a subnet was meant, the nodes in it hear nothing",
                advice="list the address of every other node, one a line",
                fix=word_fix("cut the prefix off", peer.statement, 0, peer.address),
            )

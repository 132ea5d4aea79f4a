"""Clusters side by side in one subnet."""

from __future__ import annotations

from collections.abc import Iterator

from havipcfg.cluster.site import Plot, Seat, Site, in_one_network
from havipcfg.diagnostics import Label
from havipcfg.findings import ERROR, WARNING, Finding
from havipcfg.rules.registry import rule


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
    seen: dict[tuple[int, int], list[tuple[Plot, Seat]]] = {}
    for plot, seat in _seats(site):
        if seat.number is None or not seat.held:
            continue
        earlier = seen.setdefault((seat.number, seat.family), [])
        for other, theirs in earlier:
            near = other is not plot and in_one_network(seat.held[0], theirs.held[0], site.facts)
            if near and plot.claimed.isdisjoint(other.claimed):
                yield _clash(seat, theirs)
                break
        earlier.append((plot, seat))


def _seats(site: Site) -> Iterator[tuple[Plot, Seat]]:
    for plot in site.plots:
        for seat in plot.seats:
            yield plot, seat


def _clash(seat: Seat, other: Seat) -> Finding:
    heard = not (seat.unicast or other.unicast)
    return Finding(
        seat.number_span,
        f"virtual_router_id {seat.number} is also that of {other.instance} on {other.node}, in another cluster",
        why="the clusters hear each other: one of them loses its address"
        if heard
        else "the two would fight as soon as both advertise by multicast, and their virtual MAC addresses are equal",
        advice="use another virtual_router_id for each cluster",
        related=(Label(other.number_span, f"{other.instance} on {other.node}"),),
        severity=None if heard else WARNING,
    )


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
    seen: dict[tuple[str, str], tuple[Plot, Seat, Label]] = {}
    for plot, seat in _seats(site):
        for held in seat.held:
            label = Label(held.span, f"{held.address} of {seat.instance} on {seat.node}")
            other, theirs, place = seen.setdefault((seat.folder, held.address), (plot, seat, label))
            if other is not plot:
                yield Finding(
                    held.span,
                    f"{held.address} is also held by {theirs.node}, in another cluster",
                    why="the clusters do not know of each other: both hold the address",
                    advice="give each cluster an address of its own",
                    related=(place,),
                )

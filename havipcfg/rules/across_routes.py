"""Whether the nodes of a virtual router set the same routes."""

from __future__ import annotations

from collections.abc import Iterator

from havipcfg.cluster.members import Cluster, Member, VirtualRouter
from havipcfg.diagnostics import Label
from havipcfg.findings import WARNING, Finding
from havipcfg.keepalived.entries import Route
from havipcfg.rules.across_edits import differing
from havipcfg.rules.registry import rule

Goal = tuple[str, str]
"""Where a route leads, and the routing table that it stands in."""
EVERYWHERE = ("default", "0.0.0.0/0", "::/0")


@rule("CL120", "routes-differ", WARNING, of=VirtualRouter)
def routes_differ(router: VirtualRouter, cluster: Cluster) -> Iterator[Finding]:
    """Nodes whose `virtual_routes` do not lead to the same networks.

    ## What it does
    Compares the destinations in `virtual_routes`, and the routing tables that they stand in. Gateways,
    interfaces and source addresses may differ: they are often a node's own.

    ## Why it matters
    The master sets these routes. After a failover to a node that lacks one, that network is no longer
    reached, or by another way.

    ## Example
    ```keepalived
    # a.conf
    vrrp_instance gw {
        interface eth0
        virtual_router_id 61
        priority 110
        virtual_ipaddress {
            192.0.2.10
        }
        virtual_routes {
            default via 192.0.2.1
            198.51.100.0/24 via 192.0.2.2
        }
    }
    ```
    ```keepalived
    # b.conf
    vrrp_instance gw {
        interface eth0
        virtual_router_id 61
        priority 100
        virtual_ipaddress {
            192.0.2.10
        }
        virtual_routes {            # expect: CL120
            default via 192.0.2.1
        }
    }
    ```

    ## Use instead
    The same networks on all nodes.

    ## References
    - keepalived.conf(5), "virtual_routes"
    """
    del cluster
    for member, model in differing(router, lambda each: frozenset(_routes(each))):
        mine, theirs = _routes(member), _routes(model)
        surplus = [route for goal, route in mine.items() if goal not in theirs]
        missing = [route for goal, route in theirs.items() if goal not in mine]
        if len(surplus) == len(missing) == 1:
            yield _instead(surplus[0], missing[0], model)
            continue
        if missing:
            yield _lacking(missing, member, model)
        if surplus:
            yield _lacking(surplus, model, member)


def _routes(member: Member) -> dict[Goal, Route]:
    return {
        ("default" if route.destination in EVERYWHERE else route.destination, route.option("table") or "main"): route
        for route in member.instance.virtual_routes
        if route.destination is not None
    }


def _name(route: Route) -> str:
    table = route.option("table")
    return f"{route.destination} in table {table}" if table else f"{route.destination}"


WHY = "while the node that lacks a route is master, that network is not reached, or by another way"
ADVICE = "set routes to the same networks on every node"


def _instead(route: Route, other: Route, model: Member) -> Finding:
    return Finding(
        route.at(),
        f"a route to {_name(route)} here, to {_name(other)} on {model.node}",
        why=WHY,
        advice=ADVICE,
        related=(Label(other.at(), f"the route on {model.node}"),),
    )


def _lacking(routes: list[Route], here: Member, there: Member) -> Finding:
    """``routes`` of ``there`` are not on ``here``."""
    return Finding(
        here.instance.at("virtual_routes"),
        f"{here.node} sets no route to {' or '.join(map(_name, routes))}, {there.node} does",
        why=WHY,
        advice=ADVICE,
        related=tuple(Label(route.at(), f"a route on {there.node}") for route in routes),
    )

"""Priorities at their limits, and checks that fail on every node at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

from havipcfg.cluster.members import Cluster, Member, VirtualRouter
from havipcfg.diagnostics import Label
from havipcfg.findings import WARNING, Finding
from havipcfg.keepalived.effective import Tracked
from havipcfg.keepalived.tracking import VrrpScript
from havipcfg.rules.balance import HIGHEST, LOWEST, sitting, unlimited, weighted
from havipcfg.rules.registry import rule


@rule("CL303", "priorities-meet-at-limit", WARNING, of=VirtualRouter)
def priorities_meet_at_limit(router: VirtualRouter, cluster: Cluster) -> Iterator[Finding]:
    """Priorities that differ on paper and are equal in force.

    ## What it does
    Adds the weights of the checks to the priority of every node, with all checks well and
    with all checks failed. Reports two nodes that then differ, but are cut to the same limit:
    254 at the top, 1 at the bottom.

    ## Why it matters
    At the limit the order of the nodes is lost. A failed check may change nothing, or the
    nodes race where one of them was meant to win.

    ## Example
    ```keepalived
    # a.conf
    vrrp_script check_web {
        script "/usr/bin/pgrep -x nginx"
        fall 2
        weight 50
    }
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        priority 250            # expect: CL303
        virtual_ipaddress {
            192.0.2.10
        }
        track_script {
            check_web
        }
    }
    ```
    ```keepalived
    # b.conf
    vrrp_script check_web {
        script "/usr/bin/pgrep -x nginx"
        fall 2
        weight 50
    }
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        priority 240
        virtual_ipaddress {
            192.0.2.10
        }
        track_script {
            check_web
        }
    }
    ```

    ## Use instead
    Base priorities in the middle of the range, so that every sum stays between 1 and 254.

    ## References
    - keepalived.conf(5), "priority" and "weight"
    """
    del cluster
    seats = sitting(router)
    if seats is None:
        return
    members = router.originals
    for limit, how in ((HIGHEST, "while all checks are well"), (LOWEST, "when every check fails on both")):
        cut = [(member, _sum(member, limit)) for member in members if not member.effective.owner]
        beyond = [(member, total) for member, total in cut if (total > limit if limit == HIGHEST else total < limit)]
        for member, total in beyond[:1]:
            for other, theirs in cut:
                clipped = theirs >= limit if limit == HIGHEST else theirs <= limit
                if other is member or not clipped or theirs == total:
                    continue
                yield Finding(
                    member.instance.at("priority"),
                    f"{member.node} and {other.node} both have priority {limit} {how}: "
                    f"{total} and {theirs} are cut to it",
                    why="the order of the nodes is lost: they race, or a failed check changes nothing",
                    advice=f"choose priorities and weights whose sums stay between {LOWEST} and {HIGHEST}",
                    related=(Label(other.instance.at("priority"), f"priority {other.effective.priority}"),),
                )
                break


def _sum(member: Member, limit: int) -> int:
    return unlimited(member) if limit == HIGHEST else unlimited(member, weighted(member))


@rule("CL304", "check-fails-on-all-nodes", WARNING, of=VirtualRouter)
def check_fails_on_all_nodes(router: VirtualRouter, cluster: Cluster) -> Iterator[Finding]:
    """A check of something shared that puts every node into FAULT at once.

    ## What it does
    Reports a script without a weight that every node runs, and that asks the same other host: a gateway,
    a database. The host stands in the command line, or in the script's text where that is at hand.

    ## Why it matters
    When that host does not answer, all nodes are in FAULT and nobody holds the address, also
    for all that would still work.

    ## Example
    ```keepalived
    # a.conf
    vrrp_script gateway {
        script "/usr/bin/ping -c 1 -W 1 192.0.2.1"
        fall 3
    }
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        priority 110
        virtual_ipaddress {
            192.0.2.10
        }
        track_script {
            gateway
        }
    }
    ```
    ```keepalived
    # b.conf
    vrrp_script gateway {
        script "/usr/bin/ping -c 1 -W 1 192.0.2.1"
        fall 3
    }
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        priority 100
        virtual_ipaddress {
            192.0.2.10
        }
        track_script {
            gateway             # expect: CL304
        }
    }
    ```

    ## Use instead
    A weight greater than the gap between the priorities: the address moves when one node alone
    loses the host, and stays where it is when all lose it.

    ## References
    - keepalived.conf(5), "track_script"
    """
    del cluster
    members = router.originals
    if len(members) < 2:
        return
    own = {entry for member in members for entry in member.effective.addresses}
    own |= {node for member in members for node in member.nodes}
    shared = [_hosts(member) for member in members]
    for address, (tracked, definition) in shared[-1].items():
        if address in own or not all(address in others for others in shared[:-1]):
            continue
        first, script = shared[0][address]
        yield Finding(
            tracked.tracker.at(),
            f"when {address} does not answer, {tracked.name} puts every node into FAULT",
            why="nobody holds the address then, on either node",
            advice="give the check a weight greater than the gap between the priorities",
            related=(
                Label(definition.at("script", 1), f"asks {address}"),
                Label(script.at("script", 1), f"so does {first.name} on {members[0].node}"),
            ),
        )


_HOST = r"(?:\d{1,3}(?:\.\d{1,3}){3}|[A-Za-z](?:[\w-]*\.)+[A-Za-z]{2,})"
_ADDRESS = re.compile(r"(?<![\w.:/])(?:\d{1,3}\.){3}\d{1,3}(?![\w./])")
_URL = re.compile(rf"\bhttps?://({_HOST})(?=[:/\s\"']|$)")
_ASKED = re.compile(rf"^[^#\n]*?\b(?:f?ping|arping|nc|telnet)\b[^\n#|;&]*?\s({_HOST})(?=[\s;|&\"')]|$)", re.MULTILINE)
_OWN = ("127.", "0.", "255.", "localhost")


def _hosts(member: Member) -> dict[str, tuple[Tracked, VrrpScript]]:
    """Other hosts that the weight-less scripts of a member name or ask, with the script."""
    found = {}
    for tracked in member.effective.working_trackers:
        definition = tracked.definition
        if not tracked.faults or tracked.reverse or not isinstance(definition, VrrpScript):
            continue
        place = definition.place("script")
        line = place.text if place is not None else ""
        asked = [*_ADDRESS.findall(line), *_URL.findall(line), *_ASKED.findall(line)]
        for word in definition.script.argv if definition.script is not None else ():
            text = member.context.scripts.get(word, "")
            asked += [*_URL.findall(text), *_ASKED.findall(text)]
        for host in asked:
            if not host.startswith(_OWN):
                found[host] = tracked, definition
    return found

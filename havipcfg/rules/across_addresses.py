"""Whether the nodes of a virtual router hold the same addresses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from havipcfg.cluster.members import Cluster, Member, VirtualRouter
from havipcfg.diagnostics import Edit, Fix, Label
from havipcfg.findings import ERROR, WARNING, Finding
from havipcfg.keepalived.entries import VirtualAddress
from havipcfg.keepalived.version import Version
from havipcfg.rules.across_edits import differing, line_into
from havipcfg.rules.registry import rule

ACCEPTED = Version(2, 3, 0)
"""From here on keepalived accepts adverts with another list of addresses, and logs the difference."""


@rule("CL104", "virtual-addresses-differ", ERROR, of=VirtualRouter, fix="unsafe")
def virtual_addresses_differ(router: VirtualRouter, cluster: Cluster) -> Iterator[Finding]:
    """Nodes that do not list the same virtual addresses.

    ## What it does
    Compares the sets of addresses in `virtual_ipaddress`; their order and prefix lengths do not
    matter.

    ## Why it matters
    Up to keepalived 2.2 a node drops adverts with another list, and every node takes the
    address. Later ones accept them with a message, and an address that only one node lists is
    held by nobody while another node is master.

    ## Example
    ```keepalived
    # a.conf
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        priority 110
        virtual_ipaddress {
            192.0.2.10
            192.0.2.11
        }
    }
    ```
    ```keepalived
    # b.conf
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        priority 100
        virtual_ipaddress {     # expect: CL104
            192.0.2.10
        }
    }
    ```

    ## Use instead
    The same addresses on all nodes; `virtual_ipaddress_excluded` for those that need not be
    advertised.

    ## References
    - keepalived.conf(5), "virtual_ipaddress"
    """
    del cluster
    for member, model in differing(router, lambda m: m.effective.addresses or None):
        if member.effective.family != model.effective.family:
            continue
        yield from _differences(member, model, "virtual_ipaddress")


@rule("CL109", "excluded-addresses-differ", WARNING, of=VirtualRouter, fix="unsafe")
def excluded_addresses_differ(router: VirtualRouter, cluster: Cluster) -> Iterator[Finding]:
    """Nodes that do not hold the same addresses beside those that are advertised.

    ## What it does
    Compares the sets of addresses in `virtual_ipaddress_excluded`.

    ## Why it matters
    These addresses are in no advert, so no node notices. While a node that lacks one is
    master, nobody holds it.

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
        virtual_ipaddress_excluded {
            192.0.2.20
        }
    }
    ```
    ```keepalived
    # b.conf
    vrrp_instance web {         # expect: CL109
        interface eth0
        virtual_router_id 61
        priority 100
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    The same addresses on all nodes.

    ## References
    - keepalived.conf(5), "virtual_ipaddress_excluded"
    """
    del cluster
    for member, model in differing(router, _excluded):
        yield from _differences(member, model, "virtual_ipaddress_excluded")


@rule("CL118", "prefix-differs", WARNING, of=VirtualRouter, fix="unsafe")
def prefix_differs(router: VirtualRouter, cluster: Cluster) -> Iterator[Finding]:
    """A virtual address whose prefix length is not the same on every node.

    ## What it does
    Compares the prefix lengths of the addresses that all nodes of a virtual router hold; without
    one keepalived takes 32, and 128 for IPv6.

    ## Why it matters
    The prefix decides which hosts the node looks for on the interface. After a failover some of
    them, or their gateway, are no longer reached, or no longer through the router.

    ## Example
    ```keepalived
    # a.conf
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        priority 110
        virtual_ipaddress {
            192.0.2.10/24
        }
    }
    ```
    ```keepalived
    # b.conf
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        priority 100
        virtual_ipaddress {
            192.0.2.10/16       # expect: CL118
        }
    }
    ```

    ## Use instead
    The prefix length of the subnet on every node.

    ## References
    - keepalived.conf(5), "virtual_ipaddress"
    """
    del cluster
    held = [(member, _held(member)) for member in router.originals]
    for address in dict.fromkeys(address for _, entries in held for address in entries):
        having = [(member, entries[address]) for member, entries in held if address in entries]
        if all(entry.length == having[0][1].length for _, entry in having):
            continue
        usual = Counter(entry.length for _, entry in having).most_common(1)[0][0]
        node, there = next((member.node, entry) for member, entry in having if entry.length == usual)
        for _, entry in having:
            if entry.length != usual:
                yield Finding(
                    entry.at(),
                    f"{address} has prefix length {entry.length} here, {usual} on {node}",
                    why="after a failover other hosts count as neighbours: some are no longer reached",
                    advice="write the prefix length of the subnet on every node",
                    related=(Label(there.at(), f"/{usual} on {node}"),),
                    fix=_with_prefix(entry, usual, node),
                )


def _held(member: Member) -> dict[str, VirtualAddress]:
    instance = member.instance
    return {entry.address: entry for entry in (*instance.virtual_ipaddress, *instance.virtual_ipaddress_excluded)}


def _with_prefix(entry: VirtualAddress, length: int, node: str) -> Fix | None:
    if entry.statement is None or not entry.statement.exact:
        return None
    text = f"{entry.at().text.partition('/')[0]}/{length}"
    return Fix(f"/{length} as on {node}", "unsafe", (Edit(entry.at(), text),))


def _excluded(member: Member) -> frozenset[str]:
    return frozenset(entry.address for entry in member.instance.virtual_ipaddress_excluded)


def _differences(member: Member, model: Member, keyword: str) -> Iterator[Finding]:
    """Addresses of one node that another one lacks, and those that stand for each other."""
    mine, theirs = _entries(member, keyword), _entries(model, keyword)
    surplus = [entry for address, entry in mine.items() if address not in theirs]
    missing = [entry for address, entry in theirs.items() if address not in mine]
    if len(surplus) == len(missing) == 1:
        yield _instead(surplus[0], missing[0], member, model, keyword)
        return
    for entry in missing:
        yield _missing(entry, member, model, keyword)
    for entry in surplus:
        yield _missing(entry, model, member, keyword)


def _entries(member: Member, keyword: str) -> dict[str, VirtualAddress]:
    """The addresses under a keyword; those that the node holds by the other keyword count for neither."""
    other = "virtual_ipaddress" if keyword == "virtual_ipaddress_excluded" else ""
    held = {entry.address for entry in getattr(member.instance, other, ())} if other else set()
    family = member.effective.family if not other else 0
    return {
        entry.address: entry
        for entry in getattr(member.instance, keyword)
        if entry.address not in held and family in (0, entry.family)
    }


def _instead(entry: VirtualAddress, other: VirtualAddress, member: Member, model: Member, keyword: str) -> Finding:
    fix = None
    if entry.statement is not None and entry.statement.exact:
        written = entry.at().text
        text = other.address + (written[written.index("/") :] if "/" in written else "")
        fix = Fix(f"{other.address} as on {model.node}", "unsafe", (Edit(entry.at(), text),))
    return Finding(
        entry.at(),
        f"{entry.address} here, {other.address} on {model.node}",
        why=_consequence(member, keyword),
        advice="list the same addresses on every node",
        related=(Label(other.at(), f"{other.address} on {model.node}"),),
        fix=fix,
    )


def _missing(entry: VirtualAddress, here: Member, there: Member, keyword: str) -> Finding:
    """``entry`` of ``there`` is not on ``here``."""
    twice = _twice(getattr(here.instance, keyword))
    place = twice.at() if twice is not None else here.instance.at(keyword)
    excluded = here.instance.virtual_ipaddress_excluded if keyword == "virtual_ipaddress" else ()
    moved = next((each for each in excluded if each.address == entry.address), None)
    fix = None
    if moved is None:
        edit = line_into(here.instance.place(keyword), " ".join(entry.words()))
        fix = Fix(f"add {entry.address} as on {there.node}", "unsafe", (edit,)) if edit else None
    return Finding(
        moved.at() if moved is not None else place,
        f"{here.node} does not advertise {entry.address}, {there.node} does"
        if moved
        else f"{entry.address} is missing on {here.node}, {there.node} has it",
        why=_consequence(here, keyword),
        advice="list the same addresses on every node",
        related=(Label(entry.at(), f"{entry.address} on {there.node}"),),
        fix=fix,
    )


def _twice(entries: Iterable[VirtualAddress]) -> VirtualAddress | None:
    """The first entry whose address stands above it already: perhaps in the place of another."""
    seen: set[str] = set()
    for entry in entries:
        if entry.address in seen:
            return entry
        seen.add(entry.address)
    return None


def _consequence(member: Member, keyword: str) -> str:
    if keyword == "virtual_ipaddress_excluded":
        return "while the node that lacks an address is master, nobody holds it"
    if member.context.target < ACCEPTED:
        return "the nodes drop each other's adverts: both hold their addresses at once"
    return (
        "keepalived logs the difference, and while the node that lacks an address is master, nobody holds it; "
        "versions up to 2.2 run two masters"
    )

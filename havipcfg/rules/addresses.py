"""The virtual addresses of an instance."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address

from havipcfg.cluster.context import Context
from havipcfg.diagnostics import Label
from havipcfg.findings import ERROR, WARNING, Finding
from havipcfg.keepalived.conf import KeepalivedConf
from havipcfg.keepalived.entries import VirtualAddress
from havipcfg.keepalived.version import Version
from havipcfg.keepalived.vrrp_instance import VrrpInstance
from havipcfg.rules.edits import removal
from havipcfg.rules.registry import rule

_MOST = {4: 255, 6: 89}
"""Addresses that an advert carries: as many as its byte counts, and as fit into 1500 bytes."""
REFUSES_REPEATED = Version(2, 2, 8)
"""From this release on, an address that an instance lists twice is reported (2.2.7 accepts it)."""


@rule("KC310", "no-virtual-address", ERROR, of=VrrpInstance, keepalived=True)
def no_virtual_address(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """An instance without any address in `virtual_ipaddress`.

    ## What it does
    Reports an instance that lists no virtual address. Those of `virtual_ipaddress_excluded` do
    not count: adverts do not carry them.

    ## Why it matters
    In VRRPv3 and in strict mode keepalived terminates, with all instances of the file. In
    VRRPv2 it runs an election for nothing.

    ## Example
    ```keepalived
    vrrp_instance web {         # expect: KC310
        interface eth0
        virtual_router_id 61
    }
    ```

    ## Use instead
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```
    An election that is meant to run without an address says so with `no_virtual_ipaddress`.

    ## References
    - keepalived.conf(5), "virtual_ipaddress" and "no_virtual_ipaddress"
    """
    if instance.virtual_ipaddress:
        return
    inforce = context.effective(instance)
    if instance.no_virtual_ipaddress and not inforce.strict:
        return
    fatal = inforce.version == 3 or inforce.strict
    place = instance.place("virtual_ipaddress")
    yield Finding(
        instance.at("virtual_ipaddress"),
        f"{instance.name} has no virtual address" if place is None else "no address in here is valid",
        why="keepalived terminates, with all instances of this file"
        if fatal
        else "the nodes elect a master that has no address to hold",
        advice="list the address in virtual_ipaddress, or say no_virtual_ipaddress"
        if not fatal
        else "list the address in virtual_ipaddress",
        severity=None if fatal else WARNING,
    )


@rule("KC311", "repeated-address", WARNING, of=VrrpInstance, given="virtual_ipaddress", keepalived=True, fix="safe")
def repeated_address(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """An address that an instance lists twice.

    ## What it does
    Reports a virtual address that stands in the instance a second time, whatever its prefix.

    ## Why it matters
    keepalived 2.4.3 reports the second and ignores it. Release 2.2.7 counts it, so that its
    adverts differ from those of a node that lists the address once.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10/24
            192.0.2.10          # expect: KC311
        }
    }
    ```

    ## Use instead
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10/24
        }
    }
    ```

    ## References
    - keepalived.conf(5), "virtual_ipaddress"
    """
    ignored = context.target >= REFUSES_REPEATED
    entries = (*instance.virtual_ipaddress, *instance.virtual_ipaddress_excluded)
    first: dict[IPv4Address | IPv6Address, VirtualAddress] = {}
    for entry in entries if len(entries) > 1 else ():
        other = first.setdefault(ip_address(entry.address), entry)
        if other is not entry and other.dev == entry.dev:
            yield Finding(
                entry.at(),
                f"{instance.name} lists {entry.address} twice",
                why="keepalived ignores the second line"
                if ignored
                else "adverts differ from those of a node that lists it once",
                advice="remove one of the lines",
                related=(Label(other.at(), "listed here"),),
                keepalived=ignored,
                fix=removal("remove the second line", entry.statement, safety="safe" if ignored else "unsafe"),
            )


@rule("KC312", "address-of-two-instances", ERROR, of=KeepalivedConf, given="vrrp_instance")
def address_of_two_instances(conf: KeepalivedConf, context: Context) -> Iterator[Finding]:
    """An address that two instances of one file hold.

    ## What it does
    Reports a virtual address on the same interface in two instances.

    ## Why it matters
    Each instance adds and removes the address for itself. When one of them becomes backup it
    takes the address away from the other, which is still master.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
    }

    vrrp_instance mail {
        interface eth0
        virtual_router_id 62
        virtual_ipaddress {
            192.0.2.10          # expect: KC312
        }
    }
    ```

    ## Use instead
    Every address in one instance.

    ## References
    - keepalived.conf(5), "virtual_ipaddress"
    """
    del context
    first: dict[tuple[str, str | None], tuple[VirtualAddress, VrrpInstance]] = {}
    for instance in conf.vrrp_instance:
        for entry in (*instance.virtual_ipaddress, *instance.virtual_ipaddress_excluded):
            if entry.address.lower().startswith("fe80:"):
                continue
            other, holder = first.setdefault((entry.address, entry.dev or instance.interface), (entry, instance))
            if holder is not instance:
                yield Finding(
                    entry.at(),
                    f"{instance.name} and {holder.name} both hold {entry.address}",
                    why="when one of them becomes backup, it takes the address away from the other",
                    advice="keep the address in one of them",
                    related=(Label(other.at(), f"also in {holder.name}"),),
                )


@rule("KC314", "too-many-addresses", WARNING, of=VrrpInstance, given="virtual_ipaddress", keepalived=True)
def too_many_addresses(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """More virtual addresses than an advert carries.

    ## What it does
    Reports the addresses beyond 255, or beyond what fits a packet of 1500 bytes.

    ## Why it matters
    keepalived moves the rest to the excluded addresses, on every node by itself. They still
    move together, but adverts say nothing of them.

    ## Example
    ```text
    virtual_ipaddress {
        198.51.100.0
        ...                     300 addresses in all
    }
    ```

    ## Use instead
    Keep one address in `virtual_ipaddress` and list the others in `virtual_ipaddress_excluded`.

    ## References
    - RFC 5798, 5.2.5; keepalived.conf(5), "virtual_ipaddress_excluded"
    """
    if len(instance.virtual_ipaddress) < 80:
        return
    own = context.effective(instance).family
    entries = [entry for entry in instance.virtual_ipaddress if entry.family == own]
    limit = _MOST[own]
    if len(entries) > limit:
        yield Finding(
            entries[limit].at(),
            f"an advert carries at most {limit} addresses, and {instance.name} has {len(entries)}",
            why="keepalived moves the rest to the excluded addresses, which adverts say nothing of",
            advice="list one address here and the others in virtual_ipaddress_excluded",
        )


@rule(
    "KC328",
    "broadcast-is-the-address",
    WARNING,
    of=VrrpInstance,
    given=("virtual_ipaddress", "virtual_ipaddress_excluded"),
)
def broadcast_is_the_address(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """A virtual address that is its own broadcast address.

    ## What it does
    Reports `brd` with the very address of the line.

    ## Why it matters
    Broadcasts of the subnet do not reach the address, and packets to it count as broadcasts.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10/24 brd 192.0.2.10    # expect: KC328
        }
    }
    ```

    ## Use instead
    Leave `brd` out, or write `brd +`.

    ## References
    - keepalived.conf(5), "virtual_ipaddress"
    """
    del context
    for entry in (*instance.virtual_ipaddress, *instance.virtual_ipaddress_excluded):
        if entry.broadcast != entry.address:
            continue
        words = entry.statement.words if entry.statement else []
        yield Finding(
            entry.at(max((i for i, word in enumerate(words) if word == entry.broadcast), default=0)),
            f"{entry.broadcast} is given as its own broadcast address",
            why="packets to the address count as broadcasts",
            advice="leave brd out",
        )

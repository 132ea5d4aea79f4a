"""Which virtual addresses a cloud takes, and how they must stand on the interface."""

from __future__ import annotations

from collections.abc import Iterator

from havipcfg.cluster.context import Context
from havipcfg.diagnostics import Edit, Fix, Label
from havipcfg.findings import ERROR, WARNING, Finding
from havipcfg.keepalived.vrrp_instance import VrrpInstance
from havipcfg.rules.cloud import facts_of, virtual
from havipcfg.rules.registry import rule

ADDRESSES = ("virtual_ipaddress", "virtual_ipaddress_excluded")


@rule("HV107", "address-is-no-havip", ERROR, of=VrrpInstance, given=ADDRESSES)
def address_is_no_havip(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """A virtual address that was not bought as a HAVIP.

    ## What it does
    Compares every virtual address with the HAVIPs that the cluster file names. An address
    outside the subnet is left to HV101, a node's own to HV103.

    ## Why it matters
    The node puts the address on its interface and announces it. The cloud does not know it
    and delivers nothing.

    ## Example
    ```yaml
    provider: tencent
    subnet: 10.0.1.0/24
    havips: [10.0.1.100]
    nodes:
      a: {address: 10.0.1.11, interface: eth0}
      b: {address: 10.0.1.12, interface: eth0}
    checks: {web: {tcp: 80}}
    ```
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        unicast_src_ip 10.0.1.11
        unicast_peer {
            10.0.1.12
        }
        garp_master_delay 1
        garp_master_refresh 5
        virtual_ipaddress {
            10.0.1.101          # expect: HV107
        }
    }
    ```

    ## Use instead
    The address of the HAVIP; or name the new one in the cluster file once it exists.

    ## References
    - Tencent Cloud, HAVIP overview, product/215/36691 (read 2026-11-23)
    """
    facts = facts_of(context)
    if not facts.havips:
        return
    known = ", ".join(map(str, facts.havips[:4])) + (" …" if len(facts.havips) > 4 else "")
    for entry, address in virtual(instance):
        if address in facts.havips or facts.node_of(address) is not None or not facts.subnet_of(address):
            continue
        yield Finding(
            entry.at(),
            f"{address} is none of the cluster's HAVIPs: {known}",
            why="the cloud does not know it and delivers nothing to it, whoever is master",
            advice="use the address of the HAVIP, or add this one to the cluster file once it exists",
        )


@rule("HV111", "prefix-of-havip", WARNING, of=VrrpInstance, given=ADDRESSES, fix="unsafe")
def prefix_of_havip(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """A HAVIP with the prefix length of the subnet.

    ## What it does
    Reports a virtual IPv4 address with a shorter prefix than the cloud's HAVIPs have.

    ## Why it matters
    The address brings a second route to the subnet, and after a restart of the network it can
    become the first address of the interface. What the node then sends comes from the HAVIP;
    its peers ignore such adverts, and both hold the address.

    ## Example
    ```keepalived
    # given: --provider tencent --subnet 10.0.1.0/24
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        unicast_src_ip 10.0.1.11
        unicast_peer {
            10.0.1.12
        }
        virtual_ipaddress {
            10.0.1.100/24       # expect: HV111
        }
    }
    ```

    ## Use instead
    The address alone, or with `/32`.

    ## References
    - Tencent Cloud, HAVIP best practice, product/215/20186 (read 2026-11-23)
    """
    cloud = facts_of(context).provider
    wanted = cloud.vip_prefix_ipv4 if cloud is not None else None
    if wanted is None or cloud is None:
        return
    for entry, address in virtual(instance):
        if address.version == 6 or entry.prefix is None or entry.prefix >= wanted:
            continue
        exact = entry.statement is not None and entry.statement.exact
        yield Finding(
            entry.at(),
            f"{entry.address}/{entry.prefix}: on {cloud.title} the address stands alone, with /{wanted}",
            why="it can become the interface's first address; adverts then come from it, and the peers ignore them",
            advice=f"write {entry.address}/{wanted}",
            fix=Fix(f"write {entry.address}/{wanted}", "unsafe", (Edit(entry.at(), f"{entry.address}/{wanted}"),))
            if exact
            else None,
        )


@rule("HV112", "havip-of-other-family", ERROR, of=VrrpInstance, given=ADDRESSES)
def havip_of_other_family(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """An IPv6 address on a cloud whose HAVIPs are IPv4 only.

    ## What it does
    Reports a virtual IPv6 address where the cloud has none.

    ## Why it matters
    The HAVIP cannot be created; the address never reaches a node.

    ## Example
    ```keepalived
    # given: --provider alibaba
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        unicast_src_ip 2001:db8::11
        unicast_peer {
            2001:db8::12
        }
        virtual_ipaddress {
            2001:db8::100       # expect: HV112
        }
    }
    ```

    ## Use instead
    An IPv4 HAVIP.

    ## References
    - docs/providers.md
    """
    cloud = facts_of(context).provider
    if cloud is None or cloud.ipv6 is not False:
        return
    for entry, address in virtual(instance):
        if address.version == 6:
            yield Finding(
                entry.at(),
                f"{address}: {cloud.title} has no IPv6 HAVIP",
                why="it cannot be created, and the cloud delivers nothing to the address",
                advice="use an IPv4 address",
            )


@rule("HV113", "havip-on-other-interface", WARNING, of=VrrpInstance, given=ADDRESSES)
def havip_on_other_interface(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """A HAVIP on the loopback device, or on another interface than the adverts.

    ## What it does
    Reports `dev` of a virtual address that is `lo` or a dummy device, or another one than
    `interface` of the instance, where the cloud learns the holder from gratuitous ARP.

    ## Why it matters
    From `lo` no announcement leaves the node: keepalived says MASTER and the cloud keeps the
    old holder. Announcements from another interface move the HAVIP to that one, if it is
    bound there at all.

    ## Example
    ```keepalived
    # given: --provider tencent --subnet 10.0.1.0/24
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        unicast_src_ip 10.0.1.11
        unicast_peer {
            10.0.1.12
        }
        virtual_ipaddress {
            10.0.1.100 dev lo   # expect: HV113
        }
    }
    ```

    ## Use instead
    No `dev`: the address goes on `interface`.

    ## References
    - keepalived.conf(5), "virtual_ipaddress"
    """
    cloud = facts_of(context).provider
    if cloud is None or cloud.mechanism != "arp" or not cloud.required + cloud.recommended:
        return
    for entry, address in virtual(instance):
        if entry.dev is None or entry.dev == instance.interface:
            continue
        if instance.interface is None and entry.dev != "lo":
            continue
        silent = entry.dev == "lo" or entry.dev.startswith("dummy")
        words = entry.statement.words if entry.statement is not None else []
        yield Finding(
            entry.at(words.index("dev") + 1 if "dev" in words else 0),
            f"{address} goes on {entry.dev}, where no announcement leaves the node"
            if silent
            else f"{address} goes on {entry.dev}, the adverts on {instance.interface}",
            why=f"keepalived says MASTER, and {cloud.title} goes on delivering to the old one"
            if silent
            else f"{cloud.title} delivers to the card that announces the address, here that of {entry.dev}",
            advice="leave dev out",
            related=(Label(instance.at("interface"), f"interface {instance.interface}"),),
            severity=ERROR if silent else None,
        )

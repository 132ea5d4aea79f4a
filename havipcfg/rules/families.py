"""The address family of an instance, and what must agree with it."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address

from havipcfg.cluster.context import Context
from havipcfg.diagnostics import Label
from havipcfg.findings import ERROR, INFO, WARNING, Finding
from havipcfg.keepalived.effective import Effective
from havipcfg.keepalived.vrrp_instance import VrrpInstance
from havipcfg.rules.edits import removal
from havipcfg.rules.registry import rule


@rule("KC313", "mixed-families", ERROR, of=VrrpInstance, given="virtual_ipaddress", keepalived=True)
def mixed_families(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """IPv4 and IPv6 addresses in one `virtual_ipaddress`.

    ## What it does
    Reports an address whose family is not that of the instance.

    ## Why it matters
    One instance speaks one family. keepalived ignores the address: it is never up anywhere.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
            2001:db8::10        # expect: KC313
        }
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
        virtual_ipaddress_excluded {
            2001:db8::10
        }
    }
    ```

    ## References
    - keepalived.conf(5), "virtual_ipaddress_excluded"
    """
    inforce = context.effective(instance)
    if none_fits(inforce):
        return
    for entry in instance.virtual_ipaddress:
        if entry.family != inforce.family:
            yield Finding(
                entry.at(),
                f"{entry.address} is an IPv{entry.family} address, and {instance.name} an IPv{inforce.family} instance",
                why="keepalived ignores the address: no node will ever hold it",
                advice="list it in virtual_ipaddress_excluded, or give it an instance of its own"
                if inforce.family_from == "virtual_ipaddress"
                else f"leave {inforce.family_from} out, or give it and the addresses one family",
                related=(family_decided(inforce),),
            )


def none_fits(inforce: Effective) -> bool:
    """Whether the line that decides the family fits none of the virtual addresses: then that line is the wrong one."""
    addresses = inforce.instance.virtual_ipaddress
    return bool(addresses) and all(entry.family != inforce.family for entry in addresses)


def family_decided(inforce: Effective) -> Label:
    """The place that decides an instance's family."""
    instance, keyword = inforce.instance, inforce.family_from
    if keyword == "virtual_ipaddress":
        return Label(instance.virtual_ipaddress[0].at(), "the first address decides")
    place = instance.unicast_peer[0].at() if keyword == "unicast_peer" else instance.at(keyword)
    return Label(place, f"this line makes it an IPv{inforce.family} instance")


@rule("KC315", "first-address-not-link-local", INFO, of=VrrpInstance, given="virtual_ipaddress")
def first_address_not_link_local(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """An IPv6 instance whose first address is not link-local.

    ## What it does
    Reports the first virtual address of a multicast IPv6 instance that does not begin with `fe80:`.

    ## Why it matters
    The standard wants the link-local address of the virtual router first. Hosts that use the
    instance as their router learn that one. In strict mode keepalived reports it.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            2001:db8::10/64     # expect: KC315
        }
    }
    ```

    ## Use instead
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            fe80::10/64
            2001:db8::10/64
        }
    }
    ```

    ## References
    - RFC 5798, 5.2.9
    """
    inforce = context.effective(instance)
    if inforce.family != 6 or inforce.unicast or not instance.virtual_ipaddress or none_fits(inforce):
        return
    entry = instance.virtual_ipaddress[0]
    if not ip_address(entry.address).is_link_local:
        yield Finding(
            entry.at(),
            f"the first address of the IPv6 instance {instance.name} is not link-local",
            why="hosts that use it as their router need the link-local address of the virtual router",
            advice="list an address of fe80::/10 first, the same on every node",
            severity=WARNING if inforce.strict else None,
            keepalived=inforce.strict,
        )


def _before(one: object, other: object) -> bool:
    return getattr(one, "start", 0) < getattr(other, "start", 0)


@rule("KC318", "version-2-with-ipv6", WARNING, of=VrrpInstance, given="version", keepalived=True)
def version_2_with_ipv6(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """`version 2` for an IPv6 instance.

    ## What it does
    Reports `version 2` in an instance with IPv6 addresses.

    ## Why it matters
    VRRPv2 knows no IPv6. Where the line stands below the addresses keepalived ignores it, in
    strict mode it takes version 3, and otherwise it sends adverts that no standard describes.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            fe80::10/64
        }
        version 2               # expect: KC318
    }
    ```

    ## Use instead
    Leave the line out: IPv6 addresses mean version 3.

    ## References
    - RFC 5798, section 1; keepalived.conf(5), "version"
    """
    if instance.version != 2 or context.effective(instance).family != 6:
        return
    below = _before(instance.place("virtual_ipaddress"), instance.place("version"))
    reported = below or context.effective(instance).strict
    yield Finding(
        instance.at("version"),
        f"{instance.name} has IPv6 addresses, and VRRP version 2 knows only IPv4",
        why="keepalived takes version 3" if reported else "keepalived sends adverts that no standard describes",
        advice="leave the line out: IPv6 addresses mean version 3",
        keepalived=reported,
        fix=None,
    )


@rule("KC319", "native-ipv6-with-ipv4", WARNING, of=VrrpInstance, given="native_ipv6", keepalived=True, fix="safe")
def native_ipv6_with_ipv4(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """`native_ipv6` in an IPv4 instance.

    ## What it does
    Reports `native_ipv6` below an IPv4 address of the instance.

    ## Why it matters
    keepalived ignores the line.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
        native_ipv6             # expect: KC319
    }
    ```

    ## Use instead
    Leave the line out: the addresses say the family.

    ## References
    - keepalived.conf(5), "native_ipv6"
    """
    inforce = context.effective(instance)
    if inforce.family == 4 and inforce.family_from != "native_ipv6":
        earlier = [line for field, line in instance.repeats if field == "native_ipv6"]
        yield Finding(
            earlier[0].span if earlier else instance.at("native_ipv6"),
            f"{instance.name} is an IPv4 instance",
            why="keepalived ignores native_ipv6",
            advice="leave the line out: the first address decides the family",
            related=(family_decided(inforce),),
            fix=removal("leave native_ipv6 out", *earlier, instance.place("native_ipv6")),
        )

"""What every instance needs: an interface, an identifier of its own."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address
from operator import itemgetter

from havipcfg.cluster.context import Context
from havipcfg.diagnostics import Label
from havipcfg.findings import ERROR, WARNING, Finding
from havipcfg.keepalived.conf import KeepalivedConf
from havipcfg.keepalived.values import family
from havipcfg.keepalived.version import Version
from havipcfg.keepalived.vrrp_instance import VrrpInstance
from havipcfg.rules.edits import removal
from havipcfg.rules.registry import rule

WITHOUT_INTERFACE = Version(2, 2, 8)
"""From this release on, an instance with unicast peers needs no interface."""


@rule("KC305", "no-virtual-router-id", ERROR, of=VrrpInstance, keepalived=True)
def no_virtual_router_id(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """An instance without `virtual_router_id`.

    ## What it does
    Reports a `vrrp_instance` that has no `virtual_router_id` line.

    ## Why it matters
    keepalived terminates: one such instance takes all others of the file down with it.

    ## Example
    ```keepalived
    vrrp_instance web {         # expect: KC305
        interface eth0
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
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## References
    - keepalived.conf(5), "virtual_router_id"; RFC 5798, 5.2.3
    """
    del context
    if instance.place("virtual_router_id") is None:
        yield Finding(
            instance.at(),
            f"{instance.name} has no virtual_router_id",
            why="keepalived terminates, with all instances of this file",
            advice="add virtual_router_id with a number from 1 to 255 that no other cluster of the network uses",
        )


@rule("KC306", "no-interface", ERROR, of=VrrpInstance, keepalived=True)
def no_interface(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """An instance without `interface`.

    ## What it does
    Reports a `vrrp_instance` that has no `interface` line and cannot do without. Only an
    instance with `unicast_peer` and a `unicast_src_ip` that is not link-local can, from
    keepalived 2.2.8 on.

    ## Why it matters
    keepalived terminates: one such instance takes all others of the file down with it.

    ## Example
    ```keepalived
    vrrp_instance web {         # expect: KC306
        virtual_router_id 61
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
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## References
    - keepalived.conf(5), "interface"
    """
    if instance.place("interface") is not None:
        return
    terminates = "keepalived terminates, with all instances of this file"
    if instance.unicast_peer and context.target >= WITHOUT_INTERFACE:
        source = instance.unicast_src_ip
        if instance.use_vmac is not None:
            yield Finding(
                instance.at("use_vmac"),
                f"{instance.name} has use_vmac, unicast peers and no interface",
                why="keepalived drops use_vmac, and every virtual address that names no dev",
                advice="name the interface",
            )
        if source is None:
            yield Finding(
                instance.at(),
                f"{instance.name} has unicast peers, but neither an interface nor unicast_src_ip",
                why=terminates,
                advice="name the interface, and the node's own address with unicast_src_ip",
            )
        elif family(source) == 6 and ip_address(source).is_link_local:
            yield Finding(
                instance.at("unicast_src_ip", 1),
                f"{source} is link-local, and {instance.name} has no interface",
                why=terminates,
                advice="name the interface",
            )
        return
    yield Finding(instance.at(), f"{instance.name} has no interface", why=terminates, advice="name the interface")


@rule("KC307", "loopback-interface", ERROR, of=VrrpInstance, given="interface", keepalived=True)
def loopback_interface(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """An instance that is to run on the loopback interface.

    ## What it does
    Reports `interface lo`.

    ## Why it matters
    keepalived refuses a loopback interface for VRRP, and terminates because the instance has
    no interface left.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface lo            # expect: KC307
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    Run the instance on the interface of the network, and put the address on lo with `dev lo`
    where that is really wanted.

    ## References
    - keepalived.conf(5), "interface"
    """
    del context
    if instance.interface == "lo":
        yield Finding(
            instance.at("interface", 1),
            f"{instance.name} cannot run on the loopback interface",
            why="keepalived ignores the line and terminates, as the instance then has no interface",
            advice="name the interface that the nodes share; an address can still go to lo with dev lo",
        )


@rule("KC308", "same-virtual-router-id", ERROR, of=KeepalivedConf, given="vrrp_instance", keepalived=True)
def same_virtual_router_id(conf: KeepalivedConf, context: Context) -> Iterator[Finding]:
    """Two instances of one file with the same virtual_router_id.

    ## What it does
    Reports two instances with the same `virtual_router_id` and address family that would hear
    each other's adverts: on the same interface and multicast group, or with unicast peers or
    sources in common.

    ## Why it matters
    keepalived terminates, with all instances of the file.

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
        virtual_router_id 61    # expect: KC308
        virtual_ipaddress {
            192.0.2.20
        }
    }
    ```

    ## Use instead
    A number of its own for every instance.

    ## References
    - RFC 5798, 5.2.3; keepalived.conf(5), "virtual_router_id"
    """
    heard_at: dict[tuple[object, ...], list[tuple[int, VrrpInstance]]] = {}
    for number, instance in enumerate(conf.vrrp_instance):
        if instance.virtual_router_id is None:
            continue
        router = (instance.virtual_router_id, context.effective(instance).family)
        places = [heard_at.setdefault((*router, *place), []) for place in _places(instance)]
        first = (next((each for each in place if _hear_each_other(instance, each[1])), None) for place in places)
        _, other = min(filter(None, first), key=itemgetter(0), default=(number, instance))
        if other is not instance:
            yield Finding(
                instance.at("virtual_router_id"),
                f"{other.name} and {instance.name} both have virtual_router_id {instance.virtual_router_id}",
                why="keepalived terminates, with all instances of this file",
                advice="give every instance a number of its own, the same on all nodes",
                related=(Label(other.at("virtual_router_id"), f"also {instance.virtual_router_id}"),),
            )
        for place in places:
            place.append((number, instance))


def _places(instance: VrrpInstance) -> set[tuple[object, ...]]:
    """Where adverts go: two instances that have none of these in common do not hear each other."""
    if instance.unicast_peer:
        return {(peer.address,) for peer in instance.unicast_peer}
    return {(instance.interface, instance.mcast_dst_ip)}


def _hear_each_other(one: VrrpInstance, other: VrrpInstance) -> bool:
    """Whether adverts of two instances that go to the same place arrive at both."""
    if not one.unicast_peer:
        return True
    if one.unicast_src_ip != other.unicast_src_ip and one.unicast_src_ip and other.unicast_src_ip:
        return False
    if one.interface and other.interface:
        return one.interface == other.interface
    return one.interface == other.interface or bool(one.unicast_src_ip and other.unicast_src_ip)


@rule("KC309", "primary-not-tracked", WARNING, of=VrrpInstance, given="dont_track_primary", fix="unsafe")
def primary_not_tracked(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """`dont_track_primary` where the address lives on that interface.

    ## What it does
    Reports `dont_track_primary` on an instance with a virtual address on its own interface.

    ## Why it matters
    When the link is lost the node stays master, and the other node becomes master too. Once
    the link is back both answer for the address.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        dont_track_primary      # expect: KC309
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    Leave the line out.

    ## References
    - keepalived.conf(5), "dont_track_primary"
    """
    del context
    if not any(entry.dev in (None, instance.interface) for entry in instance.virtual_ipaddress):
        return
    yield Finding(
        instance.at("dont_track_primary"),
        f"{instance.name} stays master when the link of {instance.interface} is lost",
        why="the other node becomes master as well; when the link is back, both answer for the address",
        advice="leave dont_track_primary out",
        fix=removal("leave dont_track_primary out", instance.place("dont_track_primary"), safety="unsafe"),
    )

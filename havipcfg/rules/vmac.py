"""Virtual MAC addresses and ipvlans."""

from __future__ import annotations

from collections.abc import Iterator

from havipcfg.cluster.context import Context
from havipcfg.diagnostics import Label
from havipcfg.findings import ERROR, INFO, WARNING, Finding
from havipcfg.keepalived.conf import KeepalivedConf
from havipcfg.keepalived.vrrp_instance import VrrpInstance
from havipcfg.rules.edits import removal
from havipcfg.rules.registry import rule


@rule("KC350", "vmac-with-unicast", WARNING, of=VrrpInstance, given="use_vmac", keepalived=True)
def vmac_with_unicast(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """`use_vmac` together with unicast peers.

    ## What it does
    Reports `use_vmac` in an instance that has unicast peers.

    ## Why it matters
    keepalived then sends the adverts from the interface itself, as if `vmac_xmit_base` were
    set. The virtual MAC address still moves with the address: clouds and hypervisors drop
    frames from MAC addresses they did not give out, and the address is then unreachable.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface eth0
        use_vmac                # expect: KC350
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

    ## Use instead
    Leave `use_vmac` out.

    ## References
    - keepalived.conf(5), "use_vmac" and "vmac_xmit_base"
    """
    del context
    if instance.unicast_peer and not instance.vmac_xmit_base and instance.interface is not None:
        yield Finding(
            instance.at("use_vmac"),
            f"{instance.name} has unicast peers, so keepalived sends its adverts without the virtual MAC address",
            why="networks that drop unknown MAC addresses, as clouds do, make the address unreachable",
            advice="leave use_vmac out, or add vmac_xmit_base where the network takes any MAC address",
            related=(Label(instance.at("unicast_peer"), "unicast"),),
        )


@rule("KC351", "xmit-base-without-vmac", WARNING, of=VrrpInstance, given="vmac_xmit_base", keepalived=True, fix="safe")
def xmit_base_without_vmac(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """`vmac_xmit_base` without a virtual MAC address.

    ## What it does
    Reports `vmac_xmit_base` in an instance that has no `use_vmac`.

    ## Why it matters
    keepalived drops the line.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface eth0
        vmac_xmit_base          # expect: KC351
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    Leave the line out.

    ## References
    - keepalived.conf(5), "vmac_xmit_base"
    """
    del context
    if instance.use_vmac is None:
        yield Finding(
            instance.at("vmac_xmit_base"),
            f"{instance.name} has no virtual MAC address, so keepalived drops vmac_xmit_base",
            why="the line has no effect",
            advice="leave the line out, or add use_vmac",
            fix=removal("leave vmac_xmit_base out", instance.place("vmac_xmit_base")),
        )


@rule(
    "KC352",
    "promote-secondaries-with-vmac",
    INFO,
    of=VrrpInstance,
    given="promote_secondaries",
    keepalived=True,
    fix="safe",
)
def promote_secondaries_with_vmac(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """`promote_secondaries` together with `use_vmac`.

    ## What it does
    Reports an instance that has both.

    ## Why it matters
    keepalived sets it for virtual MAC interfaces anyway, and reports the line.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface eth0
        use_vmac
        promote_secondaries     # expect: KC352
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    Leave the line out.

    ## References
    - keepalived.conf(5), "promote_secondaries"
    """
    del context
    if instance.use_vmac is not None:
        yield Finding(
            instance.at("promote_secondaries"),
            "promote_secondaries is set anyway where use_vmac is",
            why="keepalived reports the line and ignores it",
            advice="leave promote_secondaries out",
            fix=removal("leave promote_secondaries out", instance.place("promote_secondaries")),
        )


@rule("KC353", "interface-name-taken", WARNING, of=KeepalivedConf, given="vrrp_instance", keepalived=True)
def interface_name_taken(conf: KeepalivedConf, context: Context) -> Iterator[Finding]:
    """Two instances that want the same name for their virtual interface.

    ## What it does
    Reports a name in `use_vmac` or `use_ipvlan` that another instance has.

    ## Why it matters
    keepalived ignores the second name and makes one up. What expects the name, such as
    packet filters and monitoring, does not find it.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface eth0
        use_vmac vip0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
    }

    vrrp_instance mail {
        interface eth0
        use_vmac vip0           # expect: KC353
        virtual_router_id 62
        virtual_ipaddress {
            192.0.2.20
        }
    }
    ```

    ## Use instead
    A name of its own for every interface.

    ## References
    - keepalived.conf(5), "use_vmac"
    """
    del context
    first: dict[str, VrrpInstance] = {}
    for instance in conf.vrrp_instance:
        for keyword in ("use_vmac", "use_ipvlan"):
            options = getattr(instance, keyword)
            if options is None or options.name is None:
                continue
            other = first.setdefault(options.name, instance)
            if other is not instance:
                yield Finding(
                    instance.at(keyword),
                    f"{other.name} already has an interface called {options.name}",
                    why="keepalived ignores the name and makes one up",
                    advice="give every interface a name of its own",
                    related=(Label(other.at("use_vmac" if other.use_vmac else "use_ipvlan"), f"that of {other.name}"),),
                )


@rule(
    "KC354",
    "vmac-of-address",
    WARNING,
    of=VrrpInstance,
    given=("virtual_ipaddress", "virtual_ipaddress_excluded"),
    keepalived=True,
)
def vmac_of_address(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """`use_vmac` on an address of an instance that has it.

    ## What it does
    Reports the option `use_vmac` of a virtual address on the interface of an instance with `use_vmac`.

    ## Why it matters
    The instance's own virtual MAC address serves all its addresses: keepalived drops the option.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface eth0
        use_vmac
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10 use_vmac     # expect: KC354
        }
    }
    ```

    ## Use instead
    Leave the option out.

    ## References
    - keepalived.conf(5), "virtual_ipaddress"
    """
    del context
    if instance.use_vmac is None:
        return
    for entry in (*instance.virtual_ipaddress, *instance.virtual_ipaddress_excluded):
        if entry.use_vmac and entry.dev in (None, instance.interface):
            words = entry.statement.words if entry.statement else []
            yield Finding(
                entry.at(words.index("use_vmac") if "use_vmac" in words else 0),
                f"{instance.name} has use_vmac for all its addresses",
                why="keepalived drops the option of the address",
                advice="leave the option out",
            )


@rule("KC355", "ipvlan-without-address", ERROR, of=VrrpInstance, given="use_ipvlan", keepalived=True)
def ipvlan_without_address(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """`use_ipvlan` for IPv4 without an address.

    ## What it does
    Reports `use_ipvlan` in an IPv4 instance that gives the interface no address.

    ## Why it matters
    keepalived puts the instance into FAULT for good: the node never holds the address.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface eth0
        use_ipvlan              # expect: KC355
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
        use_ipvlan 192.0.2.2
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## References
    - keepalived.conf(5), "use_ipvlan"
    """
    options = instance.use_ipvlan
    if options is None or options.address or context.effective(instance).family != 4:
        return
    yield Finding(
        instance.at("use_ipvlan"),
        f"the ipvlan of {instance.name} has no IPv4 address to send from",
        why="keepalived puts the instance into FAULT for good",
        advice="give use_ipvlan an address",
    )

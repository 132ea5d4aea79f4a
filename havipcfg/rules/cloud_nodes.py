"""What the cloud makes of the nodes: who they are, how many, and whether anything moves the address."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address

from havipcfg.cluster.context import Context
from havipcfg.cluster.members import Cluster, VirtualRouter
from havipcfg.diagnostics import Label
from havipcfg.findings import ERROR, WARNING, Finding
from havipcfg.keepalived.conf import KeepalivedConf
from havipcfg.keepalived.vrrp_instance import VrrpInstance
from havipcfg.rules.cloud import facts_of
from havipcfg.rules.registry import rule
from havipcfg.rules.script_texts import move_not_repeated


@rule("HV108", "source-of-other-node", ERROR, of=VrrpInstance, given="unicast_src_ip")
def source_of_other_node(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """A unicast_src_ip that is not this node's.

    ## What it does
    Compares `unicast_src_ip` with the addresses that the cluster file gives the node. The file
    is the node's when it is called like it, or lies in a folder of that name; otherwise the
    address must be that of any node.

    ## Why it matters
    The node cannot send from an address that it does not have: it stays in FAULT (keepalived
    2.2) or becomes a second master that hears nobody (2.4).

    ## Example
    ```yaml
    provider: onprem
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
        unicast_src_ip 10.0.1.21    # expect: HV108
        unicast_peer {
            10.0.1.12
        }
        virtual_ipaddress {
            10.0.1.100
        }
    }
    ```

    ## Use instead
    The node's own address.

    ## References
    - keepalived.conf(5), "unicast_src_ip"
    """
    facts = facts_of(context)
    if not facts.nodes or instance.unicast_src_ip is None:
        return
    address = ip_address(instance.unicast_src_ip)
    node = facts.nodes.get(context.name)
    holder = facts.node_of(address)
    if holder is not None and (node is None or holder is node):
        return
    own = ", ".join(map(str, node.addresses)) if node is not None else ""
    yield Finding(
        instance.at("unicast_src_ip", 1),
        f"{address} is the address of {holder.name}, not of {context.name}"
        if holder is not None
        else f"{address} is the address of no node" + (f"; {context.name} has {own}" if own else ""),
        why="the node stays in FAULT, or becomes a second master that hears nobody",
        advice=f"use {own}" if own else "use the node's own address",
    )


@rule("HV120", "interface-of-other-node", ERROR, of=VrrpInstance, given="interface")
def interface_of_other_node(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """An interface that the node does not have.

    ## What it does
    Compares `interface` with the interfaces that the cluster file gives the node that the file
    is called after. An interface of its own, such as a VLAN or bond of them, is left alone.

    ## Why it matters
    The instance stays in FAULT until such an interface appears: the node never takes over, and
    nobody notices before the failover.

    ## Example
    ```yaml
    provider: onprem
    subnet: 10.0.1.0/24
    havips: [10.0.1.100]
    nodes:
      a: {address: 10.0.1.11, interface: eth0}
      b: {address: 10.0.1.12, interface: ens3}
    checks: {web: {tcp: 80}}
    ```
    ```keepalived
    # a.conf
    vrrp_instance web {
        interface ens3          # expect: HV120
        virtual_router_id 61
        virtual_ipaddress {
            10.0.1.100
        }
    }
    ```

    ## Use instead
    The interface that has the node's address.

    ## References
    - keepalived.conf(5), "interface"
    """
    node = facts_of(context).nodes.get(context.name)
    if node is None or not node.interfaces or instance.interface is None or instance.interface in node.interfaces:
        return
    if instance.interface.partition(".")[0] in node.interfaces:
        return
    own = ", ".join(node.interfaces)
    yield Finding(
        instance.at("interface", 1),
        f"{context.name} has {own}, not {instance.interface}",
        why="the instance stays in FAULT, and the node never takes over",
        advice=f"use {own}, or add {instance.interface} to the cluster file",
    )


@rule("HV109", "no-election-on-cloud", ERROR, of=KeepalivedConf, given="vrrp_instance")
def no_election_on_cloud(conf: KeepalivedConf, context: Context) -> Iterator[Finding]:
    """keepalived on a cloud where it cannot do its work.

    ## What it does
    Reports a configuration with instances for a cloud that carries no VRRP, or where nothing
    that a node does moves an address.

    ## Why it matters
    The nodes do not hear each other, or the address never moves.

    ## Example
    ```keepalived
    # given: --provider azure
    vrrp_instance web {         # expect: HV109
        interface eth0
        virtual_router_id 61
        unicast_src_ip 10.0.1.11
        unicast_peer {
            10.0.1.12
        }
        virtual_ipaddress {
            10.0.1.100
        }
    }
    ```

    ## Use instead
    What the vendor offers for it, such as a load balancer with a health probe.

    ## References
    - docs/providers.md
    """
    cloud = facts_of(context).provider
    if cloud is None or not cloud.advice:
        return
    yield Finding(
        conf.vrrp_instance[0].at(),
        f"keepalived is the wrong tool on {cloud.title}",
        why="the nodes do not hear each other, or nothing they do moves the address",
        advice=cloud.advice,
    )


@rule("HV110", "virtual-mac-on-cloud", ERROR, of=VrrpInstance, given="use_vmac")
def virtual_mac_on_cloud(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """`use_vmac` on a cloud that takes only the interface's own MAC address.

    ## What it does
    Reports `use_vmac` where the cloud drops frames from any other MAC address.

    ## Why it matters
    Everything sent from the virtual MAC address is dropped: the address answers nobody.

    ## Example
    ```keepalived
    # given: --provider tencent --subnet 10.0.1.0/24
    vrrp_instance web {
        interface eth0
        use_vmac                # expect: HV110
        virtual_router_id 61
        unicast_src_ip 10.0.1.11
        unicast_peer {
            10.0.1.12
        }
        virtual_ipaddress {
            10.0.1.100
        }
    }
    ```

    ## Use instead
    No `use_vmac`.

    ## References
    - docs/providers.md
    """
    cloud = facts_of(context).provider
    if cloud is None or "use_vmac" not in cloud.forbidden:
        return
    yield Finding(
        instance.at("use_vmac"),
        f"{cloud.title} drops what is sent from a virtual MAC address",
        why="the address answers nobody",
        advice="leave use_vmac out",
    )


@rule("HV118", "too-many-nodes", ERROR, of=VirtualRouter)
def too_many_nodes(router: VirtualRouter, cluster: Cluster) -> Iterator[Finding]:
    """More nodes than a HAVIP can be bound to.

    ## What it does
    Counts the nodes of a virtual router, where the vendor gives a greatest number.

    ## Why it matters
    A node that is not bound announces the address, and the cloud refuses the move.

    ## Example
    Six nodes with one HAVIP on Baidu AI Cloud, which binds five.

    ## Use instead
    Fewer nodes, or several HAVIPs.

    ## References
    - docs/providers.md
    """
    cloud = cluster.facts.provider if cluster.facts is not None else None
    most = cloud.max_backends if cloud is not None else None
    if cloud is None or most is None or len(router.members) <= most:
        return
    beyond = router.members[most]
    yield Finding(
        beyond.instance.at(),
        f"{len(router.members)} nodes share the address; {cloud.title} binds it to {most}",
        why="a node that is not bound announces the address, and the cloud refuses the move",
        advice="use fewer nodes, or several HAVIPs",
        related=(Label(router.members[0].instance.at(), "the first of them"),),
    )


@rule("HV119", "nothing-moves-address", ERROR, of=VrrpInstance, given="virtual_ipaddress")
def nothing_moves_address(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """No script that calls the cloud's API, where only that moves an address.

    ## What it does
    Reports an instance without `notify_master`, `notify` or a pipe on a cloud that ignores
    gratuitous ARP, and one that calls it on becoming master only: without
    `notify_master_rx_lower_pri`. A script that can be seen to call an API is left to KC244.

    ## Why it matters
    keepalived puts the address on the new master, and the cloud goes on delivering to the old
    one.

    ## Example
    ```keepalived
    # given: --provider aws --subnet 10.0.1.0/24
    vrrp_instance web {         # expect: HV119
        interface eth0
        virtual_router_id 61
        unicast_src_ip 10.0.1.11
        unicast_peer {
            10.0.1.12
        }
        virtual_ipaddress {
            10.0.1.100
        }
    }
    ```

    ## Use instead
    A script that moves the address, with `notify_master` and `notify_master_rx_lower_pri`.
    `havipcfg generate` writes it.

    ## References
    - docs/providers.md
    - keepalived.conf(5), "notify_master_rx_lower_pri"
    """
    cloud = facts_of(context).provider
    if cloud is None or cloud.mechanism != "api" or cloud.advice:
        return
    group = context.effective(instance).group
    pipes = [name for name in ("notify_fifo", "vrrp_notify_fifo") if getattr(context.conf.global_defs, name, None)]
    blocks = [instance] if group is None else [instance, group]
    given = {name for block in blocks for name in ("notify", "notify_master") if block.place(name) is not None}
    if not given and not pipes:
        yield Finding(
            instance.at(),
            f"nothing moves the address on {cloud.title}: {instance.name} calls no script",
            why="the new master takes the address, and the cloud goes on delivering to the old one",
            advice="call a script that moves it, with notify_master and notify_master_rx_lower_pri",
        )
    elif given == {"notify_master"} and not pipes and instance.place("notify_master") is not None:
        if instance.place("notify_master_rx_lower_pri") or any(move_not_repeated(instance, context)):
            return
        yield Finding(
            instance.at("notify_master"),
            f"{instance.name} moves the address only on becoming master",
            why="after both nodes were master for a moment the address stays where it was moved last",
            advice="run the same script with notify_master_rx_lower_pri",
            severity=WARNING,
        )

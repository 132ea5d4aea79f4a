"""What the cloud makes of a configuration: HAVIPs, subnets, nodes. Asked only where facts are given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address

from havipcfg.cluster.context import Context
from havipcfg.cluster.facts import Facts
from havipcfg.diagnostics import Edit, Fix, Label
from havipcfg.findings import ERROR, INFO, WARNING, Finding
from havipcfg.keepalived.entries import VirtualAddress
from havipcfg.keepalived.vrrp_instance import VrrpInstance
from havipcfg.rules.across_edits import line_into
from havipcfg.rules.registry import rule


def virtual(instance: VrrpInstance) -> Iterator[tuple[VirtualAddress, IPv4Address | IPv6Address]]:
    """Every address that the instance holds, advertised or not."""
    for entry in (*instance.virtual_ipaddress, *instance.virtual_ipaddress_excluded):
        yield entry, ip_address(entry.address)


def _routed(facts: Facts, address: IPv4Address | IPv6Address) -> bool:
    """Whether the cloud can route an address from outside the VPC to a node, as an overlay does."""
    if facts.provider is None or not facts.provider.overlay:
        return False
    return facts.vpc is None or facts.vpc.version != address.version or address not in facts.vpc


def facts_of(context: Context) -> Facts:
    """The facts given for the file's cluster; none at all where nobody gave any."""
    return context.facts or Facts()


def bars_multicast(facts: Facts | None) -> bool:
    """Whether HV105 reports adverts by multicast."""
    return facts is not None and facts.provider is not None and facts.provider.multicast in ("no", "optin")


@rule(
    "HV101", "havip-outside-subnet", ERROR, of=VrrpInstance, given=("virtual_ipaddress", "virtual_ipaddress_excluded")
)
def havip_outside_subnet(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """A virtual address that is not in the subnet of the nodes.

    ## What it does
    Compares every virtual address with the CIDR blocks of the subnet, where the provider takes
    the address from the subnet.

    ## Why it matters
    The address cannot be delivered: the cloud routes it elsewhere or nowhere, whoever is master.

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
        garp_master_delay 1
        garp_master_refresh 5
        virtual_ipaddress {
            10.0.9.9            # expect: HV101
        }
    }
    ```

    ## Use instead
    The address that the console shows for the HAVIP.

    ## References
    - Tencent Cloud, HAVIP overview, product/215/36691 (read 2026-11-23)
    """
    facts = facts_of(context)
    if facts.provider is not None and not facts.provider.in_subnet:
        return
    for entry, address in virtual(instance):
        subnets = facts.subnets_of_version(address.version)
        if address.is_link_local or _routed(facts, address):
            continue
        if subnets and facts.subnet_of(address) is None:
            yield Finding(
                entry.at(),
                f"{address} is outside the subnet {' and '.join(map(str, subnets))}",
                why="the cloud does not deliver it to these nodes, whoever is master",
                advice="use the virtual address that the console shows",
            )


@rule(
    "HV102", "havip-reserved-address", ERROR, of=VrrpInstance, given=("virtual_ipaddress", "virtual_ipaddress_excluded")
)
def havip_reserved_address(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """A virtual address that the network or the cloud keeps for itself.

    ## What it does
    Reports the network and the broadcast address of the subnet, and the first and last
    addresses that the provider reserves.

    ## Why it matters
    The HAVIP cannot be created, or it fights with the gateway.

    ## Example
    Alibaba Cloud keeps the last three addresses of a vSwitch:
    ```keepalived
    # given: --provider alibaba --subnet 10.0.1.0/24
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        unicast_src_ip 10.0.1.11
        unicast_peer {
            10.0.1.12
        }
        virtual_ipaddress {
            10.0.1.253          # expect: HV102
        }
    }
    ```

    ## Use instead
    An address from the middle of the subnet.

    ## References
    - docs/providers.md
    """
    facts = facts_of(context)
    for entry, address in virtual(instance):
        slot = facts.reserved(address)
        if slot is not None:
            yield Finding(
                entry.at(),
                f"{address} is {slot.description} of {facts.subnet_of(address)}",
                why="no HAVIP can have this address",
                advice="use an address from the middle of the subnet",
                severity=None if slot.confidence == "doc" else WARNING,
            )


_SOURCES = ("unicast_src_ip", "mcast_src_ip")


@rule("HV103", "havip-is-node-address", ERROR, of=VrrpInstance, given="virtual_ipaddress")
def havip_is_node_address(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """A virtual address that is a node's own.

    ## What it does
    Reports a virtual address that is the address of a node, or the `unicast_src_ip` or a peer of
    the instance.

    ## Why it matters
    keepalived removes it from the interface at start. The host loses its own address, and with
    it the session you are working in.

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
            10.0.1.11           # expect: HV103
        }
    }
    ```

    ## Use instead
    An address that no host has.

    ## References
    - keepalived issue 2091
    """
    facts = facts_of(context)
    for entry, address in virtual(instance):
        node = facts.node_of(address)
        named = next((f"the {name}" for name in _SOURCES if entry.address == getattr(instance, name)), "")
        if any(peer.address == entry.address for peer in instance.unicast_peer):
            named = "a unicast peer"
        if node is not None or named:
            yield Finding(
                entry.at(),
                f"{address} is the address of node {node.name}" if node is not None else f"{address} is also {named}",
                why="keepalived removes it from the interface at start, and the host is cut off",
                advice="use an address that no host has",
            )


@rule("HV104", "peer-outside-subnet", ERROR, of=VrrpInstance, given=("unicast_peer", "unicast_src_ip"))
def peer_outside_subnet(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """A node outside the subnet that the HAVIP can move in.

    ## What it does
    Compares `unicast_src_ip` and every peer with the CIDR blocks of the subnet, where the
    provider moves the address only inside it.

    ## Why it matters
    The address cannot move to that node.

    ## Example
    ```keepalived
    # given: --provider tencent --subnet 10.0.1.0/24
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        unicast_src_ip 10.0.1.11
        unicast_peer {
            10.0.2.12           # expect: HV104
        }
        virtual_ipaddress {
            10.0.1.100
        }
    }
    ```

    ## Use instead
    Nodes of one subnet.

    ## References
    - docs/providers.md
    """
    facts = facts_of(context)
    if facts.provider is not None and facts.provider.scope not in ("subnet", None):
        return
    places = [(peer.at(), ip_address(peer.address)) for peer in instance.unicast_peer]
    if instance.unicast_src_ip:
        places.append((instance.at("unicast_src_ip", 1), ip_address(instance.unicast_src_ip)))
    for span, address in places:
        subnets = facts.subnets_of_version(address.version)
        if subnets and facts.subnet_of(address) is None:
            yield Finding(
                span,
                f"{address} is outside the subnet {' and '.join(map(str, subnets))}",
                why="the address cannot move to a node of another subnet",
                advice="use nodes of one subnet, or correct the address",
            )


@rule("HV105", "multicast-on-unicast-cloud", ERROR, of=VrrpInstance)
def multicast_on_unicast_cloud(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """Adverts by multicast where the cloud does not carry it.

    ## What it does
    Reports an instance without `unicast_peer` on a provider that carries no multicast, or only
    after a request, or does not say that it does.

    ## Why it matters
    No node hears another one. All of them take the address.

    ## Example
    ```keepalived
    # given: --provider alibaba --subnet 10.0.1.0/24
    vrrp_instance web {     # expect: HV105
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            10.0.1.100
        }
    }
    ```

    ## Use instead
    `unicast_src_ip` with this node's address, `unicast_peer` with the others'.

    ## References
    - docs/providers.md
    """
    cloud = facts_of(context).provider
    if cloud is None or instance.unicast_peer or cloud.multicast == "yes":
        return
    where = {"no": "", "optin": "without it, ", "unknown": "where it does not, "}
    carries = {"no": "does not carry", "optin": "carries only after a request", "unknown": "does not say it carries"}
    yield Finding(
        instance.at(),
        f"{instance.name} advertises by multicast, which {cloud.title} " + carries[cloud.multicast],
        why=f"{where[cloud.multicast]}no node hears another one: all of them take the address",
        advice="add unicast_src_ip and unicast_peer",
        severity=None if cloud.multicast == "no" else WARNING,
    )


@rule("HV106", "no-garp-refresh", ERROR, of=VrrpInstance, fix="unsafe")
def no_garp_refresh(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """A HAVIP that is announced once and never again.

    ## What it does
    Reports `garp_master_refresh` that is missing or 0, in the instance and in `global_defs`,
    where gratuitous ARP moves the address: an error where the vendor asks for it, else a hint.

    ## Why it matters
    After a failover keepalived announces the address for five seconds and then is silent. When
    the cloud misses those packets, the address stays dead until the next failover.

    ## Example
    ```keepalived
    # given: --provider tencent --subnet 10.0.1.0/24
    vrrp_instance web {     # expect: HV106
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
    `garp_master_refresh 5` in the instance, or `vrrp_garp_master_refresh 5` in `global_defs`.

    ## References
    - Tencent Cloud, HAVIP best practice, product/215/20186 (read 2026-11-23)
    """
    facts = facts_of(context)
    cloud = facts.provider
    wanted = dict(cloud.required + cloud.recommended) if cloud is not None and facts.vip_kind == "havip" else {}
    refresh = wanted.get("garp_master_refresh")
    if cloud is None or refresh is None or not instance.virtual_ipaddress:
        return
    instances = context.conf.vrrp_instance
    lacking = [each for each in instances if each.virtual_ipaddress and not context.effective(each).garp_master_refresh]
    if instance not in lacking[:1]:
        return
    place = instance.at("garp_master_refresh")
    shared = context.conf.global_defs
    if not instance.has("garp_master_refresh") and shared is not None and shared.has("vrrp_garp_master_refresh"):
        place = shared.at("vrrp_garp_master_refresh")
    held = sum(len(each.virtual_ipaddress) for each in context.conf.vrrp_instance)
    crowded = cloud.max_vips_per_nic is not None and held > int(refresh)
    yield Finding(
        place,
        f"{instance.name} does not repeat the announcement of its address",
        why=f"one lost packet, and {cloud.title} goes on delivering to the old master",
        advice=f"write garp_master_refresh {refresh}",
        related=(
            *(Label(entry.at(), "this address") for entry in instance.virtual_ipaddress[:1]),
            *(Label(each.at(), "nor does this one") for each in lacking[1:4]),
        ),
        severity=None if "garp_master_refresh" in dict(cloud.required) else INFO,
        fix=None if crowded else with_line(lacking, "garp_master_refresh", refresh),
    )


def with_line(instances: Iterable[VrrpInstance], keyword: str, value: str) -> Fix | None:
    """Give instances a keyword that the cloud needs; None where one of them cannot be given it."""
    edits = []
    for instance in instances:
        statement = instance.place(keyword)
        if statement is not None:
            edit = Edit(statement.word_span(1), value) if statement.exact and len(statement.words) > 1 else None
        else:
            edit = line_into(instance.statement, f"{keyword} {value}")
        if edit is None:
            return None
        edits.append(edit)
    return Fix(f"write {keyword} {value}", "unsafe", tuple(edits))

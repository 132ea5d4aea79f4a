"""How often and from where a HAVIP is announced, and who gives it back."""

from __future__ import annotations

from collections.abc import Iterator

from havipcfg.cluster.context import Context
from havipcfg.cluster.members import Cluster, VirtualRouter
from havipcfg.diagnostics import Label
from havipcfg.findings import INFO, WARNING, Finding
from havipcfg.keepalived.conf import KeepalivedConf
from havipcfg.keepalived.entries import VirtualAddress
from havipcfg.keepalived.vrrp_instance import VrrpInstance
from havipcfg.rules.cloud import facts_of, with_line
from havipcfg.rules.registry import rule


@rule("HV114", "late-second-announcement", INFO, of=VrrpInstance, fix="unsafe")
def late_second_announcement(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """A HAVIP whose second announcement comes late.

    ## What it does
    Reports `garp_master_delay` above 2, or missing (then it is 5), where the vendor asks for a
    short one.

    ## Why it matters
    When the cloud misses the first announcements after a failover, clients wait for the second
    ones.

    ## Example
    ```keepalived
    # given: --provider tencent --subnet 10.0.1.0/24
    vrrp_instance web {         # expect: HV114
        interface eth0
        virtual_router_id 61
        unicast_src_ip 10.0.1.11
        unicast_peer {
            10.0.1.12
        }
        garp_master_refresh 5
        virtual_ipaddress {
            10.0.1.100
        }
    }
    ```

    ## Use instead
    `garp_master_delay 1`.

    ## References
    - Tencent Cloud, HAVIP best practice, product/215/20186 (read 2026-11-23)
    """
    facts = facts_of(context)
    cloud = facts.provider
    wanted = dict(cloud.required).get("garp_master_delay") if cloud is not None else None
    if cloud is None or wanted is None or facts.vip_kind != "havip":
        return
    late = [
        each
        for each in context.conf.vrrp_instance
        if each.virtual_ipaddress and not 0 < context.effective(each).garp_master_delay <= 2
    ]
    if instance not in late[:1]:
        return
    delay = context.effective(instance).garp_master_delay
    place = instance.at("garp_master_delay") if instance.has("garp_master_delay") else instance.at()
    yield Finding(
        place,
        f"{instance.name} announces its address a second time only after {delay:g} s"
        if delay
        else f"{instance.name} does not announce its address a second time",
        why="when the first announcements are lost, clients wait that long",
        advice=f"write garp_master_delay {wanted}",
        related=tuple(Label(each.at(), "this one neither") for each in late[1:4]),
        fix=with_line(late, "garp_master_delay", wanted),
    )


@rule("HV115", "too-many-havips", WARNING, of=KeepalivedConf, given="vrrp_instance")
def too_many_havips(conf: KeepalivedConf, context: Context) -> Iterator[Finding]:
    """More HAVIPs on one interface than the cloud takes announcements for.

    ## What it does
    Counts the virtual addresses of each interface, and reports the first one above the
    vendor's number unless `vrrp_garp_master_repeat 1` (or `garp_master_repeat 1`) is set.

    ## Why it matters
    Announcements are limited per interface. After a failover the last addresses move late.

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
            10.0.1.101
            10.0.1.102
            10.0.1.103
            10.0.1.104
            10.0.1.105
            10.0.1.106          # expect: HV115
        }
    }
    ```

    ## Use instead
    At most five HAVIPs on an interface, or `vrrp_garp_master_repeat 1` in `global_defs`.

    ## References
    - Tencent Cloud, HAVIP best practice, product/215/20186 (read 2026-11-23)
    """
    cloud = facts_of(context).provider
    most = cloud.max_vips_per_nic if cloud is not None else None
    if cloud is None or most is None:
        return
    for interface, entries in _by_interface(conf).items():
        repeated = [(instance, entry) for instance, entry in entries if _repeat(conf, instance) != 1]
        if len(entries) > most and repeated:
            _, entry = entries[most]
            yield Finding(
                entry.at(),
                f"{len(entries)} HAVIPs on {interface}; {cloud.title} takes announcements for {most} at a time",
                why="after a failover the last addresses move late",
                advice="add vrrp_garp_master_repeat 1 to global_defs, or spread the addresses",
                related=(Label(entries[0][1].at(), f"the first of {len(entries)}"),),
            )


@rule("HV116", "announcement-flood", WARNING, of=KeepalivedConf, given="vrrp_instance")
def announcement_flood(conf: KeepalivedConf, context: Context) -> Iterator[Finding]:
    """More repeated announcements than the cloud takes.

    ## What it does
    Adds up, for each interface, the announcements that `garp_master_refresh` and
    `garp_master_refresh_repeat` make of its addresses, and reports more than one a second
    where the vendor limits them.

    ## Why it matters
    The cloud drops what is beyond its limit, also the announcement that would move the
    address.

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
        garp_master_refresh 1   # expect: HV116
        virtual_ipaddress {
            10.0.1.101
            10.0.1.102
        }
    }
    ```

    ## Use instead
    `garp_master_refresh 5` with one repetition each.

    ## References
    - Tencent Cloud, HAVIP best practice, product/215/20186 (read 2026-11-23)
    """
    cloud = facts_of(context).provider
    if cloud is None or cloud.max_vips_per_nic is None:
        return
    for interface, entries in _by_interface(conf).items():
        rates = [(_rate(conf, instance, context), instance) for instance, _ in entries]
        total = sum(rate for rate, _ in rates)
        if total > 1:
            _, worst = max(rates, key=lambda each: each[0])
            yield Finding(
                worst.at("garp_master_refresh"),
                f"{total:.2g} announcements a second on {interface}, for {len(entries)} addresses",
                why=f"{cloud.title} limits them, and may drop the one that moves the address",
                advice="use garp_master_refresh 5, with one repetition",
            )


Held = list[tuple[VrrpInstance, VirtualAddress]]


def _by_interface(conf: KeepalivedConf) -> dict[str, Held]:
    found: dict[str, Held] = {}
    for instance in conf.vrrp_instance:
        for entry in (*instance.virtual_ipaddress, *instance.virtual_ipaddress_excluded):
            found.setdefault(entry.dev or instance.interface or "", []).append((instance, entry))
    return found


def _repeat(conf: KeepalivedConf, instance: VrrpInstance) -> int:
    default = getattr(conf.global_defs, "vrrp_garp_master_repeat", None)
    value = instance.garp_master_repeat if instance.has("garp_master_repeat") else default
    return 5 if value is None else int(value)


def _rate(conf: KeepalivedConf, instance: VrrpInstance, context: Context) -> float:
    """Repeated announcements a second of one address."""
    refresh = context.effective(instance).garp_master_refresh
    default = getattr(conf.global_defs, "vrrp_garp_master_refresh_repeat", None)
    own = instance.garp_master_refresh_repeat if instance.has("garp_master_refresh_repeat") else default
    return (1 if own is None else int(own)) / refresh if refresh else 0.0


@rule("HV117", "address-goes-back", WARNING, of=VirtualRouter)
def address_goes_back(router: VirtualRouter, cluster: Cluster) -> Iterator[Finding]:
    """A HAVIP that goes back to the preferred node at once.

    ## What it does
    Reports the first node of a virtual router with neither `nopreempt` nor `preempt_delay`
    on a cloud where a move of the address takes seconds.

    ## Why it matters
    Each return of the node is one more interruption of some seconds. A node that comes and
    goes takes the service with it every time.

    ## Example
    Two nodes of `--provider tencent`, `priority 110` and `priority 100`, and nothing that
    keeps the first one from taking the address back.

    ## Use instead
    `state BACKUP` and `nopreempt` on every node, or `preempt_delay 60` on the preferred one.

    ## References
    - Tencent Cloud, HAVIP best practice, product/215/20186 (read 2026-11-23)
    """
    cloud = cluster.facts.provider if cluster.facts is not None else None
    if cloud is None or cloud.mechanism != "arp" or "use_vmac" not in cloud.forbidden or router.copies:
        return
    if any(member.instance.nopreempt for member in router.members):
        return
    ranked = sorted(router.members, key=lambda member: member.effective.priority, reverse=True)
    first, second = ranked[0], ranked[1]
    if first.effective.owner or first.effective.priority == second.effective.priority or first.instance.preempt_delay:
        return
    seconds = cloud.switch_time.maximum if cloud.switch_time is not None else None
    more = f" of up to {seconds:g} s" if seconds else ""
    yield Finding(
        first.instance.at("priority"),
        f"{first.node} takes the address back from {second.node} as soon as it returns",
        why=f"each return is one more interruption{more}",
        advice="write state BACKUP and nopreempt on every node, or preempt_delay on this one",
        related=(Label(second.instance.at("priority"), f"priority {second.effective.priority} on {second.node}"),),
    )

"""What the nodes of a virtual router must settle between them: who is first, who stays, who starts."""

from __future__ import annotations

from collections.abc import Iterator

from havipcfg.cluster.members import Cluster, Member, VirtualRouter
from havipcfg.diagnostics import Label
from havipcfg.findings import ERROR, INFO, WARNING, Finding
from havipcfg.keepalived.version import Version
from havipcfg.rules.registry import rule


@rule("CL107", "equal-priorities", INFO, of=VirtualRouter)
def equal_priorities(router: VirtualRouter, cluster: Cluster) -> Iterator[Finding]:
    """Nodes with the same base priority.

    ## What it does
    Reports a priority that two nodes of a virtual router share.

    ## Why it matters
    When they start together, or lose their master together, they race: for some hundredths of
    a second both may hold the address, and which one keeps it is chance. Two nodes of priority
    255 both are master at once.

    ## Example
    ```keepalived
    # a.conf
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        priority 100
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```
    ```keepalived
    # b.conf
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        priority 100            # expect: CL107
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    Different priorities; with `nopreempt` that costs nothing.

    ## References
    - RFC 5798, section 6.4.3
    """
    del cluster
    seen: dict[int, Member] = {}
    for member in router.originals:
        first = seen.setdefault(member.effective.priority, member)
        if first is member:
            continue
        owners = member.effective.owner
        yield Finding(
            member.instance.at("priority"),
            f"priority {member.effective.priority} is also that of {first.node}",
            why="both take the address as soon as they start"
            if owners
            else "when both start or lose their master together they race, and chance decides",
            advice="give each node its own priority" + (" of at most 254" if owners else ""),
            related=(Label(first.instance.at("priority"), f"priority {first.effective.priority} on {first.node}"),),
            severity=ERROR if owners else None,
        )


@rule("CL108", "nopreempt-differs", WARNING, of=VirtualRouter)
def nopreempt_differs(router: VirtualRouter, cluster: Cluster) -> Iterator[Finding]:
    """`nopreempt` on some nodes only.

    ## What it does
    Reports a node that takes the address back from one with `nopreempt`: a node without it
    that is not the lowest. Of the lowest node it says so as a hint. Where `nopreempt` is
    written but `state MASTER` clears it, KC301 says so.

    ## Why it matters
    The node that would take over decides whether it waits. The one without `nopreempt` takes
    the address back as soon as it returns: one more interruption that the other line was meant
    to avoid.

    ## Example
    ```keepalived
    # a.conf
    vrrp_instance web {         # expect: CL108
        interface eth0
        virtual_router_id 61
        priority 110
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```
    ```keepalived
    # b.conf
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        priority 100
        nopreempt
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    `nopreempt` with `state BACKUP` on every node, or on none.

    ## References
    - keepalived.conf(5), "nopreempt"
    """
    del cluster
    staying = [m for m in router.members if m.effective.nopreempt]
    if not staying:
        return
    lowest = min(m.effective.priority for m in router.members)
    for member in router.members:
        if member.effective.nopreempt or member.instance.nopreempt:
            continue
        last = member.effective.priority == lowest
        yield Finding(
            member.instance.at(),
            f"{member.node} has no nopreempt, {staying[0].node} has"
            if last
            else f"{member.node} has no nopreempt, and takes the address back from {staying[0].node}",
            why=f"as soon as its priority is not the lowest, {member.node} takes the address back"
            if last
            else f"nopreempt on {staying[0].node} does not avoid the interruption when {member.node} returns",
            advice="write state BACKUP and nopreempt on every node, or on none",
            related=(Label(staying[0].instance.at("nopreempt"), f"nopreempt on {staying[0].node}"),),
            severity=INFO if last else None,
        )


@rule("CL112", "several-initial-masters", INFO, of=VirtualRouter)
def several_initial_masters(router: VirtualRouter, cluster: Cluster) -> Iterator[Finding]:
    """`state MASTER` on more than one node.

    ## What it does
    Reports `state MASTER` where another node of the virtual router has it too. Where keepalived
    does not look at it, KC332 and KC343 say so.

    ## Why it matters
    keepalived begins as BACKUP all the same, unless the priority is 255, and the priorities
    decide who becomes master. Two nodes of `state MASTER` look as if there were two: the file
    says something else than what happens. `state MASTER` also switches `nopreempt` off.

    ## Example
    ```keepalived
    # a.conf
    vrrp_instance web {
        state MASTER
        interface eth0
        virtual_router_id 61
        priority 110
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```
    ```keepalived
    # b.conf
    vrrp_instance web {
        state MASTER            # expect: CL112
        interface eth0
        virtual_router_id 61
        priority 100
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    `state BACKUP` on every node; the priority says who is preferred.

    ## References
    - keepalived.conf(5), "state"
    """
    del cluster
    masters = [m for m in router.originals if m.instance.state == "MASTER" and _heeded(m)]
    if len(masters) < 2:
        return
    first = max(masters, key=lambda m: m.effective.priority)
    for member in masters:
        if member is not first:
            yield Finding(
                member.instance.at("state"),
                f"state MASTER here, and on {first.node}",
                why="every node begins as BACKUP and the priority decides; state MASTER only switches nopreempt off",
                advice="write state BACKUP on every node",
                related=(Label(first.instance.at("state"), f"state MASTER on {first.node}"),),
            )


def _heeded(member: Member) -> bool:
    """Whether keepalived looks at ``state MASTER``, which it does not in strict mode or with AH."""
    authentication = member.effective.authentication
    return member.effective.starts_as_master and (authentication is None or authentication[0] != "AH")


DISCARDS_WHILE_DELAYED = Version(2, 3, 0)
"""From here on adverts that come within vrrp_startup_delay are thrown away; before, each adds what is left of it."""
NOTICEABLE = 10.0
"""So many seconds more than the delay says are worth a finding."""


@rule("CL119", "startup-delay-adds-up", WARNING, of=VirtualRouter)
def startup_delay_adds_up(router: VirtualRouter, cluster: Cluster) -> Iterator[Finding]:
    """`vrrp_startup_delay` on a node that takes the address back, with keepalived up to 2.2.

    ## What it does
    Reports `vrrp_startup_delay` of a node that is preferred to another one and has no `nopreempt`,
    where a target up to 2.2 makes ten seconds or more of it than it says. Ask with `--target 2.2.7`.

    ## Why it matters
    Each advert of the other node that comes within the delay adds what is left of the delay. With 30
    seconds and an advert every second, the node comes back after about eight minutes.

    ## Example
    ```keepalived
    # a.conf
    # lint: --target 2.2.7
    global_defs {
        vrrp_startup_delay 30       # expect: CL119
    }
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        priority 110
        virtual_ipaddress {
            192.0.2.10
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
            192.0.2.10
        }
    }
    ```

    ## Use instead
    A delay of a few seconds, `preempt_delay`, or keepalived 2.3 or later.

    ## References
    - keepalived 2.2.7, measured; keepalived.conf(5), "vrrp_startup_delay"
    """
    lowest = min(router.originals, key=lambda member: member.effective.priority)
    for member in router.originals:
        settings, inforce = member.context.conf.global_defs, member.effective
        delay = getattr(settings, "vrrp_startup_delay", None) or 0.0
        if settings is None or not delay or member.context.target >= DISCARDS_WHILE_DELAYED:
            continue
        if inforce.nopreempt or inforce.priority <= lowest.effective.priority or _before(router, cluster, member):
            continue
        more = _added(delay, lowest)
        if more >= NOTICEABLE:
            yield Finding(
                settings.at("vrrp_startup_delay"),
                f"{member.node} takes the address back from {lowest.node} only after about {_told(delay + more)}",
                why=f"up to keepalived 2.2 each advert within the {delay:g} s adds what is left of them",
                advice="use a delay of a few seconds, or preempt_delay, or keepalived 2.3 or later",
                related=(Label(member.instance.at("priority"), f"preferred to {lowest.node}"),),
            )


def _added(delay: float, lowest: Member) -> float:
    """Seconds that adverts add to ``vrrp_startup_delay``, in the middle of what may be."""
    from havipcfg.verifier.adverts import lengthened

    return sum(lengthened(delay, lowest.effective.advert_int)) / 2


def _before(router: VirtualRouter, cluster: Cluster, member: Member) -> bool:
    """Whether a virtual router before this one has the node too."""
    earlier = cluster.routers[: cluster.routers.index(router)]
    return any(other.context is member.context for each in earlier for other in each.members)


def _told(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} minutes"

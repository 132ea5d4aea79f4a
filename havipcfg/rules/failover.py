"""What the election model finds in the files of a cluster: each rule is a property of ``havipcfg.verifier``.

The model is asked once a cluster, and only where no other rule has already named the cause.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from havipcfg.findings import ERROR, INFO, WARNING, Finding
from havipcfg.rules.registry import rule
from havipcfg.rules.verified import Verified, findings

if TYPE_CHECKING:
    from havipcfg.source import Span
    from havipcfg.verifier.network import Instance

_TIES = ("CL107", "CL111", "CL112", "CL303", "KC210", "KC304")
_SET_BY_NOPREEMPT = ("CL108", "KC208", "KC301", "KC302", "KC304")
_WEIGHTS = ("KC203", "KC208", "KC210", "CL301", "CL302", "CL303", "CL304")
_GROUPS = ("CL111", "CL115", "KC370", "KC371")
_DIFFERS = ("CL108", "CL110", "CL115", "KC310")


def _meant(verified: Verified) -> set[Span]:
    """The lines of nopreempt that are meant: every node has one for the instance, and for its whole sync group."""
    settings: dict[str, list[Instance]] = {}
    for node in verified.network.nodes:
        for instance in node.instances:
            group = next((each.name for each in node.groups if instance.name in each.members), None)
            settings.setdefault(group or f"instance {instance.name}", []).append(instance)
    alike = [instances for instances in settings.values() if all(instance.nopreempt for instance in instances)]
    return {instance.origins["nopreempt"] for instances in alike for instance in instances}


@rule("FO101", "check-changes-nothing", ERROR, of=Verified)
def check_changes_nothing(verified: Verified, _: None) -> Iterator[Finding]:
    """A check that fails on the holder, and the address stays there.

    ## What it does
    Plays the election with combinations of faults, and reports a check whose failure on the
    node that holds the address does not move it, although a healthy node waits. Of more than
    six checks two faults at a time are combined, beyond three nodes none; `havipcfg verify`
    combines more. Where another rule names the cause (a weight that is too small,
    `nopreempt`), only that one speaks.

    ## Why it matters
    The service is down, the address does not move, and nothing is logged as an error.

    ## Example
    Two sync groups that pair four instances otherwise on the second node: the check lowers a
    pair on the first node, and no pair of the second can take over while half of it is announced.

    ## Use instead
    A weight greater than the difference between the priorities, on every node, or a check
    without a weight, whose failure means FAULT.

    ## References
    - docs/verify.md
    - keepalived.conf(5), "track_script"
    """
    if _says_check_changes_nothing(verified):
        yield from findings(
            verified,
            "FO101",
            "the service is down, the address does not move, and nothing is logged as an error",
            "give the check a weight beyond the difference of the priorities, or none, so that it means FAULT",
        )


def _says_check_changes_nothing(verified: Verified) -> bool:
    if verified.settled or verified.one_sided("KC340") or verified.explained(*_WEIGHTS, *_GROUPS):
        return False
    return verified.violates("FO101")


@rule("FO102", "unhealthy-holder-stays", WARNING, of=Verified)
def unhealthy_holder_stays(verified: Verified, _: None) -> Iterator[Finding]:
    """A node that keeps the address while it is unhealthy and a healthy one waits.

    ## What it does
    Reports a node that keeps the address with a failed check beside a healthy node, where
    something else has to fail first (a single failing check that changes nothing is FO101).

    ## Why it matters
    With one node away for maintenance, a failing check no longer moves the address.

    ## Example
    Priorities 110, 100 and 90 with `weight -15`: the first node falls below the second, but
    with the second one off it stays above the third.

    ## Use instead
    A weight greater than the difference between any two nodes, or a check without weight.

    ## References
    - docs/verify.md
    """
    if not verified.settled and not verified.explained(*_WEIGHTS, *_GROUPS, *_DIFFERS):
        yield from findings(
            verified,
            "FO102",
            "the healthy node waits for as long as the other one lives",
            "give the check a weight beyond the difference of any two priorities, or none, so that it means FAULT",
        )


@rule("FO103", "no-holder", ERROR, of=Verified)
def no_holder(verified: Verified, _: None) -> Iterator[Finding]:
    """An address that nobody holds although a node could.

    ## What it does
    Reports a state in which all that could hold an address wait for each other, with the
    events that lead there; of a cluster the first one.

    ## Why it matters
    The address answers nowhere, with every process running and every check passing.

    ## Example
    Two sync groups that pair four instances otherwise on the second node: when half of what
    one of them needs fails on the first node, the other half is still announced there.

    ## Use instead
    The same addresses under the same virtual_router_id, and the same groups, on every node.

    ## References
    - docs/verify.md
    """
    said = verified.violates("FO104") or _says_check_changes_nothing(verified)
    if not verified.settled and not said and not verified.explained(*_GROUPS, "KC310"):
        found = findings(
            verified,
            "FO103",
            "the address answers nowhere, although a node could serve it",
            "write the same instances, addresses and sync groups on every node",
        )
        yield from islice(found, 1)


@rule("FO104", "two-holders", ERROR, of=Verified)
def two_holders(verified: Verified, _: None) -> Iterator[Finding]:
    """Two nodes that hold an address with no link cut.

    ## What it does
    Reports nodes that both take the address because one does not accept the other's adverts.
    Where a rule about differing files (CL) names the cause, only that one speaks.

    ## Why it matters
    Clients reach one node or the other by chance, and writes go to both.

    ## Example
    One node with the address on eth0, the other one with it on eth1: neither hears the other.

    ## Use instead
    Instances that share an address need one network, one virtual_router_id, one
    authentication, and peers that name each other.

    ## References
    - docs/verify.md
    """
    if not verified.settled and not verified.one_sided("KC340"):
        yield from findings(
            verified,
            "FO104",
            "clients reach one node or the other by chance",
            "let the nodes hear each other, or give each an address of its own",
        )


@rule("FO105", "slower-than-target", ERROR, of=Verified)
def slower_than_target(verified: Verified, _: None) -> Iterator[Finding]:
    """A failover that takes longer than the cluster file allows.

    ## What it does
    Adds up the worst case of every single fault: the check's interval and fall, three adverts
    and the skew, a delay to preempt, and the cloud's own time to move the address. Reports
    those beyond `max_failover` of the cluster file given with `--cluster`.

    ## Why it matters
    Clients give up before the address has moved.

    ## Example
    `max_failover: 3` with `advert_int 2`: the other node waits for up to 6.6 seconds.

    ## Use instead
    A shorter `advert_int` or check interval, or a target that the cloud can meet.

    ## References
    - docs/verify.md
    - RFC 5798, 6.1
    """
    if not verified.settled:
        yield from findings(
            verified,
            "FO105",
            "clients give up before the address has moved",
            "shorten advert_int or the check's interval, or allow more time",
        )


@rule("FO106", "shared-check-stops-all", WARNING, of=Verified)
def shared_check_stops_all(verified: Verified, _: None) -> Iterator[Finding]:
    """One failure outside the cluster takes every node down.

    ## What it does
    Reports a check without weight that asks something outside the node, a gateway or a
    database, from every node.

    ## Why it matters
    When that one thing does not answer, all nodes are in FAULT at once and nobody holds the
    address, although each of them could still serve.

    ## Example
    `script "/usr/bin/ping -c1 192.0.2.1"` without `weight` on every node.

    ## Use instead
    A weight, so that the nodes only change their order, or a check of the node's own service.

    ## References
    - docs/verify.md
    """
    if not verified.settled and not verified.explained("CL304"):
        yield from findings(
            verified,
            "FO106",
            "nobody holds the address, although every node could still serve",
            "give the check a weight, or check the node's own service",
        )


@rule("FO107", "either-may-hold", INFO, of=Verified)
def either_may_hold(verified: Verified, _: None) -> Iterator[Finding]:
    """Which node takes over is a race.

    ## What it does
    Reports nodes whose timers run out so close together that either may take the address.
    Where the priorities are equal on purpose or by mistake, CL107 says so instead.

    ## Why it matters
    It goes differently each time, and for a moment two nodes may hold the address.

    ## Example
    `nopreempt` with priorities one apart and `advert_int 0.1`: the timers differ by 0.4 ms.

    ## Use instead
    Priorities ten or more apart, whatever fails; in version 3 with short adverts more.

    ## References
    - docs/verify.md
    """
    if not verified.settled and not verified.explained(*_TIES, *_WEIGHTS, *_DIFFERS):
        yield from findings(
            verified,
            "FO107",
            "it goes differently each time, and for a moment both may hold the address",
            "set the priorities further apart: a step is 4 ms, in version 3 times advert_int",
        )


@rule("FO108", "depends-on-history", INFO, of=Verified)
def depends_on_history(verified: Verified, _: None) -> Iterator[Finding]:
    """Who holds the address depends on what happened before.

    ## What it does
    Reports clusters that settle on different nodes with everything healthy. `nopreempt` on
    every node is meant so and not reported, nor is what CL107 and CL108 explain.

    ## Why it matters
    After a maintenance the address may be on another node than the day before.

    ## Example
    `nopreempt` on one of two instances of a sync group: it holds the whole group back.

    ## Use instead
    `nopreempt` on every instance of a group and every node, or on none.

    ## References
    - docs/verify.md
    """
    if not verified.settled and not verified.explained(*_TIES, *_SET_BY_NOPREEMPT, *_DIFFERS):
        if verified.violates("FO107"):
            return
        found = findings(
            verified,
            "FO108",
            "after a maintenance the address may be on another node than before",
            "write nopreempt on every node and in every instance of a group, or nowhere",
        )
        meant = _meant(verified)
        yield from (finding for finding in found if finding.span not in meant)


@rule("FO109", "never-settles", ERROR, of=Verified)
def never_settles(verified: Verified, _: None) -> Iterator[Finding]:
    """An election that goes round and round.

    ## What it does
    Reports a state from which roles change again and again with nothing else happening. Where
    priorities that cross (CL111) explain it alone, only that is said.

    ## Why it matters
    Every change interrupts all connections.

    ## Example
    Three nodes with a sync group whose members prefer different nodes, and `unicast_peer`
    lists that leave one out: each node displaces the next, all the way round.

    ## Use instead
    The same order of priorities for every instance of a group.

    ## References
    - docs/verify.md
    """
    crossed = verified.explained("CL111") and not verified.explained("CL201")
    if not verified.refused and not crossed and not verified.explained("CL301", "CL303"):
        yield from findings(
            verified,
            "FO109",
            "every change interrupts all connections",
            "give the instances that change together the same order of priorities",
        )


@rule("FO110", "flaps-with-check", INFO, of=Verified)
def flaps_with_check(verified: Verified, _: None) -> Iterator[Finding]:
    """The address moves each time a check fails once, and moves back when it passes once.

    ## What it does
    Reports a script with `fall 1` and `rise 1`, or a tracked process without a `delay`, on a
    node that takes the address back. Where KC230 says it of the script, only that speaks.

    ## Why it matters
    One slow answer interrupts all connections twice.

    ## Example
    A process that restarts within a second, in `vrrp_track_process` without a `delay`.

    ## Use instead
    `fall 2`, `rise 2` or more, for a process `delay 5`, or `nopreempt` with a check without weight.

    ## References
    - docs/verify.md
    """
    if not verified.settled and not verified.explained("KC230"):
        yield from findings(
            verified,
            "FO110",
            "one slow answer interrupts all connections twice",
            "add fall 2 and rise 2 or more; to a process, delay 5",
        )

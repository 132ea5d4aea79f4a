"""What checks make of an instance: effective priority, FAULT, and how long until it notices.

Effective priority is the base plus the contributions of all trackers, clamped to 1..254; an
owner (255) keeps its own. A tracker of weight 0 puts the instance into FAULT instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import NamedTuple, TypeAlias

from havipcfg.keepalived.effective import SWITCHED
from havipcfg.verifier.moments import Term
from havipcfg.verifier.network import Check, CheckKind, Instance, Node, Tracker

OK, FAIL, HANG = "ok", "fail", "hang"
Status: TypeAlias = str | int
"""``ok``, ``fail``, ``hang`` (a script that does not return), or the number a tracked file holds."""

SCRIPT_RUN = 0.1
"""Seconds a check script is taken to need at most; part of every detection time."""


class Standing(NamedTuple):
    """How an instance stands on its node now: ``mute`` when its interface carries nothing."""

    priority: int
    fault: bool
    mute: bool


def file_content(tracker: Tracker, status: Status) -> int:
    """The number in a tracked file: ``fail`` is 1 or -1 where the weight is one to switch, else enough for FAULT."""
    if isinstance(status, int):
        return status
    if status == OK:
        return 0
    if tracker.weight == 0:
        return 1
    sign = (1 if tracker.weight > 0 else -1) * (-1 if tracker.reverse else 1)
    return -sign if abs(tracker.weight) >= SWITCHED else -254 * sign


def contribution(tracker: Tracker, kind: CheckKind, status: Status) -> int | None:
    """What a tracker adds to the priority; None for FAULT."""
    weight = tracker.weight
    if kind is CheckKind.FILE:
        content = file_content(tracker, status)
        if weight == 0:
            return None if (content != 0) != tracker.reverse else 0
        added = content * weight * (-1 if tracker.reverse else 1)
        return None if added <= -254 else min(added, 253)
    good = status == OK
    if weight == 0:
        return None if good == tracker.reverse else 0
    added = max(weight, 0) if good else min(weight, 0)
    return -added if tracker.reverse else added


def standing(
    node: Node, instance: Instance, statuses: Mapping[str, Status], links_down: frozenset[str] | set[str]
) -> Standing:
    """Priority and FAULT of an instance from the status of each check (default ok) and the dead links."""
    fault = instance.out_of_order is not None
    total = instance.priority
    for tracker in instance.trackers:
        check = node.check(tracker.check)
        if check is None or not check.usable:
            continue
        if check.kind is CheckKind.INTERFACE:
            status: Status = FAIL if check.name in links_down else OK
        else:
            status = statuses.get(check.name, OK)
        added = contribution(tracker, check.kind, status)
        if added is None:
            fault = True
        else:
            total += added
    mute = instance.interface in links_down
    if (mute and not instance.dont_track_primary) or any(dev in links_down for dev in instance.vip_interfaces):
        fault = True
    priority = instance.priority if instance.owner else max(1, min(254, total))
    return Standing(priority, fault, mute)


def detection(check: Check, status: Status) -> Term:
    """How long after a change its node acts on it, in seconds.

    Scripts run every ``interval`` and need ``fall`` failures or ``rise`` successes in a row;
    one that hangs counts at its timeout. Files, interfaces and processes report at once.
    """
    if check.kind is CheckKind.PROCESS:
        delay = check.interval if status == OK else check.timeout
        return Term(f"{check.name}: process delay {delay:g} s", delay, delay)
    if check.kind is not CheckKind.SCRIPT:
        return Term(f"{check.name} is noticed at once", 0.0, 0.0)
    every = check.interval
    if status == HANG:
        more = (check.fall - 1) * ceil(check.timeout / every) * every
        label = f"{check.name} hangs until its timeout {check.timeout:g} s, interval {every:g} s, fall {check.fall}"
        least = check.timeout + (check.fall - 1) * every
        return Term(label, least, every + check.timeout + more + SCRIPT_RUN)
    name, count = ("rise", check.rise) if status == OK else ("fall", check.fall)
    label = f"{check.name} noticed: {name} {count} * interval {every:g} s"
    return Term(label, (count - 1) * every, count * every + SCRIPT_RUN)

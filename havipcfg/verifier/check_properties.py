"""Properties of checks: each failure moves the address to a healthy node, none of them moves it in vain."""

from __future__ import annotations

from collections.abc import Iterator

from havipcfg.source import Span
from havipcfg.verifier import proof
from havipcfg.verifier.evidence import Evidence, any_of
from havipcfg.verifier.network import Check, CheckKind, Tracker
from havipcfg.verifier.outcome import Service
from havipcfg.verifier.proof import Property, TraceStep, Violation
from havipcfg.verifier.space import Change, Transition
from havipcfg.verifier.standing import FAIL, OK

WITHOUT_NOPREEMPT = "give the check weight 0, so that its failure means FAULT, or take nopreempt out on every node"


def checks(evidence: Evidence) -> Iterator[Violation]:
    """Checks without effect: FO101 where one failure shows it, FO102 where something else has to fail first."""
    later = [step for step in evidence.space.transitions if _fails(step.change)]
    alone = [step for step in later if evidence.undisturbed(step.before)]
    seen: set[tuple[str, int]] = set()
    for rule, steps in ((proof.CHECK_CHANGES_NOTHING, alone), (proof.UNHEALTHY_HOLDER_STAYS, later)):
        for step in steps:
            node = step.change.node
            if rule is proof.UNHEALTHY_HOLDER_STAYS and evidence.part.nodes[node] in evidence.reported:
                continue
            for check in any_of(step.change):
                if (check, node) in seen:
                    continue
                found = (_ineffective(evidence, step, check, service, rule) for service in evidence.space.served)
                first = next((violation for violation in found if violation is not None), None)
                if first is not None:
                    seen.add((check, node))
                    evidence.reported.add(evidence.part.nodes[node])
                    yield first


def _ineffective(
    evidence: Evidence, step: Transition, failing: str, service: Service, rule: Property
) -> Violation | None:
    """A violation when the check ``failing``, that of the step or one like it, moves nothing."""
    change, node = step.change, step.change.node
    name = evidence.part.nodes[node]
    tracking = [
        (seat, t)
        for seat in evidence.part.node_seats[node]
        if service.seats & (1 << seat)
        for t in evidence.part.seats[seat].instance.trackers
        if t.check == failing
    ]
    if not tracking or not evidence.worsens(node, tracking[0][1]):
        return None
    if name not in evidence.holders(step.before, service) or name not in evidence.holders(step.after, service):
        return None
    waiting = [n for n in step.before.members if n != node and evidence.waits(step.before, n, service)]
    if not waiting:
        return None
    other = waiting[0]
    seat, tracker = tracking[0]
    rival = next(s for s in evidence.part.node_seats[other] if service.seats & (1 << s))
    before, after = evidence.priority(step.before, seat), evidence.priority(step.after, seat)
    theirs = evidence.priority(step.after, rival)
    facts = evidence.part.seats[rival]
    check = evidence.check(name, failing)
    advice, lines = "", list[Span]()
    if check is not None and not check.usable:
        because = f"{name} drops the script of {failing} at start and runs without it"
    elif evidence.part.seats[seat].owner:
        because = f"{name} has priority 255, which no check changes"
    elif facts.nopreempt and theirs > after:
        because = f"{facts.node_name} has nopreempt: it accepts a master of lower priority ({after} < {theirs})"
        advice = WITHOUT_NOPREEMPT
    elif theirs > after:
        because, lines = evidence.held_back(step.after, other, service)
        advice = "let the instances that change together be the same on every node" if because else ""
        because = because or evidence.accepted(step.after, other, service, node)
    else:
        because = f"{name} still has {after}, {facts.node_name} only {theirs}"
        if after == theirs:
            evidence.tied.add(frozenset((name, facts.node_name)))
            because = f"{name} and {facts.node_name} then both have {after}, and a backup accepts its equal"
    fields = ["priority"] + (["nopreempt"] if facts.nopreempt and theirs > after else [])
    origins = [tracker.origin, *evidence.spans(node, "priority"), *evidence.spans(other, *fields)]
    if check is not None and not check.usable:
        origins = [check.origin, tracker.origin]
    if lines:
        origins = [tracker.origin, *lines]
    verb = "fails" if change.kind == FAIL else "goes down"
    change_of = f"goes from {before} to {after}" if before != after else f"stays at {before}"
    return evidence.violation(
        rule,
        f"{failing} {verb} on {name}{evidence.without(step.before, node)}: "
        f"it {change_of} and keeps {service.name}, {facts.node_name} is healthy",
        evidence.trace(step.before, step, failing),
        (span for span in origins if span is not None),
        (because,) if because else (),
        (name, facts.node_name),
        advice=advice,
    )


def unhealthy_holders(evidence: Evidence) -> Iterator[Violation]:
    """FO102: a node that is not well holds the address while a healthy one waits."""
    seen = set()
    for state in evidence.space.states:
        for service in evidence.space.served:
            for name in evidence.holders(state, service):
                node = evidence.part.nodes.index(name)
                if name in evidence.reported or name in seen or not evidence.lowered(state, node, service):
                    continue
                waiting = [n for n in state.members if n != node and evidence.waits(state, n, service)]
                if not waiting:
                    continue
                seen.add(name)
                other = evidence.part.nodes[waiting[0]]
                nopreempt = evidence.part.seats[evidence.part.node_seats[waiting[0]][0]].nopreempt
                yield evidence.violation(
                    proof.UNHEALTHY_HOLDER_STAYS,
                    f"{name} is not healthy and keeps {service.name} while {other} is healthy and waits",
                    evidence.trace(state),
                    evidence.spans(waiting[0], "nopreempt", "priority"),
                    (f"{other} has nopreempt and accepts a master of lower priority",) if nopreempt else (),
                    (name, other),
                    advice=WITHOUT_NOPREEMPT if nopreempt else "",
                )


def shared_checks(evidence: Evidence) -> Iterator[Violation]:
    """FO106: one failure outside the cluster puts every node into FAULT."""
    by_cause: dict[str, list[tuple[str, Check, Tracker]]] = {}
    for seat in evidence.part.seats:
        for tracker in seat.instance.trackers:
            check = evidence.check(seat.node_name, tracker.check)
            if check is not None and check.usable and check.shared and tracker.weight == 0:
                by_cause.setdefault(check.shared, []).append((seat.node_name, check, tracker))
    for cause, users in by_cause.items():
        nodes = tuple(dict.fromkeys(name for name, _check, _tracker in users))
        if len(nodes) < 2 or set(nodes) != set(evidence.part.nodes):
            continue
        steps = [TraceStep("start", *evidence.stands(evidence.space.initial[0].after))]
        failing = dict.fromkeys(f"check {name} {check.name} fail" for name, check, _tracker in users)
        steps += [TraceStep(event, (), {}) for event in failing]
        yield evidence.violation(
            proof.SHARED_CHECK_STOPS_ALL,
            f"every node checks {cause}: when it does not answer, all are in FAULT",
            tuple(steps),
            (t.origin or c.origin for _n, c, t in users if t.origin or c.origin),  # type: ignore[misc]
            ("the check has weight 0 on every node",),
            nodes,
        )


def flapping(evidence: Evidence) -> Iterator[Violation]:
    """FO110: one failure moves the address away and one success back."""
    seen = set()
    for step in evidence.space.transitions:
        change, done = step.change, step.outcome
        if change.kind != OK or done is None or done.after is None or change.check in seen:
            continue
        check = evidence.check(evidence.part.nodes[change.node], change.check)
        if check is None or not _hasty(check):
            continue
        if len(step.before.members) < len(evidence.part.nodes):
            continue
        if not evidence.all_healthy(step.after) or not any(done.holders.values()):
            continue
        if all(not evidence.holders(step.before, service) for service in evidence.space.served):
            continue
        seen.add(change.check)
        name = evidence.part.nodes[change.node]
        for each in any_of(change):
            check = evidence.check(name, each) or check
            yield evidence.violation(
                proof.FLAPS_WITH_CHECK,
                f"one failure of {each} on {name} moves the address away and one success moves it back",
                evidence.trace(step.before, step, each),
                (span for span in (check.origin, *evidence.spans(change.node, "priority")) if span is not None),
                (f"{each} has {'no delay' if check.kind is CheckKind.PROCESS else 'fall 1 and rise 1'}",),
                (name,),
            )


def _hasty(check: Check) -> bool:
    """Whether one bad moment counts at once, and one good one again."""
    if check.kind is CheckKind.PROCESS:
        return check.interval == check.timeout == 0
    return check.kind is CheckKind.SCRIPT and check.fall == check.rise == 1


def _fails(change: Change) -> bool:
    """Whether a check fails, or a link that may be tracked goes down."""
    return change.kind == FAIL or (change.kind == "link" and change.event.endswith(" down"))

"""Properties of holders: one and only one, soon enough, and it is known which."""

from __future__ import annotations

from collections.abc import Iterator

from havipcfg.verifier import proof
from havipcfg.verifier.evidence import Evidence, all_of, any_of, one_of, swapped
from havipcfg.verifier.proof import Violation
from havipcfg.verifier.space import Change, State, Transition
from havipcfg.verifier.standing import FAIL


def two_holders(evidence: Evidence) -> Iterator[Violation]:
    """FO104: two hold although no link is cut."""
    seen = set()
    for state in evidence.space.states:
        for service in evidence.space.served:
            holders = evidence.holders(state, service)
            if len(holders) < 2 or service.name in seen:
                continue
            seen.add(service.name)
            seats = [evidence.part.seats[seat] for seat, name in service.nodes if name in holders]
            concerned = {(seat.node_name, seat.name) for seat in seats}
            deaf = [d for d in evidence.graph.deaf if d.sender in concerned and d.receiver in concerned]
            because = tuple(map(str, deaf))
            origins = [span for d in deaf for span in d.origins]
            if not deaf and len({seat.instance.interface for seat in seats}) > 1:
                uses = [f"{seat.name} on {seat.node_name} uses {seat.instance.interface}" for seat in seats]
                because = (f"{all_of(uses)}: two networks",)
                origins = [span for seat in seats if (span := seat.instance.origins.get("interface")) is not None]
            yield evidence.violation(
                proof.TWO_HOLDERS,
                f"{all_of(holders)} hold {service.name} at the same time, with no link cut between them",
                evidence.trace(state),
                origins,
                because,
                holders,
            )


def no_holder(evidence: Evidence) -> Iterator[Violation]:
    """FO103: nobody holds although a node could."""
    seen = set()
    for state in evidence.space.states:
        for service in evidence.space.served:
            if service.name in seen or evidence.holders(state, service):
                continue
            able = [n for n in state.members if evidence.able(state, n, service)]
            if not able:
                continue
            seen.add(service.name)
            names = tuple(evidence.part.nodes[n] for n in able)
            reason, origins = evidence.held_back(state, able[0], service)
            yield evidence.violation(
                proof.NO_HOLDER,
                f"nobody holds {service.name} although {all_of(names)} could",
                evidence.trace(state),
                origins or (s for n in able for s in evidence.spans(n, "interface", "priority")),
                (reason,) if reason else (),
                names,
            )


def slow(evidence: Evidence, max_failover: float, provider_delay: float) -> Iterator[Violation]:
    """FO105: one fault of the healthy cluster takes longer than ``max_failover`` seconds, the cloud's time included."""
    seen = set()
    for step in [*evidence.space.transitions]:
        change, done = step.change, step.outcome
        if done is None or done.after is None or change.kind not in (FAIL, "die", "stop", "link"):
            continue
        if len(step.before.members) < len(evidence.part.nodes) or not evidence.all_healthy(step.before):
            continue
        worst = done.after[1] + provider_delay
        moved = [s.name for s in evidence.space.served if done.holders[s.name] != evidence.holders(step.before, s)]
        lost = all(not done.holders[name] for name in moved)
        if worst <= max_failover or lost or change.event in seen:
            continue
        seen.add(change.event)
        plus = f" and the provider's {provider_delay:g} s" if provider_delay else ""
        for check in any_of(change):
            event, formula = swapped(change.event, change, check), swapped(done.formula, change, check)
            yield evidence.violation(
                proof.SLOWER_THAN_TARGET,
                f"after `{event}` the move takes up to {worst:.2f} s{plus and ' with' + plus[4:]}, "
                f"the target is {max_failover:g} s",
                evidence.trace(step.before, step, check),
                evidence.spans(change.node, "advert_int", "priority"),
                (formula,) if formula else (),
                (evidence.part.nodes[change.node],),
                (done.after[0] + provider_delay, worst),
                formula,
            )


def unsettled(evidence: Evidence) -> Iterator[Violation]:
    """FO109: the roles change again and again."""
    for step in [*evidence.space.initial, *evidence.space.transitions]:
        if step.outcome is not None and not step.outcome.settled:
            may = "may " if step.ways > 1 else ""
            yield evidence.violation(
                proof.NEVER_SETTLES,
                f"after `{step.change.event}` the roles {may}change again and again",
                evidence.trace(step.before, step),
                (s for n in step.before.members for s in evidence.spans(n, "priority", "nopreempt")),
            )
            return


def races(evidence: Evidence) -> Iterator[Violation]:
    """FO107: races, once for the addresses that move together; a tie that has been named is not named again."""
    ways: dict[tuple[State, Change], list[Transition]] = {}
    for step in [*evidence.space.initial, *evidence.space.transitions]:
        if step.ways > 1:
            ways.setdefault((step.before, step.change), []).append(step)
    seen: set[str] = set()
    for (before, change), steps in ways.items():
        racing: dict[frozenset[tuple[str, ...]], list[str]] = {}
        for service in evidence.space.served:
            possible = frozenset(evidence.holders(step.after, service) for step in steps)
            if len(possible) > 1 and service.name not in seen:
                racing.setdefault(possible, []).append(service.name)
        for possible, services in racing.items():
            names = tuple(sorted({name for holders in possible for name in holders}))
            if frozenset(names) in evidence.tied:
                continue
            seen.update(services)
            either = one_of((*names, "nobody") if () in possible else names)
            yield evidence.violation(
                proof.EITHER_MAY_HOLD,
                f"after `{change.event}` {either} may hold {all_of(services)}: the timers are too close",
                evidence.trace(before, steps[0]),
                (s for n in names for s in evidence.spans(evidence.part.nodes.index(n), "priority")),
                tuple(_patience(evidence, steps[0].after, names, services[0])),
                names,
            )


def _patience(evidence: Evidence, state: State, names: tuple[str, ...], service: str) -> Iterator[str]:
    """How long each of the nodes waits for an advert, in words."""
    bits = next(each.nodes for each in evidence.space.served if each.name == service)
    racing = [(evidence.part.seats[bit], bit) for bit, name in bits if name in names]
    racing = [(seat, bit) for seat, bit in racing if seat.node in state.members]
    if len(racing) < 2:
        return
    if all(seat.owner for seat, _ in racing):
        yield f"{all_of(seat.node_name for seat, _ in racing)} have priority 255 and do not wait for an advert"
        return
    waits = []
    for seat, bit in racing:
        seconds = seat.adverts * seat.interval + seat.skew(evidence.priority(state, bit), seat.interval)
        waits.append(f"{seat.node_name} {seconds:.3f} s")
    yield f"without an advert {all_of(waits)} pass before they take over"


def history(evidence: Evidence) -> Iterator[Violation]:
    """FO108: who holds when all is well depends on the past, once for the addresses that move together."""
    healthy = [state for state in evidence.whole if evidence.all_healthy(state)]
    alike: dict[tuple[tuple[str, ...], ...], tuple[State, list[str]]] = {}
    for service in evidence.space.served:
        found: dict[tuple[str, ...], State] = {}
        for state in healthy:
            found.setdefault(evidence.holders(state, service), state)
        if len(found) > 1:
            alike.setdefault(tuple(found), (list(found.values())[1], []))[1].append(service.name)
    for found_holders, (last, services) in alike.items():
        names = tuple(dict.fromkeys(name for holders in found_holders for name in holders))
        yield evidence.violation(
            proof.DEPENDS_ON_HISTORY,
            f"with everything healthy {one_of(names)} holds {all_of(services)}, depending on what happened before",
            evidence.trace(last),
            (s for n in last.members for s in evidence.spans(n, "nopreempt")),
            tuple(_kept(evidence, last, services[0])),
            names,
        )


def _kept(evidence: Evidence, state: State, service: str) -> Iterator[str]:
    """Why nobody takes the address back, in words: nopreempt, or priorities that are equal."""
    seats = next(each.nodes for each in evidence.space.served if each.name == service)
    priorities = {evidence.priority(state, bit) for bit, _ in seats}
    if len(priorities) == 1:
        names = all_of(name for _, name in seats)
        yield f"{names} {'both' if len(seats) == 2 else 'all'} have {priorities.pop()}, and a backup accepts its equal"
        return
    staying = [seat for seat in evidence.part.seats if seat.nopreempt]
    if len(staying) == len(evidence.part.seats):
        yield "with nopreempt every node leaves the address where it is"
    elif staying:
        where = all_of(f"{seat.name} on {seat.node_name}" for seat in staying)
        yield f"{where}, with nopreempt, {'leaves' if len(staying) == 1 else 'leave'} the address where it is"

"""What must hold in every reachable state, and the violations found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from havipcfg.source import Span
from havipcfg.verifier import proof
from havipcfg.verifier.daemons import Role
from havipcfg.verifier.hears import HearsGraph
from havipcfg.verifier.network import Check, CheckKind, Network, Node, Tracker
from havipcfg.verifier.outcome import Bounds, Outcome, Service
from havipcfg.verifier.proof import Property, Stand, TraceStep, Violation
from havipcfg.verifier.space import Change, Space, State, Transition
from havipcfg.verifier.standing import FAIL, OK, contribution


def judge(
    network: Network, graph: HearsGraph, space: Space, max_failover: float | None, provider_delay: float
) -> Iterator[Violation]:
    """Every violation of an explored electorate, each once, with the shortest trace first found."""
    court = _Court(network, graph, space)
    yield from court.two_holders()
    yield from court.no_holder()
    yield from court.checks()
    yield from court.unhealthy_holders()
    if max_failover is not None:
        yield from court.slow(max_failover, provider_delay)
    yield from court.shared_checks()
    yield from court.unsettled()
    yield from court.races()
    yield from court.history()
    yield from court.flapping()


class _Court:
    def __init__(self, network: Network, graph: HearsGraph, space: Space) -> None:
        self.network = network
        self.graph = graph
        self.space = space
        self.part = space.part
        self.reported: set[str] = set()
        self.tied: set[frozenset[str]] = set()
        everybody = len(self.part.nodes)
        self.whole = [state for state in space.states if len(state.members) == everybody]

    # -- the properties ----------------------------------------------------------------------

    def two_holders(self) -> Iterator[Violation]:
        seen = set()
        for state in self.space.states:
            for service in self.space.served:
                holders = self.holders(state, service)
                if len(holders) < 2 or service.name in seen:
                    continue
                seen.add(service.name)
                deaf = [
                    d
                    for d in self.graph.deaf
                    if d.sender[0] in holders
                    and d.receiver[0] in holders
                    and any(self.part.nodes[n] in holders for n in state.members)
                ]
                because = tuple(f"{d.receiver[0]} does not hear {d.sender[0]}: {d.reason}" for d in deaf)
                yield self.violation(
                    proof.TWO_HOLDERS,
                    f"{_and(holders)} hold {service.name} at the same time, with no link cut between them",
                    self.trace(state),
                    (span for d in deaf for span in d.origins),
                    because,
                    holders,
                )

    def no_holder(self) -> Iterator[Violation]:
        seen = set()
        for state in self.space.states:
            for service in self.space.served:
                if service.name in seen or self.holders(state, service):
                    continue
                able = [n for n in state.members if self.able(state, n, service)]
                if not able:
                    continue
                seen.add(service.name)
                names = tuple(self.part.nodes[n] for n in able)
                yield self.violation(
                    proof.NO_HOLDER,
                    f"nobody holds {service.name} although {_and(names)} could",
                    self.trace(state),
                    (s for n in able for s in self.spans(n, "interface", "priority")),
                    (),
                    names,
                )

    def checks(self) -> Iterator[Violation]:
        """Checks without effect: FO101 where one failure shows it, FO102 where something else has to fail first."""
        later = [step for step in self.space.transitions if _fails(step.change)]
        alone = [step for step in later if self.undisturbed(step.before)]
        seen: set[tuple[str, int]] = set()
        for rule, steps in ((proof.CHECK_CHANGES_NOTHING, alone), (proof.UNHEALTHY_HOLDER_STAYS, later)):
            for step in steps:
                node = step.change.node
                if rule is proof.UNHEALTHY_HOLDER_STAYS and self.part.nodes[node] in self.reported:
                    continue
                for check in _any_of(step.change):
                    if (check, node) in seen:
                        continue
                    found = (self.ineffective(step, check, service, rule) for service in self.space.served)
                    first = next((violation for violation in found if violation is not None), None)
                    if first is not None:
                        seen.add((check, node))
                        self.reported.add(self.part.nodes[node])
                        yield first

    def without(self, state: State, node: int) -> str:
        """The other nodes that are not well or out of reach, in words; empty where there is none."""
        well = {
            n for n, v in zip(state.members, state.values, strict=True) if n == node or self.space.values[n][v].healthy
        }
        away = [name for n, name in enumerate(self.part.nodes) if n not in well]
        return f" without {_and(away)}" if away else ""

    def undisturbed(self, state: State) -> bool:
        """Whether nothing has failed and no link is cut."""
        return len(state.members) == len(self.part.nodes) and self.all_healthy(state)

    def ineffective(self, step: Transition, failing: str, service: Service, rule: Property) -> Violation | None:
        """A violation when the check ``failing``, that of the step or one like it, moves nothing."""
        change, node = step.change, step.change.node
        name = self.part.nodes[node]
        tracking = [
            (seat, t)
            for seat in self.part.node_seats[node]
            if service.seats & (1 << seat)
            for t in self.part.seats[seat].instance.trackers
            if t.check == failing
        ]
        if not tracking or not self.worsens(node, tracking[0][1]):
            return None
        if name not in self.holders(step.before, service) or name not in self.holders(step.after, service):
            return None
        waiting = [n for n in step.before.members if n != node and self.waits(step.before, n, service)]
        if not waiting:
            return None
        other = waiting[0]
        seat, tracker = tracking[0]
        rival = next(s for s in self.part.node_seats[other] if service.seats & (1 << s))
        before, after = self.priority(step.before, seat), self.priority(step.after, seat)
        theirs = self.priority(step.after, rival)
        facts = self.part.seats[rival]
        check = self.check(name, failing)
        if check is not None and not check.usable:
            because = f"{name} drops the script of {failing} at start and runs without it"
        elif self.part.seats[seat].owner:
            because = f"{name} has priority 255, which no check changes"
        elif facts.nopreempt and theirs > after:
            because = f"{facts.node_name} has nopreempt: it accepts a master of lower priority ({after} < {theirs})"
        else:
            because = f"{name} still has {after}, {facts.node_name} only {theirs}"
            if after == theirs:
                self.tied.add(frozenset((name, facts.node_name)))
                because = f"{name} and {facts.node_name} then both have {after}, and a backup accepts its equal"
        fields = ["priority"] + (["nopreempt"] if facts.nopreempt and theirs > after else [])
        origins = [tracker.origin, *self.spans(node, "priority"), *self.spans(other, *fields)]
        if check is not None and not check.usable:
            origins = [check.origin, tracker.origin]
        verb = "fails" if change.kind == FAIL else "goes down"
        change_of = f"goes from {before} to {after}" if before != after else f"stays at {before}"
        return self.violation(
            rule,
            f"{failing} {verb} on {name}{self.without(step.before, node)}: "
            f"it {change_of} and keeps {service.name}, {facts.node_name} is healthy",
            self.trace(step.before, step, failing),
            (span for span in origins if span is not None),
            (because,),
            (name, facts.node_name),
        )

    def worsens(self, node: int, tracker: Tracker) -> bool:
        """Whether the tracker is meant to lower the node when its check fails."""
        check = self.check(self.part.nodes[node], tracker.check)
        if check is None:
            return False
        good, bad = contribution(tracker, check.kind, OK), contribution(tracker, check.kind, FAIL)
        return bad is None or (good is not None and bad < good)

    def unhealthy_holders(self) -> Iterator[Violation]:
        seen = set()
        for state in self.space.states:
            for service in self.space.served:
                for name in self.holders(state, service):
                    node = self.part.nodes.index(name)
                    if name in self.reported or name in seen or not self.lowered(state, node, service):
                        continue
                    waiting = [n for n in state.members if n != node and self.waits(state, n, service)]
                    if not waiting:
                        continue
                    seen.add(name)
                    other = self.part.nodes[waiting[0]]
                    nopreempt = self.part.seats[self.part.node_seats[waiting[0]][0]].nopreempt
                    yield self.violation(
                        proof.UNHEALTHY_HOLDER_STAYS,
                        f"{name} is not healthy and keeps {service.name} while {other} is healthy and waits",
                        self.trace(state),
                        self.spans(waiting[0], "nopreempt", "priority"),
                        (f"{other} has nopreempt and accepts a master of lower priority",) if nopreempt else (),
                        (name, other),
                    )

    def slow(self, max_failover: float, provider_delay: float) -> Iterator[Violation]:
        seen = set()
        for step in [*self.space.transitions]:
            change, done = step.change, step.outcome
            if done is None or done.after is None or change.kind not in (FAIL, "die", "stop", "link"):
                continue
            if len(step.before.members) < len(self.part.nodes) or not self.all_healthy(step.before):
                continue
            worst = done.after[1] + provider_delay
            moved = [s.name for s in self.space.served if done.holders[s.name] != self.holders(step.before, s)]
            lost = all(not done.holders[name] for name in moved)
            if worst <= max_failover or lost or change.event in seen:
                continue
            seen.add(change.event)
            plus = f" and the provider's {provider_delay:g} s" if provider_delay else ""
            for check in _any_of(change):
                event, formula = _swapped(change.event, change, check), _swapped(done.formula, change, check)
                yield self.violation(
                    proof.SLOWER_THAN_TARGET,
                    f"after `{event}` the move takes up to {worst:.2f} s{plus and ' with' + plus[4:]}, "
                    f"the target is {max_failover:g} s",
                    self.trace(step.before, step, check),
                    self.spans(change.node, "advert_int", "priority"),
                    (formula,) if formula else (),
                    (self.part.nodes[change.node],),
                    (done.after[0] + provider_delay, worst),
                    formula,
                )

    def shared_checks(self) -> Iterator[Violation]:
        by_cause: dict[str, list[tuple[str, Check, Tracker]]] = {}
        for seat in self.part.seats:
            for tracker in seat.instance.trackers:
                check = self.check(seat.node_name, tracker.check)
                if check is not None and check.usable and check.shared and tracker.weight == 0:
                    by_cause.setdefault(check.shared, []).append((seat.node_name, check, tracker))
        for cause, users in by_cause.items():
            nodes = tuple(dict.fromkeys(name for name, _check, _tracker in users))
            if len(nodes) < 2 or set(nodes) != set(self.part.nodes):
                continue
            steps = [TraceStep("start", *self.stands(self.space.initial[0].after))]
            steps += [TraceStep(f"check {name} {check.name} fail", (), {}) for name, check, _tracker in users]
            yield self.violation(
                proof.SHARED_CHECK_STOPS_ALL,
                f"every node checks {cause}: when it does not answer all are in FAULT and nobody holds an address",
                tuple(steps),
                (t.origin or c.origin for _n, c, t in users if t.origin or c.origin),  # type: ignore[misc]
                ("the check has weight 0 on every node",),
                nodes,
            )

    def unsettled(self) -> Iterator[Violation]:
        for step in [*self.space.initial, *self.space.transitions]:
            if step.outcome is not None and not step.outcome.settled:
                yield self.violation(
                    proof.NEVER_SETTLES,
                    f"after `{step.change.event}` the roles change again and again",
                    self.trace(step.before, step),
                    (s for n in step.before.members for s in self.spans(n, "priority", "nopreempt")),
                )
                return

    def races(self) -> Iterator[Violation]:
        """Races, once for the addresses that move together; a tie that has been named is not named again."""
        ways: dict[tuple[State, Change], list[Transition]] = {}
        for step in [*self.space.initial, *self.space.transitions]:
            if step.ways > 1:
                ways.setdefault((step.before, step.change), []).append(step)
        seen: set[str] = set()
        for (before, change), steps in ways.items():
            racing: dict[frozenset[tuple[str, ...]], list[str]] = {}
            for service in self.space.served:
                possible = frozenset(self.holders(step.after, service) for step in steps)
                if len(possible) > 1 and service.name not in seen:
                    racing.setdefault(possible, []).append(service.name)
            for possible, services in racing.items():
                names = tuple(sorted({name for holders in possible for name in holders}))
                if frozenset(names) in self.tied:
                    continue
                seen.update(services)
                yield self.violation(
                    proof.EITHER_MAY_HOLD,
                    f"after `{change.event}` {_either(names)} may take {_and(services)}: their timers are too close",
                    self.trace(before, steps[0]),
                    (s for n in names for s in self.spans(self.part.nodes.index(n), "priority")),
                    (),
                    names,
                )

    def history(self) -> Iterator[Violation]:
        """Who holds when all is well depends on the past, once for the addresses that move together."""
        healthy = [state for state in self.whole if self.all_healthy(state)]
        alike: dict[tuple[tuple[str, ...], ...], tuple[State, list[str]]] = {}
        for service in self.space.served:
            found: dict[tuple[str, ...], State] = {}
            for state in healthy:
                found.setdefault(self.holders(state, service), state)
            if len(found) > 1:
                alike.setdefault(tuple(found), (list(found.values())[1], []))[1].append(service.name)
        for found_holders, (last, services) in alike.items():
            names = tuple(dict.fromkeys(name for holders in found_holders for name in holders))
            yield self.violation(
                proof.DEPENDS_ON_HISTORY,
                f"with everything healthy {_either(names)} holds {_and(services)}, depending on what happened before",
                self.trace(last),
                (s for n in last.members for s in self.spans(n, "nopreempt")),
                (),
                names,
            )

    def flapping(self) -> Iterator[Violation]:
        seen = set()
        for step in self.space.transitions:
            change, done = step.change, step.outcome
            if change.kind != OK or done is None or done.after is None or change.check in seen:
                continue
            check = self.check(self.part.nodes[change.node], change.check)
            if check is None or not _hasty(check):
                continue
            if len(step.before.members) < len(self.part.nodes):
                continue
            if not self.all_healthy(step.after) or not any(done.holders.values()):
                continue
            if all(not self.holders(step.before, service) for service in self.space.served):
                continue
            seen.add(change.check)
            name = self.part.nodes[change.node]
            for each in _any_of(change):
                check = self.check(name, each) or check
                yield self.violation(
                    proof.FLAPS_WITH_CHECK,
                    f"one failure of {each} on {name} moves the address away and one success moves it back",
                    self.trace(step.before, step, each),
                    (span for span in (check.origin, *self.spans(change.node, "priority")) if span is not None),
                    ("no delay" if check.kind is CheckKind.PROCESS else "fall 1 and rise 1",),
                    (name,),
                )

    # -- what they ask -----------------------------------------------------------------------

    def holders(self, state: State, service: Service) -> tuple[str, ...]:
        mask = 0
        for node, roles in zip(state.members, state.roles, strict=True):
            for team, role in zip(self.part.node_teams[node], roles, strict=True):
                if role is Role.MASTER:
                    for seat in self.part.teams[team]:
                        mask |= 1 << seat
        return service.holders(mask)

    def role(self, state: State, node: int, seat: int) -> Role:
        position = state.members.index(node)
        team = self.part.seats[seat].team
        return state.roles[position][self.part.node_teams[node].index(team)]

    def priority(self, state: State, seat: int) -> int:
        node = self.part.seats[seat].node
        value = self.space.values[node][state.values[state.members.index(node)]]
        return value.standings[self.part.node_seats[node].index(seat)].priority

    def waits(self, state: State, node: int, service: Service) -> bool:
        """A healthy backup of the service."""
        value = self.space.values[node][state.values[state.members.index(node)]]
        seats = [s for s in self.part.node_seats[node] if service.seats & (1 << s)]
        return value.healthy and bool(seats) and all(self.role(state, node, s) is Role.BACKUP for s in seats)

    def able(self, state: State, node: int, service: Service) -> bool:
        seats = [s for s in self.part.node_seats[node] if service.seats & (1 << s)]
        return any(self.role(state, node, s) is Role.BACKUP for s in seats)

    def lowered(self, state: State, node: int, service: Service) -> bool:
        """Whether something that the service tracks there has failed."""
        failed = self.space.values[node][state.values[state.members.index(node)]].failed
        return any(
            (tracker.check in failed or f"link {tracker.check}" in failed) and self.worsens(node, tracker)
            for seat in self.part.node_seats[node]
            if service.seats & (1 << seat)
            for tracker in self.part.seats[seat].instance.trackers
        )

    def all_healthy(self, state: State) -> bool:
        return all(self.space.values[n][v].healthy for n, v in zip(state.members, state.values, strict=True))

    def check(self, node: str, name: str) -> Check | None:
        found: Node | None = self.network.node(node)
        return found.check(name) if found is not None else None

    def spans(self, node: int, *fields: str) -> list[Span]:
        found = []
        for seat in self.part.node_seats[node]:
            origins = self.part.seats[seat].instance.origins
            found += [span for name in fields if (span := origins.get(name)) is not None]
        return found

    # -- what they report --------------------------------------------------------------------

    def stands(self, state: State) -> tuple[tuple[Stand, ...], dict[str, tuple[str, ...]]]:
        stands = tuple(
            Stand(
                self.part.nodes[node],
                self.part.seats[seat].name,
                self.role(state, node, seat).name,
                self.priority(state, seat),
            )
            for node in state.members
            for seat in self.part.node_seats[node]
        )
        return stands, {service.name: self.holders(state, service) for service in self.space.served}

    def trace(self, state: State, last: Transition | None = None, check: str = "") -> tuple[TraceStep, ...]:
        """The way to a state and one step on; with ``check``, that one in place of the one of the last step."""
        steps = []
        cold = last is not None and last.change.kind == "start" and last.change.node < 0
        for reached, after in self.space.path(state) if state in self.space.states and not cold else []:
            if reached.event:
                stands, holders = self.stands(after)
                steps.append(TraceStep(reached.event, stands, holders, _after(reached.outcome)))
        if last is not None:
            stands, holders = self.stands(last.after)
            steps.append(TraceStep(last.change.event, stands, holders, _after(last.outcome)))
            if check:
                steps = [replace(step, event=_swapped(step.event, last.change, check)) for step in steps]
        return tuple(steps)

    def violation(
        self,
        prop: Property,
        message: str,
        trace: tuple[TraceStep, ...],
        origins: Iterable[Span] = (),
        because: tuple[str, ...] = (),
        nodes: Iterable[str] = (),
        bound: Bounds | None = None,
        formula: str = "",
    ) -> Violation:
        distinct: list[Span] = []
        for span in origins:
            if span not in distinct:
                distinct.append(span)
        return Violation(prop, message, trace, tuple(distinct), because, tuple(nodes), bound, formula)


def _hasty(check: Check) -> bool:
    """Whether one bad moment counts at once, and one good one again."""
    if check.kind is CheckKind.PROCESS:
        return check.interval == check.timeout == 0
    return check.kind is CheckKind.SCRIPT and check.fall == check.rise == 1


def _any_of(change: Change) -> tuple[str, ...]:
    """The check of a change and those of which the same is true."""
    return (change.check, *change.alike)


def _swapped(text: str, change: Change, check: str) -> str:
    """Text about one of two checks that are alike as text about the other."""
    if check == change.check:
        return text
    other = {change.check: check, check: change.check}
    return " ".join(
        other.get(word.rstrip(":"), word.rstrip(":")) + ":" * word.endswith(":") for word in text.split(" ")
    )


def _fails(change: Change) -> bool:
    """Whether a check fails, or a link that may be tracked goes down."""
    return change.kind == FAIL or (change.kind == "link" and change.event.endswith(" down"))


def _after(done: Outcome | None) -> Bounds | None:
    return None if done is None else done.after


def _and(names: Iterable[str]) -> str:
    listed = list(names)
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} and {listed[-1]}"


def _either(names: Iterable[str]) -> str:
    return _and(names).replace(" and ", " or ")

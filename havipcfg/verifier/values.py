"""What can be the matter with a node, and the events between one such value and another.

Failures that make no difference to anybody are one value. Checks with the same effect are told by how many of them
have failed; and a node that is in FAULT altogether is one value, whatever has failed on it: further failures change
nothing, so what surrounds one such node may surround any. The events are those of all that a value stands for, and
`failures.py` finds what has failed behind it.
"""

from __future__ import annotations

from itertools import combinations
from math import prod

from havipcfg.verifier.daemons import Standings
from havipcfg.verifier.electorate import Electorate
from havipcfg.verifier.moments import Term
from havipcfg.verifier.network import Check, CheckKind, Node
from havipcfg.verifier.space import Change, Fault, Value
from havipcfg.verifier.standing import FAIL, OK, detection, standing

MANY_COMBINATIONS = 8
"""Up to this many combinations of the failures of a node are followed; of more, those of one or two failures."""


class NodeValues:
    """The values of a node, the last of them that it is dead; ``faults`` is how many may fail at a time, None for all.

    ``complete``: whether all combinations are there.
    """

    def __init__(self, part: Electorate, index: int, node: Node, faults: int | None) -> None:
        self.part, self.index, self.node = part, index, node
        tracked = {t.check for s in part.node_seats[index] for t in part.seats[s].instance.trackers}
        self.checks = {c.name: c for c in node.checks if c.name in tracked and c.kind is not CheckKind.INTERFACE}
        self.faults = _faults(part, index, node, tracked, list(self.checks.values()))
        self.values: list[Value] = []
        self.found: dict[frozenset[str], int] = {}
        self.out: int | None = None
        self.terms: dict[tuple[str, str], Term] = {}
        self.complete = self._find(faults)

    def _find(self, faults: int | None) -> bool:
        """Make the values; whether these are all combinations."""
        never = self._stands_out(self._value(frozenset()))
        deadly = [name for name in self.faults if not never and self._stands_out(self._value(frozenset({name})))]
        rest = [name for name in self.faults if name not in deadly]
        groups = {self.faults[name].group: self._most(self.faults[name].group) for name in rest}
        complete = prod(most + 1 for most in groups.values()) <= MANY_COMBINATIONS
        limit = sum(groups.values()) if complete else 2
        if faults is not None:
            limit = min(limit, faults)
        self._add(frozenset())
        for count in range(1, max(limit, 1) + 1):
            for failed in map(frozenset, combinations(self.faults if count == 1 else rest, count)):
                if failed == self._canonical(failed) and (count <= limit or not failed.isdisjoint(deadly)):
                    self._add(failed)
        self.values.append(Value(self.values[0].standings, True, frozenset()))
        return complete and limit == sum(groups.values())

    def _add(self, failed: frozenset[str]) -> None:
        value = self._value(failed)
        if failed and self._stands_out(value):
            if self.out is None:
                self.out = len(self.values)
                quiet = tuple(each._replace(mute=False) for each in value.standings)
                self.values.append(Value(quiet, False, failed, out=True))
        else:
            self.found[failed] = len(self.values)
            self.values.append(value)

    def _value(self, failed: frozenset[str]) -> Value:
        down = {self.faults[name].name for name in failed if self.faults[name].link}
        statuses = {name: FAIL for name in failed if not self.faults[name].link}
        standings: Standings = tuple(
            standing(self.node, self.part.seats[seat].instance, statuses, down)
            for seat in self.part.node_seats[self.index]
        )
        return Value(standings, False, failed)

    def _stands_out(self, value: Value) -> bool:
        """Whether every team of the node is in FAULT."""
        faulty = {
            self.part.seats[seat].team
            for seat, each in zip(self.part.node_seats[self.index], value.standings, strict=True)
            if each.fault
        }
        return len(faulty) == len(self.part.node_teams[self.index])

    def _most(self, group: tuple[str, ...]) -> int:
        """How many failures of checks of one effect differ from one another: one where a failure means FAULT."""
        trackers = [
            t
            for s in self.part.node_seats[self.index]
            for t in self.part.seats[s].instance.trackers
            if t.check == group[0]
        ]
        return len(group) if any(t.weight or t.reverse for t in trackers) else 1

    def _canonical(self, failed: frozenset[str]) -> frozenset[str]:
        """The failures that stand for these: of checks of one effect the first ones."""
        found: list[str] = []
        for group in dict.fromkeys(self.faults[key].group for key in failed):
            found += group[: min(len(failed.intersection(group)), self._most(group))]
        return frozenset(found)

    def changes(self) -> list[list[Change]]:
        """For each value the events that lead to another."""
        dead = len(self.values) - 1
        result: list[list[Change]] = [[] for _ in self.values]
        for number, value in enumerate(self.values[:-1]):
            if number != self.out:
                for key in dict.fromkeys(fault.alike[0] for fault in self.faults.values()):
                    self._between(result, number, value.failed, self.faults[key])
        for number in range(dead):
            result[number].append(Change(f"die {self.node.name}", "die", self.index, dead))
            result[number].append(Change(f"stop {self.node.name}", "stop", self.index, dead))
        result[dead].append(Change(f"start {self.node.name}", "start", self.index, 0))
        return result

    def _between(self, result: list[list[Change]], number: int, failed: frozenset[str], fault: Fault) -> None:
        """The events at checks that are alike, from a value and, where nobody else adds them, back to it."""
        count = len(failed.intersection(fault.group))
        if count < self._most(fault.group):
            well = next((key for key in fault.alike if key not in failed), fault.alike[0])
            self._turn(result, number, failed | {fault.group[count]}, self.faults[well], bad=True)
        if count:
            ill = next((key for key in fault.alike if key in failed), fault.alike[0])
            self._turn(result, number, failed - {fault.group[count - 1]}, self.faults[ill], bad=False)

    def _turn(
        self, result: list[list[Change]], number: int, failed: frozenset[str], fault: Fault, *, bad: bool
    ) -> None:
        value = self._value(failed)
        target = self.out if failed and self._stands_out(value) else self.found.get(self._canonical(failed))
        if target is not None:
            result[number].append(self._change(fault, target, value.standings, bad=bad))
            if target == self.out:
                result[target].append(self._change(fault, number, None, bad=not bad))

    def _change(self, fault: Fault, target: int, standings: Standings | None, *, bad: bool) -> Change:
        event = fault.event(bad=bad)
        if fault.link:
            return Change(event, "link", self.index, target, None, fault.name, (), standings)
        status = FAIL if bad else OK
        term = self.terms.get((fault.name, status))
        if term is None:
            term = self.terms[fault.name, status] = detection(self.checks[fault.name], status)
        others = tuple(other for other in fault.alike if other != fault.name)
        return Change(event, status, self.index, target, term, fault.name, others, standings)


def _faults(part: Electorate, index: int, node: Node, tracked: set[str], checks: list[Check]) -> dict[str, Fault]:
    """What can fail on a node, by its key."""
    effects: dict[object, list[str]] = {}
    alike: dict[object, list[str]] = {}
    for check in checks:
        effect = (
            check.kind,
            check.usable,
            *(
                tuple(sorted((t.weight, t.reverse) for t in part.seats[s].instance.trackers if t.check == check.name))
                for s in part.node_seats[index]
            ),
        )
        timing = (check.interval, check.timeout, check.fall, check.rise, check.shared)
        effects.setdefault(effect, []).append(check.name)
        alike.setdefault((effect, timing), []).append(check.name)
    found = {}
    for check in checks:
        group = next(tuple(names) for names in effects.values() if check.name in names)
        same = next(tuple(names) for names in alike.values() if check.name in names)
        found[check.name] = Fault(index, node.name, check.name, False, group, same)
    for name in _links(part, index, node, tracked):
        key = f"link {name}"
        found[key] = Fault(index, node.name, name, True, (key,), (key,))
    return found


def _links(part: Electorate, index: int, node: Node, tracked: set[str]) -> list[str]:
    """The interfaces of a node that can fail while it still takes part."""
    own = {part.seats[s].instance.interface for s in part.node_seats[index]}
    carrying = {dev for s in part.node_seats[index] for dev in part.seats[s].instance.vip_interfaces}
    links = sorted({name for name in node.interfaces if len(own) > 1 or name not in own})
    return [name for name in links if name in own or name in tracked or name in carrying]

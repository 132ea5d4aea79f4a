"""Which failures lie behind the values of a trail, so that it can be played.

A value stands for failures that make no difference (`values.py`), so one event of a trail may need another check to
have failed before than the trail names.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from havipcfg.verifier.space import Fault, Footstep, Space, State, Value


def playable(space: Space, steps: list[Footstep], *, fixed: bool) -> list[Footstep]:
    """The same way with failures that can happen in that order; ``fixed``: the last event stays what it is."""
    way = _Way(space)
    for number, step in enumerate(steps, 1):
        way.go(step, fixed=fixed and number == len(steps))
    return way.steps


class _Way:
    """The steps so far; per node what has failed, and which steps made it so."""

    def __init__(self, space: Space) -> None:
        self.space = space
        self.steps: list[Footstep] = []
        self.failed: list[set[str]] = [set() for _ in space.part.nodes]
        self.past: list[list[int]] = [[] for _ in space.part.nodes]

    def go(self, step: Footstep, *, fixed: bool) -> None:
        known = self.space.named.get(step.event)
        if known is None:
            for event in step.event.split("; "):
                word, _, name = event.partition(" ")
                if name and word in ("start", "stop", "die"):
                    node = self.space.part.nodes.index(name)
                    self.failed[node].clear()
                    self.past[node].clear()
            self.steps.append(step)
            return
        fault, bad = known
        if (fault.key in self.failed[fault.node]) is bad:
            self._exchanged(fault, bad=bad)
        if not self._fits(step, fault, bad=bad):
            rest = set(self._value(step, fault.node).failed)
            other = None if bad or fixed else self._left_by(step, fault.node, rest)
            if other is not None:
                fault, step = other
            elif not self._entered_by(fault, rest):
                self._prepare(fault, rest - {fault.key} if bad else rest | {fault.key})
        self._take(fault, step, bad=bad)

    def _take(self, fault: Fault, step: Footstep, *, bad: bool) -> None:
        (self.failed[fault.node].add if bad else self.failed[fault.node].discard)(fault.key)
        self.past[fault.node].append(len(self.steps))
        self.steps.append(step)

    def _value(self, step: Footstep, node: int) -> Value:
        state = _block(step, node)
        return self.space.values[node][state.values[state.members.index(node)]]

    def _fits(self, step: Footstep, fault: Fault, *, bad: bool) -> bool:
        """Whether the event leads from what has failed to what the step says."""
        failed, value = self.failed[fault.node], self._value(step, fault.node)
        if (fault.key in failed) is bad:
            return False
        return value.out or self._effects(fault.node, failed ^ {fault.key}) == self._effects(fault.node, value.failed)

    def _exchanged(self, fault: Fault, *, bad: bool) -> None:
        """Another check of the same effect has done what this one did so far, and the other way round."""
        failed = self.failed[fault.node]
        other = next((key for key in fault.group if (key in failed) is not bad), None)
        if other is None:
            return
        failed ^= {fault.key, other}
        turned = {fault.key: other, other: fault.key}
        for number in self.past[fault.node]:
            was, fails = self.space.named[self.steps[number].event]
            if was.key in turned:
                self._rename(number, turned[was.key], was.node, bad=fails)

    def _left_by(self, step: Footstep, node: int, rest: set[str]) -> tuple[Fault, Footstep] | None:
        """The repair of what has failed in place of another that leads to the same."""
        failed = self.failed[node]
        for key in sorted(failed):
            if self._effects(node, failed - {key}) == self._effects(node, rest):
                fault = self.space.faults_of[node][key]
                turned = self._turned(self.steps[-1], step, fault, bad=False)
                if turned is not None:
                    return fault, turned
        return None

    def _entered_by(self, fault: Fault, rest: set[str]) -> bool:
        """Where the node has failed altogether just before, the failure was this one."""
        failed, past = self.failed[fault.node], self.past[fault.node]
        if not past or fault.key in failed:
            return False
        was, fails = self.space.named[self.steps[past[-1]].event]
        if not fails or self._effects(fault.node, failed - {was.key}) != self._effects(fault.node, rest):
            return False
        if not self._rename(past[-1], fault.key, fault.node, bad=True):
            return False
        failed ^= {was.key, fault.key}
        return True

    def _effects(self, node: int, keys: AbstractSet[str]) -> list[tuple[str, ...]]:
        return sorted(self.space.faults_of[node][key].group for key in keys)

    def _prepare(self, fault: Fault, wanted: set[str]) -> None:
        """More fails, then all that is too much is repaired: the node stays in FAULT meanwhile."""
        failed = self.failed[fault.node]
        for keys, bad in ((sorted(wanted - failed), True), (sorted(failed - wanted), False)):
            for key in keys:
                each = self.space.faults_of[fault.node][key]
                self._take(each, Footstep(each.event(bad=bad), self.steps[-1].blocks, None), bad=bad)

    def _rename(self, number: int, key: str, node: int, *, bad: bool) -> bool:
        """The failure or repair of ``key`` in place of what a step says; whether it leads to the same."""
        turned = self._turned(self.steps[number - 1], self.steps[number], self.space.faults_of[node][key], bad=bad)
        if turned is not None:
            self.steps[number] = turned
        return turned is not None

    def _turned(self, before: Footstep, step: Footstep, fault: Fault, *, bad: bool) -> Footstep | None:
        """A step with another event at the same node, where that leads to the same."""
        mine = {self.space.faults_of[fault.node][key].event(bad=bad) for key in fault.alike}
        came_from = next((state for state in before.blocks if fault.node in state.members), None)
        for change, state, outcome in self.space.successors(came_from) if came_from is not None else ():
            if change.event in mine and state is _block(step, fault.node):
                return step._replace(event=fault.event(bad=bad), after=outcome.after if outcome else None)
        return None


def _block(step: Footstep, node: int) -> State:
    return next(state for state in step.blocks if node in state.members)

"""The events that lead from the first start to a state.

A state is known with one event before it, and one of a healed partition with a state of each side.
The sides have been explored apart, so they have different pasts; a trail gives them one, and
makes the other side what it has to be before the links are healed.
"""

from __future__ import annotations

from collections import deque
from itertools import combinations

from havipcfg.verifier.failures import playable
from havipcfg.verifier.outcome import Bounds, Outcome
from havipcfg.verifier.space import Footstep, Reached, Space, State, Transition


def trail(space: Space, state: State, last: Transition | None = None) -> list[Footstep]:
    """The events that lead to a state, as few as were found, in an order that can be played.

    ``last`` is a step on from there.
    """
    past = [] if last is not None and last.cold else _past(space, state)
    if last is not None:
        before = None if last.cold else last.before
        past.append((Reached(before, last.change.event, last.outcome, last.other), last.after))
    steps: list[Footstep] = []
    blocks: list[State] = []
    for reached, after in past:
        if reached.other is not None:
            blocks = _beside(space, reached.other, blocks, steps)
            event = _heal(space, after, blocks)
        else:
            event = reached.event
        blocks, when = _moved(space, reached, after, blocks)
        if event:
            steps.append(Footstep(event, tuple(blocks), when))
    return playable(space, steps, fixed=last is not None)


def _past(space: Space, state: State) -> list[tuple[Reached, State]]:
    found = []
    at: State | None = state
    while at is not None:
        reached = space.states[at]
        found.append((reached, at))
        at = reached.before
    return found[::-1]


def _moved(space: Space, reached: Reached, after: State, blocks: list[State]) -> tuple[list[State], Bounds | None]:
    """The blocks that there are after an event, ``after`` the first, and when the last address moves."""
    mine = set(after.members)
    rest = [block for block in blocks if mine.isdisjoint(block.members)]
    when = reached.outcome.after if reached.outcome else None
    if reached.before is not None and reached.other is None and len(reached.before.members) > len(mine):
        others = tuple(node for node in reached.before.members if node not in mine)
        side, outcome = space.side(reached.before, others)[0]
        rest.append(side)
        when = _later(when, outcome)
    return [after, *rest], when


def _later(when: Bounds | None, outcome: Outcome | None) -> Bounds | None:
    """The later of two last moves."""
    other = outcome.after if outcome else None
    if when is None or other is None:
        return when or other
    return max(when[0], other[0]), max(when[1], other[1])


def _beside(space: Space, wanted: State, blocks: list[State], steps: list[Footstep]) -> list[State]:
    """Bring a block about beside the first one, adding the steps it takes."""
    here = next((block for block in blocks[1:] if set(wanted.members) <= set(block.members)), None)
    if here is None:
        return blocks
    rest = [block for block in blocks if block is not here]
    if len(here.members) > len(wanted.members):
        others = tuple(node for node in here.members if node not in wanted.members)
        (state, outcome), (far, besides) = space.side(here, wanted.members)[0], space.side(here, others)[0]
        rest.append(far)
        when = _later(_later(None, outcome), besides)
        steps.append(Footstep(apart(space.part.nodes, wanted.members, others), (state, *rest), when))
        here = state
    steps += [step._replace(blocks=(*step.blocks, *rest)) for step in _search(space, here, wanted)]
    return [*rest, wanted]


def _search(space: Space, begin: State, wanted: State) -> list[Footstep]:
    """The fewest events at the nodes of a block that make one state of another."""
    came: dict[State, tuple[State, Footstep]] = {}
    queue = deque([begin])
    while queue and wanted not in came and wanted is not begin:
        at = queue.popleft()
        for change, after, outcome in space.successors(at):
            if after not in came and after is not begin:
                came[after] = (at, Footstep(change.event, (after,), outcome.after if outcome else None))
                queue.append(after)
    steps, state = list[Footstep](), wanted
    while state in came:
        state, step = came[state]
        steps.append(step)
    return steps[::-1]


def _heal(space: Space, after: State, blocks: list[State]) -> str:
    """The event that joins the nodes of ``after`` and leaves the other blocks apart."""
    mine = set(after.members)
    others = [block.members for block in blocks if mine.isdisjoint(block.members)]
    cuts = [apart(space.part.nodes, *pair) for pair in combinations([after.members, *others], 2)]
    return "; ".join(["heal", *cuts])


def apart(names: tuple[str, ...], one: tuple[int, ...], two: tuple[int, ...]) -> str:
    """The events that cut all links between two sets of nodes."""
    return "; ".join(f"cut {names[a]} {names[b]}" for a in one for b in two)

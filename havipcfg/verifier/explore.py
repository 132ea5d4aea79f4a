"""Every reachable stable state of an electorate, and every event in each.

States are explored per block of a partition. Splits make smaller blocks, heals join two of
them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import combinations

from havipcfg.verifier.block import Cell, Cellar, Cells, stand
from havipcfg.verifier.electorate import Electorate
from havipcfg.verifier.network import Network
from havipcfg.verifier.outcome import REACTION, Holders, Outcome, Service
from havipcfg.verifier.space import NOBODY, Change, Reached, Space, State, Transition
from havipcfg.verifier.standing import FAIL
from havipcfg.verifier.trail import apart
from havipcfg.verifier.values import NodeValues
from havipcfg.verifier.ways import Lives, Ways

EXHAUSTIVE_NODES = 4
DEFAULT_FAULTS = 3


def explore(network: Network, part: Electorate, served: list[Service], faults: int | None = None) -> Space:
    """Explore an electorate; ``faults`` limits simultaneous faults (default: none up to 4 nodes, 3 for more)."""
    if faults is None and len(part.nodes) > EXHAUSTIVE_NODES:
        faults = DEFAULT_FAULTS
    found = []
    for index, name in enumerate(part.nodes):
        node = network.node(name)
        assert node is not None
        found.append(NodeValues(part, index, node, faults))
    complete = all(each.complete for each in found)
    space = Space(
        part,
        served,
        [each.values for each in found],
        [each.faults for each in found],
        complete and faults is None,
        faults,
    )
    space.named = {f.event(bad=bad): (f, bad) for each in found for f in each.faults.values() for bad in (True, False)}
    explorer = _Explorer(space, [each.changes() for each in found])
    explorer.run()
    space.successors, space.side = explorer.successors, explorer.side
    return space


class _Block:
    """A state on the way, with what is asked of it again and again."""

    __slots__ = ("cells", "faults", "leaders", "members", "need", "state", "top")

    def __init__(self, cells: Cells) -> None:
        self.cells = cells
        self.members = tuple([cell.node for cell in cells])
        self.state = State(self.members, tuple([c.value for c in cells]), tuple([c.roles for c in cells]))
        self.faults = sum([cell.faults for cell in cells])
        self.leaders = [cell for cell in cells if cell.leads]
        self.top, self.need = stand(cells)


class _Explorer:
    def __init__(self, space: Space, changes: list[list[list[Change]]]) -> None:
        self.space = space
        self.part = space.part
        self.cellar = Cellar(space.part, space.values, changes)
        self.ways = Ways(self.cellar, space.served)
        self.queue: deque[_Block] = deque()
        self.known: dict[Cells, _Block] = {}
        self.blocks: dict[tuple[int, ...], list[_Block]] = {}
        self.cut_before: set[tuple[Cells, Lives]] = set()
        self.cut_events: dict[tuple[tuple[int, ...], tuple[int, ...]], Change] = {}
        self.order: dict[tuple[tuple[int, ...], tuple[int, ...]], tuple[int, ...]] = {}
        self.healing = Change("heal", "heal", NOBODY, 0)

    def run(self) -> None:
        cellar, everybody = self.cellar, range(len(self.part.nodes))
        off = tuple(cellar.cell(n, len(self.space.values[n]) - 1, cellar.off[n]) for n in everybody)
        begin = tuple(cellar.cell(n, 0, cellar.off[n]) for n in everybody)
        nobody = _Block(off)
        start = Change("start", "start", NOBODY, 0)
        ways = self.ways.start(tuple(cell.live for cell in begin))
        for way in ways:
            state = self._reach(way.applied(begin), None, "start", way.outcome)
            self.space.initial.append(Transition(nobody.state, start, state, way.outcome, len(ways)))
        gone = "; ".join(f"die {name}" for name in self.part.nodes)
        lost: Holders = {service.name: () for service in self.space.served}
        at_once = Outcome(lost, (0.0, REACTION), (0.0, 0.0), (0.0, 0.0))
        self._reach(off, self.space.initial[0].after, gone, at_once)
        nobody = self.known[off]
        self.space.initial = [step._replace(before=nobody.state) for step in self.space.initial]
        while self.queue:
            block = self.queue.popleft()
            if block is not nobody:
                self._visit(block)
        self._visit(nobody)

    def _reach(
        self, cells: Cells, before: State | None, event: str, done: Outcome | None = None, other: State | None = None
    ) -> State:
        block = self.known.get(cells)
        if block is None:
            block = self.known[cells] = _Block(cells)
            self.space.states[block.state] = Reached(before, event, done, other)
            self.blocks.setdefault(block.members, []).append(block)
            self.queue.append(block)
        return block.state

    def _visit(self, block: _Block) -> None:
        limit = self.space.faults
        whole = len(block.members) == len(self.part.nodes)
        faults = block.faults if whole else block.faults + 1
        for position, cell in enumerate(block.cells):
            for change, more, quiet in self.cellar.moves(cell):
                if limit is None or faults + more <= limit:
                    for after, done, ways in self._change(block, position, change, quiet):
                        self._record(block.state, change, after, done, ways, cell.leads)
        if len(block.members) > 1 and (limit is None or faults < limit or not whole):
            self._split(block)
        if not whole:
            self._join(block, limit)

    def _record(
        self, before: State, change: Change, after: Cells, done: Outcome | None, ways: int, leads: bool
    ) -> None:
        self.space.count += 1
        state = self._reach(after, before, change.event, done)
        if done is not None or (leads and change.kind in (FAIL, "link")):
            self.space.transitions.append(Transition(before, change, state, done, ways))

    def _change(
        self, block: _Block, position: int, change: Change, quiet: Cell | None
    ) -> Iterator[tuple[Cells, Outcome | None, int]]:
        before, after = block.cells[:position], block.cells[position + 1 :]
        if quiet is not None:
            cells = (*before, quiet, *after)
            if self.cellar.calm(cells):
                yield cells, None, 1
                return
        changed = self.cellar.cell(change.node, change.target, block.cells[position].roles)
        cells = (*before, changed, *after)
        ways = self.ways.change(block.cells, cells, position, change)
        for way in ways:
            yield way.applied(cells), way.outcome, len(ways)

    # -- links are cut and healed ------------------------------------------------------------

    def _split(self, block: _Block) -> None:
        first, rest = block.cells[0], block.cells[1:]
        for size in range(len(rest)):
            for others in combinations(rest, size):
                one = (first, *others)
                two = tuple([cell for cell in rest if cell not in others])
                self.space.count += 1
                self._side(block, one, two)
                self._side(block, two, one)

    def _side(self, block: _Block, side: Cells, other: Cells) -> None:
        lost = tuple([cell.live for cell in block.leaders if cell in other])
        if (side, lost) in self.cut_before:
            return
        self.cut_before.add((side, lost))
        nodes = tuple([cell.node for cell in side]), tuple([cell.node for cell in other])
        change = self.cut_events.get(nodes)
        if change is None:
            change = self.cut_events[nodes] = Change(apart(self.part.nodes, *nodes), "cut", NOBODY, 0)
        if self.cellar.calm(side):
            self._reach(side, block.state, change.event)
            return
        ways = self.ways.cut(side, lost)
        for way in ways:
            state = self._reach(way.applied(side), block.state, change.event, way.outcome)
            self.space.transitions.append(Transition(block.state, change, state, way.outcome, len(ways)))

    def _join(self, block: _Block, limit: int | None) -> None:
        mine = set(block.members)
        for members in list(self.blocks):
            if mine.isdisjoint(members):
                whole = len(members) + len(mine) == len(self.part.nodes)
                most = None if limit is None else limit - block.faults - (0 if whole else 1)
                for other in self.blocks[members][:]:
                    if most is None or other.faults <= most:
                        self._heal(block, other, whole)

    # -- asked afterwards --------------------------------------------------------------------

    def _block(self, state: State) -> _Block:
        cells = zip(state.members, state.values, state.roles, strict=True)
        return self.known[tuple([self.cellar.cell(*cell) for cell in cells])]

    def successors(self, state: State) -> Iterator[tuple[Change, State, Outcome | None]]:
        """What one event at a node makes of a block that has been explored."""
        block = self._block(state)
        for position, cell in enumerate(block.cells):
            for change, _more, quiet in self.cellar.moves(cell):
                for after, done, _ways in self._change(block, position, change, quiet):
                    if after in self.known:
                        yield change, self.known[after].state, done

    def side(self, state: State, members: tuple[int, ...]) -> list[tuple[State, Outcome | None]]:
        """What becomes of some nodes of a block that are cut off from its others."""
        block = self._block(state)
        side = tuple([cell for cell in block.cells if cell.node in members])
        if self.cellar.calm(side):
            return [(self.known[side].state, None)]
        lost = tuple([cell.live for cell in block.leaders if cell.node not in members])
        return [(self.known[way.applied(side)].state, way.outcome) for way in self.ways.cut(side, lost)]

    # -- blocks hear each other --------------------------------------------------------------

    def _heal(self, one: _Block, two: _Block, whole: bool) -> None:
        both = one.cells + two.cells
        places = self.order.get((one.members, two.members))
        if places is None:
            members = one.members + two.members
            places = self.order[one.members, two.members] = tuple(sorted(range(len(both)), key=members.__getitem__))
        cells = tuple([both[i] for i in places])
        self.space.count += 1
        if self._calm_together(one, two, cells):
            self._reach(cells, one.state, "heal", None, two.state)
            return
        ways = self.ways.heal(one.cells, two.cells, cells)
        for way in ways:
            state = self._reach(way.applied(cells), one.state, "heal", way.outcome, two.state)
            if whole:
                self.space.transitions.append(
                    Transition(one.state, self.healing, state, way.outcome, len(ways), two.state)
                )

    def _calm_together(self, one: _Block, two: _Block, cells: Cells) -> bool:
        if not self.cellar.simple:
            return self.cellar.calm(cells)
        return (one.top < 0 or two.top < 0) and max(one.need, two.need) <= max(one.top, two.top)

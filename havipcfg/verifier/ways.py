"""The ways one event may go in a block, each election held once."""

from __future__ import annotations

from typing import TypeAlias

from havipcfg.verifier import events
from havipcfg.verifier.block import Cell, Cellar, Cells, Live
from havipcfg.verifier.daemons import RACE, START_UP
from havipcfg.verifier.election import Election
from havipcfg.verifier.moments import NOW, Term
from havipcfg.verifier.outcome import Outcome, Service, hull, outcome
from havipcfg.verifier.settle import settle
from havipcfg.verifier.space import NOBODY, Change, Roles
from havipcfg.verifier.twins import Condensed

Lives: TypeAlias = tuple[Live, ...]


class Way:
    """One way: the roles that nodes have after it."""

    __slots__ = ("_cellar", "_moved", "outcome", "roles")

    def __init__(self, cellar: Cellar, roles: dict[int, Roles], done: Outcome) -> None:
        self._cellar = cellar
        self.roles = roles
        self.outcome = done
        self._moved: dict[Cell, Cell] = {}

    def applied(self, cells: Cells) -> Cells:
        """Cells with the roles they have after it."""
        moved = self._moved
        try:
            return tuple([moved[cell] for cell in cells])
        except KeyError:
            for cell in cells:
                if cell not in moved:
                    roles = self.roles.get(cell.node, cell.roles)
                    moved[cell] = self._cellar.cell(cell.node, cell.value, roles)
            return tuple([moved[cell] for cell in cells])


class Ways:
    """Elections by what goes into them. ``few`` means that not all who take part need be asked."""

    def __init__(self, cellar: Cellar, served: list[Service]) -> None:
        self.cellar = cellar
        self.part = cellar.part
        self.small = Condensed(cellar.part, served)
        self.known: dict[object, list[Way]] = {}
        if cellar.simple:
            facts = self.part.seats[0]
            self.per_step = facts.skew(0, facts.interval) - facts.skew(1, facts.interval)

    def start(self, lives: Lives) -> list[Way]:
        """All daemons start together."""
        return self._known(lives, Change("start", "start all", NOBODY, 0), ())

    def change(self, before: Cells, after: Cells, position: int, change: Change) -> list[Way]:
        """A node changes; ``after`` has its new value and old roles."""
        standings = change.standings or self.cellar.values[change.node][change.target].standings
        target = self.cellar.live(change.node, standings, self.cellar.off[change.node])
        starts = change.kind == "start"
        lives = tuple(
            [cell.live for i, cell in enumerate(before) if cell.takes_part and not (starts and i == position)]
        )
        if starts:
            lives = (*lives, target)
        elif not before[position].takes_part:
            lives = (*lives, before[position].live)
        return self._few(lives, change, (target,), after)

    def cut(self, cells: Cells, lost: Lives) -> list[Way]:
        """The masters in ``lost`` cannot be heard any more."""
        lives = tuple([cell.live for cell in cells if cell.takes_part])
        return self._few(lives, Change("cut", "cut", NOBODY, 0), lost, cells)

    def heal(self, one: Cells, two: Cells, together: Cells) -> list[Way]:
        """Two blocks hear each other."""
        change = Change("heal", "heal", NOBODY, 0)
        if self.cellar.simple:
            leaders = tuple([cell.live for cell in one if cell.leads]), tuple([cell.live for cell in two if cell.leads])
            meeting = self._known(leaders[0], change, leaders[1])
            if meeting and all(self.cellar.calm(way.applied(together)) for way in meeting):
                return meeting
        lives = tuple([cell.live for cell in one if cell.takes_part])
        return self._known(lives, change, tuple([cell.live for cell in two if cell.takes_part]))

    def _few(self, lives: Lives, change: Change, extra: Lives, cells: Cells) -> list[Way]:
        """Where all hear all with equal timers only the fastest backups can matter.

        A slower one would be held by whoever wins; if it would not be (the result is not
        calm) all take part after all.
        """
        if self.cellar.simple:
            best = max([live.backup for live in lives if live.node != change.node], default=0)
            slow = best - 2 * RACE / self.per_step
            few = tuple([e for e in lives if e.node == change.node or not e.backup or e.backup >= slow])
            result = self._known(few, change, extra)
            if len(few) == len(lives) or all(self.cellar.calm(way.applied(cells)) for way in result):
                return result
        return self._known(lives, change, extra)

    def _known(self, lives: Lives, change: Change, extra: Lives) -> list[Way]:
        key = (lives, change.kind, change.node, change.detection, extra)
        known = self.known.get(key)
        if known is None:
            known = self.known[key] = self._elect(lives, change, extra)
        return known

    def _elect(self, lives: Lives, change: Change, extra: Lives) -> list[Way]:
        small, kind, node = self.small, change.kind, change.node
        part = small.part
        election = Election(part)
        others = extra if kind in ("cut", "heal") else ()
        for each in (*lives, *others) if kind != "start all" else ():
            events.place(election, each.node, small.standings(each.node, each.standings), each.roles)
        side, far = {each.node for each in lives}, {each.node for each in others}
        apart = part.audible({(a, b) for a in side for b in far} | {(b, a) for a in side for b in far})
        if kind == "heal":
            election.audible = apart
        events.begin(election)
        events.hold(election)
        start_up = Term(f"start-up 0..{START_UP:g} s", 0.0, START_UP)
        if kind == "start all":
            for each in lives:
                events.start(election, each.node, small.standings(each.node, each.standings), start_up)
        elif kind == "start":
            events.start(election, node, small.standings(node, extra[0].standings), start_up)
        elif kind == "stop":
            events.stop(election, node)
        elif kind == "die":
            events.die(election, node)
        elif kind == "cut":
            for each in others:
                election.timeline[0] = (NOW, election.timeline[0][1] & ~election.node_mask(each.node))
            events.hear(election, apart)
            for each in others:
                events.leave(election, each.node)
        elif kind == "heal":
            events.hear(election, list(part.heard))
        else:
            noticed = NOW if change.detection is None else NOW.plus(change.detection)
            events.expect(election, node, small.standings(node, extra[0].standings), noticed)
        if election.timeline[-1][1] != election.holders():
            election.timeline.append((NOW, election.holders()))
        taking_part = [each.node for each in lives] + (sorted(far) if kind == "heal" else [])
        merged: dict[tuple[Roles, ...], tuple[dict[int, Roles], Outcome]] = {}
        for done in settle(election):
            roles = {n: tuple(done.role[t] for t in part.node_teams[n]) for n in taking_part}
            key = tuple(roles.values())
            new = outcome(done, small.served)
            merged[key] = (roles, hull(merged[key][1], new) if key in merged else new)
        return [Way(self.cellar, roles, done) for roles, done in merged.values()]

"""Nodes as parts of a block, and whether a block is calm: nothing in it is due."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from havipcfg.verifier.daemons import Role, Standings
from havipcfg.verifier.electorate import Electorate
from havipcfg.verifier.space import Change, Roles, Value

CLASH = 1000
"""More than any priority: no master satisfies it."""


class Live:
    """A node as an election sees it. Each exists once, so it is compared by identity."""

    __slots__ = ("backup", "node", "roles", "standings")

    def __init__(self, node: int, standings: Standings, roles: Roles) -> None:
        self.node = node
        self.standings = standings
        self.roles = roles
        self.backup = standings[0].priority if roles[0] is Role.BACKUP else 0


class Cell:
    """A node with its value and roles. Each exists once.

    ``top`` is the priority of its master or -1, ``need`` the least priority of a master that
    its backup accepts or -1 (of the first seat; enough where the others are like it).
    """

    __slots__ = ("faults", "leads", "live", "masters", "moves", "need", "node", "roles", "takes_part", "top", "value")

    def __init__(self, live: Live, value: int, faults: int, part: Electorate) -> None:
        node, roles = live.node, live.roles
        first = part.node_seats[node][0]
        facts, priority = part.seats[first], live.standings[0].priority
        self.node = node
        self.value = value
        self.roles = roles
        self.faults = faults
        self.live = live
        self.leads = Role.MASTER in roles
        self.takes_part = self.leads or Role.BACKUP in roles
        self.top = priority if roles[0] is Role.MASTER else -1
        self.need = -1
        if roles[0] is Role.BACKUP:
            self.need = priority if not facts.nopreempt or facts.owner else 0
        self.masters = 0
        for team, role in zip(part.node_teams[node], roles, strict=True):
            if role is Role.MASTER:
                for seat in part.teams[team]:
                    self.masters |= 1 << seat
        self.moves: list[tuple[Change, int, Cell | None]] | None = None


Cells: TypeAlias = tuple[Cell, ...]


class Cellar:
    """All cells of an electorate, and what calm is in it."""

    def __init__(self, part: Electorate, values: list[list[Value]], changes: list[list[list[Change]]]) -> None:
        self.part = part
        self.values = values
        self.changes = changes
        self.simple = simple(part) and all(_even(value.standings) for node in values for value in node)
        self.off = [tuple([Role.OFF] * len(teams)) for teams in part.node_teams]
        self.cells: dict[tuple[int, int, Roles], Cell] = {}
        self.lives: dict[tuple[int, Standings, Roles], Live] = {}

    def cell(self, node: int, value: int, roles: Roles) -> Cell:
        key = (node, value, roles)
        cell = self.cells.get(key)
        if cell is None:
            facts = self.values[node][value]
            cell = self.cells[key] = Cell(self.live(node, facts.standings, roles), value, facts.faults, self.part)
        return cell

    def live(self, node: int, standings: Standings, roles: Roles) -> Live:
        key = (node, standings, roles)
        live = self.lives.get(key)
        if live is None:
            live = self.lives[key] = Live(node, standings, roles)
        return live

    def moves(self, cell: Cell) -> list[tuple[Change, int, Cell | None]]:
        """The events at a cell, how many faults more each is, and its cell after if nobody else is moved by it."""
        if cell.moves is None:
            values = self.values[cell.node]
            cell.moves = [
                (change, values[change.target].faults - cell.faults, self._after(cell, change.target))
                for change in self.changes[cell.node][cell.value]
                if change.kind != "stop" or cell.leads
            ]
        return cell.moves

    def _after(self, cell: Cell, target: int) -> Cell | None:
        value, node = self.values[cell.node][target], cell.node
        if value.dead or any(each.fault for each in value.standings):
            if cell.leads:
                return None
            roles = self.off[node] if value.dead else self._faulted(node, value, cell.roles)
        else:
            if self._at_once(node, cell.roles):
                return None
            roles = tuple(role if role in (Role.MASTER, Role.BACKUP) else Role.BACKUP for role in cell.roles)
        return self.cell(node, target, roles)

    def _at_once(self, node: int, roles: Roles) -> bool:
        """Whether a team that was off or in FAULT is of owners, who wait for nobody."""
        return any(
            role in (Role.OFF, Role.FAULT) and all(self.part.seats[seat].owner for seat in self.part.teams[team])
            for team, role in zip(self.part.node_teams[node], roles, strict=True)
        )

    def _faulted(self, node: int, value: Value, old: Roles) -> Roles:
        first = self.part.node_seats[node]
        return tuple(
            Role.FAULT
            if any(value.standings[first.index(seat)].fault for seat in self.part.teams[team])
            else (role if role is not Role.OFF and role is not Role.FAULT else Role.BACKUP)
            for team, role in zip(self.part.node_teams[node], old, strict=True)
        )

    def calm(self, cells: Sequence[Cell]) -> bool:
        """Whether nothing is due: each backup is held by a master it accepts, no two masters meet."""
        if self.simple:
            top, need = stand(cells)
            return need <= top
        part = self.part
        priorities: dict[int, int] = {}
        masters = 0
        for cell in cells:
            masters |= cell.masters
            for seat, value in zip(part.node_seats[cell.node], cell.live.standings, strict=True):
                priorities[seat] = value.priority
                if value.mute:
                    return False
        for cell in cells:
            for team, role in zip(part.node_teams[cell.node], cell.roles, strict=True):
                if role is Role.BACKUP:
                    if not any(self._held(seat, masters, priorities) for seat in part.teams[team]):
                        return False
                elif role is Role.MASTER and any(part.heard[seat] & masters for seat in part.teams[team]):
                    return False
        return True

    def _held(self, seat: int, masters: int, priorities: dict[int, int]) -> bool:
        heard = self.part.heard[seat] & masters
        facts = self.part.seats[seat]
        if not heard or facts.owner:
            return False
        if facts.nopreempt:
            return True
        mine = priorities[seat]
        while heard:
            bit = heard & -heard
            heard ^= bit
            if priorities[bit.bit_length() - 1] >= mine:
                return True
        return False


def stand(cells: Sequence[Cell]) -> tuple[int, int]:
    """Of nodes with one team that all hear each other: the master's priority, and what the backups need."""
    top = need = -1
    for cell in cells:
        if cell.top >= 0:
            if top >= 0:
                return top, CLASH
            top = cell.top
        if cell.need > need:
            need = cell.need
    return top, need


def simple(part: Electorate) -> bool:
    """One team a node, every member hears its like on all other nodes and nobody else, and all timers are alike."""
    size = len(part.node_seats[0])
    if len(part.teams) != len(part.nodes) or any(len(seats) != size for seats in part.node_seats):
        return False
    ranks = [sum(1 << seats[rank] for seats in part.node_seats) for rank in range(size)]
    first = part.seats[0]
    alike = (first.version, first.interval, first.adverts, first.preempt_delay)
    return all(
        part.heard[seat] == ranks[rank] & ~(1 << seat) for seats in part.node_seats for rank, seat in enumerate(seats)
    ) and all(
        (s.version, s.interval, s.adverts, s.preempt_delay) == alike
        and not s.instance.dont_track_primary
        and (s.nopreempt, s.owner) == (leader.nopreempt, leader.owner)
        for s in part.seats
        for leader in [part.seats[part.node_seats[s.node][0]]]
    )


def _even(standings: Standings) -> bool:
    """Whether the members of a team have one priority."""
    return all(each.priority == standings[0].priority for each in standings)

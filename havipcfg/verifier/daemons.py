"""The daemons of an electorate at one instant: what each is, which timers run, what waits.

Seats are instances on nodes; a team is the seats that change state together, a sync group or a
single instance. Instants are known within bounds (moments.py).
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple, Self, TypeAlias

from havipcfg.verifier.electorate import Electorate
from havipcfg.verifier.moments import NOW, Moment, Term
from havipcfg.verifier.standing import Standing

START_UP = 0.47
"""Seconds a starting keepalived needs at most until its timers run."""
CLEAN_UP = 0.15
"""Seconds a starting keepalived needs at most until addresses that a killed one left are gone."""
START_JITTER = 0.03
"""Seconds by which nodes started together differ."""
RACE = 0.002
"""Two timers closer than this, in seconds, may fire in either order."""
RACE_DUAL = 0.05
"""Seconds for which both can hold after such a race."""
GIVES_WAY = Term("", 0.0, 0.05)
"""A master that hears a better one needs this long at most until its addresses are gone."""


class Role(IntEnum):
    """What a team is; OFF when its daemon does not run."""

    OFF = 0
    FAULT = 1
    BACKUP = 2
    MASTER = 3


class Mode(IntEnum):
    """What a node is: KILLED has no daemon but keeps its addresses, FROZEN is a paused one."""

    OFF = 0
    UP = 1
    FROZEN = 2
    KILLED = 3


Standings: TypeAlias = tuple[Standing, ...]
"""One for each seat of a node, in the order of ``Electorate.node_seats``."""


class Due(NamedTuple):
    """Something that will happen; ``kind`` is promote, demote, standing, delay, hear, clean, both or promote both."""

    moment: Moment
    kind: str
    subject: int
    cause: str = ""
    standings: Standings = ()
    winner: int = -1


Advert: TypeAlias = tuple[int, int]
"""The seat that sent it, and its priority; 0 is a goodbye."""

_COPIED = (
    *("role", "mode", "standing", "audible", "anchor", "learned"),
    *("delay", "delayed_by", "held", "ready", "agenda", "timeline"),
)


class Daemons:
    """All that decides what happens next, and what has happened since the event at time zero."""

    __slots__ = (
        "agenda",
        "anchor",
        "audible",
        "conflicts",
        "delay",
        "delayed",
        "delayed_by",
        "electorate",
        "held",
        "learned",
        "mail",
        "mode",
        "moves",
        "now",
        "phases",
        "raced",
        "ready",
        "repeats",
        "residue",
        "role",
        "standing",
        "timeline",
        "unsettled",
        "waiting",
    )

    def __init__(self, electorate: Electorate) -> None:
        seats = len(electorate.seats)
        self.electorate = electorate
        self.role = [Role.OFF] * len(electorate.teams)
        self.mode = [Mode.OFF] * len(electorate.nodes)
        self.standing = [Standing(seat.instance.priority, False, False) for seat in electorate.seats]
        self.audible = list(electorate.heard)
        self.anchor: list[Moment | None] = [None] * seats
        self.learned = [seat.interval for seat in electorate.seats]
        self.delay: list[str | None] = [None] * seats
        self.delayed_by = [0] * seats
        self.held = [0] * seats
        self.ready: list[Moment | None] = [None] * seats
        self.waiting = 0
        self.delayed = 0
        """Bits of the seats whose vrrp_startup_delay the adverts of a lower master would lengthen."""
        self.residue = 0
        self.conflicts: dict[tuple[int, int], Moment] = {}
        self.mail: dict[int, tuple[Advert, ...]] = {}
        self.phases: dict[tuple[int, float], Term] = {}
        """How long it is now until the next advert of a team, by its interval; in one moment the same for all."""
        self.agenda: list[Due] = []
        self.timeline: list[tuple[Moment, int]] = []
        self.now = NOW
        self.moves = self.repeats = 0
        self.raced = False
        self.unsettled = False

    def copy(self) -> Self:
        other = type(self).__new__(type(self))
        for name in ("delayed", "electorate", "residue", "now", "moves", "raced", "repeats", "unsettled", "waiting"):
            setattr(other, name, getattr(self, name))
        for name in _COPIED:
            setattr(other, name, list(getattr(self, name)))
        other.conflicts = dict(self.conflicts)
        other.mail = dict(self.mail)
        other.phases = dict(self.phases)
        return other

    def masters(self) -> int:
        """Bits of the seats that are MASTER, heard or not."""
        mask = 0
        for team, role in enumerate(self.role):
            if role is Role.MASTER:
                for seat in self.electorate.teams[team]:
                    mask |= 1 << seat
        return mask

    def speaking(self) -> int:
        """Bits of the seats that send adverts."""
        mask = 0
        for team, role in enumerate(self.role):
            if role is Role.MASTER and self.mode[self.electorate.team_node[team]] is Mode.UP:
                for seat in self.electorate.teams[team]:
                    if not self.standing[seat].mute:
                        mask |= 1 << seat
        return mask

    def holders(self) -> int:
        """Bits of the seats whose node has the addresses."""
        return self.masters() | self.residue

    def state(self) -> tuple[object, ...]:
        """All that decides the future of a settled election."""
        return (
            tuple(self.role),
            tuple(self.mode),
            tuple(self.standing),
            tuple(self.learned),
            tuple(self.delay),
            self.residue,
            tuple(self.audible),
            tuple(self.mail.items()),
        )

    def as_heard(self) -> list[Self]:
        """A VRRP version 3 backup goes by the master it has heard last: every way where they differ."""
        found = [self]
        for seat, facts in enumerate(self.electorate.seats):
            if facts.version != 3 or not self.held[seat] & (self.held[seat] - 1):
                continue
            masters = [each for number, each in enumerate(self.electorate.seats) if self.held[seat] & (1 << number)]
            for interval in {each.interval for each in masters} - {self.learned[seat]}:
                others = [election.copy() for election in found]
                for other in others:
                    other.learned[seat] = interval
                found += others
        return found

    def node_mask(self, node: int) -> int:
        """Bits of the seats of a node."""
        return sum(1 << seat for seat in self.electorate.node_seats[node])

    def seats_of(self, node: int, *, speaking: bool) -> int:
        return (self.speaking() if speaking else self.masters()) & self.node_mask(node)

    def take(self, node: int, standings: Standings) -> None:
        for seat, value in zip(self.electorate.node_seats[node], standings, strict=True):
            self.standing[seat] = value

    def enter(self, team: int, terms: tuple[Term, ...], *, starting: bool = False) -> None:
        """Timers begin anew, ``terms`` from now."""
        seats = self.electorate.teams[team]
        fault = any(self.standing[seat].fault for seat in seats)
        self.role[team] = Role.FAULT if fault else Role.BACKUP
        at_once = starting and all(
            self.electorate.seats[seat].owner and not self.electorate.seats[seat].instance.begins_as_backup
            for seat in seats
        )
        for seat in seats:
            self.clear(seat)
            facts = self.electorate.seats[seat]
            if starting:
                self.learned[seat] = facts.interval
            if fault:
                continue
            self.ready[seat] = self.now.plus(*terms)
            wait = terms
            if starting and terms and facts.instance.startup_delay:
                delay = facts.instance.startup_delay
                wait = (*wait, Term(f"vrrp_startup_delay {delay:g} s", delay, delay))
                self.delayed |= 0 if facts.modern else 1 << seat
            if at_once:
                skew = self.electorate.skew(seat, facts.instance.priority, self.learned[seat]).lo
                wait = (*wait, Term("an owner is master at once", -skew, -skew))
            else:
                wait = (*wait, adverts(facts.adverts, self.learned[seat]))
            self.anchor[seat] = self.now.plus(*wait)

    def clear(self, seat: int) -> None:
        self.anchor[seat] = None
        self.held[seat] = 0
        self.ready[seat] = None
        self.delayed &= ~(1 << seat)
        self.cancel_delay(seat)
        if self.waiting & (1 << seat):
            self.waiting &= ~(1 << seat)
            self.agenda = [due for due in self.agenda if due.kind != "hear" or due.subject != seat]

    def cancel_delay(self, seat: int) -> None:
        self.delayed_by[seat] = 0
        if self.delay[seat] is not None:
            self.delay[seat] = None
            self.agenda = [due for due in self.agenda if due.kind != "delay" or due.subject != seat]

    def switch_off(self, node: int, mode: Mode) -> None:
        self.mode[node] = mode
        self.residue &= ~self.node_mask(node)
        self.agenda = [due for due in self.agenda if due.kind not in ("standing", "clean") or due.subject != node]
        for team in self.electorate.node_teams[node]:
            self.role[team] = Role.OFF
            for seat in self.electorate.teams[team]:
                self.clear(seat)
                self.mail.pop(seat, None)
                self.learned[seat] = self.electorate.seats[seat].interval


def adverts(count: int, interval: float) -> Term:
    """The time between so many adverts."""
    seconds = count * interval
    return Term(f"{count} * advert_int {interval:g} s", seconds, seconds)

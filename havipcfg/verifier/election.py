"""The election itself: from any state, what happens until nothing more happens.

Daemons are followed event by event, with instants known within bounds (moments.py). Where
the order of two events cannot be known the election branches, so a result is a list of
outcomes. Seats are instances on nodes; a team is the seats that change state together, a
sync group or a single instance.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple, TypeAlias

from havipcfg.verifier.electorate import Electorate, Seat
from havipcfg.verifier.moments import INFINITY, NOW, Moment, Term, latest
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
LONG_AGO = Moment((Term("its timer has expired", -1e6, -1e6),), -1e6, -1e6)


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
    *("delay", "held", "ready", "agenda", "timeline"),
)


class Election:
    """One branch of what may happen, from the event at time zero onwards."""

    __slots__ = (
        "agenda",
        "anchor",
        "audible",
        "conflicts",
        "delay",
        "electorate",
        "held",
        "learned",
        "mail",
        "mode",
        "moves",
        "now",
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
        self.held = [0] * seats
        self.ready: list[Moment | None] = [None] * seats
        self.waiting = 0
        self.residue = 0
        self.conflicts: dict[tuple[int, int], Moment] = {}
        self.mail: dict[int, tuple[Advert, ...]] = {}
        self.agenda: list[Due] = []
        self.timeline: list[tuple[Moment, int]] = []
        self.now = NOW
        self.moves = self.repeats = 0
        self.raced = False
        self.unsettled = False

    def copy(self) -> Election:
        other = Election.__new__(Election)
        for name in ("electorate", "residue", "now", "moves", "raced", "repeats", "unsettled", "waiting"):
            setattr(other, name, getattr(self, name))
        for name in _COPIED:
            setattr(other, name, list(getattr(self, name)))
        other.conflicts = dict(self.conflicts)
        other.mail = dict(self.mail)
        return other

    # -- what is ---------------------------------------------------------------------------

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

    def as_heard(self) -> list[Election]:
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

    # -- what is done to it ----------------------------------------------------------------

    def begin(self, elapsed: float | None = None) -> None:
        """A new event happens now: in a settled state, or ``elapsed`` seconds after the last one."""
        if elapsed is None:
            self.anchor = [None if anchor is None else LONG_AGO for anchor in self.anchor]
            self.agenda, self.conflicts, self.waiting = [], {}, 0
        else:
            self.anchor = [None if anchor is None else anchor.earlier(elapsed) for anchor in self.anchor]
            self.agenda = [
                due._replace(moment=due.moment.earlier(elapsed).within(0.0, INFINITY)) for due in self.agenda
            ]
            self.conflicts = {
                pair: moment.earlier(elapsed).within(0.0, INFINITY) for pair, moment in self.conflicts.items()
            }
        self.ready = [None] * len(self.ready)
        self.timeline = [(NOW, self.holders())]
        self.now = NOW
        self.moves = self.repeats = 0
        self.raced = self.unsettled = False

    def start(self, node: int, standings: Standings, start_up: Term) -> None:
        """The daemon starts; the first thing it does is to remove addresses that were left over."""
        self._take(node, standings)
        self.mode[node] = Mode.UP
        jitter = Term("", 0.0, START_JITTER)
        if self.residue & self.node_mask(node):
            removal = Term(f"left-over addresses are removed 0..{CLEAN_UP:g} s", 0.0, CLEAN_UP)
            self.agenda.append(Due(self.now.plus(removal), "clean", node))
        for team in self.electorate.node_teams[node]:
            self._enter_backup_or_fault(team, (start_up, jitter), starting=True)

    def stop(self, node: int) -> None:
        """A clean stop: priority 0 is sent, addresses go."""
        if self.mode[node] is not Mode.UP:
            return
        leaving = self._seats_of(node, speaking=True)
        self._switch_off(node, Mode.OFF)
        self._refresh(leaving, 0)

    def die(self, node: int) -> None:
        """The host is gone."""
        self._switch_off(node, Mode.OFF)
        self._refresh(0, 0)

    def kill(self, node: int) -> None:
        """The daemon is gone, its addresses stay."""
        left = self._seats_of(node, speaking=False) | (self.residue & self.node_mask(node))
        self._switch_off(node, Mode.KILLED)
        self.residue |= left
        self._refresh(0, 0)

    def freeze(self, node: int) -> None:
        if self.mode[node] is Mode.UP:
            self.mode[node] = Mode.FROZEN
            self._refresh(0, 0)

    def thaw(self, node: int) -> None:
        """A paused daemon goes on: what waits in its sockets is read first, then overdue adverts leave."""
        if self.mode[node] is not Mode.FROZEN:
            return
        self.mode[node] = Mode.UP
        fresh = 0
        for team in self.electorate.node_teams[node]:
            seats = self.electorate.teams[team]
            if self.role[team] is Role.MASTER and all(
                self.electorate.seats[s].instance.timer_expired_backup and self.electorate.seats[s].nopreempt
                for s in seats
            ):
                self._enter_backup_or_fault(team, ())
            for seat in seats:
                for advert in self.mail.pop(seat, ()):
                    self._read(seat, advert)
            if self.role[team] is Role.MASTER:
                fresh |= 1 << team
        self._refresh(0, fresh)

    def _read(self, seat: int, advert: Advert) -> None:
        """An advert that has waited; a master meets one that still speaks in ``_meet``."""
        sender, priority = advert
        facts, other = self.electorate.seats[seat], self.electorate.seats[sender]
        role = self.role[facts.team]
        if role is Role.MASTER and priority and self._beats(sender, seat, priority):
            still = self.audible[seat] & self.speaking() & (1 << sender)
            if still and priority == self.standing[sender].priority:
                return
            if facts.version == 3:
                self.learned[seat] = other.interval
            self._enter_backup_or_fault(facts.team, ())
        elif role is Role.BACKUP and priority == 0:
            if self._wants(seat):
                return
            self.anchor[seat] = self.now.plus(Term("priority 0 is read", 0.0, 0.0))
            self.held[seat] = 0
        elif role is Role.BACKUP and self._accepts(seat, facts, priority):
            if facts.version == 3:
                self.learned[seat] = other.interval
            self.anchor[seat] = self.now.plus(_adverts(facts.adverts, self.learned[seat]))
            self.held[seat] = 0

    def _accepts(self, seat: int, facts: Seat, priority: int) -> bool:
        """Whether one advert of that priority keeps the seat in BACKUP."""
        if facts.owner:
            return False
        waits = facts.nopreempt or (bool(facts.preempt_delay) and self.delay[seat] != "over")
        return waits or priority >= self.standing[seat].priority

    def hear(self, audible: list[int]) -> None:
        """Links were cut or healed."""
        self.audible = audible
        self._refresh(0, 0)

    def expect(self, node: int, standings: Standings, when: Moment, cause: str = "") -> None:
        """The node will notice at ``when`` that it stands differently; an older change by the same cause is void."""
        self.agenda = [
            due for due in self.agenda if due.kind != "standing" or (due.subject, due.cause) != (node, cause)
        ]
        self.agenda.append(Due(when, "standing", node, cause, standings))

    def mute(self, node: int, standings: Standings) -> None:
        """A link changed where no daemon can notice; a paused one falls silent all the same."""
        for seat, value in zip(self.electorate.node_seats[node], standings, strict=True):
            self.standing[seat] = self.standing[seat]._replace(mute=value.mute)
        self._refresh(0, 0)

    def inherit(self, before: Election, same: dict[int, int], node: int) -> None:
        """Take over what goes on as it was when ``node`` of ``before`` reads a new configuration.

        ``same`` maps seats of this election to those they were; the others of the node leave.
        """
        before = before.copy()
        leaving, old = 0, before.electorate
        kept = set(same.values())
        for team in old.node_teams[node] if node >= 0 else ():
            if not any(seat in kept for seat in old.teams[team]):
                leaving |= before.speaking() & sum(1 << seat for seat in old.teams[team])
                before.role[team] = Role.OFF
                before.residue &= ~sum(1 << seat for seat in old.teams[team])
        before._refresh(leaving, 0)
        index = {name: position for position, name in enumerate(self.electorate.nodes)}
        for position, name in enumerate(old.nodes):
            if name in index:
                self.mode[index[name]] = before.mode[position]
        for seat, was in same.items():
            self.anchor[seat] = before.anchor[was]
            self.held[seat] = sum(1 << s for s, w in same.items() if before.held[was] & (1 << w))
            self.delay[seat] = before.delay[was]
            self.standing[seat] = before.standing[was]
            self.learned[seat] = before.learned[was]
            self.residue |= (1 << seat) if before.residue & (1 << was) else 0
            self.role[self.electorate.seats[seat].team] = before.role[old.seats[was].team]
        for due in before.agenda:
            if due.kind == "standing" and due.subject != node and old.nodes[due.subject] in index:
                self.agenda.append(due._replace(subject=index[old.nodes[due.subject]]))
        held = sum(1 << seat for seat, was in same.items() if before.timeline[0][1] & (1 << was))
        earlier = self.timeline[0][1] if self.timeline else 0
        self.timeline = [(NOW, held | earlier)]

    def reread(self, node: int, standings: Standings, known: set[int]) -> None:
        """The node acts on its new configuration; instances not ``known`` before begin in BACKUP."""
        if self.mode[node] is not Mode.UP:
            return
        leaving = self._notice(node, standings)
        for team in self.electorate.node_teams[node]:
            if any(seat not in known for seat in self.electorate.teams[team]):
                self._enter_backup_or_fault(team, (Term("reload 0..0.1 s", 0.0, 0.1),), starting=True)
        self._refresh(leaving, 0)

    def seat(self, node: int, standings: Standings, roles: tuple[Role, ...]) -> None:
        """Put a running node into a known state."""
        self._take(node, standings)
        self.mode[node] = Mode.UP
        for team, role in zip(self.electorate.node_teams[node], roles, strict=True):
            self.role[team] = role

    def hold(self) -> None:
        """Find who holds whom in a settled state; a backup that nobody holds has long been waiting."""
        self._refresh(0, 0)
        for seat, facts in enumerate(self.electorate.seats):
            if self.role[facts.team] is Role.BACKUP and not self.held[seat] and self.anchor[seat] is None:
                self.anchor[seat] = LONG_AGO
        self.conflicts = {}

    def leave(self, node: int) -> None:
        """Forget a node that goes its own way."""
        self._switch_off(node, Mode.OFF)

    def node_mask(self, node: int) -> int:
        """Bits of the seats of a node."""
        return sum(1 << seat for seat in self.electorate.node_seats[node])

    # -- what follows ----------------------------------------------------------------------

    def future(self, event: Due, *, exact: bool) -> tuple[object, ...]:
        """What tells this branch from others; without ``exact`` the instants do not count."""
        waiting = tuple((due.kind, due.subject) for due in self.agenda)
        what = (event.kind, event.subject, self.state(), tuple(self.held), waiting, self.waiting, self.repeats)
        if not exact:
            return (*what, tuple(anchor is None for anchor in self.anchor))
        instants = (*(due.moment for due in self.agenda), *(anchor or NOW for anchor in self.anchor), self.now)
        return (*what, tuple((moment.lo, moment.hi) for moment in instants), self.timeline[-1][1], len(self.timeline))

    def refresh(self) -> None:
        """Find who holds whom and who meets, after something outside has changed."""
        self._refresh(0, 0)

    def due(self) -> list[Due]:
        """What will happen next unless something else happens before."""
        due = list(self.agenda)
        electorate = self.electorate
        for team, role in enumerate(self.role):
            if role is not Role.BACKUP or self.mode[electorate.team_node[team]] is not Mode.UP:
                continue
            expiries = []
            for seat in electorate.teams[team]:
                anchor = self.anchor[seat]
                if self.held[seat] or anchor is None:
                    break
                expiries.append(anchor.plus(electorate.skew(seat, self.standing[seat].priority, self.learned[seat])))
            else:
                moment = expiries[0] if len(expiries) == 1 else latest(expiries)
                due.append(Due(moment.within(self.now.lo, INFINITY), "promote", team))
        for (winner, loser), moment in self.conflicts.items():
            due.append(Due(moment, "demote", loser, winner=winner))
        return due

    def happen(self, event: Due, due: list[Due]) -> None:
        """One of what is ``due`` happens, before all the others."""
        bound = min(other.moment.hi for other in due) + RACE
        self.now = event.moment.within(self.now.lo, bound)
        self.moves += 1
        leaving = fresh = 0
        electorate = self.electorate
        if event.kind == "promote":
            self.role[event.subject] = Role.MASTER
            for seat in electorate.teams[event.subject]:
                self._clear(seat)
            fresh = 1 << event.subject
        elif event.kind == "demote":
            loser = electorate.seats[event.subject]
            if loser.version == 3:
                self.learned[event.subject] = electorate.seats[event.winner].interval
            self._enter_backup_or_fault(loser.team, ())
        elif event.kind == "both":
            pair = (event.subject, event.winner)
            for seat, other in (pair, pair[::-1]):
                rivals = electorate.teams[electorate.seats[other].team]
                heard = [rival for rival in rivals if self.audible[seat] & (1 << rival)]
                if electorate.seats[seat].version == 3 and heard:
                    self.learned[seat] = electorate.seats[heard[0]].interval
                self._enter_backup_or_fault(electorate.seats[seat].team, ())
        elif event.kind == "promote both":
            self.repeats += 1
            for team in (event.subject, event.winner):
                self.role[team] = Role.MASTER
                fresh |= 1 << team
                for seat in electorate.teams[team]:
                    self._clear(seat)
        elif event.kind == "standing":
            self.agenda.remove(event)
            leaving = self._notice(event.subject, event.standings)
        elif event.kind == "delay":
            self.agenda.remove(event)
            self.delay[event.subject] = "over"
        elif event.kind == "hear":
            self.agenda.remove(event)
            self.waiting &= ~(1 << event.subject)
        elif event.kind == "clean":
            self.agenda.remove(event)
            self.residue &= ~self.node_mask(event.subject)
        self._refresh(leaving, fresh)
        holders = self.holders()
        if holders != self.timeline[-1][1]:
            self.timeline.append((self.now, holders))

    def _notice(self, node: int, standings: Standings) -> int:
        """Act on new standings; gives the bits of seats that send priority 0."""
        self._take(node, standings)
        if self.mode[node] is not Mode.UP:
            return 0
        leaving = 0
        for team in self.electorate.node_teams[node]:
            seats = self.electorate.teams[team]
            fault = any(self.standing[seat].fault for seat in seats)
            if fault and self.role[team] in (Role.MASTER, Role.BACKUP):
                if self.role[team] is Role.MASTER:
                    leaving |= sum(1 << seat for seat in seats if not self.standing[seat].mute)
                self.role[team] = Role.FAULT
                for seat in seats:
                    self._clear(seat)
                    self.learned[seat] = self.electorate.seats[seat].interval
            elif not fault and self.role[team] is Role.FAULT:
                self._enter_backup_or_fault(team, (), starting=True)
        return leaving

    def _enter_backup_or_fault(self, team: int, terms: tuple[Term, ...], *, starting: bool = False) -> None:
        """Timers begin anew, ``terms`` from now."""
        seats = self.electorate.teams[team]
        fault = any(self.standing[seat].fault for seat in seats)
        self.role[team] = Role.FAULT if fault else Role.BACKUP
        at_once = starting and all(
            self.electorate.seats[seat].owner and not self.electorate.seats[seat].instance.begins_as_backup
            for seat in seats
        )
        for seat in seats:
            self._clear(seat)
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
            if at_once:
                skew = self.electorate.skew(seat, facts.instance.priority, self.learned[seat]).lo
                wait = (*wait, Term("an owner is master at once", -skew, -skew))
            else:
                wait = (*wait, _adverts(facts.adverts, self.learned[seat]))
            self.anchor[seat] = self.now.plus(*wait)

    def _refresh(self, leaving: int, fresh: int) -> None:
        """Who is held in BACKUP by whom now, which timers begin, which masters will meet."""
        electorate, speaking = self.electorate, self.speaking()
        if Mode.FROZEN in self.mode:
            self._keep_mail(leaving, speaking)
        phases: dict[int, Term] = {}
        new = sum(1 << seat for team, seats in enumerate(electorate.teams) if fresh & (1 << team) for seat in seats)
        for seat, facts in enumerate(electorate.seats):
            if self.role[facts.team] is not Role.BACKUP or self.mode[facts.node] is not Mode.UP:
                continue
            audible = 0 if self.standing[seat].mute else self.audible[seat]
            accepted = self._accepted(seat, facts, audible & speaking, new)
            if accepted:
                accepted = self._once_heard(seat, facts, accepted, audible & leaving)
            if accepted:
                self.anchor[seat] = None
                if facts.version == 3:
                    self.learned[seat] = electorate.seats[accepted.bit_length() - 1].interval
            elif audible & leaving:
                if not self._wants(seat):
                    self.anchor[seat] = self.now.plus(Term("priority 0 is heard", 0.0, 0.0))
            elif self.held[seat]:
                master = self.held[seat].bit_length() - 1
                interval = self.learned[seat]
                phase = phases.get(master)
                if phase is None:
                    label = f"time to its next advert 0..{interval:g} s"
                    phase = phases[master] = Term(label, 0.0, interval)
                self.anchor[seat] = self.now.plus(phase, _adverts(facts.adverts - 1, interval))
            self.held[seat] = accepted
        self._meet(speaking, fresh)

    def _keep_mail(self, leaving: int, speaking: int) -> None:
        """What is sent to a frozen node waits there: for each seat who spoke, in order."""
        for seat, facts in enumerate(self.electorate.seats):
            if self.mode[facts.node] is not Mode.FROZEN or self.standing[seat].mute:
                continue
            waiting = self.mail.get(seat, ())
            for sender in range(len(self.electorate.seats)):
                if self.audible[seat] & leaving & (1 << sender):
                    waiting = (*waiting, (sender, 0))
            speakers = [s for s in range(len(self.electorate.seats)) if self.audible[seat] & speaking & (1 << s)]
            current = tuple((sender, self.standing[sender].priority) for sender in speakers)
            if current and set(waiting[-len(current) :]) != set(current):
                waiting += current
            if waiting:
                self.mail[seat] = waiting

    def _wants(self, seat: int) -> bool:
        """Whether a member of a group has timed out and waits for the others; only an accepted advert ends that."""
        anchor, facts = self.anchor[seat], self.electorate.seats[seat]
        if anchor is None or self.held[seat] or len(self.electorate.teams[facts.team]) == 1:
            return False
        skew = self.electorate.skew(seat, self.standing[seat].priority, self.learned[seat])
        return anchor.hi + skew.hi <= self.now.lo

    def _once_heard(self, seat: int, facts: Seat, accepted: int, farewell: int) -> int:
        """The masters that hold the seat at once: none while its timer may expire before their next advert.

        That is so after priority 0 from another master, which sets the timer to the skew
        whoever sent it, and for a new backup whose own interval is far shorter.
        """
        bit = 1 << seat
        if self.waiting & bit:
            return 0
        interval = self.electorate.seats[accepted.bit_length() - 1].interval
        fresh = self.anchor[seat] is not None and not self.held[seat]
        if not farewell and not (fresh and (facts.owner or interval > facts.adverts * self.learned[seat])):
            return accepted
        since = self.now if farewell else self._since(seat)
        self.waiting |= bit
        heard = Term(f"until the other master's next advert 0..{interval:g} s", 0.0, interval)
        self.agenda.append(Due(since.plus(heard), "hear", seat))
        return 0

    def _since(self, seat: int) -> Moment:
        """When the seat listens: now, or once its daemon is up."""
        ready = self.ready[seat]
        return self.now if ready is None or self.now.hi >= ready.hi else ready

    def _accepted(self, seat: int, facts: Seat, heard: int, new: int) -> int:
        """Of the masters ``heard``, some of them ``new``, those whose adverts keep the seat in BACKUP.

        A master of lower priority starts a preempt_delay; where a better one was heard beside it
        until now, the lower one's last advert before that has started it already.
        """
        mine = self.standing[seat].priority
        accepted, lower = 0, False
        if self.delay[seat] is None and not facts.preempt_delay and facts.nopreempt and not facts.owner:
            return heard
        rest = heard
        while rest:
            bit = rest & -rest
            rest ^= bit
            other = self.standing[bit.bit_length() - 1].priority
            if other >= mine or (facts.nopreempt and not facts.owner):
                accepted |= bit
            else:
                lower = True
        if not facts.preempt_delay or facts.nopreempt or facts.owner:
            return accepted
        if accepted:
            self._cancel_delay(seat)
        elif lower:
            if self.delay[seat] is None:
                self.delay[seat] = "running"
                interval = self.electorate.seats[heard.bit_length() - 1].interval
                sooner = interval if self.held[seat] & ~heard and not heard & new else 0.0
                first = Term(f"until a lower advert is heard 0..{interval:g} s", -sooner, interval)
                delay = Term(f"preempt_delay {facts.preempt_delay:g} s", facts.preempt_delay, facts.preempt_delay)
                since = self._since(seat)
                self.agenda.append(Due(since.plus(first, delay), "delay", seat))
            if self.delay[seat] == "running":
                return heard
        return accepted

    def _meet(self, speaking: int, fresh: int) -> None:
        """Masters that hear each other: one of them will give way."""
        if not speaking & (speaking - 1):
            self.conflicts.clear()
            return
        meeting: dict[tuple[int, int], Moment] = {}
        seats = self.electorate.seats
        masters = [seat for seat in range(len(seats)) if speaking & (1 << seat)]
        for loser in masters:
            for winner in masters:
                if winner == loser or not self.audible[loser] & (1 << winner):
                    continue
                if not self._beats(winner, loser):
                    continue
                known = self.conflicts.get((winner, loser))
                meeting[winner, loser] = known if known is not None else self._meeting(winner, loser, fresh)
        self.conflicts = meeting

    def _beats(self, winner: int, loser: int, advertised: int | None = None) -> bool:
        """Whether one master makes another give way, by its priority now or the one it once ``advertised``."""
        one = self.standing[winner].priority if advertised is None else advertised
        other = self.standing[loser].priority
        if one != other:
            return one > other
        mine, its = self.electorate.seats[winner].address, self.electorate.seats[loser].address
        if mine is None or its is None:
            return True
        both_owners = self.electorate.seats[winner].owner and self.electorate.seats[loser].modern
        return mine < its if both_owners else mine > its

    def opposed(self, one: int, other: int) -> bool:
        """Whether each of two teams would make the other give way on some member."""
        pairs = [
            (first, second)
            for first in self.electorate.teams[one]
            for second in self.electorate.teams[other]
            if self.audible[first] & (1 << second) and self.audible[second] & (1 << first)
        ]
        return any(self._beats(*pair) for pair in pairs) and any(self._beats(*pair[::-1]) for pair in pairs)

    def told_apart(self, one: int, other: int) -> bool:
        """Whether a backup hears one of two teams and not the other: then the loser's one advert matters."""
        masks = [sum(1 << seat for seat in self.electorate.teams[team]) for team in (one, other)]
        return any(
            bool(self.audible[seat] & masks[0]) != bool(self.audible[seat] & masks[1])
            for seat, facts in enumerate(self.electorate.seats)
            if facts.team not in (one, other) and self.role[facts.team] is Role.BACKUP
        )

    def _meeting(self, winner: int, loser: int, fresh: int) -> Moment:
        first, second = self.electorate.seats[winner], self.electorate.seats[loser]
        if first.owner and second.owner and second.modern:
            return self.now.plus(Term("two adverts between two owners", first.interval, 3 * first.interval))
        heard_back = first.answers and self.audible[winner] & (1 << loser)
        if fresh & (1 << first.team) or (heard_back and fresh & (1 << second.team)):
            return self.now.plus(GIVES_WAY)
        interval = min(first.interval, second.interval) if heard_back else first.interval
        return self.now.plus(Term(f"until the next advert 0..{interval:g} s", 0.0, interval), GIVES_WAY)

    # -- small things ----------------------------------------------------------------------

    def _take(self, node: int, standings: Standings) -> None:
        for seat, value in zip(self.electorate.node_seats[node], standings, strict=True):
            self.standing[seat] = value

    def _clear(self, seat: int) -> None:
        self.anchor[seat] = None
        self.held[seat] = 0
        self.ready[seat] = None
        self._cancel_delay(seat)
        if self.waiting & (1 << seat):
            self.waiting &= ~(1 << seat)
            self.agenda = [due for due in self.agenda if due.kind != "hear" or due.subject != seat]

    def _cancel_delay(self, seat: int) -> None:
        if self.delay[seat] is not None:
            self.delay[seat] = None
            self.agenda = [due for due in self.agenda if due.kind != "delay" or due.subject != seat]

    def _seats_of(self, node: int, *, speaking: bool) -> int:
        return (self.speaking() if speaking else self.masters()) & self.node_mask(node)

    def _switch_off(self, node: int, mode: Mode) -> None:
        self.mode[node] = mode
        self.residue &= ~self.node_mask(node)
        self.agenda = [due for due in self.agenda if due.kind not in ("standing", "clean") or due.subject != node]
        for team in self.electorate.node_teams[node]:
            self.role[team] = Role.OFF
            for seat in self.electorate.teams[team]:
                self._clear(seat)
                self.mail.pop(seat, None)
                self.learned[seat] = self.electorate.seats[seat].interval


def _adverts(count: int, interval: float) -> Term:
    seconds = count * interval
    return Term(f"{count} * advert_int {interval:g} s", seconds, seconds)

"""The election itself: from any state, what happens until nothing more happens.

Daemons are followed event by event. Where the order of two events cannot be known the election
branches (settle.py), so a result is a list of outcomes.
"""

from __future__ import annotations

from havipcfg.verifier.adverts import last_before_delay_ends, refresh
from havipcfg.verifier.daemons import RACE, Daemons, Due, Mode, Role, Standings, adverts
from havipcfg.verifier.moments import INFINITY, NOW, Term, latest


class Election(Daemons):
    """One branch of what may happen, from the event at time zero onwards."""

    __slots__ = ()

    def future(self, event: Due, *, exact: bool) -> tuple[object, ...]:
        """What tells this branch from others; without ``exact`` the instants do not count."""
        waiting = tuple((due.kind, due.subject) for due in self.agenda)
        delays = (waiting, self.waiting, tuple(self.delayed_by))
        what = (event.kind, event.subject, self.state(), tuple(self.held), delays, self.repeats)
        if not exact:
            return (*what, tuple(anchor is None for anchor in self.anchor))
        instants = (*(due.moment for due in self.agenda), *(anchor or NOW for anchor in self.anchor), self.now)
        return (*what, tuple((moment.lo, moment.hi) for moment in instants), self.timeline[-1][1], len(self.timeline))

    def refresh(self) -> None:
        """Find who holds whom and who meets, after something outside has changed."""
        refresh(self, 0, 0)

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
        self.phases = {}
        self.moves += 1
        leaving = fresh = got = 0
        electorate = self.electorate
        if event.kind == "promote":
            self.role[event.subject] = Role.MASTER
            for seat in electorate.teams[event.subject]:
                self.clear(seat)
            fresh = 1 << event.subject
        elif event.kind == "demote":
            loser = electorate.seats[event.subject]
            if loser.version == 3:
                self.learned[event.subject] = electorate.seats[event.winner].interval
            self.enter(loser.team, ())
        elif event.kind == "both":
            pair = (event.subject, event.winner)
            for seat, other in (pair, pair[::-1]):
                rivals = electorate.teams[electorate.seats[other].team]
                heard = [rival for rival in rivals if self.audible[seat] & (1 << rival)]
                if electorate.seats[seat].version == 3 and heard:
                    self.learned[seat] = electorate.seats[heard[0]].interval
                self.enter(electorate.seats[seat].team, ())
        elif event.kind == "promote both":
            self.repeats += 1
            for team in (event.subject, event.winner):
                self.role[team] = Role.MASTER
                fresh |= 1 << team
                for seat in electorate.teams[team]:
                    self.clear(seat)
        elif event.kind == "standing":
            self.agenda.remove(event)
            leaving = self.notice(event.subject, event.standings)
        elif event.kind == "delay":
            self._delay_ends(event)
        elif event.kind == "hear":
            self.agenda.remove(event)
            got = 1 << event.subject
            self.waiting &= ~got
        elif event.kind == "clean":
            self.agenda.remove(event)
            self.residue &= ~self.node_mask(event.subject)
        refresh(self, leaving, fresh, got)
        holders = self.holders()
        if holders != self.timeline[-1][1]:
            self.timeline.append((self.now, holders))

    def ways(self, event: Due) -> list[Due]:
        """What is due, or the ways it may go: a delay may end just when an advert comes."""
        count = len(last_before_delay_ends(self, event.subject)) if event.kind == "delay" else 0
        return [event._replace(winner=way) for way in range(count)] or [event]

    def _delay_ends(self, event: Due) -> None:
        seat = event.subject
        self.agenda = [due for due in self.agenda if (due.kind, due.subject) != ("delay", seat)]
        rests = last_before_delay_ends(self, seat)
        self.delay[seat], self.delayed_by[seat] = "over", 0
        if rests:
            rest = rests[event.winner]
            last = Term(f"its next advert {rest:g} s", rest, rest)
            self.anchor[seat] = self.now.plus(
                last, adverts(self.electorate.seats[seat].adverts - 1, self.learned[seat])
            )
            self.held[seat] = 0

    def notice(self, node: int, standings: Standings) -> int:
        """Act on new standings; gives the bits of seats that send priority 0."""
        self.take(node, standings)
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
                    self.clear(seat)
                    self.learned[seat] = self.electorate.seats[seat].interval
            elif not fault and self.role[team] is Role.FAULT:
                self.enter(team, (), starting=True)
        return leaving

"""What is done to the daemons: each function is one event, in the state as it is now."""

from __future__ import annotations

from havipcfg.verifier.adverts import accepts, refresh, wants
from havipcfg.verifier.daemons import CLEAN_UP, START_JITTER, Advert, Due, Mode, Role, Standings, adverts
from havipcfg.verifier.election import Election
from havipcfg.verifier.masters import beats
from havipcfg.verifier.moments import INFINITY, NOW, Moment, Term

LONG_AGO = Moment((Term("its timer has expired", -1e6, -1e6),), -1e6, -1e6)


def begin(election: Election, elapsed: float | None = None) -> None:
    """A new event happens now: in a settled state, or ``elapsed`` seconds after the last one."""
    if elapsed is None:
        election.anchor = [None if anchor is None else LONG_AGO for anchor in election.anchor]
        election.agenda, election.conflicts, election.waiting = [], {}, 0
    else:
        election.anchor = [None if anchor is None else anchor.earlier(elapsed) for anchor in election.anchor]
        election.agenda = [
            due._replace(moment=due.moment.earlier(elapsed).within(0.0, INFINITY)) for due in election.agenda
        ]
        election.conflicts = {
            pair: moment.earlier(elapsed).within(0.0, INFINITY) for pair, moment in election.conflicts.items()
        }
    if elapsed != 0.0:
        election.phases = {}
    election.ready = [None] * len(election.ready)
    election.timeline = [(NOW, election.holders())]
    election.now = NOW
    election.moves = election.repeats = 0
    election.raced = election.unsettled = False


def start(election: Election, node: int, standings: Standings, start_up: Term) -> None:
    """The daemon starts; the first thing it does is to remove addresses that were left over."""
    election.take(node, standings)
    election.mode[node] = Mode.UP
    jitter = Term("", 0.0, START_JITTER)
    if election.residue & election.node_mask(node):
        removal = Term(f"left-over addresses are removed 0..{CLEAN_UP:g} s", 0.0, CLEAN_UP)
        election.agenda.append(Due(election.now.plus(removal), "clean", node))
    for team in election.electorate.node_teams[node]:
        election.enter(team, (start_up, jitter), starting=True)


def stop(election: Election, node: int) -> None:
    """A clean stop: priority 0 is sent, addresses go."""
    if election.mode[node] is not Mode.UP:
        return
    leaving = election.seats_of(node, speaking=True)
    election.switch_off(node, Mode.OFF)
    refresh(election, leaving, 0)


def die(election: Election, node: int) -> None:
    """The host is gone."""
    election.switch_off(node, Mode.OFF)
    refresh(election, 0, 0)


def kill(election: Election, node: int) -> None:
    """The daemon is gone, its addresses stay."""
    left = election.seats_of(node, speaking=False) | (election.residue & election.node_mask(node))
    election.switch_off(node, Mode.KILLED)
    election.residue |= left
    refresh(election, 0, 0)


def freeze(election: Election, node: int) -> None:
    """The daemon is paused: it holds what it has, says nothing, and finds its mail later."""
    if election.mode[node] is Mode.UP:
        election.mode[node] = Mode.FROZEN
        refresh(election, 0, 0)


def thaw(election: Election, node: int) -> None:
    """A paused daemon goes on: what waits in its sockets is read first, then overdue adverts leave."""
    if election.mode[node] is not Mode.FROZEN:
        return
    election.mode[node] = Mode.UP
    fresh = 0
    for team in election.electorate.node_teams[node]:
        seats = election.electorate.teams[team]
        if election.role[team] is Role.MASTER and all(
            election.electorate.seats[s].instance.timer_expired_backup and election.electorate.seats[s].nopreempt
            for s in seats
        ):
            election.enter(team, ())
        for seat in seats:
            for advert in election.mail.pop(seat, ()):
                _read(election, seat, advert)
        if election.role[team] is Role.MASTER:
            fresh |= 1 << team
    refresh(election, 0, fresh)
    for seat in election.electorate.node_seats[node]:
        election.delayed_by[seat] = 0


def _read(election: Election, seat: int, advert: Advert) -> None:
    """An advert that has waited; a master meets one that still speaks in masters.py."""
    sender, priority = advert
    facts, other = election.electorate.seats[seat], election.electorate.seats[sender]
    role = election.role[facts.team]
    if role is Role.MASTER and priority and beats(election, sender, seat, priority):
        still = election.audible[seat] & election.speaking() & (1 << sender)
        if still and priority == election.standing[sender].priority:
            return
        if facts.version == 3:
            election.learned[seat] = other.interval
        election.enter(facts.team, ())
    elif role is Role.BACKUP and priority == 0:
        if wants(election, seat):
            return
        election.anchor[seat] = election.now.plus(Term("priority 0 is read", 0.0, 0.0))
        election.held[seat] = 0
    elif role is Role.BACKUP and accepts(election, seat, facts, priority):
        if facts.version == 3:
            election.learned[seat] = other.interval
        election.anchor[seat] = election.now.plus(adverts(facts.adverts, election.learned[seat]))
        election.held[seat] = 0


def hear(election: Election, audible: list[int]) -> None:
    """Links were cut or healed."""
    election.audible = audible
    refresh(election, 0, 0)


def expect(election: Election, node: int, standings: Standings, when: Moment, cause: str = "") -> None:
    """The node will notice at ``when`` that it stands differently; an older change by the same cause is void."""
    election.agenda = [
        due for due in election.agenda if due.kind != "standing" or (due.subject, due.cause) != (node, cause)
    ]
    election.agenda.append(Due(when, "standing", node, cause, standings))


def mute(election: Election, node: int, standings: Standings) -> None:
    """A link changed where no daemon can notice; a paused one falls silent all the same."""
    for seat, value in zip(election.electorate.node_seats[node], standings, strict=True):
        election.standing[seat] = election.standing[seat]._replace(mute=value.mute)
    refresh(election, 0, 0)


def inherit(election: Election, before: Election, same: dict[int, int], node: int) -> None:
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
    refresh(before, leaving, 0)
    index = {name: position for position, name in enumerate(election.electorate.nodes)}
    for position, name in enumerate(old.nodes):
        if name in index:
            election.mode[index[name]] = before.mode[position]
    for seat, was in same.items():
        election.anchor[seat] = before.anchor[was]
        election.held[seat] = sum(1 << s for s, w in same.items() if before.held[was] & (1 << w))
        election.delay[seat] = before.delay[was]
        election.standing[seat] = before.standing[was]
        election.learned[seat] = before.learned[was]
        election.residue |= (1 << seat) if before.residue & (1 << was) else 0
        election.role[election.electorate.seats[seat].team] = before.role[old.seats[was].team]
    for due in before.agenda:
        if due.kind == "standing" and due.subject != node and old.nodes[due.subject] in index:
            election.agenda.append(due._replace(subject=index[old.nodes[due.subject]]))
    held = sum(1 << seat for seat, was in same.items() if before.timeline[0][1] & (1 << was))
    earlier = election.timeline[0][1] if election.timeline else 0
    election.timeline = [(NOW, held | earlier)]


def reread(election: Election, node: int, standings: Standings, known: set[int]) -> None:
    """The node acts on its new configuration; instances not ``known`` before begin in BACKUP."""
    if election.mode[node] is not Mode.UP:
        return
    leaving = election.notice(node, standings)
    for team in election.electorate.node_teams[node]:
        if any(seat not in known for seat in election.electorate.teams[team]):
            election.enter(team, (Term("reload 0..0.1 s", 0.0, 0.1),), starting=True)
    refresh(election, leaving, 0)


def place(election: Election, node: int, standings: Standings, roles: tuple[Role, ...]) -> None:
    """Put a running node into a known state."""
    election.take(node, standings)
    election.mode[node] = Mode.UP
    for team, role in zip(election.electorate.node_teams[node], roles, strict=True):
        election.role[team] = role


def hold(election: Election) -> None:
    """Find who holds whom in a settled state; a backup that nobody holds has long been waiting, delays are over."""
    refresh(election, 0, 0)
    if "running" in election.delay:
        election.held = [0 if delay else held for held, delay in zip(election.held, election.delay, strict=True)]
        election.delay = ["over" if delay else None for delay in election.delay]
        election.delayed_by = [0] * len(election.delay)
        election.agenda = [due for due in election.agenda if due.kind != "delay"]
        refresh(election, 0, 0)
    for seat, facts in enumerate(election.electorate.seats):
        if election.role[facts.team] is Role.BACKUP and not election.held[seat] and election.anchor[seat] is None:
            election.anchor[seat] = LONG_AGO
    election.conflicts = {}


def leave(election: Election, node: int) -> None:
    """Forget a node that goes its own way."""
    election.switch_off(node, Mode.OFF)

"""What the adverts of masters do to the others: who is held in BACKUP by whom, and which timers begin."""

from __future__ import annotations

from havipcfg.verifier.daemons import RACE, Daemons, Due, Mode, Role, adverts
from havipcfg.verifier.electorate import Seat
from havipcfg.verifier.masters import meet
from havipcfg.verifier.moments import Moment, Term


def refresh(daemons: Daemons, leaving: int, fresh: int, heard: int = 0) -> None:
    """Who is held in BACKUP by whom now, which timers begin, which masters will meet.

    Bits of seats: those ``leaving`` say goodbye, those ``heard`` have just waited for an advert and got it. ``fresh``
    are the teams that have just become master.
    The members of a group became master at one moment, so their adverts of one interval go out together.
    """
    electorate, speaking = daemons.electorate, daemons.speaking()
    if Mode.FROZEN in daemons.mode:
        _keep_mail(daemons, leaving, speaking)
    firsts: dict[tuple[int, float], Term] = {}
    new = sum(1 << seat for team, seats in enumerate(electorate.teams) if fresh & (1 << team) for seat in seats)
    for seat, facts in enumerate(electorate.seats):
        if daemons.role[facts.team] is not Role.BACKUP or daemons.mode[facts.node] is not Mode.UP:
            continue
        audible = 0 if daemons.standing[seat].mute else daemons.audible[seat]
        accepted = _accepted(daemons, seat, facts, audible & speaking, new, firsts)
        if accepted:
            accepted = (
                accepted if heard & (1 << seat) else _once_heard(daemons, seat, facts, accepted, audible & leaving)
            )
        if accepted:
            daemons.anchor[seat] = None
            if facts.version == 3:
                daemons.learned[seat] = electorate.seats[accepted.bit_length() - 1].interval
        elif audible & leaving:
            if not wants(daemons, seat):
                daemons.anchor[seat] = daemons.now.plus(Term("priority 0 is heard", 0.0, 0.0))
        elif daemons.held[seat]:
            master = electorate.seats[daemons.held[seat].bit_length() - 1].team
            interval = daemons.learned[seat]
            phase = daemons.phases.get((master, interval))
            if phase is None:
                label = f"time to its next advert 0..{interval:g} s"
                phase = daemons.phases[master, interval] = Term(label, 0.0, interval)
            daemons.anchor[seat] = daemons.now.plus(phase, adverts(facts.adverts - 1, interval))
        elif audible & speaking and daemons.delayed & (1 << seat):
            _slow_down(daemons, seat, audible & speaking)
        daemons.held[seat] = accepted
        if accepted != daemons.delayed_by[seat]:
            daemons.delayed_by[seat] = 0
    meet(daemons, speaking, fresh)


def lengthened(delay: float, interval: float) -> tuple[float, float]:
    """How much longer than ``delay`` the vrrp_startup_delay of a better node lasts while it hears a master.

    Up to 2.2 every advert of a lower master that comes within the delay adds what is left of the delay to the timer
    (vrrp_init_instance_sands in vrrp_scheduler.c). In seconds, for the least and the most fortunate first advert.
    """
    left = [delay - number * interval for number in range(int(delay / interval) + 1)]
    return sum(left[1:]), sum(left)


def _slow_down(daemons: Daemons, seat: int, heard: int) -> None:
    """Once for each start: the adverts of a lower master make the delay longer."""
    ready, anchor = daemons.ready[seat], daemons.anchor[seat]
    if ready is None or anchor is None:
        return
    delay = daemons.electorate.seats[seat].instance.startup_delay
    interval = daemons.electorate.seats[heard.bit_length() - 1].interval
    least, most = ready.plus(Term("", delay, delay)).minus(_since(daemons, seat))
    daemons.delayed &= ~(1 << seat)
    if most > 0:
        label = "adverts of a lower master within vrrp_startup_delay"
        slower = Term(label, lengthened(max(0.0, least), interval)[0], lengthened(most, interval)[1])
        daemons.anchor[seat] = anchor.plus(slower)


def _keep_mail(daemons: Daemons, leaving: int, speaking: int) -> None:
    """What is sent to a frozen node waits there: for each seat who spoke, in order."""
    for seat, facts in enumerate(daemons.electorate.seats):
        if daemons.mode[facts.node] is not Mode.FROZEN or daemons.standing[seat].mute:
            continue
        waiting = daemons.mail.get(seat, ())
        for sender in range(len(daemons.electorate.seats)):
            if daemons.audible[seat] & leaving & (1 << sender):
                waiting = (*waiting, (sender, 0))
        speakers = [s for s in range(len(daemons.electorate.seats)) if daemons.audible[seat] & speaking & (1 << s)]
        current = tuple((sender, daemons.standing[sender].priority) for sender in speakers)
        if current and set(waiting[-len(current) :]) != set(current):
            waiting += current
        if waiting:
            daemons.mail[seat] = waiting


def wants(daemons: Daemons, seat: int) -> bool:
    """Whether a member of a group has timed out and waits for the others; only an accepted advert ends that."""
    facts = daemons.electorate.seats[seat]
    if daemons.anchor[seat] is None or daemons.held[seat] or len(daemons.electorate.teams[facts.team]) == 1:
        return False
    return _expiry(daemons, seat).hi <= daemons.now.lo


def _expiry(daemons: Daemons, seat: int) -> Moment:
    """When the timer of a seat that nobody holds expires."""
    anchor = daemons.anchor[seat]
    assert anchor is not None
    return anchor.plus(daemons.electorate.skew(seat, daemons.standing[seat].priority, daemons.learned[seat]))


def _once_heard(daemons: Daemons, seat: int, facts: Seat, accepted: int, farewell: int) -> int:
    """The masters that hold the seat at once: none while its timer may expire before their next advert.

    That is so after priority 0 from another master, which sets the timer to the skew
    whoever sent it, and for a new backup whose own interval is far shorter. An owner that starts is master
    before it hears anything.
    """
    bit = 1 << seat
    if daemons.waiting & bit:
        return 0
    interval = daemons.electorate.seats[accepted.bit_length() - 1].interval
    fresh = daemons.anchor[seat] is not None and not daemons.held[seat]
    if not farewell and not (fresh and (facts.owner or interval > facts.adverts * daemons.learned[seat])):
        return accepted
    since = daemons.now if farewell else _since(daemons, seat)
    if facts.owner and fresh and _expiry(daemons, seat).hi <= since.hi + RACE:
        return 0
    daemons.waiting |= bit
    heard = Term(f"until the other master's next advert 0..{interval:g} s", 0.0, interval)
    daemons.agenda.append(Due(since.plus(heard), "hear", seat))
    return 0


def _since(daemons: Daemons, seat: int) -> Moment:
    """When the seat listens: now, or once its daemon is up."""
    ready = daemons.ready[seat]
    return daemons.now if ready is None or daemons.now.hi >= ready.hi else ready


def _accepted(
    daemons: Daemons, seat: int, facts: Seat, heard: int, new: int, firsts: dict[tuple[int, float], Term]
) -> int:
    """Of the masters ``heard``, some of them ``new``, those whose adverts keep the seat in BACKUP.

    A master of lower priority starts a preempt_delay; where a better one was heard beside it
    until now, the lower one's last advert before that has started it already. One and the same advert,
    of ``firsts``, starts the delays of all who wait for it.
    """
    mine = daemons.standing[seat].priority
    accepted, lower = 0, False
    if daemons.delay[seat] is None and not facts.preempt_delay and facts.nopreempt and not facts.owner:
        return heard
    rest = heard
    while rest:
        bit = rest & -rest
        rest ^= bit
        other = daemons.standing[bit.bit_length() - 1].priority
        if other >= mine or (facts.nopreempt and not facts.owner):
            accepted |= bit
        else:
            lower = True
    if not facts.preempt_delay or facts.nopreempt or facts.owner:
        return accepted
    if accepted:
        daemons.cancel_delay(seat)
    elif lower:
        if daemons.delay[seat] is None:
            daemons.delay[seat] = "running"
            interval = daemons.electorate.seats[heard.bit_length() - 1].interval
            sooner = interval if daemons.held[seat] & ~heard and not heard & new else 0.0
            first = Term(f"until a lower advert is heard 0..{interval:g} s", -sooner, interval)
            since = _since(daemons, seat)
            if not sooner and not heard & (heard - 1) and since is daemons.now:
                sender = daemons.electorate.seats[heard.bit_length() - 1].team
                first = firsts.setdefault((sender, interval), first)
                daemons.delayed_by[seat] = heard
            delay = Term(f"preempt_delay {facts.preempt_delay:g} s", facts.preempt_delay, facts.preempt_delay)
            daemons.agenda.append(Due(since.plus(first, delay), "delay", seat))
        if daemons.delay[seat] == "running":
            return heard
    return accepted


def accepts(daemons: Daemons, seat: int, facts: Seat, priority: int) -> bool:
    """Whether one advert of that priority keeps the seat in BACKUP."""
    if facts.owner:
        return False
    waits = facts.nopreempt or (bool(facts.preempt_delay) and daemons.delay[seat] != "over")
    return waits or priority >= daemons.standing[seat].priority


def last_before_delay_ends(daemons: Daemons, seat: int) -> tuple[float, ...]:
    """Seconds by which the last advert accepted is less than an interval older than the end of a running delay.

    They follow from the first advert that was heard, where no other master was. One that comes just as the delay
    ends is accepted or not. Empty where nothing is known.
    """
    if not daemons.delayed_by[seat]:
        return ()
    interval = daemons.electorate.seats[daemons.delayed_by[seat].bit_length() - 1].interval
    rest = -daemons.electorate.seats[seat].preempt_delay % interval
    return (0.0, interval) if min(rest, interval - rest) < RACE else (rest,)

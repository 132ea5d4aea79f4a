"""Masters that hear each other: which of them gives way, and when."""

from __future__ import annotations

from havipcfg.verifier.daemons import Daemons, Role
from havipcfg.verifier.moments import Moment, Term

GIVES_WAY = Term("", 0.0, 0.05)
"""A master that hears a better one needs this long at most until its addresses are gone."""


def meet(daemons: Daemons, speaking: int, fresh: int) -> None:
    """Masters that hear each other: one of them will give way."""
    if not speaking & (speaking - 1):
        daemons.conflicts.clear()
        return
    meeting: dict[tuple[int, int], Moment] = {}
    seats = daemons.electorate.seats
    masters = [seat for seat in range(len(seats)) if speaking & (1 << seat)]
    for loser in masters:
        for winner in masters:
            if winner == loser or not daemons.audible[loser] & (1 << winner):
                continue
            if not beats(daemons, winner, loser):
                continue
            known = daemons.conflicts.get((winner, loser))
            meeting[winner, loser] = known if known is not None else _meeting(daemons, winner, loser, fresh)
    daemons.conflicts = meeting


def beats(daemons: Daemons, winner: int, loser: int, advertised: int | None = None) -> bool:
    """Whether one master makes another give way, by its priority now or the one it once ``advertised``.

    Of equals with an unknown address either may, but only one of them does.
    """
    one = daemons.standing[winner].priority if advertised is None else advertised
    other = daemons.standing[loser].priority
    if one != other:
        return one > other
    mine, its = daemons.electorate.seats[winner].address, daemons.electorate.seats[loser].address
    if mine is None or its is None:
        return True
    both_owners = daemons.electorate.seats[winner].owner and daemons.electorate.seats[loser].modern
    return mine < its if both_owners else mine > its


def beat_each_other(daemons: Daemons, one: int, other: int) -> bool:
    """Whether each of two teams is sure to make the other give way on some member."""
    pairs = [
        (first, second)
        for first in daemons.electorate.teams[one]
        for second in daemons.electorate.teams[other]
        if daemons.audible[first] & (1 << second) and daemons.audible[second] & (1 << first)
    ]
    wins = [(beats(daemons, first, second), beats(daemons, second, first)) for first, second in pairs]
    return (True, False) in wins and (False, True) in wins


def told_apart(daemons: Daemons, one: int, other: int) -> bool:
    """Whether somebody hears one of two teams and not the other: then the loser's one advert matters."""
    masks = [sum(1 << seat for seat in daemons.electorate.teams[team]) for team in (one, other)]
    return any(
        bool(daemons.audible[seat] & masks[0]) != bool(daemons.audible[seat] & masks[1])
        for seat, facts in enumerate(daemons.electorate.seats)
        if facts.team not in (one, other) and daemons.role[facts.team] in (Role.BACKUP, Role.MASTER)
    )


def _meeting(daemons: Daemons, winner: int, loser: int, fresh: int) -> Moment:
    first, second = daemons.electorate.seats[winner], daemons.electorate.seats[loser]
    if first.owner and second.owner and second.modern:
        return daemons.now.plus(Term("two adverts between two owners", first.interval, 3 * first.interval))
    heard_back = first.answers and daemons.audible[winner] & (1 << loser)
    if fresh & (1 << first.team) or (heard_back and fresh & (1 << second.team)):
        return daemons.now.plus(GIVES_WAY)
    interval = min(first.interval, second.interval) if heard_back else first.interval
    return daemons.now.plus(Term(f"until the next advert 0..{interval:g} s", 0.0, interval), GIVES_WAY)

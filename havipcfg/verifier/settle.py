"""Follow an election to its end, every way it may go.

Where the order of two events cannot be known both orders are followed, so the result is a
list of elections in which nothing more is due.
"""

from __future__ import annotations

from itertools import combinations

from havipcfg.verifier.daemons import RACE, Due
from havipcfg.verifier.election import Election
from havipcfg.verifier.masters import beat_each_other, told_apart
from havipcfg.verifier.moments import Moment, Term

BRANCHES = 100
"""Different futures of one event that are followed with exact times; further ones are merged."""
MOVES = 60
"""State changes after one event before the election is taken never to settle."""

REPEATS = 3
"""Elections that two groups lose to each other in a row before they are taken never to settle."""


def settle(election: Election, until: float | None = None) -> list[Election]:
    """Every way it may go until nothing more is due, or for ``until`` seconds; in no time nothing happens."""
    if until == 0.0:
        election.refresh()
        return [election]
    pending, done = [election], list[Election]()
    seen: set[tuple[object, ...]] = set()
    again: Election | None = None
    limit = None if until is None else Moment((Term("", until, until),), until, until)
    while pending:
        branch = pending.pop()
        branch.refresh()
        while True:
            due = branch.due()
            if limit is not None:
                due.append(Due(limit, "limit", -1))
            if not due:
                done.append(branch)
                break
            if branch.moves > MOVES:
                branch.unsettled = True
                done.append(branch)
                break
            first = [way for event in _possibly_first(due) for way in branch.ways(event)]
            if len(first) == 1:
                if first[0].kind == "limit":
                    done.append(branch)
                    break
                branch.happen(first[0], due)
                continue
            raced = sum(event.kind == "promote" for event in first) > 1
            opposed, together = _together(branch, first)
            if branch.repeats < REPEATS:
                first = first + opposed + together
            elif opposed:
                branch.unsettled = True
            first = first + _mutual(branch, first)
            for event in first:
                other = branch.copy()
                other.raced = other.raced or raced
                if event.kind == "limit":
                    other.now = event.moment
                    done.append(other)
                    continue
                other.happen(event, due)
                key = other.future(event, exact=len(seen) < BRANCHES)
                if key not in seen:
                    seen.add(key)
                    pending.append(other)
                else:
                    again = other
            break
    if not done and again is not None:
        again.unsettled = True
        done.append(again)
    return done


def _mutual(election: Election, first: list[Due]) -> list[Due]:
    """Two groups that each beat the other on one member may both give way at once."""
    team = {event: election.electorate.seats[event.subject].team for event in first if event.kind == "demote"}
    seats = election.electorate.seats
    pairs = ((one, other) for one in team for other in team)
    for one, other in pairs:
        if one.winner == other.subject and other.winner == one.subject:
            continue
        if team[other] == seats[one.winner].team and seats[other.winner].team == team[one] < team[other]:
            return [one._replace(kind="both", winner=other.subject)]
    return []


def _together(election: Election, first: list[Due]) -> tuple[list[Due], list[Due]]:
    """Teams whose timers are that close both become master: pairs that beat each other, and other pairs.

    It matters to the others where a third team hears only one of the two.
    """
    opposed, together = list[Due](), list[Due]()
    for one, other in combinations([event for event in first if event.kind == "promote"], 2):
        both = one._replace(kind="promote both", winner=other.subject)
        if beat_each_other(election, one.subject, other.subject):
            opposed.append(both)
        elif told_apart(election, one.subject, other.subject):
            together.append(both)
    return opposed, together


def _possibly_first(due: list[Due]) -> list[Due]:
    """The events that nothing else is sure to precede."""
    if len(due) == 1:
        return due
    soonest = min(event.moment.hi for event in due)
    first = [event for event in due if event.moment.lo <= soonest + RACE]
    if len(first) == 1:
        return first
    return [
        event
        for event in first
        if all(other is event or event.moment.minus(other.moment)[0] <= RACE for other in first)
    ] or [min(first, key=lambda event: event.moment.hi)]

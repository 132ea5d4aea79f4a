"""What can be the matter with a node, and the events between one such value and another."""

from __future__ import annotations

from itertools import combinations

from havipcfg.verifier.electorate import Electorate
from havipcfg.verifier.moments import Term
from havipcfg.verifier.network import Check, CheckKind, Node
from havipcfg.verifier.space import Change, Value
from havipcfg.verifier.standing import FAIL, OK, detection, standing

MANY_CHECKS = 3
"""Up to this many checks and links of a node are combined; of more, one or two fail at a time."""


def values(
    part: Electorate, index: int, node: Node, faults: int | None
) -> tuple[list[Value], list[list[Change]], bool]:
    """The values of a node, for each the events that lead to another, and whether that is all of them.

    Of checks that are alike in all their effects the first ones fail first: which of them it
    is makes no difference. The last value is the dead node.
    """
    tracked = {t.check for s in part.node_seats[index] for t in part.seats[s].instance.trackers}
    checks = {c.name: c for c in node.checks if c.name in tracked and c.kind is not CheckKind.INTERFACE}
    names = [*checks, *(f"link {name}" for name in _links(part, index, node, tracked))]
    alike = _alike(part, index, list(checks.values()))
    limit = len(names) if len(names) <= MANY_CHECKS else 2
    if faults is not None:
        limit = min(limit, faults)
    found: dict[frozenset[str], int] = {}
    result: list[Value] = []
    for count in range(limit + 1):
        for failed in map(frozenset, combinations(names, count)):
            if any(not failed.issuperset(alike[name][: alike[name].index(name)]) for name in failed & alike.keys()):
                continue
            down = {name[5:] for name in failed if name.startswith("link ")}
            statuses = {name: FAIL for name in failed if not name.startswith("link ")}
            standings = tuple(
                standing(node, part.seats[seat].instance, statuses, down) for seat in part.node_seats[index]
            )
            found[failed] = len(result)
            result.append(Value(standings, False, failed))
    dead = len(result)
    result.append(Value(result[0].standings, True, frozenset()))
    terms: dict[tuple[str, str], Term] = {}
    changes: list[list[Change]] = [[] for _ in result]
    for value, each in enumerate(result[:-1]):
        for name in names:
            target = found.get(each.failed ^ {name})
            if target is None:
                continue
            bad = name not in each.failed
            if name.startswith("link "):
                event = f"link {node.name} {name[5:]} {'down' if bad else 'up'}"
                changes[value].append(Change(event, "link", index, target, None, name[5:]))
            else:
                status = FAIL if bad else OK
                term = terms.setdefault((name, status), detection(checks[name], status))
                others = tuple(other for other in alike[name] if other != name)
                event = f"check {node.name} {name} {status}"
                changes[value].append(Change(event, status, index, target, term, name, others))
        changes[value].append(Change(f"die {node.name}", "die", index, dead))
        changes[value].append(Change(f"stop {node.name}", "stop", index, dead))
    changes[dead].append(Change(f"start {node.name}", "start", index, 0))
    return result, changes, limit == len(names)


def _links(part: Electorate, index: int, node: Node, tracked: set[str]) -> list[str]:
    """The interfaces of a node that can fail while it still takes part."""
    own = {part.seats[s].instance.interface for s in part.node_seats[index]}
    carrying = {dev for s in part.node_seats[index] for dev in part.seats[s].instance.vip_interfaces}
    links = sorted({name for name in node.interfaces if len(own) > 1 or name not in own})
    return [name for name in links if name in own or name in tracked or name in carrying]


def _alike(part: Electorate, index: int, checks: list[Check]) -> dict[str, list[str]]:
    """For each check the checks, itself too, that have the same timing and the same trackers."""
    kinds: dict[object, list[str]] = {}
    for check in checks:
        effects = tuple(
            tuple(sorted((t.weight, t.reverse) for t in part.seats[s].instance.trackers if t.check == check.name))
            for s in part.node_seats[index]
        )
        timing = (check.kind, check.interval, check.timeout, check.fall, check.rise, check.usable, check.shared)
        kinds.setdefault((timing, effects), []).append(check.name)
    return {name: names for names in kinds.values() for name in names}

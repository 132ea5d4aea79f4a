"""The scenario language that verify and rehearse share.

Events are separated by ``;`` or stand on lines of their own; ``#`` starts a comment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from havipcfg.verifier.network import CheckKind, Network, Node
from havipcfg.verifier.standing import FAIL, HANG, OK, Status


class EventKind(StrEnum):
    """What can happen."""

    START = "start"
    STOP = "stop"
    KILL = "kill"
    DIE = "die"
    FREEZE = "freeze"
    THAW = "thaw"
    CHECK = "check"
    LINK = "link"
    CUT = "cut"
    CUT_ONEWAY = "cut-oneway"
    HEAL = "heal"
    RELOAD = "reload"
    WAIT = "wait"


USAGE: Mapping[EventKind, str] = {
    EventKind.START: "start [NODE…]",
    EventKind.STOP: "stop NODE",
    EventKind.KILL: "kill NODE",
    EventKind.DIE: "die NODE",
    EventKind.FREEZE: "freeze NODE",
    EventKind.THAW: "thaw NODE",
    EventKind.CHECK: "check NODE NAME fail|ok|hang|NUMBER",
    EventKind.LINK: "link NODE INTERFACE down|up",
    EventKind.CUT: "cut NODE NODE",
    EventKind.CUT_ONEWAY: "cut-oneway FROM TO",
    EventKind.HEAL: "heal",
    EventKind.RELOAD: "reload NODE FILE",
    EventKind.WAIT: "wait SECONDS",
}
"""How each event is written. ``hang`` is a check script that does not return, NUMBER the content of a tracked file."""

_ARGUMENTS: Mapping[EventKind, int] = {kind: len(usage.split()) - 1 for kind, usage in USAGE.items()}


class ScenarioError(ValueError):
    """A scenario that cannot be read or does not fit the cluster; the message is for the user."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event: ``nodes`` it names (none for a start of all), and what its kind needs besides.

    ``name`` is a check, an interface or a file; ``status`` belongs to check, ``up`` to link,
    ``seconds`` to wait; ``line`` counts from 1 in the scenario's text.
    """

    kind: EventKind
    nodes: tuple[str, ...] = ()
    name: str = ""
    status: Status = OK
    up: bool = True
    seconds: float = 0.0
    line: int = 1
    text: str = ""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Scenario:
    """Events in order."""

    events: tuple[Event, ...]

    @property
    def starts_cold(self) -> bool:
        """Whether the nodes are off at first: the first event about a daemon or host is a ``start``."""
        daemon = (
            EventKind.START,
            EventKind.STOP,
            EventKind.KILL,
            EventKind.DIE,
            EventKind.FREEZE,
            EventKind.THAW,
            EventKind.RELOAD,
        )
        first = next((event.kind for event in self.events if event.kind in daemon), None)
        return first is EventKind.START


def parse(text: str) -> Scenario:
    """Read a scenario; raises ScenarioError with the line, the event and what is allowed."""
    events = []
    for number, line in enumerate(text.splitlines(), 1):
        for part in line.split("#", 1)[0].split(";"):
            words = part.split()
            if words:
                events.append(_event(words, number))
    if not events:
        raise ScenarioError("the scenario has no event; an example: start; die NODE; wait 5; start NODE")
    return Scenario(tuple(events))


def fit(scenario: Scenario, network: Network) -> None:
    """Check the names in a scenario against a network; raises ScenarioError for one that is not there.

    What a node has after it has reloaded another file is left to ``fit_event``.
    """
    reloaded: set[str] = set()
    for event in scenario.events:
        if reloaded.isdisjoint(event.nodes):
            fit_event(event, network)
        if event.kind is EventKind.RELOAD:
            reloaded.update(event.nodes)


def fit_event(event: Event, network: Network) -> None:
    """Check the names in an event against the network as it is then; raises ScenarioError."""
    nodes = [_known_node(event, name, network) for name in event.nodes]
    if event.kind is EventKind.CHECK:
        _known_check(event, nodes[0])
    elif event.kind is EventKind.LINK and event.name not in nodes[0].interfaces:
        raise _unknown(event, f"interface {event.name} on {nodes[0].name}", event.name, nodes[0].interfaces)


def _event(words: list[str], line: int) -> Event:
    text = " ".join(words)
    name, *rest = words
    try:
        kind = EventKind(name)
    except ValueError:
        near = get_close_matches(name.lower(), list(EventKind), 1, 0.7)
        hint = f"; did you mean {near[0]}?" if near else "."
        allowed = ", ".join(USAGE.values())
        raise ScenarioError(f"line {line}: {name} is not an event{hint} Events are: {allowed}") from None
    if kind is not EventKind.START and len(rest) != _ARGUMENTS[kind]:
        wanted = _ARGUMENTS[kind]
        raise _wrong(line, text, kind, f"it takes {wanted} word{'' if wanted == 1 else 's'}, not {len(rest)}")
    if kind is EventKind.START:
        return Event(kind, tuple(rest), line=line, text=text)
    if kind is EventKind.HEAL:
        return Event(kind, line=line, text=text)
    if kind is EventKind.WAIT:
        return Event(kind, seconds=_seconds(rest[0], line, text), line=line, text=text)
    if kind in (EventKind.CUT, EventKind.CUT_ONEWAY):
        if rest[0] == rest[1]:
            raise _wrong(line, text, kind, "the two nodes must differ")
        return Event(kind, tuple(rest), line=line, text=text)
    if kind is EventKind.CHECK:
        return Event(kind, (rest[0],), rest[1], _status(rest[2], line, text), line=line, text=text)
    if kind is EventKind.LINK:
        if rest[2] not in ("up", "down"):
            raise _wrong(line, text, kind, f"{rest[2]} is neither up nor down")
        return Event(kind, (rest[0],), rest[1], up=rest[2] == "up", line=line, text=text)
    return Event(kind, (rest[0],), rest[1] if len(rest) > 1 else "", line=line, text=text)


def _status(word: str, line: int, text: str) -> Status:
    if word in (OK, FAIL, HANG):
        return word
    try:
        return int(word)
    except ValueError:
        raise _wrong(line, text, EventKind.CHECK, f"{word} is not fail, ok, hang or a whole number") from None


def _seconds(word: str, line: int, text: str) -> float:
    try:
        seconds = float(word)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < 1e6:
        raise _wrong(line, text, EventKind.WAIT, f"{word} is not a number of seconds, 0 or more")
    return seconds


def _wrong(line: int, text: str, kind: EventKind, why: str) -> ScenarioError:
    return ScenarioError(f"line {line}: `{text}`: {why}; write {USAGE[kind]}")


def _known_node(event: Event, name: str, network: Network) -> Node:
    node = network.node(name)
    if node is None:
        raise _unknown(event, f"node {name}", name, tuple(node.name for node in network.nodes))
    return node


def _known_check(event: Event, node: Node) -> None:
    names = tuple(check.name for check in node.checks if check.kind is not CheckKind.INTERFACE)
    check = node.check(event.name)
    if check is None or check.kind is CheckKind.INTERFACE:
        raise _unknown(event, f"check {event.name} on {node.name}", event.name, names)
    if isinstance(event.status, int) and check.kind is not CheckKind.FILE:
        raise ScenarioError(
            f"line {event.line}: `{event.text}`: {event.name} is a {check.kind}, only a tracked file holds a number; "
            "write fail or ok"
        )
    if event.status == HANG and check.kind is not CheckKind.SCRIPT:
        raise ScenarioError(
            f"line {event.line}: `{event.text}`: {event.name} is a {check.kind}, only a script can hang; "
            "write fail or ok"
        )


def _unknown(event: Event, what: str, name: str, known: tuple[str, ...]) -> ScenarioError:
    near = get_close_matches(name, known, 1)
    hint = f", did you mean {near[0]}?" if near else ""
    there = f"there is {', '.join(known)}" if known else "there is none"
    return ScenarioError(f"line {event.line}: `{event.text}`: no {what}{hint} ({there})")

"""What an exploration finds: values, states, events and where they lead.

A block is a set of nodes that can reach each other. Blocks of a partition do not influence
one another, so a state is that of a block: a value for each node (dead, or which of its
checks and links have failed) and a role for each team.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from havipcfg.verifier.daemons import Role, Standings
from havipcfg.verifier.electorate import Electorate
from havipcfg.verifier.moments import Term
from havipcfg.verifier.outcome import Bounds, Outcome, Service

Roles: TypeAlias = tuple[Role, ...]
"""A role for each team of a node."""
NOBODY = -1


class Value(NamedTuple):
    """What may be the matter with a node: ``failed`` names checks and links that are bad.

    ``out``: the node is in FAULT altogether, by these or by others.
    """

    standings: Standings
    dead: bool
    failed: frozenset[str]
    out: bool = False

    @property
    def healthy(self) -> bool:
        return not self.dead and not self.failed

    @property
    def faults(self) -> int:
        return 1 if self.dead else len(self.failed)


class Fault(NamedTuple):
    """A check or a link of a node that can fail; its key is its name, with ``link`` before that of an interface.

    ``group`` holds the keys of what has the same effect on every instance, ``alike`` of those with the same timing.
    """

    node: int
    node_name: str
    name: str
    link: bool
    group: tuple[str, ...]
    alike: tuple[str, ...]

    @property
    def key(self) -> str:
        return f"link {self.name}" if self.link else self.name

    def event(self, *, bad: bool) -> str:
        """That it fails or is well again, in the scenario language."""
        if self.link:
            return f"link {self.node_name} {self.name} {'down' if bad else 'up'}"
        return f"check {self.node_name} {self.name} {'fail' if bad else 'ok'}"


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """One event at one node: ``event`` in the scenario language, ``detection`` for a check.

    The same holds for each check of ``alike`` in place of ``check``. ``standings`` are those it leads to where they
    are not those of the target, which stands for several.
    """

    event: str
    kind: str
    node: int
    target: int
    detection: Term | None = None
    check: str = ""
    alike: tuple[str, ...] = ()
    standings: Standings | None = None


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """A settled block: its nodes, and the value and roles of each. Every state exists once."""

    members: tuple[int, ...]
    values: tuple[int, ...]
    roles: tuple[Roles, ...]


class Transition(NamedTuple):
    """From a state, an event, and one way it may go (of ``ways``)."""

    before: State
    change: Change
    after: State
    outcome: Outcome | None
    """None: nobody's role but that of the node itself changes and no address moves."""
    ways: int
    other: State | None = None
    """The second block of a heal."""

    @property
    def cold(self) -> bool:
        """Whether this is the first start of all nodes."""
        return self.change.kind == "start" and self.change.node < 0


class Reached(NamedTuple):
    """How a state came about: from which, by what event; ``other`` is the second block of a heal."""

    before: State | None
    event: str
    outcome: Outcome | None = None
    other: State | None = None


class Footstep(NamedTuple):
    """An event and what it leads to: ``blocks`` of nodes that hear each other, the one it is about first.

    ``after`` is when the last address moves, in seconds from the event, None where none does.
    """

    event: str
    blocks: tuple[State, ...]
    after: Bounds | None


@dataclass(slots=True)
class Space:
    """What was explored."""

    part: Electorate
    served: list[Service]
    values: list[list[Value]]
    faults_of: list[dict[str, Fault]]
    """For each node what can fail there, by key."""
    exhaustive: bool
    faults: int | None
    states: dict[State, Reached] = field(default_factory=dict)
    """Each state with how it was first reached."""
    initial: list[Transition] = field(default_factory=list)
    transitions: list[Transition] = field(default_factory=list)
    count: int = 0
    named: dict[str, tuple[Fault, bool]] = field(default_factory=dict)
    """What the events at checks and links are about, and whether it fails."""
    successors: Callable[[State], Iterable[tuple[Change, State, Outcome | None]]] = field(default=lambda _state: ())
    """What one event at a node makes of a state: the event, the state after it, its outcome if an address moves."""
    side: Callable[[State, tuple[int, ...]], list[tuple[State, Outcome | None]]] = field(default=lambda _s, _m: [])
    """What becomes of some nodes of a state when they are cut off from its others."""

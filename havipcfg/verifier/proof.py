"""What verify gives back."""

from __future__ import annotations

from dataclasses import dataclass

from havipcfg.diagnostics import Severity
from havipcfg.source import Span
from havipcfg.verifier.hears import Deaf
from havipcfg.verifier.outcome import Bounds, Holders, Outcome


@dataclass(frozen=True, slots=True)
class Property:
    """Something every cluster is held against; its violations carry its code and name."""

    code: str
    name: str
    severity: Severity
    summary: str


CHECK_CHANGES_NOTHING = Property(
    "FO101",
    "check-changes-nothing",
    Severity.ERROR,
    "a check fails on the holder and a healthy node does not take over",
)
UNHEALTHY_HOLDER_STAYS = Property(
    "FO102", "unhealthy-holder-stays", Severity.WARNING, "an unhealthy node keeps the address while a healthy one waits"
)
NO_HOLDER = Property("FO103", "no-holder", Severity.ERROR, "nobody holds the address although a node could")
TWO_HOLDERS = Property("FO104", "two-holders", Severity.ERROR, "two nodes hold the address with no link cut")
SLOWER_THAN_TARGET = Property(
    "FO105", "slower-than-target", Severity.ERROR, "a failover takes longer than the target allows"
)
SHARED_CHECK_STOPS_ALL = Property(
    "FO106", "shared-check-stops-all", Severity.WARNING, "one failure outside the cluster takes every node down"
)
EITHER_MAY_HOLD = Property("FO107", "either-may-hold", Severity.INFO, "which node takes over is a race")
DEPENDS_ON_HISTORY = Property(
    "FO108", "depends-on-history", Severity.INFO, "who holds the address depends on what happened before"
)
NEVER_SETTLES = Property("FO109", "never-settles", Severity.ERROR, "the election goes round and round")
FLAPS_WITH_CHECK = Property(
    "FO110", "flaps-with-check", Severity.INFO, "the address moves each time a check fails or recovers once"
)
PROPERTIES: tuple[Property, ...] = (
    CHECK_CHANGES_NOTHING,
    UNHEALTHY_HOLDER_STAYS,
    NO_HOLDER,
    TWO_HOLDERS,
    SLOWER_THAN_TARGET,
    SHARED_CHECK_STOPS_ALL,
    EITHER_MAY_HOLD,
    DEPENDS_ON_HISTORY,
    NEVER_SETTLES,
    FLAPS_WITH_CHECK,
)


@dataclass(frozen=True, slots=True)
class Stand:
    """A node in a trace: its role (MASTER, BACKUP, FAULT, OFF) and effective priority."""

    node: str
    instance: str
    role: str
    priority: int

    def told(self, name: str) -> str:
        """In words, with a name for it and the priority where it counts."""
        return f"{name} {self.role}" + (f" {self.priority}" if self.role in ("MASTER", "BACKUP") else "")


@dataclass(frozen=True, slots=True)
class TraceStep:
    """One event of a trace, in the scenario language, and what it leads to; seconds are (best, worst)."""

    event: str
    stands: tuple[Stand, ...]
    holders: Holders
    after: Bounds | None = None

    def told(self) -> list[str]:
        """Who stands how, in words; with the instances' names where there are several."""
        several = len({stand.instance for stand in self.stands}) > 1
        return [stand.told(f"{stand.node}/{stand.instance}" if several else stand.node) for stand in self.stands]


@dataclass(frozen=True, slots=True)
class Violation:
    """A property that does not hold, with the shortest trace found and the lines behind it.

    ``advice`` is what to do where the reason asks for something else than the property does in general.
    """

    rule: Property
    message: str
    trace: tuple[TraceStep, ...]
    origins: tuple[Span, ...] = ()
    because: tuple[str, ...] = ()
    nodes: tuple[str, ...] = ()
    bound: Bounds | None = None
    formula: str = ""
    advice: str = ""

    @property
    def code(self) -> str:
        return self.rule.code

    @property
    def name(self) -> str:
        return self.rule.name

    @property
    def severity(self) -> Severity:
        return self.rule.severity


@dataclass(frozen=True, slots=True)
class Row:
    """A single fault from the healthy, settled cluster, and its repair."""

    event: str
    outcomes: tuple[Outcome, ...]
    repair: str
    repaired: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """The verdict on a network. ``exhaustive`` is False when ``faults`` limited what was combined."""

    nodes: tuple[str, ...]
    instances: tuple[str, ...]
    states: int
    transitions: int
    exhaustive: bool
    faults: int | None
    violations: tuple[Violation, ...]
    rows: tuple[Row, ...]
    deaf: tuple[Deaf, ...]
    max_failover: float | None = None
    provider_delay: float = 0.0

    @property
    def holds(self) -> bool:
        """No violation that is an error."""
        return not any(violation.severity is Severity.ERROR for violation in self.violations)

    @property
    def coverage(self) -> str:
        """What was looked at, in words."""
        if self.exhaustive:
            return "exhaustive"
        if self.faults is None:
            return "at most two of a node's many checks failed at a time"
        return f"up to {self.faults} simultaneous faults"

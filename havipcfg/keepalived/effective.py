"""What is in force: the values keepalived works with after its own defaults and corrections.

``VrrpInstance`` says what the file says; this module says what keepalived makes of it
(global defaults, version deduced from the addresses, ``nopreempt`` dropped with ``state
MASTER``, weights dropped for an address owner or in a sync group). Rules, the verifier and
``diff`` read it from here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, TypeAlias, cast

from havipcfg.keepalived.names import Names
from havipcfg.keepalived.values import family
from havipcfg.once import once
from havipcfg.record import record

if TYPE_CHECKING:
    from havipcfg.keepalived.conf import KeepalivedConf
    from havipcfg.keepalived.entries import Tracker
    from havipcfg.keepalived.tracking import TrackFile, VrrpScript, VrrpTrackFile, VrrpTrackProcess
    from havipcfg.keepalived.vrrp_instance import VrrpInstance
    from havipcfg.keepalived.vrrp_sync_group import VrrpSyncGroup
    from havipcfg.source import Span

    Definition: TypeAlias = VrrpScript | VrrpTrackProcess | TrackFile | VrrpTrackFile

TrackerKind = Literal["script", "interface", "file", "process", "bfd"]
TRACKER_KINDS: tuple[TrackerKind, ...] = ("script", "interface", "file", "process", "bfd")
OWNER = 255
SWITCHED = 10
"""The least weight of a tracked file that is switched by writing 1; a smaller one scales numbers, up to FAULT."""


@record
class Tracked:
    """One tracker in force on an instance.

    ``weight`` 0 without ``reverse`` puts the instance into FAULT when the tracker is bad.
    ``definition`` is the block that is tracked, None for interfaces, BFD and unknown names;
    ``group`` says that it comes from the sync group; ``dropped`` is why keepalived removes
    the tracker again, or an empty string; ``cleared`` is the weight that keepalived sets to 0.
    """

    kind: TrackerKind
    tracker: Tracker
    weight: int
    reverse: bool
    definition: Definition | None
    group: bool = False
    dropped: str = ""
    cleared: int = 0

    @property
    def name(self) -> str:
        return self.tracker.name

    @property
    def faults(self) -> bool:
        """Whether its failure can mean FAULT, and not only another priority."""
        return self.weight == 0 or (self.kind == "file" and abs(self.weight) < SWITCHED)

    @property
    def weighed_at(self) -> Span:
        """Where its weight is given: in the block that is tracked, or where it is listed."""
        if self.tracker.weight is None and self.definition is not None and self.definition.has("weight"):
            return self.definition.at("weight")
        return self.tracker.at()


DECIDE_FAMILY = (
    *("virtual_ipaddress", "native_ipv6", "unicast_src_ip", "unicast_peer", "mcast_src_ip", "mcast_dst_ip"),
)


class Effective:
    """One instance as keepalived runs it; ``names`` are those of the file, where they are at hand."""

    def __init__(self, conf: KeepalivedConf, instance: VrrpInstance, names: Names | None = None) -> None:
        self.conf = conf
        self.instance = instance
        self.names = Names(conf) if names is None else names

    @once
    def family_from(self) -> str:
        """The keyword that decides the address family: of those with an address the first in the file."""
        instance = self.instance
        given = [name for name in instance.places if name in DECIDE_FAMILY]
        return next((name for name in (*given, *DECIDE_FAMILY) if getattr(instance, name)), "")

    @once
    def family(self) -> int:
        """4 or 6; 4 where nothing decides."""
        decides = getattr(self.instance, self.family_from) if self.family_from else None
        if decides is True:
            return 6
        address = decides[0].address if isinstance(decides, tuple) else decides
        return (family(address) if address else None) or 4

    @once
    def version(self) -> int:
        """VRRP version 2 or 3."""
        if self.instance.version is not None:
            return self.instance.version
        if self.family == 6:
            return 3
        return self._default("vrrp_version", 2)

    @once
    def strict(self) -> bool:
        if self.instance.strict_mode is not None:
            return self.instance.strict_mode
        return bool(self._default("vrrp_strict", False))

    @once
    def unicast(self) -> bool:
        return bool(self.instance.unicast_peer)

    @once
    def priority(self) -> int:
        """The base priority; without one it is 255 with ``state MASTER``, else 100."""
        if self.instance.priority is not None:
            return self.instance.priority
        return OWNER if self.instance.state == "MASTER" else 100

    @property
    def owner(self) -> bool:
        return self.priority == OWNER

    @once
    def state_reset(self) -> bool:
        """Whether strict mode sets the initial state to what the priority says."""
        return self.strict and self.instance.state is not None and (self.instance.state == "MASTER") != self.owner

    @once
    def starts_as_master(self) -> bool:
        """Whether the initial state is MASTER after strict mode has corrected it."""
        return self.owner if self.strict else self.state == "MASTER"

    @once
    def state(self) -> str:
        """The initial state that the file asks for."""
        return self.instance.state or ("MASTER" if self.owner else "BACKUP")

    @once
    def nopreempt(self) -> bool:
        return self.asks_nopreempt and not self.starts_as_master and not self.owner

    @once
    def asks_nopreempt(self) -> bool:
        """Whether ``nopreempt`` is given and no ``preempt`` below it takes it back."""
        instance = self.instance
        return instance.nopreempt and not (instance.preempt and _above(instance, "nopreempt", "preempt"))

    @once
    def preempt_delay(self) -> float:
        """Seconds; 0 where keepalived drops it."""
        delay = self.instance.preempt_delay or 0.0
        return 0.0 if self.starts_as_master or self.nopreempt or self.strict else delay

    @once
    def advert_int(self) -> float:
        """Seconds between adverts: whole seconds in VRRPv2, at most 40.95 in VRRPv3."""
        configured = self.instance.advert_int
        interval = 1.0 if configured is None else configured
        if self.version == 3:
            return min(int(interval * 100 + 0.5000001) / 100, 40.95)
        return float(max(1, int(interval + 0.5)))

    @once
    def down_timer_adverts(self) -> int:
        if self.strict:
            return 3
        return self.instance.down_timer_adverts or self._default("vrrp_down_timer_adverts", 3)

    @once
    def authentication(self) -> tuple[str, str] | None:
        """Type and the eight characters that count; None where adverts carry none."""
        block = self.instance.authentication
        if block is None or self.version == 3 or self.strict:
            return None
        if block.auth_type not in ("PASS", "AH") or not block.auth_pass:
            return None
        return block.auth_type, block.auth_pass[:8]

    @once
    def addresses(self) -> frozenset[str]:
        """The virtual addresses that adverts carry."""
        return frozenset(entry.address for entry in self.instance.virtual_ipaddress if entry.family == self.family)

    @once
    def garp_master_refresh(self) -> float:
        """Seconds between repeated gratuitous ARPs; 0: never."""
        return self._timer("garp_master_refresh", 0)

    @once
    def garp_master_delay(self) -> float:
        return self._timer("garp_master_delay", 5)

    @once
    def group(self) -> VrrpSyncGroup | None:
        """The sync group the instance belongs to."""
        return self.names.groups.get(self.instance.name)

    @once
    def trackers(self) -> list[Tracked]:
        """All trackers that name something defined, those that keepalived drops among them."""
        found = [self._tracked(kind, tracker, group=False) for kind, tracker in _lines(self.instance)]
        if self.group is not None:
            found += [self._tracked(kind, tracker, group=True) for kind, tracker in _lines(self.group)]
        return [tracked for tracked in found if tracked is not None]

    @once
    def working_trackers(self) -> list[Tracked]:
        return [tracked for tracked in self.trackers if not tracked.dropped]

    def _tracked(self, kind: TrackerKind, tracker: Tracker, *, group: bool) -> Tracked | None:
        definition = self._definition(kind, tracker)
        if definition is None and kind in ("script", "file", "process"):
            return None
        weight, reverse = _own_weight(kind, definition)
        if tracker.weight is not None:
            weight = tracker.weight
        if tracker.reverse is not None:
            reverse = tracker.reverse
        dropped = ""
        if weight and kind != "process":
            if self.owner and not group:
                dropped = "priority 255 makes the node the owner of the address"
            elif not group and self.group is not None and not self.group.sync_group_tracking_weight:
                dropped = f"the instance is a member of vrrp_sync_group {self.group.name}"
                if kind == "interface" or (kind == "file" and weight == 1):
                    return Tracked(kind, tracker, 0, reverse, definition, group, cleared=weight)
        return Tracked(kind, tracker, weight, reverse, definition, group, dropped)

    def _definition(self, kind: TrackerKind, tracker: Tracker) -> Definition | None:
        if kind == "interface":
            return None
        return cast("Definition | None", self.names.definitions[f"track_{kind}"].get(tracker.name))

    def _default(self, name: str, otherwise: int) -> int:
        value = getattr(self.conf.global_defs, name, None)
        return otherwise if value is None else int(value)

    def _timer(self, name: str, otherwise: float) -> float:
        value = getattr(self.instance, name, None)
        if value is None:
            value = getattr(self.conf.global_defs, f"vrrp_{name}", None)
        return float(otherwise if value is None else value)


def _above(instance: VrrpInstance, one: str, other: str) -> bool:
    """Whether the line of one keyword stands above that of another; a keyword without a line counts as above."""
    first, second = instance.place(one), instance.place(other)
    return first is None or second is None or first.start < second.start


def _own_weight(kind: TrackerKind, definition: object) -> tuple[int, bool]:
    value = getattr(definition, "weight", None)
    if value is None:
        return (1 if kind == "file" else 0), False
    weight = getattr(value, "weight", value)
    return int(weight), bool(getattr(value, "reverse", isinstance(value, tuple)))


def _lines(block: VrrpInstance | VrrpSyncGroup) -> Iterator[tuple[TrackerKind, Tracker]]:
    for kind in TRACKER_KINDS:
        for tracker in getattr(block, f"track_{kind}"):
            yield kind, tracker

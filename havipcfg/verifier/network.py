"""What the election model knows of a cluster: plain values, already effective.

Everything here is what a running keepalived acts on, after its own corrections (a
``nopreempt`` cleared by ``state MASTER`` is False here, a dropped script is not usable).
Times are seconds, priorities 0 to 255. ``origins`` and ``origin`` name the configuration
lines behind a fact; the model passes them on and never looks into them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from havipcfg.source import Span

Version: TypeAlias = tuple[int, int, int]
Origins: TypeAlias = Mapping[str, Span]

OWNER = 255


class CheckKind(StrEnum):
    """What a tracker watches."""

    SCRIPT = "script"
    FILE = "file"
    INTERFACE = "interface"
    PROCESS = "process"
    BFD = "bfd"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing a node watches, defined once and tracked by any number of instances.

    ``usable`` is False for a script that keepalived removes at start: instances run on as
    if it were not there. ``shared`` names something outside the node that the check
    depends on (a gateway, a database); equal names on two nodes fail together.
    For an interface ``name`` is the interface; for a process ``timeout`` and ``interval`` are the
    delays before its loss and its return count.
    """

    name: str
    kind: CheckKind = CheckKind.SCRIPT
    interval: float = 1.0
    timeout: float = 1.0
    fall: int = 1
    rise: int = 1
    usable: bool = True
    shared: str | None = None
    origin: Span | None = None


@dataclass(frozen=True, slots=True)
class Tracker:
    """An instance that acts on a check, by its own or its sync group's will; weight 0 means FAULT."""

    check: str
    weight: int = 0
    reverse: bool = False
    origin: Span | None = None


@dataclass(frozen=True, slots=True)
class Instance:
    """A vrrp_instance as it runs on one node.

    ``address`` is the source of its adverts, ``peers`` the unicast peers (None: multicast),
    ``owns_address`` False when ``unicast_src_ip`` belongs to another node, ``out_of_order``
    a reason why it can never leave FAULT (a missing interface, no address), ``vips`` the
    virtual addresses that adverts carry, without prefix length, ``held`` all addresses.
    With ``begins_as_backup`` even an owner waits for its timer at start.
    """

    name: str
    interface: str
    vrid: int
    priority: int = 100
    family: int = 4
    version: int = 2
    advert_int: float = 1.0
    down_timer_adverts: int = 3
    nopreempt: bool = False
    preempt_delay: float = 0.0
    auth: tuple[str, bytes] | None = None
    address: str | None = None
    owns_address: bool = True
    peers: tuple[str, ...] | None = None
    multicast_group: str | None = None
    check_unicast_src: bool = False
    vips: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    vip_interfaces: tuple[str, ...] = ()
    trackers: tuple[Tracker, ...] = ()
    dont_track_primary: bool = False
    lower_prio_no_advert: bool = False
    higher_prio_send_advert: bool = False
    startup_delay: float = 0.0
    timer_expired_backup: bool = False
    out_of_order: str | None = None
    begins_as_backup: bool = False
    origin: Span | None = None
    origins: Origins = field(default_factory=dict, compare=False)

    @property
    def owner(self) -> bool:
        """Priority 255: master at once, changed by no tracker."""
        return self.priority == OWNER

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every address its holder has."""
        return self.held or self.vips


@dataclass(frozen=True, slots=True)
class Group:
    """A vrrp_sync_group: its members change state together."""

    name: str
    members: tuple[str, ...]
    origin: Span | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """One host with the keepalived it runs."""

    name: str
    instances: tuple[Instance, ...] = ()
    checks: tuple[Check, ...] = ()
    groups: tuple[Group, ...] = ()
    version: Version = (2, 4, 3)
    origin: Span | None = None

    def check(self, name: str) -> Check | None:
        return next((check for check in self.checks if check.name == name), None)

    def instance(self, name: str) -> Instance | None:
        return next((instance for instance in self.instances if instance.name == name), None)

    @property
    def interfaces(self) -> tuple[str, ...]:
        """Interfaces that matter to an instance: its own, its addresses', tracked ones."""
        names: dict[str, None] = {}
        for instance in self.instances:
            names[instance.interface] = None
            names.update(dict.fromkeys(instance.vip_interfaces))
        names.update((check.name, None) for check in self.checks if check.kind is CheckKind.INTERFACE)
        return tuple(names)


@dataclass(frozen=True, slots=True)
class Network:
    """The nodes whose configurations are judged together."""

    nodes: tuple[Node, ...]

    def node(self, name: str) -> Node | None:
        return next((node for node in self.nodes if node.name == name), None)

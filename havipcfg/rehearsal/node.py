"""What the lab needs to know of a node: its configuration, interfaces, switches and tempo. Pure data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256

SWITCH_DIRECTORY = "/run/check"
LONGEST_NAME = 200
"""Of a switch, so that with its suffixes it can be a file's name."""


def switch_path(check: str) -> str:
    """Where a node's keepalived finds the script or tracked file that stands in for a check.

    The path is the same in every node and every rehearsal, since each node has a /run of its own.
    """
    safe = re.sub(r"[^A-Za-z0-9_-]", lambda match: f"%{ord(match[0]):02x}", check)
    if len(safe) > LONGEST_NAME:
        safe = sha256(check.encode("utf-8", "surrogateescape")).hexdigest()
    return f"{SWITCH_DIRECTORY}/{safe}"


class SwitchKind(StrEnum):
    """What keepalived does with the switch: run it, or read a number from it."""

    SCRIPT = "script"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Switch:
    """The stand-in for a check; ``failed`` is the number a tracked file holds when its check fails."""

    kind: SwitchKind = SwitchKind.SCRIPT
    failed: int = 1


@dataclass(frozen=True, slots=True)
class Port:
    """One interface of a node: the segment it is plugged into and its addresses with prefix length.

    ``on_link`` are addresses outside these prefixes that are reached through it all the same.
    """

    segment: str
    addresses: tuple[str, ...] = ()
    on_link: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pace:
    """How slow a node may be, in seconds; from this the lab knows how long to wait until nothing more can happen.

    ``takeover`` is the longest master down time (down_timer_adverts times the longest interval + skew), ``advert`` the
    longest interval, ``detection`` the longest time until a check's new result counts, ``hang`` the same for a check
    that does not return, ``patience`` preempt_delay, ``startup`` vrrp_startup_delay.
    """

    takeover: float = 4.0
    advert: float = 1.0
    detection: float = 0.0
    hang: float = 0.0
    patience: float = 0.0
    startup: float = 0.0


@dataclass(frozen=True, slots=True)
class NodePlan:
    """One node of a rehearsal.

    ``config_text`` is given to keepalived as it stands. ``ports`` are the node's interfaces by name. ``instances``
    names, for every VRRP instance, the addresses (without prefix length) whose presence on the node means that it
    holds the instance; where several nodes use one label they are one virtual router. ``checks`` are the
    vrrp_scripts and tracked files that live at ``switch_path(name)``. ``notes`` say what of the node's configuration
    is not rehearsed. ``origins`` are the places, as ``file:line``, from which the lines of ``config_text`` came; empty
    for lines that came from nowhere.
    """

    name: str
    config_text: str
    ports: Mapping[str, Port]
    instances: Mapping[str, tuple[str, ...]]
    checks: Mapping[str, Switch] = field(default_factory=dict)
    pace: Pace = field(default_factory=Pace)
    notes: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()

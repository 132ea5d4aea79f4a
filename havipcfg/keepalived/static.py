"""static"""

from typing import Any

from havipcfg.keepalived.declare import Block, Entries, header, keyword
from havipcfg.keepalived.lines import NameEntry
from havipcfg.keepalived.values import Interface, Seconds, Word


class GarpGroup(Block):
    """Delays between gratuitous ARP/NA for an interface or set of interfaces."""

    garp_interval: float | None = keyword(
        "Gap between gratuitous ARPs (log notice from 1 s).",
        Seconds("0", "4294.967295", 6),
        since="1.2.21",
        unit="seconds",
    )
    gna_interval: float | None = keyword(
        "Gap between unsolicited NAs (log notice from 1 s).",
        Seconds("0", "4294.967295", 6),
        since="1.2.21",
        unit="seconds",
    )
    interface: tuple[Any, ...] = keyword(
        "Interface the delays apply to (must not be a VMAC, must not be in another garp_group).",
        Interface(),
        default=(),
        since="1.2.21",
        repeat="adds",
    )
    interfaces: tuple[Any, ...] = keyword(
        "Interfaces over which the delay is aggregated.",
        Entries(NameEntry(), many=True),
        default=(),
        since="1.2.21",
        repeat="adds",
    )


class TrackGroup(Block):
    """Group of VRRP instances that follow static addresses/routes/rules naming it."""

    # HEADER track_group <name>
    name: str = header("The name that the rest of the file uses for it.", Word())
    group: tuple[Any, ...] = keyword(
        "Members (VRRP instance names).",
        Entries(NameEntry(), many=True),
        default=(),
        since="2.0.3",
        repeat="adds",
        required=True,
    )

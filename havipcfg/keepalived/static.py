"""``garp_group`` and ``track_group``."""

from typing import ClassVar

from havipcfg.keepalived.declare import Block, Entries, header, keyword
from havipcfg.keepalived.entries import Name
from havipcfg.keepalived.lines import NameEntry
from havipcfg.keepalived.values import Seconds, Word


class GarpGroup(Block):
    """Interfaces that share a gap between gratuitous ARPs."""

    needs: ClassVar[tuple[str, ...]] = ("garp_interval", "gna_interval")

    garp_interval: float | None = keyword(
        "Gap between two gratuitous ARPs.",
        Seconds("0", "4294.967295", 6),
        since="1.2.21",
        until={"2.3.0": {"kind": Seconds("0", "2147.483647", 6)}},
        unit="seconds",
    )
    gna_interval: float | None = keyword(
        "Gap between two unsolicited neighbour advertisements.",
        Seconds("0", "4294.967295", 6),
        since="1.2.21",
        until={"2.3.0": {"kind": Seconds("0", "2147.483647", 6)}},
        unit="seconds",
    )
    interface: tuple[str, ...] = keyword(
        "An interface with a gap of its own.",
        Word("INTERFACE"),
        default=(),
        since="1.2.21",
        repeat="adds",
    )
    interfaces: tuple[Name, ...] = keyword(
        "Interfaces that share one gap.",
        Entries(NameEntry(), many=True, filled=True),
        default=(),
        since="1.2.21",
        repeat="adds",
    )


class TrackGroup(Block):
    """Instances that static addresses, routes and rules follow."""

    needs: ClassVar[tuple[str, ...]] = ("group",)
    needs_reported: ClassVar[str] = "2.3.0"

    name: str = header("Name that track_group calls it by.", Word())
    group: tuple[Name, ...] = keyword(
        "Names of the instances.",
        Entries(NameEntry(), many=True, filled=True),
        default=(),
        since="2.0.3",
        repeat="first",
        required=True,
    )

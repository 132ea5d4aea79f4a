"""``bfd_instance``: a session that tells within milliseconds whether a neighbour can be reached."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from havipcfg.keepalived import bfd_problems
from havipcfg.keepalived.declare import Block, header, keyword
from havipcfg.keepalived.lvs_values import Milliseconds
from havipcfg.keepalived.process_options import ReversedWeight, WeightOption
from havipcfg.keepalived.reading import UNSET
from havipcfg.keepalived.values import Address, Bool, Flag, Integer, Unsigned, Word, family

if TYPE_CHECKING:
    from havipcfg.keepalived.reading import Line

LONGEST_NAME = 31


class BfdName(Word):
    """A name of up to 31 bytes."""

    def read(self, line: "Line") -> Any:
        if len(line.word().encode("utf-8", "surrogateescape")) > LONGEST_NAME:
            line.report(bfd_problems.name_too_long(line, LONGEST_NAME))
            return UNSET
        return line.word()


class Neighbor(Address):
    """An IP address, without which there is no session."""

    def read(self, line: "Line") -> Any:
        before = len(line.problems)
        value = super().read(line)
        why = "keepalived ignores the whole bfd_instance"
        line.problems[before:] = [replace(problem, why=why) for problem in line.problems[before:]]
        return value


class BfdInstance(Block):
    """A BFD session (RFC 5880) with one neighbour."""

    name: str = header("The name that track_bfd and BFD_CHECK use.", BfdName(), missing="crash", required=True)
    neighbor_ip: str | None = keyword(
        "The neighbour's address.", Neighbor(), since="2.0.0", missing="crash", required=True, scope="bfd"
    )
    neighbour_ip: str | None = keyword(
        "neighbor_ip in British spelling.",
        Neighbor(),
        since="2.0.0",
        missing="crash",
        scope="bfd",
        alias_of="neighbor_ip",
    )
    source_ip: str | None = keyword(
        "The address packets leave with, of the neighbour's family.",
        Address(),
        since="2.0.0",
        scope="bfd",
        default_note="the kernel's choice",
    )
    min_rx: float | None = keyword(
        "Packets are wanted no more often than this.",
        Milliseconds("1", "4294967"),
        default=10,
        since="2.0.0",
        unit="milliseconds",
        scope="bfd",
    )
    min_tx: float | None = keyword(
        "Packets are sent no more often than this.",
        Milliseconds("1", "4294967"),
        default=10,
        since="2.0.0",
        unit="milliseconds",
        scope="bfd",
    )
    idle_tx: float | None = keyword(
        "Packets are sent so often while the session is not up.",
        Milliseconds("1000", "4294967"),
        default=1000,
        since="2.0.0",
        unit="milliseconds",
        scope="bfd",
    )
    multiplier: int | None = keyword(
        "So many packets missed in a row end the session.",
        Unsigned(1, 255, strict=True),
        default=5,
        since="2.0.0",
        scope="bfd",
    )
    passive: bool = keyword(
        "Leave the first packet to the neighbour.", Flag(), default=False, since="2.0.0", scope="bfd"
    )
    ttl: int | None = keyword(
        "Time to live, or hop limit, of the packets sent.",
        Unsigned(1, 255, strict=True),
        since="2.0.0",
        scope="bfd",
        default_note="255 for IPv4, 64 for IPv6",
    )
    hoplimit: int | None = keyword(
        "ttl in the words of IPv6.", Unsigned(1, 255, strict=True), since="2.0.0", scope="bfd", alias_of="ttl"
    )
    max_hops: int | None = keyword(
        "So many routers may lie between; -1 for any number.",
        Integer(-1, 255, strict=True),
        default=0,
        since="2.0.0",
        scope="bfd",
    )
    multihop: bool | None = keyword(
        "Use port 4784 as for neighbours behind routers (RFC 5883).", Bool(), default=False, since="2.2.8", scope="bfd"
    )
    weight: int | ReversedWeight | None = keyword(
        "What a lost session takes from the priority of instances that track it; 0 for FAULT.",
        WeightOption(-253, 253),
        default=0,
        since="2.0.0",
        builds=("BFD",),
    )
    vrrp: bool = keyword(
        "Tell VRRP instances about the session; without vrrp and checker, both are told.",
        Flag(),
        default=False,
        since="2.0.0",
        scope="bfd",
        builds=("BFD",),
    )
    checker: bool = keyword(
        "Tell health checks about the session; without vrrp and checker, both are told.",
        Flag(),
        default=False,
        since="2.0.0",
        scope="bfd",
        builds=("BFD",),
    )

    @property
    def family(self) -> int | None:
        """4 or 6, None without a neighbour."""
        return family(self.neighbor_ip) if self.neighbor_ip else None

    @property
    def limit(self) -> int:
        """The time to live in force."""
        return self.ttl if self.ttl is not None else 64 if self.family == 6 else 255

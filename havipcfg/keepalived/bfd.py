"""bfd"""

from havipcfg.keepalived.declare import Block, header, keyword
from havipcfg.keepalived.values import Address, Bool, Flag, Integer, Seconds, Unsigned, Word


class BfdInstance(Block):
    """BFD session."""

    # HEADER bfd_instance <name up to 31 characters>
    name: str = header("The name that the rest of the file uses for it.", Word())
    neighbor_ip: str | None = keyword(
        "Peer address.", Address(), since="2.0.0", note=" BAD:error; instance ignored", required=True, scope="bfd"
    )
    neighbour_ip: str | None = keyword(
        "Synonym of neighbor_ip.",
        Address(),
        since="2.0.0",
        note=" BAD:error; instance ignored",
        scope="bfd",
        alias_of="neighbor_ip",
    )
    source_ip: str | None = keyword(
        "Local address; same family as the neighbour.",
        Address(),
        since="2.0.0",
        scope="bfd",
        default_note="kernel choice",
    )
    min_rx: float | None = keyword(
        "Required minimum receive interval (log notice above 10000).",
        Seconds("1", "4294967", 3),
        default=10,
        since="2.0.0",
        unit="milliseconds",
        scope="bfd",
    )
    min_tx: float | None = keyword(
        "Desired minimum transmit interval (log notice above 10000).",
        Seconds("1", "4294967", 3),
        default=10,
        since="2.0.0",
        unit="milliseconds",
        scope="bfd",
    )
    idle_tx: float | None = keyword(
        "Transmit interval while the session is not up (log notice above 10000).",
        Seconds("1000", "4294967", 3),
        default=1000,
        since="2.0.0",
        unit="milliseconds",
        scope="bfd",
    )
    multiplier: int | None = keyword(
        "Missed packets before the session is down.", Unsigned(1, 255), default=5, since="2.0.0", scope="bfd"
    )
    passive: bool = keyword(
        "Wait for the peer to start the session.", Flag(), default=False, since="2.0.0", scope="bfd"
    )
    ttl: int | None = keyword(
        "TTL of sent packets.", Unsigned(1, 255), since="2.0.0", scope="bfd", default_note="255 (IPv4), 64 (IPv6)"
    )
    hoplimit: int | None = keyword("Same setting as ttl.", Unsigned(1, 255), since="2.0.0", scope="bfd", alias_of="ttl")
    max_hops: int | None = keyword(
        "Allowed TTL reduction of received packets; -1/255 disables the check.",
        Integer(-1, 255),
        default=0,
        since="2.0.0",
        scope="bfd",
        note="NOTE:greater than ttl: error, reduced to ttl",
    )
    multihop: bool | None = keyword(
        "Use the RFC5883 multihop port 4784.", Bool(), default=False, since="2.2.8", scope="bfd"
    )
    weight: int | None = keyword(
        "Default weight for track_bfd.", Integer(-253, 253), default=0, since="2.0.0", builds=("BFD",)
    )
    vrrp: bool = keyword(
        "Send events to the VRRP process (without vrrp/checker: to both).",
        Flag(),
        default=False,
        since="2.0.0",
        scope="bfd",
        builds=("BFD",),
    )
    checker: bool = keyword(
        "Send events to the checker process (without vrrp/checker: to both).",
        Flag(),
        default=False,
        since="2.0.0",
        scope="bfd",
        builds=("BFD",),
    )

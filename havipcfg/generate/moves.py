"""Addresses that a call to the cloud moves: what move.sh is told on one node."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from havipcfg.generate.programs.bundle import Move, move_data
from havipcfg.generate.programs.moves import MOVES, MoveCall

if TYPE_CHECKING:
    from havipcfg.cluster.load import ClusterFile
    from havipcfg.cluster.model import Havip
    from havipcfg.cluster.resolve import Election

PLACES = {
    "nic": "nodes: {NODE: {network_interface_id: ...}}",
    "server": "nodes: {NODE: {instance_id: ...}}",
    "zone": "nodes: {NODE: {zone: ...}}",
    "id": "havips: [{address: ..., id: ...}]",
    "vpc": "vpc: {id: ...}",
}
"""Where cluster.yaml says what a call needs; everything else stands under cloud:."""


@dataclass(frozen=True)
class Moving:
    """The move.data of a node and the client it needs there."""

    data: bytes
    tool: str


class MoveError(ValueError):
    """A move that cannot be written; ``path`` are the keys of cluster.yaml to look at, ``advice`` what to do."""

    def __init__(self, path: tuple[str | int, ...], message: str, advice: str = "") -> None:
        super().__init__(message)
        self.path = path
        self.advice = advice


def moves(file: ClusterFile, node: str) -> Moving | None:
    """What move.sh does on a node; None where announcing by ARP moves every address.

    Raises MoveError where cluster.yaml does not say what the call needs.
    """
    found, tools = [], []
    for election in file.elections:
        kind = kind_of(file, election)
        if kind is None:
            continue
        vendor = file.provider.name
        call = MOVES[vendor, kind]
        tools.append(call.tool)
        for havip in (*election.havips, *election.excluded):
            fields = tuple(_fields(file, node, havip, call))
            found.append(Move(election.name, vendor, kind, str(havip.address), fields))
    return Moving(move_data(found), tools[0]) if found else None


def kind_of(file: ClusterFile, election: Election) -> str | None:
    """The kind of move an election's addresses need, None where ARP does it.

    Raises MoveError where the cloud offers no call.
    """
    cloud = file.provider
    if cloud.mechanism == "arp" and election.vip_kind == "havip":
        return None
    kinds = [kind for vendor, kind in MOVES if vendor == cloud.name]
    address = election.havips[0].address
    inside = any(address in subnet.cidr for subnet in file.spec.subnet or () if subnet.cidr.version == address.version)
    order = (
        ["private", "alias", "elastic", "failover", "route"] if inside else ["route", "elastic", "failover", "private"]
    )
    if cloud.mechanism == "arp":
        order = ["private"]
    kind = next((kind for kind in order if kind in kinds), None)
    if kind is None:
        what = cloud.advice or f"{cloud.title} has no call that moves such an address"
        raise MoveError((*election.path, "havips"), what)
    return kind


def _fields(file: ClusterFile, node: str, havip: Havip, call: MoveCall) -> list[tuple[str, str]]:
    """What the call is told; raises MoveError with all that the file does not say."""
    spec = file.spec
    host = spec.nodes[node]
    known: dict[str, str | None] = {
        "nic": host.network_interface_id,
        "server": host.instance_id,
        "zone": host.zone,
        "id": havip.id,
        "vpc": spec.vpc.id if spec.vpc is not None else None,
    }
    found: list[tuple[str, str]] = []
    missing = []
    for key in call.keys:
        own = spec.cloud.get(key)
        value = known.get(key) or (own if isinstance(own, str) else None)
        if value is None:
            missing.append(PLACES.get(key, f"cloud: {{{key}: ...}}").replace("NODE", node))
        else:
            found.append((key, value))
    for key in call.repeated:
        if key == "peer":
            for name, other in spec.nodes.items():
                if name == node:
                    continue
                if other.instance_id is None:
                    missing.append(PLACES["server"].replace("NODE", name))
                else:
                    found.append(
                        (key, f"{other.instance_id} {other.zone}" if "gcloud" in call.tool else other.instance_id)
                    )
            continue
        values = spec.cloud.get(key) or []
        if not values:
            missing.append(f"cloud: {{{key}: ...}}")
        found += [(key, value) for value in ([values] if isinstance(values, str) else values)]
    if missing:
        raise MoveError(
            ("provider",),
            f"{call.tool} has to move {havip.address}, and needs more than this file says",
            "write " + ", ".join(dict.fromkeys(missing)),
        )
    return found

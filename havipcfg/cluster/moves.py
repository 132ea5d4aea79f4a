"""Addresses that a call to the cloud moves: which call, and what it has to be told of the cluster."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from havipcfg.cluster.file import ClusterFile
    from havipcfg.cluster.model import Havip, Node
    from havipcfg.cluster.resolve import Election
    from havipcfg.providers import Move, MoveKey

OF_A_NODE = {"nic": "network_interface_id", "server": "instance_id", "zone": "zone"}


class Told(NamedTuple):
    """One line for move.sh: its key, its value (None where cluster.yaml lacks it) and the key of cluster.yaml.

    ``node`` is the node whose fact it is, None for what the whole cluster says.
    """

    key: MoveKey
    value: str | None
    place: str
    node: str | None = None


def move_of(file: ClusterFile, election: Election) -> Move | None:
    """The call that moves the addresses of an election; None where announcing them does it, or nothing can."""
    cloud, address = file.provider, election.havips[0].address
    routed = cloud.overlay in file.spec.cloud and not any(address in subnet.cidr for subnet in file.spec.subnet or ())
    return cloud.move_for(election.vip_kind, routed=routed)


def told(file: ClusterFile, move: Move, node: str, havip: Havip) -> Iterator[Told]:
    """What the call on one node has to be told to bring one address there, in the order of ``move.needs``."""
    spec = file.spec
    for key in move.needs:
        if key == "peer":
            for name, other in spec.nodes.items():
                if name != node:
                    server, zone = (_of_node(file, other, fact) for fact in ("server", "zone"))
                    lacking = "instance_id" if server is None else "zone"
                    value = f"{server} {zone}" if server is not None and zone is not None else None
                    yield Told(key, value, f"nodes.{name}.{lacking}", name)
        elif key in OF_A_NODE:
            yield Told(key, _of_node(file, spec.nodes[node], key), f"nodes.{node}.{OF_A_NODE[key]}", node)
        elif key == "id":
            yield Told(key, havip.id, "the id of the HAVIP")
        elif key == "vpc" and spec.vpc is not None and spec.vpc.id is not None:
            yield Told(key, spec.vpc.id, "vpc.id")
        else:
            values = spec.cloud.get(key)
            every = values if isinstance(values, list) and values else [values if isinstance(values, str) else None]
            for value in every if key == "route_table" else every[:1]:
                yield Told(key, value, "vpc: {id: ...}" if key == "vpc" else f"cloud.{key}")


def _of_node(file: ClusterFile, node: Node, key: str) -> str | None:
    own = getattr(node, OF_A_NODE[key])
    shared = file.spec.cloud.get(key)
    return str(own) if own is not None else shared if isinstance(shared, str) else None

"""Addresses that a call to the cloud moves: what move.sh is told on one node."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from havipcfg.cluster.moves import move_of, told
from havipcfg.generator.programs.bundle import Move, move_data

if TYPE_CHECKING:
    from havipcfg.cluster.file import ClusterFile


@dataclass(frozen=True)
class Moving:
    """The move.data of a node and the client it needs there."""

    data: bytes
    tool: str


def moves(file: ClusterFile, node: str) -> Moving | None:
    """What move.sh does on a node; None where announcing by ARP moves every address.

    The file has passed its own checks: nothing that a call needs is missing.
    """
    found, calls = [], []
    for election in file.elections:
        call = move_of(file, election)
        if call is None:
            continue
        calls.append(call)
        for havip in (*election.havips, *election.excluded):
            fields = tuple((fact.key, str(fact.value)) for fact in told(file, call, node, havip))
            found.append(Move(election.name, file.provider.name, call.kind, str(havip.address), fields))
    if not found:
        return None
    longest = max(call.seconds for call in calls)
    data = move_data(found, timeout=max(60, longest + 60), call_timeout=longest)
    return Moving(data, calls[0].program)

"""Who takes part in an election: seats, teams and what can be heard, compiled for speed.

A seat is an instance on a node; a team is the seats of a node that change state together, a
sync group or a single instance.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import NamedTuple

from havipcfg.verifier.hears import HearsGraph
from havipcfg.verifier.hears import Seat as Place
from havipcfg.verifier.moments import Term
from havipcfg.verifier.network import Instance, Network


class Seat(NamedTuple):
    """One instance on one node, compiled."""

    node: int
    team: int
    name: str
    node_name: str
    instance: Instance
    address: tuple[int, ...] | None
    nopreempt: bool
    preempt_delay: float
    adverts: int
    interval: float
    version: int
    answers: bool
    owner: bool
    modern: bool

    def skew(self, priority: int, interval: float) -> float:
        return (256 - priority) / 256 * (interval if self.version == 3 else 1.0)


@dataclass(slots=True)
class Electorate:
    """A closed set of seats: nobody in it hears or is coupled to anybody outside."""

    nodes: tuple[str, ...]
    seats: tuple[Seat, ...]
    teams: tuple[tuple[int, ...], ...]
    team_node: tuple[int, ...]
    node_teams: tuple[tuple[int, ...], ...]
    node_seats: tuple[tuple[int, ...], ...]
    heard: tuple[int, ...]
    """Per seat, the bits of the seats whose adverts reach it with nothing cut."""
    skews: dict[tuple[int, int, float], Term] = field(default_factory=dict)

    def skew(self, seat: int, priority: int, interval: float) -> Term:
        key = (seat, priority, interval)
        term = self.skews.get(key)
        if term is None:
            facts = self.seats[seat]
            seconds = facts.skew(priority, interval)
            formula = f"(256-{priority})/256" + (f" * {interval:g} s" if facts.version == 3 else " s")
            term = self.skews[key] = Term(f"skew of {facts.node_name} {formula}", seconds, seconds)
        return term

    def audible(self, cut: AbstractSet[tuple[int, int]]) -> list[int]:
        """Per seat, the seats heard when the (sender, receiver) pairs of nodes are cut."""
        if not cut:
            return list(self.heard)
        masks = []
        for seat, mask in zip(self.seats, self.heard, strict=True):
            silent = 0
            for sender, receiver in cut:
                if receiver == seat.node:
                    for other in self.node_seats[sender]:
                        silent |= 1 << other
            masks.append(mask & ~silent)
        return masks


def address_key(address: str | None) -> tuple[int, ...] | None:
    """Addresses in the order in which keepalived breaks a tie; None when unknown."""
    if address is None:
        return None
    try:
        return tuple(ip_address(address).packed)
    except ValueError:
        return None


def electorates(network: Network, graph: HearsGraph) -> list[Electorate]:
    """Split a network into parts that do not influence each other."""
    keys = [(node.name, instance.name) for node in network.nodes for instance in node.instances]
    parent = {key: key for key in keys}

    def root(key: Place) -> Place:
        while parent[key] != key:
            key = parent[key]
        return key

    def join(one: Place, other: Place) -> None:
        first, second = sorted((root(one), root(other)), key=keys.index)
        parent[second] = first

    for sender, receiver in graph.edges:
        join(sender, receiver)
    by_address: dict[str, Place] = {}
    for node in network.nodes:
        for group in node.groups:
            members = [(node.name, name) for name in group.members if (node.name, name) in parent]
            for member in members[1:]:
                join(members[0], member)
        for instance in node.instances:
            for address in instance.addresses:
                join(by_address.setdefault(address, (node.name, instance.name)), (node.name, instance.name))
    parts: dict[Place, list[Place]] = {}
    for key in keys:
        parts.setdefault(root(key), []).append(key)
    return [_compile(network, graph, part) for part in parts.values()]


def _compile(network: Network, graph: HearsGraph, part: list[Place]) -> Electorate:
    wanted = set(part)
    nodes = [node for node in network.nodes if any((node.name, i.name) in wanted for i in node.instances)]
    seats: list[Seat] = []
    teams: list[list[int]] = []
    team_node: list[int] = []
    for index, node in enumerate(nodes):
        grouped: dict[str, int] = {}
        for instance in node.instances:
            if (node.name, instance.name) not in wanted:
                continue
            group = next((g.name for g in node.groups if instance.name in g.members), None)
            team = grouped.get(group) if group is not None else None
            if team is None:
                team = len(teams)
                teams.append([])
                team_node.append(index)
                if group is not None:
                    grouped[group] = team
            teams[team].append(len(seats))
            seats.append(
                Seat(
                    index,
                    team,
                    instance.name,
                    node.name,
                    instance,
                    address_key(instance.address),
                    instance.nopreempt,
                    instance.preempt_delay,
                    instance.down_timer_adverts,
                    instance.advert_int,
                    instance.version,
                    not instance.lower_prio_no_advert,
                    instance.owner,
                    node.version >= (2, 3, 0),
                )
            )
    number = {(seat.node_name, seat.name): bit for bit, seat in enumerate(seats)}
    heard = [0] * len(seats)
    for sender, receiver in graph.edges:
        if sender in number and receiver in number:
            heard[number[receiver]] |= 1 << number[sender]
    count = range(len(nodes))
    return Electorate(
        tuple(node.name for node in nodes),
        tuple(seats),
        tuple(map(tuple, teams)),
        tuple(team_node),
        tuple(tuple(t for t, n in enumerate(team_node) if n == i) for i in count),
        tuple(tuple(s for s, seat in enumerate(seats) if seat.node == i) for i in count),
        tuple(heard),
    )

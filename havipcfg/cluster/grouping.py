"""Which files form a cluster, and which of their instances are one virtual router.

Files belong together when two of their instances share a virtual address, or when one names
the other's ``unicast_src_ip`` as a peer. Inside a cluster, instances are paired by what
they share: a virtual address, then the name, then the virtual_router_id and interface, then
being the only ones left.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

from havipcfg.cluster.members import Cluster, Context, Member, VirtualRouter

T = TypeVar("T")


def clusters(contexts: list[Context], *, together: bool = False) -> list[Cluster]:
    """Group files into clusters, in the order of their first file.

    ``together``: all files are one cluster (``--as-cluster``). Files without a VRRP instance
    are left out.
    """
    electing = [context for context in contexts if context.conf.vrrp_instance]
    if together:
        groups = [electing] if electing else []
    else:
        groups = _connected(electing, _belonging)
    return [Cluster(group, routers(group), group[0].facts) for group in groups]


def routers(contexts: list[Context]) -> list[VirtualRouter]:
    """Pair the instances of the files of one cluster into virtual routers."""
    found = [
        VirtualRouter([Member(instance, context)]) for context in contexts for instance in context.conf.vrrp_instance
    ]
    if len(contexts) < 2:
        return found
    passes: tuple[Callable[[Member], Iterable[Hashable]], ...] = (
        lambda member: member.effective.addresses,
        lambda member: (member.instance.name,),
        lambda member: (member.instance.virtual_router_id,),
        lambda member: ("left over",),
    )
    for index, keys in enumerate(passes):
        lonely = found if index == 0 else [router for router in found if len(router.members) == 1]
        merged = _merge(lonely, keys)
        found = [router for router in found if id(router) not in merged]
    order = {id(context): index for index, context in enumerate(contexts)}
    for router in found:
        router.members.sort(key=lambda member: order[id(member.context)])
    return found


def _merge(candidates: list[VirtualRouter], keys: Callable[[Member], Iterable[Hashable]]) -> set[int]:
    """Merge routers that share a key and no file; the ids of those merged into others."""
    first: dict[Hashable, VirtualRouter] = {}
    gone: set[int] = set()
    for router in candidates:
        for key in keys(router.members[0]):
            target = first.setdefault(key, router)
            if target is router:
                continue
            files = {id(member.context) for member in target.members}
            if id(router.members[0].context) not in files and len(router.members) == 1:
                target.members += router.members
                gone.add(id(router))
                break
    return gone


def _belonging(context: Context) -> Iterable[Hashable]:
    for instance in context.conf.vrrp_instance:
        yield from (("address", entry.address) for entry in instance.virtual_ipaddress)
        yield from (("node", peer.address) for peer in instance.unicast_peer)
        if instance.unicast_src_ip:
            yield ("node", instance.unicast_src_ip)


def _connected(items: list[T], keys: Callable[[T], Iterable[Hashable]]) -> list[list[T]]:
    """Partition items into groups that are connected by shared keys, keeping their order."""
    parent = list(range(len(items)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    seen: dict[Hashable, int] = {}
    for index, item in enumerate(items):
        for key in keys(item):
            first, second = sorted((root(seen.setdefault(key, index)), root(index)))
            parent[second] = first
    groups: dict[int, list[T]] = {}
    for index, item in enumerate(items):
        groups.setdefault(root(index), []).append(item)
    return list(groups.values())

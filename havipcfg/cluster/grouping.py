"""Which files form a cluster, and which of their instances are one virtual router.

Files of one cluster name each other's addresses as peers, or hold the same virtual address.
The nearer two files are in the directory tree, the sooner that is believed: folders are looked
at from the deepest up, and a group that is complete in its folder (several files, every peer
among them) takes in nothing from farther away. So copies of one sample in unrelated folders
stay apart, while ``node1/keepalived.conf`` and ``node2/keepalived.conf`` come together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator
from itertools import pairwise
from pathlib import PurePath
from typing import TypeVar

from havipcfg.cluster.context import Context
from havipcfg.cluster.members import Cluster, Member, VirtualRouter, network_around, nodes_of

T = TypeVar("T")

ADDRESS, NAME, NUMBER, PEER, NETWORK, INTERFACE = 100, 40, 30, 20, 12, 5
"""How much it says for two instances being one virtual router that they share each of these."""

BUCKET = 40
"""Among so many instances with one key, each is compared with the first of them only."""


def clusters(contexts: list[Context], *, together: bool = False) -> list[Cluster]:
    """Group files into clusters, in the order of their first file.

    ``together``: all files are one cluster (``--as-cluster``). Files without a VRRP instance
    are left out.
    """
    electing = [context for context in contexts if context.conf.vrrp_instance]
    groups = ([electing] if electing else []) if together else _by_folder(electing)
    for group in groups:
        _tell_apart(group)
    return [Cluster(group, routers(group), group[0].facts) for group in groups]


def _tell_apart(contexts: list[Context]) -> None:
    """Give files whose nodes would be called the same the names they were read under."""
    names = Counter(context.name for context in contexts)
    for context in contexts:
        if names[context.name] > 1:
            context.alias = context.reading.source.name


def routers(contexts: list[Context]) -> list[VirtualRouter]:
    """Pair the instances of the files of one cluster into virtual routers.

    Those that have most in common come together first: a virtual address, then the name, the
    ``virtual_router_id``, peers, network and interface. A router takes one instance a file.
    Where a single instance of each of two files is left, the two are a pair as well.
    """
    members = [Member(instance, context) for context in contexts for instance in context.conf.vrrp_instance]
    if len(contexts) < 2:
        return [VirtualRouter([member]) for member in members]
    joined = _Joined(members)
    for _, one, other in sorted((-score, one, other) for (one, other), score in _candidates(members).items()):
        joined.join(one, other)
    lonely = [group for group in joined.groups() if len(group) == 1]
    left = _last_of_their_files([members[group[0]] for group in lonely])
    for first, second in pairwise(left):
        joined.join(members.index(first), members.index(second))
    return [VirtualRouter([members[index] for index in group]) for group in joined.groups()]


class _Joined:
    """Instances brought together so far, by their index; never two of one file."""

    def __init__(self, members: list[Member]) -> None:
        self.members = members
        self.group_of = [[index] for index in range(len(members))]

    def join(self, one: int, other: int) -> None:
        first, second = self.group_of[one], self.group_of[other]
        files = {id(self.members[index].context) for index in first}
        if first is second or any(id(self.members[index].context) in files for index in second):
            return
        first += second
        first.sort()
        for index in second:
            self.group_of[index] = first

    def groups(self) -> list[list[int]]:
        found = {id(group): group for group in self.group_of}
        return sorted(found.values())


def _candidates(members: list[Member]) -> dict[tuple[int, int], int]:
    """Pairs of instances of different files that share something, and how much."""
    buckets: dict[Hashable, list[int]] = {}
    for index, member in enumerate(members):
        for key in _keys(member):
            buckets.setdefault(key, []).append(index)
    found: dict[tuple[int, int], int] = {}
    for bucket in buckets.values():
        for place, one in enumerate(bucket[:1] if len(bucket) > BUCKET else bucket):
            for other in bucket[place + 1 :]:
                if members[one].context is not members[other].context and (one, other) not in found:
                    found[one, other] = _likeness(members[one], members[other])
    return {pair: score for pair, score in found.items() if score}


def _keys(member: Member) -> Iterator[Hashable]:
    yield "name", member.instance.name
    yield "number", member.instance.virtual_router_id, member.effective.family
    for address in member.effective.addresses:
        yield "address", address


def _likeness(one: Member, other: Member) -> int:
    """How much speaks for two instances being one virtual router; 0: nothing that counts."""
    mine, theirs = one.effective.addresses, other.effective.addresses
    shared = len(mine & theirs)
    same_name = one.instance.name == other.instance.name
    same_number = one.instance.virtual_router_id == other.instance.virtual_router_id
    if not shared and one.effective.family != other.effective.family and mine and theirs:
        return 0
    if not shared and not same_name and not _near(one, other):
        return 0
    score = shared * ADDRESS + same_name * NAME + same_number * NUMBER
    score += PEER if one.nodes & other.nodes else 0
    score += NETWORK if _near(one, other) else 0
    return score + (INTERFACE if one.instance.interface == other.instance.interface else 0)


def _near(one: Member, other: Member) -> bool:
    """Whether a virtual address of each is in one network of 24 or 64 bits."""
    return bool(one.networks & other.networks)


def _last_of_their_files(lonely: list[Member]) -> list[Member]:
    """The instances that are alone in being left over in their file, of the first one's family."""
    count: dict[int, int] = {}
    for member in lonely:
        count[id(member.context)] = count.get(id(member.context), 0) + 1
    single = [member for member in lonely if count[id(member.context)] == 1]
    return [member for member in single if member.effective.family == single[0].effective.family]


def _by_folder(contexts: list[Context]) -> list[list[Context]]:
    """Group files by what they share, folder by folder from the deepest up."""
    order = {id(context): index for index, context in enumerate(contexts)}
    waiting: dict[PurePath, list[list[Context]]] = {}
    for context in contexts:
        waiting.setdefault(PurePath(context.reading.source.name).parent, []).append([context])
    while True:
        deepest = max((len(folder.parts) for folder in waiting), default=0)
        for folder in [folder for folder in waiting if len(folder.parts) == deepest]:
            groups = sorted(_joined_in(waiting.pop(folder)), key=lambda group: order[id(group[0])])
            if not deepest:
                return groups
            above = folder.parent if folder.parent != folder else PurePath()
            waiting.setdefault(above, []).extend(groups)
        if not waiting:
            return []


def _joined_in(groups: list[list[Context]]) -> list[list[Context]]:
    """Join the groups of one folder: those that name each other, those of one address, those left alone."""
    closed = [group for group in groups if _complete(group)]
    open_groups = [group for group in groups if not _complete(group)]
    named = [[context for group in joined for context in group] for joined in _connected(open_groups, _nodes)]
    closed += [group for group in named if _complete(group) and _is_unicast(group)]
    rest = [group for group in named if not (_complete(group) and _is_unicast(group))]
    for joined in _connected(rest, _addresses):
        closed += _fitting(joined)
    return _with_lone_joined(closed)


def _with_lone_joined(groups: list[list[Context]]) -> list[list[Context]]:
    """A file left alone joins those it is like in all but the address: a node whose address is mistyped.

    Files that name no node cannot tell each other apart by peers, so name, ``virtual_router_id``
    and network have to do; two initial masters of one priority are two clusters.
    """
    found: list[list[Context]] = []
    homes: dict[Hashable, list[Context]] = {}
    nameless = [group for group in groups if not _nodes(group)]
    for group in sorted(nameless, key=lambda group: len(group) == 1):
        home = next((homes[key] for key in _likenesses(group[0]) if key in homes), None) if len(group) == 1 else None
        if home is not None and not _priorities_of_masters(home) & _priorities_of_masters(group):
            home += group
            continue
        found.append(group)
        homes.update((key, group) for key in _likenesses(group[0]) if key not in homes)
    return [group for group in groups if _nodes(group)] + found


def _likenesses(context: Context) -> Iterator[Hashable]:
    path = PurePath(context.reading.source.name)
    place = path.parent.parent if path.name == "keepalived.conf" else path.parent
    for instance in context.conf.vrrp_instance:
        for entry in instance.virtual_ipaddress:
            yield place, instance.name, instance.virtual_router_id, network_around(entry.address)


def _priorities_of_masters(group: list[Context]) -> set[int | None]:
    return {
        instance.priority for context in group for instance in context.conf.vrrp_instance if instance.state == "MASTER"
    }


def _complete(group: list[Context]) -> bool:
    """Whether the group needs nothing more: several files, and every peer is a node among them."""
    if len(group) < 2:
        return False
    instances = [instance for context in group for instance in context.conf.vrrp_instance]
    sources = {instance.unicast_src_ip for instance in instances}
    return all(peer.address in sources for instance in instances for peer in instance.unicast_peer)


def _is_unicast(group: list[Context]) -> bool:
    return any(instance.unicast_peer for context in group for instance in context.conf.vrrp_instance)


def _fitting(groups: list[list[Context]]) -> list[list[Context]]:
    """Groups of one virtual address as one, but for those in other folders whose nodes are others altogether."""
    found: list[list[Context]] = []
    for group in groups:
        for taken in found:
            if _folder(taken[0]) == _folder(group[0]) or not (_nodes(taken) and _nodes(group)):
                taken += group
                break
        else:
            found.append(list(group))
    return found


def _folder(context: Context) -> PurePath:
    return PurePath(context.reading.source.name).parent


def _nodes(group: list[Context]) -> set[str]:
    """The node addresses that the files name."""
    return {node for context in group for instance in context.conf.vrrp_instance for node in nodes_of(instance)}


def _addresses(group: list[Context]) -> set[str]:
    return {
        entry.address
        for context in group
        for instance in context.conf.vrrp_instance
        for entry in instance.virtual_ipaddress
    }


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

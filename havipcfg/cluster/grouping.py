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
from copy import copy
from itertools import pairwise
from pathlib import PurePath
from typing import TypeVar

from havipcfg.cluster.context import Context
from havipcfg.cluster.members import Cluster, Member, VirtualRouter, network_around
from havipcfg.record import record

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
    groups = grouped([outline(context) for context in contexts], together=together)
    return [cluster([contexts[index] for index in group]) for group in groups]


def cluster(contexts: list[Context]) -> Cluster:
    """The cluster that these files form."""
    _tell_apart(contexts)
    return Cluster(contexts, routers(contexts), contexts[0].facts)


@record
class Outline:
    """What grouping needs to know of a file.

    ``elects``: whether it has a VRRP instance at all. ``sources`` and ``peers`` are the addresses of
    ``unicast_src_ip`` and ``unicast_peer``, ``addresses`` those of ``virtual_ipaddress``. Of files
    that name no node, ``likenesses`` are what copies with other addresses would have in common,
    and ``masters`` the priorities of initial masters.
    """

    file: str
    elects: bool
    sources: frozenset[str]
    peers: frozenset[str]
    addresses: frozenset[str]
    likenesses: tuple[Hashable, ...]
    masters: frozenset[int | None]


def outline(context: Context) -> Outline:
    """The outline of one file."""
    instances = context.conf.vrrp_instance
    sources = frozenset(instance.unicast_src_ip for instance in instances if instance.unicast_src_ip)
    peers = frozenset(peer.address for instance in instances for peer in instance.unicast_peer)
    nameless = not sources and not peers
    return Outline(
        context.reading.source.name,
        bool(instances),
        sources,
        peers,
        frozenset(entry.address for instance in instances for entry in instance.virtual_ipaddress),
        tuple(_likenesses(context)) if nameless else (),
        frozenset(instance.priority for instance in instances if nameless and instance.state == "MASTER"),
    )


def _likenesses(context: Context) -> Iterator[Hashable]:
    path = PurePath(context.reading.source.name)
    place = str(path.parent.parent if path.name == "keepalived.conf" else path.parent)
    for instance in context.conf.vrrp_instance:
        for entry in instance.virtual_ipaddress:
            yield place, instance.name, instance.virtual_router_id, network_around(entry.address)


def grouped(outlines: list[Outline], *, together: bool = False) -> list[list[int]]:
    """Which files form a cluster, by their indices, in the order of their first file; as ``clusters`` does."""
    electing = [index for index, one in enumerate(outlines) if one.elects]
    if together:
        return [electing] if electing else []
    groups = _by_folder([_Group([index], outlines[index]) for index in electing])
    return [group.files for group in groups]


def _tell_apart(contexts: list[Context]) -> None:
    """Give files whose nodes would be called the same the names they were read under."""
    names = Counter(context.alias or context.name for context in contexts)
    for context in contexts:
        if names[context.alias or context.name] > 1:
            file = context.reading.source.name
            context.alias = f"{context.alias} ({file})" if context.alias else file


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
        self.group_of = [[index] for index in range(len(members))]
        self.files_of = [{id(member.context)} for member in members]

    def join(self, one: int, other: int) -> None:
        first, second = self.group_of[one], self.group_of[other]
        files = self.files_of[one]
        if first is second or not files.isdisjoint(self.files_of[other]):
            return
        first += second
        files |= self.files_of[other]
        for index in second:
            self.group_of[index], self.files_of[index] = first, files

    def groups(self) -> list[list[int]]:
        found = {id(group): sorted(group) for group in self.group_of}
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
    near = not one.networks.isdisjoint(other.networks)
    if not shared and not same_name and not near:
        return 0
    score = shared * ADDRESS + same_name * NAME + same_number * NUMBER
    score += PEER if not one.nodes.isdisjoint(other.nodes) else 0
    score += NETWORK if near else 0
    return score + (INTERFACE if one.instance.interface == other.instance.interface else 0)


def _last_of_their_files(lonely: list[Member]) -> list[Member]:
    """The instances that are alone in being left over in their file, of the first one's family."""
    count: dict[int, int] = {}
    for member in lonely:
        count[id(member.context)] = count.get(id(member.context), 0) + 1
    single = [member for member in lonely if count[id(member.context)] == 1]
    return [member for member in single if member.effective.family == single[0].effective.family]


class _Group:
    """Files brought together so far, by their indices, and what they say taken together."""

    def __init__(self, files: list[int], one: Outline) -> None:
        self.files = files
        self.folder = PurePath(one.file).parent
        self.sources, self.peers, self.addresses = one.sources, one.peers, one.addresses
        self.likenesses, self.masters = one.likenesses, one.masters

    @property
    def nodes(self) -> frozenset[str]:
        """The node addresses that the files name."""
        return self.sources | self.peers

    @property
    def complete(self) -> bool:
        """Whether the group needs nothing more: several files, and every peer is a node among them."""
        return len(self.files) > 1 and self.peers <= self.sources

    def take(self, other: _Group) -> None:
        """Bring the files of another group into this one."""
        self.files = self.files + other.files
        self.sources |= other.sources
        self.peers |= other.peers
        self.addresses |= other.addresses
        self.masters |= other.masters

    @classmethod
    def joined(cls, groups: list[_Group]) -> _Group:
        found = copy(groups[0])
        for group in groups[1:]:
            found.take(group)
        return found


def _by_folder(alone: list[_Group]) -> list[_Group]:
    """Group files by what they share, folder by folder from the deepest up."""
    waiting: dict[PurePath, list[_Group]] = {}
    for group in alone:
        waiting.setdefault(group.folder, []).append(group)
    while waiting:
        deepest = max(len(folder.parts) for folder in waiting)
        for folder in [folder for folder in waiting if len(folder.parts) == deepest]:
            groups = sorted(_joined_in(waiting.pop(folder)), key=lambda group: group.files[0])
            if not deepest:
                return groups
            above = folder.parent if folder.parent != folder else PurePath()
            waiting.setdefault(above, []).extend(groups)
    return []


def _joined_in(groups: list[_Group]) -> list[_Group]:
    """Join the groups of one folder: those that name each other, those of one address, those left alone."""
    closed = [group for group in groups if group.complete]
    waiting = [group for group in groups if not group.complete]
    rest: list[_Group] = []
    for named in map(_Group.joined, _connected(waiting, lambda group: group.nodes)):
        (closed if named.complete and named.peers else rest).append(named)
    for joined in _connected(rest, lambda group: group.addresses):
        closed += _fitting(joined)
    return _with_lone_joined(closed)


def _with_lone_joined(groups: list[_Group]) -> list[_Group]:
    """A file left alone joins those it is like in all but the address: a node whose address is mistyped.

    Files that name no node cannot tell each other apart by peers, so name, ``virtual_router_id``
    and network have to do; two initial masters of one priority are two clusters.
    """
    found: list[_Group] = []
    homes: dict[Hashable, _Group] = {}
    nameless = [group for group in groups if not group.nodes]
    for group in sorted(nameless, key=lambda group: len(group.files) == 1):
        keys = group.likenesses if len(group.files) == 1 else ()
        home = next((homes[key] for key in keys if key in homes), None)
        if home is not None and home.masters.isdisjoint(group.masters):
            home.take(group)
            continue
        found.append(group)
        homes.update((key, group) for key in group.likenesses if key not in homes)
    return [group for group in groups if group.nodes] + found


def _fitting(groups: list[_Group]) -> list[_Group]:
    """Groups of one virtual address as one, but for those in other folders whose nodes are others altogether."""
    found: list[list[_Group]] = []
    nodes: list[bool] = []
    for group in groups:
        for place, taken in enumerate(found):
            if taken[0].folder == group.folder or not (nodes[place] and group.nodes):
                taken.append(group)
                nodes[place] = nodes[place] or bool(group.nodes)
                break
        else:
            found.append([group])
            nodes.append(bool(group.nodes))
    return list(map(_Group.joined, found))


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

"""From typed configurations to the network that the election model works on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from ipaddress import ip_address
from itertools import islice
from pathlib import Path

from havipcfg.keepalived.conf import KeepalivedConf
from havipcfg.keepalived.effective import Effective, Tracked
from havipcfg.keepalived.global_defs import GlobalDefs
from havipcfg.keepalived.load import read
from havipcfg.keepalived.tracking import VrrpScript, VrrpTrackProcess
from havipcfg.keepalived.version import NEWEST, Version
from havipcfg.keepalived.vrrp_instance import VrrpInstance
from havipcfg.source import Source, Span
from havipcfg.verifier.hears import LENIENT
from havipcfg.verifier.network import Check, CheckKind, Group, Instance, Network, Node, Tracker
from havipcfg.verifier.scenario import ScenarioError

Addresses = Mapping[str, Mapping[str, Sequence[str]]]
"""Per node and interface, the addresses the interface has before keepalived starts."""

_ADDRESS = re.compile(r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:]*:[0-9A-Fa-f]*)(?![\w.:])")
_FIELDS = (
    "interface",
    "virtual_router_id",
    "version",
    "state",
    "priority",
    "advert_int",
    "nopreempt",
    "preempt_delay",
    "down_timer_adverts",
    "unicast_src_ip",
    "mcast_src_ip",
    "unicast_peer",
    "check_unicast_src",
    "virtual_ipaddress",
    "dont_track_primary",
    "lower_prio_no_advert",
    "timer_expired_backup",
)


def build(
    confs: Iterable[tuple[str, KeepalivedConf]],
    *,
    versions: Mapping[str, Version] | Version = NEWEST,
    addresses: Addresses | None = None,
) -> Network:
    """The network of the nodes named with their configurations.

    ``versions`` is the keepalived each node runs (one for all, or by name). ``addresses``
    are host facts where known; without them the source address of multicast adverts is
    unknown and ties between two masters may go either way.
    """
    nodes = []
    for name, conf in confs:
        version = versions if isinstance(versions, Version) else versions.get(name, NEWEST)
        nodes.append(_node(name, conf, version, (addresses or {}).get(name, {})))
    return Network(_settle_addresses(tuple(nodes), addresses or {}))


def node(name: str, conf: KeepalivedConf, version: Version = NEWEST) -> Node:
    """One node alone, as a ``reload`` makes it."""
    return _node(name, conf, version, {})


def _node(name: str, conf: KeepalivedConf, version: Version, addresses: Mapping[str, Sequence[str]]) -> Node:
    checks: dict[str, Check] = {}
    instances = []
    for block in conf.vrrp_instance:
        effective = Effective(conf, block)
        own = {a for a in (block.unicast_src_ip, block.mcast_src_ip, *effective.addresses) if a}
        for tracked in effective.trackers:
            if tracked.name not in checks:
                checks[tracked.name] = _check(tracked, conf, version, own)
        instances.append(_instance(effective, block, addresses))
    groups = tuple(
        Group(group.name, tuple(member.name for member in group.group), _span(group, ""))
        for group in conf.vrrp_sync_group
        if len(group.group) > 1
    )
    return Node(name, tuple(instances), tuple(checks.values()), groups, (version.major, version.minor, version.patch))


def _instance(effective: Effective, block: VrrpInstance, known: Mapping[str, Sequence[str]]) -> Instance:
    defaults = effective.conf.global_defs or GlobalDefs()
    interface = block.interface or ""
    own = tuple(known.get(interface, ()))
    address = block.unicast_src_ip if effective.unicast else block.mcast_src_ip
    if address is None:
        address = next((a for a in own if ip_address(a).version == effective.family), None)
    held = tuple(entry.address for entry in (*block.virtual_ipaddress, *block.virtual_ipaddress_excluded))
    devs = dict.fromkeys(e.dev for e in block.virtual_ipaddress if e.dev and e.dev != interface and not e.no_track)
    peers = tuple(peer.address for peer in block.unicast_peer)

    def flag(local: bool | None, name: str) -> bool:
        value = local if local is not None else getattr(defaults, name, None)
        return bool(value if value is not None else effective.strict)

    return Instance(
        block.name,
        interface,
        block.virtual_router_id or 0,
        effective.priority,
        effective.family,
        effective.version,
        effective.advert_int,
        effective.down_timer_adverts,
        effective.nopreempt,
        effective.preempt_delay,
        None if effective.authentication is None else _auth(effective.authentication),
        address,
        True,
        peers if effective.unicast else None,
        block.mcast_dst_ip or getattr(defaults, f"vrrp_mcast_group{effective.family}", None),
        block.check_unicast_src or bool(getattr(defaults, "vrrp_check_unicast_src", False)),
        tuple(sorted(effective.addresses)),
        held,
        tuple(devs),
        tuple(_tracker(tracked) for tracked in effective.working_trackers),
        block.dont_track_primary,
        flag(block.lower_prio_no_advert, "vrrp_lower_prio_no_advert"),
        bool(block.higher_prio_send_advert),
        float(getattr(defaults, "vrrp_startup_delay", None) or 0.0),
        (block.timer_expired_backup or block.thread_timer_expired) is not None,
        _out_of_order(block, effective, own),
        not effective.starts_as_master,
        _span(block, ""),
        _origins(block),
    )


def _auth(pair: tuple[str, str]) -> tuple[str, bytes]:
    return pair[0], pair[1].encode("utf-8", "surrogateescape")[:8]


def _out_of_order(block: VrrpInstance, effective: Effective, own: Sequence[str]) -> str | None:
    if not block.interface:
        return "it has no interface"
    if not block.virtual_router_id:
        return "it has no virtual_router_id"
    if own and set(own) <= {entry.address for entry in block.virtual_ipaddress}:
        return "its virtual address is the interface's only address, which keepalived removes at start"
    if block.unicast_fault_no_peer and block.unicast_src_ip and not effective.unicast:
        return "it has no unicast_peer and unicast_fault_no_peer is set"
    return None


def _check(tracked: Tracked, conf: KeepalivedConf, version: Version, own: set[str]) -> Check:
    kind = CheckKind(tracked.kind)
    definition = tracked.definition
    origin = _span(definition, "") if definition is not None else tracked.tracker.span
    if isinstance(definition, VrrpScript):
        interval = definition.interval or 1.0
        argv = definition.script.argv if definition.script is not None else ()
        reachable = [a for a in _ADDRESS.findall(" ".join(argv)) if _elsewhere(a, own)]
        return Check(
            tracked.name,
            kind,
            interval,
            definition.timeout or interval,
            definition.fall or 1,
            definition.rise or 1,
            bool(argv) and not _refused(argv[0], definition, conf, version),
            ", ".join(sorted(set(reachable))) or None,
            origin,
        )
    if isinstance(definition, VrrpTrackProcess):
        delay = definition.delay or 0.0
        gained, lost = definition.fork_delay or delay, definition.terminate_delay or delay
        return Check(tracked.name, kind, gained, lost, origin=origin)
    return Check(tracked.name, kind, origin=origin)


def _elsewhere(address: str, own: set[str]) -> bool:
    try:
        return not ip_address(address).is_loopback and not ip_address(address).is_unspecified and address not in own
    except ValueError:
        return False


def _refused(path: str, script: VrrpScript, conf: KeepalivedConf, version: Version) -> bool:
    """A script that runs as root through /bin or /sbin, links on a merged /usr, is dropped since 2.3.0."""
    user = script.user or getattr(conf.global_defs, "script_user", None)
    first = user[0] if isinstance(user, (tuple, list)) and user else user
    return version >= LENIENT and first in (None, "root") and path.startswith(("/bin/", "/sbin/"))


def _tracker(tracked: Tracked) -> Tracker:
    try:
        origin: Span | None = tracked.tracker.span
    except LookupError:
        origin = None
    if tracked.tracker.weight is None and tracked.weight and tracked.definition is not None:
        origin = _span(tracked.definition, "weight") or origin
    return Tracker(tracked.name, tracked.weight, tracked.reverse, origin)


def _span(block: object, field: str) -> Span | None:
    try:
        if field and block.place(field) is None:  # type: ignore[attr-defined]
            return None
        span: Span = block.at(field)  # type: ignore[attr-defined]
    except LookupError:
        return None
    return span


def _origins(block: VrrpInstance) -> dict[str, Span]:
    found = {name: span for name in _FIELDS if (span := _span(block, name)) is not None}
    if block.authentication is not None:
        for name in ("auth_type", "auth_pass"):
            span = _span(block.authentication, name)
            if span is not None:
                found[name] = span
    return found


def _settle_addresses(nodes: tuple[Node, ...], addresses: Addresses) -> tuple[Node, ...]:
    """Fill in addresses that only the peers' lists give away, and find the impostors."""
    claims = _Claims(nodes)
    result = []
    for place, node in enumerate(nodes):
        known = (
            [address for own in addresses[node.name].values() for address in own] if node.name in addresses else None
        )
        instances = []
        for instance in node.instances:
            if instance.peers is not None:
                if instance.address is None:
                    instance = replace(instance, address=claims.deduced(place, instance))
                elif not (claims.owns(place, instance) if known is None else instance.address in known):
                    instance = replace(instance, owns_address=False)
                    if node.version < LENIENT:
                        instance = replace(instance, out_of_order="its unicast_src_ip is not an address of the node")
            instances.append(instance)
        result.append(replace(node, instances=tuple(instances)))
    return tuple(result)


class _Claims:
    """Which nodes, by their places, name an address as their own, and which list it as a peer."""

    def __init__(self, nodes: tuple[Node, ...]) -> None:
        self._claimed: dict[str, Counter[tuple[int, bool]]] = {}
        self._offered: dict[int, dict[str, set[int]]] = {}
        for place, node in enumerate(nodes):
            for instance in node.instances:
                for peer in instance.peers or ():
                    self._offered.setdefault(instance.vrid, {}).setdefault(peer, set()).add(place)
                if instance.peers is not None and instance.address:
                    listed = instance.address in instance.peers
                    self._claimed.setdefault(instance.address, Counter())[place, listed] += 1

    def deduced(self, place: int, instance: Instance) -> str | None:
        """The one address that other nodes list as a peer of this virtual router and that no other node claims."""
        own = set(instance.peers or ())
        offered = self._offered.get(instance.vrid, {}).items()
        others = (peer for peer, by in offered if by != {place} and peer not in own)
        free = list(islice((peer for peer in others if self._claimants(peer) <= {place}), 2))
        return free[0] if len(free) == 1 else None

    def _claimants(self, address: str) -> set[int]:
        return {place for place, _ in self._claimed.get(address, ())}

    def owns(self, place: int, instance: Instance) -> bool:
        """Whether a source address is the node's own: the one who names it a peer copied it, else the first has it."""
        claims = self._claimed[instance.address or ""]
        rivals = [listed for (other, listed) in claims if other != place]
        first = place == min(other for other, _ in claims)
        if instance.address in (instance.peers or ()):
            return all(rivals) and first
        return not rivals or any(rivals) or first


def reread_from(folder: Path) -> Callable[[Node, str], Node]:
    """How ``reload NODE FILE`` reads its file: relative to ``folder``, for the version the node runs."""

    def reread(before: Node, file: str) -> Node:
        try:
            source = Source.read(folder / file, file)
        except OSError as error:
            raise ScenarioError(f"reload {before.name} {file}: {error.strerror or error}") from None
        after = node(before.name, read(source, Version(*before.version)).conf, Version(*before.version))
        known = {instance.interface: instance.address for instance in before.instances}
        instances = (
            replace(i, address=known[i.interface]) if i.address is None and i.interface in known else i
            for i in after.instances
        )
        return replace(after, instances=tuple(instances))

    return reread

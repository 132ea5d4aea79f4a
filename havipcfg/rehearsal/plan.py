"""From the configurations of a cluster to the plans of its nodes: addresses, interfaces, switches, tempo."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_interface, ip_network

from havipcfg.keepalived.load import Reading
from havipcfg.keepalived.version import NEWEST, Version
from havipcfg.rehearsal.config import rehearsed
from havipcfg.rehearsal.errors import RehearsalError
from havipcfg.rehearsal.node import NodePlan, Pace, Port, Switch, SwitchKind
from havipcfg.verifier.adverts import lengthened
from havipcfg.verifier.build import build
from havipcfg.verifier.electorate import electorates
from havipcfg.verifier.hears import LENIENT, hears
from havipcfg.verifier.network import CheckKind, Instance, Network, Node
from havipcfg.verifier.outcome import services
from havipcfg.verifier.scenario import EventKind, Scenario
from havipcfg.verifier.standing import FAIL, HANG, OK, detection, file_content

ADDRESSES_FROM = 11
"""Invented addresses of a subnet begin with its eleventh; the order of the nodes is the order of their addresses."""
USUAL_PREFIX = {4: 24, 6: 64}
OUTSIDE_KINDS = (CheckKind.PROCESS, CheckKind.BFD)
"""What a tracker may watch that does not work in a namespace of its own."""
LOOPBACK = ("127.0.0.1", "::1")
LONGEST_INTERFACE = 15
NO_INTERFACES = (".", "..", "all", "default")
IP = IPv4Address | IPv6Address


def plan(
    readings: Sequence[tuple[str, Reading]], *, version: Version = NEWEST, real_checks: bool = False
) -> list[NodePlan]:
    """The plans of the nodes named with what their files say, for keepalived ``version``.

    An instance's own address is its unicast_src_ip or mcast_src_ip, what its peers call it, or else an invented one of
    the virtual addresses' subnet. Interfaces of one name, and those whose instances share a virtual address, are on
    one segment. Raises RehearsalError for a file without a vrrp_instance, for an interface that cannot exist, and
    where no instance has a virtual address.
    """
    for name, reading in readings:
        if not reading.conf.vrrp_instance:
            raise RehearsalError(f"{name} has no vrrp_instance to rehearse", "give the files of the cluster's nodes")
    network = build([(name, reading.conf) for name, reading in readings], versions=version)
    _refuse_impossible_interfaces(network)
    labels = labels_of(network)
    segments = _segments(network, labels)
    ports = _ports(network, segments)
    plans = [
        _node_plan(node, reading, labels, ports[node.name], real_checks=real_checks)
        for node, (_, reading) in zip(network.nodes, readings, strict=True)
    ]
    if not any(each.instances for each in plans):
        raise RehearsalError(
            "no vrrp_instance has a virtual address, so nobody could see who holds it", "run havipcfg lint on the files"
        )
    return plans


def watched(network: Network) -> Network:
    """The network without the process and BFD trackers that a rehearsal leaves out, whatever their weight."""

    def without(node: Node) -> Node:
        kept = tuple(check for check in node.checks if check.kind not in OUTSIDE_KINDS)
        names = {check.name for check in node.checks} - {check.name for check in kept}
        instances = tuple(
            replace(each, trackers=tuple(t for t in each.trackers if t.check not in names)) for each in node.instances
        )
        return replace(node, checks=kept, instances=instances)

    return Network(tuple(without(node) for node in network.nodes))


def reload_plan(
    readings: Sequence[tuple[str, Reading]],
    node: str,
    new: Reading,
    *,
    version: Version = NEWEST,
    real_checks: bool = False,
) -> NodePlan:
    """The plan of a node after it has reloaded another file, on the interfaces and addresses that it has already."""
    before = {each.name: each for each in plan(readings, version=version, real_checks=real_checks)}
    changed = [(name, new if name == node else reading) for name, reading in readings]
    after = next(each for each in plan(changed, version=version, real_checks=real_checks) if each.name == node)
    return replace(after, ports={**after.ports, **before[node].ports})


def reload_plans(
    readings: Sequence[tuple[str, Reading]],
    scenario: Scenario,
    reread: Callable[[str], Reading],
    *,
    version: Version = NEWEST,
    real_checks: bool = False,
) -> dict[tuple[str, str], NodePlan]:
    """The plans for every ``reload`` of a scenario, by node and file; ``reread`` reads a file by its name there."""
    wanted = {(event.nodes[0], event.name) for event in scenario.events if event.kind is EventKind.RELOAD}
    return {
        (node, file): reload_plan(readings, node, reread(file), version=version, real_checks=real_checks)
        for node, file in sorted(wanted)
        if any(name == node for name, _ in readings)
    }


def addresses(plans: Sequence[NodePlan]) -> dict[str, dict[str, list[str]]]:
    """Per node and interface the addresses it has in the rehearsal, as ``verify.build`` takes them."""
    return {
        each.name: {
            name: [str(ip_interface(address).ip) for address in port.addresses] for name, port in each.ports.items()
        }
        for each in plans
    }


def labels_of(network: Network) -> dict[tuple[str, str], str]:
    """For each node and instance the name under which verify speaks of it."""
    parts = electorates(network, hears(network))
    return {
        (node, part.seats[seat].name): service.name
        for part, served in zip(parts, services(parts), strict=True)
        for service in served
        for seat, node in service.nodes
    }


def _node_plan(
    node: Node,
    reading: Reading,
    labels: Mapping[tuple[str, str], str],
    ports: Mapping[str, Port],
    *,
    real_checks: bool,
) -> NodePlan:
    own = {*LOOPBACK, *(str(ip_interface(address).ip) for port in ports.values() for address in port.addresses)}
    instances: dict[str, tuple[str, ...]] = {}
    notes = []
    for instance in node.instances:
        if not instance.addresses:
            notes.append(f"{instance.name} has no virtual address, so nobody can see who holds it")
            continue
        label = labels[node.name, instance.name]
        seen = tuple(each for each in instance.addresses if each not in own) or instance.addresses
        instances[label] = instances.get(label, ()) + seen
    switches = {}
    for check in node.checks:
        if check.kind is CheckKind.FILE:
            switches[check.name] = Switch(SwitchKind.FILE, _failed_content(node, check.name))
        elif check.kind is CheckKind.SCRIPT and not real_checks:
            switches[check.name] = Switch()
        elif check.kind in OUTSIDE_KINDS:
            notes.append(f"the {check.kind} tracker {check.name} is left out: it does not work inside a namespace")
    given = rehearsed(reading, {check.name: check.usable for check in node.checks}, real_checks=real_checks)
    return NodePlan(node.name, given.text, ports, instances, switches, _pace(node), tuple(notes), given.origins)


def _failed_content(node: Node, check: str) -> int:
    trackers = [tracker for instance in node.instances for tracker in instance.trackers if tracker.check == check]
    return file_content(trackers[0], FAIL) if trackers else 1


def _pace(node: Node) -> Pace:
    def down(instance: Instance) -> float:
        skew = instance.advert_int if instance.version == 3 else 1.0
        return instance.down_timer_adverts * instance.advert_int + skew

    def startup(instance: Instance) -> float:
        delay = instance.startup_delay
        return delay + (lengthened(delay, instance.advert_int)[1] if delay and node.version < LENIENT else 0.0)

    checks = [check for check in node.checks if check.usable]
    return Pace(
        takeover=max((down(instance) for instance in node.instances), default=0.0),
        advert=max((instance.advert_int for instance in node.instances), default=0.0),
        detection=max((detection(check, status).hi for check in checks for status in (OK, FAIL)), default=0.0),
        hang=max((detection(check, HANG).hi + 2.0 for check in checks if check.kind is CheckKind.SCRIPT), default=0.0),
        patience=max((instance.preempt_delay for instance in node.instances), default=0.0),
        startup=max((startup(instance) for instance in node.instances), default=0.0),
    )


def _segments(network: Network, labels: Mapping[tuple[str, str], str]) -> dict[tuple[str, str], str]:
    """For each node and interface the segment it is plugged into, named after its first interface."""
    parent: dict[str, str] = {}

    def root(key: str) -> str:
        while parent.setdefault(key, key) != key:
            key = parent[key]
        return key

    for node in network.nodes:
        for instance in node.instances:
            parent[root(f"on {instance.interface}")] = root(f"for {labels[node.name, instance.name]}")
    first: dict[str, str] = {}
    found = {}
    for node in network.nodes:
        for interface in _interfaces(node):
            found[node.name, interface] = first.setdefault(root(f"on {interface}"), interface)
    return found


def _refuse_impossible_interfaces(network: Network) -> None:
    """The names that Linux refuses, and nothing that the ``ip`` command takes for more than one word."""
    for node in network.nodes:
        for name in _interfaces(node):
            too_long = len(name.encode("utf-8", "surrogateescape")) > LONGEST_INTERFACE
            if too_long or name in NO_INTERFACES or any(char in "/:" or char.isspace() for char in name):
                raise RehearsalError(
                    f"{node.name} speaks of an interface {name!r}, which cannot exist",
                    "a name has 1 to 15 bytes, no blank, no / and no colon",
                )


def _interfaces(node: Node) -> list[str]:
    return [name for name in node.interfaces if name and name != "lo"]


def _ports(network: Network, segments: Mapping[tuple[str, str], str]) -> dict[str, dict[str, Port]]:
    taken: set[IP] = set()
    for node in network.nodes:
        for instance in node.instances:
            known = (instance.address, *instance.addresses, *(instance.peers or ()))
            taken.update(ip_address(each) for each in known if each)
    given: dict[tuple[str, str], dict[IP, int]] = {}
    beyond: dict[tuple[str, str], set[IP]] = {}
    for node in network.nodes:
        for instance in node.instances:
            plug = (node.name, instance.interface)
            for address, length in _own(instance, given.get(plug, {}), taken):
                given.setdefault(plug, {}).setdefault(address, length)
                taken.add(address)
            beyond.setdefault(plug, set()).update(ip_address(peer) for peer in instance.peers or ())
    ports: dict[str, dict[str, Port]] = {node.name: {} for node in network.nodes}
    for (node_name, interface), segment in segments.items():
        plug = (node_name, interface)
        own = given.get(plug, {})
        nets = [ip_network(f"{address}/{length}", strict=False) for address, length in own.items()]
        far = [
            str(peer)
            for peer in sorted(beyond.get(plug, ()), key=str)
            if peer not in own and not peer.is_link_local and not any(peer in net for net in nets)
        ]
        ports[node_name][interface] = Port(segment, tuple(f"{ip}/{n}" for ip, n in own.items()), tuple(far))
    return ports


def _own(instance: Instance, there: Mapping[IP, int], taken: set[IP]) -> Iterator[tuple[IP, int]]:
    """The address, with prefix length, that an instance's interface still needs besides those that are ``there``."""
    vips = [ip_address(address) for address in instance.vips if ip_address(address).version == instance.family]
    address = ip_address(instance.address) if instance.address else None
    usual = USUAL_PREFIX[instance.family]
    if address is not None and instance.owns_address:
        near = [*vips, *(ip_address(peer) for peer in instance.peers or ())]
        yield address, _common([address, *(each for each in near if each.version == address.version)], usual)
        return
    known = vips if address is None else [*vips, address]
    if not known or known[0].is_link_local:
        return
    net = ip_network(f"{known[0]}/{_common(known, usual)}", strict=False)
    if not any(each in net for each in there):
        hosts = (net[number] for number in range(ADDRESSES_FROM, min(net.num_addresses - 1, 1 << 16)))
        yield next(host for host in hosts if host not in taken), net.prefixlen


def _common(group: Sequence[IP], usual: int) -> int:
    """The usual prefix length, or the longest shorter one (at least 8) that holds all of a group."""
    for length in range(usual, 7, -1):
        if len({ip_network(f"{each}/{length}", strict=False) for each in group}) == 1:
            return length
    return usual

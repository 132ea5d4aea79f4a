"""Checks of a cluster.yaml against its network: subnets, addresses, and what the cloud can do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from havipcfg.cluster.codes import finding
from havipcfg.cluster.moves import move_of, told
from havipcfg.cluster.resolve import interfaces_of, subnet_of
from havipcfg.diagnostics import Label, Severity
from havipcfg.providers import is_reserved

if TYPE_CHECKING:
    from collections.abc import Iterator

    from havipcfg.cluster.document import Path
    from havipcfg.cluster.file import ClusterFile
    from havipcfg.cluster.model import Havip
    from havipcfg.cluster.resolve import Election
    from havipcfg.diagnostics import Diagnostic
    from havipcfg.providers import Address
    from havipcfg.source import Span


def judge_network(file: ClusterFile) -> Iterator[Diagnostic]:
    """Every finding about addresses, places and the provider."""
    if file.provider.advice:
        yield finding(
            "CY111",
            f"keepalived is the wrong tool on {file.provider.title}",
            file.span("provider"),
            advice=file.provider.advice,
            notes=(f"see {file.provider.documentation}",),
        )
        return
    for part in (_subnets, _havips, _nodes, _provider, _placement, _limits, _calls, _versions):
        yield from part(file)


def havip_paths(file: ClusterFile) -> Iterator[tuple[Election, Havip, Path]]:
    """Every HAVIP with its election and where its address stands."""
    for election in file.elections:
        every = (*election.havips, *election.excluded)
        source = file.spec.instances[election.name].havips if file.spec.instances else file.spec.havips or []
        for at, havip in enumerate(source):
            if havip in every:
                yield election, havip, (*election.path, "havips", at, "address")


def node_paths(file: ClusterFile) -> Iterator[tuple[str, Address, Path]]:
    """Every address of every node and where it stands."""
    for name, node in file.spec.nodes.items():
        for at, address in enumerate(node.address or ()):
            yield name, address, ("nodes", name, "address", at)
        for interface, addresses in node.interfaces.items():
            for at, address in enumerate(addresses):
                yield name, address, ("nodes", name, "interfaces", interface, at)


def _subnets(file: ClusterFile) -> Iterator[Diagnostic]:
    spec = file.spec
    if spec.subnet is None and file.provider.in_subnet and spec.additions:
        yield finding("CY119", "the file does not say which subnet the HAVIP is in", file.key_span("provider"))
    vpc = spec.vpc.cidr if spec.vpc is not None else None
    for at, subnet in enumerate(spec.subnet or ()):
        if vpc is not None and vpc.version == subnet.cidr.version and not subnet.cidr.subnet_of(vpc):  # type: ignore[arg-type]
            span = file.span("subnet", at, "cidr")
            yield finding(
                "CY101", f"subnet {subnet.cidr} is not in the VPC's {vpc}", span, advice="correct one of them"
            )


def _havips(file: ClusterFile) -> Iterator[Diagnostic]:
    spec = file.spec
    nodes: dict[Address, tuple[str, Path]] = {address: (name, path) for name, address, path in node_paths(file)}
    seen: dict[Address, Path] = {}
    for _, havip, path in havip_paths(file):
        address, span = havip.address, file.span(*path)
        if address in seen:
            yield finding("CY107", f"HAVIP {address} is named twice", span, first=file.span(*seen[address]))
            continue
        seen[address] = path
        if address in nodes:
            name, at = nodes[address]
            label = Label(file.span(*at), f"the address of {name}")
            yield finding("CY103", f"HAVIP {address} is the address of node {name}", span, related=(label,))
        if spec.subnet is None or not file.provider.in_subnet:
            continue
        subnet = subnet_of(spec, address)
        same = [each.cidr for each in spec.subnet if each.cidr.version == address.version]
        label = Label(file.head_span("subnet"), "the subnet")
        if not same:
            other = ", ".join(str(each.cidr) for each in spec.subnet)
            said = f"IPv{address.version} HAVIP {address} in the IPv{10 - address.version} subnet {other}"
            yield finding("CY104", said, span, related=(label,))
        elif subnet is None:
            yield from _outside(file, address, span, label)
        else:
            slot = is_reserved(file.provider, address, subnet)
            if slot is not None:
                yield finding(
                    "CY102",
                    f"HAVIP {address} is {slot.description} of {subnet}",
                    span,
                    severity=Severity.ERROR if slot.confidence == "doc" else Severity.WARNING,
                    notes=() if "broadcast" in slot.description else (f"see {file.provider.documentation}",),
                )


def _outside(file: ClusterFile, address: Address, span: Span, label: Label) -> Iterator[Diagnostic]:
    if address.is_link_local:
        return
    spec, overlay = file.spec, file.provider.overlay
    same = [str(each.cidr) for each in spec.subnet or () if each.cidr.version == address.version]
    said = f"HAVIP {address} is not in {' or '.join(same)}"
    if not overlay:
        yield finding("CY101", said, span, related=(label,))
    elif overlay not in spec.cloud:
        advice = f"use an address of the subnet, or name what routes it from outside under cloud: {overlay}"
        yield finding("CY101", said, span, related=(label,), advice=advice)
    elif spec.vpc is not None and spec.vpc.cidr is not None and address in spec.vpc.cidr:
        yield finding(
            "CY101",
            f"HAVIP {address} is routed by {overlay}, and lies inside the VPC's {spec.vpc.cidr}",
            span,
            why="the VPC's own route wins over a route to one address inside it",
            advice="use an address outside every block of the VPC",
        )


def _nodes(file: ClusterFile) -> Iterator[Diagnostic]:
    spec = file.spec
    seen: dict[Address, tuple[str, Path]] = {}
    for name, address, path in node_paths(file):
        if address in seen:
            other, at = seen[address]
            who = f"{other} and {name} have the same address" if other != name else f"{name} names twice the address"
            yield finding("CY106", f"{who} {address}", file.span(*path), first=file.span(*at))
            continue
        seen[address] = (name, path)
        subnet = subnet_of(spec, address)
        slot = is_reserved(file.provider, address, subnet) if subnet is not None else None
        if slot is not None:
            yield finding(
                "CY118",
                f"{name} has {address}, {slot.description} of {subnet}",
                file.span(*path),
                severity=Severity.ERROR if slot.confidence == "doc" else Severity.WARNING,
            )
    said_of: set[tuple[str, int]] = set()
    for election in file.elections:
        subnet = subnet_of(spec, election.havips[0].address)
        for name, seat in election.seats.items():
            key = (name, election.version)
            override = ("nodes", name, "overrides", "instances", election.name, "address")
            span = file.span(*override) if file.has(*override) else file.head_span("nodes", name, "address")
            if seat.address is None and not election.unicast:
                continue
            if seat.address is None:
                if key not in said_of and (subnet is not None or not file.provider.in_subnet):
                    said = f"{name} has no IPv{election.version} address to advertise {election.name} from"
                    where = f" on {seat.interface}" if seat.interface not in interfaces_of(spec.nodes[name]) else ""
                    yield finding("CY117", said + where, span)
                said_of.add(key)
            elif subnet is not None and file.provider.in_subnet and file.provider.scope != "vpc":
                if seat.address not in subnet and key not in said_of:
                    said_of.add(key)
                    label = Label(file.head_span("subnet"), "the subnet of the HAVIP")
                    said = f"{name} has {seat.address}, outside {subnet} of {election.name}"
                    yield finding("CY117", said, span, related=(label,))
            elif subnet is None and seat.address.version != election.version:
                yield finding(
                    "CY117", f"{name} advertises {election.name} from an IPv{seat.address.version} address", span
                )


def _provider(file: ClusterFile) -> Iterator[Diagnostic]:
    cloud = file.provider
    for election, havip, path in havip_paths(file):
        move = move_of(file, election)
        if havip.address.version == 6 and cloud.ipv6 is False:
            yield finding("CY112", f"{cloud.title} has no IPv6 HAVIP", file.span(*path), advice="use IPv4")
        elif havip.address.version == 6 and move is not None and not move.ipv6:
            said = f"no call of {cloud.title} is known that moves an IPv6 address ({move.call} moves IPv4)"
            yield finding("CY112", said, file.span(*path), advice="use IPv4")
    for election in file.elections:
        at = election.path if file.has(*election.path, "vip", "kind") else ()
        kind = file.span(*at, "vip", "kind")
        if election.vip_kind == "private" and cloud.scope != "segment" and move_of(file, election) is None:
            yield finding(
                "CY112",
                f"{cloud.title} does not move an ordinary private address by ARP, and no call is known that does",
                kind,
                advice=f"use vip: {{kind: havip}} (the {cloud.product} of this cloud)",
            )
        elif election.vip_kind == "havip" and cloud.mechanism == "api" and cloud.in_subnet:
            said = f"{cloud.title} has no HAVIP that ARP moves; a call moves a {cloud.product}"
            yield finding("CY112", said, kind, advice="leave vip out, or use vip: {kind: private}")
        if not election.unicast and cloud.multicast in ("no", "optin"):
            at = election.path if file.has(*election.path, "unicast") else ()
            said = "carries no multicast" if cloud.multicast == "no" else "carries multicast only after a request"
            yield finding(
                "CY112",
                f"{cloud.title} {said}",
                file.span(*at, "unicast"),
                severity=Severity.ERROR if cloud.multicast == "no" else Severity.WARNING,
                why="without advertisements every node becomes MASTER",
                advice="remove unicast: false",
            )


def _placement(file: ClusterFile) -> Iterator[Diagnostic]:
    nodes = file.spec.nodes
    placed = {name: node.placement for name, node in nodes.items() if node.placement is not None}
    if len(nodes) > 1 and len(placed) == len(nodes) and len(set(placed.values())) == 1:
        last = list(nodes)[-1]
        yield finding(
            "CY113",
            f"all nodes are on {placed[last]}",
            file.span("nodes", last, "placement"),
            first=file.span("nodes", next(iter(nodes)), "placement"),
        )
    home = next((subnet.zone for subnet in file.spec.subnet or () if subnet.zone is not None), None)
    zonal = file.provider.name == "alibaba" or file.provider.scope == "zone"
    for name, node in nodes.items():
        if node.zone is None:
            continue
        if home is not None and node.zone != home:
            label = Label(file.span("subnet"), f"the subnet is in {home}")
            said = f"{name} is in zone {node.zone}, its subnet in {home}"
            yield finding("CY114", said, file.span("nodes", name, "zone"), related=(label,))
        elif zonal and home is None:
            first, zone = next((other, each.zone) for other, each in nodes.items() if each.zone is not None)
            if zone != node.zone:
                label = Label(file.span("nodes", first, "zone"), f"{first} is in {zone}")
                said = f"{name} is in zone {node.zone}; a {file.provider.product} stays in one zone"
                yield finding("CY114", said, file.span("nodes", name, "zone"), related=(label,))


def _limits(file: ClusterFile) -> Iterator[Diagnostic]:
    cloud, nodes = file.provider, len(file.spec.nodes)
    if cloud.max_backends is not None and nodes > cloud.max_backends:
        yield finding(
            "CY115",
            f"{nodes} nodes; a {cloud.product} of {cloud.title} takes {cloud.max_backends}",
            file.key_span("nodes", list(file.spec.nodes)[cloud.max_backends]),
            advice=f"use at most {cloud.max_backends} nodes",
        )
    elif cloud.max_backends_disputed is not None and nodes > cloud.max_backends_disputed:
        yield finding(
            "CY115",
            f"{nodes} nodes; pages of the vendor differ on whether a {cloud.product} takes"
            f" {cloud.max_backends_disputed} or {cloud.max_backends}",
            file.key_span("nodes", list(file.spec.nodes)[cloud.max_backends_disputed]),
            advice="ask for the quota of the account before relying on it",
            severity=Severity.WARNING,
        )
    defaults = file.spec.extra.get("global_defs")
    gentle = isinstance(defaults, dict) and str(defaults.get("vrrp_garp_master_repeat")) == "1"
    if cloud.max_vips_per_nic is None or gentle:
        return
    for count, (_, _, path) in enumerate(havip_paths(file)):
        if count == cloud.max_vips_per_nic:
            said = f"more than {cloud.max_vips_per_nic} HAVIPs may share one interface of {cloud.title}"
            yield finding("CY116", said, file.span(*path))


def _calls(file: ClusterFile) -> Iterator[Diagnostic]:
    said: set[str] = set()
    for election, havip, path in havip_paths(file):
        move = move_of(file, election)
        if move is None:
            continue
        for node in file.spec.nodes:
            for fact in told(file, move, node, havip):
                once = f"{fact.place} {havip.address}" if fact.key == "id" else fact.place
                if fact.value is not None or once in said:
                    continue
                said.add(once)
                if fact.key == "id":
                    span, what = file.span(*path), f"the id of {havip.address}"
                    advice = f"write {{address: {havip.address}, id: ...}}"
                elif fact.node is not None:
                    span, what = file.key_span("nodes", fact.node), fact.place
                    advice = f"add {fact.place.rsplit('.', 1)[1]} to {fact.node}"
                else:
                    span, what = file.span("cloud" if file.has("cloud") else "provider"), fact.place
                    advice = f"add {fact.place}" if fact.key == "vpc" else f"add cloud: {{{fact.key}: ...}}"
                yield finding(
                    "CY129", f"{file.provider.title} needs {what} to move {havip.address}", span, advice=advice
                )


def _versions(file: ClusterFile) -> Iterator[Diagnostic]:
    least = file.provider.minimum_keepalived
    if least is None:
        return
    places: list[tuple[Path, str | None]] = [(("keepalived",), file.spec.keepalived)]
    places += [(("nodes", name, "keepalived"), node.keepalived) for name, node in file.spec.nodes.items()]
    for path, version in places:
        if version is not None and _ordered(version) < _ordered(least):
            said = f"{file.provider.title} asks for keepalived {least} or later, not {version}"
            yield finding("CY132", said, file.span(*path))


def _ordered(version: str) -> tuple[int, ...]:
    return tuple(int(part[:9]) for part in version.split("."))

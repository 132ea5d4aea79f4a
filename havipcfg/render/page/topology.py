"""The cluster as a picture: addresses, the nodes with what they watch, who hears whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from havipcfg.render.page.markup import element, picture
from havipcfg.render.page.shapes import box, label, line
from havipcfg.verifier.hears import HearsGraph, hears
from havipcfg.verifier.network import CheckKind

if TYPE_CHECKING:
    from havipcfg.verifier.network import Check, Instance, Network, Node

BOX, GAP, TOP, TEXT, PAD = 210, 50, 84, 18, 12
"""Width of a node, space between nodes, where they begin, height of a line, space inside."""
ARC = 30
MOST = 8
"""Lines that a node has at most."""


def topology(network: Network, holders: Mapping[str, Sequence[str]]) -> Element:
    """A picture of a network in which ``holders`` (nodes by instance) have the addresses."""
    graph = hears(network)
    heard = {(sender[0], receiver[0]) for sender, receiver in graph.edges}
    deaf = _deaf_pairs(graph, heard)
    lines = {node.name: _lines(node) for node in network.nodes}
    tall = max(len(each) for each in lines.values()) * TEXT + 34
    left = {node.name: GAP / 2 + number * (BOX + GAP) for number, node in enumerate(network.nodes)}
    width = len(network.nodes) * (BOX + GAP)
    bus = TOP + tall + 26
    below = bus + 40 if heard else bus
    bottom = (below if deaf else bus) + 26 + ARC * max(0, len(deaf) - 1)
    shapes = [
        *_addresses(network, holders, left, width),
        *(shape for node in network.nodes for shape in _node(node, lines[node.name], left[node.name], tall, holders)),
        *_bus(network, heard, left, TOP + tall, bus),
        *_deaf(deaf, left, TOP + tall, below),
    ]
    return picture(width, bottom, _in_words(network, holders, graph), shapes, class_="topology")


def _deaf_pairs(graph: HearsGraph, heard: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """(sender, receiver) of whom no advert is taken."""
    pairs = dict.fromkeys((d.sender[0], d.receiver[0]) for d in graph.deaf)
    return [pair for pair in pairs if pair not in heard]


def _addresses(
    network: Network, holders: Mapping[str, Sequence[str]], left: Mapping[str, float], width: float
) -> Iterator[Element]:
    place = width / max(1, len(holders))
    room = min(place - 12, 300)
    for number, (name, nodes) in enumerate(holders.items()):
        middle = place * (number + 0.5)
        for node in nodes:
            yield line(middle, 42, left[node] + BOX / 2, TOP, "held")
        yield box(middle - room / 2, 6, room, 38, "vip", element("title", f"{name}: {', '.join(_held(network, name))}"))
        yield label(middle, 21, name, "strong", room - 8, "middle")
        yield label(middle, 37, ", ".join(_held(network, name)) or "no address", "small", room - 8, "middle")


def _held(network: Network, name: str) -> list[str]:
    instances = (i for node in network.nodes for i in node.instances if i.name == name)
    return list(dict.fromkeys(address for i in instances for address in i.addresses))


def _node(
    node: Node, lines: Sequence[str], left: float, tall: float, holders: Mapping[str, Sequence[str]]
) -> Iterator[Element]:
    holds = any(node.name in nodes for nodes in holders.values())
    yield box(left, TOP, BOX, tall, "node holds" if holds else "node")
    yield label(left + PAD, TOP + 21, node.name, "strong", BOX - 2 * PAD)
    for number, text in enumerate(lines):
        yield label(left + PAD, TOP + 42 + number * TEXT, text, "small", BOX - 2 * PAD)


def _lines(node: Node) -> list[str]:
    told = [text for instance in node.instances for text in _instance(instance, len(node.instances) > 1)]
    told += [_check(node, check) for check in node.checks if check.kind is not CheckKind.INTERFACE]
    return told if len(told) <= MOST else [*told[: MOST - 1], f"and {len(told) - MOST + 1} more"]


def _instance(instance: Instance, several: bool) -> Iterator[str]:
    name = f"{instance.name} " if several else ""
    yield f"{name}priority {instance.priority}{' nopreempt' if instance.nopreempt else ''}"
    if not several:
        yield f"{instance.interface} {instance.address or ''}".rstrip()


def _check(node: Node, check: Check) -> str:
    weights = {t.weight for instance in node.instances for t in instance.trackers if t.check == check.name}
    if not check.usable or not weights:
        return f"{check.name}: not used"
    return f"{check.name}: " + ", ".join("FAULT" if not weight else f"{weight:+d}" for weight in sorted(weights))


def _bus(
    network: Network, heard: set[tuple[str, str]], left: Mapping[str, float], under: float, bus: float
) -> Iterator[Element]:
    joined = [left[node.name] + BOX / 2 for node in network.nodes if any(node.name in pair for pair in heard)]
    if not joined:
        return
    kinds = {"multicast" if i.peers is None else "unicast" for node in network.nodes for i in node.instances}
    for x in joined:
        yield line(x, under, x, bus, "hears")
    yield line(min(joined), bus, max(joined), bus, "hears")
    text = f"VRRP adverts, {' and '.join(sorted(kinds))}"
    yield label((min(joined) + max(joined)) / 2, bus + 17, text, "small", anchor="middle")


def _deaf(deaf: Sequence[tuple[str, str]], left: Mapping[str, float], under: float, first: float) -> Iterator[Element]:
    """An arrow for every direction in which adverts are thrown away, one with two heads for both."""
    drawn = [(one, other) for number, (one, other) in enumerate(deaf) if (other, one) not in deaf[:number]]
    for number, (sender, receiver) in enumerate(drawn):
        y = first + ARC * number
        mutual = (receiver, sender) in deaf
        aside = BOX / 2 + 14 + 10 * number
        one, other = left[sender], left[receiver]
        begin, end = (one + BOX - aside, other + aside) if one < other else (one + aside, other + BOX - aside)
        yield element("path", d=f"M{begin:.0f} {under:.0f} V{y:.0f} H{end:.0f} V{under:.0f}", class_="deaf")
        for x in (begin, end) if mutual else (end,):
            head = f"M{x - 5:.0f} {under + 9:.0f} L{x:.0f} {under:.0f} L{x + 5:.0f} {under + 9:.0f}"
            yield element("path", d=head, class_="deaf head")
        text = f"{sender} and {receiver} are deaf to each other" if mutual else f"{receiver} does not hear {sender}"
        yield label((begin + end) / 2, y + 15, text, "small bad", abs(begin - end) - 8, "middle")


def _in_words(network: Network, holders: Mapping[str, Sequence[str]], graph: HearsGraph) -> str:
    said = [f"{len(network.nodes)} nodes: {', '.join(node.name for node in network.nodes)}"]
    said += [
        f"{name} ({', '.join(_held(network, name))}) on {' and '.join(n) or 'nobody'}" for name, n in holders.items()
    ]
    said += [f"{d.receiver[0]} does not hear {d.sender[0]}" for d in graph.deaf]
    return "; ".join(said)

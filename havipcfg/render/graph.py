"""Pictures of a cluster: SVG that stands alone, and Mermaid for pages that draw it themselves.

Nodes are columns and elections rows, so that no text meets another whatever the names are;
each cell says what a node is in an election.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size

from havipcfg.render.printable import printable

if TYPE_CHECKING:
    from havipcfg.verifier.network import Instance, Network, Node

CELL, LINE, PAD, GAP, MARGIN = 7.9, 18, 10, 34, 20
"""Pixels: a character's cell at the font size, a line, room inside a box, between boxes, around all."""
WIDEST = 56
"""Characters of the longest line of a box; what is longer is cut and shown whole on pointing at it."""

STYLE = """
  svg { --page: #fff; --box: #f4f6f8; --ink: #1c2733; --soft: #55626f;
    --edge: #8a97a5; --first: #dff0e3; --line: #2f7d4a }
  @media (prefers-color-scheme: dark) {
    svg { --page: #14191f; --box: #202832; --ink: #e6ebf0; --soft: #a5b1bd;
      --edge: #66727f; --first: #1d3a28; --line: #67c28a }
  }
  text { font: 13px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: var(--soft); white-space: pre }
  .name { fill: var(--ink); font-weight: bold }
  .page { fill: var(--page) }
  .box { fill: var(--box); stroke: var(--edge) }
  .first { fill: var(--first); stroke: var(--line) }
  .bus { stroke: var(--edge); stroke-width: 2 }
"""


@dataclass(frozen=True)
class Picture:
    """One cluster to draw."""

    title: str
    network: Network


@dataclass(frozen=True)
class _Box:
    lines: tuple[str, ...]
    kind: str = "box"


@dataclass(frozen=True)
class _Row:
    """One virtual router: what it is, and what each node is in it (None: nothing)."""

    head: _Box
    cells: tuple[_Box | None, ...]


def svg(pictures: Sequence[Picture]) -> str:
    """The clusters below each other, as one SVG document that needs nothing else."""
    top, width, parts = float(MARGIN), 0.0, list[str]()
    for picture in pictures:
        drawn, top, right = _table(picture, top)
        parts += drawn
        width = max(width, right)
    all_of_it = f'width="{width:.0f}" height="{top:.0f}"'
    size = f'{all_of_it} viewBox="0 0 {width:.0f} {top:.0f}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">',
            f"<title>{_xml(', '.join(picture.title for picture in pictures))}</title>",
            f"<style>{STYLE}</style>",
            f'<rect class="page" {all_of_it}/>',
            *parts,
            "</svg>",
            "",
        ]
    )


def mermaid(pictures: Sequence[Picture]) -> str:
    """The clusters as one Mermaid flowchart: HAVIPs, nodes by priority, peers and checks."""
    lines = ["flowchart LR"]
    for index, picture in enumerate(pictures):
        nodes = picture.network.nodes
        links: dict[str, None] = {}
        names = [f"c{index}n{number}" for number in range(len(nodes))]
        for name, node in zip(names, nodes, strict=True):
            lines.append(f"  {name}[{_label((node.name, *_places(node)))}]")
        for number, key in enumerate(_routers(picture.network)):
            members = _members(picture.network, key)
            head = f"c{index}v{number}"
            lines.append(f"  {head}([{_label(_head(picture.network, members).lines)}])")
            best = max(member.priority for member in members if member is not None)
            for name, member in zip(names, members, strict=True):
                if member is not None:
                    arrow = "==>" if member.priority == best else "-.->"
                    lines.append(f"  {head} {arrow}|{_label((f'priority {member.priority}',))}| {name}")
            links |= dict.fromkeys(_peer_lines(names, members))
        lines += links
        for name, node in zip(names, nodes, strict=True):
            for number, check in enumerate(node.checks):
                lines.append(f"  {name}k{number}{{{{{_label((check.name,))}}}}} --- {name}")
    return "\n".join(lines) + "\n"


def _peer_lines(names: Sequence[str], members: Sequence[Instance | None]) -> list[str]:
    found = []
    for left, one in enumerate(members):
        for right, other in enumerate(members):
            if left == right or one is None or other is None or not _sends(one, other):
                continue
            back = _sends(other, one)
            if not back or left < right:
                found.append(f"  {names[left]} {'<-->' if back else '-->'} {names[right]}")
    return found


def _sends(one: Instance, other: Instance) -> bool:
    """Whether adverts of one instance are meant for the other."""
    return one.peers is None or other.address in one.peers


def _routers(network: Network) -> list[tuple[int, int]]:
    return list(dict.fromkeys((each.vrid, each.family) for node in network.nodes for each in node.instances))


def _members(network: Network, key: tuple[int, int]) -> list[Instance | None]:
    return [next((i for i in node.instances if (i.vrid, i.family) == key), None) for node in network.nodes]


def _node_box(node: Node) -> _Box:
    return _Box((node.name, *_places(node), *(f"check {check.name}" for check in node.checks)))


def _places(node: Node) -> list[str]:
    return list(dict.fromkeys(f"{each.address or 'no address'} {each.interface}" for each in node.instances))


def _head(network: Network, members: Sequence[Instance | None]) -> _Box:
    node, first = next((n, m) for n, m in zip(network.nodes, members, strict=True) if m is not None)
    how = "multicast" if first.peers is None else "unicast"
    groups = (group.members for group in node.groups if first.name in group.members)
    together = [f"moves with {name}" for group in groups for name in group if name != first.name]
    timing = f"VRID {first.vrid}, every {first.advert_int:g} s, {how}"
    return _Box((first.name, *first.addresses, timing, *together))


def _cell(member: Instance, members: Sequence[Instance | None], nodes: Sequence[Node], best: int) -> _Box:
    lines = [f"priority {member.priority}"]
    if member.nopreempt:
        lines.append("nopreempt")
    elif member.preempt_delay:
        lines.append(f"preempt_delay {member.preempt_delay:g}")
    lines += [
        f"{each.weight:+d} by {each.check}" if each.weight else f"moved by {each.check}" for each in member.trackers
    ]
    missed = [
        node.name
        for node, other in zip(nodes, members, strict=True)
        if other is not None and other is not member and not _sends(member, other)
    ]
    lines += [f"does not tell {name}" for name in missed]
    return _Box(tuple(lines), "first" if member.priority == best else "box")


def _table(picture: Picture, top: float) -> tuple[list[str], float, float]:
    """The parts of one cluster, and where they end below and to the right."""
    network = picture.network
    rows = [_Row(_Box((picture.title,), "none"), tuple(_node_box(node) for node in network.nodes))]
    for key in _routers(network):
        members = _members(network, key)
        best = max(member.priority for member in members if member is not None)
        cells = tuple(None if m is None else _cell(m, members, network.nodes, best) for m in members)
        rows.append(_Row(_head(network, members), cells))
    columns: list[list[_Box | None]] = [
        [row.head for row in rows],
        *([row.cells[n] for row in rows] for n in range(len(network.nodes))),
    ]
    widths = [max((_width(box) for box in column if box is not None), default=0.0) for column in columns]
    lefts = [MARGIN + sum(widths[:n]) + GAP * n for n in range(len(widths))]
    right = lefts[-1] + widths[-1] + MARGIN
    parts: list[str] = []
    for number, row in enumerate(rows):
        boxes: list[_Box | None] = [row.head, *row.cells]
        height = max(len(box.lines) for box in boxes if box is not None) * LINE + 2 * PAD
        if number:
            last = max(n for n, box in enumerate(boxes) if box is not None)
            middle = top + height / 2
            parts.append(
                f'<line class="bus" x1="{lefts[0]:.1f}" y1="{middle:.1f}" x2="{lefts[last]:.1f}" y2="{middle:.1f}"/>'
            )
        for box, left, width in zip(boxes, lefts, widths, strict=True):
            if box is not None:
                parts += _drawn(box, left, top, width, height)
        top += height + GAP / 2
    return parts, top + MARGIN - GAP / 2, right


def _width(box: _Box) -> float:
    return max(min(cell_len(printable(line)), WIDEST) for line in box.lines) * CELL + 2 * PAD


def _drawn(box: _Box, left: float, top: float, width: float, height: float) -> list[str]:
    parts = []
    if box.kind != "none":
        parts.append(
            f'<rect class="{box.kind}" x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}" rx="6"/>'
        )
    for number, line in enumerate(box.lines):
        shown = printable(line)
        whole = ""
        if cell_len(shown) > WIDEST:
            whole, shown = f"<title>{_xml(line)}</title>", set_cell_size(shown, WIDEST - 1).rstrip() + "…"
        kind = ' class="name"' if number == 0 else ""
        y = top + PAD + (number + 0.72) * LINE
        parts.append(f'<text{kind} x="{left + PAD:.1f}" y="{y:.1f}">{whole}{_xml(shown)}</text>')
    return parts


def _xml(text: str) -> str:
    return escape(printable(text))


def _label(lines: Sequence[str]) -> str:
    """A quoted Mermaid label; what could end it, or be read as markup, becomes a numeric entity."""
    shown = ("".join(c if c.isalnum() or c in " .:,/+-_" else f"#{ord(c)};" for c in printable(line)) for line in lines)
    return '"' + "<br>".join(shown) + '"'

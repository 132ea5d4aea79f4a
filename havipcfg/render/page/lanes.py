"""Who is what and who holds, a lane for each node, from left to right in time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from havipcfg.render.layout import wrap
from havipcfg.render.page.bars import interval
from havipcfg.render.page.markup import picture
from havipcfg.render.page.shapes import BOLD, box, label, line, width_of
from havipcfg.render.printable import printable
from havipcfg.render.proof import event_in_words

if TYPE_CHECKING:
    from havipcfg.rehearsal.measure import Measured
    from havipcfg.verifier.proof import TraceStep

LANE, HIGH = 32, 24
"""From one lane to the next, and the height of what is on it."""
COLUMN, TURN = 204, 70
"""Width of a step, and the part of it in which roles change."""
NAMES = 260
SECOND, REST = 34, 74
"""Pixels of a measured second, and of the quiet after the last change of a step."""


def trace_lanes(trace: Sequence[TraceStep]) -> Element:
    """The steps of a trace side by side: the event, who holds, and every node's role and effective priority."""
    seats = list(dict.fromkeys((s.node, s.instance) for step in trace for s in step.stands))
    several = len({instance for _node, instance in seats}) > 1
    held = list(dict.fromkeys(name for step in trace for name in step.holders))
    names = [f"{name} is held by" for name in held]
    names += [f"{node}/{instance}" if several else node for node, instance in seats]
    left = min(NAMES, max(map(width_of, names), default=0) + 12)
    events = [wrap(printable(event_in_words(step.event)), int((COLUMN - 16) / BOLD)) for step in trace]
    top = max(map(len, events), default=0) * 16 + 26
    width, height = left + COLUMN * len(trace), top + LANE * len(names) + 2
    shapes = [label(0, top + LANE * n + 20, name, "strong", left - 8) for n, name in enumerate(names)]
    before: dict[str, str] = {}
    for number, (step, event) in enumerate(zip(trace, events, strict=True)):
        x = left + COLUMN * number
        shapes += [line(x, 0, x, height, "event")]
        shapes += [label(x + 7, 15 + 16 * n, text, "strong") for n, text in enumerate(event)]
        if step.after is not None:
            shapes.append(label(x + 7, 15 + 16 * len(event), f"after {interval(step.after)}", "small"))
        now = {n: _holder(step.holders[n]) for n in held if n in step.holders}
        for n, name in enumerate(held):
            if name in now:
                shapes += _block(x, top + LANE * n, now[name], _kind(step.holders[name]), before.get(name))
        roles = {(s.node, s.instance): s for s in step.stands}
        for n, seat in enumerate(seats, len(held)):
            if seat in roles:
                stand = roles[seat]
                said = f"{stand.role} {stand.priority}" if stand.role in ("MASTER", "BACKUP") else stand.role
                key = "/".join(seat)
                shapes += _block(x, top + LANE * n, said, stand.role.lower(), before.get(key))
                now[key] = said
        before = now
    return picture(width, height, trace_in_words(trace), shapes, class_="lanes")


def trace_in_words(trace: Sequence[TraceStep]) -> str:
    """The same as text."""
    parts = []
    for number, step in enumerate(trace, 1):
        stands = ", ".join(step.told())
        held = ", ".join(f"{name} is held by {_holder(nodes)}" for name, nodes in step.holders.items())
        after = f" after {interval(step.after)}" if step.after is not None else ""
        parts.append(f"{number}. {event_in_words(step.event)}: {'; '.join(p for p in (stands, held) if p)}{after}")
    return " ".join(parts)


def measured_lanes(nodes: Sequence[str], steps: Sequence[tuple[str, Measured]]) -> Element:
    """What one round measured: for each node the time in which it holds, to a scale of seconds from each event."""
    instances = list(dict.fromkeys(name for _event, measured in steps for name in measured.holders))
    several = len(instances) > 1
    seats = [(node, name) for node in nodes for name in instances]
    names = [f"{node}/{name}" if several else node for node, name in seats]
    left = min(NAMES, max(map(width_of, names)) + 12)
    widths = [_width(event, measured) for event, measured in steps]
    top, bottom = 44, 44 + LANE * len(seats)
    shapes = [label(0, top + LANE * n + 20, name, "strong", left - 8) for n, name in enumerate(names)]
    x = left
    for (event, measured), width in zip(steps, widths, strict=True):
        shapes += [line(x, 0, x, bottom, "event"), label(x + 7, 15, event_in_words(event), "strong", width - 8)]
        shapes += _moments(x, measured, bottom, width)
        for n, (node, name) in enumerate(seats):
            shapes += _held(x, top + LANE * n, width, measured, node, name)
        x += width
    said = f"seconds from each event; {_in_words(steps)}"
    return picture(x + 8, bottom + 20, said, shapes, class_="lanes")


def _width(event: str, measured: Measured) -> float:
    return max(measured.timeline[-1].seconds * SECOND + REST, width_of(event_in_words(event)) + 16)


def _moments(x: float, measured: Measured, bottom: float, width: float) -> Iterator[Element]:
    """The time of each change under its stroke, where there is room."""
    free = x
    for moment in measured.timeline[1:]:
        at = x + moment.seconds * SECOND
        yield line(at, 36, at, bottom + 2, "moment")
        text = f"{moment.seconds:.2f} s"
        start = max(at - width_of(text, "small") / 2, x + 2)
        if start >= free and start + width_of(text, "small") < x + width + 8:
            yield label(start, bottom + 15, text, "small")
            free = start + width_of(text, "small") + 4
    if not measured.settled:
        yield label(x + 7, 31, "still changing", "small bad")


def _held(x: float, y: float, width: float, measured: Measured, node: str, name: str) -> Iterator[Element]:
    yield line(x, y + HIGH / 2 + 4, x + width, y + HIGH / 2 + 4, "quiet")
    ends = [moment.seconds * SECOND for moment in measured.timeline[1:]] + [width]
    for moment, end in zip(measured.timeline, ends, strict=True):
        holders = moment.holders.get(name, ())
        begin = moment.seconds * SECOND
        if node in holders and end > begin:
            yield box(x + begin, y + 4, end - begin, HIGH, "both" if len(holders) > 1 else "master")


def _in_words(steps: Sequence[tuple[str, Measured]]) -> str:
    parts = []
    for event, measured in steps:
        moments = [
            f"{moment.seconds:.2f} s " + ", ".join(f"{_holder(n)} holds {name}" for name, n in moment.holders.items())
            for moment in measured.timeline
        ]
        parts.append(f"{event_in_words(event)}: {'; '.join(moments)}")
    return ". ".join(parts)


def _block(x: float, y: float, text: str, kind: str, before: str | None) -> Iterator[Element]:
    """What a lane shows during one step: first the change to it, if it is one."""
    begin = x + TURN if before is not None and before != text else x
    if begin > x:
        yield box(x, y + 12, TURN, HIGH - 16, "turning")
    yield box(begin, y + 4, x + COLUMN - begin, HIGH, kind)
    yield label(begin + 8, y + 20, text, f"on-{kind}", COLUMN - (begin - x) - 10)


def _holder(nodes: Sequence[str]) -> str:
    return " and ".join(nodes) or "nobody"


def _kind(nodes: Sequence[str]) -> str:
    return ("nobody", "held-by", "both")[min(len(nodes), 2)]

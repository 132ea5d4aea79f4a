"""A rehearsal for people: predicted and measured side by side, and who held the address when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from havipcfg.rehearsal.result import summary
from havipcfg.render.layout import Paint, painter, terminal_width, wrap
from havipcfg.render.printable import printable
from havipcfg.render.proof import BRIEF, count, event_in_words

if TYPE_CHECKING:
    from havipcfg.rehearsal.job import Rehearsed
    from havipcfg.rehearsal.measure import Holders
    from havipcfg.rehearsal.result import Rehearsal, Step

NARROW, VERDICT = 60, 6
EVENTS = 26
TOGETHER = "\u00a0"
"""A space at which no line is broken."""


def render(rehearsed: Iterable[Rehearsed], *, width: int | None = None, colour: bool = False) -> str:
    """Every cluster's rehearsal as text, ``width`` cells wide (None: the terminal's own)."""
    cells = max(NARROW, terminal_width() if width is None else width)
    return "\n\n".join("\n".join(_cluster(each, cells, painter(colour))) for each in rehearsed) + "\n"


def _cluster(rehearsed: Rehearsed, width: int, paint: Paint) -> Iterator[str]:
    results = rehearsed.rehearsals
    rounds = len(results[0].steps[0].rounds)
    exact = max(each.exact_s for each in results) * 1000
    head = (
        f"{printable(rehearsed.subject.name)}  {count(len(results[0].nodes), 'node')}, keepalived "
        f"{results[0].keepalived}, {count(rounds, 'round')}, times exact to {exact:.0f} ms"
    )
    for index, line in enumerate(wrap(head, width)):
        yield paint("bold", line) if not index else f"    {line}"
    for note in rehearsed.notes:
        yield from (f"  {line}" for line in wrap(f"not rehearsed: {printable(note)}", width - 2))
    for name, said in results[0].complaints.items():
        for text in said:
            yield from (f"  {line}" for line in wrap(f"{name}: keepalived says: {printable(text)}", width - 2))
    yield ""
    yield from _table(results, width, paint)
    for remark in dict.fromkeys(remark for each in results for remark in each.remarks):
        yield ""
        yield from (f"  {line}" for line in wrap(printable(remark), width - 2))
    for result in results:
        if len(results) == 1 or not all(step.as_predicted for step in result.steps):
            yield ""
            yield from _timeline(result, width)
    yield ""
    steps = [step for each in results for step in each.steps]
    missed = sum(not step.as_predicted for step in steps)
    if missed:
        yield paint("bold red", f"DOES NOT HOLD: {missed} of {count(len(steps), 'step')} did not go as predicted")
    else:
        yield paint("bold green", f"holds: {count(len(steps), 'step')} went as predicted")


def _table(results: Sequence[Rehearsal], width: int, paint: Paint) -> Iterator[str]:
    room = (width - EVENTS - VERDICT - 8) // 2
    yield f"  {'event':<{EVENTS}}  {'predicted':<{room}}  measured"
    for result in results:
        for step in steps_to_tell(result, results):
            repair = is_repair(step, result, results)
            names = wrap(("then " if repair else "") + printable(event_in_words(step.event)), EVENTS - 2)
            names = [("  " if repair else "") + name for name in names]
            predicted = [line for each in step.predicted or () for line in _outcome_lines(each, room)]
            measured = [line for each in summary(step.rounds) for line in _outcome_lines(each, room)]
            mark = "ok" if step.as_predicted else "MISSED"
            for row, (left, middle, right) in enumerate(zip_longest(names, predicted, measured, fillvalue="")):
                line = f"  {left:<{EVENTS}}  {middle:<{room}}  {right:<{room}}"
                verdict = paint("bold red" if mark == "MISSED" else "green", mark) if not row else ""
                yield f"{line}  {verdict}".rstrip()


def steps_to_tell(result: Rehearsal, of: Sequence[Rehearsal]) -> Iterator[Step]:
    """The steps worth a row: waits, and the starts of all but the first scenario, only where they went wrong."""
    for number, step in enumerate(result.steps):
        start = result is not of[0] and step.event.startswith("start") and number < 2
        if not (step.as_predicted and (start or step.event.startswith("wait"))):
            yield step


def is_repair(step: Step, result: Rehearsal, of: Sequence[Rehearsal]) -> bool:
    """Whether it is the last step of one of several scenarios, which undoes the fault before it."""
    return len(of) > 1 and len(result.steps) > 1 and step is result.steps[-1]


def _outcome_lines(outcome: Mapping[str, Any], room: int) -> list[str]:
    return [line.replace(TOGETHER, " ") for line in wrap(printable(_outcome(outcome), TOGETHER), room)]


def _outcome(outcome: Mapping[str, Any]) -> str:
    """Who holds, and after how long; both the prediction and the measurement have this shape."""
    text = _who(outcome["holders"])
    after = outcome["after_s"]
    if after is None:
        return f"{text}, no change"
    low, high = after
    text += f" {high:.2f}{TOGETHER}s" if f"{low:.2f}" == f"{high:.2f}" else f" {low:.2f}…{high:.2f}{TOGETHER}s"
    gap, dual = outcome["gap_s"][1], outcome["dual_s"][1]
    if gap > BRIEF and abs(gap - high) > BRIEF and all(outcome["holders"].values()):
        text += f", nobody{TOGETHER}{gap:.2f}{TOGETHER}s"
    if dual is None:
        text += ", lasting"
    elif dual > BRIEF:
        text += f", two{TOGETHER}{dual:.2f}{TOGETHER}s"
    return text


def _who(holders: Mapping[str, Sequence[str]]) -> str:
    several = len(holders) > 1
    parts = [(f"{name}: " if several else "") + (" + ".join(nodes) or "nobody") for name, nodes in holders.items()]
    if several and len({tuple(nodes) for nodes in holders.values()}) == 1:
        return " + ".join(next(iter(holders.values()))) or "nobody"
    return ", ".join(parts)


def _timeline(result: Rehearsal, width: int) -> Iterator[str]:
    """The first round that was not as predicted, or the first: seconds from each event, and a column a node."""
    number = round_to_show(result)
    columns = [max(len(node), 3) for node in result.nodes]
    yield f"  timeline of round {number + 1}: # holds" + (" all" if len(result.instances) > 1 else "")
    names = (f"{printable(name):<{cells}}" for name, cells in zip(result.nodes, columns, strict=True))
    yield f"  seconds  {'  '.join(names)}".rstrip()
    for step in result.steps:
        measured = step.rounds[number]
        for index, moment in enumerate(measured.timeline):
            cells = [f"{_cell(node, moment.holders):<{w}}" for node, w in zip(result.nodes, columns, strict=True)]
            told = f"  {printable(step.event)}" if not index else ""
            yield f"  {moment.seconds:7.2f}  {'  '.join(cells)}{told}"[:width].rstrip()
        if not measured.settled:
            yield "           still changing when the rehearsal went on"


def round_to_show(result: Rehearsal) -> int:
    """The first round, from 0, with a step that went otherwise than predicted, or 0."""
    return next((n for step in result.steps for n in range(len(step.rounds)) if step.missed(step.rounds[n])), 0)


def _cell(node: str, holders: Holders) -> str:
    held = [name for name, nodes in holders.items() if node in nodes]
    if not held:
        return "."
    return "#" if len(held) == len(holders) else f"{len(held)}/{len(holders)}"

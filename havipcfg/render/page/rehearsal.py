"""A rehearsal as a page: predicted beside measured, and who held the address when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from havipcfg.rehearsal.result import TOLERANCE, summary
from havipcfg.render.page.bars import Scale, Told, interval, rounds_bar, scale
from havipcfg.render.page.lanes import measured_lanes
from havipcfg.render.page.markup import Child, element
from havipcfg.render.page.parts import badge, dual_in_words, facts, headline, holders, legend, page, row, table
from havipcfg.render.page.topology import topology
from havipcfg.render.proof import count, event_in_words
from havipcfg.render.rehearsal import is_repair, round_to_show, steps_to_tell

if TYPE_CHECKING:
    from havipcfg.rehearsal.job import Rehearsed
    from havipcfg.rehearsal.result import Rehearsal, Step

HEADS = ("event", "predicted", "measured", "as predicted")


def render(rehearsed: Iterable[Rehearsed], failures: Iterable[str] = ()) -> str:
    """Every cluster's rehearsal on one page; ``failures`` are what was not rehearsed."""
    return page("Failover rehearsal", [(e.subject.name, e.holds, list(_section(e))) for e in rehearsed], failures)


def _section(rehearsed: Rehearsed) -> Iterator[Child]:
    results = rehearsed.rehearsals
    steps = [step for each in results for step in each.steps]
    wrong = sum(not step.as_predicted for step in steps)
    if wrong:
        yield headline("Not as predicted", False, f"{wrong} of {count(len(steps), 'step')} went otherwise")
    else:
        yield headline("As predicted", True, f"{count(len(steps), 'step')} went as predicted")
    first = results[0]
    yield facts(
        [
            ("nodes", ", ".join(first.nodes)),
            ("instances", ", ".join(first.instances)),
            ("keepalived", first.keepalived),
            ("scenarios", str(len(results))),
            ("rounds", str(len(first.steps[0].rounds))),
            ("times exact to", f"{max(each.exact_s for each in results) * 1000:.1f} ms"),
        ]
    )
    remarks = [f"not rehearsed: {note}" for note in rehearsed.notes]
    remarks += [f"{name}: keepalived says: {text}" for name, said in first.complaints.items() for text in said]
    remarks += dict.fromkeys(remark for each in results for remark in each.remarks)
    if remarks:
        yield element("ul", [element("li", each) for each in remarks], class_="remarks")
    yield element("h2", "Cluster")
    yield topology(rehearsed.subject.network, first.steps[0].rounds[0].holders)
    yield element("h2", "Predicted and measured")
    to = scale(_all_told(steps))
    yield legend(to, ("band", "predicted"), ("stroke", "measured, a stroke for each round"))
    said = f"Times: best … worst case; a measured one may lie {TOLERANCE * 1000:.0f} ms outside."
    yield table(HEADS, [each for result in results for each in _rows(result, results, to)], to, said)
    yield element("h2", "Who held the address, measured")
    yield element("p", "Seconds count from each event.", class_="dim")
    yield [_lanes(each) for each in results]


def _all_told(steps: Iterable[Step]) -> Iterator[Told]:
    for step in steps:
        yield from step.predicted or ()
        yield from summary(step.rounds)


def _rows(result: Rehearsal, results: Sequence[Rehearsal], to: Scale) -> Iterator[Element]:
    for step in steps_to_tell(result, results):
        measured = summary(step.rounds)
        times = [each.after_s for each in step.rounds if each.after_s is not None]
        good = bool(step.as_predicted)
        off = sum(map(step.missed, step.rounds))
        verdict = badge("ok" if good else "missed", good)
        cells: list[tuple[str, Child]] = [
            (HEADS[1], [_outcome(each) for each in step.predicted or ()]),
            (HEADS[2], [_outcome(each) for each in measured]),
            (HEADS[3], [verdict, f" {off} of {len(step.rounds)}" if off and len(step.rounds) > 1 else None]),
        ]
        text = f"measured: {', '.join(f'{each:.3f} s' for each in times) or 'no change'}"
        picture = rounds_bar(step.predicted or (), times, to, text)
        repair = is_repair(step, result, results)
        words = ("then " if repair else "") + event_in_words(step.event)
        yield row(element("span", words, title=step.event), cells, picture, "repair" if repair else None)


def _outcome(told: Told) -> Element:
    after = interval(told["after_s"]) if told["after_s"] is not None else "no change"
    extra = []
    if told["gap_s"][1] >= 0.005 and told["gap_s"] != told["after_s"]:
        extra.append(f"nobody {interval(told['gap_s'])}")
    if dual_in_words(told):
        extra.append(f"two {dual_in_words(told)}")
    return element(
        "div",
        holders(told["holders"]),
        element("span", after),
        [element("div", each, class_="extra") for each in extra],
        class_="outcome",
    )


def _lanes(result: Rehearsal) -> Element:
    number = round_to_show(result)
    shown = [(step.event, step.rounds[number]) for step in result.steps]
    rounds = len(result.steps[0].rounds)
    off = not all(step.as_predicted for step in result.steps)
    words = "; ".join(event_in_words(step.event) for step in result.steps)
    told = f" (round {number + 1} of {rounds})" if rounds > 1 else ""
    return element(
        "figure",
        element("figcaption", badge("missed", False) if off else None, " " if off else None, words + told),
        measured_lanes(result.nodes, shown),
    )

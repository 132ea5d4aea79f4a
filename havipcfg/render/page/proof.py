"""A proof as a page: the verdict, the cluster, every fault with its cost, and every violation with its way there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from havipcfg.diagnostics import Severity
from havipcfg.render.page.bars import Scale, bar, interval, scale
from havipcfg.render.page.lanes import trace_lanes
from havipcfg.render.page.markup import Child, element
from havipcfg.render.page.parts import BAR_KEYS, dual_in_words, facts, headline, holders, legend, page, row, table
from havipcfg.render.page.topology import topology
from havipcfg.render.proof import count, event_in_words, place, shown_by, verdict

if TYPE_CHECKING:
    from havipcfg.verifier.job import Judged, Subject
    from havipcfg.verifier.network import Network
    from havipcfg.verifier.outcome import Outcome
    from havipcfg.verifier.proof import Violation
    from havipcfg.verifier.simulate import ScenarioResult

HEADS = ("event", "holds the address", "moves after", "nobody holds", "two hold")
FAULTS = ("die", "stop", "link", "check")
"""Events whose takeover is held against the target."""


def render(judged: Iterable[Judged], failures: Iterable[str] = ()) -> str:
    """Every proof on one page; ``failures`` are what could not be judged."""
    sections = [
        (each.subject.name, each.proof.holds, list(_section(each, f"c{number}")))
        for number, each in enumerate(judged, 1)
    ]
    return page("Failover proof", sections, failures)


def render_scenario(result: ScenarioResult, subject: Subject, failures: Iterable[str] = ()) -> str:
    """What a scenario leads to, an event a row."""
    to = scale(outcome.to_json() for step in result.steps for outcome in step.outcomes)
    rows = [each for step in result.steps for each in _rows(_event(str(step.event)), step.outcomes, to, 0.0, None)]
    first = result.steps[-1].outcomes[0].holders if result.steps else {}
    section: list[Child] = [
        facts(_nodes(subject.network)),
        element("h2", "Cluster, as the scenario leaves it"),
        topology(subject.network, first),
        element("h2", "Scenario"),
        legend(to, *BAR_KEYS),
        table(HEADS, rows, to, "What each event leads to, one after the other; times count from the event."),
    ]
    return page("Failover scenario", [(subject.name, True, section)], failures)


def _section(judged: Judged, anchor: str) -> Iterator[Child]:
    proof = judged.proof
    violations = [each for each in proof.violations if each.severity is not Severity.INFO]
    notes = [each for each in proof.violations if each.severity is Severity.INFO]
    anchors = {id(each): f"{anchor}-v{number}" for number, each in enumerate(violations, 1)}
    if proof.holds:
        yield headline("The failover holds", True, verdict(judged).removeprefix("holds (").removesuffix(")"))
    else:
        yield headline("The failover does not hold", False, verdict(judged).removeprefix("DOES NOT HOLD: "))
    yield facts(_facts(judged))
    yield element("h2", "Cluster")
    yield topology(judged.network, judged.start[0].holders if judged.start else {})
    if proof.deaf:
        yield element(
            "ul",
            [element("li", str(each)) for each in proof.deaf],
            _code([span for each in proof.deaf for span in [place(s) for s in each.origins]]),
            class_="deaf-list",
        )
    yield element("h2", "Failover matrix")
    yield from _matrix(judged, anchors)
    if violations:
        yield element("h2", count(len(violations), "violation"))
        yield [_incident(each, anchors[id(each)]) for each in violations]
    if notes:
        yield element("h2", "Worth knowing")
        yield [_incident(each, f"{anchor}-n{number}") for number, each in enumerate(notes, 1)]


def _facts(judged: Judged) -> Iterator[tuple[str, str]]:
    proof, subject = judged.proof, judged.subject
    yield from _nodes(judged.network)
    yield "checks", str(judged.checks)
    yield "proven", f"{count(proof.states, 'stable state')}, {count(proof.transitions, 'transition')}"
    yield "faults combined", "all (exhaustive)" if proof.exhaustive else proof.coverage
    if proof.max_failover is not None:
        yield "target", f"{proof.max_failover:g} s"
    elif subject.targets:
        yield "targets", ", ".join(f"{name} {seconds:g} s" for name, seconds in subject.targets.items())
    else:
        yield "target", "none given"
    if proof.provider_delay:
        yield "provider", f"{subject.provider} takes up to {proof.provider_delay:g} s more".strip()
    yield "took", f"{judged.seconds * 1000:.0f} ms"


def _nodes(network: Network) -> Iterator[tuple[str, str]]:
    yield "nodes", ", ".join(node.name for node in network.nodes)
    yield "instances", ", ".join(dict.fromkeys(i.name for node in network.nodes for i in node.instances))
    yield "keepalived", ", ".join(dict.fromkeys(".".join(map(str, node.version)) for node in network.nodes))


def _matrix(judged: Judged, anchors: dict[int, str]) -> Iterator[Element]:
    proof, target, delay = judged.proof, judged.proof.max_failover, judged.proof.provider_delay
    shown = [*judged.start, *(o for each in proof.rows for o in (*each.outcomes, *each.repaired))]
    to = scale((outcome.to_json() for outcome in shown), target, delay)
    rows = [*_rows("all start", judged.start, to, 0.0, target)]
    for each in proof.rows:
        links = [element("a", v.code, href=f"#{anchors[id(v)]}") for v in shown_by(each, proof.violations)]
        codes = element("div", [[link, " "] for link in links], class_="codes") if links else None
        judge = target if each.event.split()[0] in FAULTS else None
        repair = element("span", f"then {event_in_words(each.repair)}", title=each.repair)
        idle = all(outcome.after is None for outcome in (*each.outcomes, *each.repaired))
        both = element("div", repair, class_="then") if idle else None
        rows += _rows([_event(each.event), both, codes], each.outcomes, to, delay, target, limit=judge)
        if not idle:
            rows += _rows(repair, each.repaired, to, delay, target, class_="repair")
    heads = HEADS if target is None else (*HEADS, f"against {target:g} s")
    keys = [*BAR_KEYS, ("delay", f"the provider's own time, up to {delay:g} s")] if delay else BAR_KEYS
    yield legend(to, *keys)
    yield table(heads, rows, to, "A single fault of the healthy cluster, and its repair. Times: best … worst case.")


def _event(event: str) -> Element:
    return element("span", event_in_words(event), title=event)


def _rows(
    event: Child,
    outcomes: Sequence[Outcome],
    to: Scale,
    delay: float,
    target: float | None,
    *,
    limit: float | None = None,
    class_: str | None = None,
) -> Iterator[Element]:
    for number, outcome in enumerate(outcomes):
        told = outcome.to_json()
        moved = outcome.after is not None
        served = any(outcome.holders.values())
        late = delay if moved and served and outcome.dual[1] is not None else 0.0
        formula = outcome.formula or None
        after = element("span", interval(outcome.after), title=formula) if outcome.after is not None else "no change"
        endless = None if outcome.settled else element("div", "goes round and round", class_="bad")
        cells: list[tuple[str, Child]] = [
            (HEADS[1], holders(outcome.holders)),
            (HEADS[2], [after, endless]),
            (HEADS[3], _whole(_gap(outcome))),
            (HEADS[4], _whole(dual_in_words(told))),
        ]
        if target is not None:
            cells.append((f"against {target:g} s", _against(outcome, limit, late) if served else None))
        yield row("or" if number else event, cells, bar(told, to, late), class_)


def _whole(text: str) -> Element | None:
    return element("span", text) if text else None


def _gap(outcome: Outcome) -> str:
    if outcome.after is None or outcome.gap[1] < 0.005:
        return "" if all(outcome.holders.values()) else "lasting"
    return interval(outcome.gap)


def _against(outcome: Outcome, target: float | None, delay: float) -> Child:
    if target is None or outcome.after is None:
        return None
    worst = outcome.after[1] + delay
    good = worst <= target
    return element("span", f"{'✓' if good else '✗'} {worst:.2f} s", class_="good" if good else "bad")


def _incident(violation: Violation, anchor: str) -> Element:
    kind = violation.severity.value
    lines = list(dict.fromkeys(place(span) for span in violation.origins))
    because = list(violation.because)
    return element(
        "article",
        element(
            "h3",
            element("span", kind, class_=f"badge {kind}"),
            f" {violation.code} ",
            element("span", violation.name, class_="dim"),
        ),
        element("p", _with_code(violation.message), class_="message"),
        trace_lanes(violation.trace) if violation.trace else None,
        facts(_terms(violation)) if violation.bound or violation.nodes else None,
        [element("p", "Because ", each, ".") for each in because if each],
        [element("p", "Lines responsible:", class_="dim"), _code(lines)] if lines else None,
        id=anchor,
        class_=kind,
    )


def _terms(violation: Violation) -> Iterator[tuple[str, str]]:
    if violation.nodes:
        yield "nodes", ", ".join(violation.nodes)
    if violation.bound is not None:
        yield "bound", interval(violation.bound)
    if violation.formula and violation.formula not in violation.because:
        yield "that is", violation.formula


def _with_code(message: str) -> Iterator[Child]:
    """A message with what stands in backquotes as code."""
    for number, part in enumerate(message.split("`")):
        yield element("code", part) if number % 2 else part


def _code(lines: Iterable[str]) -> Element | None:
    lines = list(dict.fromkeys(lines))
    return element("pre", element("code", [[each, element("br")] for each in lines])) if lines else None

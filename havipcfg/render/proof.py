"""A proof for people: what each fault leads to, and the shortest way to what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from havipcfg.diagnostics import Severity
from havipcfg.render.layout import Paint, painter, terminal_width, wrap
from havipcfg.render.printable import one_line, printable
from havipcfg.render.secrets import hide

if TYPE_CHECKING:
    from havipcfg.source import Span
    from havipcfg.verifier.job import Judged
    from havipcfg.verifier.outcome import Bounds, Outcome
    from havipcfg.verifier.proof import Row, TraceStep, Violation
    from havipcfg.verifier.simulate import ScenarioResult

STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.INFO: "bold blue"}
BRIEF = 0.06
"""Seconds below which a time without, or with two holders is not worth a word."""


def render(judged: Iterable[Judged], *, width: int | None = None, colour: bool = False) -> str:
    """Every proof as text, ``width`` cells wide (None: the terminal's own)."""
    cells = max(60, terminal_width() if width is None else width)
    return "\n\n".join("\n".join(_proof(each, cells, painter(colour))) for each in judged) + "\n"


def render_scenario(result: ScenarioResult, *, width: int | None = None) -> str:
    """What a scenario leads to, an event a line."""
    cells = max(60, terminal_width() if width is None else width)
    lines = _table(
        [(str(step.event), outcomes_in_words(step.outcomes), "") for step in result.steps], cells, painter(False)
    )
    return "\n".join(lines) + "\n"


def header(judged: Judged) -> str:
    """Size and coverage of a proof in one line."""
    proof = judged.proof
    havips = {a for node in judged.network.nodes for i in node.instances for a in i.addresses}
    size = f"{count(len(proof.nodes), 'node')}, {count(len(havips), 'HAVIP')}, {count(judged.checks, 'check')}"
    looked = f"{count(proof.states, 'stable state')}, {count(proof.transitions, 'transition')}, {proof.coverage}"
    return f"{size}: {looked}, {judged.seconds * 1000:.0f} ms"


def verdict(judged: Judged) -> str:
    """Whether it holds, in one line."""
    proof = judged.proof
    limit = f"within {proof.max_failover:g} s" if proof.max_failover is not None else "no target for the time was given"
    counts = [(sum(v.severity is s for v in proof.violations), s.value) for s in Severity]
    told = ", ".join(count(n, word) for n, word in counts if n)
    if proof.holds:
        return f"holds ({limit}{'; ' + told if told else ''})"
    return f"DOES NOT HOLD: {told}"


def count(number: int, noun: str) -> str:
    """A number with its noun."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def event_in_words(event: str) -> str:
    """An event of the scenario language as a short sentence; several at once are joined by ``; ``."""
    parts = [part.split() for part in event.split("; ")]
    kinds = {words[0] for words in parts}
    if kinds == {"cut"}:
        return f"{_link(parts)} cut"
    if kinds == {"heal", "cut"}:
        return f"heal, but not {_link(parts[1:])}"
    if kinds == {"die"} and len(parts) > 1:
        return f"{' and '.join(words[1] for words in parts)} die"
    return "; ".join(_one_in_words(words) for words in parts)


def _link(cuts: list[list[str]]) -> str:
    ends = [dict.fromkeys(words[side] for words in cuts) for side in (1, 2)]
    return f"link {' | '.join(', '.join(names) for names in ends)}"


def _one_in_words(words: list[str]) -> str:
    if words[0] == "cut-oneway":
        return f"link {words[1]} > {words[2]} cut"
    if words[0] == "check":
        verb = {"ok": "passes", "fail": "fails", "hang": "hangs"}.get(words[3], f"says {words[3]}")
        return f"{words[2]} {verb} on {words[1]}"
    if words[0] == "link":
        return f"{words[2]} of {words[1]} goes {words[3]}"
    if words == ["start"]:
        return "all start"
    if len(words) == 2 and words[0] != "wait":
        return f"{words[1]} is killed" if words[0] == "kill" else f"{words[1]} {words[0]}s"
    return " ".join(words)


def seconds(bounds: Bounds) -> str:
    """From best to worst, in seconds."""
    low, high = bounds
    if low < 0.005:
        return f"within {high:.2f} s"
    return f"after {low:.2f} s" if f"{low:.2f}" == f"{high:.2f}" else f"after {low:.2f} … {high:.2f} s"


def outcome_in_words(outcome: Outcome, plus: str = "") -> str:
    """Who holds in the end, and what it took; ``plus`` is what is added to a time where somebody holds."""
    by_holder: dict[tuple[str, ...], list[str]] = {}
    for name, nodes in outcome.holders.items():
        by_holder.setdefault(nodes, []).append(name)
    parts = []
    for nodes, names in by_holder.items():
        of = f" {', '.join(names)}" if len(outcome.holders) > 1 else ""
        who = " and ".join(nodes)
        both = "both hold" if len(nodes) == 2 else "hold"
        verb = "holds" if len(nodes) == 1 else f"{both}{of}"
        parts.append(f"nobody holds{of}" if not nodes else f"{who} {verb}{of if len(nodes) == 1 else ''}")
    text = "; ".join(parts)
    if outcome.after is None:
        return f"no change: {text}"
    text += f" {seconds(outcome.after)}{plus if all(outcome.holders.values()) else ''}"
    if outcome.gap[1] > BRIEF and abs(outcome.gap[1] - outcome.after[1]) > BRIEF and all(outcome.holders.values()):
        text += f", nobody for up to {outcome.gap[1]:.2f} s"
    if outcome.dual[1] is None:
        text += ", until something else happens"
    elif outcome.dual[1] > BRIEF:
        text += f", two at once for up to {outcome.dual[1]:.2f} s"
    return text if outcome.settled else text + ", and it goes round and round"


def outcomes_in_words(outcomes: Sequence[Outcome], plus: str = "") -> list[str]:
    """Every way it may go."""
    texts = list(dict.fromkeys(outcome_in_words(each, plus) for each in outcomes))
    return [text if not index else f"or {text}" for index, text in enumerate(texts)]


def shown_by(row: Row, violations: Iterable[Violation]) -> list[Violation]:
    """The violations that this single fault shows, the first of each code."""
    found: dict[str, Violation] = {}
    for violation in violations:
        events = [step.event for step in violation.trace if not step.event.startswith("start")]
        if events == [row.event] and violation.severity is not Severity.INFO:
            found.setdefault(violation.code, violation)
    return list(found.values())


def place(span: Span) -> str:
    """File and line with what stands there; a password is not shown."""
    text = hide(span.source.line_text(span.line)).strip()
    return f"{printable(span.file)}:{span.line}  {printable(text)}"


def _proof(judged: Judged, width: int, paint: Paint) -> Iterator[str]:
    proof, subject = judged.proof, judged.subject
    for index, line in enumerate(wrap(f"{printable(subject.name)}  {header(judged)}", width)):
        yield paint("bold", line) if not index else f"    {line}"
    rows = [("all start", outcomes_in_words(judged.start), "")]
    plus = f" + {subject.provider_delay:g} s {subject.provider}" if subject.provider_delay else ""
    for row in proof.rows:
        said = outcomes_in_words(row.outcomes, plus)
        if any(outcome.after is not None for outcome in row.repaired):
            first, *others = outcomes_in_words(row.repaired)
            said += [f"then {event_in_words(row.repair)}: {first}", *others]
        rows.append((event_in_words(row.event), said, " ".join(each.code for each in shown_by(row, proof.violations))))
    yield from _table(rows, width, paint)
    for deaf in proof.deaf:
        yield from (f"  {line}" for line in wrap(str(deaf), width - 2))
    for violation in proof.violations:
        yield ""
        yield from _violation(violation, width, paint)
    yield ""
    style = "bold green" if proof.holds else "bold red"
    yield from (paint(style, line) for line in wrap(verdict(judged), width))


def _table(rows: Iterable[tuple[str, list[str], str]], width: int, paint: Paint) -> Iterator[str]:
    rows = list(rows)
    column = min(max((len(event) for event, _, _ in rows), default=0), 32)
    for event, said, codes in rows:
        room = width - column - 4 - (len(codes) + 2 if codes else 0)
        texts = [line for text in said for line in wrap(printable(text), room)]
        names = wrap(printable(event), column)
        for index in range(max(len(names), len(texts))):
            left = names[index] if index < len(names) else ""
            right = texts[index] if index < len(texts) else ""
            line = f"  {left:<{column}}  {right}"
            if codes and not index:
                line = f"{line:<{width - len(codes)}}" + paint("bold red", codes)
            yield line.rstrip()


def _violation(violation: Violation, width: int, paint: Paint) -> Iterator[str]:
    head = f"{violation.severity.value} {violation.code} {violation.name}"
    first, *rest = wrap(f"{head}  {one_line(violation.message)}", width)
    yield paint(STYLES[violation.severity], first)
    yield from (f"    {line}" for line in (wrap(" ".join(rest), width - 4) if rest else ()))
    if violation.severity is not Severity.INFO:
        column = min(max((len(event_in_words(step.event)) for step in violation.trace), default=0), 30)
        for number, step in enumerate(violation.trace, 1):
            yield from _step(number, step, column, width)
    places = list(dict.fromkeys(place(span) for span in violation.origins))
    for index, text in enumerate([*violation.because, *places]):
        lead = "because " if not index else "        "
        first, *rest = [text] if text in places else wrap(printable(text), width - 14)
        yield f"      {lead}{first}".rstrip()
        yield from (f"              {line}" for line in rest)


def _step(number: int, step: TraceStep, column: int, width: int) -> Iterator[str]:
    after = f" {seconds(step.after)}" if step.after is not None else ""
    text = "   ".join(step.told()) + after
    left = wrap(printable(event_in_words(step.event)), column)
    right = wrap(printable(text), width - column - 10) if text else [""]
    for index in range(max(len(left), len(right))):
        lead = f"{number:>6}" if not index else " " * 6
        event = left[index] if index < len(left) else ""
        yield f"{lead}  {event:<{column}}  {right[index] if index < len(right) else ''}".rstrip()

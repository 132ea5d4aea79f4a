"""Findings for people at a terminal: the fact, the places, why it matters, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from havipcfg.diagnostics import Diagnostic, Fix, Report, Severity
from havipcfg.render.excerpt import READABLE, Mark, excerpt
from havipcfg.render.layout import NARROWEST, Paint, cell_len, painter, terminal_width, wrap
from havipcfg.render.printable import one_line, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from havipcfg.source import Source

STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.INFO: "bold blue"}
RELATED = "bold cyan"
COMMANDS = {"safe": "havipcfg lint --fix", "unsafe": "havipcfg lint --unsafe-fixes"}


def render(report: Report, *, width: int | None = None, colour: bool = False, summary: bool = True) -> str:
    """The whole report, with a summary line at the end unless ``summary`` is false.

    ``width`` in terminal cells, the terminal's own if None; only paths may be wider. Whether
    to colour is for the caller to ask of ``layout.colour_wanted``.
    """
    cells = max(NARROWEST, terminal_width() if width is None else width)
    paint = painter(colour)
    blocks = ["\n".join(_finding(diagnostic, cells, paint)) for diagnostic in report.diagnostics]
    if report.failures:
        blocks.append(
            "\n".join(line for f in report.failures for line in _labelled("failed", f, cells, paint, "", "bold red"))
        )
    if summary:
        said = "\n".join(wrap(summarised(report), cells))
        clean = not report.diagnostics and not report.failures and report.files
        blocks.append(paint("green", said) if clean else said)
    return "\n\n".join(blocks) + "\n" if blocks else ""


def summarised(report: Report) -> str:
    """How many findings of which severity in how many files, how many have a fix, what was not judged."""
    counts = [_counted(n, s.value) for s in Severity if (n := report.count(s))]
    if not report.files and not counts:
        said = "nothing was judged"
    else:
        said = f"{', '.join(counts) or 'no problems'} in {_counted(len(report.files), 'file')}"
        if report.failures:
            said += f", {len(report.failures)} not judged"
    safe, unsafe = (sum(d.fix is not None and d.fix.safety == kind for d in report.diagnostics) for kind in COMMANDS)
    if safe and unsafe:
        return f"{said}; {safe} fixable with --fix, {unsafe} more with --unsafe-fixes"
    if safe or unsafe:
        return f"{said}; {safe or unsafe} fixable with {'--fix' if safe else '--unsafe-fixes'}"
    return said


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _finding(diagnostic: Diagnostic, width: int, paint: Paint) -> Iterator[str]:
    yield from _headline(diagnostic, width, paint)
    places = _places(diagnostic)
    gutter = max(2, *(len(str(mark.line)) for marks in places.values() for mark in marks))
    arrow = " " * gutter + paint("dim", "-->")
    for source, marks in places.items():
        span = marks[0].span
        yield f"{arrow} {printable(source.name)}:{span.line}:{span.column}"
        if source.text:
            yield from excerpt(marks, gutter, width, paint)
        else:
            yield from (" " * (gutter + 4) + line for m in marks if m.note for line in wrap(m.note, width - gutter - 4))
    if diagnostic.why:
        yield from _labelled("why", diagnostic.why, width, paint)
    yield from _way_out(diagnostic.advice, diagnostic.fix, width, paint)
    for note in diagnostic.notes:
        yield from _labelled("note", note, width, paint)


def _headline(diagnostic: Diagnostic, width: int, paint: Paint) -> Iterator[str]:
    severity, code, name = diagnostic.severity, printable(diagnostic.code), printable(diagnostic.name)
    lead = f"{paint(STYLES[severity], severity.value)} {paint('bold', code)} {name}"
    room = width - cell_len(f"{severity.value} {code} {name}") - 2
    message = one_line(diagnostic.message)
    if room < READABLE and cell_len(message) > room:
        first, *rest = wrap(message, width - 2)
        if first.startswith("::"):
            lead, first = f"{lead}  {first}", ""
        yield lead
        yield from ("  " + line for line in (first, *rest) if line)
        return
    indent = len(severity.value) + 1
    first, *rest = wrap(message, width - indent, room)
    yield f"{lead}  {first}"
    yield from (" " * indent + line for line in rest)


def _places(diagnostic: Diagnostic) -> dict[Source, list[Mark]]:
    """The marks of each source, that of the finding itself first, then as related places come."""
    own = diagnostic.span
    said = [one_line(label.message) for label in diagnostic.related if label.span == own]
    places = {own.source: [Mark(own, STYLES[diagnostic.severity], "; ".join(said))]}
    for label in diagnostic.related:
        if label.span != own:
            places.setdefault(label.span.source, []).append(Mark(label.span, RELATED, one_line(label.message)))
    return places


def _way_out(advice: str, fix: Fix | None, width: int, paint: Paint) -> Iterator[str]:
    """What to do by hand, and what havipcfg can do; said once where both say the same."""
    if fix is None:
        if advice:
            yield from _labelled("fix", advice, width, paint)
        return
    command = f"({COMMANDS[fix.safety]})"
    if not advice or advice.partition(":")[0].strip(" .").casefold() == fix.title.strip(" .").casefold():
        yield from _labelled("fix", f"{advice or fix.title} {command}", width, paint)
    else:
        yield from _labelled("fix", advice, width, paint)
        yield from _labelled("", f"{fix.title} {command}", width, paint)


def _labelled(
    label: str, text: str, width: int, paint: Paint, indent: str = "  ", style: str = "bold"
) -> Iterator[str]:
    hanging = len(indent) + max(len(label), 4) + 1
    head = f"{indent}{paint(style, label)}{' ' * (hanging - len(indent) - len(label))}" if label else " " * hanging
    first, *rest = wrap(one_line(text), width - hanging)
    yield head + first
    yield from (" " * hanging + line for line in rest)

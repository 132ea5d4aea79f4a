"""How the report of a run is wanted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from havipcfg.diagnostics import Report, Severity
    from havipcfg.findings import Rule


def codes() -> list[str]:
    """The codes of all rules, in order."""
    from havipcfg.findings import RULES
    from havipcfg.rules import load_all

    load_all()
    return sorted(RULES)


def completed(incomplete: str) -> list[tuple[str, str]]:
    """How a list of codes goes on, each with the name of its rule; shells ask."""
    from havipcfg.findings import RULES

    before, comma, begun = incomplete.rpartition(",")
    return [
        (f"{before}{comma}{begun}{code[len(begun) :]}", RULES[code].name)
        for code in codes()
        if code.startswith(begun.upper())
    ]


@dataclass(frozen=True)
class Form:
    """How a report is wanted: its format, its colour, where it goes, and what counts as failing."""

    name: str
    color: str
    output: Path | None
    least: Severity
    quiet: bool

    def colour(self, stream: TextIO) -> bool:
        """Whether the report is to be coloured."""
        from havipcfg.render.layout import colour_wanted

        return self.color == "always" or (self.color == "auto" and self.output is None and colour_wanted(stream))

    def text(self, report: Report, stream: TextIO) -> str:
        """The report for a stream."""
        from havipcfg.render import render

        rules: tuple[Rule, ...] = ()
        if self.name == "sarif":
            codes()
            from havipcfg.findings import RULES

            rules = tuple(RULES.values())
        colour = self.colour(stream)
        return render(report, self.name, colour=colour, rules=rules, fail_on=self.least, summary=not self.quiet)

"""The documentation pages of the rules, as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from inspect import cleandoc

from havipcfg.findings import RULES, Rule
from havipcfg.rules import load_all

FAMILIES = {
    "KC": "one keepalived.conf",
    "CL": "the files of one cluster",
    "HV": "the cloud's facts (`--cluster`, or `--provider` and `--subnet`)",
    "FO": "the verifier",
    "CY": "a cluster.yaml",
}
MARKER = re.compile(r"[ \t]*# expect: .*$", re.MULTILINE)
"""In an example: what the tests expect to be reported of the line."""


@dataclass(frozen=True)
class Page:
    """A rule's page: its title, what it is in one sentence, and the whole text."""

    rule: Rule
    summary: str
    body: str

    @property
    def markdown(self) -> str:
        rule = self.rule
        said = "is reported by `keepalived -t` too" if rule.keepalived else "is not reported by `keepalived -t`"
        fix = f"The fix is {rule.fix}." if rule.fix else "There is no automatic fix."
        head = f"# {rule.code} {rule.name}\n\n{self.summary}\n\n"
        return f"{head}Severity: **{rule.severity}**. It {said}. {fix}\n\n{self.body}\n"


def all_rules() -> list[Rule]:
    """Every rule, by code."""
    load_all()
    return [RULES[code] for code in sorted(RULES)]


def page(rule: Rule) -> Page:
    """The page of a rule."""
    text = MARKER.sub("", cleandoc(rule.page))
    summary, _, body = text.partition("\n\n")
    return Page(rule, " ".join(summary.split()), body.strip())


def index(rules: Iterable[Rule]) -> str:
    """The table of all rules, a section a family."""
    pages = [page(rule) for rule in rules]
    parts = ["# Rules\n"]
    for family, needs in FAMILIES.items():
        rows = [found for found in pages if found.rule.code.startswith(family)]
        if not rows:
            continue
        parts.append(f"## {family}: what needs {needs}\n")
        parts.append("| code | name | severity | fix | what it is |\n|---|---|---|---|---|")
        for found in rows:
            rule = found.rule
            link = f"[{rule.code}](rules/{rule.code}.md)"
            parts.append(f"| {link} | {rule.name} | {rule.severity} | {rule.fix or ''} | {found.summary} |")
        parts.append("")
    return "\n".join(parts)

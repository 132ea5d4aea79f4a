"""What a rule says, and the one table of all rules.

A rule is one function; its docstring is its documentation page (What it does / Why it
matters / Example / Use instead / References). Functions below ``rules`` that meet a problem
while reading (syntax, keywords, values) are declared with ``diagnosis``; rules over the
typed model are declared in ``havipcfg.rules``. Both end up in ``RULES``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from havipcfg.diagnostics import Diagnostic, Fix, Label, Safety, Severity
from havipcfg.record import record
from havipcfg.source import Span

P = ParamSpec("P")

ERROR, WARNING, INFO = Severity


@record
class Finding:
    """A rule's finding at a place; code, name and severity are the rule's own.

    ``severity`` and ``keepalived`` override the rule's where one case differs.
    """

    span: Span
    message: str
    why: str = ""
    advice: str = ""
    related: tuple[Label, ...] = ()
    notes: tuple[str, ...] = ()
    fix: Fix | None = None
    severity: Severity | None = None
    keepalived: bool | None = None


@record
class Rule:
    """What is known of a rule without running it.

    ``keepalived``: whether ``keepalived -t`` reports the problem too, unless a finding says
    otherwise. ``fix``: the safety of the fix it offers, or None.
    """

    code: str
    name: str
    severity: Severity
    page: str
    keepalived: bool = False
    fix: Safety | None = None

    def diagnostic(self, finding: Finding) -> Diagnostic:
        return Diagnostic(
            self.code,
            self.name,
            finding.severity or self.severity,
            finding.message,
            finding.span,
            finding.why,
            finding.advice,
            finding.related,
            finding.notes,
            finding.fix,
            self.keepalived if finding.keepalived is None else finding.keepalived,
        )


RULES: dict[str, Rule] = {}


def register(rule: Rule) -> Rule:
    """Add a rule to the table; a code or a name that is taken is a programming error."""
    if rule.code in RULES or any(other.name == rule.name for other in RULES.values()):
        raise ValueError(f"rule {rule.code} {rule.name} is declared twice")
    RULES[rule.code] = rule
    return rule


def diagnosis(
    code: str, name: str, severity: Severity, *, keepalived: bool = False, fix: Safety | None = None
) -> Callable[[Callable[P, Finding]], Callable[P, Diagnostic]]:
    """Declare a function that words one problem met while reading; calling it gives the diagnostic."""

    def declare(function: Callable[P, Finding]) -> Callable[P, Diagnostic]:
        rule = register(Rule(code, name, severity, function.__doc__ or "", keepalived, fix))

        @wraps(function)
        def diagnose(*args: P.args, **kwargs: P.kwargs) -> Diagnostic:
            return rule.diagnostic(function(*args, **kwargs))

        return diagnose

    return declare

"""How a rule is declared, and how it is run.

A rule is a generator of findings over one subject: a block of one file, a whole file, a
virtual router across the nodes of a cluster, a cluster, or all clusters of a run. ``of``
names the type of the subject, ``given`` the keywords of which the subject must have one for
the rule to be asked at all::

    @rule("KC301", "nopreempt-with-state-master", ERROR, of=VrrpInstance, given="nopreempt", keepalived=True)
    def nopreempt_with_state_master(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
        '''The documentation page.'''

The second argument is the file's ``Context`` for blocks and files, the ``Cluster`` for a
virtual router, and None for a cluster or a site. A rule names a block or a field, never a
line number, and keeps no state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, TypeVar

from havipcfg.diagnostics import Diagnostic, Safety, Severity
from havipcfg.findings import Finding, Rule, register
from havipcfg.keepalived.declare import Block
from havipcfg.record import record

Function = Callable[..., Iterable[Finding]]
F = TypeVar("F", bound=Function)


@record
class Check:
    """A rule with the function that decides it."""

    rule: Rule
    function: Function


@dataclass(slots=True, eq=False, repr=False)
class _Checks:
    """The checks of one type of subject: those always asked, and those asked where a keyword is given."""

    always: list[Check] = field(default_factory=list)
    given: dict[str, list[Check]] = field(default_factory=dict)
    chosen: dict[frozenset[str], list[Check]] = field(default_factory=dict)
    """What is asked of a subject with these keywords, remembered: most blocks of a file are alike."""

    def of(self, keywords: frozenset[str]) -> list[Check]:
        found = self.chosen.get(keywords)
        if found is None:
            given = chain.from_iterable(checks for keyword, checks in self.given.items() if keyword in keywords)
            found = self.chosen[keywords] = list(dict.fromkeys((*self.always, *given)))
        return found


_BY_SUBJECT: dict[type[Any], _Checks] = {}


def rule(
    code: str,
    name: str,
    severity: Severity,
    *,
    of: type[Any] | tuple[type[Any], ...],
    given: str | tuple[str, ...] = (),
    keepalived: bool = False,
    fix: Safety | None = None,
) -> Callable[[F], F]:
    """Declare a rule over subjects of the types ``of``; the docstring is its documentation page."""

    def declare(function: F) -> F:
        check = Check(register(Rule(code, name, severity, function.__doc__ or "", keepalived, fix)), function)
        for subject in of if isinstance(of, tuple) else (of,):
            checks = _BY_SUBJECT.setdefault(subject, _Checks())
            keywords = (given,) if isinstance(given, str) else given
            for keyword in keywords:
                checks.given.setdefault(keyword, []).append(check)
            if not keywords:
                checks.always.append(check)
            checks.chosen.clear()
        return function

    return declare


def codes_of(modules: Iterable[str]) -> frozenset[str]:
    """The codes of the rules that the named modules of ``havipcfg.rules`` declare; those loaded so far."""
    names = {f"{__name__.rpartition('.')[0]}.{module}" for module in modules}
    every = (checks for checks in _BY_SUBJECT.values())
    found = (check for checks in every for check in (*checks.always, *chain.from_iterable(checks.given.values())))
    return frozenset(check.rule.code for check in found if check.function.__module__ in names)


def judge(subject: object, context: object) -> Iterator[Diagnostic]:
    """The diagnostics of every rule for the subject."""
    checks = _BY_SUBJECT.get(type(subject))
    if checks is None:
        return
    for check in checks.of(subject.given) if isinstance(subject, Block) else checks.always:
        for finding in check.function(subject, context):
            yield check.rule.diagnostic(finding)

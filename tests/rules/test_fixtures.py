"""Every rule has fixtures: files that raise it, at exact places, and near misses that do not.

tests/fixtures/rules/CODE-name/ holds cases. A case is a file ``bad*.conf`` or ``ok*.conf``, or
a folder ``bad*/`` or ``ok*/`` of files that are judged together (with ``cluster.yaml``, if there
is one, giving the facts; ``apart`` in the folder's name leaves the grouping to the linter). A
configuration may state facts in a comment, ``# given: --provider tencent --subnet 10.0.1.0/24``,
or options in ``# lint: --target 2.2.7``. A case of a CY rule is a file ``bad*.yaml``: a cluster
file to generate from.

``bad*`` has its findings in ``NAME.expected``, of this rule only: ``FILE:LINE:COLUMN-LINE:COLUMN
CODE message``, each with a line for every other place it shows and one for its fix. Behind the
code stand the severity, and whether ``keepalived -t`` reports it, where the rule says otherwise.
To write it after a change, run ``python -m tests.rules.test_fixtures`` and read the difference.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from havipcfg.diagnostics import Diagnostic
from havipcfg.findings import RULES
from havipcfg.generator.job import generate
from havipcfg.linter.discover import discover
from havipcfg.linter.engine import lint
from havipcfg.linter.options import LintOptions
from havipcfg.rules import HOST, load_all
from havipcfg.rules.registry import codes_of
from havipcfg.source import Source, Span
from tests.rules.given import facts_of_comment, facts_of_yaml, options_of_comment

FIXTURES = Path(__file__).parents[1] / "fixtures" / "rules"
load_all()
OF_THE_HOST = codes_of(HOST)
"""Rules about the machine at hand; tests/rules/test_host.py makes their cases."""


def cases(kind: str) -> list[Path]:
    return sorted(path for path in FIXTURES.glob(f"*/{kind}*") if path.is_dir() or path.suffix in (".conf", ".yaml"))


def code_of(case: Path) -> str:
    return case.parent.name.split("-", 1)[0]


def given(case: Path) -> tuple[list[Source], LintOptions]:
    """The files of a case, and the options that it is judged with."""
    paths = sorted(case.rglob("*.conf")) if case.is_dir() else [case]
    found = discover(paths)
    assert not found.failures
    cluster = case / "cluster.yaml"
    facts = facts_of_yaml(Source.read(cluster)) if cluster.exists() else facts_of_comment(found.sources[0].text)
    together = case.is_dir() and "apart" not in case.name
    return found.sources, replace(options_of_comment(found.sources[0].text), facts=facts, as_cluster=together)


def findings(case: Path) -> list[Diagnostic]:
    """What the case's own rule finds in it."""
    if case.suffix == ".yaml":
        diagnostics = generate(Source.read(case), environment={"EMPTY": ""}).diagnostics
    else:
        diagnostics = lint(*given(case)).diagnostics
    return [diagnostic for diagnostic in diagnostics if diagnostic.code == code_of(case)]


def written(case: Path) -> str:
    base = case if case.is_dir() else case.parent
    lines = []
    for d in findings(case):
        rule = RULES[d.code]
        grade = "" if d.severity is rule.severity else f" {d.severity}"
        if d.keepalived is not rule.keepalived:
            grade += " reported" if d.keepalived else " unreported"
        lines.append(f"{_place(d.span, base)} {d.code}{grade} {d.message}\n")
        lines += [f"  see {_place(label.span, base)} {label.message}\n" for label in d.related]
        if d.fix is not None:
            lines.append(f"  fix {d.fix.title} ({d.fix.safety})\n")
    return "".join(lines)


def _place(span: Span, base: Path) -> str:
    file = Path(span.file).relative_to(base)
    return f"{file}:{span.line}:{span.column}-{span.end_line}:{span.end_column}"


def expected(case: Path) -> Path:
    return case.with_name(f"{case.name}.expected") if case.is_dir() else case.with_suffix(".expected")


def name_of(case: Path) -> str:
    return f"{case.parent.name}/{case.name}"


@pytest.mark.parametrize("case", cases("bad"), ids=name_of)
def test_bad_case_is_found_at_its_place(case: Path) -> None:
    text = expected(case).read_text(encoding="utf-8")
    assert text.strip(), "a bad case must raise its rule"
    assert written(case) == text


@pytest.mark.parametrize("case", cases("ok"), ids=name_of)
def test_near_miss_is_silent(case: Path) -> None:
    assert written(case) == ""


@pytest.mark.parametrize("code", sorted(RULES.keys() - OF_THE_HOST))
def test_rule_has_bad_and_ok_cases(code: str) -> None:
    folder = FIXTURES / f"{code}-{RULES[code].name}"
    assert list(folder.glob("bad*.expected")), f"{folder.name} has no bad case"
    assert [path for path in folder.glob("ok*") if path.suffix != ".expected"], f"{folder.name} has no ok case"


def test_no_fixture_without_rule() -> None:
    assert {path.name for path in FIXTURES.iterdir()} <= {f"{code}-{rule.name}" for code, rule in RULES.items()}


if __name__ == "__main__":
    for bad in cases("bad"):
        if len(sys.argv) < 2 or code_of(bad) in sys.argv[1:]:
            expected(bad).write_text(written(bad), encoding="utf-8")

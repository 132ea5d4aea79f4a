"""The documentation page of every rule is complete, and its examples do what they say."""

from __future__ import annotations

import re
from dataclasses import replace
from inspect import cleandoc
from itertools import pairwise

import pytest

from havipcfg.findings import RULES
from havipcfg.linter.engine import lint
from havipcfg.linter.options import LintOptions
from havipcfg.rules import load_all, pages
from havipcfg.source import Source
from tests.rules.given import facts_of_comment, facts_of_yaml, named, options_of_comment

load_all()
SECTIONS = ["What it does", "Why it matters", "Example", "Use instead", "References"]
BLOCK = re.compile(r"^```keepalived\n(.*?)^```", re.MULTILINE | re.DOTALL)
YAML = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)
EXPECT = re.compile(r"#\s*expect:\s*([A-Z]{2}\d{3})")


@pytest.mark.parametrize("code", sorted(RULES))
def test_page_has_its_sections_in_order(code: str) -> None:
    headings = re.findall(r"^## (.+)$", cleandoc(RULES[code].page), re.MULTILINE)
    assert [heading for heading in headings if heading in SECTIONS] == SECTIONS


@pytest.mark.parametrize("code", sorted(RULES))
def test_page_shows_no_marker_of_the_tests(code: str) -> None:
    assert "expect:" not in pages.page(RULES[code]).markdown


@pytest.mark.parametrize("code", sorted(code for code in RULES if code.startswith("KC")))
def test_example_raises_the_rule_where_it_says_and_the_remedy_does_not(code: str) -> None:
    page = cleandoc(RULES[code].page)
    places = [page.index(f"## {section}") for section in SECTIONS] + [len(page)]
    parts = dict(zip(SECTIONS, (page[a:b] for a, b in pairwise(places)), strict=True))
    for example in BLOCK.findall(parts["Example"]):
        wanted = {(line, code) for line, text in enumerate(example.split("\n"), 1) for code in EXPECT.findall(text)}
        assert any(found == code for _, found in wanted), "no line says what it is expected to raise"
        got = {(d.span.line, d.code) for d in lint([Source("example.conf", example)]).diagnostics}
        assert wanted <= got
    for remedy in BLOCK.findall(parts["Use instead"]):
        assert code not in {d.code for d in lint([Source("remedy.conf", remedy)]).diagnostics}


@pytest.mark.parametrize("code", sorted(code for code in RULES if code.startswith(("CL", "HV"))))
def test_example_of_several_files_raises_the_rule_where_it_says(code: str) -> None:
    page = cleandoc(RULES[code].page)
    example = page[page.index("## Example") : page.index("## Use instead")]
    sources = named(BLOCK.findall(example))
    facts = facts_of_comment(sources[0].text) if sources else None
    for cluster in YAML.findall(example):
        facts = facts_of_yaml(Source("cluster.yaml", cluster))
    wanted = {
        (source.name, line, code)
        for source in sources
        for line, text in enumerate(source.text.split("\n"), 1)
        for code in EXPECT.findall(text)
    }
    together = code not in ("CL401", "CL402")
    asked = options_of_comment(sources[0].text) if sources else LintOptions()
    report = lint(sources, replace(asked, facts=facts, as_cluster=together))
    got = {(d.span.file, d.span.line, d.code) for d in report.diagnostics if d.code == code}
    assert got == wanted

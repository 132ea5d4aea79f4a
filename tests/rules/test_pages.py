"""The documentation page of every rule is complete, and its examples do what they say."""

from __future__ import annotations

import re
from inspect import cleandoc
from itertools import pairwise

import pytest

from havipcfg.findings import RULES
from havipcfg.lint.engine import lint
from havipcfg.rules import load_all
from havipcfg.source import Source

load_all()
SECTIONS = ["What it does", "Why it matters", "Example", "Use instead", "References"]
BLOCK = re.compile(r"^```keepalived\n(.*?)^```", re.MULTILINE | re.DOTALL)
EXPECT = re.compile(r"#\s*expect:\s*([A-Z]{2}\d{3})")


@pytest.mark.parametrize("code", sorted(RULES))
def test_page_has_its_sections_in_order(code: str) -> None:
    headings = re.findall(r"^## (.+)$", cleandoc(RULES[code].page), re.MULTILINE)
    assert [heading for heading in headings if heading in SECTIONS] == SECTIONS


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

"""The reference of cluster.yaml: its example generates, and it names every key."""

from __future__ import annotations

import re

from havipcfg.cluster.reference import reference
from havipcfg.cluster.schema import schema
from havipcfg.generator.job import generate
from havipcfg.source import Source


def test_the_examples_generate_without_a_finding() -> None:
    first, *others = re.findall(r"```yaml\n(.*?)```", reference(), re.S)
    for text in (first, *(first + each for each in others)):
        assert [(d.code, d.message) for d in generate(Source("cluster.yaml", text)).diagnostics] == []


def test_every_key_has_a_row() -> None:
    text = reference()
    for owner in (schema(), *schema()["$defs"].values()):
        for key in owner.get("properties", {}):
            assert f"| `{key}`" in text

"""Lint a cluster written into a folder, as the command line would."""

from __future__ import annotations

from pathlib import Path

from havipcfg.cluster.facts import facts_from_options
from havipcfg.diagnostics import Diagnostic
from havipcfg.linter.discover import discover
from havipcfg.linter.engine import lint
from havipcfg.linter.options import LintOptions
from havipcfg.source import Source
from tests.rules.given import facts_of_yaml
from tests.twins.clean import Plan, cluster_yaml


def written_into(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def judged(folder: Path, plan: Plan, *, together: bool = False) -> list[Diagnostic]:
    """The findings over the folder, with the facts that the plan states."""
    facts = None
    if plan.facts == "yaml":
        facts = facts_of_yaml(Source("cluster.yaml", cluster_yaml(plan)))
    elif plan.facts:
        facts = facts_from_options(plan.provider or None, [f"{plan.subnet}.0/24"])
    found = discover([folder])
    assert not found.failures
    return lint(found.sources, LintOptions(facts=facts, as_cluster=together)).diagnostics

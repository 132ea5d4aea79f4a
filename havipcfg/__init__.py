"""Compiler, linter and verifier for keepalived clusters that share a virtual IP.

The functions of the library and the types they take and return are names of this package;
docs/library.md shows them. A name is imported when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from havipcfg.diagnostics import Diagnostic, Report, Severity
    from havipcfg.generator.adopt import NotACluster
    from havipcfg.generator.directory import HandEditedError
    from havipcfg.generator.job import RefusedError
    from havipcfg.keepalived.version import Version
    from havipcfg.library import (
        Verdict,
        adopt,
        diff,
        explain,
        facts,
        fix,
        fmt,
        generate,
        graph,
        lint,
        load,
        play,
        rehearse,
        schema,
        verify,
    )
    from havipcfg.library.errors import NotJudgedError
    from havipcfg.linter.options import LintOptions
    from havipcfg.rehearsal.errors import RehearsalError
    from havipcfg.source import Source
    from havipcfg.verifier.scenario import ScenarioError

__version__ = "0.1.0"

__all__ = [
    "Diagnostic",
    "HandEditedError",
    "LintOptions",
    "NotACluster",
    "NotJudgedError",
    "RefusedError",
    "RehearsalError",
    "Report",
    "ScenarioError",
    "Severity",
    "Source",
    "Verdict",
    "Version",
    "adopt",
    "diff",
    "explain",
    "facts",
    "fix",
    "fmt",
    "generate",
    "graph",
    "lint",
    "load",
    "play",
    "rehearse",
    "schema",
    "verify",
]

_HOMES = {
    "Diagnostic": "diagnostics",
    "HandEditedError": "generator.directory",
    "LintOptions": "linter.options",
    "NotACluster": "generator.adopt",
    "NotJudgedError": "library.errors",
    "RefusedError": "generator.job",
    "RehearsalError": "rehearsal.errors",
    "Report": "diagnostics",
    "ScenarioError": "verifier.scenario",
    "Severity": "diagnostics",
    "Source": "source",
    "Version": "keepalived.version",
}
"""Where a name comes from that is not one of ``havipcfg.library``."""


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = globals()[name] = getattr(import_module(f"{__name__}.{_HOMES.get(name, 'library')}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

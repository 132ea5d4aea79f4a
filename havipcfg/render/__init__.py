"""What was found, as text for people and as formats for programs: one module each, imported when asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from havipcfg.diagnostics import Report, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from havipcfg.findings import Rule

_MODULES: dict[str, tuple[str, tuple[str, ...]]] = {
    "text": ("havipcfg.render.text", ("width", "colour", "summary")),
    "concise": ("havipcfg.render.concise", ()),
    "json": ("havipcfg.render.json_", ()),
    "jsonl": ("havipcfg.render.jsonl", ()),
    "sarif": ("havipcfg.render.sarif", ("rules",)),
    "github": ("havipcfg.render.github", ()),
    "gitlab": ("havipcfg.render.gitlab", ()),
    "junit": ("havipcfg.render.junit", ("fail_on",)),
}
"""Format: the module whose ``render`` makes it, and the options that it takes."""

FORMATS = tuple(_MODULES)


def render(
    report: Report,
    format: str,  # noqa: A002
    *,
    width: int | None = None,
    colour: bool = False,
    rules: Iterable[Rule] = (),
    fail_on: Severity = Severity.ERROR,
    summary: bool = True,
) -> str:
    """The report in one of ``FORMATS``, with a line end at its end unless it is empty.

    Formats ignore what does not concern them: ``width`` (terminal cells, None for the
    terminal's own), ``colour`` and ``summary`` (the last line) are for text, ``rules`` (those that
    were judged) for SARIF, ``fail_on`` for JUnit. The result has no lone surrogate: any UTF-8 stream takes it.
    Raises KeyError for a format that is not one.
    """
    module, takes = _MODULES[format]
    given: dict[str, Any] = {"width": width, "colour": colour, "rules": rules, "fail_on": fail_on, "summary": summary}
    result: str = import_module(module).render(report, **{option: given[option] for option in takes})
    return result

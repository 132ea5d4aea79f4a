"""Findings that are known and left for later: a file of their fingerprints."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from havipcfg.fingerprint import file_from, fingerprints

if TYPE_CHECKING:
    from pathlib import Path

    from havipcfg.diagnostics import Diagnostic


class BaselineError(ValueError):
    """A text that is no baseline; the message says what is wrong with it."""


def write(diagnostics: Sequence[Diagnostic], folder: Path | None = None) -> str:
    """The text of a baseline that holds the findings, one line each, so that version control shows them apart.

    Files go by their paths from ``folder``, that of the baseline."""
    known = {
        key: f"{file_from(folder, diagnostic.span.source)}: {diagnostic.code} {diagnostic.message}"
        for key, diagnostic in zip(fingerprints(diagnostics, folder), diagnostics, strict=True)
    }
    return json.dumps({"version": 1, "findings": known}, indent=2) + "\n"


def read(text: str) -> frozenset[str]:
    """The fingerprints in a baseline; raises BaselineError for any other text."""
    try:
        content: Any = json.loads(text)
    except ValueError as error:
        raise BaselineError(f"not a baseline: {error}") from error
    if not isinstance(content, dict) or not isinstance(content.get("findings"), dict):
        raise BaselineError("not a baseline: there is no object `findings`")
    if content.get("version") != 1:
        raise BaselineError(f"baseline of version {content.get('version')}: this havipcfg knows version 1")
    return frozenset(content["findings"])


def beyond(diagnostics: Sequence[Diagnostic], known: frozenset[str], folder: Path | None = None) -> list[Diagnostic]:
    """The findings that a baseline does not hold, in their order."""
    keys = fingerprints(diagnostics, folder)
    return [diagnostic for key, diagnostic in zip(keys, diagnostics, strict=True) if key not in known]

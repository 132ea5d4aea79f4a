"""What tells a finding from others and stays the same when lines move."""

from __future__ import annotations

import os
from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from havipcfg.diagnostics import Diagnostic
    from havipcfg.source import Source

LONGEST = 1000
"""Characters of the line that count, so that a file of one huge line costs no more than others."""


def fingerprints(diagnostics: Sequence[Diagnostic], base: Path | None = None) -> list[str]:
    """One for each finding, all different: 32 hexadecimal digits of SHA-256.

    Made of the file, the code, the words of the line and the underlined text, with a count
    where all of these are the same; so neither lines added above nor another indentation
    nor a message worded anew change it. With ``base``, files go by their paths from there, so that
    the working directory does not matter either.
    """
    seen: Counter[str] = Counter()
    result = []
    for diagnostic in diagnostics:
        span = diagnostic.span
        source = span.source
        first = source.offset(span.line)
        line = source.text[first : first + LONGEST].partition("\n")[0]
        underlined = source.text[span.start : min(span.end, span.start + LONGEST)]
        parts = (file_from(base, source), diagnostic.code, " ".join(line.split()), underlined)
        key = "\0".join(parts)
        seen[key] += 1
        digest = sha256(f"{key}\0{seen[key]}".encode("utf-8", "surrogatepass"))
        result.append(digest.hexdigest()[:32])
    return result


def file_from(base: Path | None, source: Source) -> str:
    """The name of a source: as given, or with ``base`` its path from there."""
    if base is None or source.path is None:
        return source.name
    return os.path.relpath(source.path, base)

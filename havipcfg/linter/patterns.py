"""Paths by gitignore patterns, relative to the folder of the settings."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path


def matcher(patterns: Iterable[str], root: Path) -> Callable[[Path | str], bool]:
    """A function that says whether a path is meant by patterns as in .gitignore; paths outside ``root`` never are."""
    from pathspec import GitIgnoreSpec

    spec = GitIgnoreSpec.from_lines(patterns)
    base = os.path.realpath(root)

    @cache
    def matches(path: Path | str) -> bool:
        relative = os.path.relpath(os.path.realpath(path), base)
        return not relative.startswith("..") and spec.match_file(relative)

    return matches

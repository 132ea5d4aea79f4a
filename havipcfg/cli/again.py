"""Printing what the same command printed before, without reading its arguments again.

To import what reads arguments takes longer than to find out that nothing changed. A command is known by its
words, the folder it is called in, its environment and its terminal. What is kept of it is what its arguments came to
mean: the paths that are searched, the settings files that were looked for and what they held, and what the run is
called by besides its texts. All of that is looked at anew each time, and the report is the one that
``havipcfg.linter.cache`` keeps for exactly these texts.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FEW = 16
"""Up to so many files are judged before a progress bar could be drawn, and nothing is kept of them."""

_COMMANDS = "commands"


def again(words: list[str]) -> int | None:
    """Print what ``havipcfg`` with these words printed before; its exit status, or None where it has to run."""
    if words[:1] != ["lint"] or "--no-cache" in words or not (len(words) > FEW or any(map(os.path.isdir, words))):
        return None
    from pathlib import Path

    from havipcfg.cli.streams import printed, show
    from havipcfg.linter import cache
    from havipcfg.linter.discover import discover

    runs = _runs(words)
    if runs is None or not (runs / _COMMANDS).is_dir():
        return None
    try:
        name = _name(words)
    except OSError:
        return None
    entry = cache.load(runs / _COMMANDS, name, ("paths", "settings", "asked"))
    if entry is None:
        return None
    paths, settings, asked = entry
    try:
        if paths != _kinds(path for path, _ in paths) or settings != _held(path for path, _ in settings):
            return None
        found = discover(Path(path) for path, _ in paths)
    except (TypeError, ValueError):
        return None
    kept = None if found.failures else cache.get(runs, cache.key(found.sources, asked))
    if kept is None:
        return None
    show(printed(kept.text))
    return kept.status


def remember(runs: Path, words: list[str], paths: Iterable[Path], settings: Iterable[Path], asked: Any) -> None:
    """Keep what the words of a command came to mean, unless ``again`` would look for it elsewhere.

    ``settings`` are the files that were looked for, ``asked`` is what ``cache.key`` was given.
    """
    from havipcfg.linter import cache

    if _runs(words) == runs:
        meaning = {"paths": _kinds(map(str, paths)), "settings": _held(map(str, settings)), "asked": asked}
        cache.store(runs / _COMMANDS, _name(words), meaning)


def _runs(words: list[str]) -> Path | None:
    """Where the reports of a command are kept, as far as its words show that."""
    from pathlib import Path

    from havipcfg.linter import cache

    for option, following in zip(reversed(words), ["", *reversed(words)], strict=False):
        if option == "--cache-dir":
            return Path(following)
        if option.startswith("--cache-dir="):
            return Path(option.partition("=")[2])
    return cache.home()


def _name(words: list[str]) -> str:
    """What the command goes by; raises OSError where its folder or its terminal is gone."""
    from havipcfg.linter import cache

    terminal = list(os.get_terminal_size(1)) if os.isatty(1) else None
    return cache.digest_here([words, dict(os.environ), terminal])


def _kinds(paths: Iterable[str]) -> list[list[Any]]:
    """Paths, each with whether it is a folder: settings are looked for from there on upward."""
    from pathlib import Path

    return [[path, Path(path).is_dir()] for path in paths]


def _held(paths: Iterable[str]) -> list[list[str | None]]:
    """Paths, each with the digest of the file there; None where there is none, empty where it cannot be read."""
    from pathlib import Path

    return [[path, _digest(path) if Path(path).is_file() else None] for path in paths]


def _digest(path: str) -> str:
    from hashlib import sha256
    from pathlib import Path

    try:
        return sha256(Path(path).read_bytes()).hexdigest()
    except OSError:
        return ""

"""What the functions of the library take for a file, or for several."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from havipcfg.library.errors import NotJudgedError
from havipcfg.source import Source

if TYPE_CHECKING:
    from havipcfg.linter.discover import Found

File: TypeAlias = str | os.PathLike[str] | Source
"""A path, or a text with the name it is reported under."""

Files: TypeAlias = File | Iterable[File]


def listed(files: Files) -> list[Path | Source]:
    """One file or several as a list."""
    given = [files] if isinstance(files, str | os.PathLike | Source) else files
    return [file if isinstance(file, Source) else Path(file) for file in given]


def source_of(file: File) -> Source:
    """The text of one file; raises OSError."""
    return file if isinstance(file, Source) else Source.read(Path(file))


def configuration(file: File) -> Source:
    """The text of one configuration; raises OSError, and NotJudgedError for what is no text."""
    from havipcfg.linter.discover import is_binary

    source = source_of(file)
    if is_binary(source.data):
        raise NotJudgedError(f"{source.name}: not a text file")
    return source


def found(files: Files, excluded: Callable[[Path], bool] = lambda _path: False) -> Found:
    """The texts of files and of all configurations in directories; what cannot be read is among the failures."""
    from havipcfg.linter.discover import discover

    given = listed(files)
    result = discover([file for file in given if isinstance(file, Path)], excluded)
    result.sources += [file for file in given if isinstance(file, Source)]
    return result

"""The files an ``include`` line brings in, opened within bounds."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from havipcfg.diagnostics import Diagnostic
from havipcfg.source import Source, Span
from havipcfg.syntax import include, problems
from havipcfg.syntax.options import Options
from havipcfg.syntax.pieces import Piece, Reader

INCLUDES = 1_000
DEPTH = 64
BYTES = 4_000_000
HOME = "/etc/keepalived/"
"""Where a node keeps its files. What is not there is looked for beside the file judged, as in a copy of the folder."""


class Opened(NamedTuple):
    """A file to read next; ``directory`` is where its own relative includes start."""

    source: Source
    directory: str
    identity: str


class Files:
    """Finds and opens included files; each is read from the disk once."""

    def __init__(self, options: Options, report: Callable[[Diagnostic], None]) -> None:
        self.options = options
        self.report = report
        self.known: dict[str, Source] = {}
        self.included_at: dict[Source, Span] = {}
        self.looked = False
        self.included = 0
        self.bytes = 0

    @property
    def sources(self) -> list[Source]:
        """Every file opened, in the order of first inclusion."""
        return list(self.known.values())

    def open(
        self, pattern: str, level: str, piece: Piece, readers: Sequence[Reader], checks: frozenset[str]
    ) -> list[Opened]:
        """The files that a pattern names, in the order keepalived reads them; reports what it does not read."""
        if not self.options.includes:
            self.report(problems.include_not_opened(piece.place, pattern))
            return []
        if "\0" in pattern:
            return []
        self.looked = True
        directory = readers[-1].directory
        checks = checks | include.LEVELS[level]
        found = include.find(pattern, directory)
        if not found.files and pattern.startswith(HOME):
            beside = include.find(pattern.removeprefix(HOME), readers[0].directory)
            if beside.files:
                found, directory = beside, readers[0].directory
        if found.too_many:
            self.report(problems.expansion_limit(piece.place, f"more than {include.MATCHES} files"))
        for notice in found.notices:
            fatal = notice.check in checks
            if notice.silent and not fatal and not notice.missed:
                continue
            printed = fatal or not notice.silent
            self.report(problems.include_skipped(piece.place, notice.message, fatal, printed=printed))
            if fatal:
                return []
        opened = (self._one(name, directory, piece, readers, checks) for name in found.files)
        return [file for file in opened if file is not None]

    def _one(
        self, name: str, directory: str, piece: Piece, readers: Sequence[Reader], checks: frozenset[str]
    ) -> Opened | None:
        path = Path(directory, name)
        skipped = include.unreadable(path, name)
        if skipped is not None:
            self.report(problems.include_skipped(piece.place, skipped.message, skipped.check in checks))
            return None
        identity = str(path.resolve())
        if any(reader.identity == identity for reader in readers):
            self.report(problems.include_loop(piece.place, name))
            return None
        self.included += 1
        if self.included > INCLUDES or len(readers) > DEPTH:
            self.report(
                problems.expansion_limit(piece.place, f"more than {INCLUDES} includes, or more than {DEPTH} deep")
            )
            return None
        try:
            source = self._source(path, identity, name, piece)
        except OSError as error:
            message = f"{name} cannot be opened: {error.strerror}"
            self.report(problems.include_skipped(piece.place, message, "R" in checks))
            return None
        if source is None:
            self.report(problems.expansion_limit(piece.place, f"included files of more than {BYTES} bytes"))
            return None
        self.included_at.setdefault(source, self.included_at.get(piece.source, piece.place))
        return Opened(source, str(path.parent) if "/" in name else directory, identity)

    def _source(self, path: Path, identity: str, name: str, piece: Piece) -> Source | None:
        """The file, or None where it is beyond the limit; raises OSError."""
        self.bytes += path.stat().st_size
        if self.bytes > BYTES:
            return None
        source = self.known.get(identity)
        if source is None:
            shown = _plain(str(Path(piece.source.name).parent / name), identity)
            instead = self.options.overlay.get(identity)
            source = Source.read(path, shown) if instead is None else Source(shown, instead, path)
            self.known[identity] = source
        return source


def _plain(name: str, identity: str) -> str:
    """The name without ``..``, where that is a name of the same file: it has one name, whoever includes it."""
    plain = os.path.normpath(name)
    return plain if ".." in name and str(Path(plain).resolve()) == identity else name

"""Raw lines to logical lines: conditions, definitions, sequences, includes, and the split at braces.

The stages are those of keepalived: a line is read and freed of its comment (``reader``,
``decomment``), loses its ``@id``, is stored as a definition, queued as a sequence, has its
references replaced, names files to read, or is split at its first brace; what stands after
the brace is a new line that begins again at ``@id``.

keepalived reads the files once, for its parent process, and keeps a copy without comments and
with included files in place, which its other processes read by the same stages. Where the two
readings can differ, ``expand`` makes both.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from havipcfg.diagnostics import Label
from havipcfg.source import Source, Span
from havipcfg.syntax import include, problems
from havipcfg.syntax.braces import first_brace
from havipcfg.syntax.decomment import BLANKS, decomment
from havipcfg.syntax.definitions import DEFINITION, VIA, Definitions
from havipcfg.syntax.files import Files
from havipcfg.syntax.logical import LogicalLines
from havipcfg.syntax.options import Options
from havipcfg.syntax.pieces import Collected, Copied, Expansion, Piece, Reader, Shared
from havipcfg.syntax.reader import raw_lines
from havipcfg.syntax.sequences import InvalidSequenceError, Values, is_sequence, iterations, sequence
from havipcfg.syntax.statement import INCLUDED

EXPANDS_ONCE = (2, 4, 0)
CONDITIONS_FROM_DEFINITIONS = (2, 2, 8)
REPETITIONS = 50_000
MADE_LINES = 100_000


def expand(source: Source, options: Options) -> Expansion:
    """The logical lines of a source and of all it includes; never fails, never reads without bound."""
    shared = Shared()
    files = Files(options, shared.report)
    first = _Reading(options, shared, files, None)
    first.read(source)
    lines = first.logical.lines
    if first.differs:
        second = _Reading(options, shared, files, first.copy)
        second.read(source)
        lines = second.logical.lines
    sources = [source, *files.sources]
    ids = tuple(dict.fromkeys(shared.unjudged.values()))
    return Expansion(first.logical.lines, lines, shared.problems, sources, files.included_at, files.looked, ids)


class _Reading:
    """One reading: of the files, or of the copy that the first reading made of them."""

    def __init__(self, options: Options, shared: Shared, files: Files, copy: list[Copied] | None) -> None:
        self.shared = shared
        self.files = files
        self.report = shared.report
        self.options = options
        self.version = options.version
        self.again = copy
        self.copy: list[Copied] = []
        self.logical = LogicalLines(shared)
        self.differs = False
        self.definitions = Definitions(options.version, options.config_id, options.environment, shared.budget)
        self.definitions.directory = self._pwd
        self.readers: list[Reader] = []
        self.residue: Piece | None = None
        self.queue: list[Iterator[Piece]] = []
        self.collecting: Collected | None = None
        self.checks: frozenset[str] = frozenset()
        self.begins_with_include = False

    def _pwd(self) -> str:
        return os.path.realpath(self.readers[-1].directory if self.readers else self.options.directory)

    # ---- where the next text comes from

    def read(self, source: Source) -> None:
        directory = str(source.path.parent if source.path else self.options.directory)
        if self.again is None:
            pieces = self._raw(source, ())
            identity = os.path.realpath(source.path) if source.path else ""
        else:
            pieces = self._copied(self.again)
            identity = ""
        self.readers.append(Reader(pieces, directory, frozenset(), identity))
        while not self.logical.stopped:
            self.begins_with_include = False
            if self.residue is not None:
                piece, self.residue = self.residue, None
            elif self.queue:
                made = next(self.queue[-1], None)
                if made is None:
                    self.queue.pop()
                    continue
                self.shared.made += 1
                if self.shared.made > MADE_LINES:
                    self.report(problems.expansion_limit(made.place, f"more than {MADE_LINES} lines made"))
                    return
                piece = made
            else:
                following = self._next_raw()
                if following is None:
                    break
                piece, empty = following
                if self.collecting is not None:
                    self._collect(piece, empty)
                    continue
                self.begins_with_include = include.INCLUDE.match(piece.text) is not None
            if piece.text:
                self._stages(piece)
        self._define_collected()

    def _next_raw(self) -> tuple[Piece, bool] | None:
        while self.readers:
            following = next(self.readers[-1].pieces, None)
            if following is not None:
                return following
            self.checks = self.readers.pop().checks
        return None

    def _raw(self, source: Source, via: tuple[Label, ...]) -> Iterator[tuple[Piece, bool]]:
        """The lines of a file freed of comments, with whether keepalived sees an empty line; keeps the copy."""
        text = source.text
        version = self.version
        keep = self.again is None
        directory = self.readers[-1].directory if self.readers else str(self.options.directory)
        for line, start, _ in raw_lines(source, version, self.report):
            if not line:
                piece = Piece("", source, start, start, start, via)
                empty = True
            else:
                done = decomment(line, version)
                end = start + len(line.rstrip())
                first = start + len(line) - len(line.lstrip(" \t"))
                at = start + done.offset if done.offset >= 0 else -1
                if at >= 0 and done.text:
                    first, end = at, at + len(done.text)
                elif not text.startswith(line, start):
                    at = -1
                piece = Piece(done.text, source, min(first, end), end, at, via)
                empty = False
                if "\\" in line:
                    self._backslashes(line, done.escaped, piece, start)
                if done.unclosed:
                    self.shared.report_unclosed(piece, done.text)
                self.differs |= done.text.endswith("\r")
            if keep:
                copied = "" if include.INCLUDE.match(piece.text) else piece.text
                if self.collecting is not None and line and not copied:
                    self.differs = True
                    self._interrupted(source, start)
                self.copy.append(Copied(piece._replace(text=copied), directory))
            yield piece, empty

    def _interrupted(self, source: Source, start: int) -> None:
        assert self.collecting is not None
        line = source.line_span(source.position(start)[0])
        self.report(problems.interrupted_definition(line, self.collecting.name))

    def _backslashes(self, line: str, escaped: int, piece: Piece, start: int) -> None:
        if escaped >= 0:
            self.differs = True
            place = Span(piece.source, start + escaped, start + escaped + 2)
            self.report(problems.escaped_comment_sign(place, not line[:escaped].strip(BLANKS)))
        elif piece.text.endswith("\\") and not line.endswith("\\"):
            self.differs = True

    def _copied(self, copy: list[Copied]) -> Iterator[tuple[Piece, bool]]:
        reader = None
        for piece, directory in copy:
            reader = reader or self.readers[-1]
            reader.directory = directory
            text = piece.text.rstrip("\r")
            if text[:1] in ("#", "!"):
                continue
            if text is not piece.text:
                piece = piece._replace(text=text)
            if "#" in text or "!" in text or "\\" in text:
                done = decomment(text, self.version)
                at = piece.at + done.offset if piece.at >= 0 and done.offset >= 0 else -1
                piece = piece._replace(text=done.text, at=at)
            yield piece, not text

    # ---- the stages of a line

    def _collect(self, piece: Piece, empty: bool) -> None:
        """Take the line into the definition being collected; an empty line ends it."""
        assert self.collecting is not None
        text = piece.text
        if not text:
            if empty:
                self._define_collected()
            return
        if text.endswith("\\"):
            self.collecting.add(text[:-1].rstrip(BLANKS), piece.place, continued=True)
            return
        self.collecting.add(text, piece.place, continued=False)
        self._define_collected()

    def _define_collected(self) -> None:
        if self.collecting is not None:
            done, self.collecting = self.collecting, None
            self.definitions.define(done.name, done.lines or [""], done.places, done.continued)

    def _stages(self, piece: Piece) -> None:
        made = False
        while True:
            text = piece.text
            if text[0] == "@" and not (made and self._lost(piece)):
                kept = self._condition(piece)
                if kept is None:
                    return
                piece, text = kept, kept.text
            if text[0] == "$":
                defined = DEFINITION.fullmatch(text)
                if defined:
                    if not (made and self._lost(piece)):
                        self._define(piece, defined[1], defined[2])
                    return
            if is_sequence(text):
                if not (made and self._lost(piece)):
                    self._sequence(piece)
                return
            if "$" not in text or text[0] == "~":
                break
            expanded = self._references(piece)
            if expanded is None:
                break
            piece = expanded
            if not piece.text:
                return
            made = True
            if self.version >= EXPANDS_ONCE:
                if piece.text[0] in "@$~" and self._names_construct(piece.text) and self._lost(piece):
                    return
                break
            if piece.text[0] != "@" and "$" not in piece.text:
                break
        text = piece.text
        if text.startswith("include"):
            named = include.INCLUDE.fullmatch(text)
            if named:
                self._include(piece, named[1], named[2].rstrip())
                return
        self._split(piece)

    @staticmethod
    def _names_construct(text: str) -> bool:
        return text[0] == "@" or is_sequence(text) or DEFINITION.fullmatch(text) is not None

    def _lost(self, piece: Piece) -> bool:
        """Report a construct that a definition made; True where the target version does not act on it."""
        lost = self.version >= EXPANDS_ONCE
        if lost or (piece.text[0] == "@" and self.version < CONDITIONS_FROM_DEFINITIONS):
            garbled = not lost and self._condition(piece) is not None
            self.report(problems.construct_from_definition(piece.place, piece.text, piece.via, lost, garbled))
        return lost

    def _condition(self, piece: Piece) -> Piece | None:
        """The line behind its ``@id``, or None where it is not for this node."""
        text = piece.text
        differs = text.startswith("@^")
        start = 2 if differs else 1
        end = start
        while end < len(text) and text[end] not in BLANKS:
            end += 1
        identity = self.options.misspelt.get(text[start:end], text[start:end])
        unjudged = text[:end]
        if self.options.config_id is None and identity and end < len(text) and unjudged not in self.shared.unjudged:
            self.shared.unjudged[unjudged] = identity
            self.report(problems.condition_not_judged(piece.place, identity, differs))
        rest = text[end:].lstrip(BLANKS)
        if not rest or (identity == self.options.config_id) == differs:
            return None
        return piece.part(rest, len(text) - len(rest))

    def _define(self, piece: Piece, name: str, value: str) -> None:
        if value.endswith("\\"):
            value = value[:-1].rstrip(BLANKS)
            self.collecting = Collected(name)
            self.collecting.add(value, piece.place, continued=True)
        else:
            self.definitions.define(name, [value], [piece.place])

    def _sequence(self, piece: Piece) -> None:
        def expanded(text: str) -> str:
            return self.definitions.expand(text, piece.place, self.report).text

        try:
            repetition = sequence(piece.text, expanded, self.version)
        except InvalidSequenceError as error:
            self.report(problems.invalid_sequence(piece.place, str(error)))
            return
        if not repetition.text:
            return
        self.shared.repeated += repetition.count
        if self.shared.repeated > REPETITIONS:
            self.report(problems.expansion_limit(piece.place, f"more than {REPETITIONS} repetitions of lines"))
            return
        offset = len(piece.text) - len(repetition.text)
        self.queue.append(self._repeat(piece.part(repetition.text, offset), iterations(repetition)))

    def _repeat(self, piece: Piece, values: Iterator[Values]) -> Iterator[Piece]:
        for definitions in values:
            for name, value in definitions:
                self.definitions.vary(name, value, piece.place)
            yield piece

    def _references(self, piece: Piece) -> Piece | None:
        """The line with its references replaced, or None where it has none."""
        expanded = self.definitions.expand(piece.text, piece.place, self.report)
        if not expanded.changed:
            return None
        via = (*expanded.via, *piece.via)[:VIA]
        for lines in expanded.rest:
            if any(label in piece.via for _, labels in lines for label in labels):
                self.report(problems.endless_definition(piece.place, via))
                continue
            self.queue.append(self._continued(piece, lines))
        done = decomment(expanded.text, self.version)
        if done.unclosed:
            self.shared.report_unclosed(piece, done.text)
        return Piece(done.text, piece.source, piece.start, piece.end, -1, via)

    @staticmethod
    def _continued(piece: Piece, lines: list[tuple[str, tuple[Label, ...]]]) -> Iterator[Piece]:
        for line, label in lines:
            yield Piece(line, piece.source, piece.start, piece.end, -1, (*label, *piece.via)[:VIA])

    def _include(self, piece: Piece, level: str, pattern: str) -> None:
        """Read the files next. In the copy they are in place already, and a second reading is reported, not made."""
        if self.again is not None:
            return
        opened = self.files.open(pattern, level, piece, self.readers, self.checks)
        if not self.begins_with_include:
            shows = any(sign in file.source.text for file in opened for sign in "{}#!")
            self.report(problems.include_read_twice(piece.place, pattern, shows))
        via = (Label(piece.place, INCLUDED), *piece.via)[:VIA]
        for file in reversed(opened):
            pieces = self._raw(file.source, via)
            self.readers.append(Reader(pieces, file.directory, self.checks, file.identity))

    # ---- logical lines

    def _split(self, piece: Piece) -> None:
        """Hand on the line up to its first brace outside quotes; what follows the brace is read again."""
        text = piece.text
        at, undefined = first_brace(text)
        for name in undefined:
            self.report(problems.undefined_definition(piece.place, name, name in self.definitions.given))
        if at == -1:
            self._line(piece)
            return
        if at == 0:
            self._line(piece.part(text[0], 0))
            rest = text[1:].lstrip(BLANKS)
            self.residue = piece.part(rest, len(text) - len(rest)) if rest else None
            return
        self._line(piece.part(text[:at].rstrip(BLANKS), 0))
        self.residue = piece.part(text[at:], at)

    def _line(self, piece: Piece) -> None:
        line = self.logical.add(piece)
        if line is not None and self.logical.in_global_defs and line.keyword == "include_check":
            self.checks = include.include_checks(line.words[1:], self.checks)

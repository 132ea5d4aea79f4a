"""Nested statements to typed blocks. Binding never stops at the first error."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple, TypeVar

from havipcfg.diagnostics import Diagnostic, Diagnostics
from havipcfg.keepalived import problems
from havipcfg.keepalived.declare import Block, Body, Entries, Named
from havipcfg.keepalived.reading import UNSET, Keyword, Kind, Line
from havipcfg.keepalived.scripts import Script
from havipcfg.keepalived.version import Version
from havipcfg.syntax.statement import Statement

B = TypeVar("B", bound=Block)
MOST_SUGGESTED = 200
"""Problems of a file after which no near keyword is looked for: it is something else, and the search is slow."""
MOST_ALIKE = 1000
"""Lines of one kind of block whose value is remembered: most lines of large files stand in them many times."""
_OFF = frozenset(["off", "false", "no", "0", "none", "disable", "disabled", "never"])


class _Known(NamedTuple):
    """A keyword as one version has it. ``plain``: it is there and needs no remark.

    ``scalar``: a line of its own, no block; ``full`` is the number of words from which on words are surplus.
    """

    field: str
    keyword: Keyword
    kind: Kind
    plain: bool
    scalar: bool
    full: int
    repeat: str


@cache
def _table(block: type[Block], target: Version) -> dict[str, _Known]:
    table = {}
    for name, declared in block.keywords().items():
        now = declared.at(target)
        kind = now.kind
        table[name] = _Known(
            now.field,
            now,
            kind,
            declared.known(target) and now.deprecated is None,
            not isinstance(kind, (Body, Entries)),
            10**9 if kind.most is None else kind.most + 1,
            "merges" if isinstance(kind, Body) and now.repeat == "last" else now.repeat,
        )
    return table


@cache
def _alike(block: type[Block], target: Version) -> dict[str, tuple[str, Any]]:  # noqa: ARG001
    """Lines already read in this kind of block, of whatever file: the field and the value of each."""
    return {}


class MisnestedError(Exception):
    """A keyword of a block has no block."""


class Binder:
    """Binds statements for one target version and collects what is wrong.

    ``nested``: the statements are known to be nested as they were meant; else ``block`` raises MisnestedError at
    the first keyword of a block that no ``{`` follows.
    """

    def __init__(self, target: Version, *, nested: bool = True) -> None:
        self.target = target
        self._nested = nested
        self.problems = Diagnostics()

    def block(self, kind: type[B], statement: Statement | None, statements: list[Statement]) -> B:
        """Bind the lines of one block; header values come from its opening line."""
        values: dict[str, Any] = {}
        if statement is not None:
            self._headers(kind, statement, values)
        return self._filled(kind, statement, statements, values, {}, [])

    def _filled(
        self,
        kind: type[B],
        statement: Statement | None,
        statements: list[Statement],
        values: dict[str, Any],
        places: dict[str, Statement],
        repeats: list[tuple[str, Statement]],
    ) -> B:
        table = _table(kind, self.target)  # type: ignore[arg-type]
        alike = _alike(kind, self.target)  # type: ignore[arg-type]
        adding: dict[str, list[Any]] = {}
        named: dict[str, dict[str, Any]] = {}
        for line in statements:
            same = alike.get(line.text)
            if same is not None and same[0] not in places and line.body is None:
                places[same[0]] = line
                values[same[0]] = same[1]
                continue
            before = self.problems.total
            words = line.words
            known = table.get(words[0]) if words else None
            if known is None:
                if words and self.problems.counted("KC101", line.source.name, keepalived=True):
                    continue
                if words:
                    inside = statement.keyword if statement is not None else ""
                    allowed = kind.keywords() if len(self.problems) < MOST_SUGGESTED else ()
                    self.problems.append(problems.unknown_keyword(line, inside, allowed))
                else:
                    self.problems.append(problems.unexpected_block(line, ""))
                continue
            field, keyword, reader, plain, scalar, full, repeat = known
            if not plain and not self._available(line, keyword):
                continue
            if field in places:
                repeats.append((field, places[field]))
                if repeat != "last" and repeat != "adds" and field in values:
                    if repeat == "merges":
                        places[field] = line
                        values[field] = self._merged(values[field], line)
                        continue
                    if repeat == "replaced":
                        self.problems.append(problems.repeated_keyword(self._line(line, keyword), places[field]))
                    elif self._kept(line, keyword, reader, values, places[field]):
                        continue
            places[field] = line
            if scalar:
                if line.body is not None:
                    self.problems.append(problems.unexpected_block(line, keyword.name))
                count = len(words)
                if count > full and not self._surplus(kind, line, keyword, full):
                    continue
                reading = Line(line, keyword.name, keyword, self.target, self.problems)
                if count <= reader.least:
                    if keyword.missing != "silent":
                        self.problems.append(problems.missing_value(reading, reader.least))
                    value = keyword.absent
                else:
                    value = reader.read(reading)
            else:
                value = self._body(line, keyword, reader, adding.get(field, ()))
            if value is UNSET:
                continue
            if repeat != "adds":
                values[field] = value
                if scalar and plain and self.problems.total == before and len(alike) < MOST_ALIKE:
                    alike[line.text] = field, value
                continue
            if keyword.unique:
                if field not in named:
                    named[field] = {known.name: known for known in values.get(field, ())}
                first = named[field].setdefault(value.name, value)
                if first is not value:
                    self.problems.append(self._refused(line, keyword, first, repeats))
                    continue
            if field not in adding:
                adding[field] = list(values.get(field, ()))
            if isinstance(value, tuple) and not scalar:
                adding[field] += value
            else:
                adding[field].append(value)
        for field, found in adding.items():
            values[field] = tuple(found)
        return kind.bound(values, statement, places, repeats)

    def _line(self, statement: Statement, keyword: Keyword, first: int = 1) -> Line:
        return Line(statement, keyword.name, keyword, self.target, self.problems, first)

    def _kept(self, line: Statement, keyword: Keyword, reader: Kind, values: dict[str, Any], first: Statement) -> bool:
        """Whether the value in force stays, for repeat rules other than ``last``."""
        if keyword.repeat == "keeps first":
            return True
        if keyword.repeat == "first" and keyword.holds is None:
            self.problems.append(problems.repeated_keyword(self._line(line, keyword), first))
            return True
        if len(line.words) <= reader.least:
            return False
        value = reader.read(Line(line, keyword.name, keyword, self.target, []))
        if value is UNSET:
            return False
        if keyword.repeat == "largest":
            return bool(value <= values[keyword.field])
        if keyword.holds is not None and keyword.holds(values[keyword.field], value):
            self.problems.append(problems.repeated_keyword(self._line(line, keyword), first))
            return True
        return False

    def _surplus(self, kind: type[Block], line: Statement, keyword: Keyword, full: int) -> bool:
        """Report surplus words; False where keepalived drops the line for them."""
        if "'" in line.text and isinstance(keyword.kind, Script) and not keyword.kind.overfull(line.text):
            return True
        if keyword.surplus:
            self.problems.append(problems.surplus_words(self._line(line, keyword), full - 1))
            return not keyword.dropped
        reading = self._line(line, keyword)
        full += keyword.kind.joined(reading)
        if len(line.words) <= full or line.body is not None:
            return True
        if full > 1 or len(line.words) > 2 or line.words[1] in kind.keywords():
            self.problems.append(problems.ignored_words(reading, full - 1))
        elif line.words[1].lower() in _OFF:
            self.problems.append(problems.flag_not_off(reading))
        return True

    def _headers(self, kind: type[Block], statement: Statement, values: dict[str, Any]) -> bool:
        """Read the values of the opening line; False where a value that the block cannot do without is missing."""
        index = 1
        complete = True
        for field, keyword in kind.headers().items():
            reader = keyword.kind
            if len(statement.words) < index + reader.least:
                line = Line(statement, statement.keyword, keyword, self.target, self.problems)
                self.problems.append(problems.missing_value(line, reader.least))
                complete = False
                continue
            value = reader.read(Line(statement, statement.keyword, keyword, self.target, self.problems, index))
            if value is not UNSET:
                values[field] = value
            elif keyword.required:
                complete = False
            index += 1
        return complete

    def _available(self, line: Statement, keyword: Keyword) -> bool:
        if keyword.since > self.target:
            self.problems.append(problems.keyword_too_new(self._line(line, keyword), self.target))
            return False
        if keyword.removed and keyword.removed <= self.target:
            self.problems.append(problems.keyword_removed(self._line(line, keyword), self.target))
            return False
        if keyword.unbuilt:
            self.problems.append(problems.keyword_not_built(self._line(line, keyword)))
            return False
        self.problems.append(problems.deprecated_keyword(self._line(line, keyword)))
        return True

    def _refused(
        self, line: Statement, keyword: Keyword, first: Any, repeats: list[tuple[str, Statement]]
    ) -> Diagnostic:
        """The report of a second entry of the same name."""
        if isinstance(first, Block):
            return problems.repeated_block(self._line(line, keyword), first)
        return problems.repeated_keyword(self._line(line, keyword), repeats[-1][1])

    def _merged(self, block: Block, line: Statement) -> Block:
        """A second block of the same kind, read on into the first."""
        if line.body is None:
            self._without_body(line)
        values = {name: getattr(block, name) for name in block.given}
        return self._filled(type(block), block.statement, line.body or [], values, dict(block.places), block.repeats)

    def _without_body(self, statement: Statement) -> None:
        if not self._nested:
            raise MisnestedError
        if not self.problems.counted("KC116", statement.source.name, keepalived=False):
            self.problems.append(problems.missing_opening_brace(statement))

    def _body(self, statement: Statement, keyword: Keyword, kind: Kind, others: Sequence[Any]) -> Any:
        if statement.body is None:
            self._without_body(statement)
        if isinstance(kind, Entries):
            if len(statement.words) > 1 and statement.body is not None:
                self.problems.append(problems.surplus_words(self._line(statement, keyword), 0))
            entries = self._entries(statement, keyword, kind.entry, kind.many, others)
            if kind.filled and not entries and statement.body is not None:
                self.problems.append(problems.empty_block(statement))
            return entries
        assert isinstance(kind, Body)
        values: dict[str, Any] = {}
        complete = self._headers(kind.block, statement, values)
        if keyword.surplus and complete:
            needed = 1 + len(kind.block.headers())
            if len(statement.words) > needed:
                self.problems.append(problems.surplus_words(self._line(statement, keyword), needed - 1))
                complete = False
        if not complete and keyword.missing != "silent":
            return UNSET
        if isinstance(kind, Named):
            values[kind.entries] = self._entries(statement, keyword, kind.entry, False)
            return kind.block.bound(values, statement, {}, [])
        block = self._filled(kind.block, statement, statement.body or [], values, {}, [])
        if kind.block.needs and not any(block.has(field) for field in kind.block.needs):
            reported = self.target >= Version.parse(kind.block.needs_reported)
            self.problems.append(problems.incomplete_block(statement, kind.block.needs, reported))
            return UNSET
        return block

    def _entries(
        self, statement: Statement, keyword: Keyword, entry: Kind, many: bool, others: Sequence[Any] = ()
    ) -> tuple[Any, ...]:
        found: list[Any] = []
        names = {other.name for other in others} if entry.named else None
        for given in statement.body or ():
            if given.body is not None:
                self.problems.append(problems.unexpected_block(given, given.keyword))
            if not given.words:
                continue
            line = Line(given, keyword.name, keyword, self.target, self.problems, 0)
            for index in range(len(line.words)) if many else (0,):
                line.first = index
                value = entry.read(line)
                if value is UNSET:
                    continue
                if names is not None:
                    if value.name in names:
                        self.problems.append(problems.duplicate_entry(line, value.name))
                        continue
                    names.add(value.name)
                found.append(value)
        return tuple(found)

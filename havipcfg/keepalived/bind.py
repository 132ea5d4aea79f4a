"""Nested statements to typed blocks. Binding never stops at the first error."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

from havipcfg.diagnostics import Diagnostic
from havipcfg.keepalived import problems
from havipcfg.keepalived.declare import UNSET, Block, Body, Entries, Keyword
from havipcfg.keepalived.reading import Line
from havipcfg.keepalived.version import Version
from havipcfg.syntax.statement import Statement

B = TypeVar("B", bound=Block)


@cache
def _table(block: type[Block], target: Version) -> dict[str, tuple[str, Keyword, bool]]:
    """Per keyword name: its field, its declaration, and whether the target version has it and it needs no remark."""
    table = {}
    for name, declared in block.keywords().items():
        known = declared.since <= target and not (declared.removed and declared.removed <= target)
        table[name] = (declared.field, declared, known and declared.deprecated is None)
    return table


class Binder:
    """Binds statements for one target version and collects what is wrong."""

    def __init__(self, target: Version) -> None:
        self.target = target
        self.problems: list[Diagnostic] = []

    def block(self, kind: type[B], statement: Statement | None, statements: list[Statement]) -> B:
        """Bind the lines of one block; header values come from its opening line."""
        values: dict[str, Any] = {}
        places: dict[str, Statement] = {}
        repeats: list[tuple[str, Statement]] = []
        if statement is not None:
            self._headers(kind, statement, values)
        table = _table(kind, self.target)
        for line in statements:
            entry = table.get(line.keyword)
            if entry is None:
                self._unknown(kind, line)
                continue
            field, keyword, plain = entry
            if not plain and not self._available(line, field, keyword):
                continue
            value = self._value(line, field, keyword)
            if field in places:
                repeats.append((field, places[field]))
                if keyword.repeat == "first" or keyword.repeat == "replaced":
                    self.problems.append(problems.repeated_keyword(self._line(line, field, keyword), places[field]))
                if keyword.repeat in ("first", "keeps first"):
                    continue
            places[field] = line
            if value is UNSET:
                continue
            if keyword.repeat == "adds":
                added = value if isinstance(value, tuple) else (value,)
                values[field] = (*values[field], *added) if field in values else added
            else:
                values[field] = value
        return kind.bound(values, statement, places, repeats)

    def _line(self, statement: Statement, name: str, keyword: Keyword, first: int = 1) -> Line:
        return Line(statement, name, keyword, self.target, self.problems, first)

    def _headers(self, kind: type[Block], statement: Statement, values: dict[str, Any]) -> None:
        index = 1
        for field, keyword in kind.headers().items():
            if len(statement.words) <= index and keyword.kind.least:
                line = self._line(statement, statement.keyword, keyword)
                self.problems.append(problems.missing_value(line, keyword.kind.least))
                continue
            value = keyword.kind.read(self._line(statement, statement.keyword, keyword, index))
            if value is not UNSET:
                values[field] = value
            index += 1

    def _available(self, line: Statement, name: str, keyword: Keyword) -> bool:
        if keyword.since > self.target:
            self.problems.append(problems.keyword_too_new(self._line(line, name, keyword), self.target))
            return False
        if keyword.removed and keyword.removed <= self.target:
            self.problems.append(problems.keyword_removed(self._line(line, name, keyword), self.target))
            return False
        self.problems.append(problems.deprecated_keyword(self._line(line, name, keyword)))
        return True

    def _unknown(self, kind: type[Block], line: Statement) -> None:
        inside = kind.model_fields and kind.__name__
        self.problems.append(problems.unknown_keyword(line, str(inside), kind.keywords()))

    def _value(self, statement: Statement, name: str, keyword: Keyword) -> Any:
        kind = keyword.kind
        if isinstance(kind, Body):
            if statement.body is None:
                self.problems.append(problems.missing_opening_brace(statement, name))
            return self.block(kind.block, statement, statement.body or [])
        if isinstance(kind, Entries):
            if statement.body is None:
                self.problems.append(problems.missing_opening_brace(statement, name))
            return self._entries(statement, name, keyword, kind)
        line = self._line(statement, name, keyword)
        if statement.body is not None:
            self.problems.append(problems.unexpected_block(statement, name))
        if len(line.words) <= kind.least:
            if keyword.missing != "silent":
                self.problems.append(problems.missing_value(line, kind.least))
            return keyword.absent
        return kind.read(line)

    def _entries(self, statement: Statement, name: str, keyword: Keyword, kind: Entries) -> tuple[Any, ...]:
        found = []
        for entry in statement.body or []:
            line = self._line(entry, name, keyword, 0)
            if kind.many:
                for index in range(len(line.words)):
                    line.first = index
                    value = kind.entry.read(line)
                    if value is not UNSET:
                        found.append(value)
            else:
                value = kind.entry.read(line)
                if value is not UNSET:
                    found.append(value)
        return tuple(found)

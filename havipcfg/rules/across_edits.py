"""What rules over several nodes share: the node that differs, and edits that make it like the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator

from havipcfg.cluster.members import Member, VirtualRouter
from havipcfg.diagnostics import Edit, Fix
from havipcfg.keepalived.declare import Block
from havipcfg.source import Span
from havipcfg.syntax.statement import Statement

INDENT = "    "


def differing(router: VirtualRouter, value: Callable[[Member], Hashable | None]) -> Iterator[tuple[Member, Member]]:
    """Members whose value is not that of most (of the first, where none has most), each with one that has it.

    Members whose value is None are left out.
    """
    known = [(member, value(member)) for member in router.members]
    known = [(member, found) for member, found in known if found is not None]
    if not known or all(found == known[0][1] for _, found in known):
        return
    usual, _ = Counter(found for _, found in known).most_common(1)[0]
    model = next(member for member, found in known if found == usual)
    for member, found in known:
        if found != usual:
            yield member, model


def alike(member: Member, model: Member, block: Block | None, keyword: str, value: str) -> Fix | None:
    """Give a keyword of the member's block another value, or add the keyword where it is not given."""
    title = f"{keyword} as on {model.node}"
    block = member.instance if block is None else block
    statement = block.place(keyword)
    if statement is not None:
        if not statement.exact or len(statement.words) < 2:
            return None
        return Fix(title, "unsafe", (Edit(statement.word_span(1), value),))
    edit = line_into(block.statement, f"{keyword} {value}")
    return Fix(title, "unsafe", (edit,)) if edit else None


def line_into(block: Statement | None, line: str) -> Edit | None:
    """Add a line at the end of a block, indented as its last one; None where the block has no line to itself.

    ``block`` is the statement that the block belongs to.
    """
    if block is None or block.body is None or block.closer < 0 or block.via:
        return None
    text = block.body_source.text
    if block.body:
        last = block.body[-1]
        if last.source is not block.body_source or not last.exact:
            return None
        start, end = last.start, last.closer + 1 if last.body is not None else last.end
        indent = _indent(text, start)
    else:
        end = block.opener + 1
        indent = _indent(text, block.start) + INDENT
    rest = text.find("\n", end)
    if rest < 0 or rest > block.closer:
        return None
    newline = "\r\n" if text[rest - 1] == "\r" else "\n"
    place = rest - (len(newline) - 1)
    return Edit(Span(block.body_source, place, place), f"{newline}{indent}{line}")


def _indent(text: str, start: int) -> str:
    """The blanks that a line begins with."""
    first = text.rfind("\n", 0, start) + 1
    line = text[first:start]
    return line[: len(line) - len(line.lstrip())]

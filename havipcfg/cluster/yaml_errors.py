"""Why a text is not YAML, in words for the person who wrote it, and where the cause is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ruamel.yaml.error import MarkedYAMLError

_OUTLINE = re.compile(r"[ \t]*(#.*)?$")


class Complaint(NamedTuple):
    """What is wrong, at an offset of the text; ``related`` is another place, with words of its own."""

    message: str
    at: int
    related: tuple[int, str] | None = None
    advice: str = ""


def explained(text: str, error: MarkedYAMLError) -> Complaint:
    """What an error of the YAML library means.

    The library says where it could not go on. A bracket that was not closed, or a line without its colon, is before
    that place.
    """
    mark = error.problem_mark or error.context_mark
    problem = " ".join(str(part) for part in (error.problem or error.context or "unreadable").split())
    at = mark.index if mark is not None else 0
    begun, begin = str(error.context), error.context_mark
    if text[at : at + 1] == "\t":
        return Complaint("a tab cannot stand here", at, advice="write blanks, not tabs")
    if begin is not None and at >= len(text) and ("quoted" in begun or "flow" in begun):
        return Complaint("the quote or bracket that begins here has no end", begin.index)
    if begin is not None and mark is not None and "flow" in begun:
        bracket = text[begin.index]
        if mark.line > begin.line:
            return Complaint(f"this {bracket!r} is not closed", begin.index, (at, "read on to here"))
        end = "}" if bracket == "{" else "]"
        return Complaint(f"',' or {end!r} is expected here", at, (begin.index, f"{bracket!r} stands here"))
    if begin is not None and mark is not None and "<block end>" in problem and mark.column > begin.column:
        said = f"this line is indented by {mark.column}, what it belongs to by {begin.column}"
        return Complaint(said, at, (begin.index, "it begins here"))
    if "mapping values are not allowed" in problem:
        return _colon(text, at)
    return Complaint(problem, at)


def _colon(text: str, at: int) -> Complaint:
    """A colon that cannot be: the line before has none, or the line has two."""
    start = text.rfind("\n", 0, at) + 1
    if ":" in text[start:at]:
        return Complaint("a second ': ' in one line", at, advice="write the value in quotes")
    while start:
        end, start = start - 1, text.rfind("\n", 0, start - 1) + 1
        line = text[start:end]
        if not _OUTLINE.match(line):
            if re.search(r":(\s|$)", line):
                break
            first = start + len(line) - len(line.lstrip())
            return Complaint("no ': ' between key and value", first, (at, "read on to here"))
    return Complaint("a ':' cannot stand here", at)

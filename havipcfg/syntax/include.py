"""Which files an ``include`` line reads: glob(3) patterns with csh braces, and what keepalived says of each."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import translate
from pathlib import Path

INCLUDE = re.compile(r"include([rmwba]?)[ \t\r\f\v]+(.*)", re.DOTALL)
ALTERNATIVES = 1000
MATCHES = 1000
LIKELY = (".conf", ".cfg", ".inc")
"""How the names of files end that a pattern which finds none may have meant."""
_MAGIC = re.compile(r"[*?\[]")

LEVELS = {
    "": frozenset[str](),
    "r": frozenset("R"),
    "m": frozenset("RM"),
    "w": frozenset("RMW"),
    "b": frozenset("RB"),
    "a": frozenset("RMWB"),
}
CHECKS = {
    "read": frozenset("R"),
    "match": frozenset("RM"),
    "wildcard_match": frozenset("RW"),
    "brace_match": frozenset("RB"),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """What keepalived prints about a pattern or a file; ``check`` is the check that makes it fatal.

    ``silent``: it prints nothing without that check; ``missed``: files are there that look as if they were meant.
    """

    message: str
    check: str
    silent: bool = False
    missed: bool = False


@dataclass(slots=True)
class Matches:
    """The files to read, in order, and what is to be said; ``whole``: nothing is read if that is fatal."""

    files: list[str] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    too_many: bool = False


def include_checks(words: list[str], before: frozenset[str]) -> frozenset[str]:
    """The checks in force after an ``include_check`` line with these words."""
    if not words:
        return LEVELS["a"]
    checks = before
    plain = False
    for word in words:
        level = CHECKS.get(word.lstrip("+-"))
        if level is None:
            continue
        if word.startswith("+"):
            checks = checks | (level - {"R"} or level)
        elif word.startswith("-"):
            checks = checks - (level - {"R"} or level)
        elif not plain:
            checks = level
            plain = True
    return checks


def find(pattern: str, directory: str) -> Matches:
    """What a pattern finds, read from ``directory``; names are as keepalived would print them."""
    found = Matches()
    missing = unmatched = False
    walks = []
    for number, alternative in enumerate(_alternatives(pattern)):
        if number >= ALTERNATIVES:
            found.too_many = True
            break
        walk = _Walk(directory)
        walks.append(walk)
        names = sorted(walk.matches(alternative), key=os.fsencode)
        found.files += names
        missing |= walk.missing
        unmatched |= not names and not walk.missing
        if len(found.files) > MATCHES:
            found.too_many = True
            del found.files[MATCHES:]
            break
    if not found.files:
        if missing:
            check = "B" if "{" in pattern else "M"
            found.notices.append(Notice(f"nothing is there under the name {pattern}", check))
        elif unmatched:
            passed = sorted({name for walk in walks for name in walk.passed if name.endswith(LIKELY)})
            found.notices.append(Notice(_unmatched(pattern, passed), "W", silent=True, missed=bool(passed)))
    elif missing:
        found.notices.append(Notice(f"some of the files that {pattern} names are missing", "B"))
    return found


def _unmatched(pattern: str, passed: list[str]) -> str:
    if not passed:
        return f"no file matches {pattern}"
    more = f" and {len(passed) - 2} more" if len(passed) > 2 else ""
    return f"no file matches {pattern}: there is {', '.join(passed[:2])}{more}"


def unreadable(path: Path, name: str) -> Notice | None:
    """Why keepalived skips a file that is there, or None."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return Notice(f"{name} is not a regular file", "R")
    if stat.S_ISDIR(mode):
        return Notice(f"{name} is a directory", "R")
    if not stat.S_ISREG(mode):
        return Notice(f"{name} is not a regular file", "R")
    if mode & 0o111:
        return Notice(f"{name} is executable", "R")
    return None


def _alternatives(pattern: str) -> Iterator[str]:
    """The patterns that csh braces stand for, in the order they are written."""
    opened = _opening_brace(pattern)
    if opened == -1:
        yield pattern
        return
    depth = 0
    parts = [opened + 1]
    at = opened
    while at < len(pattern):
        sign = pattern[at]
        if sign == "\\":
            at += 2
            continue
        if sign == "{":
            depth += 1
        elif sign == "}":
            depth -= 1
            if not depth:
                break
        elif sign == "," and depth == 1:
            parts.append(at + 1)
        at += 1
    if depth:
        yield pattern
        return
    for start, end in zip(parts, [*(part - 1 for part in parts[1:]), at], strict=True):
        yield from _alternatives(pattern[:opened] + pattern[start:end] + pattern[at + 1 :])


def _opening_brace(pattern: str) -> int:
    at = pattern.find("{")
    while at != -1 and (pattern.startswith("{}", at) or pattern[at - 1 : at] == "\\"):
        at = pattern.find("{", at + 1)
    return at


class _Walk:
    """Follows one pattern; ``missing`` says that a literal part of it is not there.

    ``passed`` are the files of the folder from which the pattern asks for all of one kind.
    """

    def __init__(self, directory: str) -> None:
        self.directory = directory
        self.missing = False
        self.passed: list[str] = []

    def matches(self, pattern: str) -> list[str]:
        names = ["/" if pattern.startswith("/") else ""]
        parts = [part for part in pattern.split("/") if part]
        for part in parts:
            magic = _MAGIC.search(part)
            following = []
            for name in names:
                if magic:
                    following += self._listed(name, part)
                else:
                    plain = name + re.sub(r"\\(.)", r"\1", part)
                    if os.path.lexists(Path(self.directory, plain)):
                        following.append(plain)
                    else:
                        self.missing = True
                if len(following) > MATCHES:
                    break
            names = following if part is parts[-1] else [name + "/" for name in following]
        return names if parts else []

    def _listed(self, name: str, part: str) -> list[str]:
        try:
            entries = [entry.name for entry in Path(self.directory, name).iterdir()]
        except OSError:
            self.missing = True
            return []
        if name and part[0] == "*":
            self.passed = [name + entry for entry in entries if entry[0] != "."]
        fits = re.compile(translate(re.sub(r"\\(.)", r"[\1]", part).replace("[^", "[!"))).match
        return [name + entry for entry in entries if fits(entry) and (entry[0] != "." or part[0] == ".")]

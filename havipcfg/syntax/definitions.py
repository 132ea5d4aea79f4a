"""Definitions (``$NAME=value``) and the replacement of references to them in a line."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from havipcfg.diagnostics import Diagnostic, Label
from havipcfg.source import Span
from havipcfg.syntax import problems

DEFINITION = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)=[ \t]*(.*)", re.DOTALL)
_NAME = re.compile(r"\$(\{?)([A-Za-z_][A-Za-z0-9_]*)")
_BOUNDARY = " \t,)"
_LINE = 1024
VIA = 6
"""So many places that a line came through are kept."""
_RANDOM_HIGHEST = 32767
PARAMETERS_CHECKED = (2, 4, 0)

Report = Callable[[Diagnostic], None]


@dataclass(slots=True)
class Definition:
    """The lines of a definition, and the place of each.

    ``continued``: some line with text ended in a backslash; a reference must then end its line.
    """

    lines: list[str]
    places: list[Span] = field(default_factory=list)
    continued: bool = False

    _labels: list[tuple[Label, ...]] = field(default_factory=list)

    def labels(self, name: str) -> list[tuple[Label, ...]]:
        """Where each line is defined; nothing for keepalived's own definitions."""
        if not self._labels:
            self._labels = [
                (Label(place, f"line {index + 1} of ${name}" if index else f"${name} is defined here"),)
                for index, place in enumerate(self.places)
            ] or [()]
        return self._labels


@dataclass(slots=True)
class Expanded:
    """A line with its references replaced.

    ``rest`` are the further lines of definitions with several, last met first, each with
    where it is defined.
    """

    text: str
    via: tuple[Label, ...] = ()
    rest: list[list[tuple[str, tuple[Label, ...]]]] = field(default_factory=list)
    changed: bool = False


@dataclass(slots=True)
class Budget:
    """How many replacements are left; keepalived itself has no limit."""

    left: int = 300_000

    def spend(self) -> bool:
        self.left -= 1
        return self.left >= 0


class Definitions:
    """The definitions in force. ``config_id`` and ``directory`` are what ``_INSTANCE`` and ``_PWD`` stand for.

    ``_RANDOM`` is judged with the smallest number it can give.
    """

    def __init__(
        self, version: tuple[int, int, int], config_id: str | None, environment: dict[str, str] | None, budget: Budget
    ) -> None:
        self.version = version
        self.environment = environment
        self.budget = budget
        self.directory: Callable[[], str] = lambda: "."
        self.given: dict[str, Definition] = {
            "_INSTANCE": Definition(["node" if config_id is None else config_id]),
            "_HASH": Definition(["#"]),
            "_BANG": Definition(["!"]),
        }

    def define(self, name: str, lines: list[str], places: list[Span], continued: bool = False) -> None:
        self.given[name] = Definition(lines, places, continued)

    def vary(self, name: str, value: str, place: Span) -> None:
        """Give a sequence's value to its name; before 2.4 it stays as continued as it was (measured, 2.2.7)."""
        before = self.given.get(name)
        continued = before is not None and before.continued and self.version < PARAMETERS_CHECKED
        self.given[name] = Definition([value], [place], continued)

    def expand(self, text: str, place: Span, report: Report) -> Expanded:
        """Replace every reference, from left to right, reading each value again from its start.

        Reports a definition that leads back to itself without growing, which hangs keepalived,
        and a line that would outgrow its buffer, where keepalived silently stops replacing.
        """
        done = Expanded(text)
        seen: set[str] = set()
        at = text.find("$")
        while at != -1:
            replaced = self._replace(done, at, place, report)
            if replaced is None:
                at = done.text.find("$", at + 1)
                seen.clear()
                continue
            if not self.budget.spend():
                report(problems.expansion_limit(place, "replacements of definitions"))
                break
            grown = len(replaced) if replaced.isascii() else len(replaced.encode("utf-8", "replace"))
            if grown >= _LINE:
                report(problems.line_outgrown(place))
                break
            if replaced in seen:
                report(problems.endless_definition(place, done.via))
                done.text = done.text[:at]
                break
            seen.add(replaced)
            done.text = replaced
            done.changed = True
            if replaced[at:].lstrip(" \t").startswith("~"):
                break
            at = replaced.find("$", at)
        return done

    def _replace(self, line: Expanded, at: int, place: Span, report: Report) -> str | None:
        """The text with the reference at ``at`` replaced; None where there is none."""
        text = line.text
        found = _NAME.match(text, at)
        if found is None:
            return None
        braced, name = found[1] == "{", found[2]
        end = found.end()
        follows = text[end : end + 1]
        if braced and follows != "}":
            return self._with_parameters(line, at, name, end, place, report)
        if not braced and follows and follows not in _BOUNDARY:
            if name in self.given and self._unquoted(text, at):
                report(problems.reference_without_braces(place, name, follows))
            return None
        if braced:
            end += 1
        return self._substitute(line, at, end, name, place, report)

    def _substitute(self, line: Expanded, at: int, end: int, name: str, place: Span, report: Report) -> str | None:
        text = line.text
        known = self.given.get(name)
        if known is None:
            standard = self._standard(name, place, report)
            if standard is None:
                return None
            return text[:at] + standard + text[end:]
        if known.continued:
            if end != len(text):
                return None
            self.budget.left -= len(known.lines)
            line.rest.append(list(zip(known.lines, known.labels(name), strict=True))[1:])
        for label in known.labels(name)[0]:
            if len(line.via) < VIA and label not in line.via:
                line.via = (*line.via, label)
        return text[:at] + known.lines[0] + text[end:]

    def _standard(self, name: str, place: Span, report: Report) -> str | None:
        if name == "_PWD":
            return self.directory()
        if name == "_RANDOM":
            return "0"
        if name == "_ENV" and self.version >= PARAMETERS_CHECKED:
            report(problems.environment_without_name(place))
            return ""
        return None

    def _with_parameters(self, line: Expanded, at: int, name: str, end: int, place: Span, report: Report) -> str | None:
        """``${NAME words}``: only ``_RANDOM`` and ``_ENV`` take any; ``${NAME }`` leaves its brace behind."""
        text = line.text
        new = self.version >= PARAMETERS_CHECKED
        close = text.find("}", end)
        if close == -1 or text[end] not in (" \t" if new else " "):
            return None
        words = text[end:close].split()
        if not words:
            return self._substitute(line, at, end + 1, name, place, report) if close == end + 1 else None
        if name in self.given or text[close - 1] in " \t":
            return None
        if name == "_RANDOM":
            value = self._random(words, place, report)
        elif name == "_ENV" and new and len(words) == 1 and re.fullmatch(r"[A-Za-z0-9_]+", words[0]):
            value = self._variable(words[0], place, report)
        else:
            return None
        return None if value is None else text[:at] + value + text[close + 1 :]

    def _random(self, words: list[str], place: Span, report: Report) -> str | None:
        new = self.version >= PARAMETERS_CHECKED
        digits = "".join(words)
        if not (digits.isascii() and digits.isdigit()):
            if new:
                report(problems.invalid_random(place, "_RANDOM takes decimal numbers only"))
            return None
        if len(words) > 2 and new:
            report(problems.invalid_random(place, "_RANDOM takes a lowest and a highest number"))
            return None
        low = int(words[0][:10])
        high = int(words[1][:10]) if len(words) > 1 else _RANDOM_HIGHEST
        if low > high:
            report(problems.invalid_random(place, f"the lowest number {low} is above the highest, {high}", new))
        return str(low)

    def _variable(self, name: str, place: Span, report: Report) -> str:
        if self.environment is None:
            report(problems.environment_not_given(place, name))
            return ""
        return self.environment.get(name, "")

    @staticmethod
    def _unquoted(text: str, at: int) -> bool:
        return text.count('"', 0, at) % 2 == 0

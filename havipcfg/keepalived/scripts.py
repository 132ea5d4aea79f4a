"""Command lines of scripts: keepalived's own quoting, no shell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from havipcfg.keepalived.declare import Kind
from havipcfg.keepalived.entries import ScriptCommand
from havipcfg.keepalived.values import quoted

if TYPE_CHECKING:
    from havipcfg.keepalived.reading import Line

_ARGUMENT = re.compile(r"""(?:[^\s"'\\]|\\.|"[^"]*"|'[^']*')+""")


class Script(Kind):
    """``COMMAND`` or ``"COMMAND ARGUMENTS"``, then the user and group where ``with_user``."""

    def __init__(self, *, with_user: bool = False) -> None:
        self.with_user = with_user
        self.most = 3 if with_user else 1

    def read(self, line: Line) -> Any:
        argv = tuple(re.sub(r"""["']""", "", part) for part in _ARGUMENT.findall(line.word()))
        user = line.word(1) if self.with_user and line.has(1) else None
        group = line.word(2) if self.with_user and line.has(2) else None
        return ScriptCommand(argv, user, group)

    def write(self, value: Any) -> list[str]:
        command = " ".join(f"'{part}'" if re.search(r"\s", part) else part for part in value.argv)
        return [f'"{command}"', *(quoted(word) for word in (value.user, value.group) if word)]

    def describe(self) -> str:
        return 'PATH | "PATH ARGUMENTS"' + (" [USER [GROUP]]" if self.with_user else "")


class OptionalScript(Script):
    """A command that may be left out: the keyword alone is a switch."""

    least = 0

    def read(self, line: Line) -> Any:
        return super().read(line) if line.has(0) else True

    def write(self, value: Any) -> list[str]:
        return [] if value is True else super().write(value)

    def describe(self) -> str:
        return f"[{super().describe()}]"

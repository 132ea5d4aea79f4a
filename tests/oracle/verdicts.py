"""What keepalived reported, and which of it is about the machine instead of the configuration."""

from __future__ import annotations

import re
from pathlib import Path

from havipcfg.keepalived.version import Version
from havipcfg.linter.engine import lint
from havipcfg.linter.options import LintOptions
from havipcfg.source import Source

VERSIONS = {"2.2.7": Version(2, 2, 7), "2.4.3": Version(2, 4, 3)}
DIED = ("-11", "-6", "-15", "124", "timeout")
OF_THE_MACHINE = re.compile(
    r"interface .* doesn't exist|Non-existent interface|unknown interface|is not a VRF|requires either an interface or"
    r"|since not found/accessible|due to insecure|realpath\(\) error|file system of .* is read only"
    r"|Unable to set (?:default )?(?:user|uid)|Failed to set (?:default user|uid)|Error setting global script uid"
    r"|Unable to open|Invalid smtp server|readable by group or others|Failed to (?:enter|set) .*namespace"
    r"|SECURITY VIOLATION|Invalid (?:startup|shutdown) script"
)
_LOST_SCRIPT = re.compile(r"track script (\S+) not found, ignoring")
_LOST = ("Unable to set", "Failed to set", "Error setting global script")


def of_the_configuration(messages: list[str]) -> list[str]:
    """The messages that do not depend on files, users and interfaces of the machine.

    A script that is lost because its user is not there is missed again where it is tracked.
    """
    lost = any(text in message for message in messages for text in _LOST)
    return [
        message
        for message in messages
        if not OF_THE_MACHINE.search(message) and not (lost and _LOST_SCRIPT.search(message))
    ]


def reported_lines(source: Source, version: str, *, leave_out: tuple[str, ...] = ()) -> dict[int, set[str]]:
    """The lines of which the linter says that this keepalived reports them, with the codes."""
    found: dict[int, set[str]] = {}
    for diagnostic in lint([source], LintOptions(target=VERSIONS[version])).diagnostics:
        if diagnostic.keepalived and diagnostic.code not in leave_out:
            found.setdefault(diagnostic.span.line, set()).add(diagnostic.code)
    return found


def rows(table: Path) -> list[dict[str, str]]:
    """The lines of a recorded table, by column."""
    with table.open(encoding="utf-8", errors="surrogateescape") as file:
        head = file.readline().rstrip("\n").split("\t")
        return [dict(zip(head, line.rstrip("\n").split("\t"), strict=False)) for line in file]


def messages(text: str) -> list[str]:
    """The messages of one cell of a table."""
    return [message.strip() for message in text.split("⏎") if message.strip()]

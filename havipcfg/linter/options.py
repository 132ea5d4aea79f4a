"""What a lint run is asked for."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from havipcfg.diagnostics import Severity
from havipcfg.keepalived.version import NEWEST, Version
from havipcfg.record import record

if TYPE_CHECKING:
    from havipcfg.cluster.facts import Facts


@record
class LintOptions:
    """Settings of a run; the defaults are those of the command line.

    ``select`` and ``ignore`` hold codes or their beginnings (``KC3``); an empty ``select``
    takes all. ``environment`` is what ``${_ENV X}`` may see, None: nothing. ``severities``
    and ``per_file_ignores`` go by codes or their beginnings too, the longest decides;
    ``per_file_ignores`` has gitignore patterns, relative to ``root``. ``overlay`` has texts that
    stand in for what included files hold, by their resolved paths. With ``host``, ``node_id`` is the
    name of this machine where no ``config_id`` is given, as it is for keepalived.
    """

    target: Version = NEWEST
    facts: Facts | None = None
    as_cluster: bool = False
    host: bool = False
    config_id: str | None = None
    includes: bool = True
    environment: dict[str, str] | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severities: dict[str, Severity] = field(default_factory=dict)
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    root: Path = Path()
    overlay: Mapping[str, str] = field(default_factory=dict)

    @property
    def node_id(self) -> str | None:
        """What ``@id`` lines are compared with; None where nobody says for which node a file is read."""
        if self.config_id is None and self.host:
            return os.uname().nodename.partition(".")[0]
        return self.config_id

    def wants(self, code: str) -> bool:
        """Whether findings of a code are asked for; the longer prefix decides."""
        chosen = max(
            (len(prefix) for prefix in self.select if code.startswith(prefix)), default=-1 if self.select else 0
        )
        refused = max((len(prefix) for prefix in self.ignore if code.startswith(prefix)), default=-1)
        return chosen >= 0 and chosen >= refused if refused >= 0 and self.select else chosen >= 0 and refused < 0

    def severity(self, code: str, own: Severity) -> Severity:
        """The severity of a code's findings where their own is ``own``."""
        prefixes = [prefix for prefix in self.severities if code.startswith(prefix)]
        return self.severities[max(prefixes, key=len)] if prefixes else own

    def unwanted_in(self) -> Callable[[str, str | Path], bool]:
        """The function that says whether findings of a code are to be left out in a file."""
        if not self.per_file_ignores:
            return lambda _code, _path: False
        from havipcfg.linter.patterns import matcher

        ignored = [(matcher([pattern], self.root), codes) for pattern, codes in self.per_file_ignores]
        return lambda code, path: any(code.startswith(codes) and matches(path) for matches, codes in ignored)

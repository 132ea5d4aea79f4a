"""What a lint run is asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from havipcfg.diagnostics import Severity
from havipcfg.keepalived.version import NEWEST, Version

if TYPE_CHECKING:
    from havipcfg.cluster.facts import Facts


@dataclass(frozen=True)
class LintOptions:
    """Settings of a run; the defaults are those of the command line.

    ``select`` and ``ignore`` hold codes or their beginnings (``KC3``); an empty ``select``
    takes all. ``environment`` is what ``${_ENV X}`` may see, None: nothing.
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

    def wants(self, code: str) -> bool:
        """Whether findings of a code are asked for; the longer prefix decides."""
        chosen = max(
            (len(prefix) for prefix in self.select if code.startswith(prefix)), default=-1 if self.select else 0
        )
        refused = max((len(prefix) for prefix in self.ignore if code.startswith(prefix)), default=-1)
        return chosen >= 0 and chosen >= refused if refused >= 0 and self.select else chosen >= 0 and refused < 0

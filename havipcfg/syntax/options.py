"""How a text is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path

from havipcfg.record import record


@record
class Options:
    """How a text is expanded.

    ``version`` is the target version. ``config_id`` is what ``@id`` lines are compared with and
    what ``$_INSTANCE`` stands for (keepalived: ``-i``, else the node name); None means that it
    is not known: ``@id`` lines are then left out, as on a node of another name, ``@^id`` lines
    are kept, and a diagnostic says so. ``includes`` allows other files to be opened.
    ``environment`` are the variables that ``${_ENV X}`` may see (None: every one counts as
    unset, and a diagnostic says so). ``directory`` is where relative includes start for a text
    that has no path; a file's own directory otherwise. ``overlay`` has texts that stand in for
    what included files hold, by their resolved paths. ``misspelt`` has ids that are read as others.
    """

    version: tuple[int, int, int] = (2, 4, 3)
    config_id: str | None = None
    includes: bool = True
    environment: dict[str, str] | None = None
    directory: Path = field(default_factory=Path)
    overlay: Mapping[str, str] = field(default_factory=dict)
    misspelt: Mapping[str, str] = field(default_factory=dict)

"""When the report of an earlier run will do."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from havipcfg.linter import cache

if TYPE_CHECKING:
    from havipcfg.cli.form import Form
    from havipcfg.cli.lint_options import Asked
    from havipcfg.linter.discover import Found


@dataclass
class Memory:
    """The place of one run in the cache, and what the run reads while it has to be made."""

    folder: Path
    key: str
    reads: cache.Reads

    def recall(self) -> cache.Kept | None:
        """What the same run printed before."""
        return cache.get(self.folder, self.key)

    def keep(self, text: str, status: int) -> None:
        """Keep what the run printed, unless it read what an entry cannot speak for."""
        if not self.reads.elsewhere:
            cache.put(self.folder, self.key, cache.Kept(text, status), self.reads.looked)


def memory_of(found: Found, asked: Asked, form: Form, folder: Path | None) -> Memory | None:
    """The place of a run in the cache; None for runs that are not kept.

    Those are runs that could not read everything, and runs that look at a cluster file, a
    baseline, the machine or the environment, and runs of a user without a home.
    """
    options = asked.options
    place = folder or cache.home()
    if (
        place is None
        or found.failures
        or asked.cluster
        or asked.baseline
        or options.host
        or options.environment is not None
    ):
        return None
    width = None
    if form.name == "text":
        from havipcfg.render.layout import terminal_width

        width = terminal_width()
    key = cache.key(
        found.sources,
        [
            [form.name, form.quiet, form.least, form.colour(sys.stdout), width],
            [str(options.target), options.as_cluster, options.config_id, options.includes, asked.cloud],
            [options.select, options.ignore, options.severities, options.per_file_ignores, str(options.root)],
        ],
    )
    return Memory(place, key, cache.Reads())

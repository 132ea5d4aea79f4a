"""When the report of an earlier run will do."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from havipcfg.cli import again
from havipcfg.linter import cache

if TYPE_CHECKING:
    from havipcfg.cli.form import Form
    from havipcfg.cli.lint_options import Asked
    from havipcfg.linter.discover import Found


@dataclass
class Memory:
    """The place of one run in the cache, and what the run reads while it has to be made.

    ``asked`` is what the key is made of besides the texts; ``paths`` and ``settings`` are those of a command that
    means nothing else by its words, None for others.
    """

    folder: Path
    key: str
    asked: list[Any]
    paths: list[Path] | None
    settings: list[Path]
    reads: cache.Reads = field(default_factory=cache.Reads)

    def recall(self) -> cache.Kept | None:
        """What the same run printed before."""
        kept = cache.get(self.folder, self.key)
        if kept is not None:
            self._of_the_command()
        return kept

    def keep(self, text: str, status: int) -> None:
        """Keep what the run printed, unless it read what an entry cannot speak for."""
        if not self.reads.elsewhere:
            cache.put(self.folder, self.key, cache.Kept(text, status), self.reads.looked)
            self._of_the_command()

    def _of_the_command(self) -> None:
        if self.paths is not None:
            again.remember(self.folder, sys.argv[1:], self.paths, self.settings, self.asked)


def memory_of(found: Found, asked: Asked, form: Form, folder: Path | None, paths: list[Path] | None) -> Memory | None:
    """The place of a run in the cache; None for runs that are not kept.

    Those are runs that could not read everything, and runs that look at a cluster file, a
    baseline, the machine or the environment, and runs of a user without a home. ``paths`` are those that were
    searched, None where the command does more than print what it found there.
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
    wanted = [
        [form.name, form.quiet, form.least, form.colour(sys.stdout), width],
        [str(options.target), options.as_cluster, options.config_id, options.includes, asked.cloud],
        [options.select, options.ignore, options.severities, options.per_file_ignores, str(options.root)],
    ]
    return Memory(place, cache.key(found.sources, wanted), wanted, paths, asked.looked_for)

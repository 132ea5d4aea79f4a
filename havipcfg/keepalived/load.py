"""A source to its typed configuration."""

from __future__ import annotations

from dataclasses import dataclass, replace

from havipcfg.diagnostics import Diagnostic
from havipcfg.keepalived.bind import Binder
from havipcfg.keepalived.conf import KeepalivedConf
from havipcfg.keepalived.version import NEWEST, Version
from havipcfg.source import Source
from havipcfg.syntax.parse import Document, Options, parse


@dataclass(slots=True)
class Reading:
    """A file as read for one keepalived version: the document, its typed blocks, and what was wrong."""

    document: Document
    conf: KeepalivedConf
    target: Version
    problems: list[Diagnostic]

    @property
    def source(self) -> Source:
        return self.document.source


def read(source: Source, target: Version = NEWEST, options: Options | None = None) -> Reading:
    """Parse and bind a source; never fails, whatever the text."""
    document = parse(source, replace(options or Options(), version=(target.major, target.minor, target.patch)))
    binder = Binder(target)
    conf = binder.block(KeepalivedConf, None, document.statements)
    return Reading(document, conf, target, [*document.problems, *binder.problems])

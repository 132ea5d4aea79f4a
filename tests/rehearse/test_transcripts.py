"""What the pages show of rehearsals is what the command prints, apart from measured times."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter

import pytest

from tests.project.transcripts import run, shows, transcripts

pytestmark = [pytest.mark.needs_root, pytest.mark.needs_keepalived, pytest.mark.needs_iproute2]

BY_COMMAND = attrgetter("command")
REHEARSALS = sorted((each for each in transcripts() if each.rehearsal), key=BY_COMMAND)
SHOWN = {command: list(pages) for command, pages in groupby(REHEARSALS, BY_COMMAND)}


@pytest.mark.parametrize("command", SHOWN)
def test_pages_show_what_the_rehearsal_prints(command: str) -> None:
    """A command that two pages show runs once."""
    printed = run(SHOWN[command][0])
    assert [str(page) for page in SHOWN[command] if not shows(page, printed)] == [], printed

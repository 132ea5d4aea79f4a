"""What the pages show of rehearsals is what the command prints, apart from measured times."""

from __future__ import annotations

import pytest

from tests.project.transcripts import Transcript, run, shows, transcripts

pytestmark = [pytest.mark.needs_root, pytest.mark.needs_keepalived, pytest.mark.needs_iproute2]


REHEARSALS = [pytest.param(t, marks=pytest.mark.xdist_group(t.command)) for t in transcripts() if t.rehearsal]


@pytest.mark.parametrize("transcript", REHEARSALS, ids=str)
def test_page_shows_what_the_rehearsal_prints(transcript: Transcript) -> None:
    printed = run(transcript)
    assert shows(transcript, printed), printed

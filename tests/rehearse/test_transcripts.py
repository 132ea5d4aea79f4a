"""What the pages show of rehearsals is what the command prints, apart from measured times."""

from __future__ import annotations

import pytest

from tests.project.transcripts import Transcript, run, shows, transcripts

pytestmark = [pytest.mark.needs_root, pytest.mark.needs_keepalived, pytest.mark.needs_iproute2]


@pytest.mark.parametrize("transcript", [t for t in transcripts() if t.rehearsal], ids=str)
def test_page_shows_what_the_rehearsal_prints(transcript: Transcript) -> None:
    printed = run(transcript)
    assert shows(transcript, printed), printed

"""What the pages show is what the commands print."""

from __future__ import annotations

import pytest

from tests.project.transcripts import Transcript, run, shows, transcripts


def test_readme_shows_a_finding_a_proof_and_a_rehearsal() -> None:
    shown = {t.command.removeprefix("sudo ").split()[1] for t in transcripts() if t.page.name == "README.md"}
    assert {"lint", "verify", "rehearse"} <= shown


@pytest.mark.parametrize("transcript", [t for t in transcripts() if not t.rehearsal], ids=str)
def test_page_shows_what_the_command_prints(transcript: Transcript) -> None:
    printed = run(transcript)
    assert shows(transcript, printed), printed

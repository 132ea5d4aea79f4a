"""The transcripts of the documentation: commands with the output they are said to have."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT

PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *(ROOT / "examples").glob("*/README.md")])
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)
_VARYING = ((re.compile(r"\s+\d+\s+ms\b"), " N ms"),)
_MEASURED = (
    (re.compile(r"(?<!…)\b\d+\.\d\d s"), "N s"),
    (re.compile(r"^ +\d+\.\d\d(?=  )", re.M), " N"),
    (re.compile(r"keepalived [\d.]+"), "keepalived N"),
)
"""What differs between runs, and in rehearsals also what is measured; predicted ranges do not."""


@dataclass(frozen=True)
class Transcript:
    """A command of a page and the lines below it; a line ``...`` stands for any lines."""

    page: Path
    command: str
    output: str

    @property
    def rehearsal(self) -> bool:
        return "havipcfg rehearse" in self.command

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}: {self.command}"


def transcripts() -> list[Transcript]:
    """Every command of havipcfg that a page shows with its output."""
    found = []
    for page in PAGES:
        for block in _BLOCK.findall(page.read_text(encoding="utf-8")):
            for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
                command, _, output = part.partition("\n")
                program = command.removeprefix("sudo ").split()[0]
                if program == "havipcfg" and output.strip():
                    found.append(Transcript(page, command, output))
    return found


def run(transcript: Transcript) -> str:
    """What the command prints, both streams, in a terminal of 80 columns."""
    words = shlex.split(transcript.command.removeprefix("sudo "), comments=True)
    done = subprocess.run(
        [sys.executable, "-m", "havipcfg", *words[1:]],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "80", "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    return done.stdout


def shows(transcript: Transcript, printed: str) -> bool:
    """Whether a page shows what was printed, apart from what differs between runs."""
    varying = (*_VARYING, *_MEASURED) if transcript.rehearsal else _VARYING
    shown = transcript.output.strip("\n")
    for pattern, word in varying:
        shown, printed = pattern.sub(word, shown), pattern.sub(word, printed)
    lines = ("(?:.*\\n)*?" if line == "..." else f"{re.escape(line)}\\n" for line in shown.split("\n"))
    return re.fullmatch("".join(lines), printed.strip("\n") + "\n") is not None

"""A measurement takes minutes: it starts only when its command line says so."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import ROOT

PROGRAMS = sorted(
    "benchmarks" if path.stem == "__main__" else f"benchmarks.{path.stem}"
    for path in (ROOT / "benchmarks").glob("*.py")
    if "__main__" in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("program", PROGRAMS)
def test_help_and_a_misspelt_option_start_nothing(program: str) -> None:
    def run(option: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", program, option]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)

    shown, refused = run("--help"), run("--wrote")
    assert (shown.returncode, refused.returncode) == (0, 2)
    assert shown.stdout.startswith("usage: ")
    assert refused.stdout == ""

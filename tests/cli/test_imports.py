"""What a run does not use it does not import: start-up is most of the time that one file takes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_jobs import node
from tests.conftest import ROOT

HEAVY = ("pydantic", "ruamel", "lark", "pathspec", "tomllib", "rich.console", "havipcfg.verifier")
PROGRAM = f"""\
import sys
from havipcfg.cli import main
try:
    main()
except SystemExit as end:
    print(end.code, sorted(name for name in {HEAVY!r} if name in sys.modules))
"""


def last_line(folder: Path, *words: str) -> str:
    command = [sys.executable, "-c", PROGRAM, "lint", *words]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[-1]


@pytest.mark.parametrize("files", [1, 2], ids=["one file", "a pair"])
def test_a_run_imports_what_it_uses(tmp_path: Path, files: int) -> None:
    for number in range(files):
        (tmp_path / f"{number}.conf").write_text(node(0, number))
    used = "['havipcfg.verifier']" if files == 2 else "[]"
    assert last_line(tmp_path, *sorted(path.name for path in tmp_path.iterdir())) == f"0 {used}"


def test_clusters_too_many_to_be_proven_need_no_verifier(tmp_path: Path) -> None:
    for cluster in range(40):
        for number in range(2):
            (tmp_path / f"{cluster}-{number}.conf").write_text(node(cluster, number))
    assert last_line(tmp_path, "--no-cache", "--jobs", "1", ".") == "0 []"

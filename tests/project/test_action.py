"""The GitHub Action: its shell steps are run as they stand in action.yml."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from ruamel.yaml import YAML

from tests.conftest import ROOT

ACTION = YAML(typ="safe").load(ROOT / "action.yml")
BAD = "vrrp_instance web {\n    colour red\n    virtual_router_id 300\n}\n"


HOSTILE = (
    "$(touch${IFS}made)", "`touch${IFS}made`", "; touch made",
    "'; touch made; '", '"; touch made; "', "a && touch made",
    "nowhere | touch made", "--config nowhere", "*nothing*", "%0Atouch made", "$PATH",
)  # fmt: skip


def step(name: str, repository: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run one shell step as a runner does: inputs filled in, bash with -e and pipefail."""
    (found,) = (each for each in ACTION["runs"]["steps"] if each.get("name") == name)
    given = {key: value.get("default", "") for key, value in ACTION["inputs"].items()} | inputs
    known = {f"inputs.{key}": value for key, value in given.items()} | {"github.action_path": str(ROOT)}
    environment = {
        key: re.sub(r"\$\{\{ *([\w.-]+) *\}\}", lambda match: known[match[1]], value)
        for key, value in found["env"].items()
    }
    assert "${{" not in found["run"], "an input pasted into a script is code"
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", found["run"]],
        cwd=repository,
        env={**os.environ, "RUNNER_TEMP": str(repository.parent / "runner"), **environment},
        capture_output=True,
        text=True,
    )


def test_the_steps_install_and_annotate(tmp_path: Path) -> None:
    repository = tmp_path / "repository"
    repository.mkdir()
    (repository / "my node.conf").write_text(BAD)
    for module in ("venv", "pip", "sitecustomize", "havipcfg"):
        (repository / f"{module}.py").write_text("open('made', 'w')\n")
    (tmp_path / "runner").mkdir()
    installed = step("Install havipcfg", repository)
    assert installed.returncode == 0, installed.stderr
    done = step("Lint", repository)
    assert done.returncode == 1, done.stderr
    assert re.search(r"^::error .*file=my node\.conf,line=3", done.stdout, re.MULTILINE)
    assert step("Lint", repository, args="--select KC151 --fail-on warning").returncode == 0
    assert step("Lint", repository, paths="nowhere").returncode == 2
    assert step("Lint", repository, paths="").returncode == 2
    for hostile in HOSTILE:
        assert step("Lint", repository, paths=hostile).returncode == 2, hostile
        assert step("Lint", repository, args=hostile).returncode == 2, hostile
        assert step("Lint", repository, format=hostile).returncode == 2, hostile
    assert not (repository / "made").exists()
    (repository / "sound").mkdir()
    (repository / "sound" / "keepalived.conf").write_text("global_defs {\n}\n")
    assert step("Lint", repository, paths="sound\n  .\n").returncode == 1, "all lines are read"
    assert step("Lint", repository, paths=".", args="--exclude\n  my*\n").returncode == 0

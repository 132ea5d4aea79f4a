"""The hooks work with the real pre-commit, in a fresh repository, installed from this checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

GOOD = """\
vrrp_instance web {
    state BACKUP
    interface eth0
    virtual_router_id 61
    priority 100
    virtual_ipaddress {
        192.0.2.10
    }
}
"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The working tree as a repository with one commit: what pre-commit would clone."""
    copy = tmp_path_factory.mktemp("hooks") / "havipcfg"
    ignore = shutil.ignore_patterns(".git", ".venv", "__pycache__", ".*_cache", ".hypothesis", "tests")
    shutil.copytree(ROOT, copy, ignore=ignore, symlinks=True)
    git(copy, "init", "--quiet")
    git(copy, "add", "--all")
    git(copy, "commit", "--quiet", "--message", "as it is")
    return copy


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    folder.mkdir()
    git(folder, "init", "--quiet")
    return folder


def git(folder: Path, *words: str) -> str:
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false")
    run = subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True, text=True)
    return run.stdout


def hooked(checkout: Path, repository: Path, hook: str, cache: Path) -> subprocess.CompletedProcess[str]:
    revision = git(checkout, "rev-parse", "HEAD").strip()
    (repository / ".pre-commit-config.yaml").write_text(
        f"repos:\n  - repo: {checkout}\n    rev: {revision}\n    hooks:\n      - id: {hook}\n", encoding="utf-8"
    )
    git(repository, "add", "--all")
    return subprocess.run(
        [sys.executable, "-m", "pre_commit", "run", "--all-files", "--verbose"],
        cwd=repository,
        env={**os.environ, "PRE_COMMIT_HOME": str(cache), "COLUMNS": "80"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pre-commit")


def test_lint_hook_passes_a_sound_file_and_stops_a_broken_one(checkout: Path, repository: Path, cache: Path) -> None:
    file = repository / "keepalived.conf"
    file.write_text(GOOD, encoding="utf-8")
    passed = hooked(checkout, repository, "havipcfg-lint", cache)
    assert passed.returncode == 0, passed.stdout + passed.stderr
    file.write_text(GOOD.replace("priority 100", "prioriti 100"), encoding="utf-8")
    stopped = hooked(checkout, repository, "havipcfg-lint", cache)
    assert stopped.returncode == 1
    assert "KC101" in stopped.stdout
    assert "did you mean priority?" in stopped.stdout


def test_fmt_hook_formats_a_file_and_then_passes(checkout: Path, repository: Path, cache: Path) -> None:
    file = repository / "keepalived.conf"
    file.write_text(GOOD.replace("    ", "\t"), encoding="utf-8")
    formatted = hooked(checkout, repository, "havipcfg-fmt", cache)
    assert formatted.returncode == 1
    assert "files were modified by this hook" in formatted.stdout
    assert file.read_text(encoding="utf-8") == GOOD
    assert hooked(checkout, repository, "havipcfg-fmt", cache).returncode == 0


def test_generate_check_hook_stops_drift(checkout: Path, repository: Path, cache: Path) -> None:
    shutil.copy(ROOT / "examples" / "tencent-haproxy" / "cluster.yaml", repository / "cluster.yaml")
    drifted = hooked(checkout, repository, "havipcfg-generate-check", cache)
    assert drifted.returncode == 1
    assert "missing" in drifted.stdout
    subprocess.run([sys.executable, "-m", "havipcfg", "generate", "cluster.yaml"], cwd=repository, check=True)
    current = hooked(checkout, repository, "havipcfg-generate-check", cache)
    assert current.returncode == 0, current.stdout + current.stderr

"""Where a rehearsal cannot take place, it says why."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from havipcfg.rehearsal import NotPossibleHereError, RehearsalError, plan, rehearse
from havipcfg.rehearsal.run import possible_here
from havipcfg.verifier.scenario import parse
from tests.rehearse.clusters import TARGET, cluster, member

ASK = """
from havipcfg.rehearsal.run import possible_here
try:
    possible_here()
except Exception as error:
    print(error)
"""


def test_without_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(NotPossibleHereError, match="root") as caught:
        possible_here()
    assert "sudo" in caught.value.advice


@pytest.mark.needs_root
@pytest.mark.needs_iproute2
def test_without_a_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("ip", "mount"):
        (tmp_path / name).symlink_to(shutil.which(name) or "")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotPossibleHereError, match="unshare") as caught:
        possible_here()
    assert caught.value.advice == "install util-linux"


@pytest.mark.needs_root
@pytest.mark.needs_keepalived
@pytest.mark.needs_iproute2
@pytest.mark.parametrize("right", ["sys_admin", "net_admin"])
def test_without_a_right(right: str) -> None:
    command = ["setpriv", f"--bounding-set=-{right}", f"--inh-caps=-{right}", sys.executable, "-c", ASK]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "not allow network namespaces" in done.stdout
    assert "Operation not permitted" in done.stdout


@pytest.mark.needs_root
@pytest.mark.needs_iproute2
def test_without_keepalived(tmp_path: Path) -> None:
    with pytest.raises(NotPossibleHereError, match="no keepalived at"):
        possible_here(str(tmp_path / "keepalived"))


@pytest.mark.needs_root
@pytest.mark.needs_iproute2
def test_with_something_that_is_not_keepalived(tmp_path: Path) -> None:
    other = tmp_path / "keepalived"
    other.write_text("#!/bin/sh\necho hello\n")
    other.chmod(0o755)
    with pytest.raises(NotPossibleHereError, match="is not keepalived"):
        rehearse(plan(cluster(a=member(1, 100)), version=TARGET), parse("start"), keepalived=str(other))


@pytest.mark.needs_root
@pytest.mark.needs_iproute2
def test_without_namespaces(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    unshare = tmp_path / "unshare"
    unshare.write_text("#!/bin/sh\necho 'unshare failed: Operation not permitted' >&2\nexit 1\n")
    unshare.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(NotPossibleHereError, match="Operation not permitted"):
        possible_here()


@pytest.mark.needs_root
@pytest.mark.needs_keepalived
@pytest.mark.needs_iproute2
def test_two_nodes_of_one_name() -> None:
    [only] = plan(cluster(a=member(1, 100)), version=TARGET)
    with pytest.raises(RehearsalError, match="one name"):
        rehearse([only, only], parse("start"))

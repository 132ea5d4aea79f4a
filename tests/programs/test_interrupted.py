"""apply.sh killed at each step, run twice at once, cut off from its terminal: the old set or the new one."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.programs.lab import Lab, tree
from tests.programs.state import whole

if TYPE_CHECKING:
    from collections.abc import Callable

    MakeLab = Callable[[int], Lab]


KILLER = """#!/bin/sh
# counts, and kills the caller before or after the real program
n=$(cat "{counter}")
n=$((n - 1))
echo "$n" >"{counter}"
if [ "$n" -eq 0 ] && [ "{moment}" = before ]; then kill -9 "$PPID"; exit 1; fi
{real} "$@"
status=$?
if [ "$n" -eq 0 ]; then kill -9 "$PPID"; fi
exit $status
"""


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize(
    "fresh",
    [
        pytest.param(True, id="first"),
        pytest.param(False, id="change"),
    ],
)
def test_killed_at_each_step_leaves_old_or_new(lab: MakeLab, tmp_path: Path, moment: str, fresh: bool) -> None:
    """Every program that changes the disk is replaced by one that kills apply.sh at its n-th run.

    Before the odd and after the even ones: so one kill falls between any two.
    """
    node = lab(1).nodes[0]
    old, new = node.bundle(watch=1), node.bundle(priority=120, check="no-file /nonexistent", watch=1)
    if not fresh:
        assert node.apply(old).returncode == 0
    pristine = tmp_path / "pristine"
    shutil.copytree(node.etc, pristine)
    tools = tmp_path / "tools"
    tools.mkdir()
    counter = tmp_path / "counter"
    for name in ("mv", "cp", "rm", "chmod", "chown", "mkdir", "sync"):
        (tools / name).write_text(KILLER.format(counter=counter, moment=moment, real=shutil.which(name)))
        (tools / name).chmod(0o755)
    steps, seen = 0, set()
    for step in range(1 if moment == "before" else 2, 200, 2):
        counter.write_text(str(step))
        node.path_prefix = [tools]
        result = node.apply(new)
        node.path_prefix = []
        assert whole(node, old, new), f"a mixture after step {step}: {sorted(tree(node.etc))}"
        state = "none" if not node.config.exists() else "new" if whole(node, new) else "old"
        seen.add(state)
        if int(counter.read_text()) > 0:
            assert result.returncode == 0, result.stdout + result.stderr
            break
        steps += 1
        if state == "new" and step % 8 < 2:
            repaired = node.apply(new)
            assert repaired.returncode == 0, repaired.stdout + repaired.stderr
            assert not (node.etc / "havipcfg/pending").exists()
        if fresh and node.pid() is not None:
            node.power_cut()
        for path in node.etc.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        shutil.copytree(pristine, node.etc, dirs_exist_ok=True)
    assert steps > 20
    assert seen == ({"none", "new"} if fresh else {"old", "new"})


def test_interrupted_run_is_finished_by_the_next(lab: MakeLab, tmp_path: Path) -> None:
    node = lab(1).nodes[0]
    old, new = node.bundle(), node.bundle(priority=120)
    assert node.apply(old).returncode == 0
    tools = tmp_path / "tools"
    tools.mkdir()
    mv = tools / "mv"
    mv.write_text(f'#!/bin/sh\n{shutil.which("mv")} "$@"\ncase $* in *keepalived.conf) kill -9 "$PPID" ;; esac\n')
    mv.chmod(0o755)
    node.path_prefix = [tools]
    # the archive's copy is written through a directory, so the first match is the switch itself
    assert node.apply(new).returncode != 0
    node.path_prefix = []
    assert whole(node, new)
    assert "an earlier run was interrupted" in node.apply(new, "--status").stdout
    finished = node.apply(new)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert "an earlier run was interrupted" in finished.stdout
    assert node.apply(new).stdout == "nothing to do: already installed\n"


def test_starts_after_a_power_cut_that_left_pid_files(lab: MakeLab) -> None:
    """keepalived itself refuses to start while its pid files name a process, even another program's."""
    node = lab(1).nodes[0]
    bundle = node.bundle()
    assert node.apply(bundle).returncode == 0
    node.power_cut()
    left = sorted(node.run_dir.glob("*.pid"))
    assert len(left) == 2, left
    for path in left:
        path.write_text(f"{os.getpid()}\n")
    assert "keepalived does not run" in node.apply(bundle, "--status").stdout
    done = node.apply(bundle)
    assert done.returncode == 0, done.stdout + done.stderr
    assert node.wait_holds()


def test_two_at_once(lab: MakeLab) -> None:
    node = lab(1).nodes[0]
    first, second = node.bundle(), node.bundle(priority=120)
    command = ["dash", first / "apply.sh", "--init", "direct"]
    running = subprocess.Popen(node.command(*command), env=node.environment(), stdout=subprocess.PIPE, text=True)
    while not (node.etc / "havipcfg").exists():
        assert running.poll() is None
    refused = node.apply(second, "--wait", "0")
    assert refused.returncode == 3, refused.stdout + refused.stderr
    assert "still holds" in refused.stderr
    waited = node.apply(second, "--wait", "60")
    assert waited.returncode == 0, waited.stdout + waited.stderr
    assert running.wait() == 0
    if running.stdout:
        running.stdout.close()
    assert whole(node, second)


def test_a_lost_terminal_does_not_stop_the_work(lab: MakeLab) -> None:
    node = lab(1).nodes[0]
    old, new = node.bundle(), node.bundle(priority=120)
    assert node.apply(old).returncode == 0
    words = ["dash", new / "apply.sh", "--init", "direct"]
    running = subprocess.Popen(node.command(*words), env=node.environment(), stdout=subprocess.PIPE, text=True)
    while not (node.etc / "havipcfg/pending").exists():
        assert running.poll() is None
    assert running.stdout
    running.stdout.close()
    running.send_signal(signal.SIGHUP)
    assert running.wait(timeout=60) == 0
    assert whole(node, new)
    assert node.apply(new).stdout == "nothing to do: already installed\n"

"""apply.sh on real nodes: network namespaces with the real keepalived."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from havipcfg.generator.programs.bundle import Action, Move, move_data
from tests.conftest import tool
from tests.programs.lab import SHELLS, VIP, Intent, Lab, Watch, tree, write_bundle
from tests.programs.state import whole

if TYPE_CHECKING:
    from collections.abc import Callable

    MakeLab = Callable[[int], Lab]

SECRET = "Zo4-fish"


@pytest.mark.parametrize("words", SHELLS)
def test_first_install_change_no_change_rollback(lab: MakeLab, words: str) -> None:
    shell = tuple(words.split())
    tool(shell[0])
    node = lab(1).nodes[0]
    first, second = node.bundle(), node.bundle(priority=120, check="no-file /nonexistent")

    planned = node.apply(first, "--dry-run", shell=shell)
    assert planned.returncode == 0, planned.stderr
    assert "start keepalived" in planned.stdout
    assert tree(node.etc) == {}
    assert list(node.etc.iterdir()) == []

    done = node.apply(first, shell=shell)
    assert done.returncode == 0, done.stdout + done.stderr
    assert node.wait_holds()
    assert whole(node, first)
    assert node.config.stat().st_mode & 0o777 == 0o600
    pid = node.pid()

    before = tree(node.etc)
    again = node.apply(first, shell=shell)
    assert (again.returncode, again.stdout) == (0, "nothing to do: already installed\n")
    assert tree(node.etc) == before

    with Watch([node]) as watch:
        changed = node.apply(second, shell=shell)
        assert changed.returncode == 0, changed.stdout + changed.stderr
        back = node.apply(second, "--rollback", shell=shell)
        assert back.returncode == 0, back.stdout + back.stderr
    assert watch.seconds(0) == 0, "a reload keeps the address"
    assert node.pid() == pid
    assert whole(node, first)
    assert SECRET not in planned.stdout + done.stdout + changed.stdout + back.stdout
    status = node.apply(first, "--status", shell=shell)
    assert status.returncode == 0, status.stdout
    assert "MASTER, holds all" in status.stdout


def test_bad_file_changes_nothing(lab: MakeLab) -> None:
    node = lab(1).nodes[0]
    good, bad = node.bundle(), node.bundle(broken="vrrp_instance {\n", settle=5)
    assert node.apply(good).returncode == 0
    before = tree(node.etc)
    refused = node.apply(bad, "--force")
    assert refused.returncode == 1
    assert "keepalived -t refuses the file" in refused.stdout
    assert tree(node.etc) == before


def test_a_check_of_another_user_is_installed_and_runs(lab: MakeLab) -> None:
    node = lab(1).nodes[0]
    done = node.apply(node.bundle(check="file /etc/passwd", user="nobody"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert node.wait_holds()
    assert "user nobody" in node.config.read_text()
    refused = node.apply(node.bundle(check="file /etc/passwd", user="nobody", broken="vrrp_instance {\n"))
    assert refused.returncode == 1
    assert "keepalived -t refuses the file" in refused.stdout


def test_does_not_settle_rolls_back(lab: MakeLab) -> None:
    node = lab(1).nodes[0]
    good = node.bundle()
    failing = node.bundle(check="no-file /etc/passwd", settle=4)
    assert node.apply(good).returncode == 0
    assert node.wait_holds()
    result = node.apply(failing)
    assert result.returncode == 5, result.stdout + result.stderr
    assert "web is in FAULT" in result.stderr
    assert whole(node, good)
    assert node.wait_holds()
    assert node.apply(good).stdout == "nothing to do: already installed\n"


def test_first_install_that_does_not_settle_leaves_nothing_running(lab: MakeLab) -> None:
    node = lab(1).nodes[0]
    result = node.apply(node.bundle(check="no-file /etc/passwd", settle=4))
    assert result.returncode == 5, result.stdout + result.stderr
    assert node.pid() is None
    assert not node.config.exists()


def test_restart_only_where_needed(lab: MakeLab) -> None:
    node = lab(1).nodes[0]
    assert node.apply(node.bundle()).returncode == 0
    pid = node.pid()
    restarted = node.apply(node.bundle(restart_only=("instance blue",), priority=120))
    assert restarted.returncode == 0, restarted.stdout + restarted.stderr
    assert "restarted" in restarted.stdout
    assert node.pid() not in (None, pid)


def test_notify_runs_with_real_keepalived_and_hostile_arguments(lab: MakeLab, tmp_path: Path) -> None:
    node = lab(1).nodes[0]
    recorder = tmp_path / "record er.sh"
    out = tmp_path / "out"
    recorder.write_text(f'#!/bin/sh\nprintf "%s|" "$HAVIPCFG_STATE" "$HAVIPCFG_NAME" "$@" >>{out}\necho >>{out}\n')
    recorder.chmod(0o755)
    hostile = "$(touch /tmp/never) `id` ; 'a' \"b\" * \\"
    bundle = node.bundle(actions=(Action("MASTER", str(recorder), (hostile, "")),))
    assert node.apply(bundle).returncode == 0
    assert node.wait_holds()
    for _ in range(50):
        if out.exists():
            break
        os.sched_yield()
        subprocess.run(["sleep", "0.1"], check=True)
    assert out.read_text() == f"MASTER|web|{hostile}||\n"


def test_keepalived_runs_the_move(lab: MakeLab, tmp_path: Path) -> None:
    """notify_master, and notify_master_rx_lower_pri when a second master was heard."""
    made = lab(2)
    node, rival = made.nodes
    node.peers = ("10.20.0.99",)  # sends nothing to its rival, which therefore becomes a second master
    tools = tmp_path / "tools"
    tools.mkdir()
    calls, holder = tmp_path / "calls", tmp_path / "holder"
    holder.touch()
    (tools / "aws").write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$*" >>{calls}\n'
        f"case $* in *assign*) echo {VIP} >{holder} ;; *) cat {holder} ;; esac\n"
    )
    (tools / "aws").chmod(0o755)
    data = move_data([Move("web", "aws", "private", VIP, [("region", "eu-1"), ("nic", "eni-1")])])
    node.path_prefix = [tools]
    assert node.apply(node.bundle(move=data, tools=("aws",))).returncode == 0
    assert node.wait_holds()

    def assigned(times: int) -> bool:
        for _ in range(100):
            if calls.exists() and calls.read_text().count("assign-private-ip-addresses") >= times:
                return True
            time.sleep(0.1)
        return False

    assert assigned(1)
    holder.write_text("")
    assert rival.apply(rival.bundle(priority=50)).returncode == 0
    assert assigned(2), "the second master was heard, so the address was asked for again"


def test_wrong_use(lab: MakeLab) -> None:
    node = lab(1).nodes[0]
    bundle = write_bundle(node.base / "b", node, Intent())
    for options in (("--nonsense",), ("--wait", "x"), ("--init", "upstart")):
        result = node.apply(bundle, *options) if options[0] != "--init" else node.sh(bundle / "apply.sh", *options)
        assert result.returncode == 2
        assert "apply.sh --dry-run" in result.stderr

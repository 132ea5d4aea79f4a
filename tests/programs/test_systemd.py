"""apply.sh on a node whose keepalived is a unit of systemd."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tests.programs.lab import Lab, Node

if TYPE_CHECKING:
    from collections.abc import Callable

    MakeLab = Callable[[int], Lab]


def systemd(node: Node, tools: Path) -> Path:
    """A stand-in systemctl that does what the unit does, and knows the main process from its start; its calls."""
    tools.mkdir()
    calls, main = tools / "calls", tools / "main"
    systemctl = tools / "systemctl"
    systemctl.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$*" >>{calls}\n'
        f"case $1 in\nstart) keepalived </dev/null >/dev/null 2>&1 9>&- || exit\n"
        f"\tuntil [ -s /run/keepalived.pid ]; do sleep 0.1; done\n\tcat /run/keepalived.pid >{main} ;;\n"
        f'show) echo "MainPID=$(cat {main} 2>/dev/null || echo 0)" ;;\n'
        f'reload) exec kill -HUP "$(cat {main})" ;;\n'
        f'stop) kill -TERM "$(cat {main})"; while kill -0 "$(cat {main})"; do sleep 0.1; done; rm {main} ;;\nesac\n'
    )
    systemctl.chmod(0o755)
    (node.run_dir / "systemd/system").mkdir(parents=True)
    node.path_prefix = [tools]
    return calls


def test_systemd_calls(lab: MakeLab, tmp_path: Path) -> None:
    node = lab(1).nodes[0]
    calls = systemd(node, tmp_path / "tools")
    first, second = node.bundle(), node.bundle(priority=120)
    for bundle, verb in (
        (first, "start"),
        (first, "start"),
        (second, "reload"),
        (node.bundle(restart_only=("x",), priority=130), "stop"),
    ):
        result = node.sh(bundle / "apply.sh")
        assert result.returncode == 0, result.stdout + result.stderr
        changing = [line for line in calls.read_text().splitlines() if line.split()[0] in ("start", "stop", "reload")]
        assert f"{verb} keepalived" in changing
        if bundle is not first:
            calls.write_text("")
    assert changing[-1] == "start keepalived"


def test_systemd_knows_the_process_and_not_the_pid_file(lab: MakeLab, tmp_path: Path) -> None:
    node = lab(1).nodes[0]
    systemd(node, tmp_path / "tools")
    assert node.sh(node.bundle() / "apply.sh").returncode == 0
    pid_file = node.run_dir / "keepalived.pid"
    pid = node.pid()
    pid_file.write_text("1\n")
    changed = node.sh(node.bundle(priority=120) / "apply.sh")
    assert changed.returncode == 0, changed.stdout + changed.stderr
    assert "keepalived reloaded" in changed.stdout
    status = node.sh(node.bundle(priority=120) / "apply.sh", "--status")
    assert f"pid {pid}" in status.stdout


def test_a_daemon_beside_the_unit_is_refused(lab: MakeLab, tmp_path: Path) -> None:
    node = lab(1).nodes[0]
    systemd(node, tmp_path / "tools")
    bundle = node.bundle()
    assert node.apply(bundle).returncode == 0, "started without systemd"
    refused = node.sh(bundle / "apply.sh")
    assert refused.returncode == 1
    assert f"keepalived (pid {node.pid()}) runs, but not as the unit keepalived" in refused.stdout + refused.stderr
    assert node.pid() is not None

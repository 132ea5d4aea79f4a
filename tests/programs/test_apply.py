"""apply.sh on real nodes: network namespaces with the real keepalived."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from havipcfg.generator.programs.bundle import Action, Move, move_data
from tests.conftest import tool
from tests.programs.lab import SHELLS, VIP, Intent, Lab, Node, Watch, tree, write_bundle

if TYPE_CHECKING:
    from collections.abc import Callable

    MakeLab = Callable[[int], Lab]

SECRET = "Zo4-fish"


def installed(node: Node) -> dict[str, bytes]:
    """What keepalived would read: the configuration and the files it names, not the archive."""
    return {name: content for name, content in tree(node.etc).items() if "installed/" not in name}


def whole(node: Node, *bundles: Path) -> bool:
    """The configuration is that of one of the bundles (or absent), and every file it names is there and right."""
    if not node.config.exists():
        return True
    text = node.config.read_bytes()
    for candidate in bundles:
        if (candidate / "keepalived.conf").read_bytes() == text:
            break
    else:
        return False
    for line in (candidate / "manifest").read_text().splitlines()[1:]:
        _, mode, source, target = line.split(" ")
        if target.startswith("/etc/keepalived/havipcfg/"):
            path = node.etc / target.removeprefix("/etc/keepalived/")
            if path.read_bytes() != (candidate / source).read_bytes() or path.stat().st_mode & 0o7777 != int(mode, 8):
                return False
    return True


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


def test_hand_edits_are_refused_and_kept(lab: MakeLab) -> None:
    node = lab(1).nodes[0]
    first, second = node.bundle(), node.bundle(priority=120)
    assert node.apply(first).returncode == 0
    edited = node.config.read_text() + "# by hand\n"
    node.config.write_text(edited)
    refused = node.apply(second)
    assert refused.returncode == 4, refused.stdout + refused.stderr
    assert node.config.read_text() == edited
    assert node.apply(first, "--status").returncode == 1
    forced = node.apply(second, "--force")
    assert forced.returncode == 0, forced.stdout + forced.stderr
    assert whole(node, second)
    back = node.apply(second, "--rollback")
    assert back.returncode == 0, back.stdout + back.stderr
    assert node.config.read_text() == edited, "the hand edit was kept and comes back"

    program = next(node.etc.glob("havipcfg/notify-*.sh"))
    program.write_text("#!/bin/sh\n")
    assert node.apply(node.bundle(priority=130)).returncode == 4


def test_damaged_bundle_is_not_executed(lab: MakeLab) -> None:
    node = lab(1).nodes[0]
    damaged = node.bundle()
    (damaged / "notify.sh").write_text("#!/bin/sh\ntouch /tmp/never\n")
    result = node.apply(damaged)
    assert result.returncode == 1
    assert "notify.sh is missing or differs" in result.stderr
    assert tree(node.etc) == {}


@pytest.mark.parametrize(
    "target", ["/etc/passwd", "/etc/keepalived/havipcfg/../../passwd", "/etc/keepalived/havipcfg/a/b"]
)
def test_manifest_cannot_write_elsewhere(lab: MakeLab, target: str) -> None:
    node = lab(1).nodes[0]
    bundle = node.bundle()
    manifest = bundle / "manifest"
    manifest.write_text(re.sub(r"(notify\.sh) .*", rf"\1 {target}", manifest.read_text()))
    result = node.apply(bundle)
    assert result.returncode == 1
    assert "target" in result.stderr
    assert tree(node.etc) == {}


def preflight(node: Node, **changes: object) -> str:
    result = node.apply(node.bundle(**changes), "--dry-run")
    assert result.returncode == 1, result.stdout
    assert tree(node.etc) == {}
    return result.stdout


def test_preflight_findings(lab: MakeLab) -> None:
    node = lab(1).nodes[0]
    assert "this is not node web-a" in preflight(node, local="10.20.0.99")
    assert "no interface eth7" in preflight(node, interface="eth7")
    assert "the bundle needs 9.9.9" in preflight(node, keepalived="9.9.9")
    assert "needs one of: no-such-tool|nor-this" in preflight(node, tools=("no-such-tool|nor-this",))
    subprocess.run(["ip", "-n", node.namespace, "addr", "add", f"{VIP}/32", "dev", "eth0"], check=True)
    assert "although keepalived does not run" in preflight(node)
    subprocess.run(["ip", "-n", node.namespace, "addr", "del", f"{VIP}/32", "dev", "eth0"], check=True)
    node.etc.chmod(0o777)
    assert "writable by root alone" in preflight(node)


def test_address_in_use_by_a_stranger(lab: MakeLab) -> None:
    tool("arping")
    node, other = lab(2).nodes
    subprocess.run(["ip", "-n", other.namespace, "addr", "add", f"{VIP}/24", "dev", "eth0"], check=True)
    known = node.apply(node.bundle(arp="strict"), "--dry-run")
    assert known.returncode == 0, "a peer may hold it: " + known.stdout
    stranger = replace(node, peers=("10.20.0.77",))
    assert "none of the peers" in preflight(stranger, arp="strict")
    noted = stranger.apply(stranger.bundle(arp="advisory"), "--dry-run")
    assert noted.returncode == 0
    assert "none of the peers" in noted.stdout


def test_address_in_a_static_configuration(lab: MakeLab) -> None:
    node = lab(1).nodes[0]
    bundle = node.bundle()

    def found(text: str) -> str:
        inside = (
            "mount -t tmpfs none /etc/systemd && mkdir /etc/systemd/network && "
            f"printf '%s\\n' '{text}' >/etc/systemd/network/10.network && "
            f"exec dash {bundle}/apply.sh --init direct --dry-run"
        )
        return node.sh("sh", "-c", inside).stdout

    hit = found(f"Address={VIP}/32")
    assert f"{VIP} is configured statically (/etc/systemd/network/10.network:1)" in hit
    assert "statically" not in found(f"Address={VIP}0/32")
    assert "statically" not in found(f"Address=1{VIP}/32")
    assert "statically" not in found(f"# Address={VIP}/32")


def test_lock_without_flock(lab: MakeLab) -> None:
    node = lab(1).nodes[0]
    bundle = node.bundle()
    flock = shutil.which("flock", path="/usr/bin:/bin")
    hidden = f"mount --bind /dev/null {flock} && " if flock else ""
    words = f"{hidden}exec dash {bundle}/apply.sh --init direct --wait 0"
    lock = node.run_dir / "havipcfg/apply.lock.d"
    lock.mkdir(parents=True)
    (lock / "pid").write_text(f"{os.getpid()}\n")
    refused = node.sh("sh", "-c", words)
    assert refused.returncode == 3, refused.stdout + refused.stderr
    assert f"pid {os.getpid()}" in refused.stderr
    gone = subprocess.Popen(["true"])
    gone.wait()
    (lock / "pid").write_text(f"{gone.pid}\n")
    done = node.sh("sh", "-c", words)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not lock.exists()


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
    """Every program that changes the disk is replaced by one that kills apply.sh at its n-th run, n = 1, 2, ..."""
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
    for step in range(1, 200, 1 if fresh else 2):
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
        if state == "new" and step % 8 == 0:
            repaired = node.apply(new)
            assert repaired.returncode == 0, repaired.stdout + repaired.stderr
            assert not (node.etc / "havipcfg/pending").exists()
        if fresh and node.pid() is not None:
            node.stop()
            subprocess.run(["ip", "-n", node.namespace, "addr", "flush", "to", VIP], check=True, capture_output=True)
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
    node.stop()
    subprocess.run(["ip", "-n", node.namespace, "addr", "flush", "to", VIP], check=True, capture_output=True)
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


def test_restart_only_where_needed(lab: MakeLab) -> None:
    node = lab(1).nodes[0]
    assert node.apply(node.bundle()).returncode == 0
    pid = node.pid()
    restarted = node.apply(node.bundle(restart_only=("instance blue",), priority=120))
    assert restarted.returncode == 0, restarted.stdout + restarted.stderr
    assert "restarted" in restarted.stdout
    assert node.pid() not in (None, pid)


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

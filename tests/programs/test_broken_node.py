"""apply.sh on a node that is itself broken: disks, tools, locks, modes, links. Nothing is half done; it says why."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import tool
from tests.programs.lab import Lab, Node, tree
from tests.programs.state import whole

MakeLab = Callable[[int], Lab]
DONE = "nothing to do: already installed\n"


@contextmanager
def disk(node: Node, pages: int) -> Iterator[None]:
    """A file system of its own under /etc/keepalived, with that many pages of 4 KiB free."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m,mode=755", "none", node.etc], check=True)
    try:
        used = 256 - pages
        (node.etc / "filler").write_bytes(bytes(4096 * used))
        yield
    finally:
        node.power_cut()
        subprocess.run(["umount", "-l", node.etc], check=True)


def said(result: subprocess.CompletedProcess[str]) -> str:
    return result.stdout + result.stderr


def inside(node: Node, bundle: Path, before: str, *options: str) -> subprocess.CompletedProcess[str]:
    """apply.sh after some words of shell that change what it finds."""
    return node.sh("sh", "-c", f'{before}\nexec dash "$0" --init direct {" ".join(options)}', bundle / "apply.sh")


def hidden(*names: str) -> str:
    found = [shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin") for name in names]
    return "\n".join(f"mount --bind /dev/null {path}" for path in found if path)


def test_full_disk(lab: MakeLab) -> None:
    """From nothing free to enough: refused whole, or done whole."""
    node = lab(1).nodes[0]
    bundle = node.bundle(watch=1)
    for pages in range(0, 100, 4):
        with disk(node, pages):
            done = node.apply(bundle)
            assert whole(node, bundle), (pages, said(done))
            assert node.config.exists() == (done.returncode == 0), (pages, said(done))
            if done.returncode == 0:
                break
            assert done.returncode == 1, (pages, said(done))
            assert "cannot" in done.stderr, (pages, said(done))
            assert node.pid() is None
    assert 12 < pages < 96


def test_full_disk_at_a_change_keeps_the_old_set_running(lab: MakeLab) -> None:
    node = lab(1).nodes[0]
    old, new = node.bundle(watch=1), node.bundle(priority=120, watch=1)
    with disk(node, 80):
        assert node.apply(old).returncode == 0
        pid = node.pid()
        filler = node.etc / "filler"
        used = filler.stat().st_size + 4096 * os.statvfs(node.etc).f_bavail
        for pages in range(0, 40, 2):
            filler.write_bytes(bytes(used - 4096 * pages))
            done = node.apply(new)
            assert whole(node, new if done.returncode == 0 else old), (pages, said(done))
            assert not (node.etc / "havipcfg/pending").exists()
            assert node.pid() == pid
            if done.returncode == 0:
                break
            assert done.returncode == 1, (pages, said(done))
        assert 4 < pages < 38


@pytest.mark.parametrize("where", ["/etc/keepalived", "/run"])
def test_read_only(lab: MakeLab, where: str) -> None:
    node = lab(1).nodes[0]
    refused = inside(node, node.bundle(), f"mount -o remount,ro,bind {where}")
    assert refused.returncode == 1, said(refused)
    assert f"apply.sh: cannot write in {where}" in refused.stderr
    assert tree(node.etc) == {}


@pytest.mark.parametrize("mask", ["000", "077"])
def test_modes_do_not_follow_the_umask(lab: MakeLab, mask: str) -> None:
    """Also where /etc/keepalived has to be made, and the check runs as another user."""
    node = lab(1).nodes[0]
    bundle = node.bundle(check="file /etc/passwd", user="nobody")
    etc = node.base / "whole-etc"
    etc.mkdir()
    for path in Path("/etc").glob("*"):
        if path.name in ("passwd", "group", "nsswitch.conf", "ld.so.cache", "protocols"):
            shutil.copy(path, etc)
    shutil.copytree("/etc/alternatives", etc / "alternatives", symlinks=True)
    done = inside(node, bundle, f"umask {mask}\nmount --bind {etc} /etc")
    assert done.returncode == 0, said(done)
    assert node.wait_holds()
    for path in (etc / "keepalived").rglob("*"):
        assert path.stat().st_mode & 0o022 == 0, path
        if path.is_file() and b"Zo4-fish" in path.read_bytes():
            assert path.stat().st_mode & 0o077 == 0, path


@pytest.mark.parametrize("missing", ["logger timeout arping pidof", "flock logger"])
def test_works_without(lab: MakeLab, missing: str) -> None:
    node = lab(1).nodes[0]
    bundle = node.bundle(check="command /bin/true")
    done = inside(node, bundle, hidden(*missing.split()))
    assert done.returncode == 0, said(done)
    assert node.wait_holds()
    assert "not found" not in said(done)


def test_refuses_without_what_it_needs(lab: MakeLab) -> None:
    node = lab(1).nodes[0]
    for name in ("awk", "stat", "cmp", "ip", "sha256sum"):
        words = hidden("mawk", "gawk") if name == "awk" else hidden(name)
        refused = inside(node, node.bundle(), words)
        assert refused.returncode == 1, (name, said(refused))
        assert f"{name} is not installed" in said(refused)
        assert tree(node.etc) == {}


def test_busybox_in_the_place_of_everything(lab: MakeLab) -> None:
    busybox = tool("busybox")
    node = lab(1).nodes[0]
    tools = node.base / "busybox"
    tools.mkdir()
    applets = subprocess.run([busybox, "--list"], capture_output=True, text=True, check=True).stdout.split()
    for name in applets:
        (tools / name).symlink_to(busybox)
    node.path_prefix = [tools]
    for bundle in (node.bundle(check="process keepalived"), node.bundle(check="command true", priority=120)):
        done = node.apply(bundle, shell=("busybox", "sh"))
        assert done.returncode == 0, said(done)
        assert node.wait_holds()
        assert whole(node, bundle)
    assert node.apply(bundle, shell=("busybox", "sh")).stdout == DONE


def test_lock_without_flock(lab: MakeLab) -> None:
    node = lab(1).nodes[0]
    bundle = node.bundle(watch=1)
    lock = node.run_dir / "havipcfg/apply.lock.held"
    lock.parent.mkdir(parents=True)
    with subprocess.Popen(["sh", "-c", "sleep 60; :", "apply.sh"], start_new_session=True) as working:
        lock.write_text(f"{working.pid}\n")
        refused = inside(node, bundle, hidden("flock"), "--wait 0")
        assert refused.returncode == 3, said(refused)
        assert f"pid {working.pid}" in refused.stderr
        assert "busy=yes" in inside(node, bundle, hidden("flock"), "--status --porcelain").stdout
        os.killpg(working.pid, signal.SIGKILL)
    with subprocess.Popen(["sleep", "60"]) as another:
        for left in (str(working.pid), str(another.pid), ""):
            lock.write_text(f"{left}\n")
            done = inside(node, bundle, hidden("flock"), "--wait 0")
            assert done.returncode == 0, (left, said(done))
            assert not lock.exists()
        another.kill()


def test_configuration_that_cannot_be_replaced(lab: MakeLab) -> None:
    node = lab(1).nodes[0]
    old, new = node.bundle(), node.bundle(priority=120)
    assert node.apply(old).returncode == 0
    held = "mount --bind /etc/keepalived/keepalived.conf /etc/keepalived/keepalived.conf"
    refused = inside(node, new, held)
    assert refused.returncode == 1, said(refused)
    assert "cannot write /etc/keepalived/keepalived.conf: it was not changed" in refused.stderr
    assert whole(node, old)
    assert node.apply(old).stdout == DONE


def test_configuration_that_is_no_plain_file(lab: MakeLab) -> None:
    node = lab(1).nodes[0]
    bundle = node.bundle()
    elsewhere = node.etc / "mine.conf"
    elsewhere.write_text("global_defs {\n}\n")
    node.config.symlink_to("mine.conf")
    refused = node.apply(bundle)
    assert refused.returncode == 1, said(refused)
    assert "is a symbolic link to mine.conf" in said(refused)
    node.config.unlink()
    node.config.mkdir()
    refused = node.apply(bundle, "--force")
    assert refused.returncode == 1, said(refused)
    assert "keepalived.conf is not a file" in said(refused)
    assert list(node.config.iterdir()) == []


def test_a_directory_behind_a_link(lab: MakeLab) -> None:
    """keepalived refuses scripts there."""
    node = lab(1).nodes[0]
    change = "mount -t tmpfs none /etc/keepalived\nmkdir /etc/keepalived/real\nln -s real /etc/keepalived/havipcfg"
    refused = inside(node, node.bundle(), change)
    assert refused.returncode == 1, said(refused)
    assert "/etc/keepalived/havipcfg is a symbolic link" in said(refused)


def test_a_configuration_that_everybody_may_read_is_closed_again(lab: MakeLab) -> None:
    node = lab(1).nodes[0]
    bundle = node.bundle()
    assert node.apply(bundle).returncode == 0
    pid = node.pid()
    node.config.chmod(0o644)
    done = node.apply(bundle)
    assert "owner or mode" in done.stdout, said(done)
    assert node.config.stat().st_mode & 0o777 == 0o600
    assert node.apply(bundle).stdout == DONE
    assert node.pid() == pid


def test_an_edited_program_is_kept_beside_the_new_one(lab: MakeLab) -> None:
    """The state that it did not write is not believed."""
    node = lab(1).nodes[0]
    bundle = node.bundle()
    assert node.apply(bundle).returncode == 0
    program = next(node.etc.glob("havipcfg/notify-*.sh"))
    program.write_text("#!/bin/sh\n# mine\n")
    assert node.wait_holds()
    (node.run_dir / "havipcfg/web.state").write_text("BACKUP 100 1 INSTANCE web\n")
    assert node.apply(bundle).returncode == 4
    forced = node.apply(bundle, "--force")
    assert forced.returncode == 0, said(forced)
    assert whole(node, bundle)
    assert program.with_name(f"{program.name}.edited").read_text().endswith("# mine\n")


def test_a_bundle_in_a_directory_with_any_name(lab: MakeLab) -> None:
    node = lab(1).nodes[0]
    strange = node.base / "a|b & c's \\ [x]"
    node.bundle(extra_instance="  smtp_alert\n  no_such_keyword\n").rename(strange)
    refused = node.apply(strange)
    assert refused.returncode == 1, said(refused)
    assert "keepalived.conf: Line" in said(refused)
    assert "no_such_keyword" in said(refused)


def test_going_back_step_by_step(lab: MakeLab) -> None:
    node = lab(1).nodes[0]
    sets = [node.bundle(priority=priority, watch=1) for priority in (100, 110, 120)]
    for bundle in sets:
        assert node.apply(bundle).returncode == 0
    for expected in (sets[1], sets[0]):
        back = node.apply(sets[2], "--rollback")
        assert back.returncode == 0, said(back)
        assert whole(node, expected)
    refused = node.apply(sets[2], "--rollback")
    assert (refused.returncode, refused.stderr) == (1, "apply.sh: there is no earlier set to go back to\n")
    node.config.write_text(node.config.read_text() + "# mine\n")
    refused = node.apply(sets[2], "--rollback")
    assert refused.returncode == 4
    assert "edited by hand" in refused.stderr


def test_going_back_after_an_interruption_goes_back_from_what_was_begun(lab: MakeLab) -> None:
    node = lab(1).nodes[0]
    first, second, third = (node.bundle(priority=priority, watch=1) for priority in (100, 110, 120))
    assert node.apply(first).returncode == 0
    assert node.apply(second).returncode == 0
    tools = node.base / "tools"
    tools.mkdir()
    killer = tools / "mv"
    killer.write_text(
        '#!/bin/sh\ncase $* in */havipcfg/pending) /bin/mv "$@"; kill -9 "$PPID" ;; *) exec /bin/mv "$@" ;; esac\n'
    )
    killer.chmod(0o755)
    node.path_prefix = [tools]
    node.apply(third)
    node.path_prefix = []
    assert (node.etc / "havipcfg/pending").exists()
    assert whole(node, second)
    back = node.apply(third, "--rollback")
    assert back.returncode == 0, said(back)
    assert whole(node, second), "the third was never in place"
    assert not (node.etc / "havipcfg/pending").exists()


def test_an_interrupted_change_that_needs_a_restart_is_finished_by_one(lab: MakeLab) -> None:
    node = lab(1).nodes[0]
    old, new = node.bundle(watch=1), node.bundle(restart_only=("instance blue",), priority=120, watch=1)
    assert node.apply(old).returncode == 0
    pid = node.pid()
    tools = node.base / "tools"
    tools.mkdir()
    killer = tools / "mv"
    killer.write_text('#!/bin/sh\n/bin/mv "$@"\ncase $* in */etc/keepalived/keepalived.conf) kill -9 "$PPID" ;; esac\n')
    killer.chmod(0o755)
    node.path_prefix = [tools]
    node.apply(new)
    node.path_prefix = []
    assert whole(node, new)
    finished = node.apply(new)
    assert finished.returncode == 0, said(finished)
    assert "keepalived restarted" in finished.stdout
    assert node.pid() not in (None, pid)


def test_ctrl_c_does_not_stop_the_work(lab: MakeLab) -> None:
    """It reaches every process of the terminal's group."""
    node = lab(1).nodes[0]
    old, new = node.bundle(), node.bundle(priority=120)
    assert node.apply(old).returncode == 0
    command = node.command("dash", new / "apply.sh", "--init", "direct")
    with subprocess.Popen(
        command, env=node.environment(), stdout=subprocess.DEVNULL, start_new_session=True
    ) as running:
        while not (node.etc / "havipcfg/pending").exists():
            assert running.poll() is None
        while running.poll() is None and (node.etc / "havipcfg/pending").exists():
            os.killpg(running.pid, signal.SIGINT)
            try:
                running.wait(0.2)
            except subprocess.TimeoutExpired:
                continue
    assert running.returncode == 0
    assert whole(node, new)
    assert node.apply(new).stdout == DONE

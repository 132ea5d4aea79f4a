"""What apply.sh refuses before it changes anything, on real nodes."""

from __future__ import annotations

import re
import subprocess
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.conftest import tool
from tests.programs.lab import VIP, Lab, Node, tree
from tests.programs.state import whole

if TYPE_CHECKING:
    from collections.abc import Callable

    MakeLab = Callable[[int], Lab]


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


def test_a_manifest_that_was_cut_off_is_refused(lab: MakeLab) -> None:
    node = lab(1).nodes[0]
    bundle = node.bundle()
    whole_text = (bundle / "manifest").read_text()
    for length in (0, 5, len(whole_text) // 2, len(whole_text) - 20, len(whole_text) - 1):
        (bundle / "manifest").write_text(whole_text[:length])
        refused = node.apply(bundle, "--dry-run")
        assert refused.returncode == 1, (length, refused.stdout)
        assert "manifest" in refused.stderr


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
    node.etc.chmod(0o755)
    (node.run_dir / "other.conf").write_text("global_defs {\n}\n")
    with subprocess.Popen(node.command("keepalived", "-n", "-f", "/run/other.conf", "-p", "/run/other.pid")) as other:
        for _ in range(50):
            if (node.run_dir / "other.pid").exists():
                break
            time.sleep(0.1)
        assert re.search(rf"keepalived runs \({other.pid} [0-9 ]*\), but", preflight(node))
        other.terminate()


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

"""apply-all.sh and the playbook on clusters of real nodes: the order, one holder after each step, failures."""

from __future__ import annotations

import hashlib
import os
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from havipcfg.generator.programs import program
from tests.programs import playbook
from tests.programs.lab import VIP, Intent, Lab, Watch

if TYPE_CHECKING:
    from collections.abc import Callable

    MakeLab = Callable[[int], Lab]

A = Intent(priority=110, nopreempt=False)
B = Intent(priority=100, nopreempt=False)
SECOND = "10.20.0.101"


def apply_all(lab: Lab, intents: list[Intent], *options: str) -> subprocess.CompletedProcess[str]:
    out = lab.cluster(lab.base / "out", intents)
    environment = {**os.environ, "HAVIPCFG_SSH": str(lab.ssh())}
    return subprocess.run(
        ["dash", str(out / "apply-all.sh"), *options],
        env=environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=300,
        check=False,
    )


def play(lab: Lab, intents: list[Intent], *options: str) -> subprocess.CompletedProcess[str]:
    out = lab.cluster(lab.base / "out", intents)
    (out / "ansible").mkdir(exist_ok=True)
    for name in ("playbook.yml", "verify.yml"):
        (out / "ansible" / name).write_bytes(program(name))
    return playbook.play(lab, out, *options)


def order(output: str) -> list[str]:
    """The steps in the order they were made."""
    return [line for line in output.splitlines() if line.startswith("web-") and ": " in line]


@pytest.fixture
def pair(lab: MakeLab) -> Lab:
    made = lab(2)
    made.install(made.base / "out", [A, B])
    return made


def test_reload_secondary_first(lab: MakeLab) -> None:
    pair = lab(2)
    first = apply_all(pair, [A, B])
    assert first.returncode == 0, first.stdout + first.stderr
    assert order(first.stdout) == ["web-a: apply", "web-b: apply"]
    with Watch(pair.nodes) as watch:
        done = apply_all(pair, [replace(A, priority=120), replace(B, priority=105)])
        again = apply_all(pair, [replace(A, priority=120), replace(B, priority=105)])
    assert done.returncode == 0, done.stdout + done.stderr
    assert order(done.stdout) == ["web-b: apply", "web-a: apply"]
    assert again.stdout == "nothing to do on any node\n"
    assert watch.seconds(0) == 0
    assert watch.seconds(2) == 0


@pytest.mark.parametrize(
    "changes", [{"vips": (VIP, SECOND)}, {"password": "0ther-pw"}, {"advert": 2}], ids=["vips", "password", "interval"]
)
def test_what_all_must_have_alike(pair: Lab, changes: dict[str, object]) -> None:
    intents = [replace(A, **changes), replace(B, **changes)]  # type: ignore[arg-type]
    with Watch(pair.nodes) as watch:
        done = apply_all(pair, intents)
    assert done.returncode == 0, done.stdout + done.stderr
    assert order(done.stdout) == ["web-b: stop", "web-a: apply", "web-b: apply"]
    assert watch.seconds(0) == 0
    assert watch.seconds(2) == 0
    assert "0ther-pw" not in done.stdout + done.stderr
    assert "Zo4-fish" not in done.stdout + done.stderr
    if "vips" in changes:
        assert pair.nodes[0].holds(SECOND)
        back = apply_all(pair, intents, "--rollback")
        assert back.returncode == 0, back.stdout + back.stderr
        assert not any(node.holds(SECOND) for node in pair.nodes)
        assert sum(node.holds() for node in pair.nodes) == 1


def test_identity_has_one_outage_and_never_two_holders(pair: Lab) -> None:
    with Watch(pair.nodes) as watch:
        done = apply_all(pair, [replace(A, vrid=77), replace(B, vrid=77)])
    assert done.returncode == 0, done.stdout + done.stderr
    assert 0 < watch.seconds(0) < 8
    assert watch.seconds(2) == 0


def test_restart_drains_the_holder(pair: Lab) -> None:
    with Watch(pair.nodes) as watch:
        done = apply_all(
            pair, [replace(A, priority=111, restart_only=("x",)), replace(B, priority=101, restart_only=("x",))]
        )
    assert done.returncode == 0, done.stdout + done.stderr
    assert order(done.stdout)[0] == "web-b: apply"
    assert order(done.stdout)[1].startswith("web-a: stop")
    assert watch.seconds(0) < 2
    assert watch.seconds(2) < 0.3


def test_restart_together_with_what_all_must_have_alike(pair: Lab) -> None:
    with Watch(pair.nodes) as watch:
        both = {"restart_only": ("x",), "password": "0ther-pw"}
        done = apply_all(pair, [replace(A, **both), replace(B, **both)])  # type: ignore[arg-type]
    assert done.returncode == 0, done.stdout + done.stderr
    assert order(done.stdout) == ["web-b: stop", "web-a: apply", "web-b: apply"]
    assert watch.seconds(2) == 0


def test_a_change_that_makes_two_holders_is_taken_back(pair: Lab) -> None:
    """A wrong bundle (another password on one node alone, called a plain reload) must not stay."""
    wrong = replace(B, vrid=99, priority=90)
    out = pair.cluster(pair.base / "out", [replace(A, priority=115), wrong])
    data = out / "web-b" / "node.data"
    manifest = out / "web-b" / "manifest"
    before = hashlib.sha256(data.read_bytes()).hexdigest()
    data.write_text(data.read_text().replace("identity=99,", "identity=51,"))
    manifest.write_text(manifest.read_text().replace(before, hashlib.sha256(data.read_bytes()).hexdigest()))
    done = subprocess.run(
        ["dash", str(out / "apply-all.sh")],
        env={**os.environ, "HAVIPCFG_SSH": str(pair.ssh())},
        capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 5, done.stdout + done.stderr
    assert "web-b: roll back, so that only one node holds it" in done.stdout
    assert sum(node.holds() for node in pair.nodes) == 1


def test_failure_on_the_first_node_leaves_the_old_set_running(pair: Lab) -> None:
    bad = {"vrid": 77, "check": "no-file /etc/passwd", "settle": 4}
    failed = apply_all(pair, [replace(A, **bad), replace(B, **bad)])  # type: ignore[arg-type]
    assert failed.returncode == 5, failed.stdout
    assert "web-a did not settle and rolled itself back" in failed.stderr
    assert order(failed.stdout)[:2] == ["web-b: stop", "web-a: apply"]
    assert all(node.pid() for node in pair.nodes)
    assert sum(node.wait_holds() if index == 0 else node.holds() for index, node in enumerate(pair.nodes)) == 1


@pytest.mark.parametrize("how", [apply_all, play], ids=["apply-all", "playbook"])
def test_a_first_node_that_fails_later_is_taken_back_and_the_others_run_again(
    pair: Lab, how: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    """It settled, and then its check failed while the others were stopped: nobody would hold the address."""
    later = pair.base / "later"
    later.write_text(
        "#!/bin/sh\n[ -e /run/begun ] || date +%s >/run/begun\n[ $(($(date +%s) - $(cat /run/begun))) -lt 7 ]\n"
    )
    later.chmod(0o755)
    bad = {"vrid": 77, "check": f"command {later}"}
    before = [node.config.read_bytes() for node in pair.nodes]
    failed = how(pair, [replace(A, **bad), replace(B, **bad)])  # type: ignore[arg-type]
    assert failed.returncode != 0, failed.stdout
    assert "oll back, so that the others can be started again" in failed.stdout
    assert [node.config.read_bytes() for node in pair.nodes] == before
    assert all(node.pid() for node in pair.nodes)
    assert any(node.wait_holds() for node in pair.nodes)


def test_preflight_of_all_comes_first(pair: Lab) -> None:
    before = [node.config.read_bytes() for node in pair.nodes]
    refused = apply_all(pair, [replace(A, priority=130), replace(B, priority=90, local="10.20.0.99")])
    assert refused.returncode == 1
    assert "refused by: web-b" in refused.stderr
    assert [node.config.read_bytes() for node in pair.nodes] == before


def test_two_holders_before_the_change_stop_everything(pair: Lab) -> None:
    subprocess.run(
        ["ip", "-n", pair.nodes[1].namespace, "addr", "add", f"{VIP}/32", "dev", "eth0"],
        check=True,
        capture_output=True,
    )
    refused = apply_all(pair, [replace(A, priority=130), B])
    assert refused.returncode == 1
    assert "two holders before anything was changed" in refused.stderr
    assert apply_all(pair, [A, B], "--status").returncode == 1


def test_new_node_comes_last(lab: MakeLab) -> None:
    made = lab(3)
    third = made.nodes.pop()
    for node in made.nodes:
        node.peers = tuple(peer for peer in node.peers if peer != third.address)
    made.install(made.base / "out", [A, B])
    made.nodes.append(third)
    for node in made.nodes:
        node.peers = tuple(other.address for other in made.nodes if other is not node)
    with Watch(made.nodes) as watch:
        done = apply_all(made, [A, B, replace(B, priority=90)])
    assert done.returncode == 0, done.stdout + done.stderr
    assert order(done.stdout) == ["web-b: apply", "web-a: apply", "web-c: apply"]
    assert watch.seconds(0) == 0
    assert watch.seconds(2) == 0


def test_playbook(lab: MakeLab) -> None:
    made = lab(2)
    check = play(made, [A, B], "--check")
    assert check.returncode == 0, check.stdout + check.stderr
    assert all(not node.config.exists() for node in made.nodes)
    first = play(made, [A, B])
    assert first.returncode == 0, first.stdout + first.stderr
    assert made.nodes[0].holds()
    again = play(made, [A, B])
    assert again.returncode == 0, again.stdout
    assert "changed=1" not in again.stdout
    with Watch(made.nodes) as watch:
        changed = play(made, [replace(A, password="0ther-pw"), replace(B, password="0ther-pw")])
    assert changed.returncode == 0, changed.stdout + changed.stderr
    assert watch.seconds(0) == 0
    assert watch.seconds(2) == 0
    assert "0ther-pw" not in changed.stdout
    failed = play(made, [replace(A, vrid=78, check="no-file /etc/passwd", settle=3), replace(B, vrid=78)])
    assert failed.returncode != 0
    assert all(node.pid() for node in made.nodes), "the others were started again: " + failed.stdout

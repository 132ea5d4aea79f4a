"""``init`` writes a file that generates at once, and overwrites nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from havipcfg.providers import names, provider
from tests.cli.process import COMMAND, on_terminal

FLAGS = ("--provider", "onprem", "--subnet", "192.0.2.0/24", "--havip", "192.0.2.100")
NODES = ("--node", "a=192.0.2.11@ens3", "--node", "b=192.0.2.12", "--check", "tcp=80", "--check", "process=nginx")


def run(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "havipcfg", *words]
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60, check=False
    )


def test_what_it_writes_generates_at_once(tmp_path: Path) -> None:
    done = run("init", *FLAGS, *NODES, "--authentication", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    secret = tmp_path / "cluster.password"
    assert secret.stat().st_mode & 0o777 == 0o600
    assert secret.read_text().strip() not in (tmp_path / "cluster.yaml").read_text() + done.stdout + done.stderr
    made = run("generate", "cluster.yaml", "-o", "out", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    assert "interface ens3" in (tmp_path / "out" / "a" / "keepalived.conf").read_text()


IDS = ("network_interface_id=eni-{0}", "instance_id=srv-{0}", "zone=z1")
CLOUD = ("region=eu-1", "project=p", "network=n", "netrc=/root/.netrc", "header=/root/token")
SERVED = [name for name in names() if not provider(name).advice]


@pytest.mark.parametrize("name", SERVED)
def test_on_every_cloud_it_generates_at_once_where_the_ids_are_given(name: str, tmp_path: Path) -> None:
    nodes = [word for n in (1, 2) for word in ("--node", ",".join((f"n{n}=192.0.2.1{n}", *IDS)).format(n))]
    cloud = [word for pair in CLOUD for word in ("--cloud", pair)]
    words = ("--provider", name, "--subnet", "192.0.2.0/24", "--havip", "192.0.2.100,id=vip-1", *nodes, *cloud)
    done = run("init", *words, "--check", "tcp=80", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    made = run("generate", "cluster.yaml", "-o", "out", cwd=tmp_path)
    assert made.returncode == 0, done.stderr + made.stderr


def test_a_detail_without_a_value_is_refused(tmp_path: Path) -> None:
    done = run("init", *FLAGS, "--node", "a=192.0.2.11,zone", "--node", "b=192.0.2.12", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (
        2,
        "havipcfg: init: 'a=192.0.2.11,zone': --node NAME=ADDRESS[@INTERFACE][,KEY=VALUE...] is expected\n",
    )


def test_it_overwrites_only_when_forced(tmp_path: Path) -> None:
    (tmp_path / "cluster.yaml").write_text("mine\n")
    assert run("init", *FLAGS, *NODES, cwd=tmp_path).returncode == 2
    assert (tmp_path / "cluster.yaml").read_text() == "mine\n"
    assert run("init", *FLAGS, *NODES, "--force", cwd=tmp_path).returncode == 0


def test_missing_and_wrong_answers_write_nothing(tmp_path: Path) -> None:
    missing = run("init", *FLAGS, cwd=tmp_path)
    assert missing.returncode == 2
    assert "--node" in missing.stderr
    wrong = run(
        "init", *FLAGS, "--node", "a=192.0.2.11", "--node", "b=198.51.100.1", "--havip", "10.9.9.9", cwd=tmp_path
    )
    assert wrong.returncode == 1
    assert "Traceback" not in wrong.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_the_call_of_a_cloud_needs_is_named_and_the_file_is_kept(tmp_path: Path) -> None:
    done = run("init", "--provider", "aws", *FLAGS[2:], *NODES, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "cloud.region" in done.stderr
    assert "network_interface_id" in done.stderr
    assert "add what the findings name" in done.stdout
    assert (tmp_path / "cluster.yaml").exists()


GIVEN = [
    (rb"Provider.*: $", b"onprm\n"),
    (rb"Provider.*: $", b"onprem\n"),
    (rb"Subnet.*: $", b"192.0.2.1\n"),
    (rb"Subnet.*: $", b"192.0.2.0/24\n"),
    (rb"Virtual.*: $", b"192.0.2.300\n"),
    (rb"Virtual.*: $", b"192.0.2.100\n"),
    (rb"Nodes.*: $", b"a=192.0.2.11\n"),
    (rb"Nodes.*: $", b"a=192.0.2.11 b=192.0.2.12@ens3\n"),
    (rb"Checks.*: $", b"web=80\n"),
    (rb"Checks.*: $", b"tcp=80\n"),
]


def test_on_a_terminal_a_wrong_answer_is_asked_for_again(tmp_path: Path) -> None:
    status, shown = on_terminal(tmp_path, [*COMMAND, "init"], GIVEN)
    screen = shown.decode()
    assert status == 0, screen
    for said in (
        "did you mean onprem?",
        "has no prefix length",
        "192.0.2.300",
        "two nodes or more",
        "KIND=VALUE, with",
    ):
        assert said in screen
    made = run("generate", "cluster.yaml", "-o", "out", cwd=tmp_path)
    assert made.returncode == 0, made.stderr

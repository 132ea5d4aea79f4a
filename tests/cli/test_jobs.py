"""A run in several processes says what a run in one says, byte for byte."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from havipcfg.linter.workers import shares
from havipcfg.source import Source
from tests.conftest import ROOT

FIXTURES = sorted((ROOT / "tests" / "fixtures" / "rules").rglob("*.conf"))


def node(cluster: int, number: int, **changes: object) -> str:
    values = {"router": cluster % 255 + 1, "priority": 110 - 20 * number, "address": f"10.0.{cluster}.100", **changes}
    return f"""\
vrrp_instance web {{
    state BACKUP
    interface eth0
    virtual_router_id {values["router"]}
    priority {values["priority"]}
    unicast_src_ip 10.0.{cluster}.{number + 1}
    unicast_peer {{
        10.0.{cluster}.{2 - number}
    }}
    virtual_ipaddress {{
        {values["address"]}
    }}
}}
"""


def directory(folder: Path, seed: int) -> None:
    """Pairs side by side and apart, real mistakes in some, files of every rule, shared includes, suppressions."""
    chance = random.Random(seed)
    (folder / "shared.inc").write_text(
        "vrrp_script chk {\n    script /bin/true # havipcfg: ignore[KC9]\n    colour red\n}\n"
    )
    for cluster in range(chance.randint(30, 50)):
        apart = chance.random() < 0.5
        for number in range(2):
            path = folder / (f"{'ab'[number]}/c{cluster}.conf" if apart else f"c{cluster}-{number}.conf")
            path.parent.mkdir(exist_ok=True)
            changes = {"router": 7} if chance.random() < 0.2 else {}
            changes |= {"address": "10.0.0.200"} if chance.random() < 0.1 else {}
            text = node(cluster, number, **changes)
            if chance.random() < 0.3:
                text += f"include {'../' if apart else ''}shared.inc\n"
            if chance.random() < 0.2:
                text = text.replace("priority", "priority # havipcfg: ignore\n    priority")
            path.write_text(text)
    for number, fixture in enumerate(chance.sample(FIXTURES, 40)):
        (folder / f"rule{number}.conf").write_bytes(fixture.read_bytes())


def run(folder: Path, *arguments: str) -> tuple[int, bytes, bytes]:
    command = [sys.executable, "-m", "havipcfg", "lint", "--isolated", *arguments, "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("seed", range(4))
def test_several_processes_say_what_one_says(tmp_path: Path, seed: int) -> None:
    directory(tmp_path, seed)
    alone = run(tmp_path, "--jobs", "1", "--format", "json")
    assert alone[0] == 1
    assert alone[1].count(b'"code"') > 100
    for jobs in ("2", "3"):
        assert run(tmp_path, "--jobs", jobs, "--format", "json") == alone


def test_as_one_cluster_too(tmp_path: Path) -> None:
    for cluster in range(40):
        for number in range(2):
            (tmp_path / f"c{cluster}-{number}.conf").write_text(node(cluster, number))
    alone = run(tmp_path, "--jobs", "1", "--as-cluster")
    assert b"CL" in alone[1]
    assert run(tmp_path, "--jobs", "2", "--as-cluster") == alone


def test_failovers_are_explored_where_clusters_are_few(tmp_path: Path) -> None:
    for file in FIXTURES:
        if file.parent.name == "bad-groups-paired-otherwise":
            (tmp_path / file.name).write_bytes(file.read_bytes())
    for number in range(70):
        (tmp_path / f"alone{number}.conf").write_text(node(number + 100, 0).replace("unicast_src_ip", "#"))
    alone = run(tmp_path, "--jobs", "1")
    assert b"FO103" in alone[1]
    assert run(tmp_path, "--jobs", "2") == alone


def test_a_share_has_files_of_one_address_and_every_file_is_in_one() -> None:
    sources = [Source(f"{number}.conf", node(cluster, number)) for number in range(2) for cluster in range(50)]
    parts = shares(sources, 3)
    assert sorted(index for part in parts for index in part) == list(range(100))
    assert all((index + 50) % 100 in part for part in parts for index in part)
    assert max(map(len, parts)) < 2 * min(map(len, parts))


def test_an_interrupt_ends_every_process(tmp_path: Path) -> None:
    for number in range(3000):
        (tmp_path / f"{number}.conf").write_text(node(number % 250, 0))
    command = [sys.executable, "-m", "havipcfg", "lint", "--isolated", "--jobs", "2", "."]
    process = subprocess.Popen(
        command, cwd=tmp_path, start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while len(children.read_text().split()) < 2 and process.poll() is None:
        time.sleep(0.01)
    started = children.read_text().split()
    os.killpg(process.pid, signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, output, errors) == (130, b"", b"")
    assert len(started) == 2
    assert not any(Path("/proc", child).exists() for child in started)

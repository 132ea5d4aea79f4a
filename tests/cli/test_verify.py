from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

NODE = """vrrp_script chk_app {{
    script "/usr/local/bin/check-app"
    interval 2
    weight -30
}}
vrrp_instance web {{
    state BACKUP
    {preempt}
    interface eth0
    virtual_router_id 51
    priority {priority}
    unicast_src_ip {own}
    unicast_peer {{
        {peer}
    }}
    virtual_ipaddress {{
        10.0.0.100/24
    }}
    track_script {{
        chk_app
    }}
}}
"""
CLUSTER = """name: web
provider: tencent
subnet: 10.0.0.0/24
havips: [10.0.0.100]
nodes:
  web-a: {address: 10.0.0.11, interface: eth0}
  web-b: {address: 10.0.0.12, interface: eth0}
checks:
  chk_app: {process: nginx}
"""


def havipcfg(*arguments: str | Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "havipcfg", *map(str, arguments)]
    environment = {**os.environ, "COLUMNS": "80"}
    return subprocess.run(command, capture_output=True, text=True, check=False, input=stdin, env=environment)


def pair(folder: Path, preempt: str = "") -> list[Path]:
    files = [folder / "web-a.conf", folder / "web-b.conf"]
    files[0].write_text(NODE.format(preempt=preempt, priority=110, own="10.0.0.11", peer="10.0.0.12"))
    files[1].write_text(NODE.format(preempt=preempt, priority=100, own="10.0.0.12", peer="10.0.0.11"))
    return files


def test_a_sound_pair_holds(tmp_path: Path) -> None:
    done = havipcfg("verify", *pair(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "exhaustive" in done.stdout
    assert "web-b holds" in done.stdout
    assert "\x1b" not in done.stdout
    assert max(len(line) for line in done.stdout.splitlines() if ".conf:" not in line) <= 80


def test_nopreempt_with_a_weighted_check_does_not_hold(tmp_path: Path) -> None:
    done = havipcfg("verify", *pair(tmp_path, "nopreempt"))
    assert done.returncode == 1
    row = next(line for line in done.stdout.splitlines() if "chk_app fails on web-a" in line)
    assert row.endswith("FO101")
    assert "web-b.conf:8  nopreempt" in done.stdout
    assert "web-a MASTER 80   web-b BACKUP 100" in done.stdout


def test_a_target_that_is_missed(tmp_path: Path) -> None:
    done = havipcfg("verify", *pair(tmp_path), "--max-failover", "2", "--format", "json")
    assert done.returncode == 1
    (cluster,) = json.loads(done.stdout)["clusters"]
    assert not cluster["holds"]
    assert {each["code"] for each in cluster["violations"]} >= {"FO105"}


def test_scenario_is_the_contract(tmp_path: Path) -> None:
    done = havipcfg("verify", *pair(tmp_path), "--scenario", "start; die web-a", "--format", "json")
    assert done.returncode == 0
    document = json.loads(done.stdout)
    assert document.keys() == {"version", "steps"}
    assert [step["event"] for step in document["steps"]] == ["start", "die web-a"]
    (outcome,) = document["steps"][1]["outcomes"]
    assert outcome.keys() == {"holders", "after_s", "gap_s", "dual_s"}
    assert outcome["holders"] == {"web": ["web-b"]}


def test_one_event_with_a_dot_is_no_file(tmp_path: Path) -> None:
    files = pair(tmp_path)
    assert havipcfg("verify", *files, "--scenario", "wait 2.5").returncode == 0
    reload = havipcfg("verify", *files, "--scenario", f"reload web-a {files[1].resolve()}")
    assert reload.returncode == 0, reload.stderr


def test_scenario_from_a_file(tmp_path: Path) -> None:
    events = tmp_path / "night.scenario"
    events.write_text("start\nstop web-a  # maintenance\n")
    done = havipcfg("verify", *pair(tmp_path), "--scenario", events)
    assert done.returncode == 0
    assert "stop web-a" in done.stdout


@pytest.mark.parametrize("events", ["jump web-a", "stop nobody", "check web-a none fail", ""])
def test_a_wrong_scenario_is_not_judged(tmp_path: Path, events: str) -> None:
    done = havipcfg("verify", *pair(tmp_path), "--scenario", events)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("havipcfg: ")


def test_what_was_not_read_is_never_clean(tmp_path: Path) -> None:
    files = pair(tmp_path)
    assert havipcfg("verify", files[0]).returncode == 2
    assert havipcfg("verify", *files, tmp_path / "missing.conf").returncode == 2
    assert havipcfg("verify").returncode == 2
    assert havipcfg("verify", *files, "--target", "9.9").returncode == 2
    assert havipcfg("verify", *files, "--format", "xml").returncode == 2


def test_cluster_file(tmp_path: Path) -> None:
    file = tmp_path / "cluster.yaml"
    file.write_text(CLUSTER)
    done = havipcfg("verify", file)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "10 s" in done.stdout
    assert havipcfg("verify", "-", stdin=CLUSTER).returncode == 0


def test_names_with_blanks_and_a_missing_interface(tmp_path: Path) -> None:
    files = pair(tmp_path)
    spaced = tmp_path / "web a.conf"
    spaced.write_text(files[0].read_text().replace("    interface eth0\n", ""))
    done = havipcfg("verify", spaced, files[1])
    assert done.returncode in (0, 1)
    files[1].write_text(files[1].read_text().replace("    interface eth0\n", ""))
    nobody = havipcfg("verify", spaced, files[1])
    assert nobody.returncode == 2
    assert "it has no interface" in nobody.stderr
    assert "Traceback" not in done.stderr


SHARED = """vrrp_instance web {
    interface eth0
    virtual_router_id 51
    @web-a priority 110
    @web-b priority 100
    @web-a unicast_src_ip 10.0.0.11
    @web-b unicast_src_ip 10.0.0.12
    unicast_peer {
        @^web-a 10.0.0.11
        @^web-b 10.0.0.12
    }
    virtual_ipaddress {
        10.0.0.100/24
    }
}
"""


def test_one_file_for_all_nodes(tmp_path: Path) -> None:
    shared = tmp_path / "keepalived.conf"
    shared.write_text(SHARED)
    done = havipcfg("verify", shared)
    assert (done.returncode, done.stderr) == (0, "")
    assert "web-a dies               web-b holds after" in done.stdout
    shared.write_text(SHARED.replace("@^web-b 10.0.0.12", "@^web-b 10.0.0.22"))
    done = havipcfg("verify", shared)
    assert done.returncode == 1
    assert "web-b does not hear web-a: not among the sender's unicast peers" in done.stdout


def test_misspelt_id_is_no_node(tmp_path: Path) -> None:
    shared = tmp_path / "keepalived.conf"
    shared.write_text(SHARED.replace("@web-b priority", "@wbe-b priority"))
    done = havipcfg("verify", shared)
    assert done.returncode == 2
    assert (
        done.stderr
        == f"havipcfg: {shared}: no node is called wbe-b; did you mean web-b? havipcfg lint shows the lines\n"
    )
    assert "2 nodes" in done.stdout


def test_copies_of_one_file_for_all_nodes(tmp_path: Path) -> None:
    copies = [tmp_path / node / "keepalived.conf" for node in ("web-a", "web-b")]
    for copy in copies:
        copy.parent.mkdir()
        copy.write_text(SHARED)
    copies[1].write_text(SHARED.replace("priority 100", "priority 120"))
    done = havipcfg("verify", *copies, "--scenario", "start")
    assert "web-b holds after" in done.stdout, "each node reads its own copy"

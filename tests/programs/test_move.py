"""move.sh: exact calls against stand-in clients, and the AWS rows against moto's server on loopback."""

from __future__ import annotations

import json
import re
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from havipcfg.generator.programs import program
from havipcfg.generator.programs.bundle import Move, move_data
from tests.conftest import tool
from tests.programs.lab import SHELLS
from tests.programs.moves import CASES, CHANGING, MOVES, VIP, Client, run, section

if TYPE_CHECKING:
    pass


def test_the_facts_the_script_and_the_cases_speak_of_the_same_moves() -> None:
    written = re.findall(r"(?m)^(here|move)_(\w+)_([a-z]+)\(\)", program("move.sh").decode())
    for half in ("here", "move"):
        assert {(vendor, kind) for word, vendor, kind in written if word == half} == set(MOVES)
    assert set(CASES) == set(MOVES)


@pytest.mark.parametrize(("vendor", "kind"), sorted(CASES))
def test_exact_calls(tmp_path: Path, vendor: str, kind: str) -> None:
    before, expected, after = CASES[vendor, kind]
    last = sorted(CHANGING & set(expected[-1]))[0]
    client = Client(tmp_path, MOVES[vendor, kind].program, before, after, last)
    data = tmp_path / "move.data"
    data.write_bytes(move_data([section("aws", "private", "db", "10.20.0.7"), section(vendor, kind)]))

    dry = run(client, data, "--dry-run")
    assert dry.returncode == 0, dry.stderr
    assert client.changes() == [], "a dry run changes nothing"
    assert dry.stdout.count("would run:") == len(expected)

    moved = run(client, data)
    assert moved.returncode == 0, moved.stderr
    assert client.changes() == expected
    assert "here now" in client.log.read_text()
    assert "10.20.0.7" not in json.dumps(client.made())

    again = run(client, data)
    assert again.returncode == 0
    assert client.changes() == expected, "already here: nothing to do"
    assert "s3cr3t" not in client.log.read_text() + client.calls.read_text()


@pytest.mark.parametrize("shell", SHELLS)
def test_retries_then_succeeds(tmp_path: Path, shell: str) -> None:
    tool(shell.split()[0])
    client = Client(tmp_path, "aws", "", VIP, "assign-private-ip-addresses", fail=2)
    data = tmp_path / "move.data"
    data.write_bytes(move_data([section("aws", "private")]))
    assert run(client, data, shell=shell).returncode == 0
    assert len(client.changes()) == 3
    assert "RequestLimitExceeded" in client.log.read_text()


def test_gives_up_in_time_and_says_so(tmp_path: Path) -> None:
    client = Client(tmp_path, "aws", "", "", "assign-private-ip-addresses", fail=99)
    data = tmp_path / "move.data"
    data.write_bytes(move_data([section("aws", "private")], attempts=2))
    assert run(client, data).returncode == 1
    assert len(client.changes()) == 2
    assert "NOT HERE after 2 attempts" in client.log.read_text()


def test_a_client_that_hangs_is_ended(tmp_path: Path) -> None:
    client = Client(tmp_path, "aws", "", "", "x")
    (client.bin / "aws").write_text("#!/bin/sh\nexec sleep 60\n")
    data = tmp_path / "move.data"
    data.write_bytes(move_data([section("aws", "private")], attempts=1, call_timeout=1))
    started = time.monotonic()
    assert run(client, data).returncode == 1
    assert time.monotonic() - started < 30


def test_stops_when_not_master_any_more(tmp_path: Path) -> None:
    client = Client(tmp_path, "aws", "", VIP, "assign-private-ip-addresses")
    client.run.mkdir()
    (client.run / "web.state").write_text("BACKUP 100 1 INSTANCE web\n")
    data = tmp_path / "move.data"
    data.write_bytes(move_data([section("aws", "private")]))
    assert run(client, data).returncode == 1
    assert client.changes() == []
    assert "not master any more" in client.log.read_text()


def test_gcp_takes_the_alias_off_the_peer_first(tmp_path: Path) -> None:
    client = Client(tmp_path, "gcloud", "", "", "never")
    ranges = 'printf \'"ipCidrRange": "%s/32"\\n\''
    (client.bin / "gcloud").write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$*" >>{tmp_path}/calls\n'
        f"case $* in\n*describe*peer-1*) {ranges} {VIP} 10.9.9.9 ;;\n*describe*) cat {tmp_path}/answer ;;\n"
        f"*update*42*) {ranges} {VIP} >{tmp_path}/answer ;;\nesac\n"
    )
    data = tmp_path / "move.data"
    fields = [("project", "p"), ("zone", "z"), ("server", "42"), ("peer", "peer-1 z2")]
    data.write_bytes(move_data([Move("web", "gcp", "alias", VIP, fields)]))
    assert run(client, data).returncode == 0
    updates = [line for line in client.calls.read_text().splitlines() if "update" in line]
    interface = "compute instances network-interfaces update"
    assert updates == [
        f"{interface} peer-1 --project p --zone z2 --network-interface nic0 --aliases 10.9.9.9/32",
        f"{interface} 42 --project p --zone z --network-interface nic0 --aliases {VIP}/32",
    ]


def test_exoscale_takes_the_address_off_the_peer_first(tmp_path: Path) -> None:
    client = Client(tmp_path, "exo", "", "", "never")
    (client.bin / "exo").write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$*" >>{tmp_path}/calls\n'
        f'case $* in\n*show\\ 41*) echo \'{{"elastic_ips":["{VIP}"]}}\' ;;\n*show\\ 42*) cat {tmp_path}/answer ;;\n'
        f"*attach*) echo '{VIP}' >{tmp_path}/answer ;;\nesac\n"
    )
    data = tmp_path / "move.data"
    data.write_bytes(move_data([section("exoscale", "elastic")]))
    assert run(client, data).returncode == 0
    changes = [line for line in client.calls.read_text().splitlines() if "elastic-ip" in line]
    assert changes == [
        f"compute instance elastic-ip detach 41 {VIP} --zone zone-1",
        f"compute instance elastic-ip attach 42 {VIP} --zone zone-1",
    ]


@pytest.mark.parametrize("value", ["$(touch never)", "a;b", "`id`", "-x", 'a"b', "a'b", "*"])
def test_hostile_values_are_refused(tmp_path: Path, value: str) -> None:
    client = Client(tmp_path, "aws", "", VIP, "assign-private-ip-addresses")
    data = tmp_path / "move.data"
    data.write_bytes(move_data([Move("web", "aws", "private", VIP, [("region", value), ("nic", "eni-1")])]))
    assert run(client, data).returncode == 2
    assert client.made() == []


@pytest.mark.parametrize("name", ["$(touch never)", "a b", "*", "../x", "-n"])
def test_hostile_instance_names_work(tmp_path: Path, name: str) -> None:
    client = Client(tmp_path, "aws", "", VIP, "assign-private-ip-addresses")
    data = tmp_path / "move.data"
    data.write_bytes(move_data([section("aws", "private", instance=name)]))
    assert run(client, data, instance=name).returncode == 0
    assert len(client.changes()) == 1


def test_many_calls_at_once_do_the_work_once(tmp_path: Path) -> None:
    client = Client(tmp_path, "aws", "", VIP, "assign-private-ip-addresses")
    data = tmp_path / "move.data"
    data.write_bytes(move_data([section("aws", "private")]))
    environment = {"PATH": f"{client.bin}:/usr/bin:/bin", "HAVIPCFG_RUN": str(client.run)}
    started = [subprocess.Popen(["dash", str(client.program), str(data), "web"], env=environment) for _ in range(6)]
    assert [one.wait(timeout=60) for one in started] == [0] * 6
    assert len(client.changes()) == 1


def test_wrong_use(tmp_path: Path) -> None:
    client = Client(tmp_path, "aws", "", VIP, "x")
    data = tmp_path / "move.data"
    data.write_bytes(move_data([section("aws", "private")]))
    assert run(client, data, instance="other").returncode == 2
    assert run(client, tmp_path / "absent").returncode == 2
    data.write_bytes(move_data([Move("web", "azure", "private", VIP)]))
    assert run(client, data).returncode == 2


@pytest.mark.parametrize(
    ("vendor", "program", "asks", "moves"),
    [
        ("oci", "oci", ["network", "ipv6", "list"], ["network", "vnic", "assign-ipv6"]),
        ("aws", "aws", ["ec2", "describe-network-interfaces"], ["ec2", "assign-ipv6-addresses"]),
    ],
)
def test_an_ipv6_address_is_moved_and_known_in_any_form(
    tmp_path: Path, vendor: str, program: str, asks: list[str], moves: list[str]
) -> None:
    client = Client(tmp_path, program, "", '["2001:0DB8:0000:0000:0000:0000:0000:0a00"]', moves[-1])
    data = tmp_path / "move.data"
    data.write_bytes(move_data([section(vendor, "private", address="2001:db8::a00")]))
    assert run(client, data).returncode == 0
    made = client.made()
    assert made[0][: len(asks)] == asks
    [moved] = [words for words in made if words[: len(moves)] == moves]
    assert "2001:db8::a00" in moved
    for other in ("2001:db8::a0", "2001:db8:a00::", "::a00"):
        client.answer.write_text(f'["{other}"]')
        calls = len(client.made())
        run(client, data, "--dry-run")
        assert len(client.made()) > calls + (vendor == "aws"), "not taken for the same"
    client.answer.write_text("2001:DB8:0::A00")
    assert "would run" not in run(client, data, "--dry-run").stdout


@pytest.mark.parametrize(
    ("words", "want", "found"),
    [
        ("::1", "0:0:0:0:0:0:0:1", True),
        ("fd00::", "fd00:0:0:0:0:0:0:0", True),
        ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8", True),
        ("1::3:4:5:6:7:8", "1:0:3:4:5:6:7:8", True),
        ("fd00::1", "fd00::2", False),
        ("10.0.0.10", "10.0.0.1", False),
        ("eni-00ff", "eni-ff", False),
    ],
)
@pytest.mark.parametrize("awk", ["mawk", "busybox awk"])
def test_words_are_compared_whole(tmp_path: Path, awk: str, words: str, want: str, found: bool) -> None:
    tool(awk.split()[0])
    (tmp_path / "awk").write_text(f'#!/bin/sh\nexec {awk} "$@"\n')
    (tmp_path / "awk").chmod(0o755)
    text = program("move.sh").decode()
    function = text[text.index("names() {") : text.index("asked() {")]
    script = f'{function}\nprintf "%s\\n" "$1" | names "$2"'
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    done = subprocess.run(["dash", "-c", script, "sh", f'["x", "{words}"]', want], env=environment, check=False)
    assert (done.returncode == 0) == found

"""move.sh: exact calls against stand-in clients, and the AWS rows against moto's server on loopback."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from havipcfg.generator import programs
from havipcfg.generator.programs.bundle import Move, move_data
from havipcfg.providers import names, provider
from tests.conftest import tool
from tests.programs.lab import SHELLS

if TYPE_CHECKING:
    from collections.abc import Iterator

MOVES = {(name, move.kind): move for name in names() for move in provider(name).moves}
MOVE = Path(programs.__file__).parent / "move.sh"
VIP = "10.20.0.100"
FIELDS = {
    "region": "eu-1",
    "zone": "zone-1",
    "project": "proj",
    "vpc": "vpc-1",
    "network": "net-1",
    "nic": "eni-mine",
    "server": "42",
    "id": "obj-1",
    "netrc": "/root/.netrc",
    "header": "/root/token",
    "peer": "41 zone-1",
    "route_table": "rtb-1",
}

# (vendor, kind): what the stand-in answers before the move, the words of the changing calls
ASSIGN = ["--network-interface-id", "eni-mine", "--private-ip-addresses", VIP, "--allow-reassignment"]
CASES: dict[tuple[str, str], tuple[str, list[list[str]], str]] = {
    ("aws", "private"): ("10.20.0.11", [["ec2", "assign-private-ip-addresses", "--region", "eu-1", *ASSIGN]], VIP),
    ("aws", "route"): (
        "eni-other",
        [["ec2", "replace-route", "--region", "eu-1", "--route-table-id", "rtb-1",
          "--destination-cidr-block", f"{VIP}/32", "--network-interface-id", "eni-mine"]],
        "eni-mine",
    ),
    ("tencent", "private"): (
        '["eni-other"]',
        [["vpc", "MigratePrivateIpAddress", "--region", "eu-1", "--SourceNetworkInterfaceId", "eni-other",
          "--DestinationNetworkInterfaceId", "eni-mine", "--PrivateIpAddress", VIP]],
        f'["{VIP}"]',
    ),
    ("alibaba", "private"): (
        '{"NetworkInterfaceId": "eni-other"}',
        [["ecs", "UnassignPrivateIpAddresses", "--RegionId", "eu-1", "--NetworkInterfaceId", "eni-other",
          "--PrivateIpAddress.1", VIP],
         ["ecs", "AssignPrivateIpAddresses", "--RegionId", "eu-1", "--NetworkInterfaceId", "eni-mine",
          "--PrivateIpAddress.1", VIP]],
        f'{{"PrivateIpAddress": "{VIP}"}}',
    ),
    ("gcp", "alias"): (
        "10.20.0.200/32",
        [["compute", "instances", "network-interfaces", "update", "42", "--project", "proj", "--zone", "zone-1",
          "--network-interface", "nic0", "--aliases", f"10.20.0.200/32;{VIP}/32"]],
        f"10.20.0.200/32;{VIP}/32",
    ),
    ("gcp", "route"): (
        "other",
        [["compute", "routes", "delete", "obj-1", "--project", "proj", "--quiet"],
         ["compute", "routes", "create", "obj-1", "--project", "proj", "--network", "net-1",
          "--destination-range", f"{VIP}/32", "--next-hop-instance", "42", "--next-hop-instance-zone", "zone-1"]],
        "42",
    ),
    ("oci", "private"): (
        "[]",
        [["network", "vnic", "assign-private-ip", "--vnic-id", "eni-mine", "--ip-address", VIP,
          "--unassign-if-already-assigned"]],
        f'["{VIP}"]',
    ),
    ("digitalocean", "elastic"): ("41", [["compute", "reserved-ip-action", "assign", VIP, "42"]], "42"),
    ("hetzner_cloud", "elastic"): ("41", [["floating-ip", "assign", "obj-1", "42"]], "42"),
    ("hetzner_robot", "failover"): (
        '{"active_server_ip":"41"}',
        [["-q", "-fsS", "--netrc-file", "/root/.netrc", "-X", "POST", "-d", "active_server_ip=42",
          "--url", f"https://robot-ws.your-server.de/failover/{VIP}"]],
        '{"active_server_ip":"42"}',
    ),
    ("exoscale", "elastic"): (
        "{}",
        [["compute", "instance", "elastic-ip", "attach", "42", VIP, "--zone", "zone-1"]],
        f'{{"elastic_ips":["{VIP}"]}}',
    ),
    ("scaleway", "elastic"): (
        '{"server":{"id":"41"}}',
        [["instance", "ip", "attach", VIP, "server-id=42", "zone=zone-1"]],
        '{"server":{"id":"42"}}',
    ),
    ("cloudscale", "elastic"): (
        '{"server":{"uuid":"41"}}',
        [["-q", "-fsS", "-H", "@/root/token", "-F", "server=42", "--url", f"https://api.cloudscale.ch/v1/floating-ips/{VIP}"]],
        '{"server":{"uuid":"42"}}',
    ),
}  # fmt: skip
CHANGING = {
    "assign-private-ip-addresses", "replace-route", "MigratePrivateIpAddress", "assign-private-ip",
    "UnassignPrivateIpAddresses", "AssignPrivateIpAddresses", "update", "delete", "create", "assign", "POST", "attach",
    "server=42", "detach",
}  # fmt: skip


class Client:
    """A stand-in on PATH: records its arguments, answers "before" until the last changing call was made."""

    def __init__(self, tmp_path: Path, tool: str, before: str, after: str, last: str, *, fail: int = 0) -> None:
        self.calls, self.answer = tmp_path / "calls", tmp_path / "answer"
        self.bin = tmp_path / "bin"
        self.bin.mkdir(exist_ok=True)
        self.log = tmp_path / "log"
        self.run = tmp_path / "run"
        self.answer.write_text(before)
        (tmp_path / "after").write_text(after)
        (tmp_path / "fail").write_text(str(fail))
        script = f"""#!{sys.executable}
import json, pathlib, sys
base = pathlib.Path({str(tmp_path)!r})
words = sys.argv[1:]
with (base / "calls").open("a") as calls:
    calls.write(json.dumps(words) + "\\n")
if {last!r} in words:
    left = int((base / "fail").read_text())
    (base / "fail").write_text(str(left - 1))
    if left > 0:
        sys.exit("RequestLimitExceeded: try again")
    (base / "answer").write_text((base / "after").read_text())
else:
    print((base / "answer").read_text())
"""
        (self.bin / tool).write_text(script)
        (self.bin / "logger").write_text(f'#!/bin/sh\nshift 3\nprintf "%s\\n" "$*" >>{self.log}\n')
        for path in self.bin.iterdir():
            path.chmod(0o755)

    def made(self) -> list[list[str]]:
        if not self.calls.exists():
            return []
        return [json.loads(line) for line in self.calls.read_text().splitlines()]

    def changes(self) -> list[list[str]]:
        return [words for words in self.made() if CHANGING & set(words)]


def run(
    client: Client, data: Path, *options: str, shell: str = "dash", instance: str = "web"
) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": f"{client.bin}:/usr/bin:/bin",
        "HAVIPCFG_RUN": str(client.run),
        "AWS_SECRET_ACCESS_KEY": "s3cr3t-never-seen",
    }
    return subprocess.run(
        [*shell.split(), str(MOVE), *options, str(data), instance],
        env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def section(vendor: str, kind: str, instance: str = "web", address: str = VIP) -> Move:
    needed = MOVES[vendor, kind]
    return Move(instance, vendor, kind, address, [(key, FIELDS[key]) for key in needed.needs])


def test_the_facts_the_script_and_the_cases_speak_of_the_same_moves() -> None:
    written = re.findall(r"(?m)^(here|move)_(\w+)_([a-z]+)\(\)", MOVE.read_text())
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
    (client.bin / "gcloud").write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$*" >>{tmp_path}/calls\n'
        f"case $* in\n*describe*peer-1*) echo '{VIP}/32;10.9.9.9/32' ;;\n*describe*) cat {tmp_path}/answer ;;\n"
        f"*update*42*) echo '{VIP}/32' >{tmp_path}/answer ;;\nesac\n"
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
    started = [subprocess.Popen(["dash", str(MOVE), str(data), "web"], env=environment) for _ in range(6)]
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


@pytest.fixture
def moto(tmp_path: Path) -> Iterator[dict[str, str]]:
    """moto's server on loopback, and the environment for the real aws client."""
    tool("moto_server")
    client = Path(tool("aws")).parent
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield {
        **os.environ,
        "PATH": f"{client}:{os.environ['PATH']}",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "s3cr3t-never-seen",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "HOME": str(tmp_path),
        "NO_PROXY": "127.0.0.1",
        "HAVIPCFG_RUN": str(tmp_path / "run"),
    }
    server.terminate()
    server.wait()


def test_aws_against_moto(tmp_path: Path, moto: dict[str, str]) -> None:
    def aws(*words: str) -> str:
        done = subprocess.run(
            ["aws", "ec2", *words, "--region", "eu-west-1", "--output", "text"],
            env=moto, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    vpc = aws("create-vpc", "--cidr-block", "10.20.0.0/16", "--query", "Vpc.VpcId")
    subnet = aws("create-subnet", "--vpc-id", vpc, "--cidr-block", "10.20.0.0/24", "--query", "Subnet.SubnetId")
    nics = [
        aws("create-network-interface", "--subnet-id", subnet, "--query", "NetworkInterface.NetworkInterfaceId")
        for _ in range(2)
    ]
    table = aws("create-route-table", "--vpc-id", vpc, "--query", "RouteTable.RouteTableId")
    aws(
        "create-route",
        "--route-table-id",
        table,
        "--destination-cidr-block",
        "192.0.2.9/32",
        "--network-interface-id",
        nics[0],
    )
    aws("assign-private-ip-addresses", "--network-interface-id", nics[0], "--private-ip-addresses", VIP)

    data = tmp_path / "move.data"
    data.write_bytes(
        move_data(
            [
                Move("web", "aws", "private", VIP, [("region", "eu-west-1"), ("nic", nics[1])]),
                Move(
                    "out",
                    "aws",
                    "route",
                    "192.0.2.9",
                    [("region", "eu-west-1"), ("nic", nics[1]), ("route_table", table)],
                ),
            ],
            timeout=120,
            call_timeout=60,
        )
    )
    for instance in ("web", "out", "web"):
        done = subprocess.run(
            ["dash", str(MOVE), str(data), instance], env=moto, capture_output=True, text=True, timeout=200, check=False
        )
        assert done.returncode == 0, done.stderr
        assert "s3cr3t" not in done.stdout + done.stderr
    mine = aws(
        "describe-network-interfaces",
        "--network-interface-ids",
        nics[1],
        "--query",
        "NetworkInterfaces[].PrivateIpAddresses[].PrivateIpAddress",
    )
    assert VIP in mine.split()
    target = aws(
        "describe-route-tables",
        "--route-table-ids",
        table,
        "--query",
        "RouteTables[].Routes[?DestinationCidrBlock=='192.0.2.9/32'].NetworkInterfaceId[]",
    )
    assert target == nics[1]

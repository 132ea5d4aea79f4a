"""move.sh with the real aws client, against a server that imitates EC2."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from havipcfg.generator.programs import program
from havipcfg.generator.programs.bundle import Move, move_data
from tests.conftest import tool
from tests.programs.moves import VIP

if TYPE_CHECKING:
    from collections.abc import Iterator


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

    script = tmp_path / "move.sh"
    script.write_bytes(program("move.sh"))
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
            ["dash", str(script), str(data), instance],
            env=moto,
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
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

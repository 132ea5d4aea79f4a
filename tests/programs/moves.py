"""What every move is told, the stand-in for a vendor's client, and the calls that it must get."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from havipcfg.generator.programs import program
from havipcfg.generator.programs.bundle import Move
from havipcfg.providers import names, provider

if TYPE_CHECKING:
    pass

MOVES = {(name, move.kind): move for name in names() for move in provider(name).moves}
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
        '[{"ipCidrRange": "10.20.0.200/32"}, {"ipCidrRange": "10.9.0.0/28", "subnetworkRangeName": "pods"}]',
        [["compute", "instances", "network-interfaces", "update", "42", "--project", "proj", "--zone", "zone-1",
          "--network-interface", "nic0", "--aliases", f"10.20.0.200/32;pods:10.9.0.0/28;{VIP}/32"]],
        f'{{"ipCidrRange": "{VIP}/32"}}',
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
        '{"failover": {"server_ip": "42", "active_server_ip": "41"}}',
        [["-q", "-fsS", "--netrc-file", "/root/.netrc", "-X", "POST", "-d", "active_server_ip=42",
          "--url", f"https://robot-ws.your-server.de/failover/{VIP}"]],
        '{"failover": {"server_ip": "42", "active_server_ip": "42"}}',
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
        self.program = tmp_path / "move.sh"
        self.program.write_bytes(program("move.sh"))
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
        [*shell.split(), str(client.program), *options, str(data), instance],
        env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def section(vendor: str, kind: str, instance: str = "web", address: str = VIP) -> Move:
    needed = MOVES[vendor, kind]
    return Move(instance, vendor, kind, address, [(key, FIELDS[key]) for key in needed.needs])

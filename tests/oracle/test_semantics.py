"""Checks across keywords: the linter says something exactly where keepalived does."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from havipcfg.source import Source
from tests.oracle.verdicts import DIED, messages, of_the_configuration, reported_lines, rows

VRRP = re.compile(r"sem\.(?:0\d\d|1[0-6]\d|17[0-8]|21[6-8]|22[3-6])\.")
HOST_CODES = ("KC221", "KC222", "KC223")
FIXTURES = Path(__file__).parents[1] / "fixtures" / "rules"
INTERFACES = {"eth0": "192.0.2.2/24", "eth1": "198.51.100.2/24", "eth2": "203.0.113.2/24"}


@pytest.mark.parametrize("version", ["2.2.7", "2.4.3"])
def test_recorded_verdicts_agree(shared: Path, version: str) -> None:
    column = version.replace(".", "")
    judged, differ = 0, []
    for row in rows(shared / "oracle" / "keywords.tsv"):
        path = shared / "oracle" / "keywords" / row["case"]
        if not VRRP.match(row["case"]) or not path.exists():
            continue
        said = messages(row[f"messages{column}"])
        left = of_the_configuration(said)
        if said and not left and "SECURITY VIOLATION" not in said[0]:
            continue
        judged += 1
        wanted = bool(said) or row[f"rc{column}"] in DIED
        if wanted != bool(reported_lines(Source.read(path), version)):
            differ.append(row["case"])
    assert judged > 80
    assert differ == []


@pytest.fixture(scope="module")
def namespace() -> Iterator[str]:
    name = f"hvsem{os.getpid()}"
    subprocess.run(["ip", "netns", "add", name], check=True)
    try:
        links = ["link set lo up"]
        for device, address in INTERFACES.items():
            links += [f"link add {device} type veth peer name p{device}", f"link set p{device} up"]
            links += [f"link set {device} up", f"address add {address} dev {device}"]
        for command in links:
            subprocess.run(["ip", "-n", name, *command.split()], check=True, capture_output=True)
        yield name
    finally:
        subprocess.run(["ip", "netns", "delete", name], check=False)


def asked(path: Path, namespace: str) -> list[str]:
    command = ["ip", "netns", "exec", namespace, "keepalived", "-t", "-f", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    return [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]


def is_2_2_7() -> bool:
    done = subprocess.run(["keepalived", "--version"], capture_output=True, text=True, check=False)
    return "v2.2.7 " in done.stdout + done.stderr


@pytest.mark.needs_root
@pytest.mark.needs_keepalived
@pytest.mark.needs_iproute2
def test_fixtures_of_the_rules_agree_with_the_installed_keepalived(namespace: str) -> None:
    if not is_2_2_7():
        pytest.skip("another keepalived is installed")
    judged, differ = 0, []
    for path in sorted(FIXTURES.glob("KC[23]*/*.conf")):
        said = asked(path, namespace)
        left = of_the_configuration(said)
        found = reported_lines(Source.read(path), "2.2.7", leave_out=HOST_CODES)
        if said and not left and "SECURITY VIOLATION" not in said[0]:
            continue
        judged += 1
        if bool(left) != bool(found):
            differ.append((path.parent.name, path.name, left, found))
    assert judged > 100
    assert differ == []

"""The pair that generate writes, installed by its own apply-all.sh, fails over on the real keepalived."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT
from tests.programs.lab import Lab, Node, Watch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.needs_root, pytest.mark.needs_keepalived, pytest.mark.needs_iproute2]

HAVIP = "172.17.16.3"
LISTEN = "import socket\ns = socket.create_server(('127.0.0.1', 8080))\nwhile True: s.accept()[0].close()"


class Service:
    """The checked service of a node: something that accepts connections."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(self.node.command(sys.executable, "-c", LISTEN))

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Lab]:
    """Two nodes with the addresses of the example."""
    tmp_path.chmod(0o755)
    made = Lab(tmp_path / "lab", addresses={"primary": "172.17.16.13/20", "secondary": "172.17.16.7/20"})
    yield made
    made.close()


def holders(pair: Lab) -> list[str]:
    return [node.name for node in pair.nodes if node.holds(HAVIP)]


def settles(pair: Lab, *wanted: str, seconds: float = 25) -> bool:
    """Exactly these nodes hold the address, for two seconds on end."""
    end, since = time.monotonic() + seconds, 0.0
    while time.monotonic() < end:
        now = time.monotonic()
        since = (since or now) if holders(pair) == list(wanted) else 0.0
        if since and now - since > 2:
            return True
        time.sleep(0.1)
    return False


def generated(tmp_path: Path) -> Path:
    """The example, with a service that each namespace has for itself: processes are seen from every one of them."""
    text = (ROOT / "examples/tencent-haproxy/cluster.yaml").read_text(encoding="utf-8")
    source = tmp_path / "cluster.yaml"
    source.write_text(text.replace("{process: haproxy}", "{tcp: 8080}"), encoding="utf-8")
    assert "8080" in source.read_text(encoding="utf-8")
    out = tmp_path / "out"
    command = [sys.executable, "-m", "havipcfg", "generate", str(source), "-o", str(out)]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    return out


def test_the_generated_pair_fails_over(pair: Lab, tmp_path: Path) -> None:
    out = generated(tmp_path)
    primary, secondary = pair.nodes
    services = [Service(node) for node in pair.nodes]
    destinations = {"root@172.17.16.13": "primary", "root@172.17.16.7": "secondary"}
    try:
        for service in services:
            service.start()
        applied = subprocess.run(
            ["dash", str(out / "apply-all.sh")],
            env={**os.environ, "HAVIPCFG_SSH": str(pair.ssh(destinations))},
            capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=300, check=False,
        )  # fmt: skip
        assert applied.returncode == 0, applied.stdout + applied.stderr
        assert settles(pair, "primary")

        with Watch(pair.nodes, HAVIP) as watch:
            services[0].stop()
            assert settles(pair, "secondary"), "the check of the primary fails: the address moves"
            [state] = primary.run_dir.glob("havipcfg/*.state")
            assert state.read_text().startswith("FAULT "), "notify.sh wrote the new state"
            services[0].start()
            assert settles(pair, "secondary"), "nopreempt: a repaired primary does not take it back"
            services[1].stop()
            assert settles(pair, "primary"), "and the other way round"
            services[1].start()
            assert settles(pair, "primary")
        assert watch.seconds(2) == 0, "never two holders"

        pid = primary.pid()
        assert pid is not None
        os.kill(pid, signal.SIGTERM)
        assert settles(pair, "secondary"), "a stopped keepalived hands over"

        secondary.power_cut(HAVIP)
        services[1].process = None
        started = primary.apply(out / "primary", "--start")
        assert started.returncode == 0, started.stdout + started.stderr
        assert settles(pair, "primary"), "the other host died: the address comes back"
    finally:
        for service in services:
            service.stop()

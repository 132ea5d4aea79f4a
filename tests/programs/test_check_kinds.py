"""Every kind of check in a generated pair: healthy it holds, broken it moves, healed it does what the mode says."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from havipcfg.cluster.checks import CHECK_KINDS
from tests.conftest import tool
from tests.programs.fleet import Cluster, come_to, stay

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.programs.lab import Node

pytestmark = [pytest.mark.needs_root, pytest.mark.needs_keepalived, pytest.mark.needs_iproute2]

OFTEN = "interval: 1, fall: 2, rise: 2"
CHECKS = {
    "process": f"process: havip-served, {OFTEN}",
    "tcp": f"tcp: 8080, {OFTEN}",
    "http": f'http: {{url: "http://127.0.0.1:8080/ok", contains: good}}, {OFTEN}',
    "https": f'https: {{url: "https://127.0.0.1:8080/ok", verify: false}}, {OFTEN}',
    "command": f"command: [/usr/bin/test, -e, /run/good], {OFTEN}",
    "file": "file: /run/drain",
    "systemd": f"systemd: web.service, {OFTEN}",
    "interface": "interface: eth1",
}
CLUSTER = """\
provider: onprem
subnet: 10.0.1.0/24
havips: [10.0.1.100]
mode: {mode}
{delay}nodes:
  a: {{address: 10.0.1.11, interface: eth0}}
  b: {{address: 10.0.1.12, interface: eth0}}
checks:
  service: {{{check}}}
"""
SERVER = """\
import http.server, ssl, sys
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"all good")
server = http.server.ThreadingHTTPServer(("127.0.0.1", 8080), Answer)
if len(sys.argv) > 1:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1])
    server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
"""
VIP = "10.0.1.100"


def test_every_kind_is_here() -> None:
    assert set(CHECKS) == set(CHECK_KINDS)


class Checked(Cluster):
    """A pair whose service can be broken and healed on each node."""

    def __init__(self, kind: str, base: Path, mode: str, certificate: Path) -> None:
        delay = "preempt_delay: 1\n" if mode == "prefer" else ""
        text = CLUSTER.format(mode=mode, delay=delay, check=CHECKS[kind])
        super().__init__(kind, base, text, {"a": "10.0.1.11/24", "b": "10.0.1.12/24"})
        self.kind, self.certificate = kind, certificate
        self.served: dict[str, subprocess.Popen[bytes]] = {}
        for node in self.nodes:
            tools = node.base / "tools"
            tools.mkdir()
            (tools / "systemctl").write_text("#!/bin/sh\n[ -e /run/good ] && [ $1 = is-active ]\n")
            (tools / "systemctl").chmod(0o755)
            node.path_prefix = [tools]
            link = ["link", "add", "eth1", "type", "veth", "peer", "name", "other"]
            subprocess.run(["ip", "-n", node.namespace, *link], check=True)
            subprocess.run(["ip", "-n", node.namespace, "link", "set", "other", "up"], check=True)

    def heal(self, node: Node) -> None:
        (node.run_dir / "good").touch()
        (node.run_dir / "drain").write_text("0\n")
        subprocess.run(["ip", "-n", node.namespace, "link", "set", "eth1", "up"], check=True)
        words: list[str | Path] = []
        if self.kind == "process":
            program = node.base / "havip-served"
            if not program.exists():
                program.symlink_to(str(shutil.which("sleep")))
            inside = ["nsenter", "--target", str(self.daemon(node)), "--pid", "--mount", "--net"]
            self.served[node.name] = subprocess.Popen([*inside, program, "600"])
        elif self.kind in ("tcp", "http", "https"):
            words = [self.certificate] if self.kind == "https" else []
            self.served[node.name] = subprocess.Popen(node.command(sys.executable, "-c", SERVER, *words))

    def spoil(self, node: Node) -> None:
        (node.run_dir / "good").unlink(missing_ok=True)
        (node.run_dir / "drain").write_text("1\n")
        subprocess.run(["ip", "-n", node.namespace, "link", "set", "eth1", "down"], check=True)
        if node.name in self.served:
            # nsenter forks where it enters a PID namespace
            subprocess.run(["pkill", "-KILL", "-P", str(self.served[node.name].pid)], check=False)
            self.served[node.name].kill()
            self.served.pop(node.name).wait()

    def at(self, name: str) -> bool:
        return self.masters == [name] == [node.name for node in self.nodes if node.holds(VIP)]

    def close(self) -> None:
        super().close()
        for process in self.served.values():
            process.wait()


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    made = tmp_path / "both.pem"
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=x"]
    done = subprocess.run(
        [tool("openssl"), "req", "-x509", *key, "-keyout", "-", "-out", "-"], capture_output=True, check=True
    )
    made.write_bytes(done.stdout)
    return made


@pytest.fixture
def pairs(tmp_path: Path, certificate: Path, request: pytest.FixtureRequest) -> Iterator[list[Checked]]:
    tmp_path.chmod(0o755)
    made: list[Checked] = []
    try:
        for kind in CHECKS:
            made += [Checked(kind, tmp_path / kind, request.param, certificate)]
        yield made
    finally:
        for pair in made:
            pair.close()


@pytest.mark.parametrize("pairs", ["stay", "prefer"], indirect=True)
def test_a_check_moves_the_address(pairs: list[Checked], request: pytest.FixtureRequest) -> None:
    mode = "prefer" if "prefer" in request.node.name else "stay"
    for index in (0, 1):
        for pair in pairs:
            pair.start(pair.nodes[index])
        come_to(pairs, lambda p: len(p.lab.nodes[index].pids()) > 1, "keepalived runs")  # noqa: B023
        for pair in pairs:
            pair.heal(pair.nodes[index])
        come_to(pairs, lambda p: p.at("a"), "healthy: the first has it")
    stay(pairs, lambda p: p.at("a"), "healthy: it stays")
    for pair in pairs:
        pair.spoil(pair.nodes[0])
    come_to(pairs, lambda p: p.at("b"), "broken: the other has it")
    assert {pair.state(pair.nodes[0]) for pair in pairs} == {"FAULT"}
    for pair in pairs:
        pair.heal(pair.nodes[0])
    if mode == "prefer":
        come_to(pairs, lambda p: p.at("a"), "healed: it comes back")
    else:
        come_to(pairs, lambda p: p.state(p.nodes[0]) == "BACKUP", "healed: ready again")
        stay(pairs, lambda p: p.at("b"), "healed: it stays")

"""Pictures of clusters: whole, well formed, and no text upon another."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest

from havipcfg.generator.job import generate
from havipcfg.generator.proof import subject_of
from havipcfg.render.graph import WIDEST, Picture, mermaid, svg
from havipcfg.source import Source
from havipcfg.verifier.network import Group, Instance, Network, Node
from tests.conftest import ROOT

SVG = "{http://www.w3.org/2000/svg}"
EXAMPLES = sorted(ROOT.glob("examples/*/cluster.yaml"))
HOSTILE = 'x"]; end <script>&--\x1b[31m'
"""What no name of keepalived forbids."""


def of(path: Path) -> Picture:
    made = generate(Source.read(path), prove=False)
    assert made.file is not None
    assert made.outputs is not None
    return Picture(made.file.spec.name, subject_of(made.file, made.outputs).network)


def boxes(document: ElementTree.Element) -> list[tuple[float, float, float, float]]:
    found = []
    for rect in document.iter(f"{SVG}rect"):
        if rect.get("class") != "page":
            x, y, width, height = (float(rect.get(key, "")) for key in ("x", "y", "width", "height"))
            found.append((x, y, x + width, y + height))
    return found


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_everything_is_drawn_inside_and_nothing_over_another(path: Path) -> None:
    picture = of(path)
    document = ElementTree.fromstring(svg([picture, picture]))
    size = float(document.get("width", "")), float(document.get("height", ""))
    drawn = boxes(document)
    assert all(0 <= a < c <= size[0] and 0 <= b < d <= size[1] for a, b, c, d in drawn)
    assert not [
        pair for pair in combinations(drawn, 2)
        if pair[0][0] < pair[1][2] and pair[1][0] < pair[0][2] and pair[0][1] < pair[1][3] and pair[1][1] < pair[0][3]
    ]  # fmt: skip
    shown = [text.text or "" for text in document.iter(f"{SVG}text")]
    for node in picture.network.nodes:
        assert node.name in shown
        assert all(address in shown for instance in node.instances for address in instance.addresses)


def test_the_longest_addresses_and_what_moves_together_are_shown() -> None:
    addresses = [f"2001:db8:aaaa:bbbb:cccc:dddd:eeee:{n}" for n in ("f011", "f012", "f100")]
    six = Instance("six", "enp0s31f6np0s31", 61, family=6, address=addresses[0], vips=(addresses[2],))
    four = Instance("four", "eth0", 62, address="192.0.2.11", vips=("192.0.2.100",))
    other = replace(six, address=addresses[1]), replace(four, address="192.0.2.12")
    group = (Group("both", ("six", "four")),)
    picture = Picture("web", Network((Node("a", (six, four), (), group), Node("b", other, (), group))))
    shown = [text.text or "" for text in ElementTree.fromstring(svg([picture])).iter(f"{SVG}text")]
    assert f"{addresses[0]} enp0s31f6np0s31" in shown
    assert addresses[2] in shown
    assert [line for line in shown if line.startswith("moves with")] == ["moves with four", "moves with six"]
    assert "moves with four" in mermaid([picture])


def test_a_long_or_hostile_name_stays_in_its_box() -> None:
    elected = Instance(HOSTILE, "eth0", 61, address="192.0.2.11", vips=("192.0.2.100",))
    nodes = (Node(HOSTILE + "n" * 80, (elected,)), Node("\u202eb", (elected,)))
    picture = Picture(HOSTILE, Network(nodes))
    text = svg([picture])
    document = ElementTree.fromstring(text)
    assert "<script" not in text
    assert "\x1b" not in text
    assert max(len(each.text or "") for each in document.iter(f"{SVG}text")) <= WIDEST
    assert any("n" * 80 in (title.text or "") for title in document.iter(f"{SVG}title"))
    chart = mermaid([picture])
    assert all(re.fullmatch(r'flowchart LR|  [\w ()\[\]{}<>|.=-]*("[^"<>]*(<br>[^"<>]*)*"[^"]*)*', line)
               for line in chart.splitlines())  # fmt: skip


def test_a_peer_that_is_not_told_is_said(tmp_path: Path) -> None:
    text = """vrrp_instance web {{
    interface eth0
    virtual_router_id 61
    priority {0}
    unicast_src_ip 192.0.2.{1}
    unicast_peer {{
        {2}
    }}
    virtual_ipaddress {{
        192.0.2.100
    }}
}}
"""
    (tmp_path / "a.conf").write_text(text.format(110, 11, "192.0.2.12"))
    (tmp_path / "b.conf").write_text(text.format(100, 12, "192.0.2.13"))
    done = run("graph", "a.conf", "b.conf", "-o", "x.svg", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert "does not tell a" in (tmp_path / "x.svg").read_text()
    chart = run("graph", "a.conf", "b.conf", "--format", "mermaid", cwd=tmp_path).stdout
    assert "c0n0 --> c0n1" in chart
    assert "c0n1 --> c0n0" not in chart


@pytest.mark.parametrize("words", [["missing.conf"], ["--format", "png", "missing.conf"], []])
def test_what_cannot_be_drawn_is_one_line_and_status_2(words: list[str], tmp_path: Path) -> None:
    done = run("graph", *words, "-o", "x.svg", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("havipcfg: ")
    assert not (tmp_path / "x.svg").exists()


def run(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "havipcfg", *words], cwd=cwd, capture_output=True, text=True, check=False
    )

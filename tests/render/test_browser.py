"""The pages in a real browser: wide and narrow, light and dark, nothing is cut off."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html import escape, unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from tests.render.test_page import HOSTILE, conf, verify

pytestmark = [pytest.mark.needs_chromium, pytest.mark.xdist_group("chromium")]
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--window-size=1300,1600",
]
MEASURE = """<!DOCTYPE html><title>-</title>
<iframe srcdoc="{page}" style="width:{width}px; height:1000px; border:0"></iframe>
<script>
onload = () => {{
  const page = document.querySelector("iframe").contentDocument, root = page.documentElement;
  const cut = [...page.querySelectorAll("svg")].flatMap(svg => [...svg.querySelectorAll("text")].filter(text => {{
    const box = text.getBBox(), view = svg.viewBox.baseVal;
    return box.x < -1 || box.y < -1 || box.x + box.width > view.width + 1 || box.y + box.height > view.height + 1;
  }}).map(text => text.textContent));
  document.title = encodeURIComponent(JSON.stringify({{
    width: root.scrollWidth, pictures: page.querySelectorAll("svg").length, cut,
    wide: [...page.querySelectorAll("main *")].filter(e => !e.closest(".picture, .wide, pre")
      && e.getBoundingClientRect().right > root.clientWidth + 1).map(e => e.textContent.slice(0, 60)),
    ground: getComputedStyle(page.body).backgroundColor, ink: getComputedStyle(page.body).color,
    heading: page.querySelector("h1").textContent, scripts: page.scripts.length,
  }}));
}};
</script>
"""


def chromium(folder: Path, page: Path, *flags: str) -> str:
    home = folder / "browser"
    command = ["chromium", *FLAGS, f"--user-data-dir={home}", *flags, page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    shutil.rmtree(home, ignore_errors=True)
    return done.stdout


def looked_at(folder: Path, page: str, width: int, *flags: str) -> dict[str, Any]:
    """What the browser made of a page in a window of that width."""
    harness = folder / "harness.html"
    harness.write_text(MEASURE.format(page=escape(page), width=width))
    title = re.search(r"<title>(.*?)</title>", chromium(folder, harness, "--dump-dom", *flags))
    assert title
    return dict(json.loads(unquote(unescape(title[1]))))


def cluster(folder: Path, nodes: int, **options: Any) -> list[str]:
    """Nodes of two instances, whose holders differ, or of one where ``name`` is given."""
    paths = []
    for number in range(1, nodes + 1):
        path = folder / f"node-{number}.example.internal.conf"
        text = conf(number, nodes, stays=number == 2, **{"name": "front", "weight": -35, **options})
        if "name" not in options:
            other = conf(nodes + 1 - number, nodes, name="database-of-the-shop", stays=False, weight=-35)
            other = other[other.index("vrrp_instance") :].replace("router_id 77", "router_id 78")
            addresses = [f"198.51.100.{10 + each}" for each in range(1, nodes + 1) if each != number]
            block = "unicast_peer {\n" + "\n".join(addresses) + "\n}"
            other = re.sub(r"unicast_peer \{.*?\}", block, other, flags=re.S).replace("100.50", "100.51")
            text += re.sub(r"unicast_src_ip .*", f"unicast_src_ip 198.51.100.{10 + number}", other)
        path.write_text(text)
        paths.append(str(path))
    return paths


@pytest.mark.parametrize("width", [1200, 400])
@pytest.mark.parametrize(
    ("nodes", "options"), [(2, {"name": "front", "weight": -5}), (2, {"name": HOSTILE}), (4, {})], ids=str
)
def test_it_fits_its_window(tmp_path: Path, nodes: int, options: dict[str, Any], width: int) -> None:
    seen = looked_at(
        tmp_path, verify(*cluster(tmp_path, nodes, **options), "--max-failover", "3", "--format", "html"), width
    )
    assert seen["pictures"] > 5
    assert seen["scripts"] == 0
    assert seen["cut"] == []
    assert seen["wide"] == []
    assert seen["width"] <= width


def test_light_and_dark(tmp_path: Path) -> None:
    page = verify(*cluster(tmp_path, 2, name="front"), "--format", "html")
    light = looked_at(tmp_path, page, 1200, "--blink-settings=preferredColorScheme=1")
    dark = looked_at(tmp_path, page, 1200, "--blink-settings=preferredColorScheme=0")
    brightness = {
        (name, part): sum(map(int, re.findall(r"\d+", seen[part])[:3]))
        for name, seen in (("light", light), ("dark", dark))
        for part in ("ground", "ink")
    }
    assert brightness["light", "ground"] > brightness["light", "ink"] + 400
    assert brightness["dark", "ink"] > brightness["dark", "ground"] + 400


def test_a_screenshot_and_a_print(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(verify(*cluster(tmp_path, 2, name="front", weight=-5), "--format", "html"))
    chromium(tmp_path, page, f"--screenshot={tmp_path / 'page.png'}")
    chromium(tmp_path, page, f"--print-to-pdf={tmp_path / 'page.pdf'}")
    assert (tmp_path / "page.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "page.png").stat().st_size > 50_000
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")

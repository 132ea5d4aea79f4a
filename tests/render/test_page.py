"""The page of a proof: well formed, on its own, harmless, and with every fact that the JSON has."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from havipcfg.cli.app import app

VOID = {"meta", "br"}
SECRETS = ("wordOfA", "wordOfB")
HOSTILE = "<script>alert(1)</script>&lt;<img/src=x/onerror=alert(2)>'"


class Page(HTMLParser):
    """Elements with their attributes and all text; fails where an element is not closed in its order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.style = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "style":
            self.style += data
        else:
            self.words.append(data)

    def values(self, attribute: str) -> list[str]:
        return [value for _tag, attributes in self.elements if (value := attributes.get(attribute)) is not None]

    @property
    def text(self) -> str:
        return " ".join("".join([*self.words, *(f" {title} " for title in self.values("title"))]).split())


def conf(number: int, nodes: int, *, name: str, stays: bool, weight: int = -30, word: str = "") -> str:
    peers = "\n".join(f"198.51.100.{10 + other}" for other in range(1, nodes + 1) if other != number)
    return f"""vrrp_script alive {{
    script "/opt/app/bin/alive --quick"
    interval 1
    weight {weight}
}}
vrrp_instance {name} {{
    state BACKUP
    interface eth0
    virtual_router_id 77
    priority {150 - 10 * number}
    {"nopreempt" if stays else ""}
    unicast_src_ip 198.51.100.{10 + number}
    unicast_peer {{
        {peers}
    }}
    {chr(10).join(["authentication {", "auth_type PASS", f"auth_pass {word}", "}"]) if word else ""}
    virtual_ipaddress {{
        198.51.100.50/24
    }}
    track_script {{
        alive
    }}
}}
"""


@pytest.fixture
def cluster(tmp_path: Path, request: pytest.FixtureRequest) -> list[str]:
    """Two nodes in which a failing check moves nothing, and that do not hear each other where words are given."""
    options: dict[str, Any] = getattr(request, "param", {})
    words = options.get("words", ("", ""))
    paths = []
    for number, word in enumerate(words, 1):
        path = tmp_path / f"n{number}.conf"
        path.write_text(conf(number, 2, name=options.get("name", "front"), stays=True, weight=-15, word=word))
        paths.append(str(path))
    return paths


def verify(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["verify", *arguments])
    assert done.exit_code in (0, 1), done.output
    return done.stdout


def leaves(value: object, key: str = "") -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from leaves(each, name)
    elif isinstance(value, list):
        for each in value:
            yield from leaves(each, key)
    else:
        yield key, value


def test_it_has_what_the_json_has(cluster: list[str]) -> None:
    document = json.loads(verify(*cluster, "--max-failover", "3", "--format", "json"))
    text = Page(verify(*cluster, "--max-failover", "3", "--format", "html")).text
    assert document["clusters"][0]["violations"]
    for key, value in leaves(document["clusters"]):
        if isinstance(value, str) and key not in ("event", "message"):
            assert value in text, key
        elif key == "event":
            assert str(value).split()[-2 if str(value).startswith(("check", "link")) else -1] in text
        elif key in ("after_s", "gap_s", "bound_s") and value:
            assert f"{value:.2f}" in text, key
        elif key in ("states", "transitions", "priority"):
            assert f"{value}" in text, key
    for violation in document["clusters"][0]["violations"]:
        assert violation["message"].replace("`", "") in text
        for origin in violation["origins"]:
            assert f"{origin['file']}:{origin['line']}" in text


@pytest.mark.parametrize("cluster", [{}, {"words": SECRETS}, {"name": HOSTILE}], indirect=True)
@pytest.mark.parametrize("options", [[], ["--scenario", "start; die n1; start n1"]])
def test_it_stands_alone_and_does_nothing(cluster: list[str], options: list[str]) -> None:
    page = Page(verify(*cluster, *options, "--format", "html"))
    tags = {tag for tag, _ in page.elements}
    names = {name for _, attributes in page.elements for name in attributes}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "base", "form"}
    assert not [name for name in names if name.startswith("on")]
    assert not names & {"src", "srcset", "action", "style"}
    assert not re.search(r"url\(|@import|expression", page.style)
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    assert {link.removeprefix("#") for link in page.values("href")} <= set(ids)


@pytest.mark.parametrize("cluster", [{"name": HOSTILE}], indirect=True)
def test_a_hostile_name_is_shown_as_it_is(cluster: list[str]) -> None:
    page = Page(verify(*cluster, "--format", "html"))
    name = json.loads(verify(*cluster, "--format", "json"))["clusters"][0]["instances"][0]
    assert name.startswith("<script>")
    assert name in page.text


@pytest.mark.parametrize("cluster", [{"words": SECRETS}], indirect=True)
def test_no_secret_is_in_it(cluster: list[str]) -> None:
    """The nodes do not hear each other for their passwords: that line is shown, and not what it says."""
    for format_ in ("html", "text"):
        said = verify(*cluster, "--format", format_)
        assert "does not hear" in said
        assert "auth_pass" in said or format_ == "text"
        assert not [word for word in SECRETS if word in said]


def test_every_picture_says_what_it_shows(cluster: list[str]) -> None:
    page = Page(verify(*cluster, "--format", "html"))
    pictures = [number for number, (tag, _) in enumerate(page.elements) if tag == "svg"]
    assert pictures
    for number in pictures:
        assert page.elements[number][1]["role"] == "img"
        assert page.elements[number + 1][0] == "title"


def test_several_clusters_have_a_list_with_links(tmp_path: Path) -> None:
    paths = []
    for name, vrid in (("front", 77), ("back", 78)):
        for number in (1, 2):
            path = tmp_path / f"{name}-{number}.conf"
            text = conf(number, 2, name=name, stays=False).replace("router_id 77", f"router_id {vrid}")
            path.write_text(text.replace("198.51.100.", "198.51.100." if name == "front" else "203.0.113."))
            paths.append(str(path))
    page = Page(verify(*paths, "--format", "html"))
    assert {"c1", "c2"} <= set(page.values("id"))
    assert {"#c1", "#c2"} <= set(page.values("href"))

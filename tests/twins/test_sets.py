"""Clusters written by hand: nothing is found in them, and the real keepalived accepts every file without a word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real import keepalived_says, namespace
from tests.twins.sets import Cluster, clusters, findings, write
from tests.twins.spoilt import Mistake, mistakes, spoil

CLEAN = clusters()
ENDS = r"(?=[\s\"}@])"
NAMED = re.compile(rf"\b(?:eth|ens|enp|eno|bond|vlan|br-|wan|lan|dmz|ha|mgmt)[\w.-]*{ENDS}")
KEYWORD = re.compile(r"\s*(?!include)([A-Za-z_](?:([a-z_])(?!\2)[a-z_])[A-Za-z_]+)(?=[ \t]+\S)")
SAMPLED = 6
"""Of so many keywords of a cluster one is misspelt."""
IDS = re.compile(r"^\s*@(\w+)", re.MULTILINE)
NOT_HERE = re.compile(r"^Disabling \S+ script \S+ since not found/accessible$")
"""Said of a program that a node has and this machine has not."""


@pytest.mark.parametrize("options", [(), ("--as-cluster",)], ids=["grouped", "as-cluster"])
@pytest.mark.parametrize("cluster", CLEAN, ids=lambda cluster: cluster.name)
def test_clean_cluster_raises_nothing(cluster: Cluster, options: tuple[str, ...], tmp_path: Path) -> None:
    if cluster.several and options:
        pytest.skip("not one cluster")
    write(cluster.files, tmp_path)
    assert findings(cluster, tmp_path, *options) == []


@pytest.fixture(scope="module")
def network() -> Iterator[str]:
    """A namespace with every interface that a cluster names."""
    texts = "\n".join(text for cluster in CLEAN for name, text in cluster.files.items() if name.endswith(".conf"))
    interfaces = sorted(set(NAMED.findall(texts)))
    with namespace({name: [f"10.255.{number}.1/24"] for number, name in enumerate(interfaces)}) as name:
        yield name


@pytest.mark.needs_root
@pytest.mark.needs_keepalived
@pytest.mark.needs_iproute2
@pytest.mark.parametrize("cluster", CLEAN, ids=lambda cluster: cluster.name)
def test_keepalived_accepts_a_clean_cluster(cluster: Cluster, tmp_path: Path, network: str) -> None:
    write(cluster.files, tmp_path)
    for node in cluster.nodes:
        conf = tmp_path / node
        for config_id in sorted(set(IDS.findall(cluster.files[node]))) or [""]:
            _, said = keepalived_says(conf, network, etc_keepalived=conf.parent, config_id=config_id)
            assert [line for line in said.splitlines() if not NOT_HERE.search(line)] == [], (node, config_id)


@pytest.mark.parametrize("mistake", list(mistakes()), ids=lambda mistake: mistake.name)
def test_mistake_is_the_only_finding(mistake: Mistake, tmp_path: Path) -> None:
    clean = next(cluster for cluster in CLEAN if cluster.name == mistake.cluster)
    spoilt, expected = spoil(mistake, clean)
    write(spoilt.files, tmp_path)
    found = findings(spoilt, tmp_path)
    assert (set(found), len(found)) == (expected, len(expected))


@pytest.mark.parametrize("cluster", CLEAN, ids=lambda cluster: cluster.name)
def test_misspelt_keyword_is_the_only_finding(cluster: Cluster, tmp_path: Path) -> None:
    for number, (name, line, text) in enumerate(_misspelt(cluster)):
        folder = tmp_path / str(number)
        write({**cluster.files, name: text}, folder)
        assert [(file, at) for code, file, at in findings(cluster, folder) if code != "KC038"] == [(name, line)]


def _misspelt(cluster: Cluster) -> Iterator[tuple[str, int, str]]:
    """File, line and text for some of the keywords, the letters of one exchanged each time."""
    seen: set[str] = set()
    for name in (name for name in cluster.files if name.endswith(".conf")):
        lines = cluster.files[name].split("\n")
        for number, line in enumerate(lines):
            found = KEYWORD.match(line)
            if not found or found[1] in seen or line.endswith("\\"):
                continue
            seen.add(found[1])
            if len(seen) % SAMPLED == 0:
                wrong = line.replace(found[1], found[1][0] + found[1][2] + found[1][1] + found[1][3:], 1)
                yield name, number + 1, "\n".join([*lines[:number], wrong, *lines[number + 1 :]])

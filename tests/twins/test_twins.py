"""Twins: clean clusters in all styles raise nothing, and one mistake raises its rule alone, at its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real import keepalived_says, namespace
from tests.twins.clean import NODES, PLANS, Plan, written
from tests.twins.judge import judged, written_into
from tests.twins.made import MISTAKES
from tests.twins.mistakes import Mistake, Spoilt, spoil

TRIED = 3
"""In so many clusters, far apart in the list, each mistake is made."""


@pytest.mark.parametrize("together", [False, True], ids=["grouped", "as-cluster"])
@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.name)
def test_clean_cluster_raises_nothing(plan: Plan, together: bool, tmp_path: Path) -> None:
    written_into(tmp_path, written(plan))
    assert [f"{d.span.file}:{d.span.line} {d.code}" for d in judged(tmp_path, plan, together=together)] == []


@pytest.mark.parametrize("name", ["pair", "pair-multicast", "three-weighted"])
def test_three_clusters_in_one_directory_are_told_apart(name: str, tmp_path: Path) -> None:
    plan = next(plan for plan in PLANS if plan.name == name)
    for cluster in ("1", "2", "3"):
        texts = {path: text.replace("10.20.0.", f"10.2{cluster}.0.") for path, text in written(plan).items()}
        written_into(tmp_path, {f"c{cluster}-{path}": text for path, text in texts.items()})
        written_into(tmp_path, {f"c{cluster}-{path}.bak": "vrrp_instance {" for path in texts})
    assert [f"{d.span.file}:{d.span.line} {d.code} {d.message}" for d in judged(tmp_path, plan)] == []


def _made(mistake: Mistake) -> list[tuple[Plan, Spoilt]]:
    every = [(plan, spoilt) for plan in PLANS if (spoilt := spoil(mistake, plan, written(plan))) is not None]
    return every[:: max(1, len(every) // TRIED)]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: f"{mistake.number}-{mistake.code}")
def test_mistake_is_the_only_finding(mistake: Mistake, tmp_path: Path) -> None:
    made = _made(mistake)
    assert made, "no clean cluster has a place for it"
    for plan, spoilt in made:
        folder = tmp_path / plan.name
        written_into(folder, spoilt.files)
        found = {(d.code, Path(d.span.file).relative_to(folder).as_posix(), d.span.line) for d in judged(folder, plan)}
        assert found == spoilt.expected, plan.name


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.name)
def test_misspelt_keyword_is_the_only_finding(plan: Plan, tmp_path: Path) -> None:
    files = written(plan)
    for number, (path, keyword) in enumerate(_keywords(files)):
        spoilt = re.sub(rf"^(\s*){keyword}\b", rf"\1{_misspelt(keyword)}", files[path], count=1, flags=re.MULTILINE)
        folder = tmp_path / str(number)
        written_into(folder, {**files, path: spoilt})
        assert [d.code for d in judged(folder, plan)] == ["KC101"], (path, keyword)


def _keywords(files: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The keywords in the files of the first node and, each other one, of the second."""
    first = {word for path in files if path.startswith(NODES[0]) for word in re.findall(KEYWORD, files[path])}
    for number, keyword in enumerate(sorted(first - {"include", "chk_haproxy"})):
        node = NODES[number % 2]
        for path in files:
            if path.startswith(node) and re.search(rf"^\s*{keyword}\b", files[path], re.MULTILINE):
                yield path, keyword
                break


KEYWORD = re.compile(r"^\s*([A-Za-z_]{4,})(?=[ \t]+\S|[ \t]*\r?\n[ \t]*\{)", re.MULTILINE)


def _misspelt(keyword: str) -> str:
    return keyword[:1] + keyword[2] + keyword[1] + keyword[3:] if keyword[1] != keyword[2] else keyword[:-1]


@pytest.fixture(scope="module")
def network() -> Iterator[str]:
    interfaces = {"eth0": ["10.20.0.9/24", "fd00:20::9/64"], "eth1": ["10.30.0.9/24"], "eth2": ["10.40.0.9/24"]}
    with namespace(interfaces) as name:
        yield name


@pytest.mark.needs_root
@pytest.mark.needs_keepalived
@pytest.mark.needs_iproute2
@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.name)
def test_keepalived_accepts_a_clean_cluster(plan: Plan, tmp_path: Path, network: str) -> None:
    files = written(plan)
    written_into(tmp_path, files)
    for path in files:
        if path.endswith(".conf") and "conf.d" not in path:
            assert keepalived_says(tmp_path / path, network) == (0, ""), path

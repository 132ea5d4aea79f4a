"""Laws over clusters that Hypothesis makes: what is generated is clean, silent, the same again, and imports back.

``HAVIPCFG_CLUSTERS=3000 python -m pytest tests/generate/test_any_cluster.py`` tries more of them.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from havipcfg.generator.adopt import adopt
from havipcfg.generator.changes import compare
from havipcfg.generator.job import generate
from havipcfg.keepalived.load import read
from havipcfg.source import Source
from tests.generate.clusters import ADDRESSES, UPLINK, clusters
from tests.generate.test_generate import complaints, place
from tests.real import keepalived_says, namespace

COUNT = int(os.environ.get("HAVIPCFG_CLUSTERS", "30"))
ANY = settings(  # a cluster is small as it is, and shrinking one takes minutes
    max_examples=COUNT,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[phase for phase in Phase if phase is not Phase.shrink],
)
ENDED_BY_ITSELF = -signal.SIGTERM
"""keepalived 2.2.7 ends its own test where a script runs as another user than root; the daemon itself runs."""
SECRETS = {"WEB_PASS": "Qz7-heron"}


def text(cluster: dict[str, Any]) -> str:
    return json.dumps(cluster, ensure_ascii=False, indent=1)


@given(clusters())
@ANY
def test_generated_files_are_clean_proven_and_the_same_again(cluster: dict[str, Any]) -> None:
    first = generate(Source("cluster.yaml", text(cluster)), environment=SECRETS)
    assert [(d.code, d.message) for d in first.diagnostics] == []
    assert [
        found for found in complaints(first) if found[0] != "FO107"
    ] == []  # timers a tenth of a second apart: a note
    second = generate(Source("cluster.yaml", text(cluster)), environment=SECRETS, prove=False)
    assert first.outputs is not None
    assert second.outputs is not None
    assert first.outputs.files == second.outputs.files


@given(clusters())
@ANY
def test_generated_files_import_as_what_they_mean(cluster: dict[str, Any]) -> None:
    made = generate(Source("cluster.yaml", text(cluster)), environment=SECRETS, prove=False).outputs
    assert made is not None
    sources = [
        Source(f"{node}.conf", made.files[f"{node}/keepalived.conf"].content.decode()) for node in made.configurations
    ]
    assert {source.name: read(source).conf for source in sources} == {
        f"{node}.conf": conf for node, conf in made.configurations.items()
    }
    imported = adopt(sources)
    assert (imported.contradictions, imported.lost, imported.refusals) == ([], [], [])
    again = generate(Source("cluster.yaml", imported.text), environment=imported.passwords, prove=False)
    assert again.outputs is not None, [(d.code, d.message) for d in again.diagnostics]
    plan = compare(made.configurations, again.outputs.configurations)
    assert {node: [each.sentence for each in changes] for node, changes in plan.changes.items() if changes} == {}


@pytest.fixture(scope="module")
def network() -> Iterator[str]:
    prefixed = [f"{address}/{64 if ':' in address else 24}" for address in ADDRESSES]
    with namespace({"eth0": prefixed, UPLINK: []}) as name:
        yield name


@pytest.mark.needs_root
@pytest.mark.needs_keepalived
@pytest.mark.needs_iproute2
@given(cluster=clusters())
@ANY
def test_the_real_keepalived_reads_them_without_a_word(
    cluster: dict[str, Any], network: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    made = generate(Source("cluster.yaml", text(cluster)), environment=SECRETS, prove=False)
    assert made.outputs is not None
    for node in made.outputs.configurations:
        etc = tmp_path_factory.mktemp("etc")
        place(made.outputs, node, etc)
        ended = ENDED_BY_ITSELF if any("user" in check for check in cluster["checks"].values()) else 0
        assert keepalived_says(Path("/etc/keepalived/keepalived.conf"), network, etc) == (ended, ""), node
        shutil.rmtree(etc)

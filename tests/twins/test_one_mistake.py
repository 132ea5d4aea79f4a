"""One mistake in a clean cluster is one kind of finding, also where several rules could see what follows from it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.twins.sets import Cluster, clusters, findings, write

OF_EACH = 3
"""So many clusters are spoilt in each way."""


@dataclass(frozen=True)
class Mistake:
    """A substitution in the file of the first or of the last node, and the codes of which one is found."""

    what: str
    old: str
    new: str
    codes: tuple[str, ...]
    node: int = -1


VIP = r"(virtual_ipaddress \{\n) +[0-9a-f.:]+[^\n]*\n( +\})"
MISTAKES = (
    Mistake("no sync group", r"^vrrp_sync_group [^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}\n", "", ("CL115",), 0),
    Mistake("no sync group on the other", r"^vrrp_sync_group [^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}\n", "", ("CL115",)),
    Mistake("a group of one", r"( group \{\n +\w+\n)(?: +\w+\n)( +\})", r"\1\2", ("KC370",), 0),
    Mistake("the only address left out", VIP, r"\1\2", ("KC310",), 0),
    Mistake("a weight too small", r"^( +weight) -?[1-9]\d", r"\1 1", ("CL301", "CL110", "CL302"), 0),
    Mistake("no weight", r"^ +weight -?[1-9]\d*\n", "", ("CL110", "CL302"), 0),
    Mistake("a check no longer listed", r"^ +track_script \{[^}]*\}\n", "", ("CL110", "KC203")),
    Mistake(
        "nopreempt on one",
        r"^( +)state BACKUP\n(?! +nopreempt)",
        r"\1state BACKUP\n\1nopreempt\n",
        (*("CL108", "CL302", "FO107", "FO108", "KC208", "KC304"),),
        0,
    ),
    Mistake("strict mode on one", r"^global_defs \{\n", r"global_defs {\n    vrrp_strict\n", ("KC330", "KC331"), 0),
    Mistake("priority 255", r"^( +priority) \d+", r"\1 255", ("KC206", "KC302", "KC373"), 0),
    Mistake("another priority", r"^( +priority) \d+", r"\1 5", ("CL111", "CL301", "FO102"), 0),
)
CLEAN = [cluster for cluster in clusters() if not cluster.several and len(cluster.nodes) > 1]


def spoilt(cluster: Cluster, mistake: Mistake) -> dict[str, str] | None:
    name = cluster.nodes[mistake.node]
    text, made = re.subn(mistake.old, mistake.new, cluster.files[name], count=1, flags=re.MULTILINE)
    return {**cluster.files, name: text} if made else None


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.what)
def test_one_mistake_is_one_kind_of_finding(mistake: Mistake, tmp_path: Path) -> None:
    said = {}
    for cluster in CLEAN:
        files = spoilt(cluster, mistake)
        if files is not None and len(said) < OF_EACH:
            write(files, tmp_path / cluster.name)
            said[cluster.name] = {code for code, _, _ in findings(cluster, tmp_path / cluster.name)}
    assert {name: codes for name, codes in said.items() if len(codes) > 1 or not codes <= {*mistake.codes}} == {}
    assert any(said.values()), "nothing is found in any cluster"

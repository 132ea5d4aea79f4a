"""The model against failovers measured on real daemons."""

from __future__ import annotations

import csv
import os
import re
from pathlib import Path

import pytest

from havipcfg.keepalived.load import read
from havipcfg.keepalived.version import Version
from havipcfg.source import Source
from havipcfg.verifier.build import build, reread_from
from havipcfg.verifier.simulate import simulate

SHARED = Path(os.environ.get("HAVIPCFG_SHARED", Path(__file__).parents[3] / "shared"))
TABLE = SHARED / "oracle/failover.tsv"
TOLERANCE = 0.05

# What the lab did, in the scenario language. The first pattern that fits counts; `wait 0`
# joins events that the lab made at once. Groups of a pattern may be used in its events.
EVENTS = [
    (r"start both, script bad on h1", "check h1 chk fail; start"),
    (r"start both \(h1 has no such NIC\)", "link h1 ens33 down; start"),
    (r"start cluster A", "start h1 h2"),
    # The lab watched the address of cluster A alone; when B's own comes is not in the table.
    (r"start cluster B.*", "start h3 h4; wait 9"),
    (r"start h1 first", "start h1; start h2; start h3"),
    (r"start (h\d) \((?:script bad|bad script).*", r"start \1"),
    (r"start (h\d).*", r"start \1"),
    (r"start.*", "start"),
    (r"restart all in order 1,2,3", "stop h2; stop h3; wait 1; start h1; wait 0.3; start h2; wait 0.3; start h3"),
    (r"(?:rnd: )?SIGTERM (?:the )?master.*", "stop h1"),
    (r"SIGTERM (h\d)", r"stop \1"),
    (r"kill -9 parent only", "stop h1"),
    (r"SIGSTOP master.*", "freeze h1"),
    (r"SIGCONT", "thaw h1"),
    (r"(?:master host dies|rnd: host dies)", "die h1"),
    (r"(h\d) dies", r"die \1"),
    (r"(?:host 1|h1|rnd: host) returns", "start h1"),
    (r"script fails on both \(70/50\)|fails on both.*", "check h1 chk fail; wait 0; check h2 chk fail"),
    (r"script fails on both", "check h1 chk fail; wait 0; check h2 chk fail"),
    (r"scripts ok on both", "check h1 chk ok; wait 0; check h2 chk ok"),
    (r"script hangs on master.*", "check h1 chk hang"),
    (r"script fails on backup", "check h2 chk fail"),
    (r"script fails on master.*", "check h1 chk fail"),
    (r"script fails on (h\d).*", r"check \1 chk fail"),
    (r"(h\d) script fails.*", r"check \1 chk fail"),
    (r"rnd: script fails (h\d)", r"check \1 chk fail"),
    (r"script ok on (h\d).*", r"check \1 chk ok"),
    (r"(h\d) script ok.*", r"check \1 chk ok"),
    (r"script ok again.*", "check h1 chk ok"),
    (r"rnd: script ok (h\d)", r"check \1 chk ok"),
    (r"ok (h\d)", r"check \1 chk ok"),
    (r"write (-?\d+).*", r"check h1 tf \1"),
    (r"partition", "cut h1 h2"),
    (r"heal", "heal"),
    (r"cable pulled at h1|h1: ip link set eth0 down", "link h1 eth0 down"),
    (r"cable back|h1: eth0 up", "link h1 eth0 up"),
    (r"(?:rnd: )?h1 eth1 (up|down).*", r"link h1 eth1 \1"),
    (r"change VRID on h1 only \+ HUP", "reload h1 changed.conf"),
]

# The language has no event for these; everything measured before them in the scenario counts.
NOT_COVERED = {
    "ip addr del VIP on the master": "an address removed by another tool",
    "rnd: kill -9 vrrp child of h1": "a child that its parent starts again",
    "rnd: kill -9 vrrp child of h2": "a child that its parent starts again",
}
# What the files cannot tell without knowing the host.
NEEDS_ADDRESSES = {"vip_is_own_address"}


def rows() -> dict[tuple[str, str], list[dict[str, str]]]:
    if not TABLE.exists():
        return {}
    runs: dict[tuple[str, str], list[dict[str, str]]] = {}
    with TABLE.open(encoding="utf-8") as table:
        for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE):
            runs.setdefault((row["scenario"], row["version"]), []).append(row)
    return runs


RUNS = rows()


def events(prose: str) -> str:
    for pattern, template in EVENTS:
        match = re.fullmatch(pattern, prose)
        if match:
            return match.expand(template)
    raise AssertionError(f"no scenario events for {prose!r}")


def network_of(scenario: str, version: str, *, addresses: bool):
    folder = SHARED / "oracle/failover" / scenario / version
    target = Version.parse(version)
    files = sorted(folder.glob("h*.conf"))
    known = {f"h{n}": {"eth0": [f"172.17.16.1{n}"], "eth1": [f"172.17.32.1{n}"]} for n in range(1, 5)}
    return build(
        [(file.stem, read(Source.read(file), target).conf) for file in files],
        versions=target,
        addresses={file.stem: known[file.stem] for file in files} if addresses else None,
    )


def names(cell: str) -> set[str]:
    return {name for name in cell.strip("{}").split(",") if name}


@pytest.mark.skipif(not RUNS, reason="no measured failovers here")
@pytest.mark.parametrize("addresses", [True, False], ids=["addresses known", "files alone"])
@pytest.mark.parametrize(("scenario", "version"), sorted(RUNS), ids=lambda value: value)
def test_measured_failovers(scenario: str, version: str, addresses: bool, tmp_path: Path) -> None:
    if not addresses and scenario in NEEDS_ADDRESSES:
        pytest.skip("the host's own address is not in the file")
    run = RUNS[scenario, version]
    covered = []
    for row in run:
        if row["event"] in NOT_COVERED:
            break
        covered.append(row)
    original = (SHARED / "oracle/failover" / scenario / version / "h1.conf").read_text()
    (tmp_path / "changed.conf").write_text(original.replace("virtual_router_id 51", "virtual_router_id 61"))
    text = [events(row["event"]) for row in covered]
    steps = simulate(
        network_of(scenario, version, addresses=addresses), "\n".join(text), reread=reread_from(tmp_path)
    ).steps
    problems, index = [], -1
    for row, part in zip(covered, text, strict=True):
        parts = part.split(";")
        index += len(parts)
        outcomes = steps[index].outcomes
        expected = names(row["masters_after"])
        key = next(iter(outcomes[0].holders))
        fitting = [o for o in outcomes if set(o.holders[key]) == expected]
        line = (
            f"{row['event']}: measured {row['measured_s']} {row['masters_after']} gap {row['no_master_s']}, {outcomes}"
        )
        if not fitting:
            problems.append(f"holder: {line}")
        elif part.count("start h") < 2 and not any(fits(o, row) for o in fitting):
            problems.append(f"time: {line}")
    assert not problems, "\n".join(problems)


def fits(outcome, row) -> bool:
    if row["measured_s"] == "no change":
        return outcome.after is None or outcome.after[0] == 0.0
    measured = float(row["measured_s"])
    if outcome.after is None or not inside(measured, outcome.after):
        return False
    if names(row["masters_after"]) and not inside(float(row["no_master_s"]), outcome.gap):
        return False
    return outcome.dual[1] is None or inside(float(row["dual_master_s"]), outcome.dual)


def inside(measured: float, bounds) -> bool:
    return bounds[0] - TOLERANCE <= measured <= bounds[1] + TOLERANCE


@pytest.mark.skipif(not RUNS, reason="no measured failovers here")
def test_little_is_left_out() -> None:
    left_out = 0
    for run in RUNS.values():
        first = next((i for i, row in enumerate(run) if row["event"] in NOT_COVERED), len(run))
        left_out += len(run) - first
    assert left_out / sum(map(len, RUNS.values())) < 0.06


def test_the_manual_lists_what_is_not_covered() -> None:
    manual = (Path(__file__).parents[2] / "docs/verify.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| (.+?) \| (.+?) \|$", manual.split("no counterpart:")[1], re.MULTILINE))
    assert {event: why for event, why in listed.items() if event != "recorded event"} == NOT_COVERED

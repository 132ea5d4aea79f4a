"""A rehearsal leaves nothing behind, however it ends, and touches no other."""

import os
import random
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from havipcfg.rehearsal import plan, rehearse
from havipcfg.rehearsal.registry import NAMESPACES, ROOT, claim
from havipcfg.verifier.scenario import parse
from tests.rehearse.clusters import TARGET, cluster, member

pytestmark = [pytest.mark.needs_root, pytest.mark.needs_keepalived, pytest.mark.needs_iproute2]

REPOSITORY = Path(__file__).parents[2]
SETTINGS = ("arp_ignore", "arp_filter", "rp_filter", "promote_secondaries", "accept_ra", "accept_dad", "disable_ipv6")
PROGRAM = """
from havipcfg.rehearsal import plan, rehearse
from havipcfg.verifier.scenario import parse
from tests.rehearse.clusters import TARGET, cluster, member

pair = cluster(a=member(1, 200, stays=False), b=member(2, 50))
tell = lambda progress: print(progress.event, progress.holders, flush=True)
rehearse(plan(pair, version=TARGET), parse("start; die a; start a; check b alive fail; wait 30"), progress=tell)
"""


class Rehearsing:
    """A rehearsal in a process of its own, recognisable by a mark that all its descendants inherit."""

    def __init__(self) -> None:
        self.mark = f"HAVIPCFG_TEST={uuid.uuid4()}"
        name, _, value = self.mark.partition("=")
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM],
            cwd=REPOSITORY,
            env={**os.environ, name: value},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def wait_for_holder(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if "('a',)" in line:
                return
        pytest.fail(f"no holder: {self.process.stderr.read() if self.process.stderr else ''}")

    def end(self) -> None:
        self.process.communicate(timeout=30)

    @property
    def traces(self) -> list[str]:
        """Namespaces, directories and processes that are there because of it."""
        name = f"hv{self.process.pid}x*"
        places = [str(path) for path in (*NAMESPACES.glob(name), *ROOT.glob(name))]
        return places + [f"process {pid}" for pid in self.processes]

    @property
    def processes(self) -> list[int]:
        found = []
        for directory in Path("/proc").iterdir():
            if directory.name.isdigit():
                try:
                    if self.mark.encode() in (directory / "environ").read_bytes().split(b"\0"):
                        found.append(int(directory.name))
                except OSError:
                    continue
        return found


def host() -> list[str]:
    """The machine's own interfaces, addresses, routes and settings of the network."""
    told = [subprocess.check_output(["ip", "-o", *words], text=True) for words in (["link"], ["-4", "addr"], ["route"])]
    settings = [path for family in ("ipv4", "ipv6") for path in Path("/proc/sys/net", family, "conf").glob("*/*")]
    return told + [f"{path} {path.read_text()}" for path in sorted(settings) if path.name in SETTINGS]


@pytest.fixture
def rehearsing() -> Iterator[Rehearsing]:
    started = Rehearsing()
    yield started
    started.process.terminate()
    started.process.communicate(timeout=30)
    claim().release()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_without_a_trace(rehearsing: Rehearsing, number: int) -> None:
    rehearsing.wait_for_holder()
    assert rehearsing.traces
    rehearsing.process.send_signal(number)
    rehearsing.end()
    assert rehearsing.traces == []
    assert rehearsing.process.returncode == -number


def test_the_next_one_removes_what_ten_killed_ones_left() -> None:
    before = host()
    moments = sorted(random.uniform(0.1, 9) for _ in range(10))
    killed, left = [Rehearsing() for _ in moments], list[str]()
    try:
        began = time.monotonic()
        for moment, each in zip(moments, killed, strict=True):
            time.sleep(max(0.0, began + moment - time.monotonic()))
            left += each.traces
            each.process.kill()
        for each in killed:
            each.end()
        pair = cluster(a=member(1, 200, stays=False), b=member(2, 50))
        result = rehearse(plan(pair, version=TARGET), parse("start"))
    finally:
        claim().release()
    assert result.steps[0].rounds[0].holders == {"front": ("a",)}
    assert left
    assert [each.traces for each in killed] == [[]] * len(killed), moments
    assert host() == before


def test_a_live_one_is_left_alone(rehearsing: Rehearsing) -> None:
    rehearsing.wait_for_holder()
    before = rehearsing.traces
    claim().release()
    assert rehearsing.process.poll() is None
    assert set(before) <= set(rehearsing.traces) | {trace for trace in before if trace.startswith("process")}
    assert any(trace.startswith("process") for trace in rehearsing.traces)


def test_an_error_in_the_middle_leaves_nothing() -> None:
    class UnwelcomeError(Exception):
        pass

    def interrupt(_progress: object) -> None:
        raise UnwelcomeError

    pair = cluster(a=member(1, 200, stays=False), b=member(2, 50))
    with pytest.raises(UnwelcomeError):
        rehearse(plan(pair, version=TARGET), parse("start"), progress=interrupt)
    mine = f"hv{os.getpid()}x*"
    assert [*NAMESPACES.glob(mine), *ROOT.glob(mine)] == []

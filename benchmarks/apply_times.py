"""How long nobody, or two nodes, hold an address while a change is applied: ``python -m benchmarks.apply_times``.

For every kind of change a pair is generated, runs on the real keepalived in network namespaces, and gets the changed
files twice, each time from the start: on all nodes by apply-all.sh, and on the holder alone by apply.sh. The kernel
announces each address that comes or goes (havipcfg/rehearsal/watch.py); beside that stands what ``havipcfg diff`` says
of the same two directories. Needs root, keepalived and iproute2; takes some minutes. ``--write`` puts the table into
docs/apply.md. Exit code 1 where a promise of ``diff`` was not kept.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from benchmarks import arguments
from havipcfg.rehearsal import watch
from tests.programs.lab import VIP, Lab

PAGE = Path(__file__).parents[1] / "docs" / "apply.md"
BEGIN, END = "<!-- times: begin -->\n", "<!-- times: end -->\n"
AFTER = 8.0
"""Seconds that the new set is watched: longer than a peer waits for adverts."""
HANDOVER = 0.2
"""Seconds that a hand-over may take: the old holder removes the address when it hears the new one."""

BASE = """\
name: web
provider: onprem
subnet: 10.20.0.0/24
havips: [10.20.0.100]
vip: {prefix: 32}
mode: prefer
prefer: web-a
preempt_delay: 0
virtual_router_id: 51
advert_int: 1
authentication: {password: {env: WEB_PASS}}
nodes:
  web-a: {address: 10.20.0.11, interface: eth0, priority: 110}
  web-b: {address: 10.20.0.12, interface: eth0, priority: 100}
checks:
  alive: {command: /bin/true, interval: 1}
"""
ADDED = ("[10.20.0.100]", "[10.20.0.100, 10.20.0.101]")


@dataclass(frozen=True)
class Case:
    """A kind of change: words of BASE before and after it; a password stands for itself."""

    name: str
    before: tuple[tuple[str, str], ...] = ()
    after: tuple[tuple[str, str], ...] = ()
    password: str = "Zo4-fish"

    def write(self, where: Path) -> tuple[Path, Path]:
        """The generated directories before and after."""
        made = []
        for side, changes, password in (("old", self.before, "Zo4-fish"), ("new", self.after, self.password)):
            text = BASE
            for old, new in changes:
                assert old in text
                text = text.replace(old, new)
            (where / f"{side}.yaml").write_text(text, encoding="utf-8")
            havipcfg("generate", where / f"{side}.yaml", "-o", where / side, password=password)
            made.append(where / side)
        return made[0], made[1]


CASES = (
    Case("nothing"),
    Case("priority of the holder, 110 to 120", after=(("priority: 110", "priority: 120"),)),
    Case("another node preferred", after=(("prefer: web-a", "prefer: web-b"), ("priority: 100", "priority: 130"))),
    Case("check script", after=(("/bin/true", "/usr/bin/test -d /etc"),)),
    Case("VIP added", after=(ADDED,)),
    Case("VIP removed", before=(ADDED,)),
    Case("auth_pass", password="0ther-pw"),
    Case("advert_int 1 to 2", after=(("advert_int: 1", "advert_int: 2"),)),
    Case("advert_int 2 to 1", before=(("advert_int: 1", "advert_int: 2"),)),
    Case("virtual_router_id", after=(("virtual_router_id: 51", "virtual_router_id: 52"),)),
)


def havipcfg(*words: str | Path, password: str = "") -> str:
    """What havipcfg prints."""
    command = [sys.executable, "-m", "havipcfg", *map(str, words)]
    done = subprocess.run(
        command, env={**os.environ, "WEB_PASS": password, "COLUMNS": "200"}, capture_output=True, text=True, check=False
    )
    if done.returncode not in (0, 1) or (done.returncode == 1 and words[0] != "diff"):
        raise SystemExit(done.stdout + done.stderr)
    return done.stdout


class Watched:
    """The holders of VIP as the kernel announces them."""

    def __init__(self, lab: Lab, base: Path) -> None:
        paths = [f"/run/netns/{node.namespace}" for node in lab.nodes]
        (base / "no-log").touch()
        paths += [str(base / "no-log")] * len(paths)
        self._process = subprocess.Popen(
            [sys.executable, "-I", watch.__file__, *paths], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self._seen = [self._process.stdout.readline() for _ in lab.nodes]

    def stop(self) -> tuple[list[tuple[float, int]], float]:
        """(time, number of holders) at each change, and now. Raises SystemExit if not every node was watched."""
        end = time.monotonic()
        lines = self._seen + self._process.communicate("\n")[0].splitlines()
        if not lines[-1].startswith("sync ") or self._process.returncode:
            raise SystemExit("the addresses of the nodes were not watched to the end")
        wanted = bytes(map(int, VIP.split("."))).hex()
        holding: set[str] = set()
        found = []
        for line in lines:
            what, number, *rest = line.split()
            if what == "addresses":
                at, *addresses = rest
                (holding.add if wanted in addresses else holding.discard)(number)
                found.append((float(at), len(holding)))
        return sorted(found, key=lambda each: each[0]), end


def seconds(found: list[tuple[float, int]], begin: float, end: float) -> tuple[float, float]:
    """For how long nobody, and two nodes, held the address between two times."""
    nobody = two = 0.0
    for (start, count), (until, _) in zip(found, [*found[1:], (end, 0)], strict=True):
        length = max(0.0, min(until, end) - max(start, begin))
        nobody += length if count == 0 else 0.0
        two += length if count > 1 else 0.0
    return nobody, two


@dataclass(frozen=True)
class Measured:
    """Seconds without a holder and with two."""

    nobody: float
    two: float


def apply_all(lab: Lab, out: Path) -> None:
    ssh = lab.ssh({"root@10.20.0.11": "web-a", "root@10.20.0.12": "web-b"})
    done = subprocess.run(
        ["sh", str(out / "apply-all.sh")],
        env={**os.environ, "HAVIPCFG_SSH": str(ssh)},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{out}: {done.stdout}{done.stderr}")


def measure(case: Case, *, alone: bool) -> Measured:
    """Apply one change to a pair that runs the set before."""
    with tempfile.TemporaryDirectory() as directory:
        base = Path(directory)
        base.chmod(0o755)
        old, new = case.write(base)
        lab = Lab(base / "lab", 2)
        try:
            apply_all(lab, old)
            watched = Watched(lab, base)
            begin = time.monotonic()
            if alone:
                lab.nodes[0].apply(new / "web-a")
            else:
                apply_all(lab, new)
            time.sleep(AFTER)
            found, end = watched.stop()
            return Measured(*seconds(found, begin, end))
        finally:
            lab.close()


def first_start() -> Measured:
    """From the first start of a daemon until somebody holds the address."""
    with tempfile.TemporaryDirectory() as directory:
        base = Path(directory)
        base.chmod(0o755)
        old, _ = CASES[0].write(base)
        lab = Lab(base / "lab", 2)
        try:
            watched = Watched(lab, base)
            with ThreadPoolExecutor(1) as pool:
                applying = pool.submit(apply_all, lab, old)
                while not any(node.pid() for node in lab.nodes) and not applying.done():
                    time.sleep(0.005)
                begin = time.monotonic()
                applying.result()
            found, end = watched.stop()
            return Measured(*seconds(found, begin, end))
        finally:
            lab.close()


def promise(case: Case) -> tuple[str, str]:
    """The effect that ``havipcfg diff`` names, and its sentence on the holder."""
    with tempfile.TemporaryDirectory() as directory:
        old, new = case.write(Path(directory))
        effect = json.loads(havipcfg("diff", old, new, "--format", "json"))["effect"]
        text = havipcfg("diff", old, new)
    said = [line.strip()[3:] for line in text.splitlines() if line.strip().startswith("=>")]
    return str(effect), said[0] if said else "no change in meaning"


def kept(effect: str, alone: Measured, ordered: Measured) -> bool:
    """Whether what was measured is what the effect says. The order that apply-all.sh keeps never makes two holders."""
    drops, doubles = effect in ("drops", "restart"), effect in ("two_holders", "drops")
    return (
        ordered.two < HANDOVER
        and (ordered.nobody > HANDOVER) == drops
        and (alone.nobody > HANDOVER) == drops
        and (alone.two > HANDOVER) == doubles
    )


def main() -> int:
    """Measure, print, and write the table with ``--write``."""
    write = arguments.read("benchmarks.apply_times", __doc__, PAGE)
    if os.geteuid() != 0 or shutil.which("keepalived") is None or shutil.which("ip") is None:
        sys.exit("benchmarks.apply_times needs root, keepalived and iproute2")
    rows = [
        "| change | `havipcfg diff` says of a reload | apply-all.sh: nobody | two | holder alone: nobody | two |",
        "|---|---|---|---|---|---|",
    ]
    start = first_start()
    rows.append(f"| first start | | {start.nobody:.2f} s after the first daemon started | {start.two:.2f} s | | |")
    print(rows[-1], flush=True)
    broken = 0
    for case in CASES:
        effect, said = promise(case)
        with ThreadPoolExecutor(2) as pool:
            both = [pool.submit(measure, case, alone=which) for which in (False, True)]
        ordered, alone = (each.result() for each in both)
        numbers = " | ".join(f"{value:.2f} s" for value in (ordered.nobody, ordered.two, alone.nobody, alone.two))
        rows.append(f"| {case.name} | {said} | {numbers} |")
        good = kept(effect, alone, ordered)
        broken += not good
        print(f"{rows[-1]}{'' if good else '   NOT AS PROMISED'}", flush=True)
    table = "\n".join(rows) + "\n"
    print(table)
    if write:
        head, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
        PAGE.write_text(head + BEGIN + table + END + rest.partition(END)[2], encoding="utf-8")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())

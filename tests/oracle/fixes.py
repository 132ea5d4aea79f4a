"""What the real keepalived makes of a configuration before and after the safe fixes that the linter offers.

``python -m tests.oracle.fixes [CODE …]`` prints, for every ``bad`` fixture with a safe fix, what differs in the
configuration that keepalived dumps once it runs, and the messages that came or went.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from havipcfg.keepalived.version import Version
from havipcfg.linter.discover import discover
from havipcfg.linter.engine import lint
from havipcfg.linter.fix import fix
from havipcfg.rules import load_all
from havipcfg.source import Source
from tests.real import namespace
from tests.rules.given import facts_of_comment, facts_of_yaml, options_of_comment
from tests.rules.test_fixtures import cases, code_of

INTERFACES = {"eth0": ["192.0.2.2/24", "2001:db8::2/64"], "eth1": ["198.51.100.2/24"]}
SECONDS = 20
QUIET = 1.0
_STAMP = re.compile(r"^\w{3} \w{3} +\d+ [\d:]{8} \d{4}: ?")
_LINE = re.compile(r"\((?:\S+: )?Line \d+\) ?")
_CHANGES = re.compile(
    r"(?i)pid|= fe80::|last transition|child wait|hash|Command line|Configuration file|Running on|time|epoch|cache"
    r"|Starting K|MAC = | index = |Name = hv"
)


class Ran(NamedTuple):
    """What keepalived said on its way, and the configuration that it dumped."""

    said: list[str]
    dump: list[str]


class Fixed(NamedTuple):
    """A case before and after its safe fixes."""

    case: Path
    before: Ran
    after: Ran

    @property
    def new(self) -> list[str]:
        """Messages that were not there before."""
        return [line for line in self.after.said if line not in self.before.said]

    @property
    def difference(self) -> list[str]:
        """Lines of the dumped configuration that came or went; the daemons write theirs into one another."""
        before, after = Counter(self.before.dump), Counter(self.after.dump)
        return [
            *(f"-{line}" for line in (before - after).elements()),
            *(f"+{line}" for line in (after - before).elements()),
        ]


def mended(case: Path) -> Iterator[tuple[Source, Source]]:
    """The files of a case that its safe fixes change, and what they become."""
    paths = sorted(case.rglob("*.conf")) if case.is_dir() else [case]
    sources = discover(paths).sources
    cluster = case / "cluster.yaml"
    facts = facts_of_yaml(Source.read(cluster)) if cluster.exists() else facts_of_comment(sources[0].text)
    options = replace(
        options_of_comment(sources[0].text),
        target=Version(2, 2, 7),
        facts=facts,
        as_cluster=case.is_dir() and "apart" not in case.name,
        select=(code_of(case),),
    )
    if any(d.fix is not None and d.fix.safety == "safe" for d in lint(sources, options).diagnostics):
        yield from fix(sources, options).changed


def beside(case: Path, old: Source, new: Source) -> Fixed:
    """What keepalived does of a file before and after, both at once, each in a namespace of its own."""
    with namespace(INTERFACES) as one, namespace(INTERFACES) as other, ThreadPoolExecutor() as pool:
        before, after = pool.map(run, (old.text, new.text), (one, other))
    return Fixed(case, before, after)


def run(text: str, name: str) -> Ran:
    """Run keepalived in a namespace until it has dumped what it read."""
    with tempfile.TemporaryDirectory() as folder:
        conf = Path(folder) / "keepalived.conf"
        conf.write_text(text, encoding="utf-8", errors="surrogateescape")
        log = Path(folder) / "log"
        pids = [word for flag in "prcb" for word in (f"-{flag}", f"{folder}/{flag}")]
        with log.open("wb") as output:
            process = subprocess.Popen(
                ["ip", "netns", "exec", name, "keepalived", "-n", "-l", "-d", "-i", "any", *pids, "-f", str(conf)],
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            size, since, until = 0, time.monotonic(), time.monotonic() + SECONDS
            while process.poll() is None and time.monotonic() < until:
                time.sleep(0.1)
                if log.stat().st_size != size:
                    size, since = log.stat().st_size, time.monotonic()
                elif time.monotonic() - since > QUIET and b"------<" in log.read_bytes():
                    break
            process.terminate()
            process.wait(SECONDS)
        lines = [_STAMP.sub("", line) for line in log.read_text(errors="replace").splitlines()]
    lines = [line.replace(folder, "") for line in lines if not _CHANGES.search(line)]
    start = next((index for index, line in enumerate(lines) if line.startswith("------<")), len(lines))
    stop = next((index for index, line in enumerate(lines) if line.startswith("Stopping")), len(lines))
    said = [_LINE.sub("", line) for line in lines[:start] if not line.startswith(" ")]
    return Ran(said, [line for line in lines[start:stop] if line.startswith((" ", "------<"))])


def compared(codes: list[str]) -> Iterator[Fixed]:
    """Every ``bad`` case that a safe fix changes, before and after, as keepalived runs it."""
    load_all()
    for case in cases("bad"):
        if case.suffix == ".yaml" or (codes and code_of(case) not in codes):
            continue
        for old, new in mended(case):
            yield beside(case, old, new)


if __name__ == "__main__":
    for each in compared(sys.argv[1:]):
        print(f"== {each.case.parent.name}/{each.case.name}", flush=True)
        for line in (*(f"new: {line}" for line in each.new), *each.difference):
            print("  ", line)

"""``make bench``: start-up, large files beside ``keepalived -t``, many files, hostile files, the verifier.

``python -m benchmarks --write`` puts the figures into docs/speed.md; quiet machines only.
"""

from __future__ import annotations

import compileall
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import arguments, verifier  # noqa: E402
from tests.real import namespace  # noqa: E402

PAGE = ROOT / "docs" / "speed.md"
BEGIN, END = "<!-- figures: begin -->\n```\n", "```\n<!-- figures: end -->\n"
PUBLISHED = ROOT / "examples" / "tencent-haproxy" / "published.conf"
CLEAN = """\
global_defs {
    enable_script_security
    script_user nobody
}

vrrp_script chk_app {
    script "/usr/bin/pgrep -x haproxy"
    interval 2
    weight -30
}

vrrp_instance web {
    state BACKUP
    interface eth0
    virtual_router_id 51
    priority 110
    unicast_src_ip 192.0.2.1
    unicast_peer {
        192.0.2.2
    }
    virtual_ipaddress {
        192.0.2.10
    }
    garp_master_refresh 5
    track_script {
        chk_app
    }
}
"""
LIBRARIES = "import lark, pydantic, typer, rich"
INSTANCE = """\
vrrp_instance VI_{number} {{
    state BACKUP
    interface eth0
    virtual_router_id {router}
    priority 100
    advert_int 1
    authentication {{
        auth_type PASS
        auth_pass Zu8-kelp
    }}
    unicast_src_ip 192.0.2.1
    unicast_peer {{
        198.51.{high}.{low}
    }}
    virtual_ipaddress {{
        10.{second}.{high}.{low}/32 dev eth0
    }}
    garp_master_delay 1
    garp_master_refresh 5
}}

"""


HOSTILE = {
    "unknown keywords": lambda n: f"foo{n} bar\n",
    "no-break spaces": lambda n: f"\u00a0priority {n}\n",
    "letters that look Latin": lambda n: f"vrrp_instance VI_{n} {{\n    prior\u0456ty 100\n}}\n",
    "blocks without braces": lambda n: f"vrrp_instance VI_{n}\n    priority 100\n",
    "definitions, each of the one before": lambda n: f"$A{n}=$A{n - 1}\n",
    "instances with one virtual_router_id": lambda n: INSTANCE.format(
        number=n, router=51, second=n // 62500, high=n // 250 % 250, low=n % 250 + 1
    ),
    "comments that take nothing back": lambda n: f"vrrp_instance VI_{n} {{ # havipcfg: ignore[KC999]\n}}\n",
    "virtual servers": lambda n: f"virtual_server 10.{n >> 8 & 255}.{n & 255}.1 80 {{\n    delay_loop 6\n}}\n",
}
"""A line or block of each kind by its number; files of 100,000 lines are made of them."""


class Run(NamedTuple):
    """One run of a command: seconds on the clock, seconds of the processor, MiB."""

    wall: float
    processor: float
    memory: int


def run(command: list[str], **options: object) -> Run:
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)  # type: ignore[call-overload]
    _, _, usage = os.wait4(process.pid, 0)
    return Run(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024)


def least(runs: list[Run]) -> Run:
    """Least times, and the largest memory."""
    return Run(min(r.wall for r in runs), min(r.processor for r in runs), max(r.memory for r in runs))


def beside(command: list[str], other: list[str], runs: int) -> tuple[Run, Run, float, float]:
    """Two commands in turn: the least of each, and the median ratio of the pairs on the clock and of the processor."""
    pairs = [(run(command, cwd=ROOT), run(other, cwd=ROOT)) for _ in range(runs)]
    one, two = (least(list(each)) for each in zip(*pairs, strict=True))
    return one, two, median(a.wall / b.wall for a, b in pairs), median(a.processor / b.processor for a, b in pairs)


def lint(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "havipcfg", "lint", *map(str, arguments)]


def start_up(folder: Path) -> Iterator[str]:
    clean = folder / "clean.conf"
    clean.write_text(CLEAN)
    yield f"one file, beside `python -c '{LIBRARIES}'`:"
    for name, file in (("without findings", clean), ("with three findings", PUBLISHED)):
        one, other, wall, processor = beside(lint(file), [sys.executable, "-c", LIBRARIES], 15)
        yield (
            f"  {name:20} {one.wall * 1000:4.0f} ms beside {other.wall * 1000:.0f} ms, {one.memory} MiB; "
            f"ratio {wall:.2f}, of processor time {processor:.2f}"
        )


def large_files(folder: Path) -> Iterator[str]:
    yield "one large file, beside `keepalived -t` of it:"
    for instances in (600, 6000, 14300):
        file = folder / f"{instances}.conf"
        file.write_text(
            "".join(
                INSTANCE.format(number=n, router=n % 255 + 1, second=n // 62500, high=n // 250 % 250, low=n % 250 + 1)
                for n in range(instances)
            )
        )
        lines = f"  {file.read_text().count(chr(10)):7,} lines: "
        if os.geteuid() == 0 and shutil.which("keepalived"):
            with namespace({"eth0": ["192.0.2.1/24"]}) as name:
                real = ["ip", "netns", "exec", name, "keepalived", "-t", "-f", str(file)]
                one, other, wall, processor = beside(lint(file), real, 5)
            ratio = f" beside {other.wall:.2f} s; ratio {wall:.2f}, of processor time {processor:.2f}"
        else:
            one, ratio = least([run(lint(file), cwd=ROOT) for _ in range(5)]), ""
        yield f"{lines}{one.wall:.2f} s, {one.memory} MiB{ratio}"


def many_files(folder: Path) -> Iterator[str]:
    site = folder / "site"
    site.mkdir()
    for n in range(1000):
        (site / f"node{n}.conf").write_text("".join(_instance(n // 2, n % 2, i) for i in range(3)))
    cache = ("--cache-dir", folder / "cache", site)
    first = least([run(lint("--no-cache", *cache), cwd=ROOT) for _ in range(5)])
    run(lint(*cache), cwd=ROOT)
    again = least([run(lint(*cache), cwd=ROOT) for _ in range(5)])
    yield f"1,000 files of 75 lines: {first.wall:.2f} s, {first.memory} MiB; unchanged {again.wall:.2f} s"
    if os.geteuid() == 0 and shutil.which("keepalived"):
        with namespace({"eth0": ["192.0.2.1/24"]}) as name:
            loop = 'for file; do keepalived -t -f "$file"; done'
            sample = [str(site / f"node{n}.conf") for n in range(50)]
            command = ["ip", "netns", "exec", name, "sh", "-c", loop, "sh", *sample]
            real = 20 * least([run(command) for _ in range(3)]).wall
        ratios = f"{real / first.wall:.1f} and {real / again.wall:.1f} times as long"
        yield f"  `keepalived -t` on each: {real:.2f} s (20 times 50); {ratios}"


def hostile_files(folder: Path) -> Iterator[str]:
    yield "100,000 lines of one kind:"
    for name, made in HOSTILE.items():
        file = folder / "hostile.conf"
        file.write_text("".join(made(n) for n in range(100_000 // made(0).count("\n"))), encoding="utf-8")
        once = run(lint(file), cwd=ROOT)
        yield f"  {name:38} {once.processor:5.2f} s of the processor, {once.memory} MiB"


def _instance(cluster: int, node: int, number: int) -> str:
    """One of the instances of a pair whose nodes name each other."""
    text = INSTANCE.format(
        number=number,
        router=(3 * cluster + number) % 255 + 1,
        second=cluster // 250,
        high=cluster % 250,
        low=number + 1,
    )
    subnet = f"192.{cluster // 250 + 1}.{cluster % 250}"
    text = text.replace("192.0.2.1\n", f"{subnet}.{node + 1}\n").replace("priority 100", f"priority {110 - 20 * node}")
    return text.replace(f"198.51.{cluster % 250}.{number + 1}\n", f"{subnet}.{2 - node}\n")


def main() -> None:
    write = arguments.read("benchmarks", __doc__, PAGE)
    compileall.compile_dir(ROOT / "havipcfg", quiet=1)  # as pip does for what it installs
    found = [f"Python {sys.version.split()[0]}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}"]
    print(found[0], flush=True)
    with tempfile.TemporaryDirectory() as name:
        for part in (start_up, large_files, many_files, hostile_files):
            for line in part(Path(name)):
                print(line, flush=True)
                found.append(line)
    if write:
        head, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
        PAGE.write_text(
            head + BEGIN + "".join(f"{line}\n" for line in found) + END + rest.partition(END)[2], encoding="utf-8"
        )
    verifier.report()
    own = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"largest process: {own} MiB")


if __name__ == "__main__":
    main()

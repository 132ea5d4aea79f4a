"""``make bench``: start-up, large files beside ``keepalived -t``, many files, the verifier."""

from __future__ import annotations

import compileall
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import verifier  # noqa: E402
from tests.real import namespace  # noqa: E402

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


def measured(command: list[str], runs: int = 5, **options: object) -> tuple[float, float, int]:
    """Least wall time and least processor time in seconds, and the largest memory in MiB, of several runs."""
    walls, processor, memory = [], [], 0
    for _ in range(runs):
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)  # type: ignore[call-overload]
        _, _, usage = os.wait4(process.pid, 0)
        walls.append(time.perf_counter() - start)
        processor.append(usage.ru_utime + usage.ru_stime)
        memory = max(memory, usage.ru_maxrss // 1024)
    return min(walls), min(processor), memory


def start_up() -> None:
    file = ROOT / "examples" / "tencent-haproxy" / "published.conf"
    base, base_cpu, _ = measured([sys.executable, "-c", LIBRARIES], 15)
    lint, lint_cpu, memory = measured([sys.executable, "-m", "havipcfg", "lint", str(file)], 15, cwd=ROOT)
    print(f"start-up: {LIBRARIES:<44} {base * 1000:6.0f} ms")
    print(f"          havipcfg lint published.conf                 {lint * 1000:6.0f} ms, {memory} MiB")
    print(f"          ratio {lint / base:.2f} (processor time {lint_cpu / base_cpu:.2f})")


def large_files(folder: Path) -> None:
    for instances in (600, 6000):
        text = "".join(
            INSTANCE.format(number=n, router=n % 255 + 1, second=n // 62500, high=n // 250 % 250, low=n % 250 + 1)
            for n in range(instances)
        )
        file = folder / f"{instances}.conf"
        file.write_text(text)
        lines = text.count("\n")
        lint, _, memory = measured([sys.executable, "-m", "havipcfg", "lint", str(file)], 3, cwd=ROOT)
        print(f"{lines:7} lines: havipcfg lint {lint:6.2f} s, {memory} MiB", end="")
        if os.geteuid() == 0 and shutil.which("keepalived"):
            with namespace({"eth0": ["192.0.2.1/24"]}) as name:
                real, _, _ = measured(["ip", "netns", "exec", name, "keepalived", "-t", "-f", str(file)], 3)
            print(f"; keepalived -t {real:6.2f} s; ratio {lint / real:.2f}", end="")
        print()


def many_files(folder: Path) -> None:
    site = folder / "site"
    site.mkdir()
    for n in range(1000):
        (site / f"node{n}.conf").write_text("".join(_instance(n // 2, n % 2, i) for i in range(3)))
    command = [sys.executable, "-m", "havipcfg", "lint", "--cache-dir", str(folder / "cache"), str(site)]
    lint, _, memory = measured([*command, "--no-cache"], 3, cwd=ROOT)
    measured(command, 1, cwd=ROOT)
    again, _, _ = measured(command, 5, cwd=ROOT)
    print(f"1000 files of 69 lines: havipcfg lint {lint:6.2f} s, {memory} MiB; unchanged {again:6.3f} s", end="")
    if os.geteuid() == 0 and shutil.which("keepalived"):
        with namespace({"eth0": ["192.0.2.1/24"]}) as name:
            loop = 'for file; do keepalived -t -f "$file"; done'
            sample = [str(site / f"node{n}.conf") for n in range(50)]
            real, _, _ = measured(["ip", "netns", "exec", name, "sh", "-c", loop, "sh", *sample], 2)
        print(f"; keepalived -t on each {20 * real:6.2f} s (20 x 50); ratio {20 * real / lint:.1f}", end="")
        print(f", unchanged {20 * real / again:.1f}", end="")
    print()


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
    compileall.compile_dir(ROOT / "havipcfg", quiet=1)  # as pip does for what it installs
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    start_up()
    with tempfile.TemporaryDirectory() as name:
        large_files(Path(name))
        many_files(Path(name))
    verifier.report()
    own = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"largest process: {own} MiB")


if __name__ == "__main__":
    main()

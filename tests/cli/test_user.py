"""What a person expects of a command line: files of another user, a bar, quiet and loud runs, steady order."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.process import COMMAND, environment, on_terminal, run
from tests.cli.test_jobs import node
from tests.conftest import ROOT

NOBODY = 65534
INFO = node(1, 0)
WARNING = INFO.replace("state BACKUP", "state BACKUP\n    track_interface {\n        eth0\n    }")
ERROR = INFO.replace("priority 110", "priority 300")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for name, text in (("info", INFO), ("warning", WARNING), ("error", ERROR)):
        (tmp_path / f"{name}.conf").write_text(text)
    return tmp_path


@pytest.fixture(scope="module")
def as_nobody() -> Iterator[Path]:
    """A copy of havipcfg in a folder that any user may read."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        shutil.copytree(ROOT / "havipcfg", folder / "havipcfg", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(ROOT / "grammar", folder / "grammar")
        try:
            ready = nobody(folder, "-c", "import havipcfg.cli.app, lark, pydantic").returncode == 0
        except OSError:
            ready = False
        if not ready:
            pytest.skip("no Python here that user nobody may run")
        yield folder


def nobody(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a Python that every user may run as user nobody, with the libraries of this one."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    program = shutil.which(version, path="/usr/bin") or sys.executable
    libraries = f"{folder}:{sysconfig.get_path('purelib')}"
    return subprocess.run(
        [program, *words], cwd=folder, user=NOBODY, group=NOBODY, extra_groups=[], capture_output=True, text=True,
        env=environment(PYTHONPATH=libraries, HOME=str(folder)), check=False,
    )  # fmt: skip


@pytest.mark.needs_root
@pytest.mark.parametrize("command", ["lint", "fmt", "verify", "graph", "import", "diff", "generate", "lint --cluster"])
def test_a_file_of_another_user_is_named_and_never_clean(as_nobody: Path, command: str) -> None:
    for name in ("a.conf", "b.conf"):
        (as_nobody / name).write_text(INFO)
        (as_nobody / name).chmod(0o600)
    words = {"diff": ["diff", "a.conf", "b.conf"], "import": ["import", "a.conf", "b.conf"],
             "lint --cluster": ["lint", ".", "--cluster", "a.conf"]}.get(command, [command, "a.conf"])  # fmt: skip
    done = nobody(as_nobody, "-m", "havipcfg", *words)
    assert done.returncode == 2, done.stderr
    assert "a.conf: Permission denied" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.needs_root
def test_what_a_search_cannot_look_into_is_named(as_nobody: Path) -> None:
    site = as_nobody / "site"
    for folder in (site, site / "closed", site / "open"):
        folder.mkdir()
    (site / "open" / "a.conf").write_text(INFO)
    (site / "secret.conf").write_text(INFO)
    (site / "secret.conf").chmod(0o600)
    (site / "gone.conf").symlink_to("nowhere")
    (site / "closed").chmod(0o700)
    done = nobody(as_nobody, "-m", "havipcfg", "lint", "site")
    assert done.returncode == 2
    assert "site/secret.conf: Permission denied" in done.stdout
    assert "site/closed: Permission denied" in done.stdout
    assert "site/open/a.conf" in done.stdout
    assert "gone.conf" not in done.stdout
    (site / "secret.conf").unlink()
    (site / "closed").chmod(0o755)
    assert nobody(as_nobody, "-m", "havipcfg", "lint", "site").returncode == 0
    (site / "keepalived.conf").symlink_to("nowhere")
    assert "site/keepalived.conf: No such file" in nobody(as_nobody, "-m", "havipcfg", "lint", "site").stdout


def test_a_bar_shows_while_many_files_are_judged_and_is_gone_afterwards(tmp_path: Path) -> None:
    for number in range(1500):
        scripts = "".join(f'vrrp_script c{number}_{i} {{\n    script "/bin/{number} {i}"\n}}\n' for i in range(30))
        instance = node(number % 250, 0, address=f"10.{number // 250}.{number % 250}.9")
        (tmp_path / f"{number}.conf").write_text(scripts + instance)
    words = [*COMMAND, "lint", "--isolated", "--no-cache", "--jobs", "1", "--select", "KC1", "."]
    status, shown = on_terminal(tmp_path, words)
    assert status == 0
    assert b"judging files" in shown
    assert re.search(rb"\d+%", shown)
    assert shown.rstrip().endswith(b"no problems in 1,500 files") or b"1500 files" in shown.splitlines()[-1]
    assert shown.index(b"\x1b[?25l") < shown.rindex(b"\x1b[?25h"), "the cursor is shown again"
    piped = run(tmp_path, *words[len(COMMAND) :])
    assert piped.stderr == b""
    assert b"\x1b" not in piped.stdout


def test_long_work_says_what_it_is_and_is_gone_afterwards(tmp_path: Path) -> None:
    work = "import time; from havipcfg.cli.progress import waiting\nwith waiting('proving [web]'): time.sleep({})"
    status, shown = on_terminal(tmp_path, [sys.executable, "-c", work.format(2)])
    assert status == 0
    assert b"proving [web]" in shown
    assert shown.endswith(b"\x1b[2K"), "its line is cleared"
    assert on_terminal(tmp_path, [sys.executable, "-c", work.format(0)]) == (0, b"")
    piped = subprocess.run([sys.executable, "-c", work.format(1)], capture_output=True, env=environment(), check=True)
    assert piped.stderr == b""


def test_no_bar_where_there_is_nothing_to_wait_for(site: Path) -> None:
    assert b"judging" not in on_terminal(site, [*COMMAND, "lint", "."])[1]


@pytest.mark.parametrize(
    ("least", "clean"),
    [("error", ["info", "warning"]), ("warning", ["info"]), ("info", []), (None, ["info", "warning"])],
)
def test_fail_on_decides_what_counts(site: Path, least: str | None, clean: list[str]) -> None:
    option = [] if least is None else ["--fail-on", least]
    statuses = {name: run(site, "lint", *option, f"{name}.conf").returncode for name in ("info", "warning", "error")}
    assert statuses == {name: 0 if name in clean else 1 for name in statuses}


def test_quiet_and_verbose(site: Path) -> None:
    usual = run(site, "lint", "error.conf").stdout.decode()
    quiet = run(site, "lint", "-q", "error.conf")
    assert usual.startswith(quiet.stdout.decode())
    assert usual[len(quiet.stdout.decode()) :].strip().startswith("1 error")
    assert run(site, "lint", "-q", "--select", "KC9", "info.conf").stdout == b""
    loud = run(site, "lint", "--verbose", "error.conf", "info.conf")
    assert loud.stdout.decode().startswith("info" if usual.startswith("info") else "error")
    said = loud.stderr.decode().splitlines()
    assert said[0].startswith("havipcfg: settings: ")
    assert said[1:] == ["havipcfg: judging error.conf", "havipcfg: judging info.conf"]


def test_fmt_leaves_out_what_is_excluded(site: Path) -> None:
    (site / "archive").mkdir()
    untidy = INFO.replace("    ", "\t")
    for name in ("archive/old.conf", "new.conf", "archive.conf"):
        (site / name).write_text(untidy)
    done = run(site, "fmt", "--exclude", "archive/", "--exclude", "warn*", ".")
    assert done.returncode == 0
    assert (site / "archive/old.conf").read_text() == untidy
    assert (site / "archive.conf").read_text() == (site / "new.conf").read_text() == INFO
    assert b"2 formatted, 2 unchanged" in done.stderr
    assert run(site, "fmt", "-q", "--check", "archive/old.conf", "--exclude", "archive/").returncode == 1


def test_the_order_is_that_of_files_and_lines(site: Path) -> None:
    named = run(site, "lint", "--format", "json", "--fail-on", "error", "warning.conf", "error.conf", "info.conf")
    report = json.loads(named.stdout)
    assert report["files"] == ["warning.conf", "error.conf", "info.conf"]
    places = [(report["files"].index(d["file"]), d["line"], d["column"]) for d in report["diagnostics"]]
    assert places == sorted(places)
    outputs = {run(site, "lint", ".", PYTHONHASHSEED=str(seed)).stdout for seed in range(3)}
    assert len(outputs) == 1


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [
        ({}, True),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": ""}, True),
        ({"TERM": "dumb"}, False),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_colour_on_a_terminal(site: Path, environment: dict[str, str], coloured: bool) -> None:
    status, shown = on_terminal(site, [*COMMAND, "lint", "error.conf"], **environment)
    assert status == 1
    assert (b"\x1b[" in shown) is coloured


def test_help_fits_80_columns_and_says_what_statuses_mean(site: Path) -> None:
    from havipcfg.cli.app import COMMANDS

    for command in COMMANDS:
        done = run(site, command, "--help")
        assert done.returncode == 0
        text = done.stdout.decode()
        assert max(map(len, text.splitlines())) <= 80
        assert ("Exit status:" in text) == (command not in ("explain", "rules", "schema"))
    assert "..." not in run(site, "--help").stdout.decode().partition("Commands:")[2]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["lint", "--formt", "json"], "no such option '--formt'"),
        (["lnt"], "no such command 'lnt'"),
        (["generate"], "missing argument 'CLUSTER.yaml'"),
        (["rehearse", "--rounds", "0", "x"], "--rounds"),
        (["verify", "--max-failover", "soon", "x"], "--max-failover"),
        (["lint", "--jobs", "many", "x"], "--jobs"),
        (["diff", "info.conf"], "missing argument 'NEW'"),
        (["diff", "info.conf", "."], "a file and a directory"),
        (["explain", "KC9999"], "KC9999"),
        (["schema", "--output", "none/x"], "none/x"),
        (["graph", "--format", "png", "info.conf"], "not one of svg, mermaid"),
    ],
)
def test_a_wrong_command_line_is_one_line(site: Path, words: list[str], says: str) -> None:
    done = run(site, *words)
    assert done.returncode == 2
    assert done.stdout == b""
    (line,) = done.stderr.decode().splitlines()
    assert line.startswith("havipcfg: ")
    assert says in line


def test_no_command_shows_the_help_and_is_no_success(site: Path) -> None:
    done = run(site)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"Commands:" in done.stderr


def test_the_list_of_rules_is_a_line_a_rule_and_fits_a_terminal(site: Path) -> None:
    piped = run(site, "rules").stdout.decode().splitlines()
    assert all(re.match(r"[A-Z]{2}\d{3}  (error|warning|info) ", line) for line in piped)
    status, shown = on_terminal(site, [*COMMAND, "rules"])
    assert status == 0
    lines = shown.decode().splitlines()
    assert max(map(len, lines)) <= 80
    assert len([line for line in lines if re.match(r"[A-Z]{2}\d{3} ", line)]) == len(piped)


@pytest.mark.parametrize("command", ["lint", "fmt", "verify", "graph", "import", "diff", "generate", "lint --cluster"])
@pytest.mark.parametrize("kind", ["missing", "folder", "binary"])
def test_what_is_no_configuration_is_named_and_never_clean(site: Path, command: str, kind: str) -> None:
    (site / "folder").mkdir()
    (site / "binary").write_bytes(bytes(range(256)) * 20)
    words = {"diff": ["diff", "info.conf", kind], "import": ["import", kind, "info.conf"],
             "lint --cluster": ["lint", "info.conf", "--cluster", kind]}.get(command, [command, kind])  # fmt: skip
    done = run(site, *words)
    assert done.returncode in (1, 2) if command == "generate" and kind == "binary" else done.returncode == 2
    said = (done.stdout + done.stderr).decode()
    assert kind in said or command == "diff"
    assert "Traceback" not in said
    assert "internal error" not in said

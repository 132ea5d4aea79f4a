"""A report is kept only as long as it is true; asked of real processes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from havipcfg.linter import cache
from tests.cli.test_jobs import node
from tests.conftest import ROOT

CHECKED = """\
vrrp_script chk {{
    script "/etc/keepalived/check.sh"
}}
{}"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    folder.mkdir()
    for cluster in range(10):
        for number in range(2):
            (folder / f"c{cluster}-{number}.conf").write_text(node(cluster, number))
    return folder


def lint(site: Path, *arguments: str, root: Path = ROOT, cwd: Path | None = None, **environment: str) -> str:
    return judged(site, *arguments, "." if cwd is None else str(site), root=root, cwd=cwd, **environment)


def judged(site: Path, *words: str, root: Path = ROOT, cwd: Path | None = None, **environment: str) -> str:
    known = {**os.environ, "PYTHONPATH": str(root), "XDG_CACHE_HOME": str(site.parent / "cache"), **environment}
    command = [sys.executable, "-m", "havipcfg", "lint", *words]
    done = subprocess.run(command, cwd=cwd or site, env=known, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    assert done.stderr == ""
    return f"{done.returncode}\n{done.stdout}"


def entries(site: Path) -> list[Path]:
    return sorted((site.parent / "cache" / "havipcfg" / "runs").glob("*.json"))


def mark(site: Path) -> None:
    """Put a word into every entry that shows when one is used."""
    for path in entries(site):
        entry = json.loads(path.read_text())
        entry["text"] = "FROM THE CACHE\n"
        sealed = json.dumps([entry["text"], entry["status"], entry["looked"]])
        entry["digest"] = sha256(sealed.encode()).hexdigest()
        path.write_text(json.dumps(entry))


def test_an_unchanged_run_is_not_made_again(site: Path) -> None:
    first = lint(site)
    assert lint(site) == first
    mark(site)
    assert lint(site) == f"{first[0]}\nFROM THE CACHE\n"
    assert lint(site, "--no-cache") == first
    assert len(entries(site)) == 1


CHANGES = {
    "a file's text": lambda site: (site / "c3-1.conf").write_text(node(3, 1, priority=300)),
    "a file's text of the same length and time": lambda site: swap(site / "c3-1.conf", "priority", "priorite"),
    "a file more": lambda site: (site / "more.conf").write_text(node(99, 1)),
    "a file less": lambda site: (site / "c3-1.conf").unlink(),
    "a file's name": lambda site: (site / "c3-1.conf").rename(site / "zzz.conf"),
    "settings": lambda site: (site / "havipcfg.toml").write_text('ignore = ["KC2"]\n'),
}


def swap(path: Path, old: str, new: str) -> None:
    known = path.stat()
    path.write_text(path.read_text().replace(old, new))
    os.utime(path, ns=(known.st_atime_ns, known.st_mtime_ns))


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_seen(site: Path, change: str) -> None:
    first = lint(site)
    mark(site)
    CHANGES[change](site)
    fresh = lint(site)
    assert "FROM THE CACHE" not in fresh
    assert fresh == lint(site, "--no-cache")
    assert fresh != first


@pytest.mark.parametrize(
    "arguments",
    [
        ("--as-cluster",),
        ("--target", "2.2.7"),
        ("--select", "KC"),
        ("--ignore", "KC204"),
        ("--format", "json"),
        ("--fail-on", "info"),
        ("--quiet",),
        ("--color", "always"),
        ("--provider", "tencent"),
        ("--subnet", "10.0.0.0/16"),
        ("--config-id", "a"),
        ("--no-include",),
        ("--exclude", "c3-*"),
    ],
)
def test_an_option_is_another_run(site: Path, arguments: tuple[str, ...]) -> None:
    lint(site)
    mark(site)
    assert "FROM THE CACHE" not in lint(site, *arguments)


def test_width_and_working_directory_are_another_run(site: Path) -> None:
    lint(site, COLUMNS="80")
    mark(site)
    assert "FROM THE CACHE" in lint(site, COLUMNS="80")
    assert "FROM THE CACHE" not in lint(site, COLUMNS="60")
    assert "FROM THE CACHE" not in lint(site, COLUMNS="80", cwd=site.parent)


@pytest.mark.parametrize("arguments", [("--env",), ("--host",), ("--baseline", "known"), ("--cluster", "c.yaml")])
def test_runs_that_look_at_more_are_not_kept(site: Path, arguments: tuple[str, ...]) -> None:
    (site / "known").write_text('{"version": 1, "findings": []}')
    shutil.copy(ROOT / "examples" / "tencent-haproxy" / "cluster.yaml", site / "c.yaml")
    command = [sys.executable, "-m", "havipcfg", "lint", *arguments, "."]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(site.parent / "cache")}
    subprocess.run(command, cwd=site, env=environment, capture_output=True)
    assert entries(site) == []


@pytest.mark.parametrize("line", ["include more.inc", "include nothing*", "$WHAT=more\ninclude ${WHAT}.inc"])
def test_runs_with_includes_are_not_kept(site: Path, line: str) -> None:
    (site / "c1-0.conf").write_text(f"{line}\n{node(1, 0)}")
    first = lint(site)
    (site / "more.inc").write_text("vrrp_script chk {\n    colour red\n}\n")
    (site / "nothing.inc").write_text("vrrp_script chk {\n    colour red\n}\n")
    fresh = lint(site)
    assert fresh != first
    assert "colour" in fresh
    assert entries(site) == []


def test_a_script_beside_a_configuration_is_seen(site: Path) -> None:
    (site / "c1-0.conf").write_text(CHECKED.format(node(1, 0)))
    lint(site)
    mark(site)
    assert "FROM THE CACHE" in lint(site)
    (site / "check.sh").write_text("#!/bin/sh\ncurl -f http://127.0.0.1/\n")
    written = lint(site)
    assert "FROM THE CACHE" not in written
    mark(site)
    assert "FROM THE CACHE" in lint(site)
    (site / "check.sh").write_text("#!/bin/sh\nsystemctl stop keepalived\n")
    assert "FROM THE CACHE" not in lint(site)
    mark(site)
    (site / "lib").mkdir()
    (site / "lib" / "check.sh").write_text("#!/bin/sh\ntrue\n")
    assert "FROM THE CACHE" not in lint(site)


def test_another_version_or_other_code_is_another_run(site: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(ROOT / "havipcfg", other / "havipcfg", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "grammar", other / "grammar")
    lint(site, root=other)
    mark(site)
    assert "FROM THE CACHE" in lint(site, root=other)
    engine = other / "havipcfg" / "rules" / "checks.py"
    engine.write_text(engine.read_text() + "\n")
    assert "FROM THE CACHE" not in lint(site, root=other)
    mark(site)
    package = other / "havipcfg" / "__init__.py"
    package.write_text(package.read_text().replace('__version__ = "', '__version__ = "9'))
    assert "FROM THE CACHE" not in lint(site, root=other)


def commands(site: Path) -> list[Path]:
    return sorted((site.parent / "cache" / "havipcfg" / "runs" / "commands").glob("*.json"))


ARGUMENTS_READ = """\
import sys
from havipcfg.cli import main
try:
    main()
except SystemExit:
    print("typer" in sys.modules)
"""


def arguments_read(site: Path, *arguments: str) -> bool:
    """Whether a command reads its arguments, or knows them from before."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(site.parent / "cache")}
    command = [sys.executable, "-c", ARGUMENTS_READ, "lint", *arguments]
    done = subprocess.run(command, cwd=site, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[-1] == "True"


def test_the_same_command_does_not_read_its_arguments_again(site: Path) -> None:
    assert [arguments_read(site, "."), arguments_read(site, ".")] == [True, False]
    (site / "c3-1.conf").write_text(node(3, 1, priority=300))
    assert [arguments_read(site, "."), arguments_read(site, ".")] == [True, False]
    assert [arguments_read(site, "--quiet", "."), arguments_read(site, "--quiet", ".")] == [True, False]


@pytest.mark.parametrize(
    "more", [["--no-cache"], ["--exclude", "x"], ["-o", "report"], ["--verbose"], ["--host"], ["--env"], ["--fix"]]
)
def test_a_command_that_does_more_than_print_reads_its_arguments(site: Path, more: list[str]) -> None:
    assert [arguments_read(site, *more, "."), arguments_read(site, *more, ".")] == [True, True]


def test_files_named_are_known_again(site: Path) -> None:
    names = sorted(path.name for path in site.iterdir())
    assert [arguments_read(site, *names), arguments_read(site, *names)] == [True, False]
    mark(site)
    assert "FROM THE CACHE" in judged(site, *names)
    assert "FROM THE CACHE" not in judged(site, *names[1:])


SETTINGS = {
    "beside": lambda site: (site / "havipcfg.toml").write_text('ignore = ["ALL"]\n'),
    "above": lambda site: (site.parent / "havipcfg.toml").write_text('ignore = ["ALL"]\n'),
    "of the project": lambda site: (site / "pyproject.toml").write_text('[tool.havipcfg]\nignore = ["ALL"]\n'),
}


@pytest.mark.parametrize("write", SETTINGS.values(), ids=SETTINGS)
def test_settings_that_come_change_and_go_are_seen(site: Path, write: object) -> None:
    first = lint(site)
    assert lint(site) == first
    write(site)  # type: ignore[operator]
    ignored = lint(site)
    assert ignored != first
    assert lint(site) == ignored
    for path in (site / "havipcfg.toml", site.parent / "havipcfg.toml", site / "pyproject.toml"):
        if path.exists():
            swap(path, "ALL", "KC9")
    assert lint(site) == lint(site, "--no-cache")
    assert lint(site) != ignored
    for path in (site / "havipcfg.toml", site.parent / "havipcfg.toml", site / "pyproject.toml"):
        path.unlink(missing_ok=True)
    assert lint(site) == first


def test_a_file_that_becomes_a_folder_is_seen(site: Path) -> None:
    named = sorted(path.name for path in site.iterdir())
    first = judged(site, *named)
    (site / "c0-0.conf").unlink()
    (site / "c0-0.conf").mkdir()
    (site / "c0-0.conf" / "keepalived.conf").write_text(node(0, 0))
    changed = judged(site, *named)
    assert changed != first
    assert changed == judged(site, "--no-cache", *named)


def test_a_folder_that_is_gone_is_no_reason_to_fail(site: Path) -> None:
    lint(site)
    few = site.parent / "few"
    few.mkdir()
    shutil.copy(site / "c0-0.conf", few)
    gone = "import os; os.mkdir('gone'); os.chdir('gone'); os.rmdir('../gone'); from havipcfg.cli import main; main()"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(site.parent / "cache")}
    command = [sys.executable, "-c", gone, "lint", "--isolated", str(few)]
    done = subprocess.run(command, cwd=site.parent, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_another_environment_is_another_command(site: Path) -> None:
    first = lint(site)
    coloured = lint(site, FORCE_COLOR="1")
    assert coloured != first
    assert lint(site, FORCE_COLOR="1") == coloured
    assert lint(site) == first
    assert lint(site, COLUMNS="60") == lint(site, "--no-cache", COLUMNS="60")


def _deep(path: Path) -> None:
    path.write_text("[" * 1_000_000)


def _wrong_types(path: Path) -> None:
    entry = json.loads(path.read_text())
    entry["looked"] = [[1, None, {}], "x"]
    entry["digest"] = sha256(json.dumps([entry["text"], entry["status"], entry["looked"]]).encode()).hexdigest()
    path.write_text(json.dumps(entry))


def _altered(path: Path) -> None:
    path.write_text(path.read_text().replace("files", "fires"))


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(os.urandom(1000)),
        lambda path: path.write_bytes(path.read_bytes()[:-20]),
        _deep,
        _wrong_types,
        _altered,
        _pipe,
        _folder,
    ],
)
def test_an_entry_that_is_none_is_passed_over(site: Path, spoil: object) -> None:
    first = lint(site)
    (entry,) = entries(site)
    spoil(entry)  # type: ignore[operator]
    assert lint(site) == first
    assert lint(site) == first


def _wrong_meaning(path: Path) -> None:
    entry = json.loads(path.read_text())
    entry["paths"], entry["settings"] = [[1, True]], [None]
    sealed = json.dumps([entry["paths"], entry["settings"], entry["asked"]])
    path.write_text(json.dumps({**entry, "digest": sha256(sealed.encode()).hexdigest()}))


@pytest.mark.parametrize("spoil", [_deep, _wrong_meaning, _pipe, _folder, lambda path: path.write_bytes(b"")])
def test_a_command_that_was_spoilt_is_read(site: Path, spoil: object) -> None:
    first = lint(site)
    (entry,) = commands(site)
    spoil(entry)  # type: ignore[operator]
    assert lint(site) == first
    assert lint(site) == first


def test_a_cache_that_cannot_be_written_changes_nothing(site: Path) -> None:
    first = lint(site, "--no-cache")
    (site.parent / "taken").write_text("a file")
    assert lint(site, "--cache-dir", str(site.parent / "taken")) == first
    assert lint(site, "--cache-dir", "/proc/no") == first
    assert lint(site, "--cache-dir", str(site.parent / "own")) == first
    assert len(list((site.parent / "own").glob("*.json"))) == 1


def test_few_files_are_not_kept(site: Path) -> None:
    for path in sorted(site.iterdir())[3:]:
        path.unlink()
    lint(site)
    assert not (site.parent / "cache" / "havipcfg" / "runs").exists()


def test_runs_at_the_same_time_agree(site: Path) -> None:
    command = [sys.executable, "-m", "havipcfg", "lint", "."]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(site.parent / "cache")}
    started = [subprocess.Popen(command, cwd=site, env=environment, stdout=subprocess.PIPE) for _ in range(6)]
    outputs = {process.communicate()[0] for process in started}
    assert len(outputs) == 1
    (entry,) = entries(site)
    assert json.loads(entry.read_text())["text"].encode() in outputs


def test_the_cache_stays_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MOST_BYTES", 100_000)
    for number in range(cache.MOST_ENTRIES + 20):
        cache.put(tmp_path, f"{number:03}", cache.Kept("x" * 100, 0), [])
        os.utime(tmp_path / f"{number:03}.json", ns=(number, number))
    cache.put(tmp_path, "last", cache.Kept("x" * 100, 0), [])
    kept = {path.stem for path in tmp_path.iterdir()}
    assert len(kept) == cache.MOST_ENTRIES
    assert {"last", "083"} <= kept
    cache.put(tmp_path, "big", cache.Kept("x" * 99_000, 0), [])
    assert {path.stem for path in tmp_path.iterdir()} <= {"big", "last", "083", "082"}
    assert cache.get(tmp_path, "big") == cache.Kept("x" * 99_000, 0)


def test_the_same_texts_elsewhere_are_another_run(site: Path) -> None:
    other = site.parent / "other"
    shutil.copytree(site, other)
    for folder in (site, other):
        (folder / "c1-0.conf").write_text(CHECKED.format(node(1, 0)))
    (other / "check.sh").write_text("#!/bin/sh\nsystemctl stop keepalived\n")
    link = site.parent / "current"
    link.symlink_to(site)
    first = lint(site, cwd=link)
    mark(site)
    assert "FROM THE CACHE" in lint(site, cwd=link)
    link.unlink()
    link.symlink_to(other)
    fresh = lint(other, cwd=link)
    assert "FROM THE CACHE" not in fresh
    assert fresh.replace(str(other), str(site)) != first


def test_a_link_to_another_script_is_seen(site: Path) -> None:
    (site / "c1-0.conf").write_text(CHECKED.format(node(1, 0)))
    (site / "good").write_text("#!/bin/sh\ncurl -f http://127.0.0.1/\n")
    (site / "bad").write_text("#!/bin/sh\nsystemctl stop keepalived\n")
    (site / "check.sh").symlink_to("good")
    lint(site)
    mark(site)
    assert "FROM THE CACHE" in lint(site)
    (site / "check.sh").unlink()
    (site / "check.sh").symlink_to("bad")
    assert "FROM THE CACHE" not in lint(site)


def test_program_files_of_the_same_size_and_time_are_told_apart(site: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(ROOT / "havipcfg", other / "havipcfg", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "grammar", other / "grammar")
    lint(site, root=other)
    mark(site)
    swap(other / "havipcfg" / "rules" / "checks.py", "keepalived", "keepalivex")
    assert "FROM THE CACHE" not in lint(site, root=other, PYTHONDONTWRITEBYTECODE="1")


def test_clocks_that_go_back_and_entries_of_the_future_change_nothing(site: Path) -> None:
    first = lint(site)
    for path in (*entries(site), *site.iterdir()):
        os.utime(path, ns=(4 * 10**18, 4 * 10**18))
    assert lint(site) == first
    (site / "c3-1.conf").write_text(node(3, 1, priority=300))
    os.utime(site / "c3-1.conf", ns=(0, 0))
    fresh = lint(site)
    assert fresh != first
    assert fresh == lint(site, "--no-cache")


@pytest.mark.needs_root
def test_a_user_without_a_home_is_judged_too(site: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in ("HOME", "XDG_CACHE_HOME")}
    nameless = "import os; os.setresuid(54321, 0, 0); from havipcfg.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", nameless, "lint", "."],
        cwd=site,
        env={**environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert (done.returncode in (0, 1), done.stderr) == (True, "")

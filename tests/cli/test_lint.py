"""What a linter's user expects of ``havipcfg lint``, asked of the real process."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

BAD = """vrrp_instance web {
    state MASTER
    nopreempt
    interface eth0
    virtual_router_id 61
    virtual_ipaddress {
        192.0.2.10
        192.0.2.10
    }
}
"""


def lint(
    folder: Path, *arguments: str, stdin: str | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "havipcfg", "lint", *arguments],
        cwd=folder,
        env={**os.environ, "COLUMNS": "80", **environment},
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "a.conf").write_text(BAD, encoding="utf-8")
    return tmp_path


def test_diff_shows_and_writes_nothing(site: Path) -> None:
    shown = lint(site, "--diff", "a.conf")
    assert shown.returncode == 1
    assert shown.stdout.startswith("--- a.conf\n+++ a.conf\n")
    assert (site / "a.conf").read_text() == BAD
    patched = subprocess.run(["patch", "-p0"], cwd=site, input=shown.stdout, text=True, capture_output=True, check=True)
    assert "patching file a.conf" in patched.stdout
    by_diff = (site / "a.conf").read_text()
    (site / "a.conf").write_text(BAD)
    assert lint(site, "--fix", "a.conf").returncode in (0, 1)
    assert (site / "a.conf").read_text() == by_diff
    assert lint(site, "--diff", "a.conf").returncode == 0


def test_fix_of_standard_input_prints_the_fixed_text(site: Path) -> None:
    done = lint(site, "--fix", "-", stdin=BAD)
    assert lint(site, "--fix", "a.conf").returncode == done.returncode
    assert done.stdout == (site / "a.conf").read_text()
    assert "fixed" in done.stderr


def test_a_fix_keeps_mode_link_and_line_ends(site: Path) -> None:
    real = site / "real.conf"
    real.write_bytes(BAD.replace("\n", "\r\n").encode() + b"# caf\xe9\r\n")
    real.chmod(0o640)
    (site / "link.conf").symlink_to("real.conf")
    lint(site, "--fix", "link.conf")
    assert (site / "link.conf").is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    data = real.read_bytes()
    assert data.count(b"192.0.2.10") == 1
    assert data.endswith(b"# caf\xe9\r\n")
    assert data.count(b"\n") == data.count(b"\r\n")
    assert sorted(path.name for path in site.iterdir()) == ["a.conf", "link.conf", "real.conf"]


def test_a_fix_reaches_an_included_file(site: Path) -> None:
    (site / "main.conf").write_text("include part.inc\n")
    (site / "part.inc").write_text(BAD.replace("61\n", "61\n    priority 90\n"))
    assert "+++ part.inc" in lint(site, "--diff", "main.conf").stdout
    lint(site, "--fix", "main.conf")
    assert "state BACKUP" in (site / "part.inc").read_text()
    assert (site / "main.conf").read_text() == "include part.inc\n"


def test_one_read_only_file_and_none_is_changed(site: Path) -> None:
    (site / "b.conf").write_text(BAD)
    (site / "b.conf").chmod(0o444)
    done = lint(site, "--fix", "a.conf", "b.conf")
    assert done.returncode == 2
    assert done.stderr == "havipcfg: b.conf: the file is read-only; no file was changed\n"
    assert (site / "a.conf").read_text() == BAD


def test_a_baseline_hides_what_it_holds_from_any_folder(site: Path) -> None:
    assert lint(site, "a.conf", "--write-baseline", "known.json").returncode == 0
    assert lint(site, "a.conf", "--baseline", "known.json").returncode == 0
    assert lint(site.parent, str(site / "a.conf"), "--baseline", str(site / "known.json")).returncode == 0
    (site / "a.conf").write_text("\n" + BAD + "nonsense\n")
    after = lint(site, "a.conf", "--baseline", "known.json", "--format", "concise")
    assert [line.split(": ")[1].split()[0] for line in after.stdout.splitlines()] == ["KC101"]


def test_a_baseline_follows_a_finding_that_moves_and_not_one_of_another_block(site: Path) -> None:
    assert lint(site, "a.conf", "--write-baseline", "known.json").returncode == 0
    (site / "a.conf").write_text("# a comment\n\n" + BAD.replace("    interface", "\n    # moved\n    interface"))
    assert lint(site, "a.conf", "--baseline", "known.json", "--format", "concise").stdout == ""
    other = BAD.replace("web", "other").replace("61", "62").replace("192.0.2.10", "192.0.2.11")
    (site / "a.conf").write_text(BAD + other)
    left = lint(site, "a.conf", "--baseline", "known.json", "--format", "concise").stdout
    assert {int(line.split(":")[1]) for line in left.splitlines()} <= set(range(11, 21))
    assert "KC301" in left


def test_standard_input_has_the_settings_of_its_folder(site: Path) -> None:
    (site / "sub").mkdir()
    (site / "sub" / "havipcfg.toml").write_text('ignore = ["KC3"]\n')
    asked = ["--select", "KC301,KC204", "--format", "concise"]
    assert "KC301" in lint(site, "-", "--format", "concise", stdin=BAD).stdout
    shown = lint(site, "-", "--stdin-filename", "sub/x.conf", "--format", "concise", stdin=BAD).stdout
    assert "KC301" not in shown
    assert all(line.startswith("sub/x.conf:") for line in shown.splitlines())
    assert "KC301" in lint(site, "-", "--stdin-filename", "x.conf", *asked, stdin=BAD).stdout


def test_a_search_finds_a_file_whose_only_block_is_misspelt_and_not_another_programs(site: Path) -> None:
    (site / "b.conf").write_text(BAD.replace("vrrp_instance", "vrrp_istance"))
    (site / "nginx.conf").write_text("events {\n}\nhttp {\n    server {\n        listen 80;\n    }\n}\n")
    (site / "dhcpd.conf").write_text("subnet 192.0.2.0 netmask 255.255.255.0 {\n    option routers 192.0.2.1;\n}\n")
    shown = lint(site, ".", "--format", "concise").stdout
    assert {line.split(":")[0] for line in shown.splitlines()} == {"a.conf", "b.conf"}
    assert "b.conf:1:1: KC101 vrrp_istance" in shown


def test_what_is_no_file_is_not_judged_and_nothing_waits(site: Path) -> None:
    os.mkfifo(site / "pipe.conf")
    (site / "loop.conf").symlink_to("loop.conf")
    (site / "around").symlink_to(".")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(os.path.relpath(site / "socket.conf"))
    for path in ("pipe.conf", "socket.conf", "/dev/null", "/dev/zero", "loop.conf"):
        done = lint(site, path)
        assert (done.returncode, done.stdout.startswith(f"failed {path}: ")) == (2, True)
    (site / "loop.conf").unlink()
    found = lint(site, ".", "--format", "concise")
    assert found.returncode == 1
    assert {line.split(":")[0] for line in found.stdout.splitlines()} == {"a.conf"}


def test_settings_apply_and_the_command_line_wins(site: Path) -> None:
    (site / "havipcfg.toml").write_text('select = ["KC311"]\n[severity]\nKC311 = "info"\n')
    assert lint(site, "a.conf").returncode == 0
    assert "KC301" in lint(site, "a.conf", "--isolated").stdout
    assert "KC301" in lint(site, "a.conf", "--select", "KC301").stdout
    other = site / "other.toml"
    other.write_text('[per-file-ignores]\n"a.conf" = ["KC"]\n')
    assert lint(site, "a.conf", "--config", "other.toml").returncode == 0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("selekt = []", "havipcfg.toml: unknown key selekt; did you mean select?"),
        ("select = [", "havipcfg.toml: "),
        ('ignore = ["KX1"]', "no rule has a code that begins with KX1"),
    ],
)
def test_a_wrong_settings_file_is_one_line(site: Path, text: str, says: str) -> None:
    (site / "havipcfg.toml").write_text(text)
    done = lint(site, "a.conf")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert says in done.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["missing.conf"], "missing.conf: No such file"),
        (["empty"], "no *.conf file"),
        (["binary.conf"], "not a text file"),
        (["a.conf", "--format", "xml"], "--format xml"),
        (["a.conf", "--color", "red"], "--color red"),
        (["a.conf", "--fail-on", "never"], "--fail-on never"),
        (["a.conf", "--select", "KC2O1"], "did you mean"),
        (["a.conf", "--output", "/dev/full"], "/dev/full"),
        (["a.conf", "--baseline", "none.json"], "none.json"),
    ],
)
def test_what_cannot_be_done_ends_with_2(site: Path, arguments: list[str], says: str) -> None:
    (site / "empty").mkdir()
    (site / "binary.conf").write_bytes(bytes(range(256)))
    done = lint(site, *arguments)
    assert done.returncode == 2
    assert says in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_an_excluded_folder_is_not_searched(site: Path) -> None:
    (site / "lab").mkdir()
    (site / "lab" / "b.conf").write_text(BAD)
    assert "lab/b.conf" not in lint(site, ".", "--exclude", "lab/", "--format", "concise").stdout


def test_colour_is_for_those_who_want_it(site: Path) -> None:
    assert "\x1b[" not in lint(site, "a.conf").stdout
    assert "\x1b[" in lint(site, "a.conf", FORCE_COLOR="1").stdout
    assert "\x1b[" not in lint(site, "a.conf", FORCE_COLOR="1", NO_COLOR="1").stdout
    assert "\x1b[" in lint(site, "a.conf", "--color", "always", NO_COLOR="1").stdout


def test_a_reader_that_leaves_sees_no_traceback(site: Path) -> None:
    command = f"{sys.executable} -m havipcfg lint a.conf a.conf --format concise | head -1"
    done = subprocess.run(command, shell=True, cwd=site, capture_output=True, text=True, check=True)
    assert "Traceback" not in done.stderr


def test_a_comment_for_a_finding_across_nodes_stays_when_one_node_is_judged(site: Path) -> None:
    comment = "    # havipcfg: ignore[CL111]\n    interface eth0\n"
    (site / "a.conf").write_text(BAD.replace("    interface eth0\n", comment))
    alone = lint(site, "a.conf", "--format", "concise", "--fix")
    assert "KC901" not in alone.stdout
    assert "ignore[CL111]" in (site / "a.conf").read_text()
    (site / "b.conf").write_text(BAD)
    assert "KC901" in lint(site, "a.conf", "b.conf", "--format", "concise").stdout


def test_links_that_lead_nowhere_are_passed_over(site: Path) -> None:
    (site / "loop.conf").symlink_to("loop.conf")
    (site / "gone.conf").symlink_to("nothing")
    (site / "folder.conf").mkdir()
    (site / "folder.conf" / "again.conf").symlink_to(site / "a.conf")
    found = lint(site, "--format", "concise", "--no-cache", ".")
    assert found.stdout == lint(site, "--format", "concise", "--no-cache", "a.conf").stdout
    assert found.stderr == ""

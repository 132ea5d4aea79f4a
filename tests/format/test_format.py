"""fmt changes the layout and nothing else."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havipcfg.format import format_source
from havipcfg.keepalived.conf import KeepalivedConf
from havipcfg.keepalived.load import read
from havipcfg.keepalived.printer import print_conf
from havipcfg.linter.engine import lint
from havipcfg.linter.options import LintOptions
from havipcfg.source import Source
from havipcfg.syntax.parse import Options
from tests.conftest import ROOT
from tests.real import keepalived_says, namespace
from tests.strategies import confs

RULES = sorted((ROOT / "tests" / "fixtures" / "rules").rglob("*.conf"))
PLACE = re.compile(r"Line \d+")


def formatted(text: str) -> str:
    result = format_source(Source("x.conf", text))
    assert not result.refused, result
    return result.text


def assert_same_in_another_layout(source: Source) -> None:
    result = format_source(source)
    assert not result.unproven
    if result.problems:
        assert not result.changed
        return
    after = Source(source.name, result.text, source.path)
    options = Options(includes=False)
    assert read(after, options=options).conf == read(source, options=options).conf
    codes = [Counter(d.code for d in lint([each], LintOptions(includes=False)).diagnostics) for each in (source, after)]
    assert codes[0] == codes[1]
    assert format_source(after).text == result.text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("global_defs { router_id x }", "global_defs {\n    router_id x\n}\n"),
        ("vrrp_instance a{\n}\nvrrp_instance b\n\n{\n}\n", "vrrp_instance a {\n}\n\nvrrp_instance b {\n}\n"),
        ("\n\nvrrp_instance a { # x\n\n\n  state MASTER\n\n}\n\n", "vrrp_instance a {  # x\n    state MASTER\n}\n"),
        ("vrrp_instance a # x\n# y\n{ # z\n}\n", "vrrp_instance a {  # x\n    # z\n    # y\n}\n"),
        ("vrrp_sync_group g { group { a  b } }", "vrrp_sync_group g {\n    group {\n        a\n        b\n    }\n}\n"),
        ('vrrp_script c {\nscript   "/a  b"  ! c\n}', 'vrrp_script c {\n    script "/a  b"  ! c\n}\n'),
        ("vrrp_instance a {\n@m  state   MASTER\n}\n", "vrrp_instance a {\n    @m state MASTER\n}\n"),
        ("@m vrrp_instance a {\n@n vrrp_instance b {\nstate BACKUP\n}\n", "@m vrrp_instance a {\n@n vrrp_instance b {\n    state BACKUP\n}\n"),  # noqa: E501
        ("$X=   a  b\n~SEQ(I,2)  x  $I\n", "$X=a  b\n~SEQ(I,2)  x  $I\n"),
        ("$M=\\\nvrrp_instance a {\\\nstate MASTER   \\\n}\n$M\n", "$M= \\\n    vrrp_instance a { \\\n        state MASTER \\\n    }\n$M\n"),  # noqa: E501
        ("$M= \\\n\tstate  MASTER  \\\n   # why\n   priority 5\n", None),
        ("include   a  b.conf\r\nglobal_defs {\r\n}\r\n", "include a  b.conf\r\nglobal_defs {\r\n}\r\n"),
        ("vrrp_instance a { state MASTER } # havipcfg: ignore\n", "vrrp_instance a { state MASTER }  # havipcfg: ignore\n"),  # noqa: E501
        ("virtual_ipaddress {\na   b#c\n d  e  # f\n}\n", "virtual_ipaddress {\n    a   b#c\n    d e  # f\n}\n"),
        ("", ""),
    ],
)  # fmt: skip
def test_layout(before: str, after: str | None) -> None:
    if after is None:
        assert not format_source(Source("x.conf", before)).changed
    else:
        assert formatted(before) == after
        assert formatted(after) == after


def test_comments_of_one_column_stay_in_one() -> None:
    text = "vrrp_instance a {\n  state   MASTER      # one\n  priority 100        # two\n}\n"
    assert formatted(text) == "vrrp_instance a {\n    state MASTER  # one\n    priority 100  # two\n}\n"
    text = "global_defs {\n  router_id   a          # one\n  enable_script_security # two\n}\n"
    assert "    router_id a             # one\n    enable_script_security  # two\n" in formatted(text)


@pytest.mark.parametrize(
    "text",
    ["vrrp_instance a {\n", "}\n", 'router_id "x\n', "a: b\n", "priority {{ p }}\n", "x\0\n", f"# {'x' * 1100}\n"],
)
def test_what_is_not_understood_is_left_alone(text: str) -> None:
    result = format_source(Source("x.conf", text))
    assert result.problems
    assert result.text == text


def test_deep_blocks_do_not_outgrow_the_buffer() -> None:
    depth = 400
    text = formatted("a {\n" * depth + "b c  # d\n" + "}\n" * depth)
    assert max(map(len, text.split("\n"))) <= 1022


@pytest.mark.parametrize("path", RULES[::3], ids=lambda path: f"{path.parent.name}-{path.name}")
def test_rule_fixtures_mean_the_same(path: Path) -> None:
    assert_same_in_another_layout(Source.read(path))


def test_real_files_mean_the_same(shared: Path) -> None:
    for path in sorted((shared / "corpus").rglob("*.conf"))[::8]:
        if path.stat().st_size < 100_000:
            assert_same_in_another_layout(Source.read(path))


@settings(max_examples=50, deadline=None)
@given(confs())
def test_what_generate_writes_is_unchanged(conf: KeepalivedConf) -> None:
    text = print_conf(conf)
    result = format_source(Source("x.conf", text))
    assert not result.unproven
    assert result.text == text


LINES = st.sampled_from(
    ["{", "}", "a {", "} b", " x  y ", "# c", "\\", "a\\", "$X=1 \\", "@i a", "@^i {", "~SEQ(I,2) b", "", " ", "c{d}e",
     '"a  b"', "'x  y'", "$X", "${X}{", "include  z", "d # e\\", "d  e#f  g", "g!{", "group { a b }", "$Y={", "f\r",
     "} @i g", "\\ "]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(LINES, max_size=12))
def test_any_lines_are_stable_and_never_unproven(lines: list[str]) -> None:
    result = format_source(Source("x.conf", "\n".join(lines)))
    assert not result.unproven
    if not result.problems:
        assert format_source(Source("x.conf", result.text)).text == result.text


@pytest.mark.needs_root
@pytest.mark.needs_keepalived
@pytest.mark.needs_iproute2
def test_keepalived_says_the_same(tmp_path: Path) -> None:
    file = tmp_path / "x.conf"
    with namespace({"eth0": ["192.0.2.1/24"]}) as name:
        for path in RULES[::60]:
            said = []
            for text in (Source.read(path).text, format_source(Source.read(path)).text):
                file.write_text(text, encoding="utf-8", errors="surrogateescape")
                status, messages = keepalived_says(file, name)
                said.append((status, sorted(PLACE.sub("", messages).splitlines())))
            assert said[0] == said[1], path


def run(*words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "havipcfg", "fmt", *words]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)


def test_command(tmp_path: Path) -> None:
    file = tmp_path / "a.conf"
    file.write_text("global_defs {\nrouter_id x\n}\n", encoding="utf-8")
    file.chmod(0o640)
    link = tmp_path / "link"
    link.symlink_to(file)
    assert run("--check", str(tmp_path)).returncode == 1
    shown = run("--diff", str(file))
    assert shown.returncode == 1
    assert "+    router_id x\n" in shown.stdout
    assert run("-q", str(link)).stderr == ""
    assert link.is_symlink()
    assert file.read_text(encoding="utf-8") == "global_defs {\n    router_id x\n}\n"
    assert file.stat().st_mode & 0o777 == 0o640
    assert run("--check", str(file)).returncode == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.conf", "link"]


def test_command_on_what_it_cannot_format(tmp_path: Path) -> None:
    assert run(str(tmp_path / "none.conf")).returncode == 2
    assert run("-", stdin="a { b }\n").stdout == "a {\n    b\n}\n"
    broken = run("-", "--stdin-filename", "x.conf", stdin="a {\n")
    assert broken.returncode == 2
    assert broken.stdout == ""
    assert "x.conf: left as it is" in broken.stderr


def test_page_shows_what_fmt_does() -> None:
    page = (ROOT / "docs" / "fmt.md").read_text(encoding="utf-8")
    before, after = re.findall(r"```keepalived\n(.*?)```", page, re.DOTALL)
    assert formatted(before) == after

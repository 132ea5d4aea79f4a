"""The package as a library: the page's examples run, its functions do not print, and importing it costs nothing."""

from __future__ import annotations

import doctest
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import havipcfg
from tests.conftest import ROOT

PAIR = [ROOT / "examples" / "never-moves" / f"web-{node}.conf" for node in "ab"]
PAGE = ROOT / "docs" / "library.md"


def test_the_examples_of_the_page_say_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    outcome = doctest.testfile(str(PAGE), module_relative=False)
    assert outcome.attempted > 15
    assert outcome.failed == 0
    assert (tmp_path / "out" / "primary" / "keepalived.conf").is_file()


def test_the_page_names_every_function_and_command() -> None:
    functions = {name for name in havipcfg.__all__ if name[0].islower()}
    assert set(re.findall(r"^\| `(\w+)\(", PAGE.read_text(encoding="utf-8"), re.MULTILINE)) == functions


def test_importing_it_imports_nothing_of_it() -> None:
    asked = "import sys, havipcfg; print(sorted(n for n in sys.modules if n.partition('.')[0] in sys.argv[1:]))"
    words = [sys.executable, "-c", asked, "havipcfg", "lark", "pydantic", "rich", "typer", "ruamel"]
    assert subprocess.run(words, capture_output=True, text=True, check=True).stdout == "['havipcfg']\n"


def test_names_stay_functions_whatever_is_imported() -> None:
    asked = (
        "import importlib, pkgutil, havipcfg\n"
        "for module in pkgutil.walk_packages(havipcfg.__path__, 'havipcfg.'):\n"
        "    if not module.name.endswith('__main__'): importlib.import_module(module.name)\n"
        "wrong = [name for name in havipcfg.__all__ if type(getattr(havipcfg, name)).__name__ == 'module']\n"
        "print(wrong, set(havipcfg.__all__) - set(dir(havipcfg)))"
    )
    assert subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True).stdout == "[] set()\n"
    with pytest.raises(AttributeError, match="no attribute 'lynt'"):
        havipcfg.lynt  # noqa: B018


def test_what_it_returns_is_typed(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "from typing import assert_type\n"
        "import havipcfg\n"
        "assert_type(havipcfg.load('a').conf.vrrp_instance[0].priority, int | None)\n"
        "assert_type(havipcfg.lint(['a', 'b']).diagnostics, list[havipcfg.Diagnostic])\n"
        "assert_type(havipcfg.verify('a').holds, bool)\n"
        "havipcfg.generate(1)\n"
    )
    pytest.importorskip("mypy")
    words = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(ROOT / ".mypy_cache"), str(script)]
    said = subprocess.run(words, capture_output=True, text=True, cwd=tmp_path).stdout
    assert [line.partition(" error:")[0] for line in said.splitlines() if " error:" in line] == ["script.py:6:"], said


def test_what_is_not_read_is_never_clean(tmp_path: Path) -> None:
    missing = tmp_path / "missing.conf"
    report = havipcfg.lint([*PAIR, missing])
    assert report.failures == [f"{missing}: No such file or directory"]
    verdict = havipcfg.verify([*PAIR, missing])
    assert verdict.clusters
    assert not verdict.holds
    assert not havipcfg.verify(PAIR[0]).holds
    for asked in (
        lambda: havipcfg.lint([]),
        lambda: havipcfg.verify([]),
        lambda: havipcfg.fix(missing),
        lambda: havipcfg.play([*PAIR, missing], "start"),
        lambda: havipcfg.graph([missing]),
        lambda: havipcfg.diff(PAIR[0], tmp_path),
        lambda: havipcfg.verify([ROOT / "examples" / "tencent-haproxy" / "cluster.yaml", *PAIR]),
    ):
        with pytest.raises(havipcfg.NotJudgedError):
            asked()
    for asked in (
        lambda: havipcfg.load(missing),
        lambda: havipcfg.fmt(missing),
        lambda: havipcfg.verify(missing.with_suffix(".yaml")),
        lambda: havipcfg.adopt([missing]),
        lambda: havipcfg.diff(missing, missing),
    ):
        with pytest.raises(FileNotFoundError):
            asked()


def test_a_cluster_file_with_errors_says_which() -> None:
    broken = havipcfg.Source("cluster.yaml", "nodes: {a: 1}\n")
    with pytest.raises(havipcfg.NotJudgedError) as caught:
        havipcfg.verify(broken)
    assert {each.code[:2] for each in caught.value.diagnostics} == {"CY"}
    made = havipcfg.generate(broken)
    with pytest.raises(havipcfg.RefusedError):
        made.write("nowhere", force=True)
    assert not Path("nowhere").exists()


@pytest.mark.parametrize("version", ["1.3.9", "9.9", "newest"])
def test_versions_are_those_known(version: str) -> None:
    for asked in (havipcfg.load, havipcfg.verify):
        with pytest.raises(ValueError, match=re.escape(version)):
            asked(PAIR[0], target=version)


def test_it_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    assert havipcfg.explain("virtual_router_id").startswith("#")
    assert havipcfg.diff(PAIR[0], PAIR[1]).changes
    assert "nodes:" in havipcfg.adopt(PAIR).text
    assert havipcfg.graph(PAIR).startswith("<svg")
    assert havipcfg.fix(PAIR).changed == []
    assert not havipcfg.fmt(PAIR[0]).changed
    assert havipcfg.schema()["type"] == "object"
    with pytest.raises(LookupError, match="near: virtual_router_id"):
        havipcfg.explain("virtual_routr_id")
    assert capfd.readouterr() == ("", "")

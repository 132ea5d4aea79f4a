"""docs/lint.md names every key of the settings, and what it shows is accepted."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

from havipcfg.linter import settings
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "lint.md").read_text(encoding="utf-8")


def test_the_settings_shown_are_all_there_are(tmp_path: Path) -> None:
    (text,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert set(tomllib.loads(text)) == set(settings._READERS)
    path = tmp_path / "havipcfg.toml"
    path.write_text(text)
    assert settings.read(path).target == "2.2.7"


def test_the_commands_shown_are_accepted(tmp_path: Path) -> None:
    (tmp_path / "nodes").mkdir()
    for name in ("a.conf", "b.conf", "nodes/a.conf"):
        (tmp_path / name).write_text((ROOT / "examples" / "tencent-haproxy" / "published.conf").read_text())
    commands = re.findall(r"^havipcfg (lint [^#\n]*?) *(?:#.*)?$", PAGE, re.MULTILINE)
    assert len(commands) > 8
    for command in commands:
        words = command.replace("/etc/keepalived/keepalived.conf", "a.conf").split()
        done = subprocess.run([sys.executable, "-m", "havipcfg", *words], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode in (0, 1), (command, done.stderr)

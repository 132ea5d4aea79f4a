"""The built wheel works by itself: grammars and programs are inside, nothing of the checkout is needed."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path
from zipfile import ZipFile

from tests.conftest import ROOT


def test_built_wheel_lints_in_a_fresh_environment(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(tmp_path), str(ROOT)],
        check=True,
        cwd=tmp_path,
    )
    (wheel,) = tmp_path.glob("havipcfg-*.whl")
    names = ZipFile(wheel).namelist()
    assert {
        "havipcfg/grammar/keepalived.lark",
        "havipcfg/generator/programs/apply/main.sh",
        "havipcfg/py.typed",
    } <= set(names)
    assert not [name for name in names if not name.startswith("havipcfg")]

    environment = tmp_path / "venv"
    venv.create(environment, with_pip=True)
    python = environment / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", wheel], check=True, cwd=tmp_path)
    conf = tmp_path / "keepalived.conf"
    conf.write_text("vrrp_instance web {\n    priority 300\n}\n", encoding="utf-8")
    run = subprocess.run(
        [environment / "bin" / "havipcfg", "lint", "--format", "concise", "keepalived.conf"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1, run.stderr
    assert "keepalived.conf:2:14: KC104" in run.stdout

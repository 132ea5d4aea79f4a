"""What tests of every floor share: where optional facts lie, and what a test needs of the machine."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("HAVIPCFG_SHARED", ROOT.parent / "shared"))
IN_CI = os.environ.get("CI") == "true"
os.environ["PATH"] += os.pathsep + "/usr/sbin" + os.pathsep + "/sbin"
# A shell's background ignores interrupts, and what a test starts would inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

NEEDS = {
    "needs_root": lambda: None if os.geteuid() == 0 else "needs root",
    "needs_keepalived": lambda: None if shutil.which("keepalived") else "keepalived is not installed",
    "needs_iproute2": lambda: None if shutil.which("ip") else "iproute2 is not installed",
    "needs_chromium": lambda: None if shutil.which("chromium") else "chromium is not installed",
    "needs_shellcheck": lambda: None if shutil.which("shellcheck") else "shellcheck is not installed",
}


def pytest_configure(config: pytest.Config) -> None:
    for name in NEEDS:
        config.addinivalue_line("markers", f"{name}: skipped elsewhere, failing in CI, where it is missing")
    config.addinivalue_line("markers", "xdist_group(name): tests that run one after the other")


def pytest_runtest_setup(item: pytest.Item) -> None:
    for name, missing in NEEDS.items():
        if item.get_closest_marker(name) and (reason := missing()):
            (pytest.fail if IN_CI else pytest.skip)(reason)


def tool(name: str) -> str:
    """The path of a program, on PATH or beside this Python; where it is missing the test is skipped, in CI it fails."""
    path = shutil.which(name) or shutil.which(name, path=str(Path(sys.executable).parent))
    if path is None:
        (pytest.fail if IN_CI else pytest.skip)(f"{name} is not installed")
    return path


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of recorded verdicts and real files; tests that want it are skipped where it is not."""
    if not SHARED.is_dir():
        pytest.skip("no recorded verdicts beside the checkout")
    return SHARED

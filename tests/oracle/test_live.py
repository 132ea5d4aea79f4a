"""Configurations made from the declarations, whole and broken once: the real keepalived and the linter agree."""

from __future__ import annotations

import subprocess

import pytest

from tests.oracle.live import MUTATIONS, compared


@pytest.mark.needs_root
@pytest.mark.needs_keepalived
@pytest.mark.needs_iproute2
def test_made_configurations_agree() -> None:
    version = subprocess.run(["keepalived", "--version"], capture_output=True, text=True, check=False)
    if "v2.2.7 " not in version.stdout + version.stderr:
        pytest.skip("the installed keepalived is not 2.2.7")
    verdicts = compared(7, 10 * len(MUTATIONS))
    assert sum(verdict.reported for verdict in verdicts) > 40
    assert [verdict for verdict in verdicts if not verdict.agrees] == []
    assert [verdict for verdict in verdicts if not verdict.first_line_agrees] == []

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.conftest import IN_CI
from tests.programs.lab import Lab, available

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Callable[[int], Lab]]:
    """Makes labs; they are gone after the test."""
    reason = available()
    if reason:
        (pytest.fail if IN_CI else pytest.skip)(reason)
    tmp_path.chmod(0o755)
    made: list[Lab] = []

    def make(count: int) -> Lab:
        made.append(Lab(tmp_path / f"lab{len(made)}", count))
        return made[-1]

    yield make
    for one in made:
        one.close()

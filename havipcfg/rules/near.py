"""The name that was probably meant."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches

MOST = 100
"""Names compared with; beyond it none is proposed, because comparing every two names of a large file takes minutes."""


def near(name: str, names: Collection[str], alike: float = 0.7) -> list[str]:
    """The nearest of the names, or none; ``alike`` from 0 to 1 is how near it has to be."""
    return get_close_matches(name, names, 1, alike) if len(names) <= MOST else []

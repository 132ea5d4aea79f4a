"""keepalived versions, and what is known of them."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple


class Version(NamedTuple):
    """A keepalived release, ``2.4.3``; ordered."""

    major: int
    minor: int
    patch: int

    @classmethod
    @cache
    def parse(cls, text: str) -> Version:
        """Read ``2.4.3``, ``v2.4.3`` or ``2.4``; raises ValueError for anything else."""
        match = re.fullmatch(r"v?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?", text.strip())
        if not match:
            raise ValueError(f"{text!r} is not a keepalived version such as 2.4.3")
        return cls(int(match[1]), int(match[2]), int(match[3] or 0))

    @classmethod
    def known(cls, text: str | Version) -> Version:
        """A version that files can be judged for; raises ValueError, worded for the user, for any other."""
        version = text if isinstance(text, cls) else cls.parse(str(text))
        if not OLDEST <= version <= NEWEST:
            raise ValueError(f"keepalived {text} is not known; known versions are {OLDEST} to {NEWEST}")
        return version

    def __str__(self) -> str:
        return ".".join(map(str, self))


OLDEST = Version(2, 0, 0)
NEWEST = Version(2, 4, 3)

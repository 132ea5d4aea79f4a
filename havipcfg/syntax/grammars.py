"""The lark grammars: in the wheel beside the package, in a checkout at its top level."""

from __future__ import annotations

import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
_OTHERS_MAY_WRITE = 0o022


def grammar(name: str) -> str:
    """The text of ``grammar/NAME.lark``; raises FileNotFoundError where it is missing."""
    packaged = _PACKAGE / "grammar" / f"{name}.lark"
    path = packaged if packaged.exists() else _PACKAGE.parent / "grammar" / f"{name}.lark"
    return path.read_text(encoding="utf-8")


def table_cache(name: str) -> str | bool:
    """Where lark may keep the tables of a grammar between runs; False where there is no safe place.

    lark stores a checksum of the grammar and its own version with them and makes them anew
    where that differs. The folder is the user's own (``XDG_CACHE_HOME``, else ``~/.cache``) and
    must not be writable for others, because what is read from it is unpickled.
    """
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111
    folder = os.path.join(home, "havipcfg")  # noqa: PTH118
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)  # noqa: PTH103
        status = os.stat(folder)  # noqa: PTH116
    except OSError:
        return False
    if status.st_uid != os.geteuid() or status.st_mode & _OTHERS_MAY_WRITE or not os.access(folder, os.W_OK):
        return False
    return os.path.join(folder, f"{name}.tables")  # noqa: PTH118

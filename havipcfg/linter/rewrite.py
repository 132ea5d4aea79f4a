"""Putting changed texts back into their files: all of them or none."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path


class RewriteError(Exception):
    """A file that cannot be written; the message names it and says why."""


def rewrite(changes: Iterable[tuple[Path, bytes, bytes]]) -> None:
    """Write files anew: each path, the bytes it should still hold, and those to come.

    Every file is replaced in one step and keeps mode, owner and extended attributes; a symbolic
    link stays one, the file it leads to is written. Raises RewriteError before any file has been
    replaced where one is read-only, was changed meanwhile, or has no room beside it.
    """
    prepared: list[tuple[str, str]] = []
    try:
        for path, before, after in changes:
            prepared.append(_prepare(path, before, after))
        while prepared:
            temporary, real = prepared[0]
            os.replace(temporary, real)  # noqa: PTH105
            prepared.pop(0)
    except OSError as error:
        raise RewriteError(f"{error.filename or ''}: {error.strerror or error}") from error
    finally:
        for temporary, _ in prepared:
            Path(temporary).unlink(missing_ok=True)


def _prepare(path: Path, before: bytes, after: bytes) -> tuple[str, str]:
    """A file beside the real one with the text to come, ready to take its place."""
    real = os.path.realpath(path)
    try:
        status = os.stat(real)  # noqa: PTH116
        if not status.st_mode & 0o222 or not os.access(real, os.W_OK):
            raise RewriteError(f"{path}: the file is read-only")
        if Path(real).read_bytes() != before:
            raise RewriteError(f"{path}: the file was changed meanwhile")
        number, temporary = tempfile.mkstemp(prefix=".havipcfg-", dir=os.path.dirname(real))  # noqa: PTH120
    except OSError as error:
        raise RewriteError(f"{path}: {error.strerror or error}") from error
    try:
        with os.fdopen(number, "wb") as file:
            file.write(after)
            file.flush()
            own = os.fstat(file.fileno())
            if (own.st_uid, own.st_gid) != (status.st_uid, status.st_gid):
                os.fchown(file.fileno(), status.st_uid, status.st_gid)
            shutil.copystat(real, temporary)
            os.fchmod(file.fileno(), stat.S_IMODE(status.st_mode))
            os.utime(temporary)
            os.fsync(file.fileno())
    except OSError as error:
        Path(temporary).unlink(missing_ok=True)
        raise RewriteError(f"{path}: {error.strerror or error}") from error
    return temporary, real

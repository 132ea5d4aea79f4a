"""The texts of scripts that a configuration runs, found beside it by their names."""

from __future__ import annotations

import os
import stat
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from havipcfg.keepalived.commands import Command

LARGEST = 64 * 1024
_DEEPEST = 2
_MOST = 2000


class Looked(NamedTuple):
    """A script that was looked for beside a configuration, and the digest of its text, None where none was found."""

    folder: str
    name: str
    digest: str | None


def digest(text: str | None) -> str | None:
    """What tells a text from others."""
    return None if text is None else sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


class Beside:
    """Files in the folders of configurations and two levels below, by base name; each folder is looked through once.

    Of a folder with more than a few thousand entries only the first are seen. Names that
    occur twice are left alone: which one is meant cannot be known. ``looked`` is what was asked for.
    """

    def __init__(self) -> None:
        self._folders: dict[Path, dict[str, str | None]] = {}
        self.looked: list[Looked] = []

    def texts(self, folder: Path, commands: list[Command]) -> dict[str, str]:
        """The texts of the scripts that the commands name, by the path as the configuration writes it."""
        wanted = {
            word
            for command in commands
            for word in command.command.argv[:3]
            if not word.startswith(("-", "<")) and ("/" in word or "." in word)
        }
        if not wanted:
            return {}
        found = {}
        for word in wanted:
            name = word.rsplit("/", 1)[-1]
            text = self.text(folder, name)
            self.looked.append(Looked(str(folder), name, digest(text)))
            if text is not None:
                found[word] = text
        return found

    def text(self, folder: Path, name: str) -> str | None:
        """The text of the one file of this name; None where there is none, or no small text."""
        names = self._folders.get(folder)
        if names is None:
            names = self._folders[folder] = _names(folder)
        path = names.get(name)
        return read(path) if path is not None else None


def in_place(commands: list[Command]) -> dict[str, str]:
    """The texts of the scripts that the commands name, where the machine at hand has them."""
    words = {word for command in commands for word in command.command.argv[:3] if word.startswith("/")}
    texts = {word: read(word) for word in words}
    return {word: text for word, text in texts.items() if text is not None}


def read(path: str) -> str | None:
    """The text of a script; None for what is no small regular text file."""
    try:
        with open(path, "rb", opener=_quickly) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return None
            data = file.read(LARGEST + 1)
    except OSError:
        return None
    if len(data) > LARGEST or b"\0" in data:
        return None
    return data.decode("utf-8", "replace")


def _quickly(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK | os.O_NOCTTY)


def _names(folder: Path) -> dict[str, str | None]:
    names: dict[str, str | None] = {}
    seen = 0
    root = os.fspath(folder)
    for path, below, files in os.walk(root):
        depth = path[len(root) :].count(os.sep)
        below[:] = sorted(name for name in below if not name.startswith(".")) if depth < _DEEPEST else []
        for name in sorted(files):
            names[name] = None if name in names else f"{path}/{name}"
        seen += len(files) + len(below)
        if seen > _MOST:
            break
    return names

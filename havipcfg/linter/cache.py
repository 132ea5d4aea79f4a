"""Reports of runs over many files, kept until anything changes that they were made of.

An entry is found by a digest of everything a run knows before it judges: the texts, the
options, the program. It holds what the run looked at besides (scripts beside the configurations) and
counts only while that is the same; a run that looks at other files is not kept. Entries are JSON, written in one step,
and whatever cannot be read as one is as good as none.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from havipcfg import __version__
from havipcfg.linter.scripts import Beside, Looked, digest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from havipcfg.source import Source

MOST_ENTRIES = 64
MOST_BYTES = 64 * 1024 * 1024
"""Of all entries together; the oldest go first."""
LARGEST = MOST_BYTES // 4
_PACKAGE = Path(__file__).parents[1]


@dataclass(slots=True)
class Reads:
    """What a run looked at besides its sources; ``elsewhere``: files that an entry cannot speak for."""

    looked: set[Looked] = field(default_factory=set)
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """The report of a run as it was printed, and its exit status."""

    text: str
    status: int


def home() -> Path | None:
    """Where entries are kept unless said otherwise: ``$XDG_CACHE_HOME/havipcfg``, else ``~/.cache/havipcfg``.

    None for a user without a home.
    """
    try:
        return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "havipcfg" / "runs"
    except RuntimeError:
        return None


def key(sources: Iterable[Source], asked: object) -> str:
    """The digest of a run; ``asked`` is everything else that decides the report, as JSON can say it."""
    total = sha256(digest_here(asked).encode())
    for source in sources:
        name, data = source.name.encode("utf-8", "surrogateescape"), source.data
        total.update(b"%d %d " % (len(name), len(data)))
        total.update(name)
        total.update(data)
    return total.hexdigest()


def digest_here(asked: object) -> str:
    """The digest of something asked for, as JSON can say it, of this program in this folder."""
    words = json.dumps([__version__, sys.version, os.getcwd(), asked], sort_keys=True)  # noqa: PTH109
    return sha256(_program() + words.encode()).hexdigest()


@functools.cache
def _program() -> bytes:
    return sha256("".join(_files_of_the_program()).encode("utf-8", "surrogateescape")).digest()


def _files_of_the_program() -> Iterator[str]:
    """What tells this installation from any other: its files, and those of the libraries that reading rests on."""
    waiting = [str(_PACKAGE), *(str(_PACKAGE.parent / name) for name in ("grammar",))]
    for library in ("lark", "pathspec", "rich"):
        spec = find_spec(library)
        if spec is not None and spec.origin is not None:
            waiting.append(os.path.dirname(spec.origin))  # noqa: PTH120
    while waiting:
        try:
            entries = sorted(os.scandir(waiting.pop()), key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            if entry.is_dir():
                if entry.name != "__pycache__":
                    waiting.append(entry.path)
            elif entry.name.endswith((".py", ".lark")):
                status = entry.stat()
                yield f"{entry.path} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_size}\n"


def get(folder: Path, name: str) -> Kept | None:
    """The report of this name, where there is one and all that its run looked at is as it was."""
    entry = load(folder, name, ("text", "status", "looked"))
    if entry is None:
        return None
    text, status, looked = entry
    if not isinstance(text, str) or status not in (0, 1) or not isinstance(looked, list):
        return None
    beside = Beside()
    for place in looked:
        if not isinstance(place, list) or len(place) != 3 or not isinstance(place[0], str):
            return None
        if digest(beside.text(Path(place[0]), place[1])) != place[2]:
            return None
    return Kept(text, status)


def put(folder: Path, name: str, kept: Kept, looked: Iterable[Looked]) -> None:
    """Keep the report of a run; where that is not possible nothing happens."""
    places = sorted([list(one) for one in looked], key=lambda one: (str(one[0]), str(one[1])))
    store(folder, name, {"text": kept.text, "status": kept.status, "looked": places})


def load(folder: Path, name: str, keys: Iterable[str]) -> list[Any] | None:
    """What the entry of this name holds under the keys it was stored with; None where there is no such entry."""
    path = folder / f"{name}.json"
    try:
        with open(path, "rb", opener=_quickly) as file:
            entry = json.loads(file.read(min(os.fstat(file.fileno()).st_size, LARGEST)))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(entry, dict) or entry.get("run") != name:
        return None
    values = [entry.get(key) for key in keys]
    if entry.get("digest") != _seal(values):
        return None
    with contextlib.suppress(OSError):
        os.utime(path)
    return values


def _quickly(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK | os.O_NOCTTY)


def _seal(values: list[Any]) -> str:
    """So that an entry cut off or altered by a failing disk is none."""
    return sha256(json.dumps(values).encode()).hexdigest()


def store(folder: Path, name: str, values: dict[str, Any]) -> None:
    """Keep values as the entry of a name, in one step; where that is not possible nothing happens."""
    data = json.dumps({"run": name, **values, "digest": _seal(list(values.values()))}).encode()
    if len(data) > LARGEST:
        return
    temporary = folder / f".{name}.{os.getpid()}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary.unlink(missing_ok=True)
        temporary.write_bytes(data)
        temporary.replace(folder / f"{name}.json")
        _make_room(folder)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def _make_room(folder: Path) -> None:
    """Remove the entries used longest ago, and what an interrupted run left behind."""
    found = []
    for entry in os.scandir(folder):
        if entry.is_file(follow_symlinks=False) and (entry.name.endswith(".json") or entry.name.startswith(".")):
            status = entry.stat(follow_symlinks=False)
            found.append((status.st_mtime_ns, status.st_size, entry.path))
    total = 0
    for number, (_, size, path) in enumerate(sorted(found, reverse=True)):
        total += size
        if number >= MOST_ENTRIES or total > MOST_BYTES:
            with contextlib.suppress(OSError):
                os.unlink(path)  # noqa: PTH108

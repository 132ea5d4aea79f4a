"""Paths to sources: files as named, directories searched for keepalived configuration."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path

from havipcfg.source import Source, TooLargeError

_BLOCKS = (
    *("global_defs", "vrrp_instance", "vrrp_script", "vrrp_sync_group", "virtual_server", "static_ipaddress"),
    *("static_routes", "vrrp_track_process", "vrrp_track_file", "track_file", "bfd_instance", "virtual_server_group"),
)
_CONFIGURATION = re.compile(rf"^[ \t]*(?:@\^?\S+[ \t]+)?(?:{'|'.join(_BLOCKS)})\b", re.MULTILINE)
_OPENER = re.compile(r"^(?:@\^?\S+[ \t]+)?([A-Za-z_-]{8,22})(?:[ \t]+\S+){0,2}[ \t]*(?=\{)", re.MULTILINE)
_INSIDE = re.compile(
    r"^[ \t]*(?:virtual_router_id|virtual_ipaddress|unicast_peer|router_id|real_server|lb_algo|lvs_sched|neighbor_ip"
    r"|script|script_user|enable_script_security)\b",
    re.MULTILINE,
)
_CONTROL = bytes(byte for byte in range(32) if byte not in b"\t\n\r\f\v\x1b") + b"\x7f"
_OF_THE_SHELL = (Path("/dev/fd"), Path("/proc/self/fd"))


@dataclass(eq=False, repr=False)
class Found:
    """Sources to judge, and what could not be read, as one sentence each."""

    sources: list[Source] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def discover(paths: Iterable[Path], excluded: Callable[[Path], bool] = lambda _path: False) -> Found:
    """Read the files named, and every ``*.conf`` under the directories named that holds keepalived configuration.

    A ``keepalived.conf`` is taken for one whatever it holds: its only block may be misspelt.
    ``excluded`` says which files and folders a search leaves out; files named are read all the same.
    A directory without any is a failure, as is a file that is missing, unreadable or not text, and what a search
    could not look into.
    """
    found = Found()
    seen: set[str] = set()
    folders: dict[str, str] = {}
    for path in paths:
        if path.is_dir():
            before = len(found.failures)
            candidates = [
                (source, _identity(path, folders, linked=entry.is_symlink()))
                for path, entry in _configurations(path, excluded, found.failures)
                if (source := _read_searched(path, entry, found.failures)) is not None
            ]
            if not candidates and len(found.failures) == before:
                found.failures.append(f"{path}: no *.conf file in this directory holds keepalived configuration")
        else:
            candidates = [
                (source, _identity(path, folders, linked=path.is_symlink())) for source in _read(path, found.failures)
            ]
        for source, real in candidates:
            if real not in seen:
                seen.add(real)
                found.sources.append(source)
    return found


def _identity(path: Path, folders: dict[str, str], *, linked: bool) -> str:
    """The path without links; ``folders`` remembers those of folders."""
    folder, name = os.path.split(path)
    if linked or name in ("", ".", ".."):
        return os.path.realpath(path)
    if folder not in folders:
        folders[folder] = os.path.realpath(folder or ".")
    return f"{folders[folder]}/{name}"


def _configurations(
    folder: Path, excluded: Callable[[Path], bool], failures: list[str]
) -> Iterator[tuple[Path, os.DirEntry[str]]]:
    """The ``*.conf`` in a folder, then those in the folders below it, by name; links to folders are not followed."""
    waiting = [os.fspath(folder)]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                here = sorted(entries, key=attrgetter("name"))
        except OSError as error:
            failures.append(f"{error.filename}: {error.strerror or error}")
            continue
        below = []
        for entry in here:
            if _says(entry.is_dir):
                if not entry.name.startswith(".") and not entry.is_symlink() and not excluded(Path(entry.path)):
                    below.append(entry.path)
            elif entry.name.endswith(".conf") and not excluded(path := Path(entry.path)):
                yield path, entry
        waiting += reversed(below)


def _says(question: Callable[[], bool]) -> bool:
    """The answer; no where a link leads nowhere."""
    try:
        return question()
    except OSError:
        return False


def _read_searched(path: Path, entry: os.DirEntry[str], failures: list[str]) -> Source | None:
    try:
        if not _says(entry.is_file) and (path.exists() or path.name != "keepalived.conf"):
            return None
        source = Source.read(path)
    except TooLargeError as error:
        if path.name == "keepalived.conf" or is_configuration(Source.from_bytes(str(path), error.begins)):
            failures.append(f"{path}: {error.strerror}")
        return None
    except OSError as error:
        failures.append(f"{path}: {error.strerror or error}")
        return None
    return source if path.name == "keepalived.conf" or is_configuration(source) else None


def is_configuration(source: Source) -> bool:
    """Whether a text begins a block of keepalived's somewhere, or one that is misspelt around keepalived's keywords."""
    text = source.text
    if _CONFIGURATION.search(text) is not None:
        return True
    if _INSIDE.search(text) is None:
        return False
    from difflib import get_close_matches

    return any(get_close_matches(opener[1], _BLOCKS, 1, 0.8) for opener in _OPENER.finditer(text))


def _read(path: Path, failures: list[str]) -> list[Source]:
    if _would_wait(path):
        failures.append(f"{path}: a pipe or device is not read; use - for standard input")
        return []
    try:
        source = Source.read(path)
    except OSError as error:
        failures.append(f"{path}: {error.strerror or error}")
        return []
    if is_binary(source.data):
        failures.append(f"{path}: not a text file")
        return []
    return [source]


def is_binary(data: bytes) -> bool:
    """Whether bytes are no text of any encoding that keepalived takes."""
    return len(data.translate(None, _CONTROL)) < 0.9 * len(data)


def _would_wait(path: Path) -> bool:
    """Whether reading the path might never end; what a shell hands over as /dev/fd/N or /dev/stdin does."""
    return path.exists() and not path.is_file() and path.parent not in _OF_THE_SHELL and path.name != "stdin"

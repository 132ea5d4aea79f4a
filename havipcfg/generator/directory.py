"""Writing generated files to a directory: all of them or none, and never over hand edits."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from havipcfg.generator.outputs import OutputFile

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Drift:
    """A file of the directory that is not as it would be generated.

    ``edited``: it differs from what the last run wrote, so a person changed it.
    """

    path: str
    kind: Literal["missing", "changed", "mode", "stale"]
    edited: bool = False


class HandEditedError(Exception):
    """Files that a person changed since they were generated; nothing was written."""

    def __init__(self, paths: list[str]) -> None:
        super().__init__(", ".join(paths))
        self.paths = paths


def drift(directory: Path, files: Mapping[str, OutputFile]) -> list[Drift]:
    """What writing the files would change."""
    recorded = _recorded(directory)
    found = []
    for name, file in files.items():
        path = directory / name
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            found.append(Drift(name, "missing"))
            continue
        if content != file.content:
            known = recorded.get(name)
            edited = name != MANIFEST and known != hashlib.sha256(content).hexdigest()
            found.append(Drift(name, "changed", edited))
        elif path.stat().st_mode & 0o777 != file.mode:
            found.append(Drift(name, "mode"))
    found += [Drift(name, "stale") for name in recorded if name not in files and (directory / name).is_file()]
    return found


def diff(directory: Path, files: Mapping[str, OutputFile]) -> str:
    """The changes as a unified diff."""
    from havipcfg.linter.fix import unified
    from havipcfg.source import Source

    nothing = Source("/dev/null", "")
    parts = []
    for each in drift(directory, files):
        path = directory / each.path
        before = Source.read(path) if path.is_file() else nothing
        after = Source.from_bytes(str(path), files[each.path].content) if each.path in files else nothing
        parts.append(unified(before, after))
    return "".join(parts)


def write(directory: Path, files: Mapping[str, OutputFile], *, force: bool = False) -> list[Drift]:
    """Bring the directory to the files; returns what changed.

    Every file is complete before any is put in its place. Raises HandEditedError, before
    anything is written, where a person changed one (unless ``force``), and OSError.
    """
    changes = drift(directory, files)
    edited = [each.path for each in changes if each.edited]
    if edited and not force:
        raise HandEditedError(edited)
    staged: list[tuple[Path, Path]] = []
    try:
        for each in changes:
            if each.kind in ("missing", "changed"):
                final = directory / each.path
                final.parent.mkdir(parents=True, exist_ok=True)
                temporary = final.with_name(f".{final.name}.new")
                staged.append((temporary, final))
                temporary.touch(mode=0o600)
                temporary.write_bytes(files[each.path].content)
                temporary.chmod(files[each.path].mode)
        for temporary, final in staged:
            temporary.replace(final)
    except BaseException:
        for temporary, _ in staged:
            temporary.unlink(missing_ok=True)
        raise
    for each in changes:
        if each.kind == "mode":
            (directory / each.path).chmod(files[each.path].mode)
        elif each.kind == "stale":
            (directory / each.path).unlink()
    return changes


def _recorded(directory: Path) -> dict[str, str]:
    """Checksums of what the last run wrote, by path; empty where there was none that can be read."""
    try:
        listed = json.loads((directory / MANIFEST).read_bytes())["files"]
        return {str(name): str(entry["sha256"]) for name, entry in listed.items() if _inside(str(name))}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _inside(name: str) -> bool:
    path = Path(name)
    return not path.is_absolute() and ".." not in path.parts

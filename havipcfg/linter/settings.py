"""Settings of a project: ``havipcfg.toml``, or ``[tool.havipcfg]`` in pyproject.toml."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import field
from pathlib import Path
from typing import Any

from havipcfg.diagnostics import Severity
from havipcfg.record import record

OWN = "havipcfg.toml"


class SettingsError(ValueError):
    """A settings file that cannot be used; the message names the file, the key and the way out."""


@record
class Settings:
    """What a settings file says; None and empty where it says nothing. Keys are called as the options are.

    ``path`` is the file; ``baseline``, ``cluster`` and patterns are relative to its folder.
    """

    path: Path | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    severity: dict[str, Severity] = field(default_factory=dict)
    target: str | None = None
    provider: str | None = None
    subnet: tuple[str, ...] = ()
    cluster: Path | None = None
    fail_on: str | None = None
    config_id: str | None = None
    include: bool | None = None
    exclude: tuple[str, ...] = ()
    baseline: Path | None = None


def find(paths: Iterable[Path]) -> Settings:
    """The settings nearest upward from the folder that all paths have in common.

    Raises SettingsError for a file that cannot be read or used.
    """
    for path in candidates(paths):
        if not path.is_file():
            continue
        if path.name == OWN:
            return read(path)
        if b"tool.havipcfg" in _bytes(path):
            table = _table(path).get("tool", {}).get("havipcfg")
            if table is not None:
                return of_table(path, table)
    return Settings()


def candidates(paths: Iterable[Path]) -> Iterator[Path]:
    """Where settings are looked for, the nearest first; the first file that has any counts."""
    folders = [path if path.is_dir() else path.parent for path in map(Path.absolute, paths)]
    start = Path(os.path.normpath(os.path.commonpath(folders))) if folders else Path.cwd()
    for folder in (start, *start.parents):
        yield folder / OWN
        yield folder / "pyproject.toml"


def read(path: Path) -> Settings:
    """The settings of a ``havipcfg.toml``; raises SettingsError."""
    return of_table(path, _table(path))


def of_table(path: Path, table: Any) -> Settings:
    """Settings from the keys of a TOML table; raises SettingsError for a key or a value that is not one."""
    if not isinstance(table, dict):
        raise SettingsError(f"{path}: tool.havipcfg is not a table")
    values: dict[str, Any] = {}
    for key, value in table.items():
        reader = _READERS.get(key)
        if reader is None:
            from difflib import get_close_matches

            near = get_close_matches(key, _READERS, 1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(_READERS)}"
            raise SettingsError(f"{path}: unknown key {key}; {hint}")
        try:
            values[key.replace("-", "_")] = reader(value, path)
        except ValueError as error:
            raise SettingsError(f"{path}: {key}: {error}") from error
    return Settings(path, **values)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror or error}") from error


def _table(path: Path) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(_bytes(path).decode())
    except ValueError as error:
        raise SettingsError(f"{path}: {error}") from error


def _text(value: Any, _path: Path) -> str:
    if not isinstance(value, str):
        raise ValueError(f"a text in quotes is needed, not {value!r}")
    return value


def _texts(value: Any, _path: Path) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError(f"a list of texts is needed, not {value!r}")
    return tuple(value)


def _codes(value: Any, path: Path) -> tuple[str, ...]:
    return tuple(code.strip().upper() for code in _texts(value, path))


def _flag(value: Any, _path: Path) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"true or false is needed, not {value!r}")
    return value


def _file(value: Any, path: Path) -> Path:
    return path.parent / _text(value, path)


def _severity(value: Any) -> Severity:
    if value not in list(Severity):
        raise ValueError(f"{value!r} is not one of {', '.join(Severity)}")
    return Severity(value)


def _severities(value: Any, _path: Path) -> dict[str, Severity]:
    if not isinstance(value, dict):
        raise ValueError('a table is needed, such as { KC203 = "error" }')
    return {code.upper(): _severity(level) for code, level in value.items()}


def _per_file(value: Any, path: Path) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(value, dict):
        raise ValueError('a table is needed, such as { "lab/" = ["KC2"] }')
    return tuple((pattern, _codes(codes, path)) for pattern, codes in value.items())


_READERS: dict[str, Any] = {
    "select": _codes,
    "ignore": _codes,
    "per-file-ignores": _per_file,
    "severity": _severities,
    "target": _text,
    "provider": _text,
    "subnet": _texts,
    "cluster": _file,
    "fail-on": lambda value, _path: str(_severity(value)),
    "config-id": _text,
    "include": _flag,
    "exclude": _texts,
    "baseline": _file,
}
"""Each key, and what makes its value of what TOML gives."""

"""Clusters written by hand, each as one text that holds all its files.

The first line says what it is, ``lint:`` the options to judge it with. ``=== NAME`` begins a file. ``=== NAME =
OTHER`` begins one that is OTHER with what the lines below name exchanged, all at once: ``old => new``.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner

from havipcfg.cli.app import app

FOLDER = Path(__file__).parents[1] / "fixtures" / "twins"
BEGIN = re.compile(r"^=== (\S+)(?: = (\S+))?\n", re.MULTILINE)


@dataclass(frozen=True)
class Cluster:
    name: str
    options: tuple[str, ...]
    files: dict[str, str]

    @property
    def several(self) -> bool:
        """Whether this is more than one cluster."""
        return self.name.endswith("-clusters")

    @property
    def nodes(self) -> list[str]:
        """The files that keepalived of a node starts with."""
        return [path for path in self.files if path.endswith(".conf") and not re.search("conf.d|common", path)]


def clusters(folder: Path = FOLDER / "clean") -> list[Cluster]:
    """All of a folder, in the order of their names."""
    return [read(path) for path in sorted(folder.glob("*.txt"))]


def read(path: Path) -> Cluster:
    """Raises KeyError for a file made from one that does not stand above it."""
    head, *parts = BEGIN.split(path.read_text(encoding="utf-8"))
    options = [words for line in head.splitlines() if line.startswith("lint:") for words in line[5:].split()]
    files: dict[str, str] = {}
    for name, origin, text in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        files[name] = exchanged(files[origin], text) if origin else text
    return Cluster(path.stem, tuple(options), files)


def exchanged(text: str, lines: str) -> str:
    pairs = dict(line.split(" => ", 1) for line in lines.splitlines())
    return re.sub("|".join(map(re.escape, pairs)) or "(?!)", lambda match: pairs[match[0]], text)


def write(files: dict[str, str], folder: Path) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
        path.chmod(0o644 if name.endswith((".conf", ".yaml", ".toml")) else 0o755)


def findings(cluster: Cluster, folder: Path, *options: str) -> list[tuple[str, str, int]]:
    """Code, file and line of all that the command line reports in a folder, in its order."""
    given = [str(folder / word) if word.endswith(".yaml") else word for word in (*cluster.options, *options)]
    settings = ["--config", str(folder / "havipcfg.toml")] if "havipcfg.toml" in cluster.files else ["--isolated"]
    run = CliRunner().invoke(app, ["lint", *settings, "--no-cache", "--format", "json", *given, str(folder)])
    assert run.exit_code in (0, 1), run.output
    return [
        (found["code"], (Path.cwd() / found["file"]).resolve().relative_to(folder.resolve()).as_posix(), found["line"])
        for found in json.loads(run.stdout)["diagnostics"]
    ]

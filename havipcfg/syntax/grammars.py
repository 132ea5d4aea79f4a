"""The lark grammars: in the wheel beside the package, in a checkout at its top level."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def grammar(name: str) -> str:
    """The text of ``grammar/NAME.lark``; raises FileNotFoundError where it is missing."""
    packaged = _PACKAGE / "grammar" / f"{name}.lark"
    path = packaged if packaged.exists() else _PACKAGE.parent / "grammar" / f"{name}.lark"
    return path.read_text(encoding="utf-8")

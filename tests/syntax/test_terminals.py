"""The terminals that files are read with are those of the grammar."""

from __future__ import annotations

from pathlib import Path

from havipcfg.syntax import surface, terminals

MODULE = Path(terminals.__file__)


def written() -> str:
    """What the module says when the grammar is as it is now."""
    groups = [f"(?P<{name}>{pattern})" for name, pattern in surface.terminals().items()]
    lines = [f"    {('|' if index else '') + group!r}" for index, group in enumerate(groups)]
    head = MODULE.read_text(encoding="utf-8").partition("TERMINALS =")[0]
    return "\n".join([f"{head}TERMINALS = re.compile(", *lines, ")", ""])


def test_they_are_up_to_date() -> None:
    assert MODULE.read_text(encoding="utf-8") == written(), "run python -m tests.syntax.test_terminals"


if __name__ == "__main__":
    MODULE.write_text(written(), encoding="utf-8")

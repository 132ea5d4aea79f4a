"""The command lines of the measurements."""

from __future__ import annotations

import argparse
from pathlib import Path


def read(program: str, description: str | None, page: Path | None = None) -> bool:
    """Read the command line of a measurement; whether its figures go into ``page``, where it has one.

    Ends the program for ``--help``, and for anything it does not know.
    """
    first, _, more = (description or "").partition("\n\n")
    parser = argparse.ArgumentParser(f"python -m {program}", description=first, epilog=more, allow_abbrev=False)
    if page is not None:
        name = page.relative_to(Path(__file__).parents[1])
        parser.add_argument("--write", action="store_true", help=f"put the figures into {name}")
    return bool(getattr(parser.parse_args(), "write", False))

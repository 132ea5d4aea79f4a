"""The command line: parses arguments, calls one function of the package, renders, exits."""

from __future__ import annotations

import gc
import sys

COLLECTED_AFTER = 100_000
"""New objects before garbage is looked for: small files end before that, large ones are bounded by it."""


def main() -> None:
    """Run ``havipcfg``; exits 3 with one message for an error of havipcfg itself."""
    gc.set_threshold(COLLECTED_AFTER)
    try:
        from havipcfg.cli.app import app

        app()
    except SystemExit:
        raise
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(1) from None
    except Exception as error:
        raise SystemExit(_internal_error(error)) from None


def _internal_error(error: Exception) -> int:
    import traceback

    where = traceback.extract_tb(error.__traceback__)[-1]
    print(  # noqa: T201
        f"havipcfg: internal error: {type(error).__name__}: {error} ({where.name}, line {where.lineno} of "
        f"{where.filename.rsplit('/', 2)[-1]})\nThis is a bug. Please report it with the file that shows it: "
        "https://github.com/havipcfg/havipcfg/issues",
        file=sys.stderr,
    )
    return 3

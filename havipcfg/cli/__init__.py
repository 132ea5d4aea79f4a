"""The command line: parses arguments, calls one function of the package, renders, exits."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from click import ClickException

COLLECTED_AFTER = 100_000
"""New objects before garbage is looked for: small files end before that, large ones are bounded by it."""
EXIT_NOT_JUDGED, EXIT_INTERNAL, EXIT_INTERRUPTED = 2, 3, 130


def main() -> None:
    """Run ``havipcfg``: whatever is wrong is one line on standard error, and a status that is not 0.

    2 where arguments, files or streams are wrong, 3 for an error of havipcfg itself, 130 when interrupted.
    Where the reader of a pipe leaves it ends by SIGPIPE, as other programs do: a shell sees 141.
    """
    gc.set_threshold(COLLECTED_AFTER)
    _open_streams()
    try:
        from havipcfg.cli.again import again

        status = again(sys.argv[1:])
        if status is None:
            from havipcfg.cli.app import app

            status = app(standalone_mode=False)
    except KeyboardInterrupt:
        status = EXIT_INTERRUPTED
    except BrokenPipeError:
        status = _unread()
    except SystemExit as left:
        if not isinstance(left.__context__, BrokenPipeError):
            raise
        status = _unread()
    except OSError as error:
        status = _not_possible(error)
    except Exception as error:
        status = _ended(error)
    gc.freeze()  # what ends with the process need not be searched for garbage once more
    raise SystemExit(status)


def _open_streams() -> None:
    """Put the null device where a standard stream is closed, so that no file opened later takes its number."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    if sys.stdout is None:
        sys.stdout = open(1, "w")  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(2, "w")  # noqa: SIM115
    if sys.stdin is None:
        sys.stdin = open(0)  # noqa: SIM115


def _unread() -> int:
    """End by SIGPIPE: no status, which would say something about files that the reader did not wait for."""
    import signal

    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGPIPE)
    return 128 + signal.SIGPIPE


def _say(text: str) -> None:
    with suppress(OSError):
        print(f"havipcfg: {text}", file=sys.stderr)  # noqa: T201


def _not_possible(error: OSError) -> int:
    import errno

    from havipcfg.render.printable import printable

    of_a_stream = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG, errno.EBADF)
    where = error.filename or ("standard output" if of_a_stream else "")
    _say(printable(f"{where}: {error.strerror or error}" if where else error.strerror or str(error)))
    return EXIT_NOT_JUDGED


def _ended(error: Exception) -> int:
    from click import Abort, ClickException

    if isinstance(error, ClickException):
        return _refused(error)
    if isinstance(error, Abort):
        if not isinstance(error.__context__, EOFError):
            return EXIT_INTERRUPTED
        _say("standard input ended before everything was answered; nothing was written")
        return EXIT_NOT_JUDGED
    return _internal_error(error)


def _refused(error: ClickException) -> int:
    """What is wrong with the arguments, in one line."""
    from havipcfg.render.printable import printable

    context = getattr(error, "ctx", None)
    message = printable(error.format_message()).rstrip(".").replace(". (", " (")
    _say(f"{message[:1].lower()}{message[1:]}; try {context.command_path if context else 'havipcfg'} --help")
    return EXIT_NOT_JUDGED


def _internal_error(error: Exception) -> int:
    import traceback

    where = traceback.extract_tb(error.__traceback__)[-1]
    _say(
        f"internal error: {type(error).__name__}: {error} ({where.name}, line {where.lineno} of "
        f"{where.filename.rsplit('/', 2)[-1]})\nThis is a bug. Please report it with the file that shows it: "
        "https://github.com/havipcfg/havipcfg/issues"
    )
    return EXIT_INTERNAL

"""What the functions of the library raise where they have nothing to work on."""

from __future__ import annotations

from collections.abc import Sequence

from havipcfg.diagnostics import Diagnostic


class NotJudgedError(Exception):
    """Something named could not be judged at all; the message says why in one sentence.

    ``diagnostics`` are the findings that stand in the way, where a file that was read is to blame.
    """

    def __init__(self, message: str, diagnostics: Sequence[Diagnostic] = ()) -> None:
        super().__init__(message)
        self.diagnostics = list(diagnostics)

"""One line a finding, as editors and ``grep`` read it: ``file:line:col: CODE message``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from havipcfg.render.printable import one_line, printable

if TYPE_CHECKING:
    from havipcfg.diagnostics import Diagnostic, Report


def render(report: Report) -> str:
    """Findings in their order, then ``failed: …`` for each file that was not judged."""
    lines = [line(diagnostic) for diagnostic in report.diagnostics]
    lines += [f"failed: {one_line(failure)}" for failure in report.failures]
    return "".join(f"{text}\n" for text in lines)


def line(diagnostic: Diagnostic) -> str:
    """``file:line:col: CODE message``, without a line end.

    A log of GitHub takes a line that begins with ``::`` for a command, so that no file name may stand there like that.
    """
    line_number, column = diagnostic.span.source.position(diagnostic.span.start)
    file = printable(diagnostic.span.file)
    if file.lstrip().startswith("::"):
        file = f"./{file}"
    return f"{file}:{line_number}:{column}: {printable(diagnostic.code)} {one_line(diagnostic.message)}"

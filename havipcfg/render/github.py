"""Workflow commands: GitHub Actions shows them as annotations at the lines of a change."""

from __future__ import annotations

from havipcfg.diagnostics import Diagnostic, Report, Severity
from havipcfg.render.printable import printable

COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(report: Report) -> str:
    """One command a finding, its related places and remarks in the message."""
    lines = [_command(diagnostic) for diagnostic in report.diagnostics]
    lines += [f"::error title={_property('havipcfg: not judged')}::{_data(failure)}" for failure in report.failures]
    return "".join(f"{line}\n" for line in lines)


def _command(diagnostic: Diagnostic) -> str:
    span = diagnostic.span
    line, column = span.source.position(span.start)
    end_line, end_column = span.source.position(span.end)
    properties: dict[str, str | int] = {"file": span.file, "line": line, "endLine": end_line}
    if line == end_line:  # GitHub takes columns only within one line
        properties = {"file": span.file, "line": line, "col": column, "endLine": end_line, "endColumn": end_column}
    properties["title"] = f"{diagnostic.code} {diagnostic.name}"
    said = [diagnostic.message]
    said += [f"{printable(label.span.file)}:{label.span.line}: {label.message}" for label in diagnostic.related]
    said += diagnostic.remarks
    listed = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{COMMANDS[diagnostic.severity]} {listed}::{_data(chr(10).join(said))}"


def _data(text: str) -> str:
    return printable(text, keep="\r\n").replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

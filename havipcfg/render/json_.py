"""The report as one JSON object, version 1 of the contract; ASCII, one finding a line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypedDict

from havipcfg import __version__
from havipcfg.diagnostics import Diagnostic, Fix, Report, Severity
from havipcfg.render.printable import is_text, printable
from havipcfg.render.secrets import tells

if TYPE_CHECKING:
    from havipcfg.source import Span

VERSION = 1


class Place(TypedDict):
    """Where: lines and columns from 1, columns in characters, the end exclusive."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


class RelatedPlace(Place):
    """Another place that belongs to the finding."""

    message: str


class EditObject(TypedDict):
    """Put ``text`` in the place of the range."""

    file: str
    start_line: int
    start_column: int
    end_line: int
    end_column: int
    text: str


class FixObject(TypedDict):
    """Edits that remove the finding."""

    title: str
    safety: str
    edits: list[EditObject]


class DiagnosticObject(Place):
    """One finding."""

    code: str
    name: str
    severity: str
    message: str
    keepalived: bool
    related: list[RelatedPlace]
    notes: list[str]
    fix: FixObject | None
    url: str


def render(report: Report) -> str:
    r"""The object of the contract; a key ``failures`` is added where files were not judged.

    Bytes that are not UTF-8 appear escaped (``\xff``) in names and messages. A fix whose text
    has such bytes cannot be said in JSON, and one that writes a password is nobody's to read in a log:
    both are left out (null).
    """
    summary = {"files": len(report.files)}
    summary |= {f"{severity.value}s": report.count(severity) for severity in Severity}
    head = {
        "version": VERSION,
        "tool": {"name": "havipcfg", "version": __version__},
        "files": [_text(file) for file in report.files],
    }
    lines = [f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
    findings = ",\n".join(f"    {json.dumps(diagnostic_object(d))}" for d in report.diagnostics)
    lines.append(f'  "diagnostics": [\n{findings}\n  ]' if findings else '  "diagnostics": []')
    if report.failures:
        lines.append(f'  "failures": {json.dumps([_text(failure) for failure in report.failures])}')
    lines.append(f'  "summary": {json.dumps(summary)}')
    return "{\n" + ",\n".join(lines) + "\n}\n"


def diagnostic_object(diagnostic: Diagnostic) -> DiagnosticObject:
    """A finding as the contract has it, ready for ``json.dumps``."""
    return {
        "code": diagnostic.code,
        "name": diagnostic.name,
        "severity": diagnostic.severity.value,
        "message": _text(diagnostic.message),
        **_place(diagnostic.span),
        "keepalived": diagnostic.keepalived,
        "related": [{"message": _text(label.message), **_place(label.span)} for label in diagnostic.related],
        "notes": [_text(remark) for remark in diagnostic.remarks],
        "fix": _fix(diagnostic.fix),
        "url": diagnostic.url,
    }


def _place(span: Span) -> Place:
    line, column = span.source.position(span.start)
    end_line, end_column = span.source.position(span.end)
    return {
        "file": _text(span.file),
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
    }


def _fix(fix: Fix | None) -> FixObject | None:
    if fix is None or not all(is_text(edit.text) for edit in fix.edits) or tells(fix):
        return None
    edits: list[EditObject] = []
    for edit in fix.edits:
        place = _place(edit.span)
        edits.append(
            {
                "file": place["file"],
                "start_line": place["line"],
                "start_column": place["column"],
                "end_line": place["end_line"],
                "end_column": place["end_column"],
                "text": edit.text,
            }
        )
    return {"title": _text(fix.title), "safety": fix.safety, "edits": edits}


def _text(text: str) -> str:
    return text if is_text(text) else printable(text, keep="\n\r\t")

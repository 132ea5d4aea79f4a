"""GitLab's code quality report: a JSON array, shown in merge requests."""

from __future__ import annotations

import json

from havipcfg.diagnostics import Report, Severity
from havipcfg.fingerprint import fingerprints
from havipcfg.render.not_judged import file_of, fingerprint
from havipcfg.render.printable import one_line, printable

SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.INFO: "info"}


def render(report: Report) -> str:
    """One entry a finding; files that were not judged are entries of severity ``blocker``."""
    marks = fingerprints(report.diagnostics)
    entries = [
        _entry(one_line(f"{d.code}: {d.message}"), d.code, mark, SEVERITIES[d.severity], d.span.file, d.span.line)
        for d, mark in zip(report.diagnostics, marks, strict=True)
    ]
    entries += [
        _entry(one_line(failure), "not-judged", fingerprint(failure, number), "blocker", file_of(report, failure), 1)
        for number, failure in enumerate(report.failures)
    ]
    body = ",\n".join(f"  {json.dumps(entry)}" for entry in entries)
    return f"[\n{body}\n]\n" if body else "[]\n"


def _entry(description: str, check: str, mark: str, severity: str, file: str, line: int) -> dict[str, object]:
    return {
        "description": description,
        "check_name": check,
        "fingerprint": mark,
        "severity": severity,
        "location": {"path": printable(file.removeprefix("./")), "lines": {"begin": line}},
    }

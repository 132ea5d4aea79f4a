"""SARIF 2.1.0, the OASIS standard for results of static analysis."""

from __future__ import annotations

import json
from inspect import cleandoc
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from havipcfg import __version__
from havipcfg.diagnostics import DOCUMENTATION, Diagnostic, Fix, Report, Severity
from havipcfg.findings import Rule
from havipcfg.fingerprint import fingerprints
from havipcfg.render.printable import is_text, printable
from havipcfg.render.secrets import tells

if TYPE_CHECKING:
    from collections.abc import Iterable

    from havipcfg.source import Span

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
INFORMATION = "https://github.com/havipcfg/havipcfg"
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}

Json = dict[str, Any]


def render(report: Report, *, rules: Iterable[Rule] = ()) -> str:
    """One run; ``rules`` are those that were judged, and codes not among them are added as findings name them.

    Columns count Unicode code points. Files that were not judged are notifications, and the
    invocation then counts as not successful.
    """
    known = {rule.code: rule for rule in rules}
    for d in report.diagnostics:
        known.setdefault(d.code, Rule(d.code, d.name, d.severity, page=""))
    codes = sorted(known)
    index = {code: position for position, code in enumerate(codes)}
    marks = fingerprints(report.diagnostics)
    results = [_result(d, index[d.code], mark) for d, mark in zip(report.diagnostics, marks, strict=True)]
    driver = {
        "name": "havipcfg",
        "version": __version__,
        "semanticVersion": __version__,
        "informationUri": INFORMATION,
        "rules": [_rule(known[code]) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [_invocation(report.failures)],
        "columnKind": "unicodeCodePoints",
        "artifacts": [{"location": {"uri": uri(file)}} for file in dict.fromkeys(report.files)],
        "results": results,
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}) + "\n"


def uri(file: str) -> str:
    """The name of a file as a URI reference: percent-encoded bytes, ``file://`` before absolute paths."""
    name = file.removeprefix("./")
    try:
        path = quote(name.encode("utf-8", "surrogateescape"))
    except UnicodeEncodeError:
        path = quote(printable(name))
    return f"file://{path}" if path.startswith("/") else path


def _invocation(failures: list[str]) -> Json:
    invocation: Json = {"executionSuccessful": not failures}
    if failures:
        said = [{"level": "error", "message": {"text": printable(failure)}} for failure in failures]
        invocation["toolExecutionNotifications"] = said
    return invocation


def _rule(rule: Rule) -> Json:
    page = cleandoc(rule.page)
    described: Json = {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": page.partition("\n\n")[0].replace("\n", " ") or rule.name},
        "helpUri": f"{DOCUMENTATION}/{rule.code}.md",
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
    }
    if page:
        described["help"] = {"text": page, "markdown": page}
    return described


def _result(diagnostic: Diagnostic, rule_index: int, mark: str) -> Json:
    said = "\n".join([diagnostic.message, *diagnostic.remarks])
    result: Json = {
        "ruleId": diagnostic.code,
        "ruleIndex": rule_index,
        "level": LEVELS[diagnostic.severity],
        "message": {"text": _text(said)},
        "locations": [{"physicalLocation": _physical(diagnostic.span)}],
        "partialFingerprints": {"havipcfg/v1": mark},
        "properties": {"keepalived": diagnostic.keepalived},
    }
    if diagnostic.related:
        result["relatedLocations"] = [
            {"id": number, "physicalLocation": _physical(label.span), "message": {"text": _text(label.message)}}
            for number, label in enumerate(diagnostic.related, 1)
        ]
    fix = diagnostic.fix
    if fix and fix.edits and all(is_text(edit.text) for edit in fix.edits) and not tells(fix):
        result["fixes"] = [_fix(fix)]
    return result


def _physical(span: Span) -> Json:
    return {"artifactLocation": {"uri": uri(span.file)}, "region": _region(span)}


def _region(span: Span) -> Json:
    line, column = span.source.position(span.start)
    end_line, end_column = span.source.position(span.end)
    return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}


def _fix(fix: Fix) -> Json:
    changes: dict[str, list[Json]] = {}
    for edit in fix.edits:
        replacement = {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}}
        changes.setdefault(uri(edit.span.file), []).append(replacement)
    return {
        "description": {"text": _text(fix.title)},
        "artifactChanges": [
            {"artifactLocation": {"uri": file}, "replacements": replacements} for file, replacements in changes.items()
        ],
        "properties": {"safety": fix.safety},
    }


def _text(text: str) -> str:
    return printable(text, keep="\n")

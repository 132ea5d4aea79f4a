"""JUnit XML, as continuous integration servers show test results: a test case for each file."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from havipcfg.diagnostics import Diagnostic, Report, Severity
from havipcfg.render import concise
from havipcfg.render.not_judged import UNNAMED, file_of
from havipcfg.render.printable import one_line, printable

if TYPE_CHECKING:
    from collections.abc import Iterable


def render(report: Report, *, fail_on: Severity = Severity.ERROR) -> str:
    """A file with findings at or above ``fail_on`` fails, one that could not be judged is an error.

    A case has at most one ``failure``, as common readers look at the first only; it lists all
    findings of the file. Graver ones absent, findings below ``fail_on`` are the case's output.
    """
    findings: dict[str, list[Diagnostic]] = {file: [] for file in report.files}
    for diagnostic in report.diagnostics:
        findings.setdefault(diagnostic.span.file, []).append(diagnostic)
    failures: dict[str, list[str]] = {}
    for failure in report.failures:
        file = file_of(report, failure)
        failures.setdefault("not judged" if file == UNNAMED else file, []).append(failure)
    root = ET.Element("testsuites", name="havipcfg")
    suite = ET.SubElement(root, "testsuite", name="havipcfg")
    failed = 0
    for file in dict.fromkeys([*findings, *failures]):
        case = ET.SubElement(suite, "testcase", classname="havipcfg", name=printable(file))
        if file in failures:
            _say(case, "error", failures[file][0], [one_line(failure) for failure in failures[file]])
        found = findings.get(file, [])
        if any(d.severity.at_least(fail_on) for d in found) and file not in failures:
            failed += 1
            _say(case, "failure", _headline(found), [line for d in found for line in _lines(d)])
        elif found:
            ET.SubElement(case, "system-out").text = _block(line for d in found for line in _lines(d))
    for element in (root, suite):
        element.set("tests", str(len(suite)))
        element.set("failures", str(failed))
        element.set("errors", str(len(failures)))
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _say(case: ET.Element, kind: str, message: str, lines: list[str]) -> None:
    ET.SubElement(case, kind, message=one_line(message), type=kind).text = _block(lines)


def _block(lines: Iterable[str]) -> str:
    return "\n" + "".join(f"{line}\n" for line in lines)


def _headline(found: list[Diagnostic]) -> str:
    return found[0].message if len(found) == 1 else f"{found[0].message} (and {len(found) - 1} more)"


def _lines(diagnostic: Diagnostic) -> list[str]:
    """The finding as plain lines: where and what, the other places, what to do."""
    places = [f"  {printable(str(label.span))}: {one_line(label.message)}" for label in diagnostic.related]
    return [
        f"{diagnostic.severity.value}: {concise.line(diagnostic)}",
        *places,
        *(f"  {one_line(remark)}" for remark in diagnostic.remarks),
    ]

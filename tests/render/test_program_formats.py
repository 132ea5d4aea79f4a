from __future__ import annotations

import json
import subprocess
import sys
from xml.etree import ElementTree as ET

import pytest

from havipcfg import __version__
from havipcfg.diagnostics import Diagnostic, Edit, Fix, Label, Report, Severity
from havipcfg.render import FORMATS, render
from havipcfg.source import Source

URL = "https://github.com/havipcfg/havipcfg/blob/main/docs/rules"
FIRST = {
    "code": "CL204",
    "name": "weight-cannot-move-vip",
    "severity": "error",
    "message": "10.20.0.100 stays on a when chk_app fails there",
    "file": "a.conf",
    "line": 3,
    "column": 5,
    "end_line": 3,
    "end_column": 14,
    "keepalived": False,
    "related": [
        {
            "message": "a drops from 110 to 105",
            "file": "a.conf",
            "line": 7,
            "column": 5,
            "end_line": 7,
            "end_column": 17,
        },
        {"message": "still above b at 100", "file": "b.conf", "line": 2, "column": 2, "end_line": 2, "end_column": 14},
    ],
    "notes": [
        "why: the service is down, the address does not move, and nothing is logged as an error",
        "fix: weight -11 or lower, on both nodes",
    ],
    "fix": {
        "title": "set weight to -11",
        "safety": "unsafe",
        "edits": [
            {"file": "a.conf", "start_line": 3, "start_column": 12, "end_line": 3, "end_column": 14, "text": "-11"}
        ],
    },
    "url": f"{URL}/CL204.md",
}
SECOND = {
    "code": "KC901",
    "name": "odd-comment",
    "severity": "warning",
    "message": "a comment, 50% of it odd",
    "file": "b.conf",
    "line": 2,
    "column": 18,
    "end_line": 2,
    "end_column": 20,
    "keepalived": True,
    "related": [],
    "notes": ["comments end at the line end"],
    "fix": {
        "title": "remove it",
        "safety": "safe",
        "edits": [{"file": "b.conf", "start_line": 2, "start_column": 18, "end_line": 2, "end_column": 20, "text": ""}],
    },
    "url": f"{URL}/KC901.md",
}


def one(message: str, name: str = "f", **more: object) -> Report:
    source = Source(name, "x\ny\n")
    return Report([name], [Diagnostic("KC900", "n", Severity.ERROR, message, source.span(0, 1), **more)])  # type: ignore[arg-type]


def test_json_is_the_object_of_the_contract(report: Report) -> None:
    judged = {
        "version": 1,
        "tool": {"name": "havipcfg", "version": __version__},
        "files": ["a.conf", "b.conf", "c.conf"],
        "diagnostics": [FIRST, SECOND],
        "summary": {"files": 3, "errors": 1, "warnings": 1, "infos": 0},
    }
    assert json.loads(render(report, "json")) == judged | {"failures": ["d.conf: permission denied"]}
    report.failures.clear()
    assert json.loads(render(report, "json")) == judged
    assert render(Report(), "json") == (
        f'{{\n  "version": 1,\n  "tool": {{"name": "havipcfg", "version": "{__version__}"}},\n  "files": [],\n'
        '  "diagnostics": [],\n  "summary": {"files": 0, "errors": 0, "warnings": 0, "infos": 0}\n}\n'
    )


def test_jsonl_has_one_object_a_line(report: Report) -> None:
    lines = render(report, "jsonl").splitlines()
    assert [json.loads(line) for line in lines] == [FIRST, SECOND, {"failure": "d.conf: permission denied"}]
    assert render(Report(["a"]), "jsonl") == ""


def test_undecodable_bytes_are_escaped_and_no_edit_is_falsified() -> None:
    place = Source("f\udcff", "x").span(0, 1)
    good, bad = Fix("t\udcfe", "safe", (Edit(place, "高\t"),)), Fix("t", "safe", (Edit(place, "\udcff"),))
    found = [Diagnostic("K", "n", Severity.INFO, "m\udc80", place, fix=fix) for fix in (good, bad)]
    first, second = json.loads(render(Report([place.file], found), "json"))["diagnostics"]
    assert (first["file"], first["message"], first["fix"]["title"]) == ("f\\xff", "m\\x80", "t\\xfe")
    assert first["fix"]["edits"][0]["text"] == "高\t"
    assert second["fix"] is None


def test_concise(report: Report) -> None:
    assert render(report, "concise") == (
        "a.conf:3:5: CL204 10.20.0.100 stays on a when chk_app fails there\n"
        "b.conf:2:18: KC901 a comment, 50% of it odd\n"
        "failed: d.conf: permission denied\n"
    )
    assert render(one("a\nb\x1b", "x\ny"), "concise") == "x\\ny:1:1: KC900 a b\\x1b\n"
    assert render(Report(["a"]), "concise") == ""


def test_github(report: Report) -> None:
    assert render(report, "github") == (
        "::error file=a.conf,line=3,col=5,endLine=3,endColumn=14,title=CL204 weight-cannot-move-vip"
        "::10.20.0.100 stays on a when chk_app fails there%0Aa.conf:7: a drops from 110 to 105"
        "%0Ab.conf:2: still above b at 100"
        "%0Awhy: the service is down, the address does not move, and nothing is logged as an error"
        "%0Afix: weight -11 or lower, on both nodes\n"
        "::warning file=b.conf,line=2,col=18,endLine=2,endColumn=20,title=KC901 odd-comment"
        "::a comment, 50%25 of it odd%0Acomments end at the line end\n"
        "::error title=havipcfg%3A not judged::d.conf: permission denied\n"
    )


def test_github_commands_cannot_be_injected() -> None:
    assert render(one("a\r\n::error::b %0A", "x,y:z\n%"), "github") == (
        "::error file=x%2Cy%3Az%0A%25,line=1,col=1,endLine=1,endColumn=2,title=KC900 n::a%0D%0A::error::b %250A\n"
    )


def test_github_gets_no_columns_for_several_lines() -> None:
    source = Source("f", "a\nb\n")
    found = Diagnostic("K", "n", Severity.INFO, "m", source.span(0, 3))
    assert render(Report(["f"], [found]), "github") == "::notice file=f,line=1,endLine=2,title=K n::m\n"


def test_gitlab(report: Report) -> None:
    entries = json.loads(render(report, "gitlab"))
    assert len({entry["fingerprint"] for entry in entries}) == 3
    assert [{key: entry[key] for key in entry if key != "fingerprint"} for entry in entries] == [
        {
            "description": "CL204: 10.20.0.100 stays on a when chk_app fails there",
            "check_name": "CL204",
            "severity": "critical",
            "location": {"path": "a.conf", "lines": {"begin": 3}},
        },
        {
            "description": "KC901: a comment, 50% of it odd",
            "check_name": "KC901",
            "severity": "major",
            "location": {"path": "b.conf", "lines": {"begin": 2}},
        },
        {
            "description": "d.conf: permission denied",
            "check_name": "not-judged",
            "severity": "blocker",
            "location": {"path": "d.conf", "lines": {"begin": 1}},
        },
    ]
    assert render(Report(["a"]), "gitlab") == "[]\n"
    assert json.loads(render(one("m", "./d/f"), "gitlab"))[0]["location"]["path"] == "d/f"


JUNIT = """\
<?xml version="1.0" encoding="utf-8"?>
<testsuites name="havipcfg" tests="4" failures="1" errors="1">
  <testsuite name="havipcfg" tests="4" failures="1" errors="1">
    <testcase classname="havipcfg" name="a.conf">
      <failure message="10.20.0.100 stays on a when chk_app fails there" type="failure">
error: a.conf:3:5: CL204 10.20.0.100 stays on a when chk_app fails there
  a.conf:7:5: a drops from 110 to 105
  b.conf:2:2: still above b at 100
  why: the service is down, the address does not move, and nothing is logged as an error
  fix: weight -11 or lower, on both nodes
</failure>
    </testcase>
    <testcase classname="havipcfg" name="b.conf">
      <system-out>
warning: b.conf:2:18: KC901 a comment, 50% of it odd
  comments end at the line end
</system-out>
    </testcase>
    <testcase classname="havipcfg" name="c.conf" />
    <testcase classname="havipcfg" name="d.conf">
      <error message="d.conf: permission denied" type="error">
d.conf: permission denied
</error>
    </testcase>
  </testsuite>
</testsuites>
"""


def test_junit(report: Report) -> None:
    assert render(report, "junit") == JUNIT


def test_junit_fails_from_the_severity_that_the_run_fails_from(report: Report) -> None:
    suite = ET.fromstring(render(report, "junit", fail_on=Severity.WARNING))[0]
    assert suite.get("failures") == "2"
    assert [case.get("name") for case in suite if case.find("failure") is not None] == ["a.conf", "b.conf"]


def test_junit_is_xml_whatever_the_text() -> None:
    hostile = "]]> <b>&amp; \x00\x1b\udcff\ufffe\nnext"
    found = one(hostile, 'a"<\n>\x08', related=(Label(Source("]]>", "").span(0, 0), hostile),))
    case = ET.fromstring(render(found, "junit").encode())[0][0]
    assert case.get("name") == 'a"<\\n>\\x08'
    failure = case.find("failure")
    assert failure is not None
    assert failure.get("message") == "]]> <b>&amp; \\x00\\x1b\\xff\\ufffe next"


@pytest.mark.parametrize("format_", FORMATS)
def test_a_failure_shows_in_every_format(format_: str) -> None:
    assert "no such file" in render(Report([], [], ["x.conf: no such file"]), format_)


def test_a_format_costs_only_its_own_imports() -> None:
    program = (
        "import sys\n"
        "from havipcfg.diagnostics import Report\n"
        "from havipcfg.render import render\n"
        "heavy = ('rich', 'lark', 'pydantic', 'ruamel', 'typer', 'xml')\n"
        "loaded = lambda: [name for name in heavy if name in sys.modules]\n"
        "for name in ('concise', 'json', 'jsonl', 'github', 'gitlab', 'sarif'):\n"
        "    render(Report(), name)\n"
        "assert not loaded(), loaded()\n"
        "render(Report(), 'text', colour=True)\n"
        "assert loaded() == ['rich'], loaded()\n"
        "assert 'rich.console' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)

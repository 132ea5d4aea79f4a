"""Whatever is in a report, every renderer says something that a UTF-8 stream takes, the same each time."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from havipcfg.diagnostics import Diagnostic, Edit, Fix, Label, Report, Severity
from havipcfg.render import FORMATS, render
from havipcfg.source import Source, Span

HARD = st.sampled_from("\n\n\t\r ab\x1b\x00[]<>&%:,高é\u0301\ufe0f⚠\u200d\u202e\udcff\ud800\ufffe\u2028\U0001f600")
TEXT = st.text(HARD | st.characters(), max_size=40)
BYTES = st.binary(max_size=200).map(lambda data: data.decode("utf-8", "surrogateescape"))
SOURCES = st.builds(Source, TEXT, BYTES | st.text(HARD, max_size=200) | TEXT.map(lambda text: text * 30))


@st.composite
def spans(draw: st.DrawFn, sources: list[Source]) -> Span:
    source = draw(st.sampled_from(sources))
    start, end = sorted(draw(st.tuples(*[st.integers(0, len(source.text))] * 2)))
    return source.span(start, end)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    sources = draw(st.lists(SOURCES, min_size=1, max_size=3))
    place = spans(sources)
    edits = st.lists(st.builds(Edit, place, TEXT), max_size=2).map(tuple)
    found = st.builds(
        Diagnostic,
        TEXT,
        TEXT,
        st.sampled_from(Severity),
        TEXT,
        place,
        TEXT,
        TEXT,
        st.lists(st.builds(Label, place, TEXT), max_size=4).map(tuple),
        st.lists(TEXT, max_size=2).map(tuple),
        st.none() | st.builds(Fix, TEXT, st.sampled_from(["safe", "unsafe"]), edits),
    )
    files = [source.name for source in sources]
    return Report(files, draw(st.lists(found, max_size=4)), draw(st.lists(TEXT, max_size=2)))


@settings(max_examples=150, deadline=None)
@given(reports(), st.integers(20, 120))
def test_every_format_takes_every_report(report: Report, width: int) -> None:
    for name in FORMATS:
        said = render(report, name, width=width)
        said.encode("utf-8")
        assert said == render(report, name, width=width)
        assert said.isascii() or name in ("text", "concise", "github", "junit")
        assert all(c == "\n" or c.isprintable() for c in said), name
    json.loads(render(report, "json"))
    json.loads(render(report, "sarif"))
    assert len(render(report, "jsonl").splitlines()) == len(report.diagnostics) + len(report.failures)
    assert len(json.loads(render(report, "gitlab"))) == len(report.diagnostics) + len(report.failures)
    assert len(render(report, "github").splitlines()) == len(report.diagnostics) + len(report.failures)
    ET.fromstring(render(report, "junit").encode())


@settings(max_examples=150, deadline=None)
@given(reports(), st.integers(20, 120))
def test_text_fits_the_width_but_for_paths_and_headings(report: Report, width: int) -> None:
    for line in render(report, "text", width=width).splitlines():
        if line.lstrip().startswith("-->") or line.startswith(tuple(Severity)):
            continue
        assert cell_len(line) <= width, line

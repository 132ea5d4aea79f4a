"""Laws that hold for any text: nothing is lost, nothing crashes, the fast way and the long way agree."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from havipcfg.source import Source
from havipcfg.syntax.expand import expand
from havipcfg.syntax.nest import nest
from havipcfg.syntax.options import Options
from havipcfg.syntax.parse import parse
from havipcfg.syntax.plain import statements
from havipcfg.syntax.statement import Statement
from havipcfg.syntax.surface import surface
from havipcfg.syntax.terminals import TERMINALS

VERSIONS = ((2, 2, 7), (2, 4, 3))
WORDS = st.sampled_from(
    ["vrrp_instance", "priority", "10", "{", "}", "{ }", '"a b"', '"{"', "# c", "!", "\t", "\r", "\f", "'", "ä", "}x{"]
)
LINES = st.lists(st.lists(WORDS, max_size=5).map(" ".join), max_size=12).map("\n".join)
CONSTRUCTS = st.sampled_from(
    [
        "$A=1", "$A=$A", "$A=$B", "$B=x $A", "$M= \\", "  $A \\", "end", "@id x", "@^id {", "@", "~SEQ(A,1,3) $A",
        "~SEQ(A,1,99999999999) $A", "~SEQx(A,$B,0x10) { $A", "~LST({A,B},{1,2},{3}) $A}", "~LST(A,", "~", "include *",
        "include ${A}", "includea {a,b{c,d}}", "${_RANDOM 1 2}", "${_ENV X}", "${_ENV}", "$_PWD", "\\", '"', "\\#x",
        "\\!x", "\0", "x" * 1022, "x" * 1030, "#" + "é" * 600, "$M", "{", "}", "global_defs {", "include_check +match",
    ]
)  # fmt: skip
ANYTHING = st.lists(st.one_of(CONSTRUCTS, LINES, st.text(max_size=8)), max_size=14).map("\n".join)
BYTES = st.binary(max_size=400).map(lambda data: data.decode("utf-8", "surrogateescape"))


def shape(lines: list[Statement]) -> list[object]:
    """Everything of statements that a reader could notice."""
    return [
        (s.text, s.words, s.start, s.end, s.opener, s.closer, None if s.body is None else shape(s.body)) for s in lines
    ]


def corpus() -> list[Path]:
    shared = Path(os.environ.get("HAVIPCFG_SHARED", Path(__file__).parents[3] / "shared"))
    return sorted((shared / "corpus").rglob("*.conf")) + sorted((shared / "oracle" / "syntax").rglob("*.conf"))


@settings(deadline=None)
@given(st.one_of(BYTES, LINES, ANYTHING, st.text()))
@example("{" * 5000)
@example("}{" * 3000)
def test_surface_prints_back(text: str) -> None:
    assert str(surface(text)) == text


@settings(deadline=None)
@given(st.one_of(BYTES, LINES, ANYTHING, st.text()))
def test_terminals_are_the_tokens_of_the_surface(text: str) -> None:
    tokens = [("CLOSE" if t.type == "STRAY" else t.type, str(t)) for t in surface(text).tokens() if t.type != "END"]
    assert [(match.lastgroup, match[0]) for match in TERMINALS.finditer(text)] == tokens


@settings(deadline=None)
@given(LINES)
@example('a "b # c" d # e\n{\r\n}\n} }')
def test_plain_way_and_expansion_agree(text: str) -> None:
    source = Source("a.conf", text)
    plain = statements(source)
    if plain is not None:
        for version in VERSIONS:
            expanded = expand(source, Options(version))
            assert not expanded.problems
            for lines in {id(made): made for made in (expanded.parent, expanded.lines)}.values():
                assert shape(nest(lines)) == shape(plain)


@settings(deadline=None, max_examples=300)
@given(st.one_of(ANYTHING, BYTES), st.sampled_from(VERSIONS), st.sampled_from([None, "id"]))
def test_any_text_is_parsed(text: str, version: tuple[int, int, int], config_id: str | None) -> None:
    document = parse(Source("a.conf", text), Options(version, config_id=config_id, includes=False))
    for statement in [*document.statements, *document.parent]:
        assert 0 <= statement.start <= statement.end <= len(text)
        assert statement.text or statement.body is not None
        statement.words_span(0)


@pytest.mark.skipif(not corpus(), reason="no corpus here")
def test_every_file_of_the_corpus() -> None:
    for path in corpus():
        source = Source.read(path)
        assert str(surface(source.text)) == source.text, path
        assert source.data == path.read_bytes()
        plain = statements(source)
        if plain is not None:
            assert shape(plain) == shape(nest(expand(source, Options()).lines)), path
        for version in VERSIONS:
            parse(source, Options(version))

"""What keepalived reads: conditions, definitions, sequences, includes, and their limits."""

from __future__ import annotations

from pathlib import Path

import pytest

from havipcfg.source import Source
from havipcfg.syntax.options import Options
from havipcfg.syntax.parse import Document, parse

OLD = (2, 2, 7)
NEW = (2, 4, 3)


def read(text: str, version: tuple[int, int, int] = NEW, **options: object) -> Document:
    return parse(Source("a.conf", text), Options(version, **options))  # type: ignore[arg-type]


def texts(document: Document) -> list[str]:
    return [statement.text for statement in document.statements]


def codes(document: Document) -> list[str]:
    return [problem.code for problem in document.problems]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("@a x\n@b y\n@^a z\n@^b w", ["x", "w"]),
        ("@A x\n@ x\n@^ y\n@a", ["y"]),
        ("$X=5\na$X\nb${X}c\nd$X/2", ["a5", "b5c", "d$X/2"]),
        ("$X=$Y\n$Y=1\nk $X", ["k 1"]),
        ("$M= \\\n a \\\n b\nk $M\n$M x", ["k a", "b", "$M x"]),
        ("~SEQ(I,3) v$I", ["v1", "v2", "v3"]),
        ("~SEQ(I,10,-4,1) v$I", ["v10", "v6", "v2"]),
        ("~SEQx(I,9,11) v$I", ["v9", "va", "vb"]),
        ("~SEQ(I,2) ~SEQ(J,2) $I.${J}", ["$I.1", "$I.2", "$I.1", "$I.2"]),
        ("~LST({A,B},{1,2},{3}) ${A}-${B}", ["1-2", "3-"]),
        ("~LST(A,x,) ${A}y", ["xy", "y"]),
        ('k "a ${_HASH} b"', ['k "a # b"']),
    ],
)
def test_logical_lines(text: str, lines: list[str]) -> None:
    assert texts(read(text, config_id="a")) == lines


def test_a_definition_that_makes_a_sequence_is_run_by_old_versions_only() -> None:
    text = "$S=~SEQ(I,2) v$I\n$S"
    assert texts(read(text, OLD)) == ["v1", "v2"]
    document = read(text, NEW)
    assert texts(document) == []
    assert codes(document) == ["KC009"]


def test_made_lines_show_both_places() -> None:
    document = read("$M= \\\n a \\\n b\nk { $M\n}")
    (block,) = document.statements
    assert [(line.text, line.span.line, line.via[0].span.line) for line in block.body or ()] == [
        ("a", 4, 2),
        ("b", 4, 3),
    ]


def test_comment_in_a_definition_divides_the_readings() -> None:
    document = read("$M= \\\n a \\\n # c\n b\n")
    assert codes(document) == ["KC008"]
    assert texts(document) == ["b"]
    assert document.parent == []


def test_include_in_place_and_relative(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "one.conf").write_text("one\ninclude two.conf\n$X=3\n")
    (tmp_path / "sub" / "two.conf").write_text("two {\n")
    main = tmp_path / "main.conf"
    main.write_text("include sub/o*.conf\n}\nk $X\n")
    document = parse(Source.read(main))
    assert texts(document) == ["one", "two", "k 3"]
    assert [Path(source.name).name for source in document.sources] == ["main.conf", "one.conf", "two.conf"]
    two = document.statements[1]
    assert [Path(label.span.file).name for label in two.via] == ["one.conf", "main.conf"]


def test_include_loop_missing_and_executable(tmp_path: Path) -> None:
    main = tmp_path / "main.conf"
    main.write_text("include main.conf\ninclude none.conf\ninclude none*.conf\nincludea none*.conf\ninclude run.conf\n")
    (tmp_path / "run.conf").write_text("x\n")
    (tmp_path / "run.conf").chmod(0o755)
    document = parse(Source.read(main))
    assert codes(document) == ["KC018", "KC017", "KC017", "KC017"]
    assert all(problem.keepalived for problem in document.problems)


def test_an_untrusted_text_opens_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.conf").write_text("secret\n")
    document = read("include a.conf\nk ${_ENV HOME}\n", directory=tmp_path, includes=False)
    assert texts(document) == ["k"]
    assert codes(document) == ["KC020", "KC013"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("$A=$B\n$B=$A\n$A", "KC006"),
        ("$A=x $A\n$A", "KC007"),
        ("$M= \\\n a \\\n $M\n$M\n", "KC006"),
        ("~SEQ(I,1,9000000000000000000) x", "KC021"),
        ("~SEQ(I,999) ~SEQ(J,999) ~SEQ(K,999) x", "KC021"),
        ("k " + "x" * 1100, "KC001"),
        ("a\0b\n", "KC002"),
        ('script "/x', "KC003"),
        ("\\!x", "KC004"),
        ("k \\", "KC005"),
        ("${_ENV}", "KC014"),
        ("k ${NONE}", "KC015"),
        ("~LST(A)", "KC011"),
    ],
)
def test_what_hangs_or_crashes_is_said(text: str, code: str) -> None:
    assert code in codes(read(text))


def test_what_a_node_includes_from_its_own_folder_lies_beside_the_copy_of_its_file(tmp_path: Path) -> None:
    (tmp_path / "conf.d").mkdir()
    (tmp_path / "conf.d" / "web.conf").write_text("include /etc/keepalived/more.conf\nvrrp_instance web {\n}\n")
    (tmp_path / "more.conf").write_text("static_ipaddress {\n}\n")
    main = Source("keepalived.conf", "include /etc/keepalived/conf.d/*.conf\n", tmp_path / "keepalived.conf")
    document = parse(main)
    assert [statement.keyword for statement in document.statements] == ["static_ipaddress", "vrrp_instance"]
    assert codes(document) == []
    missing = Source("keepalived.conf", "include /etc/keepalived/none.conf\n", tmp_path / "keepalived.conf")
    assert codes(parse(missing)) == ["KC017"]

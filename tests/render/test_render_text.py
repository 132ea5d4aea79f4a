from __future__ import annotations

import io
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from havipcfg.diagnostics import Diagnostic, Label, Report, Severity
from havipcfg.render import render
from havipcfg.render.layout import colour_wanted, wrap
from havipcfg.source import Source

WIDE = """\
error CL204 weight-cannot-move-vip  10.20.0.100 stays on a when chk_app fails
      there
  --> a.conf:3:5
 3 |     weight -5
   |     ^^^^^^^^^
...
 7 |     priority 110
   |     ^^^^^^^^^^^^ a drops from 110 to 105
  --> b.conf:2:2
 2 |     priority 100  # 备用节点
   |     ^^^^^^^^^^^^ still above b at 100
  why  the service is down, the address does not move, and nothing is logged as
       an error
  fix  weight -11 or lower, on both nodes
       set weight to -11 (havipcfg lint --unsafe-fixes)

warning KC901 odd-comment  a comment, 50% of it odd
  --> b.conf:2:18
 2 |     priority 100  # 备用节点
   |                     ^^^^
  fix  remove it (havipcfg lint --fix)
  note comments end at the line end

failed d.conf: permission denied

1 error, 1 warning in 3 files, 1 not judged; 1 fixable with --fix, 1 more with
--unsafe-fixes
"""

NARROW = """\
error CL204 weight-cannot-move-vip
  10.20.0.100 stays on a when chk_app
  fails there
  --> a.conf:3:5
 3 |     weight -5
   |     ^^^^^^^^^
...
 7 |     priority 110
   |     ^^^^^^^^^^^^
   |     a drops from 110 to 105
  --> b.conf:2:2
 2 |     priority 100  # 备用节点
   |     ^^^^^^^^^^^^
   |     still above b at 100
  why  the service is down, the address
       does not move, and nothing is
       logged as an error
  fix  weight -11 or lower, on both
       nodes
       set weight to -11 (havipcfg lint
       --unsafe-fixes)

warning KC901 odd-comment
  a comment, 50% of it odd
  --> b.conf:2:18
 2 |     priority 100  # 备用节点
   |                     ^^^^
  fix  remove it (havipcfg lint --fix)
  note comments end at the line end

failed d.conf: permission denied

1 error, 1 warning in 3 files, 1 not
judged; 1 fixable with --fix, 1 more
with --unsafe-fixes
"""


def shown(text: str, start: int, end: int, *, width: int = 80, name: str = "f", labels: tuple[Label, ...] = ()) -> str:
    """The excerpt of one finding, without its first and its last lines."""
    source = Source(name, text)
    finding = Diagnostic("KC900", "n", Severity.ERROR, "m", source.span(start, end), related=labels)
    lines = render(Report([name], [finding]), "text", width=width).splitlines()
    return "\n".join(lines[1:-2])


def test_at_eighty_and_at_forty_columns(report: Report) -> None:
    assert render(report, "text", width=80) == WIDE
    assert render(report, "text", width=40) == NARROW


@pytest.mark.parametrize("width", [40, 80, 120])
def test_colour_changes_nothing_but_colour(report: Report, width: int) -> None:
    coloured = render(report, "text", width=width, colour=True)
    assert "\x1b[1;31merror\x1b[0m" in coloured
    assert "\x1b[1;31m^^^^^^^^^\x1b[0m" in coloured
    assert "\x1b[1;33m^^^^\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == render(report, "text", width=width)


def test_a_clean_run_says_so() -> None:
    assert render(Report(["a", "b", "c"]), "text", width=80) == "no problems in 3 files\n"
    assert render(Report(["a"]), "text", width=80) == "no problems in 1 file\n"


def test_a_run_that_read_nothing_is_not_clean() -> None:
    assert render(Report(), "text", width=80) == "nothing was judged\n"
    unread = render(Report(["a"], [], ["b: no such file"]), "text", width=80)
    assert unread == "failed b: no such file\n\nno problems in 1 file, 1 not judged\n"


def test_escapes_markup_and_invisible_characters_are_shown_not_obeyed() -> None:
    text = "\x1b[31m[bold]x[/bold] \udcff\x00a\u202eb\u00a0c\u200d\n"
    at = text.index("a")
    assert shown(text, at, at + 1) == (
        "  --> f:1:23\n 1 | \\x1b[31m[bold]x[/bold] \\xff\\x00a\\u202eb\\u00a0c\\u200d\n   | " + " " * 31 + "^"
    )


def test_names_and_messages_cannot_forge_lines() -> None:
    source = Source("a\nb\x1b[2J", "x\n")
    finding = Diagnostic("KC900", "n", Severity.INFO, "one\ntwo\x1b[0m\udcfe", source.span(0, 1))
    assert render(Report([source.name], [finding]), "text", width=80) == (
        "info KC900 n  one two\\x1b[0m\\xfe\n  --> a\\nb\\x1b[2J:1:1\n 1 | x\n   | ^\n\n1 info in 1 file\n"
    )


def test_tabs_wide_characters_and_carriage_returns_keep_the_carets_below() -> None:
    assert shown("a\tb\t高 c\r\n", 6, 7) == "  --> f:1:7\n 1 | a   b   高 c\n   |            ^"


def test_several_lines_are_underlined_on_the_first() -> None:
    text = "vrrp_instance a {\n    state BACKUP\n}\n"
    first = "  --> f:1:1\n 1 | vrrp_instance a {\n   | ^^^^^^^^^^^^^^^^^"
    assert shown(text, 0, len(text) - 1) == f"{first} until line 3"
    assert shown(text, 0, text.index("\n") + 1) == first


def test_an_empty_place_gets_one_caret() -> None:
    assert shown("ab\n", 1, 1) == "  --> f:1:2\n 1 | ab\n   |  ^"
    assert shown("ab", 2, 2) == "  --> f:1:3\n 1 | ab\n   |   ^"
    assert shown("ab\n", 3, 3) == "  --> f:2:1\n 2 |\n   | ^"
    assert shown("", 0, 0) == "  --> f:1:1"


def test_long_lines_are_cut_around_the_place() -> None:
    text = "x" * 300 + " here " + "y" * 300 + "\n"
    assert shown(text, 301, 305, width=40) == (
        "  --> f:1:302\n 1 | ...xxxxxxxxxx here yyyyyyyyyyyyy...\n   |               ^^^^"
    )
    assert shown(text, 0, 606, width=40) == (f"  --> f:1:1\n 1 | {'x' * 32}...\n   | {'^' * 32}")


def test_near_lines_share_an_excerpt() -> None:
    source = Source("f", "one\ntwo\nthree\n\n\nsix\n")
    first, third, sixth = source.line_span(1), source.line_span(3), source.line_span(6)
    labels = (Label(third, "and here"), Label(sixth, "here too"), Label(first, "this"))
    finding = Diagnostic("KC900", "n", Severity.ERROR, "m", first, related=labels)
    assert render(Report(["f"], [finding]), "text", width=80).splitlines()[1:-2] == [
        "  --> f:1:1",
        " 1 | one",
        "   | ^^^ this",
        " 2 | two",
        " 3 | three",
        "   | ^^^^^ and here",
        "...",
        " 6 | six",
        "   | ^^^ here too",
    ]


def test_advice_and_fix_that_say_the_same_are_said_once(report: Report) -> None:
    finding = report.diagnostics[0]
    assert finding.fix is not None
    said = Diagnostic("C", "n", Severity.ERROR, "m", finding.span, advice="Set weight to -11.", fix=finding.fix)
    lines = render(Report(["a.conf"], [said]), "text", width=80).splitlines()
    assert [line for line in lines if "weight to" in line] == [
        "  fix  Set weight to -11. (havipcfg lint --unsafe-fixes)"
    ]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environment", "terminal", "piped"),
    [
        ({}, True, False),
        ({"TERM": "dumb"}, False, False),
        ({"NO_COLOR": "1"}, False, False),
        ({"NO_COLOR": ""}, True, False),
        ({"FORCE_COLOR": "1"}, True, True),
        ({"FORCE_COLOR": "0"}, True, False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False, False),
    ],
)
def test_who_gets_colour(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], terminal: bool, piped: bool
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert colour_wanted(Terminal()) is terminal
    assert colour_wanted(io.StringIO()) is piped


@given(st.text(st.sampled_from("ab :::高用é-"), max_size=60), st.integers(2, 30), st.none() | st.integers(2, 30))
@example("aaaaaa", 2, 3)
@example("aaaaaa", 3, 2)
def test_wrapping_loses_nothing_and_fits(text: str, width: int, first: int | None) -> None:
    lines = wrap(text, width, first)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    rooms = [width if first is None else first] + [width] * len(lines)
    assert all(cell_len(line) <= room or "::" in line for line, room in zip(lines, rooms, strict=False))
    assert not any(line.startswith("::") for line in lines[1:])


@given(
    st.text(st.sampled_from("ab \t高用é\u0301\u200d\u202e\x1b"), max_size=60),
    st.text(st.sampled_from("ab \t高用é\u0301\r"), max_size=60),
    st.sampled_from([40, 60, 80, 132]),
)
@example("\t\t", "", 40)
@example("e\u0301" * 40, "高" * 60, 80)
def test_carets_stand_below_their_text_and_lines_fit(before: str, after: str, width: int) -> None:
    text = f"{before}MMM{after}\n"
    _, excerpt, carets = shown(text, len(before), len(before) + 3, width=width).split("\n")
    assert cell_len(excerpt) <= width
    assert cell_len(excerpt[: excerpt.index("MMM")]) == carets.index("^")
    assert carets.count("^") == 3

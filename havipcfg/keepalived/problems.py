"""What can be wrong with a keyword or its value, by the file alone. Each function is one rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from havipcfg.diagnostics import Edit, Fix, Label
from havipcfg.findings import ERROR, INFO, WARNING, Finding, diagnosis
from havipcfg.keepalived.declare import UNSET

if TYPE_CHECKING:
    from havipcfg.keepalived.declare import Block
    from havipcfg.keepalived.reading import Line
    from havipcfg.keepalived.version import Version
    from havipcfg.syntax.statement import Statement


@diagnosis("KC101", "unknown-keyword", ERROR, keepalived=True, fix="safe")
def unknown_keyword(
    statement: Statement, inside: str, allowed: Iterable[str], elsewhere: Sequence[str] = ()
) -> Finding:
    """A word that is no keyword of the block it stands in.

    ## What it does
    Reports the first word of a line that keepalived does not know at this place, with the
    nearest keyword that is allowed here, and the blocks where the word would be one.

    ## Why it matters
    keepalived reports the line, skips it and runs on without the setting. Where the word opens
    a block, its lines are taken for settings of the block around it and its closing brace ends
    that block early.

    ## Example
    ```keepalived
    vrrp_instance web {
        state BACKUP
        interface eth0
        virtual_router_id 61
        prioriti 100            # expect: KC101
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    ```keepalived
    vrrp_instance web {
        state BACKUP
        interface eth0
        virtual_router_id 61
        priority 100
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## References
    - keepalived.conf(5)
    """
    word = statement.keyword
    near = get_close_matches(word.lower(), list(allowed), 1, 0.75)
    fix = None
    advice = ""
    if near:
        advice = f"did you mean {near[0]}?"
        span = statement.word_span(0)
        if span.text == word:
            fix = Fix(f"replace {word} by {near[0]}", "safe", (Edit(span, near[0]),))
    elif elsewhere:
        advice = f"{word} belongs in {' or '.join(elsewhere[:3])}"
    where = f"in {inside}" if inside else "at the top level"
    return Finding(
        statement.word_span(0),
        f"{word} is not a keyword {where}",
        why="keepalived skips the line: the setting has no effect",
        advice=advice,
        fix=fix,
    )


@diagnosis("KC102", "missing-value", ERROR, keepalived=True)
def missing_value(line: Line, needed: int) -> Finding:
    """A keyword without the value it needs."""
    fatal = line.keyword.missing == "fatal"
    return Finding(
        line.statement.span,
        f"{line.name} needs {'a value' if needed == 1 else f'{needed} values'}: {line.keyword.kind.describe()}",
        why="keepalived exits at this line" if fatal else "keepalived ignores the line",
        keepalived=line.keyword.missing != "silent",
    )


def _consequence(line: Line) -> str:
    beyond: Any = line.keyword.beyond
    if beyond == UNSET:
        return "keepalived ignores the line" + _default(line)
    return f"keepalived uses {beyond} instead"


def _default(line: Line) -> str:
    note = line.keyword.default_note
    return f" and uses {note}" if note else ""


@diagnosis("KC103", "not-a-number", ERROR, keepalived=True)
def not_a_number(line: Line, index: int, expected: str) -> Finding:
    """A value that should be a number and is none."""
    return Finding(
        line.span(index),
        f"{line.name} {line.word(index)} is not {expected}",
        why=_consequence(line),
        advice="write decimal digits only, without a unit",
    )


@diagnosis("KC104", "out-of-range", ERROR, keepalived=True)
def out_of_range(line: Line, index: int, low: object, high: object) -> Finding:
    """A number outside the range of its keyword."""
    return Finding(
        line.span(index),
        f"{line.name} {line.word(index)} is outside {low} to {high}{' ' + line.keyword.unit if line.keyword.unit else ''}",
        why=_consequence(line),
    )


@diagnosis("KC105", "too-many-decimals", ERROR, keepalived=True)
def too_many_decimals(line: Line, index: int, decimals: int) -> Finding:
    """A time with more decimals than keepalived keeps."""
    return Finding(
        line.span(index),
        f"{line.name} {line.word(index)} has more than {decimals} decimals",
        why="keepalived reports it and rounds the value",
    )


@diagnosis("KC106", "not-a-choice", ERROR, keepalived=True)
def not_a_choice(line: Line, index: int, values: Sequence[str]) -> Finding:
    """A word that is none of those the keyword allows."""
    word = line.word(index)
    near = get_close_matches(word.lower(), [value.lower() for value in values], 1, 0.6)
    meant = next((value for value in values if near and value.lower() == near[0]), "")
    return Finding(
        line.span(index),
        f"{line.name} {word} is not one of {', '.join(values)}",
        why=_consequence(line),
        advice=f"did you mean {meant}?" if meant else "",
    )


@diagnosis("KC107", "not-an-address", ERROR, keepalived=True)
def not_an_address(line: Line, index: int) -> Finding:
    """A word that should be an IP address and is none."""
    return Finding(
        line.span(index),
        f"{line.name} {line.word(index)} is not an IP address",
        why=_consequence(line),
        advice="one address a line, four decimal octets without leading zeros, or an IPv6 address without %interface",
    )


@diagnosis("KC108", "value-too-long", ERROR, keepalived=True)
def too_long(line: Line, index: int, longest: int) -> Finding:
    """A word longer than keepalived keeps."""
    return Finding(
        line.span(index),
        f"{line.name} {line.word(index)} is longer than {longest} characters",
        why=f"only the first {longest} count",
    )


@diagnosis("KC109", "repeated-keyword", ERROR, keepalived=True)
def repeated_keyword(line: Line, first: Statement) -> Finding:
    """A keyword given twice where keepalived reports the second."""
    kept = "the second replaces the first" if line.keyword.repeat == "replaced" else "keepalived ignores the second"
    return Finding(
        line.statement.span, f"{line.name} is given twice", why=kept, related=(Label(first.span, "first given here"),)
    )


@diagnosis("KC110", "surplus-words", ERROR, keepalived=True)
def surplus_words(line: Line, index: int) -> Finding:
    """Words after the value of a keyword that takes no more."""
    return Finding(line.statement.words_span(line.first + index), f"{line.name} takes no more words")


@diagnosis("KC111", "ignored-words", WARNING)
def ignored_words(line: Line, index: int) -> Finding:
    """Words after the value that keepalived silently ignores, often a second setting on the line."""
    words = " ".join(line.words[line.first + index :])
    return Finding(
        line.statement.words_span(line.first + index),
        f"keepalived ignores {words!r} after {' '.join(line.words[: line.first + index])}",
        why="a line holds one setting; whatever follows has no effect, and nothing says so",
        advice="put it on a line of its own, or remove it",
    )


@diagnosis("KC112", "keyword-too-new", ERROR, keepalived=True)
def keyword_too_new(line: Line, target: Version) -> Finding:
    """A keyword that the target version does not have yet."""
    return Finding(
        line.statement.word_span(0),
        f"{line.name} came with keepalived {line.keyword.since}; {target} does not know it",
        why="keepalived skips the line: the setting has no effect",
    )


@diagnosis("KC113", "keyword-removed", ERROR, keepalived=True)
def keyword_removed(line: Line, target: Version) -> Finding:
    """A keyword that the target version no longer has."""
    return Finding(
        line.statement.word_span(0),
        f"{line.name} was removed in keepalived {line.keyword.removed}; {target} does not know it",
        advice=f"use {line.keyword.deprecated}" if line.keyword.deprecated else "",
    )


@diagnosis("KC114", "deprecated-keyword", INFO)
def deprecated_keyword(line: Line) -> Finding:
    """A keyword that has a newer name."""
    return Finding(
        line.statement.word_span(0),
        f"{line.name} is deprecated",
        advice=f"use {line.keyword.deprecated}" if line.keyword.deprecated else "remove it",
        keepalived=line.keyword.deprecation_reported,
    )


@diagnosis("KC115", "unexpected-block", ERROR, keepalived=True)
def unexpected_block(statement: Statement, name: str) -> Finding:
    """A ``{`` after a keyword that opens no block."""
    return Finding(
        statement.opener_span,
        f"{name} opens no block" if name else "a { that opens no block",
        why="keepalived ignores the {, and the matching } ends the block around it",
    )


@diagnosis("KC116", "missing-opening-brace", ERROR, keepalived=True)
def missing_opening_brace(statement: Statement, name: str) -> Finding:
    """A block keyword that no ``{`` follows."""
    return Finding(statement.word_span(len(statement.words)), f"{name} needs a {{ here")


@diagnosis("KC117", "keyword-not-built", ERROR, keepalived=True)
def keyword_not_built(line: Line) -> Finding:
    """A keyword that usual builds of keepalived are made without."""
    return Finding(
        line.statement.word_span(0),
        f"{line.name} is unknown to usual builds of keepalived, which lack {' and '.join(line.keyword.builds)}",
        why="keepalived skips the line: the setting has no effect",
    )


@diagnosis("KC118", "flag-not-off", WARNING)
def flag_not_off(line: Line) -> Finding:
    """A flag that an operator means to switch off, and switches on."""
    return Finding(
        line.statement.span,
        f"{line.name} {line.word(0)} switches {line.name} on",
        why="the keyword alone sets it; keepalived ignores every word after it, and nothing says so",
        advice="remove the line",
    )


@diagnosis("KC119", "repeated-block", ERROR, keepalived=True)
def repeated_block(line: Line, first: Block) -> Finding:
    """A second block of a name that can be given once."""
    return Finding(
        line.statement.span,
        f"{line.statement.text} is defined twice",
        why="keepalived skips the whole second block",
        advice="give it a name of its own",
        related=(Label(first.statement.span, "first defined here"),),
    )

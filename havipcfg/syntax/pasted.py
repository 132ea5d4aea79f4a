"""Files that are no configuration at all, or one with something before each of its lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, pairwise

from havipcfg.diagnostics import Diagnostic
from havipcfg.source import Source
from havipcfg.syntax import problems

_LOOKED_AT = 400
_MOST = 0.8
_FEWEST = 3
_HUNK = re.compile(r"^@@ -\d", re.MULTILINE)
_NUMBER = re.compile(r"\s*(\d+)\s*[:|)\t ]")
_REMOVE = "remove it from every line"
_BEFORE = (
    (re.compile(r"[\w./-]*[./][\w./-]*:(?:\d+:)?"), "the name of a file stands before every line"),
    (re.compile(r"(?:>|&gt;) ?"), "a > stands before every line, as in a quoted mail"),
    (re.compile(r"\s*[|│]"), "a | stands before every line, as in a table"),
    (re.compile(r"\s*[-*•] "), "a - or * stands before every line, as in a list"),
)
_CONVERT = "write each setting as keyword, blank and value, and blocks with { and }"
_CLUSTER = re.compile(r"^(provider|nodes|havips|instances|subnet|checks):", re.MULTILINE)
_GENERATE = "havipcfg generate makes configurations of it, havipcfg verify proves it, havipcfg schema describes it"
_JSON = re.compile(r'\s*[\[{]\s*["\[{]')
_MARKUP = re.compile(r"\s*<(?:\?xml|!doctype|html)\b", re.IGNORECASE)
_YAML = re.compile(r"---|\s*(?:- )?[\w.-]+:(?: |$)|\s*- ")
_INI = re.compile(r"\[[\w .:-]+\]|[\w .-]+=")


def pasted(source: Source, line: int, *, reported: bool) -> Diagnostic | None:
    """What the whole of a file is instead of configuration; ``line`` is the first that is not understood."""
    what, advice = _form(source.text)
    return problems.foreign_file(source.line_span(line), what, advice, reported) if what else None


def _form(text: str) -> tuple[str, str]:
    """What the text is and what to do about it; nothing of one that may be configuration."""
    if "\r" in text and "\n" not in text.strip():
        return "its lines end in a carriage return alone", "end lines with a line feed: for keepalived this is one line"
    if _JSON.match(text):
        return "this is JSON", _CONVERT
    if _MARKUP.match(text):
        return "this is a page of markup", "copy the text of the page, not its source"
    if len(set(_CLUSTER.findall(text))) > 1:
        return "this is a cluster.yaml", _GENERATE
    lines = list(islice(_lines(text), _LOOKED_AT))
    if len(lines) < _FEWEST:
        return "", ""
    if _HUNK.search(text) and _share(lines, re.compile(r"[-+ @\\]|diff |index ")) == 1:
        return "this is a patch", "apply it with patch or git apply"
    if _share(lines, _NUMBER) >= _MOST and _counts(lines):
        return "a line number stands before every line", _REMOVE
    for before, what in _BEFORE:
        if _share(lines, before) >= _MOST:
            return what, _REMOVE
    if any(line.rstrip().endswith("{") for line in lines):
        return "", ""
    if _share(lines, _YAML) >= _MOST:
        return "this is YAML", _CONVERT
    if lines[0].startswith("[") and _share(lines, _INI) >= _MOST:
        return "this is an INI file", _CONVERT
    return "", ""


def _lines(text: str) -> Iterator[str]:
    return (line for line in text.split("\n") if line.strip() and line.lstrip()[0] not in "#!")


def _share(lines: list[str], form: re.Pattern[str]) -> float:
    return sum(form.match(line) is not None for line in lines) / len(lines)


def _counts(lines: list[str]) -> bool:
    numbers = [int(found[1][:9]) for line in lines if (found := _NUMBER.match(line))]
    return all(one < other for one, other in pairwise(numbers))

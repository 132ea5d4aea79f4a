"""Passwords and keys, kept out of what is shown and written: reports end up in logs."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from havipcfg.diagnostics import Edit, Fix

HIDDEN = "*"
_NAMED = re.compile(r"""(?:^|(?<=[\s{}!#"$]))([A-Za-z_][\w-]*)([\s=]+)""")
_ALIKE = 0.8
"""From this likeness on (difflib's ratio) a word is taken for a secret's keyword, misspelt."""
_SHORT = 4
"""Up to so many letters a keyword is like too many other words."""


@cache
def secret_keywords() -> dict[str, int]:
    """The keywords whose values are not shown, each with the number of words of a value."""
    from havipcfg.keepalived.ssl import Ssl
    from havipcfg.keepalived.vrrp_authentication import Authentication, AuthHmac

    blocks = (Authentication, AuthHmac, Ssl)
    known = (each for block in blocks for each in block.keywords().items())
    return {name: keyword.kind.least for name, keyword in known if keyword.secret}


def hide(text: str) -> str:
    """A text as it may be shown: what follows a secret's keyword on its line, up to a brace, is ``*``.

    It is as long as before.
    """
    return "\n".join(map(_hide, text.split("\n")))


@lru_cache(maxsize=512)
def _hide(line: str) -> str:
    for found in _NAMED.finditer(line):
        start = found.end()
        brace = line.find("}", start)
        end = len(line) if brace == -1 else brace
        if len(line[start:end].split()) >= _words_of(found[1]):
            return line[:start] + re.sub(r"\S", HIDDEN, line[start:end]) + _hide(line[end:])
    return line


def tells(fix: Fix) -> bool:
    """Whether edits put a secret into a file, and so may not be written into a report."""
    return any(_tells(edit) for edit in fix.edits)


def _tells(edit: Edit) -> bool:
    source = edit.span.source
    before = source.text[source.offset(edit.span.line) : edit.span.start]
    after = source.text[edit.span.end :].partition("\n")[0]
    written = slice(len(before), len(before) + len(edit.text))
    text = before + edit.text + after
    return hide(text)[written] != text[written]


@cache
def _words_of(word: str) -> float:
    from difflib import get_close_matches

    names = secret_keywords()
    word = word.lower()
    if word not in names:
        near = get_close_matches(word, [name for name in names if len(name) > _SHORT], 1, _ALIKE)
        word = near[0] if near else ""
    return names.get(word, inf)

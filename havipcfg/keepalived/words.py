"""A line of words to a tree, by ``grammar/values.lark``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field
from functools import cache
from typing import TYPE_CHECKING, Any

from havipcfg.record import record

if TYPE_CHECKING:
    from lark import Lark, Token, Tree

WORD, REST, END = "WORD", "REST", "$END"


@record
class Item:
    """An option of a line: its name in the grammar, its words, and the places of these.

    ``start`` is the place of its first word, ``value`` its last word and ``at`` the place of
    that, all counted from 0; ``inside`` are the options within it (``encap``, ``nexthop``).
    ``lock`` and ``family`` say what stands between.
    """

    name: str
    value: str
    start: int
    at: int
    words: tuple[str, ...]
    inside: list[Item] = field(default_factory=list)


@record
class Parsed:
    """What a line says, and where it stops making sense.

    ``unknown`` are the places of words that can be nothing where they stand; ``open`` is the
    place of the last word where the line ends too early, else -1.
    """

    items: list[Item]
    unknown: list[int]
    open: int = -1


_ADDRESS = {name: name for name in ("dev", "scope", "brd", "label", "peer", "preferred_lft")} | {"broadcast": "brd"}
_ADDRESS_FLAGS = {"home": "HOME", "-nodad": "NODAD", "noprefixroute": "NOPREFIXROUTE", "no_track": "no_track"}
_ROUTE = {name: name for name in ("via", "src", "table", "protocol", "metric", "tos", "mtu", "advmss")}
_ROUTE |= {"dev": "oif", "oif": "oif", "scope": "route_scope"}
_ROUTE_FLAGS = {"no_track": "no_track", "onlink": "onlink"}
_RULE = {name: name for name in ("from", "to", "iif", "fwmark", "preference", "tos")}
_RULE |= {"table": "rule_table", "lookup": "rule_table", "priority": "preference", "order": "preference"}
_RULE |= {"dev": "iif", "oif": "rule_oif"}
_GROUP = {"track_group": "track_group"}
_BETWEEN = frozenset(["lock", "inet", "inet6"])
_NO_DESTINATION = frozenset([
    "to", "nexthop", "encap", "inet", "inet6", "gw", "or", "as", "add", "append", "prepend", "unicast",
    "local", "broadcast", "anycast", "multicast", "blackhole", "unreachable", "prohibit", "throw", "nat",
    "xresolve", "from", "expires", "hoplimit", "rtt", "rttvar", "rto_min", "reordering", "window", "cwnd",
    "ssthresh", "realms", "initcwnd", "initrwnd", "features", "quickack", "congctl", "pref", "ttl-propagate",
    "fastopen_no_cookie", "vrf", "dsfield", "preference", "priority", "track_group",
])  # fmt: skip
PLAIN: dict[str, tuple[dict[str, str], dict[str, str], str]] = {
    "address": (_ADDRESS, _ADDRESS_FLAGS | {"use_vmac": "use_vmac"}, "WORD"),
    "static_address": (_ADDRESS | _GROUP, _ADDRESS_FLAGS, "WORD"),
    "route": (_ROUTE, _ROUTE_FLAGS, "destination"),
    "static_route": (_ROUTE | _GROUP, _ROUTE_FLAGS, "destination"),
    "rule": (_RULE, {"no_track": "no_track"}, ""),
    "static_rule": (_RULE | _GROUP, {"no_track": "no_track"}, ""),
    "peer_line": ({"min_ttl": "min_ttl", "max_ttl": "max_ttl"}, {}, "WORD"),
    "linkbeat": ({}, {}, "WORD"),
}
"""Options with one word, options without, and what the first word is, for each language."""


@cache
def language(start: str) -> tuple[Lark, dict[str, str]]:
    """The parser of one line of ``values.lark``, and its literals with their terminals."""
    from lark import Lark
    from lark.lexer import Lexer

    from havipcfg.syntax.grammars import grammar

    class OneByOne(Lexer):
        """The words come one by one; there is no text to cut."""

        def __init__(self, _conf: Any) -> None:
            pass

        def lex(self, _lexer_state: Any, _parser_state: Any) -> Iterator[Token]:
            return iter(())

    parser = Lark(
        grammar("values"),
        parser="lalr",
        lexer=OneByOne,
        start=start,
        keep_all_tokens=True,
        maybe_placeholders=False,
    )
    return parser, {word: terminal.name for terminal in parser.terminals for word in _spellings(terminal.pattern)}


def _spellings(pattern: Any) -> Sequence[str]:
    from lark.lexer import PatternStr

    if isinstance(pattern, PatternStr):
        return [pattern.value]
    return [part.replace("\\", "") for part in pattern.value.removeprefix("(?:").removesuffix(")").split("|")]


def parse(start: str, words: Sequence[str], *, skip: bool = False) -> Parsed:
    """Parse one line. ``skip``: go on behind a word that can be nothing, else stop there."""
    return quick(start, words) or thorough(start, words, skip=skip)


def quick(start: str, words: Sequence[str]) -> Parsed | None:
    """What ``thorough`` says of a line of plain options with one word each; None for any other line.

    Such lines are nearly all there are, and need no parser, whose making takes longer than
    reading a whole file.
    """
    if start not in PLAIN:
        return None
    pairs, flags, first = PLAIN[start]
    items = []
    index, end = 0, len(words)
    if first:
        taken = (
            end and first == "destination" and (words[0] in pairs or words[0] in flags or words[0] in _NO_DESTINATION)
        )
        if not end or taken:
            return None
        items.append(Item(first, words[0], 0, 0, (words[0],)))
        index = 1
    while index < end:
        word = words[index]
        if word in flags:
            items.append(Item(flags[word], word, index, index, (word,)))
            index += 1
            continue
        if word not in pairs or index + 1 == end or words[index + 1] in _BETWEEN:
            return None
        items.append(Item(pairs[word], words[index + 1], index, index + 1, (word, words[index + 1])))
        index += 2
    return Parsed(items, [])


def thorough(start: str, words: Sequence[str], *, skip: bool = False) -> Parsed:
    """The same by the grammar, for any line."""
    if not words:
        return Parsed([], [])
    parser, literals = language(start)
    state: Any = parser.parse_interactive()
    unknown: list[int] = []
    fed = -1
    for index, word in enumerate(words):
        if any(_fed(state, terminal, word, index) for terminal in (REST, literals.get(word, ""), WORD)):
            fed = index
            continue
        unknown.append(index)
        if not skip:
            break
    if END not in state.choices():
        return Parsed([], unknown, fed if not unknown or skip else -1)
    tree = state.feed_eof()
    return Parsed(list(_items(tree)), unknown)


def _fed(state: Any, terminal: str, word: str, index: int) -> bool:
    """Whether the parser takes the word as that terminal here; a refused one leaves it as it is."""
    from lark import Token
    from lark.exceptions import UnexpectedToken

    if terminal not in state.choices():
        return False
    try:
        state.feed_token(Token(terminal, word, start_pos=index))
    except UnexpectedToken:
        return False
    return True


def _items(tree: Tree[Token]) -> Iterator[Item]:
    from lark import Token

    for child in tree.children:
        if isinstance(child, Token):
            place = child.start_pos or 0
            yield Item(child.type, str(child), place, place, (str(child),))
            continue
        tokens = list(child.scan_values(lambda value: isinstance(value, Token)))
        first, last = tokens[0], tokens[-1]
        inside = list(_items(child)) if any(not isinstance(part, Token) for part in child.children) else []
        words = tuple(str(token) for token in tokens)
        yield Item(str(child.data), str(last), first.start_pos or 0, last.start_pos or 0, words, inside)

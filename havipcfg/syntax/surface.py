"""The lossless tree of a file as it is written: ``str(surface(text)) == text`` for any text."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from lark import Lark, Token, Transformer

from havipcfg.record import record
from havipcfg.syntax.braces import DEEPEST, MOST_BRACES, MOST_STRAY
from havipcfg.syntax.grammars import grammar, table_cache


class TooManyBracesError(ValueError):
    """A text whose braces are beyond the limits."""


@record
class Braces:
    """A block: ``open`` ends with its ``{``; ``close`` ends with its ``}``, or is empty at the end of the text.

    Both tokens begin with the whole lines that stand before the brace.
    """

    open: Token
    items: list[Token | Braces]
    close: Token

    @property
    def closed(self) -> bool:
        return self.close.type == "CLOSE"

    def __str__(self) -> str:
        return _text([self])


@record
class Surface:
    """A whole text. ``broken`` says that some line has a quote it does not close.

    A text with braces beyond the limits above is one BROKEN token.
    """

    items: list[Token | Braces]
    broken: bool

    def tokens(self) -> Iterator[Token]:
        """All tokens in the order of the text."""
        return _tokens(self.items)

    def __str__(self) -> str:
        return _text(self.items)


class _Build(Transformer[Token, list[Token | Braces]]):
    def item(self, children: list[Token | Braces]) -> Token | Braces:
        return children[0]

    def block(self, children: list[Token | Braces]) -> Braces:
        first, *items, last = children
        assert isinstance(first, Token)
        assert isinstance(last, Token)
        return Braces(first, items, last)

    def start(self, children: list[Token | Braces]) -> list[Token | Braces]:
        return children


class _CountBraces:
    """Turns a closing brace at depth 0 into STRAY and ends every open block at the end of the text."""

    always_accept = ()

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        depth = strays = 0
        token = None
        for count, token in enumerate(stream):
            kind = token.type
            if kind == "OPEN":
                depth += 1
            elif kind == "CLOSE":
                if depth:
                    depth -= 1
                else:
                    strays += 1
                    token.type = "STRAY"
            if depth > DEEPEST or strays > MOST_STRAY or count > MOST_BRACES:
                raise TooManyBracesError
            yield token
        for _ in range(depth):
            yield Token.new_borrow_pos("END", "", token)  # type: ignore[arg-type]


@cache
def _parser() -> Lark:
    return Lark(
        grammar("keepalived"),
        parser="lalr",
        lexer="basic",
        transformer=_Build(),
        postlex=_CountBraces(),
        maybe_placeholders=False,
        cache=table_cache("keepalived"),
    )


def terminals() -> dict[str, str]:
    """The regular expression of every terminal, the first to be tried first."""
    every = [_parser().get_terminal(name) for name in ("OPEN", "CLOSE", "BROKEN", "LINES")]
    every.sort(key=lambda terminal: -terminal.priority)
    return {str(terminal.name): str(terminal.pattern.to_regexp()) for terminal in every}


def surface(text: str) -> Surface:
    """Parse any text whatever into its lossless tree; never fails."""
    try:
        items: list[Token | Braces] = _parser().parse(text)  # type: ignore[assignment]
    except TooManyBracesError:
        return Surface([Token("BROKEN", text, start_pos=0)], broken=True)
    return Surface(items, any(token.type == "BROKEN" for token in _tokens(items)))


def _tokens(items: list[Token | Braces]) -> Iterator[Token]:
    """All tokens in the order of the text; blocks may be nested deeper than Python's stack."""
    pending = [iter(items)]
    while pending:
        for item in pending[-1]:
            if isinstance(item, Braces):
                yield item.open
                pending += [iter([item.close]), iter(item.items)]
                break
            yield item
        else:
            pending.pop()


def _text(items: list[Token | Braces]) -> str:
    return "".join(_tokens(items))

"""How a block and its keywords are declared.

A block is a class; a field is a keyword, under keepalived's own name, with its type::

    class VrrpInstance(Block):
        '''An elected virtual router.'''

        name: str = header("Name of the instance, used in logs and sync groups.", Word())
        priority: int = keyword(
            "Base priority; the highest live one holds the addresses.",
            Unsigned(1, 255), default=100, since="0.5.3", beyond=100,
        )

pydantic is imported, and a block's model made, only where a block is made by hand.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from havipcfg.keepalived.reading import Keyword, Kind
from havipcfg.keepalived.version import Version
from havipcfg.record import record
from havipcfg.source import Span

if TYPE_CHECKING:
    from pydantic import BaseModel

    from havipcfg.syntax.statement import Statement


def keyword(
    doc: str,
    kind: Kind,
    *,
    default: Any = None,
    since: str = "0.0.0",
    removed: str | None = None,
    **details: Any,
) -> Any:
    """Declare a keyword; ``details`` are the other fields of ``Keyword``.

    ``default`` is the value in force where the keyword is not given (None: keepalived has no
    fixed one; ``default_note`` then says where it comes from).
    """
    declared = Keyword(
        doc=doc,
        kind=kind,
        since=Version.parse(since),
        removed=Version.parse(removed) if removed else None,
        **details,
    )
    return Declared(declared, default)


def header(doc: str, kind: Kind, *, default: Any = ..., **details: Any) -> Any:
    """Declare a value that stands on the line that opens the block, after the keyword."""
    return Declared(Keyword(doc=doc, kind=kind, **details), default, "header")


def lines(doc: str, entry: Kind) -> Any:
    """Declare what the lines of the block are, one entry each, in a block that holds values and no keywords."""
    return Declared(Keyword(doc=doc, kind=entry), (), "lines")


@record
class Declared:
    """What stands in a class body: a keyword, its default (``...``: none), and whether it is part of the header.

    ``role`` is ``keyword``, ``header``, or ``lines`` for what the lines of the block itself are.
    """

    keyword: Keyword
    default: Any
    role: Literal["keyword", "header", "lines"] = "keyword"

    def __get__(self, block: Block | None, _: type[Block]) -> Any:
        """The default, for a block that does not have the keyword; a value of its own hides it."""
        return self if block is None else self.default

    def __set_name__(self, block: type, name: str) -> None:
        self.keyword.name = self.keyword.name or name
        self.keyword.field = self.keyword.alias_of or name


class Block:
    """A block of keepalived.conf, or the whole file; knows the lines it was read from.

    Each class has a pydantic model (``model()``), made from the declarations when a block is
    first made by hand. Blocks read from a file were checked word by word while they were read
    and need none, so that linting does not pay for pydantic's start-up.
    """

    __slots__ = ("__dict__", "_given", "_places", "_repeats", "_statement")

    needs: ClassVar[tuple[str, ...]] = ()
    """The fields of which one must be given, or keepalived removes the block and reports it at its end."""

    needs_reported: ClassVar[str] = "0.0.0"
    """The version from which on it reports that."""

    _statement: Statement | None
    _places: dict[str, Statement]
    _repeats: list[tuple[str, Statement]]
    _given: frozenset[str]

    def __init__(self, /, **values: Any) -> None:
        """Make a block from values; raises pydantic's ValidationError for what keepalived would not take."""
        if values or ... in self.defaults().values():
            checked = self.model()(**values)
            values = {name: getattr(checked, name) for name in values}
        self._fill(values, None, {}, [])

    def _fill(
        self,
        values: dict[str, Any],
        statement: Statement | None,
        places: dict[str, Statement],
        repeats: list[tuple[str, Statement]],
    ) -> None:
        self.__dict__ = values
        self._given = frozenset(values)
        self._statement = statement
        self._places = places
        self._repeats = repeats

    @classmethod
    def model(cls) -> type[BaseModel]:
        """The pydantic model that says which values keepalived takes."""
        found: type[BaseModel] | None = cls.__dict__.get("__model__")
        if found is None:
            from havipcfg.keepalived.model import model

            found = model(cls)
            setattr(cls, "__model__", found)  # noqa: B010
        return found

    @classmethod
    def declared(cls) -> dict[str, Declared]:
        """Every declaration by field: the class's own in their order, then those of its bases."""
        found: dict[str, Declared] | None = cls.__dict__.get("__declared__")
        if found is None:
            found = {}
            for block in cls.__mro__:
                for name, value in vars(block).items():
                    if isinstance(value, Declared):
                        found.setdefault(name, value)
            setattr(cls, "__declared__", found)  # noqa: B010
        return found

    @classmethod
    def defaults(cls) -> dict[str, Any]:
        """The value in force of every field that is not given."""
        found: dict[str, Any] | None = cls.__dict__.get("__defaults__")
        if found is None:
            found = {name: each.default for name, each in cls.declared().items()}
            setattr(cls, "__defaults__", found)  # noqa: B010
        return found

    @classmethod
    def keywords(cls) -> dict[str, Keyword]:
        """Every keyword allowed in the block, by name: its own in the order of declaration, then those of its bases."""
        found: dict[str, Keyword] | None = cls.__dict__.get("__keywords__")
        if found is None:
            keywords = [each.keyword for each in cls.declared().values() if each.role == "keyword"]
            found = {keyword.name: keyword for keyword in keywords}
            setattr(cls, "__keywords__", found)  # noqa: B010
        return found

    @classmethod
    def headers(cls) -> dict[str, Keyword]:
        """The values on the opening line, by field name, in their order."""
        found: dict[str, Keyword] | None = cls.__dict__.get("__headers__")
        if found is None:
            found = {name: each.keyword for name, each in cls.declared().items() if each.role == "header"}
            setattr(cls, "__headers__", found)  # noqa: B010
        return found

    @classmethod
    def bodies(cls) -> tuple[str, ...]:
        """The fields that hold blocks, in the order of their declaration."""
        found: tuple[str, ...] | None = cls.__dict__.get("__bodies__")
        if found is None:
            found = tuple(name for name, each in cls.declared().items() if isinstance(each.keyword.kind, Body))
            setattr(cls, "__bodies__", found)  # noqa: B010
        return found

    @classmethod
    def bound(
        cls,
        values: dict[str, Any],
        statement: Statement | None,
        places: dict[str, Statement],
        repeats: list[tuple[str, Statement]],
    ) -> Self:
        """Make a block from values already read and checked, with the lines they came from."""
        self = cls.__new__(cls)
        self._fill(values, statement, places, repeats)
        return self

    @property
    def given(self) -> frozenset[str]:
        """The fields that were given (and not ignored for a bad value)."""
        return self._given

    def blocks(self) -> list[Block]:
        """The block itself and every block in it, in the order of the declarations."""
        found = [self]
        for name in self.bodies():
            if name in self._given:
                value = self.__dict__[name]
                for inner in value if type(value) is tuple else (value,):
                    found += inner.blocks()
        return found

    @property
    def statement(self) -> Statement:
        """The line that opens the block; raises LookupError for a block that was not read from a file."""
        if self._statement is None:
            raise LookupError(f"{type(self).__name__} was not read from a file")
        return self._statement

    def has(self, field: str) -> bool:
        """Whether the keyword was given (and not ignored for a bad value)."""
        return field in self._given

    def place(self, field: str) -> Statement | None:
        """The line of a keyword that is in force, also where its value was bad; None where it is not given."""
        return self._places.get(field)

    @property
    def places(self) -> dict[str, Statement]:
        """The line in force of every keyword given, by field."""
        return self._places

    @property
    def repeats(self) -> list[tuple[str, Statement]]:
        """Earlier lines of keywords that were given again, with their field."""
        return self._repeats

    def at(self, field: str = "", word: int | None = None) -> Span:
        """Where a keyword stands: its whole line, or one word of it, counted from 0.

        Where the keyword is not given, and for an empty field, the line that opens the block.
        """
        statement = self._places.get(field) if field else None
        if statement is None:
            return self.statement.span if self.statement.text else self.statement.opener_span
        return statement.span if word is None else statement.word_span(word)

    def __repr__(self) -> str:
        given = ", ".join(f"{name}={self.__dict__[name]!r}" for name in self.__dict__ if name in self._given)
        return f"{type(self).__name__}({given})"

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return False
        return {**self.defaults(), **self.__dict__} == {**self.defaults(), **other.__dict__}


class Body(Kind):
    """A block of keywords: ``Body("havipcfg.keepalived.bfd:BfdInstance")`` is imported on first use."""

    least = 0
    most = 0

    def __init__(self, block: type[Block] | str) -> None:
        self._block = block

    @property
    def block(self) -> type[Block]:
        if isinstance(self._block, str):
            module, name = self._block.split(":")
            self._block = getattr(import_module(module), name)
        found: type[Block] = self._block  # type: ignore[assignment]
        return found

    def describe(self) -> str:
        return "{ … }"


class Named(Body):
    """A block of values that has a header, such as ``virtual_server_group NAME { … }``.

    The block has one field for its entries; ``entry`` reads each line.
    """

    def __init__(self, block: type[Block] | str, entries: str, entry: Kind) -> None:
        super().__init__(block)
        self.entries = entries
        self.entry = entry

    def describe(self) -> str:
        return f"{{ {self.entry.describe()} … }}"


class Entries(Kind):
    """A block of values, one entry a line; ``entry`` reads each line.

    ``many``: every word of a line is an entry of its own (``group``, ``notification_email``);
    ``filled``: an empty block is reported.
    """

    least = 0
    most = 0

    def __init__(self, entry: Kind, *, many: bool = False, filled: bool = False) -> None:
        self.entry = entry
        self.many = many
        self.filled = filled

    def describe(self) -> str:
        return f"{{ {self.entry.describe()} … }}"

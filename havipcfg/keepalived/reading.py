"""How the words of one line become a value: the line, the kind that reads it, and what is known of its keyword."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal

from havipcfg.keepalived.version import Version
from havipcfg.source import Span

if TYPE_CHECKING:
    from havipcfg.diagnostics import Diagnostic
    from havipcfg.syntax.statement import Statement


class Unset(Enum):
    """No value: keepalived ignores the line, or the field was never given."""

    UNSET = "unset"

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Literal[Unset.UNSET] = Unset.UNSET
ANCIENT = Version(0, 0, 0)

Missing = Literal["fatal", "crash", "reported", "silent"]
Repeat = Literal["last", "first", "replaced", "adds", "keeps first", "largest", "merges"]


class Line:
    """A statement as a ``Kind`` sees it.

    ``words`` are all words of the line, ``first`` is the index of the first one to read: 1
    after a keyword, 0 for an entry of a value block. ``name`` is what messages call the line.
    """

    __slots__ = ("first", "keyword", "name", "problems", "statement", "target", "words")

    def __init__(
        self,
        statement: Statement,
        name: str,
        keyword: Keyword,
        target: Version,
        problems: list[Diagnostic],
        first: int = 1,
    ) -> None:
        self.statement = statement
        self.words = statement.words
        self.name = name
        self.keyword = keyword
        self.target = target
        self.problems = problems
        self.first = first

    def word(self, index: int = 0) -> str:
        """A value word, counted from 0; raises IndexError where the line is too short."""
        return self.words[self.first + index]

    def has(self, index: int) -> bool:
        return len(self.words) > self.first + index

    def span(self, index: int = 0) -> Span:
        """The place of a value word, counted from 0."""
        return self.statement.word_span(self.first + index)

    def report(self, problem: Diagnostic) -> None:
        self.problems.append(problem)


class Kind:
    """How the words after a keyword become a value, and back.

    ``least`` is how many words must follow the keyword, ``most`` how many it looks at (None:
    all). ``named``: entries of a block that have a ``name``, of which each may stand once.
    ``read`` reports what is wrong to the line and returns UNSET where keepalived ignores
    the line. ``write`` returns the words
    to print. ``describe`` is the value's form in the keyword reference, such as ``1..255``.
    """

    least: int = 1
    most: int | None = None
    named: bool = False

    def read(self, line: Line) -> Any:
        raise NotImplementedError

    def write(self, value: Any) -> list[str]:
        return [str(value)]

    def describe(self) -> str:
        raise NotImplementedError

    def joined(self, line: Line) -> int:
        """How many words of the line are only parts of another one, by quotes that this kind alone knows."""
        del line
        return 0

    def constraints(self) -> Mapping[str, Any]:
        """Arguments for ``pydantic.Field`` that say the same as ``read`` enforces."""
        return {}


@dataclass(slots=True, eq=False, repr=False)
class Keyword:
    """All that is known of a keyword besides its name, its block and its Python type.

    ``since``, ``removed``: the first release that has it, the first that no longer has it.
    ``deprecated``: what to use instead, or an empty string; ``deprecation_reported`` says
    whether ``keepalived -t`` mentions it. ``missing``: what keepalived does when the value is
    missing: exits at once (``fatal``), crashes (``crash``), reports and ignores the line, or ignores it silently;
    ``absent`` is the value it then takes, if any. ``beyond``: the value taken for a number
    outside the range (UNSET: the line is ignored). ``repeat``: what a second line does: the
    ``last`` counts, the ``first`` counts and the second is reported, the last counts and it is
    reported (``replaced``), every line ``adds``, the first counts silently (``keeps first``),
    the ``largest`` counts, a second block ``merges`` into the first. ``holds``: for ``first``,
    whether the value in force holds against the new one (else the new one counts, silently).
    ``surplus``: whether words after the value are reported; ``dropped``: such a line is ignored.
    ``unique``: for blocks that add up, whether a second block of the same name is refused.
    ``until``: what is different before a version, ``{"2.3.0": {"repeat": "last"}}``.
    ``secret``: its value is not shown in messages.
    ``unbuilt``: usual builds lack it, so that the keyword is unknown to them. ``scope``: the process that acts
    on it (global, vrrp, checker, bfd). ``builds``: compile-time features it needs. ``name`` is
    given where keepalived's name is no Python name; ``field`` is filled in by the block.
    """

    doc: str
    kind: Kind
    since: Version = ANCIENT
    removed: Version | None = None
    deprecated: str | None = None
    deprecation_reported: bool = False
    missing: Missing = "fatal"
    absent: Any = UNSET
    beyond: Any = UNSET
    repeat: Repeat = "last"
    holds: Callable[[Any, Any], bool] | None = None
    surplus: bool = False
    dropped: bool = False
    unique: bool = False
    until: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    unbuilt: bool = False
    secret: bool = False
    required: bool = False
    unit: str = ""
    scope: str = "vrrp"
    builds: tuple[str, ...] = ()
    note: str = ""
    alias_of: str | None = None
    default_note: str = ""
    name: str = ""
    field: str = ""

    def at(self, target: Version) -> Keyword:
        """The declaration as it is for one version."""
        found = self
        for version, changes in self.until.items():
            if target < Version.parse(version):
                found = replace(found, **changes)
        return found

    def known(self, target: Version) -> bool:
        """Whether usual builds of a version know the keyword."""
        now = self.at(target)
        return now.since <= target and not (now.removed and now.removed <= target) and not now.unbuilt

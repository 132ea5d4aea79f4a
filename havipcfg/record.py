"""Plain records for what every run declares: a dataclass that costs a fraction to declare.

``dataclass(frozen=True, slots=True)`` compiles six functions for each class when its module is
imported, and half of havipcfg's own start-up went there. A record has the one that matters, its
``__init__``; comparison, hash, representation and pickling are shared by all records. Type checkers take a
record for frozen; at run time nothing stops an assignment, and making one is faster for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(made: type[T]) -> type[T]:
    """Make a class a record: slots for its fields, and ``compare=False`` and ``repr=False`` where a field says so."""
    own = vars(made)
    found = dataclass(made, slots=True, eq=False, repr=False, match_args=False)
    for name, method in _SHARED.items():
        if name not in own:
            setattr(found, name, method)
    if not any(each.kw_only for each in fields(found)):  # type: ignore[arg-type]
        found.__reduce__ = _reduced  # type: ignore[method-assign]
    return found


_COMPARED: dict[type, Callable[[Any], object]] = {}


def _key(self: Any) -> object:
    compared = _COMPARED.get(type(self))
    if compared is None:
        names = [each.name for each in fields(self) if each.compare]
        compared = _COMPARED[type(self)] = attrgetter(*names)
    return compared(self)


def _equal(self: object, other: object) -> bool:
    return _key(self) == _key(other) if type(self) is type(other) else NotImplemented


def _hash(self: object) -> int:
    return hash(_key(self))


def _represented(self: Any) -> str:
    shown = (f"{each.name}={getattr(self, each.name)!r}" for each in fields(self) if each.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


_MADE_OF: dict[type, Callable[[Any], tuple[Any, ...]]] = {}


def _reduced(self: Any) -> tuple[type, tuple[Any, ...]]:
    """What ``pickle`` makes the record of again; its own way through the slots takes three times as long."""
    made_of = _MADE_OF.get(type(self))
    if made_of is None:
        names = [each.name for each in fields(self)]
        made_of = _MADE_OF[type(self)] = attrgetter(*names) if len(names) > 1 else lambda one: (getattr(one, names[0]),)
    return type(self), made_of(self)


_SHARED = {"__eq__": _equal, "__hash__": _hash, "__repr__": _represented}

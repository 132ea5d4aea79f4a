"""What each cloud does with a virtual address: one record per cloud, and questions about it.

>>> provider("tencent").mechanism
'arp'
"""

from __future__ import annotations

from functools import cache

from havipcfg.providers.facts import (
    Confidence,
    Mechanism,
    Move,
    MoveKey,
    MoveKind,
    Multicast,
    Provider,
    Reserved,
    Scope,
    SwitchTime,
    VipKind,
    Vrrp,
)
from havipcfg.providers.subnets import Address, Network, Slot, is_reserved

__all__ = [
    "Address",
    "Confidence",
    "Mechanism",
    "Move",
    "MoveKey",
    "MoveKind",
    "Multicast",
    "Network",
    "Provider",
    "Reserved",
    "Scope",
    "Slot",
    "SwitchTime",
    "UnknownProviderError",
    "VipKind",
    "Vrrp",
    "aliases",
    "is_reserved",
    "names",
    "provider",
]


class UnknownProviderError(LookupError):
    """No cloud of this name is known; ``nearest`` is the closest name, or None."""

    def __init__(self, name: str, nearest: str | None) -> None:
        self.name = name
        self.nearest = nearest
        hint = f"; did you mean {nearest}?" if nearest else ""
        super().__init__(f"no provider is called {name!r}{hint} Known: {', '.join(names())}")


@cache
def _table() -> dict[str, Provider]:
    from havipcfg.providers import announced, called

    return {entry.name: entry for entry in (*announced.PROVIDERS, *called.PROVIDERS)}


@cache
def _by_any_name() -> dict[str, Provider]:
    return {name: entry for entry in _table().values() for name in (entry.name, *entry.aliases)}


def names() -> tuple[str, ...]:
    """The names of all clouds, those that move by ARP first."""
    return tuple(_table())


def aliases() -> tuple[str, ...]:
    """Other names that ``provider`` knows."""
    return tuple(name for name, entry in _by_any_name().items() if name != entry.name)


def provider(name: str) -> Provider:
    """The cloud of this name or alias, in any case and with ``-`` or ``_``.

    Raises UnknownProviderError, which names the nearest one.
    """
    wanted = name.strip().lower()
    known = _by_any_name()
    found = known.get(wanted) or known.get(wanted.replace("-", "_"))
    if found is None:
        from difflib import get_close_matches

        nearest = get_close_matches(wanted, known, n=1)
        raise UnknownProviderError(name, nearest[0] if nearest else None)
    return found

"""What changes in meaning between two configurations of a node, and what applying that does.

The effects of a reload are those measured with real daemons: an instance keeps its address
across a reload as long as what identifies it (virtual_router_id, family, interface, unicast
or multicast, source address) stays; what nodes compare in each other's adverts must change
on all of them at once; a few settings need a restart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from havipcfg.generator.programs import INSTALL_DIR
from havipcfg.keepalived.conf import KeepalivedConf
from havipcfg.keepalived.declare import Block, Body, Entries
from havipcfg.keepalived.effective import Effective
from havipcfg.keepalived.entries import Entry
from havipcfg.keepalived.meaning import meaning
from havipcfg.keepalived.reading import Keyword
from havipcfg.keepalived.vrrp_instance import VrrpInstance

_INSTALLED = re.compile(re.escape(INSTALL_DIR) + r"/([a-z]+)-[0-9a-f]{12}(?=\.(?:sh|data)\b)")
_INSTALLED_FILE = re.compile(_INSTALLED.pattern + r"\.\w+")


class Effect(IntEnum):
    """What applying a change does, the gravest last."""

    KEEPS = 0
    MAY_MOVE = 1
    JOINS = 2
    GOES = 3
    LEAVES = 4
    TWO_HOLDERS = 5
    DROPS = 6
    RESTART = 7

    @property
    def sentence(self) -> str:
        return _SENTENCES[self]


_SENTENCES = {
    Effect.KEEPS: "a reload keeps the address where it is",
    Effect.MAY_MOVE: "a reload keeps the address, but the election may then move it",
    Effect.JOINS: "started before the others know it, it hears nobody and takes the address too: start it last",
    Effect.GOES: "once the others have forgotten it, it hears nobody and takes the address too: stop it first",
    Effect.LEAVES: "a reload takes the addresses of the instance off this node",
    Effect.TWO_HOLDERS: "two nodes hold the address from the first reload until the others have followed",
    Effect.DROPS: "a reload drops the address: the instance starts anew, and nobody holds it until an election",
    Effect.RESTART: "a reload does not take it up: keepalived must be restarted, and the address moves away",
}

_RESTART = ("net_namespace", "net_namespace_ipvs", "instance", "use_pid_dir")
_RESTART_GLOBALS = (
    *("tmp_config_directory", "disable_local_igmp"),
    *("enable_snmp_vrrp", "enable_snmp_keepalived", "enable_dbus"),
)
_IDENTITY = ("virtual_router_id", "interface", "unicast_src_ip")
_COMPARED = ("authentication", "auth_hmac", "advert_int", "version", "virtual_ipaddress")
_ELECTION = (
    *("priority", "nopreempt", "preempt", "preempt_delay", "state", "accept", "strict_mode", "down_timer_adverts"),
    *("track_script", "track_interface", "track_file", "track_process", "track_bfd", "unicast_peer"),
)


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: where, what was there, what is there now (None: nothing), and its effect."""

    where: str
    keyword: str
    before: str | None
    after: str | None
    effect: Effect

    @property
    def sentence(self) -> str:
        """The change in words, such as ``vrrp_instance web: priority 100 becomes 110``.

        Programs of havipcfg are called by their names, without directory and checksum.
        """
        place = f"{self.where}: " if self.where else ""
        if self.before is not None and self.after is not None:
            before, after = _INSTALLED.sub(r"\1", self.before), _INSTALLED.sub(r"\1", self.after)
            if before == after:
                newer = [
                    new for old, new in zip(_installed(self.before), _installed(self.after), strict=False) if old != new
                ]
                names = " and ".join(_INSTALLED.sub(r"\1", each) for each in newer)
                return f"{place}{self.keyword} {before}{f': {names}' * bool(names)} changes"
            return f"{place}{self.keyword} {before} becomes {after}"
        if self.before is None:
            return f"{place}{_said(self.keyword, self.after)} is new"
        return f"{place}{_said(self.keyword, self.before)} is gone"


@dataclass(frozen=True, slots=True)
class Plan:
    """The changes of all nodes by name, and the order in which to apply them."""

    changes: Mapping[str, tuple[Change, ...]]

    @property
    def effect(self) -> Effect:
        """The gravest effect."""
        return max((change.effect for changes in self.changes.values() for change in changes), default=Effect.KEEPS)

    @property
    def order(self) -> str:
        """How to apply the changes, in one sentence."""
        if not any(self.changes.values()):
            return "nothing to apply"
        gone, new = (
            [node for node, changes in self.changes.items() if any(change.effect is effect for change in changes)]
            for effect in (Effect.GOES, Effect.JOINS)
        )
        stay = any(changes for node, changes in self.changes.items() if node not in (*gone, *new))
        steps = [
            f"stop keepalived on {' and '.join(gone)}" if gone else "",
            self._order if stay else "",
            f"start {' and '.join(new)}" if new else "",
        ]
        return ", then ".join(filter(None, steps))

    @property
    def _order(self) -> str:
        """The order of the nodes that stay."""
        if self.effect <= Effect.LEAVES:
            return "reload one node after the other, those that do not hold the address first"
        if self.effect is Effect.TWO_HOLDERS:
            return "stop keepalived on the nodes that do not hold the address, reload the holder, start the others"
        return (
            "plan for an outage: stop keepalived on the nodes that do not hold the address, "
            + ("restart" if self.effect is Effect.RESTART else "reload")
            + " the holder, wait until it holds the address again, start the others"
        )


def compare(before: Mapping[str, KeepalivedConf], after: Mapping[str, KeepalivedConf]) -> Plan:
    """What changes between two sets of nodes, by name; a node of one set only is new or gone as a whole."""
    found: dict[str, tuple[Change, ...]] = {}
    for node in dict.fromkeys((*before, *after)):
        if node not in after:
            found[node] = (Change("", "node", node, None, _unless_multicast(before[node], Effect.GOES)),)
        elif node not in before:
            found[node] = (Change("", "node", None, node, _unless_multicast(after[node], Effect.JOINS)),)
        else:
            found[node] = tuple(changes(before[node], after[node]))
    return Plan(found)


def _unless_multicast(conf: KeepalivedConf, effect: Effect) -> Effect:
    """Whoever speaks by multicast is heard by all, whether they know it or not."""
    return effect if any(instance.unicast_peer for instance in conf.vrrp_instance) else Effect.MAY_MOVE


def changes(before: KeepalivedConf, after: KeepalivedConf) -> Iterator[Change]:
    """What changes in meaning in one node's file; order, comments and layout mean nothing."""
    yield from _block("", meaning(before), meaning(after), _effect_at_top)


def _effect_at_top(keyword: str) -> Effect:
    return Effect.RESTART if keyword in _RESTART else Effect.KEEPS


def _effect_in_globals(keyword: str) -> Effect:
    if keyword in _RESTART_GLOBALS:
        return Effect.RESTART
    return Effect.TWO_HOLDERS if keyword in ("vrrp_version", "vrrp_strict") else Effect.KEEPS


def _effect_in_instance(keyword: str) -> Effect:
    if keyword in _IDENTITY:
        return Effect.DROPS
    if keyword in _COMPARED:
        return Effect.TWO_HOLDERS
    return Effect.MAY_MOVE if keyword in _ELECTION else Effect.KEEPS


def _block(where: str, before: Block, after: Block, effect: Any) -> Iterator[Change]:
    for keyword in before.keywords().values():
        old, new = getattr(before, keyword.field), getattr(after, keyword.field)
        if old == new or keyword.alias_of is not None:
            continue
        if isinstance(keyword.kind, Body):
            yield from _blocks(where, keyword, old, new)
        elif isinstance(keyword.kind, Entries):
            yield from _entries(where, keyword, old or (), new or (), effect(keyword.name))
        else:
            given = (before.has(keyword.field), after.has(keyword.field))
            shown = [_value(keyword, value) if there else None for value, there in zip((old, new), given, strict=True)]
            if keyword.secret:
                shown = [None if text is None else "********" for text in shown]
            yield Change(where, keyword.name, shown[0], shown[1], effect(keyword.name))


def _renamed(before: dict[str, Block], after: dict[str, Block]) -> dict[str, str]:
    """Instances that only have another name: keepalived knows them by what identifies them, and keeps their state."""
    gone = {_identity(block): name for name, block in before.items() if name not in after}
    known = {name: gone.get(_identity(block)) for name, block in after.items() if name not in before}
    return {old: new for new, old in known.items() if old is not None}


def _identity(block: Block) -> tuple[Any, ...]:
    return (*(getattr(block, name) for name in _IDENTITY), bool(getattr(block, "unicast_peer", ())))


def _blocks(where: str, keyword: Keyword, old: Any, new: Any) -> Iterator[Change]:
    before, after = _by_name(old), _by_name(new)
    if keyword.name == "vrrp_instance":
        for name, other in _renamed(before, after).items():
            yield Change(where, keyword.name, name, other, Effect.KEEPS)
            before = {other if each == name else each: block for each, block in before.items()}
    for name in dict.fromkeys((*before, *after)):
        place = " ".join(part for part in (where, keyword.name, name) if part)
        mine, theirs = before.get(name), after.get(name)
        if mine is None or theirs is None:
            text = f"{keyword.name} {name}".strip()
            effect = _whole(keyword.name, where, gone=theirs is None)
            yield Change(where, text, None if mine is None else "", None if theirs is None else "", effect)
        elif isinstance(mine, VrrpInstance) and isinstance(theirs, VrrpInstance):
            yield from _instance(place, mine, theirs)
        elif keyword.name == "global_defs":
            yield from _block(place, mine, theirs, _effect_in_globals)
        elif keyword.name in ("authentication", "auth_hmac"):
            yield from _block(place, mine, theirs, lambda _: Effect.TWO_HOLDERS)
        elif keyword.name in ("vrrp_script", "vrrp_sync_group", "track_file", "vrrp_track_process"):
            yield from _block(place, mine, theirs, lambda name: Effect.MAY_MOVE if name != "interval" else Effect.KEEPS)
        else:
            yield from _block(place, mine, theirs, lambda _: Effect.KEEPS)


def _whole(keyword: str, where: str, *, gone: bool) -> Effect:
    if keyword == "vrrp_instance":
        return Effect.LEAVES if gone else Effect.KEEPS
    if keyword in ("authentication", "auth_hmac"):
        return Effect.TWO_HOLDERS
    return Effect.MAY_MOVE if keyword in ("vrrp_script", "vrrp_sync_group") and not where else Effect.KEEPS


def _instance(place: str, mine: VrrpInstance, theirs: VrrpInstance) -> Iterator[Change]:
    yield from _block(place, mine, theirs, _effect_in_instance)
    before, after = (Effective(KeepalivedConf.bound({}, None, {}, []), each) for each in (mine, theirs))
    for keyword, old, new in (
        ("adverts by", *("unicast" if each.unicast else "multicast" for each in (before, after))),
        ("family", *(f"IPv{each.family}" for each in (before, after))),
    ):
        if old != new:
            yield Change(place, keyword, old, new, Effect.DROPS)


def _entries(
    where: str, keyword: Keyword, old: tuple[Any, ...], new: tuple[Any, ...], effect: Effect
) -> Iterator[Change]:
    before, after = ({_entry(each): each for each in side} for side in (old, new))
    gone, more = ([text for text in mine if text not in theirs] for mine, theirs in ((before, after), (after, before)))
    if keyword.name.startswith("virtual_ipaddress"):
        here = {after[text].address: text for text in more}
        for text in [text for text in gone if before[text].address in here]:
            newer = here[before[text].address]
            gone.remove(text)
            more.remove(newer)
            yield Change(where, keyword.name, text, newer, Effect.KEEPS)
    yield from (Change(where, keyword.name, text, None, effect) for text in gone)
    yield from (Change(where, keyword.name, None, text, effect) for text in more)


def _by_name(value: Any) -> dict[str, Block]:
    blocks: Iterable[Block] = value if isinstance(value, tuple) else () if value is None else (value,)
    found: dict[str, Block] = {}
    for block in blocks:
        name = " ".join(
            word for field, each in block.headers().items() for word in each.kind.write(getattr(block, field))
        )
        key, number = name, 2
        while key in found:
            key, number = f"{name} ({number})", number + 1
        found[key] = block
    return found


def _entry(entry: Any) -> str:
    return " ".join(entry.words()) if isinstance(entry, Entry) else str(entry)


def _value(keyword: Keyword, value: Any) -> str:
    if keyword.repeat == "adds" and isinstance(value, tuple):
        return "; ".join(" ".join(keyword.kind.write(each)) for each in value)
    return " ".join(keyword.kind.write(value))


def _said(keyword: str, value: str | None) -> str:
    return _INSTALLED.sub(r"\1", f"{keyword} {value}".strip())


def _installed(text: str) -> list[str]:
    return [match[0] for match in _INSTALLED_FILE.finditer(text)]

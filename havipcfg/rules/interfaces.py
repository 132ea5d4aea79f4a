"""Where a configuration names an interface, and names that none has."""

from __future__ import annotations

from collections.abc import Iterator

from havipcfg.keepalived.conf import KeepalivedConf
from havipcfg.keepalived.entries import Entry
from havipcfg.record import record
from havipcfg.source import Span
from havipcfg.syntax.statement import Statement


@record
class NamedInterface:
    """The name of an interface, and the word of the statement that it is."""

    name: str
    statement: Statement
    word: int

    @property
    def span(self) -> Span:
        return self.statement.word_span(self.word)


def named_interfaces(conf: KeepalivedConf) -> Iterator[NamedInterface]:
    """The interfaces of instances, of trackers, of virtual and of static addresses."""
    for instance in conf.vrrp_instance:
        place = instance.place("interface")
        if instance.interface is not None and place is not None:
            yield NamedInterface(instance.interface, place, 1)
        for entry in (*instance.virtual_ipaddress, *instance.virtual_ipaddress_excluded):
            yield from _named(entry.dev, entry)
    for owner in (*conf.vrrp_instance, *conf.vrrp_sync_group):
        for tracker in owner.track_interface:
            yield from _named(tracker.name, tracker)
    for entry in conf.static_ipaddress:
        yield from _named(entry.dev, entry)


def _named(name: str | None, entry: Entry) -> Iterator[NamedInterface]:
    statement = entry.statement
    if name is not None and statement is not None:
        words = statement.words
        yield NamedInterface(name, statement, words.index("dev") + 1 if "dev" in words else entry.word)


def no_interface(name: str) -> str | None:
    """Why no interface is called so; None where one may be."""
    if name in (".", ".."):
        return f"{name} is a directory's name"
    if "@" in name:
        shown, _, other = name.partition("@")
        return f"{name} is how ip shows {shown or 'an interface'}: {'@' + other} is not part of the name"
    for sign in ":/":
        if sign in name:
            return f"{name} has a {sign} in its name: no interface can be called that"
    return None

"""Settings of a VRRP instance that take more than one word: VMAC, ipvlan, extra GARPs, keys."""

from __future__ import annotations

import re
from dataclasses import field
from typing import TYPE_CHECKING, Any, NamedTuple

from havipcfg.keepalived import problems
from havipcfg.keepalived.process_options import IGNORED, SKIPPED
from havipcfg.keepalived.reading import UNSET, Kind
from havipcfg.keepalived.values import Unsigned, family, quoted
from havipcfg.record import record

if TYPE_CHECKING:
    from havipcfg.keepalived.reading import Line

_OCTETS = re.compile(r"[0-9a-fA-F]{1,2}(?::[0-9a-fA-F]{1,2}){4,5}\Z")
_VRRP_MAC = re.compile(r"0{1,2}:0{1,2}:5e:0{1,2}:0?[12](?::|\Z)", re.IGNORECASE)


class VirtualMac(NamedTuple):
    """The macvlan an instance runs on; five octets of ``mac`` leave the sixth to the VRID."""

    name: str | None = None
    mac: str | None = None
    netlink_notify: bool = False
    group: str | None = None


class VirtualMacOptions(Kind):
    """``[[name] INTERFACE] [MAC] [netlink_notify_msg] [group GROUP]``; names and MACs only where ``plain``."""

    least = 0

    def __init__(self, *, plain: bool = False) -> None:
        self.plain = plain

    def read(self, line: Line) -> Any:
        found: dict[str, Any] = {}
        words = iter(enumerate(line.words[line.first :]))
        for index, word in words:
            if word == "netlink_notify_msg" and not self.plain:
                found["netlink_notify"] = True
            elif word in ("name", "group") and not self.plain:
                index, value = next(words, (index, None))
                if value is None:
                    line.report(problems.option_without_value(line, index, SKIPPED))
                elif word == "group":
                    found["group"] = value
                else:
                    self._name(line, index, value, found)
            elif ":" in word:
                mac = _mac(line, index, word)
                if mac is not None:
                    found["mac"] = mac
            else:
                self._name(line, index, word, found)
        return VirtualMac(**found)

    def _name(self, line: Line, index: int, word: str, found: dict[str, Any]) -> None:
        if "name" in found:
            line.report(problems.conflicting_options(line, index, "the interface has a name already", SKIPPED))
        elif len(word) > 15 or "/" in word:
            line.report(problems.interface_too_long(line, index))
        else:
            found["name"] = word

    def write(self, value: Any) -> list[str]:
        words = [quoted(word) for word in (value.name, value.mac) if word is not None]
        words += ["netlink_notify_msg"] if value.netlink_notify else []
        return [*words, *(["group", quoted(value.group)] if value.group is not None else [])]

    def describe(self) -> str:
        return "[INTERFACE] [MAC]" if self.plain else "[[name] INTERFACE] [MAC] [netlink_notify_msg] [group GROUP]"


def _mac(line: Line, index: int, word: str) -> str | None:
    if not _OCTETS.match(word):
        line.report(problems.bad_mac(line, index, "is no MAC address of five or six octets"))
    elif int(word.split(":", 1)[0], 16) & 1:
        line.report(problems.bad_mac(line, index, "is a multicast address"))
    elif _VRRP_MAC.match(word):
        line.report(problems.bad_mac(line, index, "is one of VRRP's own addresses"))
    else:
        return word
    return None


class IpVlan(NamedTuple):
    """The ipvlan an instance runs on."""

    name: str | None = None
    address: str | None = None
    prefix: int | None = None
    mode: str | None = None
    group: str | None = None


class IpVlanOptions(Kind):
    """``[[name] INTERFACE] [ADDRESS[/PREFIX]] [bridge|private|vepa] [group GROUP]``; fewer words where ``plain``."""

    least = 0

    def __init__(self, *, plain: bool = False) -> None:
        self.plain = plain

    def read(self, line: Line) -> Any:
        found: dict[str, Any] = {}
        words = iter(enumerate(line.words[line.first :]))
        for index, word in words:
            address, slash, length = word.partition("/")
            longest = 128 if ":" in address else 32
            if word in ("bridge", "private", "vepa"):
                self._once(line, index, "mode", word, found)
            elif word in ("name", "group") and not self.plain:
                index, value = next(words, (index, None))
                if value is None:
                    line.report(problems.option_without_value(line, index, SKIPPED))
                else:
                    self._once(line, index, word, value, found)
            elif family(address) and (not slash or (length.isdecimal() and int(length) <= longest)):
                self._once(line, index, "address", address, found)
                if slash and found["address"] == address:
                    found["prefix"] = int(length)
            else:
                self._once(line, index, "name", word, found)
        return IpVlan(**found)

    def _once(self, line: Line, index: int, part: str, word: str, found: dict[str, Any]) -> None:
        if part in found:
            line.report(problems.conflicting_options(line, index, f"the interface has its {part} already", SKIPPED))
        elif part == "name" and len(word) > 15:
            line.report(problems.interface_too_long(line, index))
        else:
            found[part] = word

    def write(self, value: Any) -> list[str]:
        address = value.address and value.address + (f"/{value.prefix}" if value.prefix is not None else "")
        words = [quoted(word) for word in (value.name, address, value.mode) if word]
        return [*words, *(["group", quoted(value.group)] if value.group is not None else [])]

    def describe(self) -> str:
        form = "[INTERFACE] [ADDRESS[/PREFIX]] [bridge|private|vepa]"
        return form if self.plain else f"{form} [group GROUP]"


class ExtraGarp(NamedTuple):
    """Seconds between gratuitous ARPs on the other interfaces of an instance; ``all``: on VMACs too."""

    interval: int
    all: bool = False


class ExtraGarpOptions(Kind):
    """``[all] SECONDS``."""

    def __init__(self, low: int) -> None:
        self.number = Unsigned(low, 86400)

    def read(self, line: Line) -> Any:
        every = False
        interval: Any = UNSET
        for index, word in enumerate(line.words[line.first :]):
            if word == "all":
                every = True
                continue
            interval = self.number.read_word(line, index)
            if interval is UNSET:
                return UNSET
        if interval is UNSET:
            line.report(problems.option_without_value(line, 0, IGNORED))
            return UNSET
        return ExtraGarp(interval, every)

    def write(self, value: Any) -> list[str]:
        return [*(["all"] if value.all else []), str(value.interval)]

    def describe(self) -> str:
        return f"[all] {self.number.describe()}"


@record
class HmacKey:
    """A signing key by its number; ``form`` is ``hex``, ``file`` or ``text``."""

    name: int
    form: str
    text: str = field(repr=False)


class HmacKeys(Kind):
    """``NUMBER hex:DIGITS|file:PATH|TEXT``: 32 to 64 bytes."""

    least = 2
    most = 2

    def read(self, line: Line) -> Any:
        number = Unsigned(1, 255, strict=True).read_word(line, 0)
        if number is UNSET:
            return UNSET
        word = line.word(1)
        form, colon, text = word.partition(":")
        if not colon or form not in ("hex", "file"):
            form, text = "text", word
        length = len(text.encode("utf-8", "surrogateescape")) / (2 if form == "hex" else 1)
        if form == "hex" and not re.fullmatch(r"(?:[0-9a-fA-F]{2})*", text):
            line.report(problems.bad_key(line, 1, f"key {number} is not hexadecimal"))
            return UNSET
        if form != "file" and not 32 <= length <= 64:
            line.report(problems.bad_key(line, 1, f"key {number} has {length:g} bytes, not 32 to 64"))
            return UNSET
        return HmacKey(number, form, text)

    def write(self, value: Any) -> list[str]:
        return [str(value.name), quoted(value.text if value.form == "text" else f"{value.form}:{value.text}")]

    def describe(self) -> str:
        return "1..255 hex:DIGITS|file:PATH|TEXT"

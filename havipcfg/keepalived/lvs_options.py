"""Settings of ``global_defs`` for LVS: connection timeouts and the sync daemon."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from havipcfg.keepalived import problems
from havipcfg.keepalived.process_options import SKIPPED
from havipcfg.keepalived.reading import UNSET, Kind
from havipcfg.keepalived.values import Unsigned, family, is_multicast, quoted

if TYPE_CHECKING:
    from havipcfg.keepalived.reading import Line

OPTION_IGNORED = "keepalived ignores this option"


class LvsTimeouts(NamedTuple):
    """Seconds after which IPVS forgets a connection; None leaves the kernel's own."""

    tcp: int | None = None
    tcpfin: int | None = None
    udp: int | None = None


class LvsTimeoutOptions(Kind):
    """``[tcp N] [tcpfin N] [udp N]``, at least one of them."""

    least = 2

    def read(self, line: Line) -> Any:
        found: dict[str, int] = {}
        index, end = 0, len(line.words) - line.first
        number = Unsigned(0, 2678400, strict=True)
        while index < end:
            option = line.word(index)
            if option not in LvsTimeouts._fields:
                line.report(problems.unknown_option(line, index, LvsTimeouts._fields, SKIPPED))
            elif index == end - 1:
                line.report(problems.option_without_value(line, index, OPTION_IGNORED))
            else:
                index += 1
                value = number.read_word(line, index)
                if value is not UNSET:
                    found[option] = value
            index += 1
        return LvsTimeouts(**found)

    def write(self, value: Any) -> list[str]:
        return [word for name, number in value._asdict().items() if number is not None for word in (name, str(number))]

    def describe(self) -> str:
        return "[tcp 0..2678400] [tcpfin 0..2678400] [udp 0..2678400]"


class SyncDaemon(NamedTuple):
    """The IPVS connection sync daemon, and the instance whose state it follows."""

    interface: str
    instance: str | None = None
    id: int | None = None
    maxlen: int | None = None
    port: int | None = None
    ttl: int | None = None
    group: str | None = None


_NUMBERS = {"id": (0, 255), "maxlen": (1, 65507), "port": (1, 65535), "ttl": (1, 255)}
_OPTIONS = ("inst", *_NUMBERS, "group")


class SyncDaemonOptions(Kind):
    """``INTERFACE [[inst] INSTANCE] [id N] [maxlen N] [port N] [ttl N] [group ADDRESS]``."""

    def read(self, line: Line) -> Any:
        interface = line.word()
        if len(interface) > 15:
            line.report(problems.interface_too_long(line, 0))
            return UNSET
        found: dict[str, Any] = {}
        index, end = 1, len(line.words) - line.first
        if index < end and line.word(index) not in _OPTIONS:
            found["instance"] = line.word(index)
            index += 1
            if index < end and line.word(index) not in _OPTIONS:
                value = Unsigned(0, 255, strict=True).read_word(line, index)
                if value is not UNSET:
                    line.report(problems.deprecated_option(line, index, f"id {value}"))
                    found["id"] = value
                index += 1
        while index < end:
            option = line.word(index)
            if option not in _OPTIONS:
                line.report(problems.unknown_option(line, index, _OPTIONS, SKIPPED))
                index += 1
                continue
            if index == end - 1:
                effect = "keepalived exits at this line" if option == "inst" else OPTION_IGNORED
                line.report(problems.option_without_value(line, index, effect))
                break
            value = self._option(line, option, index + 1)
            if value is not UNSET:
                found["instance" if option == "inst" else option] = value
            index += 2
        return SyncDaemon(interface, **found)

    def _option(self, line: Line, option: str, index: int) -> Any:
        word = line.word(index)
        if option in _NUMBERS:
            return Unsigned(*_NUMBERS[option], strict=True).read_word(line, index)
        if option == "group" and (family(word) is None or not is_multicast(word)):
            line.report(problems.bad_option_value(line, index, "group", "a multicast address", OPTION_IGNORED))
            return UNSET
        return word

    def write(self, value: Any) -> list[str]:
        words = [quoted(value.interface)]
        for name, given in list(value._asdict().items())[1:]:
            if given is not None:
                words += ["inst" if name == "instance" else name, quoted(str(given))]
        return words

    def describe(self) -> str:
        return (
            "INTERFACE [[inst] INSTANCE] [id 0..255] [maxlen 1..65507] [port 1..65535] [ttl 1..255] [group MULTICAST]"
        )

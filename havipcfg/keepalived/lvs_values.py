"""Values of the load balancer's own keywords: servers, forwarding methods, group entries, masks."""

from __future__ import annotations

import re
import socket
from typing import TYPE_CHECKING, Any, Literal

from havipcfg.keepalived import lvs_problems, problems
from havipcfg.keepalived.entries import GroupService
from havipcfg.keepalived.reading import UNSET, Kind, Unset
from havipcfg.keepalived.values import UINT_MAX, Seconds, family, plain_address, quoted
from havipcfg.record import record

if TYPE_CHECKING:
    from havipcfg.keepalived.reading import Line

_NUMBER = re.compile(r"\s*\+?([0-9]{1,24})\Z")
PORTS = range(1, 65536)


def _number(word: str) -> int | None:
    match = _NUMBER.match(word)
    return int(match[1]) if match else None


def _port(line: Line, index: int) -> int | Unset | None:
    """The port at ``index``, None where there is none or it is 0; UNSET and no report for a bad one."""
    if not line.has(index) or not line.word(index):
        return None
    port = _number(line.word(index))
    if port == 0:
        return None
    return port if port in PORTS else UNSET


@record
class Endpoint:
    """A real or sorry server; without a port it has the port of the virtual server."""

    address: str
    port: int | None = None

    @property
    def family(self) -> int:
        """4 or 6."""
        return family(self.address) or 4

    def __str__(self) -> str:
        return self.address if self.port is None else f"{self.address} {self.port}"


@record
class Service:
    """What a ``virtual_server`` balances: an address with a port (None: every port), a firewall mark, or a group."""

    address: str | None = None
    port: int | None = None
    fwmark: int | None = None
    group: str | None = None

    @property
    def family(self) -> int | None:
        """4 or 6; None for marks and groups."""
        return family(self.address) if self.address is not None else None

    def __str__(self) -> str:
        if self.group is not None:
            return f"group {self.group}"
        if self.fwmark is not None:
            return f"fwmark {self.fwmark}"
        return f"{self.address}" if self.port is None else f"{self.address} {self.port}"


def endpoint(words: list[str]) -> Endpoint | None:
    """``ADDRESS [PORT]`` as keepalived reads it; None where it refuses the line."""
    address = plain_address(words[0]) if words else ""
    port = _number(words[1]) if len(words) > 1 and words[1] else 0
    if family(address) is None or port is None or (port and port not in PORTS):
        return None
    return Endpoint(address, port or None)


class EndpointKind(Kind):
    """``ADDRESS [PORT]``."""

    def read(self, line: Line) -> Any:
        address = plain_address(line.word())
        if family(address) is None:
            reason = f"{line.word()}: {line.word()} is not an IP address"
            line.report(lvs_problems.refused_server(line, line.span(), reason))
            return UNSET
        port = _port(line, 1)
        if isinstance(port, Unset):
            reason = f"{address} {line.word(1)}: {line.word(1)} is not a port from 1 to 65535"
            line.report(lvs_problems.refused_server(line, line.span(1), reason))
            return UNSET
        _ignored(line, 2)
        return Endpoint(address, port)

    def write(self, value: Endpoint) -> list[str]:
        return str(value).split()

    def describe(self) -> str:
        return "ADDRESS [1..65535]"


class ServiceKind(EndpointKind):
    """``ADDRESS [PORT]``, ``fwmark N`` or ``group NAME``."""

    def read(self, line: Line) -> Any:
        kind = line.word()
        if kind not in ("fwmark", "group"):
            found = super().read(line)
            return Service(found.address, found.port) if found is not UNSET else UNSET
        if not line.has(1):
            line.report(lvs_problems.virtual_server_crash(line))
            return UNSET
        _ignored(line, 2)
        if kind == "group":
            return Service(group=line.word(1))
        mark = _number(line.word(1)) if line.word(1) else 0
        if mark is None or mark > UINT_MAX:
            reason = f"fwmark {line.word(1)}: {line.word(1)} is not a whole number from 0 to {UINT_MAX}"
            line.report(lvs_problems.refused_server(line, line.span(1), reason))
            return UNSET
        return Service(fwmark=mark)

    def describe(self) -> str:
        return f"ADDRESS [1..65535] | fwmark 0..{UINT_MAX} | group NAME"


def _ignored(line: Line, index: int) -> None:
    if line.has(index):
        line.report(problems.ignored_words(line, index))


Tunnel = Literal["ipip", "gue", "gre"]
Checksum = Literal["nocsum", "csum", "remcsum"]


@record
class ForwardingMethod:
    """How packets reach a real server; the tunnel's settings are None where they are not given."""

    method: Literal["NAT", "DR", "TUN"]
    tunnel: Tunnel | None = None
    port: int | None = None
    checksum: Checksum | None = None

    def __str__(self) -> str:
        return self.method


class ForwardingMethodKind(Kind):
    """``NAT``, ``DR`` or ``TUN`` and the settings of the tunnel."""

    def read(self, line: Line) -> Any:
        method = line.word()
        if method not in ("NAT", "DR", "TUN"):
            line.report(problems.not_a_choice(line, 0, ["NAT", "DR", "TUN"]))
            return UNSET
        options: dict[str, Any] = {}
        index = 1
        while line.has(index):
            word = line.word(index)
            reason = ""
            if word in ("nocsum", "csum", "remcsum"):
                options["checksum"] = word
                index += 1
                continue
            if word == "type" and line.has(index + 1):
                options["tunnel"] = line.word(index + 1)
                if line.word(index + 1) not in ("ipip", "gue", "gre"):
                    reason = f"there is no tunnel type {line.word(index + 1)}, only ipip, gue and gre"
                    index += 1
            elif word == "port" and line.has(index + 1):
                options["port"] = _number(line.word(index + 1))
                if options["port"] not in PORTS:
                    reason = f"{line.word(index + 1)} is not a port from 1 to 65535"
                    index += 1
            elif word in ("type", "port"):
                reason = f"the tunnel {word} is missing after {word}"
            else:
                reason = f"{word} is no tunnel option"
            if reason:
                line.report(lvs_problems.tunnel_options(line, index, reason))
                return ForwardingMethod(method)  # type: ignore[arg-type]
            index += 2
        reason = _clash(options.get("tunnel", "ipip"), "port" in options, options.get("checksum"))
        if reason:
            line.report(lvs_problems.tunnel_options(line, 0, reason))
            options = {}
        return ForwardingMethod(method, **options)  # type: ignore[arg-type]

    def write(self, value: ForwardingMethod) -> list[str]:
        words: list[str] = [value.method]
        if value.tunnel is not None:
            words += ["type", value.tunnel]
        if value.port is not None:
            words += ["port", str(value.port)]
        return words if value.checksum is None else [*words, value.checksum]

    def describe(self) -> str:
        return "NAT|DR|TUN [type ipip|gue|gre] [port 1..65535] [nocsum|csum|remcsum]"


def _clash(tunnel: str, has_port: bool, checksum: str | None) -> str:
    if (tunnel == "gue") != has_port:
        return "a gue tunnel needs a port" if tunnel == "gue" else f"only gue tunnels have a port, {tunnel} has none"
    if tunnel == "ipip" and checksum in ("csum", "remcsum"):
        return f"ipip tunnels have no checksum for {checksum}"
    return "gre tunnels have no remcsum" if tunnel == "gre" and checksum == "remcsum" else ""


class NetmaskOrPrefix(Kind):
    """An IPv4 netmask in any form that ``inet_aton`` reads, or a prefix length (IPv6); kept as written.

    Whether it fits the address family is decided where that is known.
    """

    most = 1

    def read(self, line: Line) -> Any:
        word = line.word()
        if not is_netmask(word):
            line.report(lvs_problems.persistence_granularity(line.span(), word, None))
            return UNSET
        return word

    def describe(self) -> str:
        return "NETMASK | 1..128"


def is_netmask(word: str) -> bool:
    """Whether keepalived reads the word as an IPv4 netmask."""
    try:
        socket.inet_aton(word)
    except (OSError, ValueError):
        return False
    return bool(word)


def is_prefix(word: str) -> bool:
    """Whether keepalived reads the word as an IPv6 prefix length."""
    return _number(word) in range(1, 129)


class GroupServiceKind(Kind):
    """``ADDRESS[-LAST|/PREFIX] [PORT]`` or ``fwmark N [inet|inet6]``."""

    def read(self, line: Line) -> Any:
        if line.word() == "fwmark":
            return self._mark(line)
        word = line.word()
        address, last, prefix, reason = _addresses(word)
        if reason:
            line.report(lvs_problems.refused_group_entry(line, line.span(), f"{word}: {reason}"))
            return UNSET
        port = _port(line, 1)
        if isinstance(port, Unset):
            reason = f"{word} {line.word(1)}: {line.word(1)} is not a port from 1 to 65535"
            line.report(lvs_problems.refused_group_entry(line, line.span(1), reason))
            return UNSET
        _ignored(line, 2)
        return GroupService(address, last, prefix, port, family=family(address), statement=line.statement)

    def _mark(self, line: Line) -> Any:
        if not line.has(1):
            line.report(problems.missing_value(line, 1))
            return UNSET
        mark = _number(line.word(1)) if line.word(1) else 0
        if mark is None or mark > UINT_MAX:
            reason = f"fwmark {line.word(1)}: {line.word(1)} is not a whole number from 0 to {UINT_MAX}"
            line.report(lvs_problems.refused_group_entry(line, line.span(1), reason))
            return UNSET
        families = {"inet": 4, "inet6": 6}
        if line.has(2) and line.word(2) not in families:
            reason = f"fwmark {mark} {line.word(2)}: {line.word(2)} is neither inet nor inet6"
            line.report(lvs_problems.refused_group_entry(line, line.span(2), reason))
            return UNSET
        _ignored(line, 3)
        found = families[line.word(2)] if line.has(2) else None
        return GroupService(fwmark=mark, family=found, statement=line.statement)

    def write(self, value: GroupService) -> list[str]:
        if value.fwmark is not None:
            named = {4: ["inet"], 6: ["inet6"]}
            return ["fwmark", str(value.fwmark), *named.get(value.family or 0, [])]
        end = f"-{value.last}" if value.last is not None else f"/{value.prefix}" if value.prefix is not None else ""
        return [f"{value.address}{end}", *([str(value.port)] if value.port is not None else [])]

    def describe(self) -> str:
        return "ADDRESS[-LAST|/PREFIX] [PORT] | fwmark N [inet|inet6]"


def _addresses(word: str) -> tuple[str, str | None, int | None, str]:
    """Address, last address or last part, prefix length, and what is wrong with them."""
    if "/" in word:
        address, _, length = word.partition("/")
        return _network(address.split("-", 1)[0], length)
    address, dash, last = word.partition("-")
    kind = family(address)
    if kind is None:
        return address, None, None, f"{address} is not an IP address"
    if not dash:
        return address, None, None, ""
    if "." in last or ":" in last:
        if family(last) != kind:
            return address, last, None, f"{last} is not an address of the same family"
        behind = _packed(last) < _packed(address)
        return address, last, None, "the range ends before it starts" if behind else ""
    base, limit = (10, 255) if kind == 4 else (16, 0xFFFF)
    if not re.fullmatch("[0-9]*" if kind == 4 else "[0-9a-fA-F]*", last):
        return address, last, None, f"{last} is not the last part of an address"
    end = int(last or "0", base)
    if end > limit:
        return address, last, None, f"{last} is too large for the last part of an address"
    start = _packed(address)[-1] if kind == 4 else int.from_bytes(_packed(address)[-2:], "big")
    return address, last, None, "" if end > start else "the range must end behind its start"


def _network(address: str, length: str) -> tuple[str, str | None, int | None, str]:
    kind = family(address)
    if kind is None:
        return address, None, None, f"{address} is not an IP address"
    bits = 32 if kind == 4 else 128
    prefix = _number(length)
    if prefix is None or not 1 <= prefix <= bits:
        return address, None, prefix, f"the prefix length must be from 1 to {bits}"
    host = int.from_bytes(_packed(address), "big") & ((1 << (bits - prefix)) - 1)
    return address, None, prefix, "bits of the address are set beyond the prefix" if host else ""


def _packed(address: str) -> bytes:
    return socket.inet_pton(socket.AF_INET6 if ":" in address else socket.AF_INET, address)


@record
class User:
    """Who runs a script; without a group, the user's own."""

    user: str
    group: str | None = None


class UserKind(Kind):
    """``USER [GROUP]``; whether they exist, the machine alone can tell."""

    most = 2

    def read(self, line: Line) -> Any:
        return User(line.word(), line.word(1) if line.has(1) else None)

    def write(self, value: User) -> list[str]:
        return [quoted(word) for word in (value.user, value.group) if word is not None]

    def describe(self) -> str:
        return "USER [GROUP]"


class Milliseconds(Seconds):
    """A time in milliseconds with up to three decimals."""

    def __init__(self, low: str, high: str) -> None:
        super().__init__(low, high, 3)

    def read_word(self, line: Line, index: int) -> Any:
        word = line.word(index)
        if not re.fullmatch(r"\s*[+-]?[0-9]*(\.[0-9]*)?", word):
            line.report(problems.not_a_number(line, index, "a number of milliseconds", line.keyword.beyond))
            return line.keyword.beyond
        return super().read_word(line, index)

    def describe(self) -> str:
        return f"{self.low}..{self.high} ms"

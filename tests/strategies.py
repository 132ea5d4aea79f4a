"""Hypothesis strategies made from the declarations of blocks, for every test that needs configurations."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from havipcfg.keepalived import entries, lvs_options, process_options, reading, scripts, values, vrrp_options
from havipcfg.keepalived import lines as one_line
from havipcfg.keepalived.conf import KeepalivedConf
from havipcfg.keepalived.declare import Block, Body, Entries, Named
from havipcfg.keepalived.entries import ScriptCommand
from havipcfg.keepalived.reading import Keyword, Kind

IPV4 = st.ip_addresses(v=4).map(str)
IPV6 = st.ip_addresses(v=6).map(str)
GROUP4 = st.ip_addresses(network="224.0.0.0/4").map(str)
GROUP6 = st.ip_addresses(network="ff02::/16").map(str)
NAMES = st.text("abcdefghijklmnopqrstuvwxyz0123456789_.-", min_size=1, max_size=12).filter(
    lambda name: name[0].isalpha() and name not in ("all", "name", "group", "inst", "id", "type", "weight")
)
WORDS = NAMES | st.builds("{} {}".format, NAMES, NAMES)
INTERFACES = st.sampled_from(["eth0", "eth1", "bond0.100", "enp0s31f6"])
PATHS = NAMES.map("/usr/local/bin/{}".format)
MACS = st.lists(st.integers(1, 255), min_size=5, max_size=5).map(
    lambda octets: "02:" + ":".join(f"{octet:02x}" for octet in octets)
)


def _seconds(kind: values.Seconds) -> st.SearchStrategy[float]:
    unit = Decimal(10) ** -kind.decimals
    low, high = int(kind.low / unit), int(min(kind.high, Decimal(10) ** 6) / unit)
    low += kind.at_zero is not None and low == 0
    return st.integers(low, high).map(lambda count: float(count * unit))


def _scripts(*, with_user: bool) -> st.SearchStrategy[ScriptCommand]:
    argv = st.tuples(PATHS, st.lists(WORDS, max_size=2)).map(lambda parts: (parts[0], *parts[1]))
    user = st.none() | NAMES
    if not with_user:
        return st.builds(ScriptCommand, argv)
    return st.builds(lambda argv, user, group: ScriptCommand(argv, user, group if user else None), argv, user, user)


def _optional(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def _addresses(static: bool) -> st.SearchStrategy[Any]:
    last = {"track_group": _optional(NAMES)} if static else {}
    v4 = st.builds(
        entries.VirtualAddress,
        IPV4,
        _optional(st.integers(0, 30)),
        dev=_optional(INTERFACES),
        scope=_optional(st.sampled_from(["global", "link", "200"])),
        broadcast=_optional(st.sampled_from(["+", "-", "192.0.2.255"])),
        label=_optional(NAMES),
        preferred_lft=_optional(st.sampled_from(["0", "forever"])),
        flags=st.sampled_from([(), ("no_track",), ("home", "-nodad")]),
        **last,
    ).filter(lambda entry: entry.prefix is not None or entry.broadcast not in ("+", "-"))
    return v4 | st.builds(entries.VirtualAddress, IPV6, _optional(st.integers(0, 128)), dev=_optional(INTERFACES))


def _trackers(kind: Any) -> st.SearchStrategy[Any]:
    plain = st.builds(entries.Tracker, NAMES)
    weights = st.integers(-kind.limit, kind.limit)
    turned = st.just(True) if isinstance(kind, one_line.TrackInterfaceEntry) else st.booleans()
    return plain | st.builds(entries.Tracker, NAMES, weights) | st.builds(entries.Tracker, NAMES, weights, turned)


_ROUTES = st.builds(
    entries.Route,
    st.just("default") | IPV4.map("{}/32".format),
    st.tuples(
        IPV4.map(lambda address: ("via", address)),
        INTERFACES.map(lambda name: ("dev", name)),
        st.integers(0, 1000).map(lambda number: ("metric", str(number))),
    ),
) | st.builds(
    entries.Route,
    st.just("198.51.100.0/24"),
    st.just((("dev", "eth0"), ("mtu", "lock 1400"), ("no_track", ""))),
    st.lists(st.tuples(IPV4.map(lambda address: ("via", address)), st.just(("weight", "2"))), max_size=2).map(tuple),
)
_RULES = st.builds(
    entries.RoutingRule,
    st.tuples(
        IPV4.map(lambda address: ("from", address)),
        st.sampled_from([("table", "100"), ("blackhole", ""), ("l3mdev", "")]),
        st.integers(0, 32000).map(lambda number: ("preference", str(number))),
    ),
)


def _services() -> st.SearchStrategy[Any]:
    ports = _optional(st.integers(1, 65535))
    return st.builds(entries.GroupService, address=IPV4, port=ports, family=st.just(4)) | st.builds(
        entries.GroupService, fwmark=st.integers(0, 2**32 - 1)
    )


def _entry(kind: Kind) -> st.SearchStrategy[Any] | None:
    match kind:
        case one_line.NameEntry():
            return st.builds(entries.Name, WORDS)
        case one_line.AddressEntry():
            return _addresses(kind.static)
        case one_line.RouteEntry():
            return _ROUTES
        case one_line.RuleEntry():
            return _RULES
        case one_line.UnicastPeerEntry():
            return st.builds(
                entries.UnicastPeer, IPV4 | IPV6, _optional(st.integers(0, 9)), _optional(st.integers(9, 255))
            )
        case one_line.InterfaceUpDownDelayEntry():
            return st.builds(entries.InterfaceDelay, INTERFACES, st.sampled_from([0.0, 1.5, 255.0]), st.just(0.25))
        case one_line.LinkbeatInterfaceEntry():
            return st.builds(entries.Linkbeat, INTERFACES, st.sampled_from([None, "MII", "IOCTL"]))
        case one_line.VirtualServerGroupEntry():
            return _services()
    return _trackers(kind) if kind.named else None


def value(kind: Kind) -> st.SearchStrategy[Any] | None:
    """Good values of a kind; None for a kind that has no strategy of its own here."""
    match kind:
        case values.Flag():
            return st.just(True)
        case values.Bool():
            return st.just(True) if kind.sticky else st.booleans()
        case values.Seconds():
            return _seconds(kind)
        case values.Unsigned():
            return st.integers(kind.low, kind.high)
        case values.Interface():
            return INTERFACES
        case values.Word():
            return NAMES.map(lambda name: name[: kind.longest]) if kind.longest else WORDS
        case values.Choice():
            return st.sampled_from([*kind.values, *([] if kind.optional is reading.UNSET else [kind.optional])])
        case values.Address():
            v4, v6 = (GROUP4, GROUP6) if kind.multicast else (IPV4, IPV6)
            return {4: v4, 6: v6}.get(kind.family, v4 | v6)
        case scripts.OptionalScript():
            return st.just(True) | _scripts(with_user=kind.with_user)
        case scripts.Script():
            return _scripts(with_user=kind.with_user)
        case process_options.Users():
            return st.builds(process_options.User, NAMES, _optional(NAMES))
        case process_options.Fifos():
            return st.builds(process_options.Fifo, PATHS, NAMES, _optional(NAMES))
        case process_options.SmtpServers():
            return st.builds(process_options.SmtpServer, IPV4 | IPV6, st.integers(1, 65535))
        case process_options.Cpus():
            return st.lists(st.integers(0, 7), min_size=1, max_size=3).map(tuple)
        case process_options.Umask():
            return st.integers(0, 0o777)
        case process_options.IncludeChecks():
            return st.lists(st.sampled_from(kind.names), min_size=1, unique=True).map(tuple)
        case process_options.InitFiles():
            return st.builds(process_options.InitFile, st.integers(-254, 254), st.booleans())
        case process_options.BufferPolicies():
            sizes = st.builds(process_options.BufferPolicy, st.none(), st.integers(0, 2**32 - 1))
            return sizes | st.builds(process_options.BufferPolicy, st.sampled_from(["MTU", "ADVERT"]), st.none())
        case process_options.Strings():
            return st.lists(WORDS, min_size=max(kind.least, 1), max_size=kind.most or 3).map(tuple)
        case lvs_options.LvsTimeoutOptions():
            return st.builds(
                lvs_options.LvsTimeouts, st.integers(0, 2678400), _optional(st.integers(0, 9)), st.none() | st.just(300)
            )
        case lvs_options.SyncDaemonOptions():
            numbers = st.integers(1, 255)
            return st.builds(
                lvs_options.SyncDaemon,
                INTERFACES,
                NAMES,
                _optional(numbers),
                _optional(numbers),
                _optional(numbers),
                _optional(numbers),
                _optional(GROUP4),
            )
        case vrrp_options.VirtualMacOptions():
            return st.builds(
                vrrp_options.VirtualMac, _optional(NAMES), _optional(MACS), st.booleans(), _optional(NAMES)
            )
        case vrrp_options.IpVlanOptions():
            return st.builds(
                vrrp_options.IpVlan,
                NAMES,
                IPV4,
                _optional(st.integers(0, 32)),
                _optional(st.sampled_from(["bridge", "private", "vepa"])),
                _optional(NAMES),
            )
        case vrrp_options.ExtraGarpOptions():
            return st.builds(vrrp_options.ExtraGarp, st.integers(kind.number.low, 86400), st.booleans())
        case vrrp_options.HmacKeys():
            text = st.binary(min_size=32, max_size=32).map(bytes.hex)
            return st.builds(vrrp_options.HmacKey, st.integers(1, 255), st.just("hex"), text)
    return None


def _named_apart(found: tuple[Any, ...]) -> tuple[Any, ...]:
    """One of each name."""
    return tuple({one.name: one for one in reversed(found)}.values())


def field(keyword: Keyword, depth: int) -> st.SearchStrategy[Any] | None:
    """Good values of a keyword's field."""
    kind = keyword.kind
    several = keyword.repeat == "adds"
    if isinstance(kind, Named):
        one: st.SearchStrategy[Any] | None = blocks(kind.block, depth - 1, kind)
    elif isinstance(kind, Body):
        one = blocks(kind.block, depth - 1) if depth else None
    elif isinstance(kind, Entries):
        entry = _entry(kind.entry)
        if entry is None:
            return None
        found = st.lists(entry, min_size=1, max_size=3).map(tuple)
        return found.map(_named_apart) if kind.entry.named else found
    else:
        one = value(kind)
    if one is None or not several:
        return one
    found = st.lists(one, min_size=1, max_size=2).map(tuple)
    return found.map(_named_apart) if keyword.unique else found


def blocks(block: type[Block], depth: int = 2, named: Named | None = None) -> st.SearchStrategy[Any]:
    """Blocks with some of their keywords, each with a good value of its own kind."""
    optional: dict[str, st.SearchStrategy[Any]] = {}
    for keyword in block.keywords().values():
        strategy = (
            field(keyword, depth) if keyword.alias_of is None and not (keyword.unbuilt or keyword.removed) else None
        )
        if strategy is not None:
            optional[keyword.field] = strategy
    needed = {name: optional.pop(name) for name in block.needs[:1] if name in optional}
    for name, keyword in block.headers().items():
        header = value(keyword.kind)
        if header is not None:
            needed[name] = header
    if named is not None:
        entry = _entry(named.entry)
        assert entry is not None
        needed[named.entries] = st.lists(entry, min_size=1, max_size=3).map(tuple)
    chosen = st.lists(st.sampled_from(sorted(optional)), unique=True, max_size=8) if optional else st.just([])

    def build(names: list[str]) -> st.SearchStrategy[Any]:
        return st.builds(block, **needed, **{name: optional[name] for name in names})

    return chosen.flatmap(build)


VRRP = (
    "global_defs",
    "vrrp_script",
    "vrrp_track_process",
    "track_file",
    "vrrp_sync_group",
    "vrrp_instance",
    "garp_group",
    "static_ipaddress",
    "static_routes",
    "static_rules",
    "virtual_server_group",
    "interface_up_down_delays",
    "linkbeat_interfaces",
)


def confs(keywords: tuple[str, ...] = VRRP) -> st.SearchStrategy[KeepalivedConf]:
    """Whole files of some top-level blocks; every line is good, their meaning together need not be."""
    known = KeepalivedConf.keywords()
    strategies = {name: field(known[name], 2) for name in keywords}
    optional = {name: strategy for name, strategy in strategies.items() if strategy is not None}
    chosen = st.lists(st.sampled_from(sorted(optional)), unique=True, min_size=1, max_size=4)
    return chosen.flatmap(lambda names: st.builds(KeepalivedConf, **{name: optional[name] for name in names}))

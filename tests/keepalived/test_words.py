"""One line languages: the short way and the grammar say the same, and each entry is read exactly."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havipcfg.keepalived.conf import KeepalivedConf
from havipcfg.keepalived.entries import (
    InterfaceDelay,
    Linkbeat,
    Route,
    RoutingRule,
    Tracker,
    UnicastPeer,
    VirtualAddress,
)
from havipcfg.keepalived.load import read
from havipcfg.keepalived.version import NEWEST, Version
from havipcfg.keepalived.words import PLAIN, Item, language, quick, thorough
from havipcfg.source import Source

V227 = Version(2, 2, 7)
LITERALS = sorted({word for start in PLAIN for word in language(start)[1]})


def plainly(items: list[Item]) -> list[tuple[str, str, int, int]]:
    return [(item.name, item.value, item.start, item.at) for item in items]


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(sorted(PLAIN)), st.lists(st.sampled_from([*LITERALS, "192.0.2.1", "5", "word"]), max_size=6))
def test_the_short_way_says_what_the_grammar_says(start: str, words: list[str]) -> None:
    short = quick(start, words)
    if short is not None and words:
        whole = thorough(start, words)
        assert (whole.unknown, whole.open) == ([], -1)
        assert plainly(short.items) == plainly(whole.items)


@pytest.mark.parametrize("start", sorted(PLAIN))
def test_the_short_way_takes_every_option_it_names(start: str) -> None:
    pairs, flags, first = PLAIN[start]
    words = ["192.0.2.1"] if first else []
    words += [word for option in pairs for word in (option, "5")] + list(flags)
    short = quick(start, words)
    assert short is not None
    assert plainly(short.items) == plainly(thorough(start, words).items)


WHERE = {
    "vip": ("vrrp_instance", "virtual_ipaddress"),
    "route": ("vrrp_instance", "virtual_routes"),
    "rule": ("vrrp_instance", "virtual_rules"),
    "script": ("vrrp_instance", "track_script"),
    "interface": ("vrrp_instance", "track_interface"),
    "file": ("vrrp_instance", "track_file"),
    "peer": ("vrrp_instance", "unicast_peer"),
    "static address": ("", "static_ipaddress"),
    "static route": ("", "static_routes"),
    "static rule": ("", "static_rules"),
    "delay": ("", "interface_up_down_delays"),
    "linkbeat": ("", "linkbeat_interfaces"),
}


def entries(kind: str, text: str, target: Version = NEWEST) -> tuple[list[Any], list[tuple[str, str]]]:
    """The entries a block of one line gives, and what was found: code, and the text it points at."""
    block, name = WHERE[kind]
    inside = f"{name} {{\n{text}\n}}\n"
    reading = read(Source("x.conf", f"{block} web {{\n{inside}}}\n" if block else inside), target)
    conf: Any = reading.conf if not block else getattr(reading.conf, block)[0]
    return list(getattr(conf, name)), [(problem.code, problem.span.text) for problem in reading.problems]


@pytest.mark.parametrize(
    ("kind", "text", "entry"),
    [
        ("vip", "192.0.2.1", VirtualAddress("192.0.2.1")),
        ("vip", "192.0.2.1/024", VirtualAddress("192.0.2.1", 24)),
        ("vip", "192.0.2.1/", VirtualAddress("192.0.2.1", 0)),
        ("vip", "192.0.2.1/24 dev eth0", VirtualAddress("192.0.2.1", 24, "eth0")),
        (
            "vip",
            "192.0.2.1/24 label eth0:1 brd + -nodad scope 0x10 dev eth0 use_vmac",
            VirtualAddress("192.0.2.1", 24, "eth0", "0x10", "+", "eth0:1", flags=("-nodad", "use_vmac")),
        ),
        ("vip", "192.0.2.1 peer 198.51.100.1", VirtualAddress("192.0.2.1", peer="198.51.100.1")),
        ("vip", "fd00::1/64 preferred_lft forever", VirtualAddress("fd00::1", 64, preferred_lft="forever")),
        ("static address", "192.0.2.1 track_group g", VirtualAddress("192.0.2.1", track_group="g")),
        ("script", "chk", Tracker("chk")),
        ("script", "chk weight -20", Tracker("chk", -20)),
        ("script", "chk weight +20 reverse more", Tracker("chk", 20, True)),
        ("file", "f weight 254 noreverse", Tracker("f", 254, False)),
        ("interface", "eth1 weight 0", Tracker("eth1", 0)),
        ("peer", "192.0.2.1-5", UnicastPeer("192.0.2.1")),
        ("peer", "192.0.2.1 max_ttl 255 min_ttl 254", UnicastPeer("192.0.2.1", 254, 255)),
        ("route", "default via 192.0.2.1 dev eth0", Route("default", (("via", "192.0.2.1"), ("dev", "eth0")))),
        ("route", "to 198.51.100.0/24 oif eth0", Route("198.51.100.0/24", (("dev", "eth0"),))),
        (
            "route",
            "blackhole 198.51.100.0/24 no_track",
            Route("198.51.100.0/24", (("type", "blackhole"), ("no_track", ""))),
        ),
        (
            "route",
            "198.51.100.0/24 mtu lock 1400 nexthop via 192.0.2.1 weight 2 nexthop dev eth0",
            Route(
                "198.51.100.0/24",
                (("mtu", "lock 1400"),),
                ((("via", "192.0.2.1"), ("weight", "2")), (("dev", "eth0"),)),
            ),
        ),
        (
            "rule",
            "from 192.0.2.0/24 lookup main priority 010",
            RoutingRule((("from", "192.0.2.0/24"), ("table", "main"), ("preference", "010"))),
        ),
        ("rule", "type blackhole order 5", RoutingRule((("blackhole", ""), ("preference", "5")))),
        ("delay", "eth0 1.5", InterfaceDelay("eth0", 1.5, 0.0)),
        ("delay", "eth0 1 255", InterfaceDelay("eth0", 1.0, 255.0)),
        ("linkbeat", "eth0 MII", Linkbeat("eth0", "MII")),
    ],
)
def test_a_good_line_gives_its_entry_and_no_report(kind: str, text: str, entry: object) -> None:
    assert entries(kind, text) == ([entry], [])


@pytest.mark.parametrize(
    ("kind", "text", "kept", "found"),
    [
        ("vip", "192.0.2.1/33", 1, ("KC130", "192.0.2.1/33")),
        ("vip", "192.0.2.300", 0, ("KC107", "192.0.2.300")),
        ("vip", "192.0.2.1 192.0.2.2", 1, ("KC126", "192.0.2.2")),
        ("vip", "192.0.2.1 dev", 0, ("KC127", "dev")),
        ("vip", "192.0.2.1 dev eth0 dev eth1", 0, ("KC129", "dev")),
        ("vip", "192.0.2.1/24 scope everywhere", 1, ("KC128", "everywhere")),
        ("vip", "192.0.2.1/31 brd +", 1, ("KC128", "+")),
        ("vip", "fd00::1 brd +", 0, ("KC129", "brd")),
        ("vip", "192.0.2.1/24 peer 198.51.100.1", 1, ("KC129", "192.0.2.1/24")),
        ("vip", "192.0.2.1 label abcdefghijklmnop", 0, ("KC128", "abcdefghijklmnop")),
        ("vip", "192.0.2.1 track_group", 1, ("KC126", "track_group")),
        ("script", "chk weight 254", 1, ("KC128", "254")),
        ("script", "chk weight x", 1, ("KC128", "x")),
        ("script", "chk weight", 0, ("KC127", "weight")),
        ("script", "chk reverse", 0, ("KC126", "reverse")),
        ("script", "chk weight 5 bogus", 0, ("KC126", "bogus")),
        ("script", "chk\nchk weight 5", 1, ("KC135", "chk")),
        ("interface", "eth1 weight 5 noreverse", 0, ("KC126", "noreverse")),
        ("peer", "web-b", 0, ("KC107", "web-b")),
        ("peer", "192.0.2.1 max_ttl 256", 1, ("KC128", "256")),
        ("route", "via 192.0.2.1 dev eth0", 0, ("KC131", "via 192.0.2.1 dev eth0")),
        ("route", "198.51.100.0/24 dev eth0 bogus", 0, ("KC126", "bogus")),
        ("route", "198.51.100.0/24 dev", 0, ("KC127", "dev")),
        ("route", "198.51.100.0/24 via fd00::1", 0, ("KC129", "fd00::1")),
        ("route", "198.51.100.0/24 gw 192.0.2.1", 1, ("KC133", "gw")),
        ("route", "198.51.100.0/24 dev eth0 protocol static", 1, ("KC134", "protocol")),
        ("route", "198.51.100.0/24 dev eth0 quickack 2", 0, ("KC128", "2")),
        ("rule", "from 192.0.2.0/24 priority 5", 0, ("KC131", "from 192.0.2.0/24 priority 5")),
        ("rule", "from 192.0.2.0/24 table 100", 1, ("KC131", "from 192.0.2.0/24 table 100")),
        ("rule", "from 192.0.2.0/24 table 100 nop priority 5", 0, ("KC129", "nop")),
        ("rule", "from 192.0.2.0/24 sport 80 table 100 priority 5", 1, ("KC128", "80")),
        ("rule", "from 192.0.2.0/24 goto 4 priority 5", 0, ("KC129", "goto")),
        ("delay", "eth0", 0, ("KC131", "eth0")),
        ("delay", "eth0 1s", 1, ("KC103", "1s")),
        ("linkbeat", "eth0 mii", 1, ("KC126", "mii")),
    ],
)
def test_a_bad_line_gives_one_report_at_its_word(kind: str, text: str, kept: int, found: tuple[str, str]) -> None:
    given, problems = entries(kind, text)
    assert (len(given), problems) == (kept, [found])


def test_the_word_after_inet_is_lost() -> None:
    assert entries("rule", "inet from 192.0.2.0/24 table 100 priority 5")[1] == [
        ("KC132", "from"),
        ("KC126", "192.0.2.0/24"),
    ]


def test_a_route_without_interface_is_reported_up_to_2_2_7_only() -> None:
    line = "198.51.100.0/24 via 192.0.2.1"
    assert entries("route", line)[1] == []
    assert entries("route", line, V227)[1] == [("KC134", "198.51.100.0/24")]


def test_a_rtt_out_of_bounds_is_reported_since_it_is_clamped() -> None:
    line = "198.51.100.0/24 dev eth0 rtt 1ms"
    assert entries("route", line, V227)[1] == []
    assert entries("route", line)[1] == [("KC128", "1ms")]


def test_reading_a_file_of_plain_lines_makes_no_parser() -> None:
    language.cache_clear()
    address = "virtual_ipaddress {\n192.0.2.1/24 dev eth0 label eth0:1\n}"
    text = f"vrrp_instance web {{\n{address}\ntrack_script {{\nc weight 5\n}}\n}}"
    conf: KeepalivedConf = read(Source("x.conf", text)).conf
    assert conf.vrrp_instance[0].track_script == (Tracker("c", 5),)
    assert language.cache_info().currsize == 0


@pytest.mark.parametrize("start", sorted(PLAIN))
def test_the_short_way_leaves_every_other_word_to_the_grammar(start: str) -> None:
    for literal in language(start)[1]:
        for words in ([literal], [literal, "x"], ["x", literal], ["x", literal, "y"]):
            short = quick(start, words)
            if short is not None:
                whole = thorough(start, words)
                assert (whole.unknown, whole.open, plainly(whole.items)) == ([], -1, plainly(short.items)), words


@pytest.mark.parametrize(("host", "number"), [("2147483648", True), ("192.0.2.25", True), ("192.0.2.256", False)])
def test_a_relay_is_any_number_that_the_c_library_takes_for_an_address(host: str, number: bool) -> None:
    conf = read(Source("x.conf", f"global_defs {{\n    smtp_server {host}\n}}\n"))
    assert (conf.problems == []) == number

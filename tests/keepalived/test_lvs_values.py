"""The one-line languages of the load balancer: read, refused, written back."""

from __future__ import annotations

from typing import Any

import pytest

from havipcfg.keepalived.checkers_values import HexData, StatusCodes, shell_words
from havipcfg.keepalived.load import Reading, read
from havipcfg.keepalived.lvs_values import Endpoint, ForwardingMethod, Service
from havipcfg.keepalived.printer import print_conf
from havipcfg.keepalived.real_server import RealServer
from havipcfg.keepalived.version import NEWEST, Version
from havipcfg.keepalived.virtual_server import VirtualServer
from havipcfg.source import Source

OLD = Version(2, 2, 7)


def server(body: str, head: str = "192.0.2.10 80", target: Version = NEWEST) -> tuple[VirtualServer, Reading]:
    reading = read(Source("x.conf", f"virtual_server {head} {{\n{body}\n}}\n"), target)
    assert len(reading.conf.virtual_server) == 1
    return reading.conf.virtual_server[0], reading


def real(body: str, target: Version = NEWEST) -> tuple[RealServer, Reading]:
    found, reading = server(f"real_server 192.0.2.21 80 {{\n{body}\n}}", target=target)
    return found.real_server[0], reading


def codes(reading: Reading) -> list[str]:
    return [problem.code for problem in reading.problems]


@pytest.mark.parametrize(
    ("head", "service"),
    [
        ("192.0.2.10 80", Service("192.0.2.10", 80)),
        ("192.0.2.10", Service("192.0.2.10")),
        ("192.0.2.10 0", Service("192.0.2.10")),
        ("192.0.2.10/24 80", Service("192.0.2.10", 80)),
        ("2001:db8::10 80", Service("2001:db8::10", 80)),
        ("fwmark 0", Service(fwmark=0)),
        ("fwmark 4294967295", Service(fwmark=4294967295)),
        ("group web", Service(group="web")),
    ],
)
def test_what_is_balanced(head: str, service: Service) -> None:
    found, reading = server("", head)
    assert found.service == service
    assert codes(reading) == []
    again, _ = server("", str(service))
    assert again.service == service


@pytest.mark.parametrize(
    "head", ["", "fwmark", "group", "web 80", "192.0.2.10 http", "192.0.2.10 65536", "192.0.2.010", "fwmark -1"]
)
def test_a_refused_service_takes_its_block_with_it(head: str) -> None:
    reading = read(Source("x.conf", f"virtual_server {head} {{\nnonsense\n}}\n"), NEWEST)
    assert reading.conf.virtual_server == ()
    assert len(reading.problems) == 1
    assert reading.problems[0].keepalived


def test_a_refused_real_server_hides_what_is_in_it() -> None:
    found, reading = server("real_server web 80 {\nnonsense\n}\nreal_server 192.0.2.21 {\n}")
    assert [real.endpoint for real in found.real_server] == [Endpoint("192.0.2.21")]
    assert codes(reading) == ["KC402"]


@pytest.mark.parametrize(
    ("words", "method"),
    [
        ("NAT", ForwardingMethod("NAT")),
        ("TUN type gue port 6080 remcsum", ForwardingMethod("TUN", "gue", 6080, "remcsum")),
        ("TUN type gre csum", ForwardingMethod("TUN", "gre", None, "csum")),
        ("TUN nocsum", ForwardingMethod("TUN", None, None, "nocsum")),
    ],
)
@pytest.mark.parametrize("keyword", ["lvs_method", "lb_kind"])
def test_forwarding_methods(keyword: str, words: str, method: ForwardingMethod) -> None:
    found, reading = server(f"{keyword} {words}")
    assert found.lvs_method == method
    assert codes(reading) == []
    kind = VirtualServer.keywords()[keyword].kind
    assert " ".join(kind.write(method)) == words


def test_wrong_tunnel_options_leave_the_method() -> None:
    found, reading = server("lvs_method TUN type gue")
    assert found.lvs_method == ForwardingMethod("TUN")
    assert codes(reading) == ["KC404"]


def test_an_unknown_method_is_none() -> None:
    found, reading = server("lvs_method DR\nlvs_method nat")
    assert found.lvs_method == ForwardingMethod("DR")
    assert codes(reading) == ["KC106"]


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("persistence_timeout", "persistence_timeout", 360),
        ("persistence_timeout 5", "persistence_timeout", 5),
        ("quorum 0", "quorum", 1),
        ("protocol sctp", "protocol", "SCTP"),
        ("lb_algo mh", "lvs_sched", "mh"),
        ("sorry_server 192.0.2.29 81", "sorry_server", Endpoint("192.0.2.29", 81)),
        ("persistence_granularity 0xffffff00", "persistence_granularity", "0xffffff00"),
    ],
)
def test_values_in_force(line: str, field: str, value: Any) -> None:
    found, _ = server(line)
    assert getattr(found, field) == value


def test_check_values() -> None:
    found, reading = real(
        "UDP_CHECK {\npayload 01 2 ab\nrequire_reply 0xxx\n}\n"
        "HTTP_GET {\nurl {\npath /\nstatus_code 200 301-303\nstatus_code 404\nregex 'it works'\n}\n}\n"
        "FILE_CHECK {\ntrack_file f\nweight -3 reverse\n}"
    )
    assert found.UDP_CHECK[0].payload == HexData(("01", "02", "ab"))
    assert str(found.UDP_CHECK[0].require_reply) == "0x xx"
    url = found.HTTP_GET[0].url[0]
    assert url.status_code == ((StatusCodes(200, 200), StatusCodes(301, 303)), (StatusCodes(404, 404),))
    assert url.regex == "it works"
    assert found.FILE_CHECK[0].weight == (-3, True)
    assert codes(reading) == []


def test_the_old_keepalived_stumbles_over_ff() -> None:
    assert codes(real("UDP_CHECK {\npayload 00 ff\n}", OLD)[1]) == ["KC405"]
    assert codes(real("UDP_CHECK {\npayload 00 ff\n}")[1]) == []
    assert codes(real("UDP_CHECK {\npayload ff 00\n}", OLD)[1]) == []


@pytest.mark.parametrize("lines", ["virtualhost a\nvirtualhost b", "snmp_name a\nsnmp_name b"])
def test_the_new_keepalived_reports_what_the_old_one_let_pass(lines: str) -> None:
    for target, expected in ((OLD, []), (NEWEST, ["KC109"])):
        found, reading = server(lines, target=target)
        assert codes(reading) == expected
        assert "b" in (found.virtualhost, found.snmp_name)


def test_a_refused_digest_leaves_room_for_the_next() -> None:
    good = "9b3a0c85a887a256d6939da88aabd8cd"
    found, reading = real(f"SSL_GET {{\nurl {{\npath /\ndigest zz\ndigest {good}\ndigest {good}\n}}\n}}")
    assert found.SSL_GET[0].url[0].digest == good
    assert codes(reading) == ["KC405", "KC109"]


def test_checks_are_found_by_kind() -> None:
    found, _ = real("TCP_CHECK {\n}\nPING_CHECK {\n}\nTCP_CHECK {\n}")
    assert [type(check).__name__ for check in found.checks] == ["TcpCheck", "TcpCheck", "PingCheck"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("regex a b", ["regex", "a", "b"]),
        ("regex 'a b'", ["regex", "a b"]),
        ('regex "a b"c', ["regex", "a bc"]),
        (r"regex a\ b", ["regex", r"a\ b"]),
        ('regex "a', ["regex", '"a']),
    ],
)
def test_words_of_an_expression(text: str, words: list[str]) -> None:
    assert shell_words(text) == words


def test_bfd_names_and_neighbours() -> None:
    reading = read(
        Source("x.conf", "bfd_instance {\nneighbor_ip 192.0.2.1\n}\nbfd_instance a {\nneighbour_ip 192.0.2.1\n}\n")
    )
    assert [session.name for session in reading.conf.bfd_instance] == ["a"]
    assert reading.conf.bfd_instance[0].neighbor_ip == "192.0.2.1"
    assert [(p.code, "crashes" in p.why) for p in reading.problems] == [("KC102", True)]


EVERYTHING = """
SSL {
    password "open sesame"
    ca /etc/ssl/ca.pem
}
virtual_server_group web {
    192.0.2.10-20 80
    192.0.2.32/28
    2001:db8::1-2001:db8::f 443
    fwmark 7 inet6
}
bfd_instance peer {
    neighbor_ip 192.0.2.1
    min_rx 12.5
    max_hops -1
    vrrp
}
virtual_server fwmark 5 {
    ip_family inet
    delay_loop 1.5
    lvs_sched sh
    sh-port
    lvs_method TUN type gue port 6080 csum
    persistence_granularity 255.255.0.0
    quorum_up "/bin/echo up" nobody
    sorry_server 192.0.2.29
    sorry_server_lvs_method NAT
    real_server 192.0.2.21 80 {
        weight 0
        MISC_CHECK {
            misc_path "/bin/probe 'a b'"
            misc_dynamic
            user nobody nogroup
        }
        UDP_CHECK {
            payload 00 11
            require_reply 0x ff
        }
        SMTP_CHECK {
            helo_name here
            host {
                connect_ip 192.0.2.22
            }
        }
        SSL_GET {
            http_protocol 1.1
            url {
                path "/a b"
                status_code 200 300-310
                status_code 404
                regex "it works"
                regex_options caseless dotall
                regex_stack 10 20
            }
        }
        DNS_CHECK {
            type mx
            name example.org
        }
        FILE_CHECK {
            track_file load
            weight -2 reverse
        }
        BFD_CHECK {
            name peer
        }
    }
}
"""


def test_what_is_written_reads_the_same() -> None:
    conf = read(Source("x.conf", EVERYTHING)).conf
    text = print_conf(conf)
    again = read(Source("y.conf", text))
    assert codes(again) == codes(read(Source("x.conf", EVERYTHING)))
    assert again.conf == conf
    assert print_conf(again.conf) == text


def test_models_are_validated_too() -> None:
    with pytest.raises(ValueError, match="delay_loop"):
        VirtualServer(service=Service(fwmark=5), delay_loop=0)
    made = VirtualServer(service=Service("192.0.2.10", 80), lvs_method=ForwardingMethod("DR"), quorum=2)
    assert made.quorum == 2
    assert made.delay_loop == 60

"""Printing: what is printed reads back as the same blocks, without a complaint."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from pydantic import ValidationError

from havipcfg.keepalived.conf import KeepalivedConf
from havipcfg.keepalived.entries import ScriptCommand, VirtualAddress
from havipcfg.keepalived.global_defs import GlobalDefs
from havipcfg.keepalived.load import read
from havipcfg.keepalived.printer import print_conf
from havipcfg.keepalived.process_options import User
from havipcfg.keepalived.tracking import VrrpScript
from havipcfg.keepalived.version import NEWEST, Version
from havipcfg.keepalived.vrrp_instance import Authentication, VrrpInstance
from havipcfg.source import Source
from tests.strategies import confs

QUIET = ("KC114",)


def reread(conf: KeepalivedConf) -> tuple[KeepalivedConf, list[str]]:
    reading = read(Source("printed.conf", print_conf(conf)))
    return reading.conf, [f"{p.code} {p.message}" for p in reading.problems if p.code not in QUIET]


@settings(deadline=None, max_examples=50, suppress_health_check=list(HealthCheck))
@given(confs())
def test_what_is_printed_reads_back_as_the_same_blocks(conf: KeepalivedConf) -> None:
    again, problems = reread(conf)
    assert problems == []
    assert again == conf
    assert print_conf(again) == print_conf(conf)


@pytest.mark.parametrize("command", ["\x1c", "\x1f", "/usr/bin/a\x1cb c"])
def test_control_characters_are_part_of_a_word(command: str) -> None:
    conf = read(Source("x.conf", f"vrrp_instance web {{\n    notify_master {command}\n}}\n")).conf
    assert command in print_conf(conf)
    assert reread(conf)[0] == conf


def test_order_indentation_and_quotes() -> None:
    conf = KeepalivedConf(
        vrrp_instance=(
            VrrpInstance(
                name="web",
                state="BACKUP",
                interface="eth0",
                virtual_router_id=61,
                authentication=Authentication(auth_type="PASS", auth_pass="k7 w2"),
                virtual_ipaddress=(VirtualAddress("192.0.2.10", 24, "eth0"),),
                nopreempt=True,
            ),
        ),
        vrrp_script=(VrrpScript(name="chk", script=ScriptCommand(("/usr/bin/pgrep", "a b")), interval=2.5),),
        global_defs=GlobalDefs(router_id="web a", script_user=User("root"), enable_script_security=True),
    )
    assert (
        print_conf(conf)
        == """\
global_defs {
    router_id "web a"
    script_user root
    enable_script_security
}

vrrp_script chk {
    script "/usr/bin/pgrep 'a b'"
    interval 2.5
}

vrrp_instance web {
    state BACKUP
    interface eth0
    virtual_router_id 61
    nopreempt
    virtual_ipaddress {
        192.0.2.10/24 dev eth0
    }
    authentication {
        auth_type PASS
        auth_pass "k7 w2"
    }
}
"""
    )


@pytest.mark.parametrize("argv", [("/usr/bin/x", "it's"), ("/usr/bin/x", 'say "no"'), ("/usr/bin/x", "a\\b")])
def test_a_command_that_versions_read_differently_is_refused(argv: tuple[str, ...]) -> None:
    conf = KeepalivedConf(vrrp_script=(VrrpScript(name="chk", script=ScriptCommand(argv)),))
    with pytest.raises(ValueError, match="script of its own"):
        print_conf(conf)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"priority": 300}, "less than or equal to 255"),
        ({"priority": 0}, "greater than or equal to 1"),
        ({"advert_int": 0.001}, "greater than or equal to 0.01"),
        ({"prioritty": 5}, "not permitted"),
        ({"virtual_router_id": "many"}, "valid integer"),
    ],
)
def test_a_block_is_not_made_with_a_value_that_keepalived_refuses(wrong: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        VrrpInstance(name="web", **wrong)


def test_a_command_is_printed_as_it_was_written() -> None:
    text = "vrrp_script chk {\n    script \"/bin/sh -c 'exit $(cat /run/x)'\"\n}\n"
    assert print_conf(read(Source("x.conf", text)).conf) == text


def test_an_empty_block_stays() -> None:
    text = "vrrp_instance web {\n    virtual_ipaddress {\n    }\n}\n"
    assert print_conf(read(Source("x.conf", text)).conf) == text


def test_a_line_that_keepalived_would_cut_is_refused() -> None:
    conf = KeepalivedConf(global_defs=GlobalDefs(router_id="x" * 1015))
    with pytest.raises(ValueError, match="more than 1022 bytes"):
        print_conf(conf)


@pytest.mark.parametrize(
    "text",
    [
        "vrrp_track_file load {\n    file /run/load\n}\n",
        "global_defs {\n    bfd_rlimit_rtime 2\n}\n",
        "global_defs {\n    lvs_flush_onstop\n}\n",
    ],
)
def test_an_older_keepalived_gets_the_name_it_knows(text: str) -> None:
    oldest = Version(2, 0, 0)
    conf = read(Source("x.conf", text), oldest).conf
    assert conf.given
    assert read(Source("printed.conf", print_conf(conf, oldest)), oldest).conf == conf


@pytest.mark.parametrize(
    "lines",
    [
        f"auth_hmac {{\nkey 1 hex {'ab' * 32}\nactive_key 1\n}}\nauth_hmac {{\nmode permissive\n}}",
        'notify ""',
        "virtual_routes {\n192.0.2.0/24 via 192.0.2.1\x1f dev eth0\n}",
    ],
)
@pytest.mark.parametrize("target", [Version(2, 2, 7), NEWEST])
def test_what_fuzzing_found_reads_back(lines: str, target: Version) -> None:
    text = f"track_file load {{\nfile $_PWD\n}}\nvrrp_script chk {{\nscript ''\n}}\nvrrp_instance web {{\n{lines}\n}}\n"
    conf = read(Source("x.conf", text), target).conf
    assert read(Source("printed.conf", print_conf(conf, target)), target).conf == conf


def test_a_second_auth_hmac_does_not_repeat_a_key() -> None:
    hmac = f"auth_hmac {{\nkey 1 hex {'ab' * 32}\nactive_key 1\n}}\n"
    reading = read(Source("x.conf", f"vrrp_instance web {{\n{hmac}{hmac}}}\n"))
    assert [problem.code for problem in reading.problems if problem.span.line == 7]
    assert read(Source("printed.conf", print_conf(reading.conf))).conf == reading.conf


def test_a_command_that_would_take_in_the_next_line_is_refused() -> None:
    conf = read(Source("x.conf", "vrrp_script chk { script ^\\}\n")).conf
    with pytest.raises(ValueError, match="backslash"):
        print_conf(conf)

"""What operators paste and mistype: one cause is one finding."""

from __future__ import annotations

import pytest

from havipcfg.diagnostics import Severity
from havipcfg.linter.engine import lint
from havipcfg.source import Source

GOOD = """\
global_defs {
    enable_script_security
    script_user root
}
vrrp_script chk {
    script "/usr/bin/pgrep nginx"
    interval 2
    fall 2
    rise 2
    weight -60
}
vrrp_instance VI_1 {
    state BACKUP
    interface eth0
    virtual_router_id 51
    priority 100
    unicast_src_ip 10.0.0.2
    unicast_peer {
        10.0.0.3
    }
    virtual_ipaddress {
        10.0.0.10/24 dev eth0
    }
    track_script {
        chk
    }
}
"""
BROKEN = {
    "missing closer": (" dev eth0\n    }", " dev eth0", "KC030"),
    "missing opener": ("VI_1 {", "VI_1", "KC116"),
    "typographic quotes": ('"/usr/bin/pgrep nginx"', "\u201c/usr/bin/pgrep nginx\u201d", "KC034"),
    "full-width brace": ("chk {", "chk \uff5b", "KC034"),
    "no-break space": ("priority 100", "priority\u00a0100", "KC034"),
    "another comment": ("    priority 100", "    // priority 100", "KC035"),
    "shell": ("vrrp_instance", "sudo systemctl restart keepalived\nvrrp_instance", "KC036"),
    "merge conflict": ("    priority 100", "<<<<<<< HEAD\n    priority 100", "KC037"),
    "key = value": ("priority 100", "priority = 100", "KC037"),
    "misspelt id": ("virtual_router_id", "virtual_routerid", "KC101"),
    "misspelt interface": ("    interface eth0", "    interfce eth0", "KC101"),
    "unit": ("interval 2", "interval 2s", "KC103"),
    "wrong address": ("10.0.0.10/24", "10.0.0.310/24", "KC107"),
    "peers in one line": ("10.0.0.3", "10.0.0.3, 10.0.0.4", "KC107"),
    "quoted closer": ("        chk\n    }\n", '        chk\n    }\n"}"\n', "KC031"),
    "no braces": ("    unicast_peer {\n        10.0.0.3\n    }\n", "    unicast_peer\n        10.0.0.3\n", "KC116"),
    "missing opener inside": ("unicast_peer {", "unicast_peer", "KC116"),
    "early closer": ("    priority 100", "    }\n    priority 100", "KC031"),
}


def test_the_good_one_is_good() -> None:
    assert [d.code for d in lint([Source("x.conf", GOOD)]).diagnostics if d.severity is not Severity.INFO] == []


@pytest.mark.parametrize("name", BROKEN)
def test_one_cause_is_one_finding(name: str) -> None:
    good, broken, code = BROKEN[name]
    found = lint([Source("x.conf", GOOD.replace(good, broken, 1))]).diagnostics
    assert [d.code for d in found if d.severity is not Severity.INFO] == [code]


def test_pasted_json_is_named() -> None:
    found = lint([Source("x.conf", '{"vrrp_instance": {"VI_1": {"state": "BACKUP"}}}\n')]).diagnostics
    assert any("JSON" in diagnostic.message for diagnostic in found)


@pytest.mark.parametrize("length", ["+", "-"])
def test_a_prefix_length_without_digits_is_reported(length: str) -> None:
    found = lint([Source("x.conf", GOOD.replace("10.0.0.10/24", f"10.0.0.10/{length}"))]).diagnostics
    assert any(diagnostic.span.line == 22 for diagnostic in found)


def test_a_table_whose_last_32_bits_are_0_is_none() -> None:
    found = lint([Source("x.conf", "static_rules {\n from 192.0.2.9 table 4294967296\n}\n")]).diagnostics
    assert [diagnostic.keepalived for diagnostic in found if diagnostic.span.line == 2] == [True]

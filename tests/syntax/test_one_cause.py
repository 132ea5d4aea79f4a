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
    "peers in one line": ("10.0.0.3", "10.0.0.3, 10.0.0.4", "KC037"),
    "merge conflict, all of it": (
        "    priority 100\n",
        "<<<<<<< HEAD\n    priority 100\n=======\n    priority 90\n>>>>>>> other\n",
        "KC037",
    ),
    "YAML pasted into a block": (
        "    priority 100\n",
        "    priority: 100\n    state: BACKUP\n    virtual_ipaddress:\n      - 10.0.0.11\n      - 10.0.0.12\n",
        "KC037",
    ),
    "quote of a tracked script": ('"/usr/bin/pgrep nginx"', '"/usr/bin/pgrep nginx', "KC003"),
    "single quote of a tracked script": ('"/usr/bin/pgrep nginx"', "'/usr/bin/pgrep nginx", "KC138"),
    "byte order mark": ("global_defs", "\ufeffglobal_defs", "KC034"),
    "parentheses": ("unicast_peer {\n        10.0.0.3\n    }", "unicast_peer (\n        10.0.0.3\n    )", "KC116"),
    "a parenthesis": ("unicast_peer {", "unicast_peer (", "KC116"),
    "HTML entities": ('"/usr/bin/pgrep nginx"', "&quot;/usr/bin/pgrep nginx&quot;", "KC034"),
    "commas": ("10.0.0.10/24 dev eth0", "10.0.0.10/24, 10.0.0.11/24", "KC037"),
    "semicolon": ("priority 100", "priority 100;", "KC037"),
    "colon at a block": ("unicast_peer {", "unicast_peer: {", "KC037"),
    "template": ("10.0.0.10/24", "{{ vip }}", "KC037"),
    "placeholder": ("10.0.0.10/24", "<VIP>/24", "KC037"),
    "loop of a template": ("        10.0.0.3\n", "{% for p in peers %}\n  {{ p }}\n{% endfor %}\n", "KC037"),
    "brace twice": ("VI_1 {", "VI_1 {\n{", "KC115"),
    "name of two words": ("VI_1 {", "VI 1 {", "KC110"),
    "no name": ("VI_1 {", "{", "KC102"),
    "settings in one line": ("state BACKUP\n    interface eth0", "state BACKUP interface eth0", "KC111"),
    "block begun twice": ("vrrp_script chk {", "vrrp_script chk {\nvrrp_script chk {", "KC030"),
    "comment of C": ("    priority 100", "    /* the priority\n     * of web-a\n     */\n    priority 100", "KC035"),
    "log": ("vrrp_instance", "Nov 25 10:00:01 a x[1]: up\nNov 25 10:00:02 a x[1]: up\nvrrp_instance", "KC036"),
    "another program": (
        "vrrp_instance",
        "global\n    log /dev/log local0\n    maxconn 4096\n\nfrontend http\n    bind *:80\nvrrp_instance",
        "KC101",
    ),
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


NAMED_BY_KEEPALIVED = {
    "{ missing at a block": ("VI_1 {", "VI_1", 13),
    "{ missing at a list": ("unicast_peer {", "unicast_peer", 21),
    "} too many": ("    priority 100\n", "    }\n    priority 100\n", 17),
    "} too many in a list": ("10.0.0.3\n", "}\n        10.0.0.3\n", 22),
    "} in quotes": ("    priority 100\n", '    "}"\n    priority 100\n', 17),
    "{ in quotes": ("unicast_peer {", 'unicast_peer "{"', 27),
    "no braces at a list": ("unicast_peer {\n        10.0.0.3\n    }\n", "unicast_peer\n        10.0.0.3\n", 20),
}
"""The line at which keepalived 2.2.7 first stumbles, measured."""


@pytest.mark.parametrize("name", NAMED_BY_KEEPALIVED)
def test_a_wrong_brace_stands_where_keepalived_names_it_and_points_to_the_cause(name: str) -> None:
    good, broken, line = NAMED_BY_KEEPALIVED[name]
    found = [d for d in lint([Source("x.conf", GOOD.replace(good, broken, 1))]).diagnostics if d.keepalived]
    assert [d.span.line for d in found] == [line]
    cause = GOOD[: GOOD.index(good)].count("\n") + 1
    assert any(label.span.line in (cause, cause + 1) for label in found[0].related)


def _every(before: str) -> str:
    return "".join(f"{before}{line}\n" for line in GOOD.splitlines())


ALL_OF_IT = {
    "JSON": '{\n  "vrrp_instance": {\n    "VI_1": {\n      "state": "BACKUP"\n    }\n  }\n}\n',
    "YAML": "vrrp_instance:\n  name: VI_1\n  priority: 100\n  virtual_ipaddress:\n    - 10.0.0.10/24\n",
    "an INI file": "[vrrp_instance VI_1]\nstate = BACKUP\ninterface = eth0\n",
    "a patch": "--- a/x.conf\n+++ b/x.conf\n@@ -1,3 +1,3 @@\n" + _every(" "),
    "a line number": "".join(f"{number:4}  {line}\n" for number, line in enumerate(GOOD.splitlines(), 1)),
    "the name of a file": _every("keepalived.conf:"),
    "a >": _every("> "),
    "a - or *": _every("- "),
    "a carriage return": GOOD.replace("\n", "\r"),
}


@pytest.mark.parametrize("what", ALL_OF_IT)
def test_a_file_of_another_kind_is_one_finding_that_names_it(what: str) -> None:
    found = lint([Source("x.conf", ALL_OF_IT[what])]).diagnostics
    assert [d.code for d in found] == ["KC039"]
    assert what in found[0].message


MANNERS = {
    "semicolons": GOOD.replace("\n", ";\n").replace("{;", "{").replace("};", "}"),
    "equals signs": GOOD.replace("priority 100", "priority = 100").replace("state BACKUP", "state=BACKUP"),
    "colons": GOOD.replace("priority 100", "priority: 100").replace("state BACKUP", "state: BACKUP"),
    "templates": GOOD.replace("priority 100", "priority {{ p }}").replace("eth0", "{{ interface }}"),
}


@pytest.mark.parametrize("manner", MANNERS)
def test_a_manner_of_writing_is_one_finding_for_all_lines(manner: str) -> None:
    found = [d for d in lint([Source("x.conf", MANNERS[manner])]).diagnostics if d.severity is not Severity.INFO]
    assert [d.code for d in found] == ["KC037"]
    assert found[0].notes


@pytest.mark.parametrize("text", [GOOD, GOOD.replace("\n", "\r\n"), GOOD.replace("    ", "\t")])
def test_line_ends_and_tabs_are_nobodys_business(text: str) -> None:
    assert [d.code for d in lint([Source("x.conf", text)]).diagnostics if d.severity is not Severity.INFO] == []


def test_single_quotes_hold_a_command_together() -> None:
    found = lint([Source("x.conf", GOOD.replace('"/usr/bin/pgrep nginx"', "'/usr/bin/pgrep nginx'"))]).diagnostics
    assert [d.code for d in found if d.severity is not Severity.INFO] == []


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

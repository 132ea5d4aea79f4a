"""No password of a configuration reaches a report."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from havipcfg.keepalived.conf import KeepalivedConf
from havipcfg.keepalived.declare import Block, Body
from havipcfg.linter.engine import lint
from havipcfg.render import FORMATS, render
from havipcfg.render.secrets import hide, secret_keywords
from havipcfg.source import Source

NODE = """\
vrrp_instance web {{
    state BACKUP
    interface eth0
    virtual_router_id 61
    authentication {{
        auth_type PASS
        auth_pas{s} {password}
    }}
    unicast_src_ip 10.0.0.{own}
    unicast_peer {{
        10.0.0.{other}
    }}
    virtual_ipaddress {{
        10.0.0.9
    }}
}}
"""


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("spelling", ["s", "", 's "'])
def test_report_tells_no_password(format_: str, spelling: str) -> None:
    sources = [
        Source("a.conf", NODE.format(s="s", password="zu8kelpA", own=1, other=2)),
        Source("b.conf", NODE.format(s=spelling, password="zu8kelpB", own=2, other=1)),
    ]
    text = render(lint(sources), format_)
    assert ("KC003" if '"' in spelling else "auth_pas") in text
    assert "zu8kelp" not in text


def _blocks(block: type[Block]) -> set[type[Block]]:
    found = {block}
    for keyword in block.keywords().values():
        if isinstance(keyword.kind, Body):
            found |= _blocks(keyword.kind.block)
    return found


def test_every_secret_keyword_is_known() -> None:
    secret = {n for block in _blocks(KeepalivedConf) for n, keyword in block.keywords().items() if keyword.secret}
    assert secret == set(secret_keywords())


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("  auth_pass abc # mine", "  auth_pass *** * ****"),
        ("authentication { auth_pass abc }", "authentication { auth_pass *** }"),
        ("AUTH_PASS=abc", "AUTH_PASS=***"),
        ("key 1 abc", "key * ***"),
        ("key /etc/ssl/key.pem", "key /etc/ssl/key.pem"),
        ("auth_type PASS", "auth_type PASS"),
        ("track_script check_password", "track_script check_password"),
    ],
)
def test_what_is_hidden(line: str, shown: str) -> None:
    assert hide(line) == shown


@given(st.text())
def test_hiding_keeps_the_length(text: str) -> None:
    assert len(hide(text)) == len(text)

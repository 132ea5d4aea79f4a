"""A line that is many statements, and many findings at one place."""

from __future__ import annotations

from havipcfg.linter.engine import FEW_AT_ONE_PLACE, lint
from havipcfg.linter.options import LintOptions
from havipcfg.source import Source

MANY = FEW_AT_ONE_PLACE + 4


def instance(priority: int, addresses: int) -> str:
    lines = "".join(f"        192.0.2.{10 + number}\n" for number in range(addresses))
    head = "    interface eth0\n    virtual_router_id 61\n"
    return f"vrrp_instance web {{\n{head}    priority {priority}\n    virtual_ipaddress {{\n{lines}    }}\n}}\n"


def test_what_a_sequence_repeats_is_said_once() -> None:
    text = f"~SEQ(N, 1, {MANY}) virtual_server 192.0.2.$N 80 {{ protocol TCP }}\n"
    found = [d for d in lint([Source("x", text)]).diagnostics if d.code == "KC410"]
    assert [d.notes for d in found] == [(f"and {MANY - 1} more like this from this place",)]


def test_each_address_that_is_missing_is_said() -> None:
    sources = [Source("a.conf", instance(110, MANY)), Source("b.conf", instance(100, 1))]
    found = [d for d in lint(sources, LintOptions(as_cluster=True)).diagnostics if d.code == "CL104"]
    assert len(found) == MANY - 1
    assert all(d.fix is not None for d in found)

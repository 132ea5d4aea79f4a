"""A rehearsal runs nothing of the operator's and writes nothing of the machine's, whatever the configurations say."""

from __future__ import annotations

from pathlib import Path

import pytest

from havipcfg.keepalived.declare import Block
from havipcfg.keepalived.global_defs import GlobalDefs
from havipcfg.keepalived.scripts import Script
from havipcfg.keepalived.vrrp_instance import VrrpInstance
from havipcfg.keepalived.vrrp_sync_group import VrrpSyncGroup
from havipcfg.rehearsal import RehearsalError, plan, rehearse
from havipcfg.verifier.scenario import parse
from tests.rehearse.clusters import TARGET, cluster, member

BLOCKS: list[tuple[type[Block], str]] = [
    (GlobalDefs, "global_defs"),
    (VrrpInstance, "vrrp_instance more"),
    (VrrpInstance, "vrrp_instance front"),
    (VrrpInstance, "vrrp_instance"),
    (VrrpSyncGroup, "vrrp_sync_group both"),
]


def text_of(text: str, *, real_checks: bool = False) -> str:
    return plan(cluster(only=text), version=TARGET, real_checks=real_checks)[0].config_text


@pytest.mark.parametrize(("block", "head"), BLOCKS, ids=[head for _, head in BLOCKS])
def test_no_keyword_that_runs_a_program_is_left(block: type[Block], head: str) -> None:
    """Given twice, and in blocks without a name or with one that is taken, which the typed model does not keep."""
    programs = [name for name, keyword in block.keywords().items() if isinstance(keyword.kind, Script)]
    assert programs
    lines = "\n".join(f'{name} "/opt/run/{name}"\n{name} "/opt/run/{name} again"' for name in programs)
    assert "/opt/run" not in text_of(f"{member(1, 100)}\n{head} {{\n{lines}\n}}\n")


def test_a_second_script_of_a_check_is_not_left() -> None:
    again = 'vrrp_script alive {\n"script" "/opt/other"\nscript "/opt/third"\nuser nobody\n}\n'
    text = text_of(member(1, 100) + again)
    assert "/opt" not in text
    assert "user nobody" not in text


@pytest.mark.parametrize("real_checks", [False, True])
def test_ways_out_of_the_lab_are_left_out(*, real_checks: bool) -> None:
    outside = """
net_namespace blue
use_pid_dir
virtual_server 198.51.100.50 80 {
    real_server 198.51.100.60 80 {
        MISC_CHECK {
            misc_path "/opt/misc"
        }
    }
}
global_defs {
    smtp_server 192.0.2.1
    notify_fifo /run/fifo
    lvs_notify_fifo_script /opt/fifo
    enable_dbus
    snmp_socket udp:192.0.2.9:705
    reload_file /run/reload
    shutdown_script /opt/shutdown
    vrrp_rt_priority 50
}
"""
    text = text_of(outside + member(1, 100), real_checks=real_checks)
    gone = ["blue", "pid_dir", "misc", "smtp", "fifo", "dbus", "snmp", "reload", "shutdown", "vrrp_rt_priority"]
    assert [word for word in gone if word in text] == []


@pytest.mark.parametrize("name", ['"eth0 mtu 9000"', "../eth0", "eth0:1", "all"])
def test_an_interface_that_cannot_exist_is_refused(name: str) -> None:
    with pytest.raises(RehearsalError, match="cannot exist"):
        plan(cluster(a=member(1, 100, interface=name)), version=TARGET)


@pytest.mark.needs_root
@pytest.mark.needs_keepalived
@pytest.mark.needs_iproute2
def test_only_switches_run(tmp_path: Path) -> None:
    told = f'"/usr/bin/touch {tmp_path}/told"'
    everywhere = "".join(f"{name} {told}\n" for name in ("notify", "notify", "notify_master", "notify_stop"))
    node = member(1, 100, extra=everywhere).replace("/opt/app/bin/alive", f"/usr/bin/touch {tmp_path}/alive")
    group = f"vrrp_sync_group all {{\ngroup {{\nfront\n}}\n{everywhere}}}\n"
    odd = (
        f"vrrp_instance {{\ninterface eth0\nvirtual_router_id 9\n{everywhere}virtual_ipaddress {{\n192.0.2.9\n}}\n}}\n"
    )
    names = 'vrrp_script .. {\nscript "/usr/bin/false"\n}\n' + f"vrrp_script {'x' * 300} {{\nscript {told}\n}}\n"
    hostile = names + node.replace("        alive\n", f"        alive\n..\n{'x' * 300}\n") + group + odd
    result = rehearse(plan(cluster(a=hostile), version=TARGET), parse("start; check a .. fail; stop a"))
    assert [step.rounds[0].holders["front"] for step in result.steps] == [("a",), (), ()]
    assert list(tmp_path.iterdir()) == []

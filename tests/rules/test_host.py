"""Rules about the machine at hand, asked on this machine with real files."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from havipcfg.diagnostics import Diagnostic
from havipcfg.keepalived.version import NEWEST, Version
from havipcfg.linter.engine import lint
from havipcfg.linter.options import LintOptions
from havipcfg.rules import HOST, load
from havipcfg.rules.registry import codes_of
from havipcfg.source import Source

load(*HOST)
CHECK_LOST = "keepalived runs without this check: when the service fails, the address stays"


def instance(*lines: str, interface: str = "lo9", address: str = "192.0.2.10") -> str:
    inner = "\n".join(["    " + line for line in (f"interface {interface}", "virtual_router_id 61", *lines)])
    return f"vrrp_instance web {{\n{inner}\n    virtual_ipaddress {{\n        {address}\n    }}\n}}\n"


def script(command: object, *lines: str) -> str:
    inner = "".join(f"    {line}\n" for line in (f'script "{command}"', "fall 2", *lines))
    return f"vrrp_script check {{\n{inner}}}\n" + instance("track_script {", "    check", "}")


def settings(*lines: str) -> str:
    return "global_defs {\n" + "".join(f"    {line}\n" for line in lines) + "}\n"


def found(text: str, code: str, tmp_path: Path, mode: int = 0o644, target: Version = NEWEST) -> list[Diagnostic]:
    path = tmp_path / "keepalived.conf"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    report = lint([Source.read(path)], LintOptions(host=True, target=target))
    return [d for d in report.diagnostics if d.code == code]


def written(path: Path, text: str = "#!/bin/sh\nexit 1\n", mode: int = 0o755) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


@pytest.fixture
def root_owned() -> Iterator[Path]:
    """A folder that only root can reach and change, all the way down from /."""
    folder = Path(tempfile.mkdtemp(dir="/opt"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_nothing_is_asked_without_the_option() -> None:
    text = instance() + script("/nonexistent/check") + settings("script_user nobody_at_all")
    codes = {d.code for d in lint([Source("x", text)]).diagnostics}
    assert not codes & codes_of(HOST)


def test_interface_that_is_not_there(tmp_path: Path) -> None:
    bad = found(instance("track_interface {", "    lo8", "}", address="192.0.2.10 dev lo7"), "KC250", tmp_path)
    assert [(d.span.line, d.span.text) for d in bad] == [(2, "lo9"), (5, "lo8"), (8, "lo7")]
    assert all(d.keepalived for d in bad)
    assert not found(instance(interface="lo"), "KC250", tmp_path)
    assert not found(settings("dynamic_interfaces") + instance(), "KC250", tmp_path)
    assert not found(instance(interface="eth0@if2"), "KC250", tmp_path), "KC262 says that no machine has it"


@pytest.mark.parametrize(
    ("devices", "advice"),
    [
        (("lo", "eth7", "eth3"), "use one of eth3, eth7"),
        (("lo",), "create the interface"),
        ((), "create the interface"),
    ],
)
def test_interfaces_of_the_machine_are_named(
    devices: tuple[str, ...], advice: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for device in devices:
        (tmp_path / "net" / device).mkdir(parents=True)
    monkeypatch.setattr("havipcfg.rules.host_facts._DEVICES", tmp_path / "net")
    assert [d.advice for d in found(instance(), "KC250", tmp_path)] == [advice]


def test_virtual_address_of_this_machine(tmp_path: Path) -> None:
    assert [d.span.text for d in found(instance(address="127.0.0.1"), "KC251", tmp_path)] == ["127.0.0.1"]
    assert not found(instance(), "KC251", tmp_path)
    assert not found(instance("priority 255", address="127.0.0.1"), "KC251", tmp_path)


def test_virtual_address_of_this_machine_in_short_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "if_inet6").write_text(
        "00000000000000000000000000000001 01 80 10 80 lo\n20010db8000000000000000000000010 02 40 00 80 eth7\n"
    )
    monkeypatch.setattr("havipcfg.rules.host_facts._IPV6", tmp_path / "if_inet6")
    assert found(instance(address="2001:db8:0::10"), "KC251", tmp_path)
    assert not found(instance(address="2001:db8::11"), "KC251", tmp_path)


def test_an_address_that_a_running_keepalived_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = tmp_path / "keepalived.pid"
    monkeypatch.setattr("havipcfg.rules.host_facts._PID_FILES", (tmp_path / "none.pid", mine))
    mine.write_text(f"{os.getpid()}\n")
    assert not found(instance(address="127.0.0.1"), "KC251", tmp_path)
    mine.write_text("unknown\n")
    assert found(instance(address="127.0.0.1"), "KC251", tmp_path)


def test_source_of_another_machine(tmp_path: Path) -> None:
    bad = found(instance("unicast_src_ip 192.0.2.3", "unicast_peer {", "    127.0.0.1", "}"), "KC252", tmp_path)
    assert [d.span.text for d in bad] == ["192.0.2.3"]
    assert [label.span.text for label in bad[0].related] == ["127.0.0.1"]
    assert "exchange source and peer" in bad[0].advice
    alone = found(instance("unicast_src_ip 192.0.2.3", "unicast_peer {", "    192.0.2.4", "}"), "KC252", tmp_path)
    assert [d.advice for d in alone] == ["use an own address"]
    assert not found(instance("unicast_src_ip 127.0.0.1", "unicast_peer {", "    192.0.2.3", "}"), "KC252", tmp_path)


def test_address_outside_the_networks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    routes = tmp_path / "route"
    head = "Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT\n"
    routes.write_text(
        head
        + "eth7 000200C0 00000000 0001 0 0 0 00FFFFFF 0 0 0\n"
        + "eth7 00000000 010200C0 0003 0 0 0 00000000 0 0 0\n"
        + "eth7 00000000 00000000 0001 0 0 0 00000000 0 0 0\n"
        + "eth7 006433C6 010200C0 0003 0 0 0 00FFFFFF 0 0 0\n"
        + "eth8 006433C6 00000000 0001 0 0 0 00FFFFFF 0 0 0\n"
        + "eth9 00FF12C6 00000000 0001 0 0 0 00FEFFFF 0 0 0\n"
    )
    monkeypatch.setattr("havipcfg.rules.host_facts._ROUTES", routes)
    bad = found(instance(interface="eth7", address="198.51.100.10"), "KC253", tmp_path)
    assert [d.message for d in bad] == ["198.51.100.10 is in no network of eth7 (192.0.2.0/24)"]
    assert not found(instance(interface="eth7"), "KC253", tmp_path)
    assert not found(instance(interface="eth7", address="198.51.100.10/24"), "KC253", tmp_path)
    assert not found(instance(interface="eth7", address="198.51.100.10/31"), "KC253", tmp_path)


def test_user_that_is_not_there(tmp_path: Path) -> None:
    text = settings("script_user nobody_at_all") + script("/usr/bin/true", "user root nogroup_at_all")
    assert [d.span.line for d in found(text, "KC254", tmp_path)] == [2, 7]
    assert [d.keepalived for d in found(instance("notify /usr/bin/true nobody_at_all"), "KC254", tmp_path)] == [False]
    assert not found(settings("script_user root root") + script("/usr/bin/true"), "KC254", tmp_path)


@pytest.mark.parametrize("mode", [0o755, 0o744, 0o654, 0o645])
def test_executable_configuration(mode: int, tmp_path: Path) -> None:
    [bad] = found(instance(), "KC255", tmp_path, mode)
    assert (bad.span.line, bad.span.column, bad.span.end_line, bad.span.end_column) == (1, 1, 1, 1)


def test_configuration_that_nobody_may_execute(tmp_path: Path) -> None:
    assert not found(instance(), "KC255", tmp_path, 0o640)
    assert not found(instance(), "KC255", tmp_path, 0o666)
    text = lint([Source("x", instance())], LintOptions(host=True)).diagnostics
    assert "KC255" not in {d.code for d in text}


def test_script_that_is_not_there(tmp_path: Path) -> None:
    [bad] = found(script(tmp_path / "check"), "KC256", tmp_path)
    assert (bad.keepalived, bad.why) == (True, CHECK_LOST)
    [bad] = found(instance(f"notify_master {tmp_path}/tell"), "KC256", tmp_path)
    assert (bad.keepalived, bad.why) == (False, "the script does not run")
    assert len(found(script("no-such-program-anywhere"), "KC256", tmp_path)) == 1
    assert not found(script(written(tmp_path / "check")), "KC256", tmp_path)
    assert not found(script("</nonexistent/file"), "KC256", tmp_path)
    assert not found(script("sh -c true"), "KC256", tmp_path)


@pytest.mark.parametrize("mode", [0o644, 0o666, 0o600])
def test_script_that_may_not_be_executed(mode: int, tmp_path: Path) -> None:
    file = written(tmp_path / "check", mode=mode)
    [bad] = found(script(file), "KC257", tmp_path)
    assert bad.advice == f"chmod 755 {file}"
    assert "counts as failed for good" in bad.why
    [bad] = found(instance(f"notify_master {file}"), "KC257", tmp_path)
    assert bad.why == "the script does not run"


@pytest.mark.parametrize("mode", [0o755, 0o744, 0o654, 0o645])
def test_script_that_somebody_may_execute(mode: int, tmp_path: Path) -> None:
    assert not found(script(written(tmp_path / "check", mode=mode)), "KC257", tmp_path)


def test_script_that_is_a_directory(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    assert [d.advice for d in found(script(tmp_path / "folder"), "KC257", tmp_path)] == ["name the script"]


@pytest.mark.needs_root
def test_script_that_others_may_change(root_owned: Path, tmp_path: Path) -> None:
    good = written(root_owned / "bin" / "check")
    assert not found(script(good), "KC258", tmp_path)
    bad = written(root_owned / "open" / "check")
    bad.parent.chmod(0o777)
    assert [d.severity for d in found(script(bad), "KC258", tmp_path)] == ["warning"]
    secured = found(settings("script_user root", "enable_script_security") + script(bad), "KC258", tmp_path)
    assert [(d.severity, d.keepalived, d.why) for d in secured] == [("error", True, CHECK_LOST)]
    assert "is root at its next run" in found(script(bad), "KC258", tmp_path)[0].why
    tells = settings("script_user root", "enable_script_security") + instance(f"notify_master {bad}")
    assert [(d.severity, d.keepalived) for d in found(tells, "KC258", tmp_path)] == [("error", False)]
    assert not found(script(bad, "user nobody"), "KC258", tmp_path)


@pytest.mark.needs_root
@pytest.mark.parametrize(
    ("of", "owner", "mode", "reason"),
    [
        ("file", 0, 0o755, ""),
        ("file", 0, 0o775, "its group"),
        ("file", 0, 0o757, "everybody"),
        ("file", 0, 0o1757, "everybody"),
        ("file", 65534, 0o755, "does not belong to root"),
        ("folder", 0, 0o770, "its group"),
        ("folder", 0, 0o1777, ""),
        ("folder", 65534, 0o755, "does not belong to root"),
    ],
)
def test_part_of_a_path_that_others_may_change(
    of: str, owner: int, mode: int, reason: str, root_owned: Path, tmp_path: Path
) -> None:
    file = written(root_owned / "bin" / "check")
    part = file if of == "file" else file.parent
    os.chown(part, owner, 0)
    part.chmod(mode)
    bad = found(script(file), "KC258", tmp_path)
    assert len(bad) == bool(reason)
    assert all(d.message.startswith(f"{part} ") and reason in d.message for d in bad)


@pytest.mark.needs_root
def test_script_behind_a_linked_directory(root_owned: Path, tmp_path: Path) -> None:
    written(root_owned / "real" / "check")
    (root_owned / "link").symlink_to(root_owned / "real")
    bad = found(script(root_owned / "link" / "check"), "KC259", tmp_path)
    assert [d.advice for d in bad] == [f"write {root_owned}/real/check"]
    assert not found(script(root_owned / "real" / "check"), "KC259", tmp_path)
    linked = script(root_owned / "link" / "check")
    assert found(linked, "KC259", tmp_path, target=Version(2, 3, 0))
    assert not found(linked, "KC259", tmp_path, target=Version(2, 2, 8))
    assert not found(script(root_owned / "link" / "check", "user nobody"), "KC259", tmp_path)


def test_interpreter_that_is_not_there(tmp_path: Path) -> None:
    file = written(tmp_path / "check", "#!/nonexistent/sh -e\nexit 1\n")
    assert ["counts as failed for good" in d.why for d in found(script(file), "KC260", tmp_path)] == [True]
    tells = found(instance(f"notify_master {file}"), "KC260", tmp_path)
    assert [d.why for d in tells] == ["the script does not run"]
    assert not found(script(written(tmp_path / "other")), "KC260", tmp_path)


def test_text_of_an_installed_script_is_looked_into(tmp_path: Path) -> None:
    stops = written(tmp_path / "elsewhere" / "deep" / "er" / "check", "#!/bin/sh\nsystemctl stop keepalived\n")
    assert len(found(script(stops), "KC240", tmp_path)) == 1


def test_every_rule_has_a_case_here() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    assert {code for code in codes_of(HOST) if f'"{code}"' not in text} == set()


@pytest.mark.needs_root
@pytest.mark.parametrize(("host", "lines"), [("web-a.example.org", [3]), ("web-b", [4, 5]), ("web-c", [5])])
def test_lines_for_a_node_are_read_as_keepalived_reads_them_on_this_host(
    tmp_path: Path, host: str, lines: list[int]
) -> None:
    conf = tmp_path / "keepalived.conf"
    conf.write_text("global_defs {\n    router_id web\n    @web-a one\n    @web-b two\n    @^web-a three\n}\n")
    named = f'hostname {host} && exec "$@"'
    lint = [sys.executable, "-m", "havipcfg", "lint", "--isolated", "--select", "KC101", "--format", "json", "--host"]
    run = subprocess.run(["unshare", "-u", "sh", "-c", named, "sh", *lint, str(conf)], capture_output=True, text=True)
    assert [found["line"] for found in json.loads(run.stdout)["diagnostics"]] == lines, run.stderr
    given = subprocess.run([*lint, "--config-id", "web-b", str(conf)], capture_output=True, text=True)
    assert [found["line"] for found in json.loads(given.stdout)["diagnostics"]] == [4, 5]

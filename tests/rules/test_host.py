"""Rules about the machine at hand, asked on this machine with real files."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from havipcfg.diagnostics import Diagnostic
from havipcfg.linter.engine import lint
from havipcfg.linter.options import LintOptions
from havipcfg.rules import HOST, load
from havipcfg.rules.registry import codes_of
from havipcfg.source import Source

load(*HOST)


def instance(*lines: str, interface: str = "lo9", address: str = "192.0.2.10") -> str:
    inner = "\n".join(["    " + line for line in (f"interface {interface}", "virtual_router_id 61", *lines)])
    return f"vrrp_instance web {{\n{inner}\n    virtual_ipaddress {{\n        {address}\n    }}\n}}\n"


def script(command: object, *lines: str) -> str:
    inner = "".join(f"    {line}\n" for line in (f'script "{command}"', "fall 2", *lines))
    return f"vrrp_script check {{\n{inner}}}\n" + instance("track_script {", "    check", "}")


def settings(*lines: str) -> str:
    return "global_defs {\n" + "".join(f"    {line}\n" for line in lines) + "}\n"


def found(text: str, code: str, tmp_path: Path, mode: int = 0o644) -> list[Diagnostic]:
    path = tmp_path / "keepalived.conf"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    report = lint([Source.read(path)], LintOptions(host=True))
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


def test_virtual_address_of_this_machine(tmp_path: Path) -> None:
    assert [d.span.text for d in found(instance(address="127.0.0.1"), "KC251", tmp_path)] == ["127.0.0.1"]
    assert not found(instance(), "KC251", tmp_path)
    assert not found(instance("priority 255", address="127.0.0.1"), "KC251", tmp_path)


def test_source_of_another_machine(tmp_path: Path) -> None:
    bad = found(instance("unicast_src_ip 192.0.2.3", "unicast_peer {", "    127.0.0.1", "}"), "KC252", tmp_path)
    assert [d.span.text for d in bad] == ["192.0.2.3"]
    assert [label.span.text for label in bad[0].related] == ["127.0.0.1"]
    assert not found(instance("unicast_src_ip 127.0.0.1", "unicast_peer {", "    192.0.2.3", "}"), "KC252", tmp_path)


def test_address_outside_the_networks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    routes = tmp_path / "route"
    head = "Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT\n"
    routes.write_text(
        head + "eth7 00000000 010200C0 0003 0 0 0 00000000 0 0 0\neth7 000200C0 00000000 0001 0 0 0 00FFFFFF 0 0 0\n"
    )
    monkeypatch.setattr("havipcfg.rules.host_facts._ROUTES", routes)
    bad = found(instance(interface="eth7", address="198.51.100.10"), "KC253", tmp_path)
    assert [d.message for d in bad] == ["198.51.100.10 is in no network of eth7 (192.0.2.0/24)"]
    assert not found(instance(interface="eth7"), "KC253", tmp_path)
    assert not found(instance(interface="eth7", address="198.51.100.10/24"), "KC253", tmp_path)


def test_user_that_is_not_there(tmp_path: Path) -> None:
    text = settings("script_user nobody_at_all") + script("/usr/bin/true", "user root nogroup_at_all")
    assert [d.span.line for d in found(text, "KC254", tmp_path)] == [2, 7]
    assert [d.keepalived for d in found(instance("notify /usr/bin/true nobody_at_all"), "KC254", tmp_path)] == [False]
    assert not found(settings("script_user root root") + script("/usr/bin/true"), "KC254", tmp_path)


def test_executable_configuration(tmp_path: Path) -> None:
    assert len(found(instance(), "KC255", tmp_path, 0o755)) == 1
    assert not found(instance(), "KC255", tmp_path, 0o640)


def test_script_that_is_not_there(tmp_path: Path) -> None:
    assert len(found(script(tmp_path / "check"), "KC256", tmp_path)) == 1
    assert len(found(script("no-such-program-anywhere"), "KC256", tmp_path)) == 1
    assert not found(script(written(tmp_path / "check")), "KC256", tmp_path)
    assert not found(script("</nonexistent/file"), "KC256", tmp_path)
    assert not found(script("sh -c true"), "KC256", tmp_path)


def test_script_that_may_not_be_executed(tmp_path: Path) -> None:
    assert len(found(script(written(tmp_path / "check", mode=0o644)), "KC257", tmp_path)) == 1
    (tmp_path / "folder").mkdir()
    assert len(found(script(tmp_path / "folder"), "KC257", tmp_path)) == 1
    assert not found(script(written(tmp_path / "other")), "KC257", tmp_path)


@pytest.mark.needs_root
def test_script_that_others_may_change(root_owned: Path, tmp_path: Path) -> None:
    good = written(root_owned / "bin" / "check")
    assert not found(script(good), "KC258", tmp_path)
    bad = written(root_owned / "open" / "check")
    bad.parent.chmod(0o777)
    assert [d.severity for d in found(script(bad), "KC258", tmp_path)] == ["warning"]
    secured = found(settings("script_user root", "enable_script_security") + script(bad), "KC258", tmp_path)
    assert [(d.severity, d.keepalived) for d in secured] == [("error", True)]
    assert not found(script(bad, "user nobody"), "KC258", tmp_path)


@pytest.mark.needs_root
def test_script_behind_a_linked_directory(root_owned: Path, tmp_path: Path) -> None:
    written(root_owned / "real" / "check")
    (root_owned / "link").symlink_to(root_owned / "real")
    bad = found(script(root_owned / "link" / "check"), "KC259", tmp_path)
    assert [d.advice for d in bad] == [f"write {root_owned}/real/check"]
    assert not found(script(root_owned / "real" / "check"), "KC259", tmp_path)


def test_interpreter_that_is_not_there(tmp_path: Path) -> None:
    assert len(found(script(written(tmp_path / "check", "#!/nonexistent/sh -e\nexit 1\n")), "KC260", tmp_path)) == 1
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

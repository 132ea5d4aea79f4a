"""What generate makes: accepted by the real keepalived, clean under lint, the same bytes every time."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from havipcfg.cluster.resolve import interfaces_of
from havipcfg.generator.directory import HandEditedError, drift, write
from havipcfg.generator.job import Generated, generate
from havipcfg.keepalived.load import read
from havipcfg.linter.engine import lint
from havipcfg.linter.options import LintOptions
from havipcfg.source import Source
from tests.conftest import ROOT
from tests.real import keepalived_says, namespace, place

EXAMPLE = ROOT / "examples" / "tencent-haproxy" / "cluster.yaml"

CLUSTERS = {
    "two nodes": EXAMPLE.read_text(encoding="utf-8"),
    "authentication": """\
provider: onprem
subnet: 192.0.2.0/24
havips: [192.0.2.100]
authentication: {password: {env: WEB_PASS}}
mode: prefer
preempt_delay: 20
nodes:
  a: {address: 192.0.2.11, interface: eth0}
  b: {address: 192.0.2.12, interface: eth0}
checks:
  web: {tcp: 80, on_failure: lower, interval: 3, timeout: 2, fall: 3}
""",
    "active and active": """\
name: pair
provider: alibaba
subnet: 192.0.2.0/24
instances:
  one: {havips: [192.0.2.100], prefer: a}
  two: {havips: [192.0.2.101], prefer: b}
nodes:
  a: {address: 192.0.2.11, interface: eth0}
  b: {address: 192.0.2.12, interface: eth0}
checks:
  page: {http: "http://127.0.0.1:8080/health"}
  unit: {systemd: nginx.service}
  flag: {file: /run/drain}
  own: {command: [/usr/bin/test, -e, "/tmp/a b"], on_failure: lower}
""",
    "three nodes, both families, a sync group": """\
name: edge
provider: onprem
subnet: [192.0.2.0/24, "2001:db8::/64"]
instances:
  inside: {havips: [192.0.2.100, 192.0.2.101]}
  outside: {havips: ["fe80::100", "2001:db8::100"], advert_int: 0.5}
sync_groups:
  both: {instances: [inside, outside], notify: {any: [/usr/bin/logger, changed]}}
nodes:
  a: {address: [192.0.2.11, "2001:db8::11"], interface: eth0, interfaces: {eth1: 198.51.100.11}}
  b: {address: [192.0.2.12, "2001:db8::12"], interface: eth0, interfaces: {eth1: 198.51.100.12}}
  c: {address: [192.0.2.13, "2001:db8::13"], interface: eth0, interfaces: {eth1: 198.51.100.13}}
checks:
  uplink: {interface: eth1}
  web: {process: nginx}
extra:
  global_defs: {vrrp_garp_lower_prio_repeat: 2}
""",
}


CLUSTERS |= {path.parent.name: path.read_text(encoding="utf-8") for path in ROOT.glob("examples/*/cluster.yaml")}


def yaml_text(words: list[str]) -> str:
    return json.dumps(words, ensure_ascii=False)


def made(text: str) -> Generated:
    result = generate(Source("cluster.yaml", text), environment={"WEB_PASS": "Qz7-heron"})
    assert not result.refused, [(d.code, d.message) for d in result.diagnostics]
    return result


def complaints(result: Generated) -> list[tuple[str, str]]:
    """What lint says of the generated configurations, with the facts of the cluster."""
    assert result.outputs is not None
    assert result.file is not None
    sources = [
        Source(path, each.content.decode())
        for path, each in result.outputs.files.items()
        if path.endswith("/keepalived.conf")
    ]
    report = lint(sources, LintOptions(facts=result.file.facts, as_cluster=True))
    return [(found.code, found.message) for found in report.diagnostics]


def keepalived_says_of(result: Generated, folder: Path) -> Iterator[tuple[str, tuple[int, str]]]:
    """Each node and what the real ``keepalived -t`` says of its file, with the scripts in place."""
    assert result.outputs is not None
    assert result.file is not None
    for node, host in result.file.spec.nodes.items():
        etc = folder / node
        etc.mkdir()
        place(result.outputs, node, etc)
        interfaces: dict[str, list[str]] = {
            name: [f"{address}/{24 if address.version == 4 else 64}" for address in addresses]
            for name, addresses in interfaces_of(host).items()
        }
        watched = {check.interface for check in result.file.spec.checks.values() if check.interface}
        interfaces = {name: [] for name in watched} | interfaces
        with namespace(interfaces) as network:
            yield node, keepalived_says(Path("/etc/keepalived/keepalived.conf"), network, etc)


@pytest.mark.parametrize("name", CLUSTERS)
def test_same_input_same_bytes(name: str) -> None:
    first, second = made(CLUSTERS[name]).outputs, made(CLUSTERS[name]).outputs
    assert first is not None
    assert second is not None
    assert first.files == second.files


@pytest.mark.parametrize("name", CLUSTERS)
def test_generated_files_lint_clean_with_the_facts_of_the_cluster(name: str) -> None:
    assert complaints(made(CLUSTERS[name])) == []


@pytest.mark.parametrize("name", CLUSTERS)
def test_what_is_printed_reads_back_as_the_same_configuration(name: str) -> None:
    outputs = made(CLUSTERS[name]).outputs
    assert outputs is not None
    for node, conf in outputs.configurations.items():
        text = outputs.files[f"{node}/keepalived.conf"].content.decode()
        assert read(Source(node, text)).conf == conf


@pytest.mark.needs_root
@pytest.mark.needs_keepalived
@pytest.mark.needs_iproute2
@pytest.mark.parametrize("name", CLUSTERS)
def test_real_keepalived_accepts_every_file_without_a_word(name: str, tmp_path: Path) -> None:
    for node, said in keepalived_says_of(made(CLUSTERS[name]), tmp_path):
        assert (node, said) == (node, (0, ""))


HARD_WORDS = ['"status":"UP"', "it's", "a\\b", "$_PWD", "~SEQ(x,1,3)", "`id`", "#", "{}", "a\u3000b", "x" * 900]


@pytest.mark.parametrize("word", HARD_WORDS)
def test_a_check_gets_its_words_as_they_are_written(word: str, tmp_path: Path) -> None:
    said = yaml_text(["/bin/sh", "-c", 'printf %s "$0" >"$1"', word, str(tmp_path / "got")])
    outputs = made(CLUSTERS["two nodes"].replace("{process: haproxy}", f"{{command: {said}}}")).outputs
    assert outputs is not None
    place(outputs, "primary", tmp_path)
    script = outputs.configurations["primary"].vrrp_script[0].script
    assert script is not None
    text = outputs.files["primary/keepalived.conf"].content.decode()
    assert read(Source("primary", text)).conf.vrrp_script[0].script == script
    here = [each.replace("/etc/keepalived/", f"{tmp_path}/") for each in script.argv]
    assert subprocess.run(["sh", *here], check=False, env={"HAVIPCFG_RUN": str(tmp_path)}).returncode == 0
    assert (tmp_path / "got").read_text(encoding="utf-8") == word


@pytest.mark.parametrize("line", ["script_user: nobody nogroup", "extra: {global_defs: {script_user: nobody nogroup}}"])
def test_own_programs_run_as_root_and_the_operators_as_script_user(line: str) -> None:
    text = CLUSTERS["two nodes"] + line + "\nnotify: {master: /usr/local/bin/announce}\n"
    outputs = made(text).outputs
    assert outputs is not None
    conf = outputs.configurations["primary"]
    notify = conf.vrrp_instance[0].notify
    assert notify is not None
    assert (notify.user, conf.vrrp_script[0].user) == ("root", None)
    assert b"user=nobody nogroup\n" in outputs.files["primary/notify.data"].content
    assert b"user=nobody\n" in outputs.files["primary/node.data"].content


def test_checks_that_lower_keep_their_order_when_all_fail() -> None:
    lowering = (
        "".join(f"  c{n}: {{tcp: {n}, on_failure: lower}}\n" for n in range(1, 4))
        + "  f: {file: /run/d, on_failure: lower}\n"
    )
    text = CLUSTERS["authentication"].replace(CLUSTERS["authentication"].split("checks:\n")[1], lowering)
    assert complaints(made(text)) == []


def test_a_directory_is_written_as_a_whole_and_hand_edits_are_kept(tmp_path: Path) -> None:
    outputs = made(CLUSTERS["two nodes"]).outputs
    assert outputs is not None
    write(tmp_path, outputs.files)
    assert drift(tmp_path, outputs.files) == []
    edited = tmp_path / "primary" / "keepalived.conf"
    edited.write_text(edited.read_text() + "# by hand\n")
    changed = made(CLUSTERS["two nodes"].replace("eth0", "ens3")).outputs
    assert changed is not None
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(HandEditedError, match=r"primary/keepalived\.conf"):
        write(tmp_path, changed.files)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    write(tmp_path, changed.files, force=True)
    assert drift(tmp_path, changed.files) == []


def run(*words: str, cwd: Path, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "havipcfg", *words], cwd=cwd, capture_output=True, text=True, check=False, **options
    )


BAD = {
    "a wrong type": ("nodes: 3\n", "nodes"),
    "an unknown key": (CLUSTERS["two nodes"].replace("havips:", "havip:"), "havip"),
    "an IPv6 HAVIP in an IPv4 subnet": (
        CLUSTERS["two nodes"].replace("[172.17.16.3]", '["2001:db8::3"]'),
        "2001:db8::3",
    ),
    "one node": (CLUSTERS["two nodes"].replace("  secondary:", "#"), "node"),
    "two nodes of one name": (CLUSTERS["two nodes"].replace("secondary:", "primary:  "), "primary"),
    "a keyword that keepalived does not know": (
        CLUSTERS["two nodes"] + "extra: {global_defs: {router_idd: x}}\n",
        "router_id",
    ),
    "no YAML": ("{[", "cluster.yaml:1"),
    "an empty file": ("", "cluster.yaml"),
    "bytes": ("\x00\x01\x02", "cluster.yaml"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_clear_refusal_and_nothing_is_written(name: str, tmp_path: Path) -> None:
    text, named = BAD[name]
    (tmp_path / "cluster.yaml").write_text(text, encoding="utf-8")
    done = run("generate", "cluster.yaml", "-o", "out", cwd=tmp_path)
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr
    assert "cluster.yaml:" in done.stderr
    assert named in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cluster.yaml"]


EXTRA = {
    "a value in a block": (
        "extra: {global_defs: {router_id: x, smtp_connect_timeout: ten}}",
        "smtp_connect_timeout",
        "ten",
    ),
    "a line of a list": (
        "extra: {static_routes: [198.51.100.0/24 via 10.0.1.1, nowhere at all]}",
        "nowhere",
        "nowhere at all",
    ),
    "a comment": ("extra: {global_defs: {router_id: 'a # b'}}", "comment", "'a # b'"),
    "a quote": ("extra: {global_defs: {router_id: 'a\"b'}}", "not closed", "'a\"b'"),
    "keepalived's own definition": ("extra: {global_defs: {router_id: $_PWD}}", "$_PWD", "$_PWD"),
    "another file": ("extra: {include: /etc/passwd}", "include", "/etc/passwd"),
    "a mapping for a value": ("extra: {global_defs: {smtp_server: {a: 1}}}", "is no block", "{a: 1}"),
    "a list for a block": ("extra: {global_defs: [a, b]}", "is a block", "[a, b]"),
    "nothing for a block": ("extra: {global_defs: null}", "is a block", "null"),
    "a keyword of another block": ("extra: {garp_master_refresh: 30}", "belongs in vrrp_instance", "30"),
    "a key of the file itself": ("script_user: no body here", "here", "no body here"),
}


@pytest.mark.parametrize("name", EXTRA)
def test_what_keepalived_would_not_take_is_shown_where_it_is_written(name: str) -> None:
    line, said, marked = EXTRA[name]
    result = generate(Source("cluster.yaml", CLUSTERS["two nodes"] + line + "\n"), environment={})
    [found] = [each for each in result.diagnostics if each.code == "CY202"]
    assert said in found.message
    assert found.span.text == marked


def test_a_finding_is_shown_once_at_the_key_it_comes_from() -> None:
    text = CLUSTERS["active and active"].replace('"http://127.0.0.1:8080/health"', '"http://127.0.0.1/", interval: 0.5')
    [found] = generate(Source("cluster.yaml", text), environment={}).diagnostics
    assert (found.code, found.span.source.name, found.span.text) == ("KC103", "cluster.yaml", "0.5")
    assert any("keepalived: VERSION" in note for note in found.notes), "no version said: 2.1.0 has to take it too"
    assert generate(Source("cluster.yaml", text + "keepalived: 2.3.0\n"), environment={}).diagnostics == []


def test_missing_secret_names_the_variable_and_shows_no_other(tmp_path: Path) -> None:
    (tmp_path / "cluster.yaml").write_text(CLUSTERS["authentication"], encoding="utf-8")
    done = run("generate", "cluster.yaml", cwd=tmp_path)
    assert done.returncode == 1
    assert "WEB_PASS" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["cluster.yaml"]

"""Every cloud, kind of address and IP version: ARP, a call with all it needs, or a refusal that says what to use."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from havipcfg.cluster.load import load_cluster
from havipcfg.diagnostics import Diagnostic, Severity
from havipcfg.generator.job import Generated, generate
from havipcfg.providers import names, provider
from havipcfg.source import Source
from tests.conftest import SHARED

CLOUD = {
    "region": "eu-1",
    "zone": "zone-1",
    "project": "proj",
    "network": "net-1",
    "netrc": "/root/.netrc",
    "header": "/root/token",
}
FACTS = {"network_interface_id": "eni-{}", "instance_id": "srv-{}"}


def text(name: str, kind: str, version: int = 4, *, without: str = "", routed: bool = False, nodes: int = 2) -> str:
    """A cluster that says all that any call needs, except *without*."""
    inside, address = ("10.0.1.", "192.0.2.9" if routed else "10.0.1.100") if version == 4 else ("fd00::", "fd00::100")
    cidr = "10.0.1.0/24" if version == 4 else "fd00::/64"
    subnet = f"subnet: '{cidr}'\n" if provider(name).in_subnet else ""
    cloud = {**CLOUD, **({"route_table": "rtb-1"} if routed else {})}
    hosts = ""
    for letter, host in list(zip("abc", (11, 12, 13), strict=True))[:nodes]:
        facts = "".join(f", {key}: {value.format(letter)}" for key, value in FACTS.items() if key != without)
        hosts += f"  {letter}: {{address: '{inside}{host}', interface: eth0{facts}}}\n"
    said = "".join(f"  {key}: {value}\n" for key, value in cloud.items() if key != without)
    identity = "" if without == "id" else ", id: vip-1"
    vpc = "" if without == "vpc" else "vpc: {id: vpc-1}\n"
    return (
        f"provider: {name}\n{subnet}{vpc}havips: [{{address: '{address}'{identity}}}]\nvip: {{kind: {kind}}}\n"
        f"cloud:\n{said}nodes:\n{hosts}checks:\n  web: {{tcp: 80}}\n"
    )


def made(*words: object, **more: object) -> Generated:
    return generate(Source("cluster.yaml", text(*words, **more)), environment={})  # type: ignore[arg-type]


def errors(result: Generated) -> list[Diagnostic]:
    return [each for each in result.diagnostics if each.severity is Severity.ERROR]


@pytest.mark.parametrize("version", [4, 6])
@pytest.mark.parametrize("kind", ["havip", "private"])
@pytest.mark.parametrize("name", names())
def test_moves_or_refuses_with_an_alternative(name: str, kind: str, version: int) -> None:
    result, cloud = made(name, kind, version), provider(name)
    if found := errors(result):
        assert {each.code for each in found} <= {"CY111", "CY112"}, [each.message for each in found]
        assert all(each.advice for each in found)
        assert result.outputs is None
        return
    assert result.outputs is not None
    conf = str(result.outputs.files["a/keepalived.conf"].content, "utf-8")
    moved = "a/move.data" in result.outputs.files
    assert moved == (cloud.mechanism != "arp" or (kind == "private" and cloud.scope != "segment"))
    assert conf.count("notify_master ") == conf.count("notify_master_rx_lower_pri ") == int(moved)


@pytest.mark.skipif(not (SHARED / "reference/providers.yaml").exists(), reason="no shared reference facts")
def test_what_the_reference_says_can_move_is_not_refused() -> None:
    from ruamel.yaml import YAML

    facts = YAML(typ="safe").load(SHARED / "reference/providers.yaml")["providers"]
    for name, fact in facts.items():
        generated = {kind: not errors(made(name, kind)) for kind in ("havip", "private")}
        api = fact["api"] or {}
        if fact["vip_mechanism"] == "arp":
            assert generated["havip"], name
            assert generated["private"] or not api.get("fallback_switch"), name
        elif fact["vip_mechanism"] == "api" and not str(api.get("preferred", "")).startswith("standard"):
            assert any(generated.values()), name
        else:
            assert not any(generated.values()), name


ROWS = [(name, move) for name in names() for move in provider(name).moves]


@pytest.mark.parametrize(("name", "move"), ROWS, ids=[f"{name}-{move.kind}" for name, move in ROWS])
def test_each_thing_a_call_needs_is_asked_for(name: str, move) -> None:  # type: ignore[no-untyped-def]
    kind = "private" if move.kind in ("private", "alias", "route") else "havip"
    routed = move.kind == "route"
    complete = made(name, kind, routed=routed)
    assert errors(complete) == []
    assert complete.outputs is not None
    data = str(complete.outputs.files["a/move.data"].content, "utf-8")
    assert set(move.needs) <= set(re.findall(r"(?m)^(\w+)=", data))
    assert f"vendor={name}\nkind={move.kind}\n" in data
    for need in move.needs:
        if need == "route_table":
            continue  # without it the address is not routed at all
        key = {"nic": "network_interface_id", "server": "instance_id", "peer": "instance_id"}.get(need, need)
        if need == "network":
            continue  # the same, on gcp
        found = errors(made(name, kind, without=key, routed=routed))
        assert {each.code for each in found} == {"CY129"}, (need, [each.message for each in found])
        assert all(" to move " in each.message and each.advice for each in found)


def test_the_file_of_the_cluster_is_what_the_finding_points_at(tmp_path: Path) -> None:
    file, found = load_cluster(Source(str(tmp_path / "c.yaml"), text("aws", "private", without="region")))
    assert file is not None
    assert [each.span.text for each in found if each.code == "CY129"] == [file.span("cloud").text]

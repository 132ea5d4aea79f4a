import re
import subprocess
import sys
from ipaddress import ip_address, ip_network

import pytest

from havipcfg.providers import UnknownProviderError, is_reserved, names, provider
from tests.conftest import SHARED


@pytest.mark.parametrize(
    ("name", "address", "subnet", "confidence"),
    [
        ("tencent", "10.0.0.0", "10.0.0.0/24", "doc"),
        ("tencent", "10.0.0.1", "10.0.0.0/24", "doc"),
        ("tencent", "10.0.0.2", "10.0.0.0/24", None),
        ("tencent", "10.0.0.254", "10.0.0.0/24", None),
        ("tencent", "10.0.0.255", "10.0.0.0/24", "doc"),
        ("alibaba", "10.0.0.1", "10.0.0.0/24", None),
        ("alibaba", "10.0.0.253", "10.0.0.0/24", "doc"),
        ("alibaba", "10.0.0.252", "10.0.0.0/24", None),
        ("alibaba", "fd00::fff7", "fd00::/112", "doc"),
        ("huawei", "10.0.0.253", "10.0.0.0/24", "doc"),
        ("aws", "10.0.0.3", "10.0.0.0/24", "doc"),
        ("aws", "10.0.0.4", "10.0.0.0/24", None),
        ("gcp", "10.0.0.254", "10.0.0.0/24", "general"),
        ("baidu", "10.0.0.1", "10.0.0.0/24", None),
        ("baidu", "10.0.0.255", "10.0.0.0/24", "doc"),
        ("onprem", "fd00::", "fd00::/64", "doc"),
        ("onprem", "fd00::1", "fd00::/64", None),
        ("onprem", "10.0.0.0", "10.0.0.0/31", None),
        ("tencent", "10.0.9.9", "10.0.0.0/24", None),
        ("tencent", "fd00::1", "10.0.0.0/24", None),
    ],
)
def test_reserved_places(name, address, subnet, confidence):
    slot = is_reserved(provider(name), ip_address(address), ip_network(subnet))
    assert (slot.confidence if slot else None) == confidence


def test_no_cloud_still_reserves_network_and_broadcast():
    net = ip_network("10.0.0.0/30")
    assert [bool(is_reserved(None, address, net)) for address in net] == [True, False, False, True]


@pytest.mark.parametrize("name", ["Tencent", "qcloud", "hetzner", "hetzner-cloud", "on-prem", "jd"])
def test_names_and_aliases(name):
    assert provider(name).name in names()


def test_unknown_name_suggests_the_nearest():
    with pytest.raises(UnknownProviderError, match="did you mean tencent") as caught:
        provider("tencnet")
    assert caught.value.nearest == "tencent"
    with pytest.raises(LookupError, match="Known: tencent"):
        provider("zzzzzz")


@pytest.mark.parametrize("name", names())
def test_every_cloud_says_how_or_what_instead(name):
    entry = provider(name)
    assert entry.documentation.startswith("https://")
    assert entry.checked.startswith("20")
    if entry.mechanism == "arp":
        assert not entry.advice
        assert entry.move_for("havip") is None
    else:
        assert bool(entry.advice) != bool(entry.moves), "either a call that moves the address, or what to use instead"
        assert entry.advice or entry.move_for(entry.vip_kind), "the default kind of address is one that moves"
    assert (entry.move_for("private", routed=True) is None) == (not entry.overlay)


def test_loading_needs_neither_pydantic_nor_yaml():
    code = (
        "import sys, havipcfg.providers as p; p.provider('aws'); "
        "sys.exit(str({'pydantic', 'ruamel', 'lark', 'difflib'} & set(sys.modules) or ''))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.stderr.strip() == ""


@pytest.mark.skipif(not (SHARED / "reference/providers.yaml").exists(), reason="no shared reference facts")
def test_agrees_with_the_reference_facts():
    from ruamel.yaml import YAML

    facts = YAML(typ="safe").load(SHARED / "reference/providers.yaml")["providers"]
    assert set(facts) == set(names())
    for name, fact in facts.items():
        ours = provider(name)
        assert ours.mechanism == fact["vip_mechanism"], name
        assert ours.max_backends == fact["max_backends"], name
        assert ours.multicast == {True: "yes", False: "no", "optin": "optin", None: "unknown"}[fact["multicast_vrrp"]]
        for version, reserved in ((4, "ipv4"), (6, "ipv6")):
            theirs = (fact["reserved"] or {}).get(reserved)
            mine = ours.reserved(version)
            if theirs is None:
                assert mine is None, name
            elif "gateway" not in theirs.get("also", []):
                assert (mine.first, mine.last) == (theirs["first"], theirs["last"]), name


@pytest.mark.skipif(not (SHARED / "reference/providers.yaml").exists(), reason="no shared reference facts")
def test_calls_are_those_of_the_reference_facts():
    from ruamel.yaml import YAML

    facts = YAML(typ="safe").load(SHARED / "reference/providers.yaml")["providers"]
    for name, fact in facts.items():
        api = fact["api"] or {}
        moving = {key: api[key] for key in ("associate", "route_switch", "fallback_switch") if api.get(key)}
        if fact["vip_mechanism"] == "arp":
            moving.pop("associate", None)  # binds an instance to the HAVIP, once; it moves nothing
        if provider(name).advice:
            assert fact["vip_mechanism"] == "bgp" or "preferred" in api, name
            continue
        ours = [move.call for move in provider(name).moves]
        for text in moving.values():
            without_fields = re.sub(r"[{(].*?[})]", "", text.split(" or CLI")[0])
            words = re.findall(r"[A-Za-z_]{5,}", without_fields)
            assert any(all(word in call for word in words) for call in ours), (name, text)

import json
import string
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from havipcfg.cluster import load_cluster
from havipcfg.source import Source

MINIMAL = """\
provider: tencent
subnet: 172.17.16.0/20
havips: [172.17.16.3]
nodes:
  primary:   {address: 172.17.16.13, interface: eth0}
  secondary: {address: 172.17.16.7,  interface: eth0}
checks:
  haproxy: {process: haproxy}
"""

LETTERS = string.ascii_lowercase

BOMBS = {
    "laughs": "a: &a [x,x,x,x,x,x,x,x,x]\n"
    + "".join(f"{b}: &{b} [{','.join(['*' + a] * 9)}]\n" for a, b in pairwise(LETTERS)),
    "merged laughs": "a: &a {x: 1}\n" + "".join(f"{b}: &{b} {{p: *{a}, q: *{a}}}\n" for a, b in pairwise(LETTERS)),
    "brackets": "[" * 200_000,
    "braces": "{" * 200_000,
    "dashes": "- " * 100_000,
    "questions": "? " * 50_000,
    "tags": "!!" * 50_000,
    "one long word": "a" * 900_000,
    "one long quote": "'" + "a" * 900_000,
    "too long": "#" * 1_000_001,
    "many values": "a: [" + "1," * 60_000 + "]",
    "many keys": "".join(f"k{i}: 1\n" for i in range(30_000)),
    "colons": ": " * 50_000,
    "anchors": "".join(f"&a{i} " for i in range(10_000)),
    "comments": "#\n" * 300_000,
    "long number": "a: " + "1" * 100_000,
    "exponent": "provider: 1e999999999\n",
    "infinity": MINIMAL + "advert_int: .inf\n",
    "not a number": MINIMAL + "max_failover: .nan\n",
    "huge integer in extra": MINIMAL + "extra: {global_defs: {x: 999999999999999999}}\n",
    "key that is a list": "? [a, b]\n: c\n",
    "binary": "a: !!binary aGk=\n",
    "timestamp": "a: !!timestamp 2001-01-01\n",
    "surrogate escape": 'provider: "\\ud800"\n',
    "directive": "%YAML 9.9\n---\nprovider: x\n",
    "tag directive": "%TAG ! tag:evil,2000:\n---\nprovider: !x y\n",
    "null bytes": "\0" * 1000,
}


def check(text):
    file, found = load_cluster(Source("cluster.yaml", text))
    for diagnostic in found:
        assert 0 <= diagnostic.span.start <= diagnostic.span.end <= len(text)
        assert diagnostic.code.startswith("CY")
        assert diagnostic.message
        assert "\n" not in diagnostic.message
    assert file is not None or found
    return file, found


@pytest.mark.parametrize("name", BOMBS)
def test_hostile_files_are_refused_with_one_clear_finding(name):
    file, found = check(BOMBS[name])
    if file is None:
        assert len(found) == 1 or all(d.code in ("CY002", "CY003", "CY004", "CY007") for d in found)


@given(st.text(max_size=300))
def test_any_text(text):
    check(text)


@given(st.binary(max_size=300))
def test_any_bytes(data):
    source = Source.from_bytes("cluster.yaml", data)
    check(source.text)


@given(st.text(alphabet="{}[]:,-&*!|>?#%@`'\"\n \tab1.<=~", max_size=120))
def test_any_yaml_punctuation(text):
    check(text)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_any_damage_to_a_good_file(data):
    start = data.draw(st.integers(0, len(MINIMAL)))
    end = data.draw(st.integers(start, min(len(MINIMAL), start + 40)))
    text = data.draw(st.text(alphabet=string.printable + "é\0\u2028", max_size=20))
    check(MINIMAL[:start] + text + MINIMAL[end:])


KEYS = ["provider", "subnet", "havips", "nodes", "instances", "checks", "authentication", "password", "vip", "mode"]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["tencent", "10.0.0.0/8", "10.0.0.9"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), inner),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(KEYS), VALUES))
def test_any_values_under_any_key(value):
    check(json.dumps(value))


ONE_CAUSE = {
    "a misspelt key that is needed": ("interface: eth0}\nchecks", "interfce: eth0}\nchecks", "interfce", "CY002"),
    "a misspelt address": ("secondary: {address", "secondary: {addres", "addres", "CY002"),
    "a quote without end": ("haproxy}", "'haproxy}", "'", "CY001"),
    "a bracket without end": ("{process: haproxy}", "[process", "[", "CY001"),
}


@pytest.mark.parametrize("name", ONE_CAUSE)
def test_one_cause_is_one_finding_where_it_begins(name):
    old, new, marked, code = ONE_CAUSE[name]
    assert old in MINIMAL
    text = MINIMAL.replace(old, new)
    _, found = check(text)
    assert [each.code for each in found] == [code]
    assert text[found[0].span.start :].startswith(marked)

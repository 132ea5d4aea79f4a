import json

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from havipcfg.cluster import load_cluster
from havipcfg.cluster.schema import DIALECT, schema
from havipcfg.source import Source
from tests.cluster.test_cluster_findings import BAD, GOOD
from tests.cluster.test_resolve import COMPLETE

STRUCTURAL = [
    "unknown key", "unknown key below", "unknown key in a list", "list for a mapping", "number for text",
    "text for a number", "yes for a number", "not a mapping", "no address", "no provider", "unknown provider", "mode",
    "VRID 0", "priority 255", "node name", "interface name", "two kinds of check", "no kind of check", "one node",
    "no node", "no HAVIP", "HAVIPs in two places", "address with a mask",
]  # fmt: skip


def plain(text):
    return YAML(typ="safe", pure=True).load(text)


@pytest.fixture(scope="module")
def validator():
    Draft202012Validator.check_schema(schema())
    return Draft202012Validator(schema(), format_checker=Draft202012Validator.FORMAT_CHECKER)


@pytest.mark.parametrize("case", GOOD)
def test_schema_accepts_what_the_loader_accepts(validator, case):
    assert list(validator.iter_errors(plain(GOOD[case]))) == []


def test_schema_accepts_the_complete_example(validator):
    assert list(validator.iter_errors(plain(COMPLETE))) == []


@pytest.mark.parametrize("case", STRUCTURAL)
def test_schema_refuses_what_the_loader_refuses(validator, case):
    text = BAD[case][1].replace("«", "").replace("»", "")
    assert list(validator.iter_errors(plain(text)))
    assert load_cluster(Source("cluster.yaml", text))[1]


def test_schema_is_json_of_the_named_dialect():
    assert schema()["$schema"] == DIALECT
    assert json.loads(json.dumps(schema())) == schema()


def test_every_key_of_the_file_is_documented():
    body = schema()
    for owner in (body, *body["$defs"].values()):
        for name, part in owner.get("properties", {}).items():
            assert part.get("description"), name
            assert part["description"].endswith("."), name

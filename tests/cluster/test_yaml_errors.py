"""Where a file is not YAML: the place and the words a person needs, and the place of the cause beside it."""

import pytest

from havipcfg.cluster import load_cluster
from havipcfg.source import Source

GOOD = """\
provider: onprem
subnet: 10.0.1.0/24
havips: [10.0.1.100]
nodes:
  a: {address: 10.0.1.11, interface: eth0}
  b: {address: 10.0.1.12, interface: eth0}
checks:
  web: {tcp: 80}
"""


def findings(before: str, after: str) -> list[str]:
    """Of the good file with one place changed: line and column, words, related places, advice."""
    assert before in GOOD
    _, found = load_cluster(Source("cluster.yaml", GOOD.replace(before, after)))
    return [
        f"{each.span.line}:{each.span.column} {each.message}"
        + "".join(f" | {label.span.line}:{label.span.column} {label.message}" for label in each.related)
        + (f" | {each.advice}" if each.advice else "")
        for each in found
    ]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("[10.0.1.100]", "[10.0.1.100", "3:9 not valid YAML: this '[' is not closed | 4:6 read on to here"),
        ("eth0}\n  b", "eth0\n  b", "5:6 not valid YAML: this '{' is not closed | 6:4 read on to here"),
        (
            "10.0.1.11, int",
            "10.0.1.11 int",
            "5:35 not valid YAML: ',' or '}' is expected here | 5:6 '{' stands here",
        ),
        (
            "[10.0.1.100]",
            "[10.0.1.100}",
            "3:20 not valid YAML: ',' or ']' is expected here | 3:9 '[' stands here",
        ),
        ("[10.0.1.100]", "['10.0.1.100]", "3:10 not valid YAML: the quote or bracket that begins here has no end"),
        (
            "  b:",
            "   b:",
            "6:4 not valid YAML: this line is indented by 3, what it belongs to by 2 | 5:3 it begins here",
        ),
        (
            "provider: onprem",
            "provider onprem",
            "1:1 not valid YAML: no ': ' between key and value | 2:7 read on to here",
        ),
        (
            "provider: onprem",
            "provider:onprem",
            "1:1 not valid YAML: no ': ' between key and value | 2:7 read on to here",
        ),
        (
            "provider: onprem",
            "provider: on: prem",
            "1:13 not valid YAML: a second ': ' in one line | write the value in quotes",
        ),
        ("  b:", "\tb:", "6:1 not valid YAML: a tab cannot stand here | write blanks, not tabs"),
        (
            "provider: onprem",
            "provider:\tonprem",
            "1:10 not valid YAML: a tab cannot stand here | write blanks, not tabs",
        ),
    ],
)
def test_the_cause_is_shown(before: str, after: str, said: str) -> None:
    assert findings(before, after) == [said]


def test_an_anchor_that_is_nowhere_is_a_matter_of_yaml() -> None:
    _, found = load_cluster(Source("cluster.yaml", GOOD + "notify: *other\n"))
    assert [(each.code, each.message) for each in found] == [("CY001", "anchor other is not defined before")]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("tcp: 80", "tcp: 80, interval: 2s", "times are seconds: write 2"),
        ("tcp: 80", "tcp: 80, timeout: 500ms", "times are seconds: write 0.5"),
        ("checks:", "advert_int: 1 s\nchecks:", "times are seconds: write 1"),
        ("checks:", "preempt_delay: 1m\nchecks:", "times are seconds: write 60"),
        ("checks:", "max_failover: five\nchecks:", ""),
    ],
)
def test_durations_are_seconds(before: str, after: str, said: str) -> None:
    _, found = load_cluster(Source("cluster.yaml", GOOD.replace(before, after)))
    assert [each.code for each in found] == ["CY003"]
    assert found[0].advice == said


def test_keys_that_were_meant_to_be_below_are_one_finding() -> None:
    assert findings("checks:\n  web", "checks:\nweb") == [
        "8:1 unknown key 'web' | 7:1 is empty | indent it, if it belongs to checks"
    ]
    assert findings("nodes:\n  a: {address: 10.0.1.11, interface: eth0}\n  b:", "nodes:\na: {}\nb:") == [
        "5:1 unknown key 'a' | 4:1 is empty | indent it, if it belongs to nodes"
    ]


def test_the_name_keepalived_has_for_a_key_leads_to_ours() -> None:
    assert findings("checks:", "vrid: 5\nchecks:")[0].startswith(
        "7:1 unknown key 'vrid'; did you mean virtual_router_id?"
    )


def test_a_name_that_would_break_the_line_is_quoted() -> None:
    found = findings("  a: {address: 10.0.1.11, interface: eth0}", '  "x\\ny":')
    assert found[0] == "5:3 nodes.'x\\ny': a mapping is expected, not nothing"

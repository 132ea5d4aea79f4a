"""The model against the simulated daemons: single seeds that once parted them, and random ones."""

import pytest
from clusters import disagreement

from havipcfg.keepalived.load import read
from havipcfg.source import Source
from havipcfg.verifier.build import build
from havipcfg.verifier.hears import hears
from havipcfg.verifier.network import Instance, Network, Node
from havipcfg.verifier.simulate import simulate


@pytest.mark.parametrize("seed", [30271, 32206, 35982, 37232])
def test_two_masters_that_not_all_hear(seed: int) -> None:
    assert disagreement(seed) is None


@pytest.mark.parametrize("seed", [20881, 23734, 23959, 24209])
def test_groups_whose_members_disagree_who_is_better(seed: int) -> None:
    assert disagreement(seed) is None


@pytest.mark.parametrize("seed", [8, 36141, 30963, 35323, 37300, *range(300, 340)])
def test_paused_daemons_agree(seed: int) -> None:
    assert disagreement(seed, pauses=True) is None


def test_an_owner_that_begins_as_backup_waits_for_its_timer() -> None:
    front = Instance("A", "eth0", 51, 255, address="10.0.0.1", vips=("10.0.0.9",), begins_as_backup=True)
    (step,) = simulate(Network((Node("n1", (front,)),)), "start").steps
    assert all(outcome.after is not None and outcome.after[0] > 3 for outcome in step.outcomes)


def test_global_defs_in_one_file_alone_change_no_multicast_group() -> None:
    text = "vrrp_instance A {\n interface eth0\n virtual_router_id 5\n virtual_ipaddress {\n 10.0.0.9\n }\n}\n"
    texts = {"a": text, "b": "global_defs {\n vrrp_startup_delay 3\n}\n" + text}
    confs = [(name, read(Source(name, each)).conf) for name, each in texts.items()]
    assert not hears(build(confs)).deaf

"""A frozen daemon finds on waking what was sent to it meanwhile."""

import pytest

from havipcfg.verify.network import Instance, Network, Node
from havipcfg.verify.simulate import simulate


@pytest.mark.xfail(strict=True, reason="the model does not keep a goodbye for a frozen node")
def test_a_goodbye_that_waited_starts_the_election_at_once() -> None:
    def node(number: int, priority: int) -> Node:
        front = Instance(
            "A", "eth0", 51, priority, version=3, advert_int=0.4, address=f"10.0.0.{number}", vips=("10.0.0.9",)
        )
        return Node(f"n{number}", (front,))

    steps = simulate(Network((node(1, 200), node(2, 50))), "start n1; start n2; freeze n2; stop n1; thaw n2").steps
    assert all(outcome.after is not None and outcome.after[1] < 0.5 for outcome in steps[-1].outcomes)

"""A frozen daemon finds on waking what was sent to it meanwhile."""

from havipcfg.verifier.network import Instance, Network, Node
from havipcfg.verifier.simulate import Step, simulate


def steps_of(scenario: str) -> tuple[Step, ...]:
    def node(number: int, priority: int) -> Node:
        front = Instance(
            "A", "eth0", 51, priority, version=3, advert_int=0.4, address=f"10.0.0.{number}", vips=("10.0.0.9",)
        )
        return Node(f"n{number}", (front,))

    return simulate(Network((node(1, 200), node(2, 50))), scenario).steps


def test_a_goodbye_that_waited_starts_the_election_at_once() -> None:
    steps = steps_of("start n1; start n2; freeze n2; stop n1; thaw n2")
    assert all(outcome.after is not None and outcome.after[1] < 0.5 for outcome in steps[-1].outcomes)


def test_a_goodbye_of_the_lower_does_not_move_a_frozen_master() -> None:
    last = steps_of("start n1; start n2; freeze n1; stop n2; thaw n1")[-1]
    assert [outcome.holders for outcome in last.outcomes] == [{"A": ("n1",)}]
    assert all(outcome.after is None for outcome in last.outcomes)


def test_a_frozen_master_that_finds_a_better_one_gives_way_and_then_takes_over_from_it() -> None:
    last = steps_of("start n2; freeze n2; start n1; stop n1; thaw n2")[-1]
    skew = (256 - 50) / 256 * 0.4
    assert [outcome.holders for outcome in last.outcomes] == [{"A": ("n2",)}]
    assert all(outcome.after is not None and abs(outcome.after[1] - skew) < 0.01 for outcome in last.outcomes)

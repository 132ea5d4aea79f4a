"""generate proves what it made before it writes, and refuses what does not hold."""

from __future__ import annotations

from pathlib import Path

from havipcfg.generator.job import generate
from havipcfg.generator.proof import subject_of, violations
from havipcfg.source import Source
from havipcfg.verifier.simulate import simulate
from tests.generate.test_import import run

CLUSTER = """\
provider: onprem
subnet: 192.0.2.0/24
havips: [192.0.2.100]
mode: prefer
max_failover: %s
nodes:
  a: {address: 192.0.2.11, interface: eth0}
  b: {address: 192.0.2.12, interface: eth0}
  c: {address: 192.0.2.13, interface: eth0}
  d: {address: 192.0.2.14, interface: eth0}
checks:
  web: {tcp: 80, on_failure: lower, weight: -5}
"""


def test_a_weight_too_small_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "cluster.yaml").write_text(CLUSTER % 30)
    done = run("generate", "cluster.yaml", "-o", "out", cwd=tmp_path)
    assert done.returncode == 1
    assert "FO1" in done.stderr or "CL301" in done.stderr
    assert not (tmp_path / "out").exists()
    forced = run("generate", "cluster.yaml", "-o", "out", "--force", cwd=tmp_path)
    assert forced.returncode == 0, forced.stderr
    assert (tmp_path / "out" / "a" / "keepalived.conf").exists()


def test_the_proof_names_what_does_not_hold_and_how_it_comes_to_that() -> None:
    made = generate(Source("cluster.yaml", CLUSTER % 30), prove=False)
    assert made.file is not None
    assert made.outputs is not None
    found = list(violations(made.file, made.outputs))
    assert any("web" in each.message for each in found)
    assert all(each.notes for each in found)


def test_a_cluster_that_holds_is_silent() -> None:
    made = generate(
        Source("cluster.yaml", (CLUSTER % 30).replace(", weight: -5", "").replace("mode: prefer", "preempt_delay: 5"))
    )
    assert [(each.code, each.message) for each in made.diagnostics] == []


LOWERING = """\
provider: onprem
subnet: 192.0.2.0/24
instances:
  one: {havips: [192.0.2.100], prefer: a}
  two: {havips: [192.0.2.101], prefer: c}
nodes:
  a: {address: 192.0.2.11, interface: eth0}
  b: {address: 192.0.2.12, interface: eth0}
  c: {address: 192.0.2.13, interface: eth0}
checks:
  web: {tcp: 80, on_failure: lower}
"""


def test_only_the_return_of_the_preferred_node_waits() -> None:
    made = generate(Source("cluster.yaml", LOWERING))
    assert made.outputs is not None
    assert made.file is not None
    delays = {
        (node, instance.name): instance.preempt_delay
        for node, conf in made.outputs.configurations.items()
        for instance in conf.vrrp_instance
        if instance.preempt_delay
    }
    assert delays == {("a", "one"): 60, ("c", "two"): 60}
    network = subject_of(made.file, made.outputs).network
    steps = simulate(network, "start; check a web fail; check a web ok").steps
    fails, recovers = ([outcome.after for outcome in step.outcomes] for step in steps[1:])
    assert all(each is not None and each[1] < 15 for each in fails)
    assert all(each is not None and each[0] > 60 for each in recovers)

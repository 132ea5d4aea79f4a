"""``havipcfg verify``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from havipcfg.cli.common import fail, parse_target, read_source, show_diagnostics, write

if TYPE_CHECKING:
    from havipcfg.verify import Network, Proof
    from havipcfg.verify.outcome import Outcome

EXIT_VIOLATED = 1


def verify(
    files: Annotated[list[Path], typer.Argument(help="cluster.yaml, or the configuration of every node.")],
    target: Annotated[str, typer.Option(help="keepalived version of the nodes.")] = "2.4.3",
    output_format: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
    faults: Annotated[int | None, typer.Option(help="Most faults at a time (default: all, 3 from 5 nodes on).")] = None,
    max_failover: Annotated[float | None, typer.Option(help="Longest acceptable failover, seconds.")] = None,
    scenario: Annotated[str | None, typer.Option(help="Events separated by ;, or a file of them.")] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write the result to a file.")] = None,
) -> None:
    """Prove from the configurations who holds the address after every fault, and how long the move takes."""
    from havipcfg.verify import ScenarioError, simulate
    from havipcfg.verify import verify as prove
    from havipcfg.verify.build import reread_from

    if output_format not in ("text", "json"):
        fail(f"--format {output_format}: not one of text, json")
    network, delay, wanted = _network(files, target)
    if not any(node.instances for node in network.nodes):
        fail(f"{files[0]}: nothing here elects a master: there is no vrrp_instance")
    if scenario is not None:
        try:
            result = simulate(network, _events(scenario), reread=reread_from(Path()))
        except ScenarioError as error:
            fail(str(error))
        if output_format == "json":
            write(json.dumps(result.to_json(), indent=2), output)
        else:
            write("\n".join(_line(str(step.event), step.outcomes, 0.0) for step in result.steps), output)
        return
    limit = max_failover if max_failover is not None else wanted
    proof = prove(network, max_failover=limit, faults=faults, provider_delay=delay)
    write(json.dumps(_as_json(proof), indent=2) if output_format == "json" else _as_text(proof), output)
    if not proof.holds:
        raise typer.Exit(EXIT_VIOLATED)


def _network(files: list[Path], target: str) -> tuple[Network, float, float | None]:
    """The network of the files, the seconds the cloud adds to a move, and the target of a cluster.yaml."""
    from havipcfg.verify.build import build

    version = parse_target(target)
    if len(files) == 1 and files[0].suffix in (".yaml", ".yml"):
        from havipcfg.generate.configuration import target_of
        from havipcfg.generate.job import generate

        made = generate(read_source(files[0]))
        if made.outputs is None or made.file is None:
            show_diagnostics(made.diagnostics)
            fail(f"{files[0]}: no configurations can be made of it")
        switch = made.file.provider.switch_time
        versions = {node: target_of(made.file, node) for node in made.outputs.configurations}
        network = build(made.outputs.configurations.items(), versions=versions)
        return network, (switch.maximum or switch.typical or 0.0) if switch else 0.0, made.file.facts.max_failover
    from havipcfg.cluster.members import Context
    from havipcfg.keepalived.load import read
    from havipcfg.lint.discover import discover

    found = discover(files)
    if found.failures:
        fail(found.failures[0])
    contexts = [Context(read(source, version)) for source in found.sources]
    names = [context.name for context in contexts]
    if len(set(names)) < len(names):
        names = [Path(source.name).stem for source in found.sources]
    if len(set(names)) < len(names):
        names = [source.name for source in found.sources]
    return build([(n, c.conf) for n, c in zip(names, contexts, strict=True)], versions=version), 0.0, None


def _events(text: str) -> str:
    path = Path(text)
    try:
        return path.read_text(encoding="utf-8") if path.is_file() else text
    except OSError as error:
        fail(f"{text}: {error.strerror or error}")


def _seconds(bounds: tuple[float, float | None]) -> str:
    low, high = bounds
    if high is None:
        return f"{low:.2f} s and on"
    return f"{low:.2f} s" if f"{low:.2f}" == f"{high:.2f}" else f"{low:.2f} … {high:.2f} s"


def _line(event: str, outcomes: tuple[Outcome, ...], delay: float) -> str:
    ways = []
    for outcome in outcomes:
        held = "; ".join(
            f"{instance}: {' and '.join(nodes) or 'nobody'}" for instance, nodes in outcome.holders.items()
        )
        after = "no change" if outcome.after is None else f"after {_seconds(outcome.after)}"
        cloud = f"  + {delay:g} s cloud" if delay and outcome.after is not None else ""
        gap = f"  nobody for {_seconds(outcome.gap)}" if outcome.gap[1] else ""
        two = f"  two for {_seconds(outcome.dual)}" if outcome.dual[1] is None or outcome.dual[1] > 0.1 else ""
        ways.append(f"{held}  {after}{cloud}{gap}{two}")
    return f"  {event:<36} " + f"\n{'or':>38} ".join(ways)


def _as_text(proof: Proof) -> str:
    head = f"{len(proof.nodes)} nodes ({', '.join(proof.nodes)}): {proof.states} stable states, "
    lines = [head + f"{proof.transitions} transitions, {proof.coverage}"]
    lines += [_line(row.event, row.outcomes, proof.provider_delay) for row in proof.rows]
    for violation in proof.violations:
        lines += ["", f"{violation.severity} {violation.code} {violation.name}: {violation.message}"]
        for number, step in enumerate(violation.trace, 1):
            stands = "  ".join(f"{s.node} {s.role} {s.priority}" for s in step.stands)
            lines.append(f"  {number:>3}  {step.event:<28} {stands}")
        lines += [f"  because {reason}" for reason in violation.because]
        places = dict.fromkeys(f"{span.file}:{span.line} {span.text.strip()}" for span in violation.origins)
        lines += [f"  because {place}" for place in places]
    lines += ["", "holds" if proof.holds else "does not hold"]
    return "\n".join(lines)


def _as_json(proof: Proof) -> dict[str, Any]:
    return {
        "version": 1,
        "holds": proof.holds,
        "nodes": list(proof.nodes),
        "instances": list(proof.instances),
        "states": proof.states,
        "transitions": proof.transitions,
        "coverage": proof.coverage,
        "violations": [
            {
                "code": each.code,
                "name": each.name,
                "severity": str(each.severity),
                "message": each.message,
                "trace": [step.event for step in each.trace],
                "because": [*each.because, *(str(span) for span in each.origins)],
            }
            for each in proof.violations
        ],
        "rows": [
            {"event": row.event, "outcomes": [outcome.to_json() for outcome in row.outcomes]} for row in proof.rows
        ],
    }

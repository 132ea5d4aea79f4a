"""``havipcfg init``."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from havipcfg.cli.common import fail, show_diagnostics, write
from havipcfg.render.printable import printable


def init(
    name: Annotated[str, typer.Option(metavar="NAME", help="Name of the cluster.")] = "havip",
    provider: Annotated[str | None, typer.Option(metavar="NAME", help="The cloud, or onprem.")] = None,
    subnet: Annotated[
        str | None, typer.Option(metavar="CIDR", help="Subnet of the nodes, such as 10.0.1.0/24.")
    ] = None,
    havip: Annotated[
        list[str] | None, typer.Option(metavar="ADDRESS", help="A virtual address; may be repeated.")
    ] = None,
    node: Annotated[
        list[str] | None, typer.Option(metavar="NODE", help="NAME=ADDRESS[@INTERFACE]; at least two.")
    ] = None,
    check: Annotated[
        list[str] | None, typer.Option(metavar="CHECK", help="KIND=VALUE, such as tcp=80 or process=haproxy.")
    ] = None,
    authentication: Annotated[
        bool, typer.Option("--authentication", help="Make a password file beside the output.")
    ] = False,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The file to write.")] = Path(
        "cluster.yaml"
    ),
    force: Annotated[bool, typer.Option("--force", help="Overwrite the output.")] = False,
) -> None:
    """Write a commented cluster.yaml from options or answers.

    On a terminal it asks for what no option says.

    Exit status: 0 written, 1 the answers make no
    cluster, 2 not written.
    """
    from havipcfg.cluster.load import load_cluster
    from havipcfg.diagnostics import Severity
    from havipcfg.generator.initial import Answers, cluster_yaml
    from havipcfg.source import Source

    if output.exists() and not force:
        fail(f"{output} exists; nothing was written (--force overwrites it)")
    provider = provider or _ask("Provider", "--provider", "onprem")
    subnet = subnet or _ask("Subnet, such as 10.0.1.0/24", "--subnet")
    havips = havip or _ask("Virtual addresses, separated by blanks", "--havip").split()
    nodes = node or _ask("Nodes: NAME=ADDRESS[@INTERFACE], separated by blanks", "--node").split()
    if check is None and sys.stdin.isatty():
        check = typer.prompt("Checks: KIND=VALUE, separated by blanks", default="", show_default=False).split()
    secret = output.with_name(f"{output.stem}.password") if authentication else None
    answers = Answers(
        name=name,
        provider=provider,
        subnet=subnet,
        havips=havips,
        nodes=[_node(each) for each in nodes],
        checks=[_pair(each, "--check KIND=VALUE") for each in check or ()],
        password_file=secret.name if secret is not None else None,
    )
    text = cluster_yaml(answers)
    _, diagnostics = load_cluster(Source(str(output), text))
    if diagnostics:
        show_diagnostics(diagnostics)
    if any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics):
        fail(f"{output}: nothing was written, because of the errors above", 1)
    if secret is not None:
        _make_password(secret)
    write(text, output)
    write(printable(f"{output} written; next: havipcfg generate {output}"), None)


def _ask(question: str, option: str, default: str | None = None) -> str:
    if not sys.stdin.isatty():
        fail(f"init: {option} is missing, and there is no terminal to ask on")
    return str(typer.prompt(question, default=default))


def _pair(text: str, wanted: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not (key and equals and value):
        fail(f"init: {text!r}: {wanted} is expected")
    return key, value


def _node(text: str) -> tuple[str, str, str]:
    name, place = _pair(text, "--node NAME=ADDRESS[@INTERFACE]")
    address, _, interface = place.partition("@")
    return name, address, interface or "eth0"


def _make_password(path: Path) -> None:
    """A password that only the owner can read; one that is there stays."""
    import secrets

    if path.exists():
        return
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_hex(4) + "\n")
    except OSError as error:
        fail(f"{path}: {error.strerror or error}")

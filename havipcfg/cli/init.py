"""``havipcfg init``."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from havipcfg.cli.common import fail, show_diagnostics, write
from havipcfg.render.printable import printable

NODE = "NAME=ADDRESS[@INTERFACE][,KEY=VALUE...]"
MISSING_ID = "CY129"
"""What a cloud's own call has to be told: the file is written all the same, and the finding says where it goes."""


def init(
    name: Annotated[str, typer.Option(metavar="NAME", help="Name of the cluster.")] = "havip",
    provider: Annotated[str | None, typer.Option(metavar="NAME", help="The cloud, or onprem.")] = None,
    subnet: Annotated[
        str | None, typer.Option(metavar="CIDR", help="Subnet of the nodes, such as 10.0.1.0/24.")
    ] = None,
    havip: Annotated[list[str] | None, typer.Option(metavar="HAVIP", help="ADDRESS[,id=ID]; may be repeated.")] = None,
    node: Annotated[
        list[str] | None,
        typer.Option(metavar="NODE", help=f"{NODE}; at least two."),
    ] = None,
    check: Annotated[
        list[str] | None, typer.Option(metavar="CHECK", help="KIND=VALUE, such as tcp=80 or process=haproxy.")
    ] = None,
    cloud: Annotated[
        list[str] | None, typer.Option(metavar="KEY=VALUE", help="What the cloud's client needs, such as region=eu-1.")
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
    provider = provider or _ask("Provider", "--provider", _provider, "onprem")
    subnet = subnet or _ask("Subnet, such as 10.0.1.0/24", "--subnet", _subnet)
    havips = havip or _ask("Virtual addresses, separated by blanks", "--havip", _havips).split()
    nodes = node or _ask(f"Nodes: {NODE}, separated by blanks", "--node", _nodes).split()
    if check is None and sys.stdin.isatty():
        check = _ask("Checks: KIND=VALUE, separated by blanks", "--check", _checks, "").split()
    secret = output.with_name(f"{output.stem}.password") if authentication else None
    answers = Answers(
        name=name,
        provider=provider,
        subnet=subnet,
        havips=[_havip(each) for each in havips],
        nodes=[_node(each) for each in nodes],
        checks=[_pair(each, "--check KIND=VALUE") for each in check or ()],
        cloud=dict(_pair(each, "--cloud KEY=VALUE") for each in cloud or ()),
        password_file=secret.name if secret is not None else None,
    )
    text = cluster_yaml(answers)
    _, diagnostics = load_cluster(Source(str(output), text))
    if diagnostics:
        show_diagnostics(diagnostics)
    errors = {diagnostic.code for diagnostic in diagnostics if diagnostic.severity is Severity.ERROR}
    if errors - {MISSING_ID}:
        fail(f"{output}: nothing was written, because of the errors above", 1)
    if secret is not None:
        _make_password(secret)
    write(text, output)
    first = "add what the findings name, then" if errors else "next:"
    write(printable(f"{output} written; {first} havipcfg generate {output}"), None)


def _ask(question: str, option: str, judge: Callable[[str], object], default: str | None = None) -> str:
    """An answer that ``judge`` takes; one that it does not, by ValueError, is asked for again."""
    if not sys.stdin.isatty():
        fail(f"init: {option} is missing, and there is no terminal to ask on")

    def answered(text: str) -> str:
        try:
            judge(text)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None
        return text

    return str(typer.prompt(question, default=default, show_default=bool(default), value_proc=answered))


def _is(kind: Any, text: str) -> None:
    """Raise ValueError, in the words of cluster.yaml, where the text is no value of that kind."""
    from pydantic import TypeAdapter, ValidationError

    try:
        TypeAdapter(kind).validate_python(text)
    except ValidationError as error:
        raise ValueError(error.errors()[0]["msg"]) from None


def _provider(text: str) -> None:
    from havipcfg.providers import UnknownProviderError, provider

    try:
        provider(text)
    except UnknownProviderError as error:
        raise ValueError(str(error)) from None


def _subnet(text: str) -> None:
    from havipcfg.cluster.values import Network

    _is(Network, text)


def _havips(text: str) -> None:
    from havipcfg.cluster.values import Address

    for word in text.split():
        _is(Address, word.split(",")[0])
        _details(word)


def _nodes(text: str) -> None:
    from havipcfg.cluster.values import Address, Interface, Name

    words = text.split()
    for word in words:
        name, equals, place = word.partition("=")
        if not equals:
            raise ValueError(f"{word} is not {NODE}")
        address, _, interface = place.split(",")[0].partition("@")
        _details(place)
        for kind, part in ((Name, name), (Address, address), (Interface, interface or "eth0")):
            _is(kind, part)
    if len(words) < 2:
        raise ValueError("a cluster has two nodes or more")


def _checks(text: str) -> None:
    from havipcfg.cluster.checks import CHECK_KINDS

    for word in text.split():
        kind, equals, value = word.partition("=")
        if kind not in CHECK_KINDS or not equals or not value:
            raise ValueError(f"{word} is not KIND=VALUE, with one of {', '.join(CHECK_KINDS)}")


def _pair(text: str, wanted: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not (key and equals and value):
        fail(f"init: {text!r}: {wanted} is expected")
    return key, value


def _node(text: str) -> tuple[str, dict[str, str]]:
    name, place = _pair(text, f"--node {NODE}")
    address, _, interface = place.split(",")[0].partition("@")
    return name, {"address": address, "interface": interface or "eth0", **_said(place, text, f"--node {NODE}")}


def _havip(text: str) -> dict[str, str]:
    return {"address": text.split(",")[0], **_said(text, text, "--havip ADDRESS[,id=ID]")}


def _said(text: str, whole: str, wanted: str) -> dict[str, str]:
    try:
        return _details(text)
    except ValueError:
        fail(f"init: {whole!r}: {wanted} is expected")


def _details(text: str) -> dict[str, str]:
    """What stands behind the first comma, as keys and values; raises ValueError."""
    pairs = [part.partition("=") for part in text.split(",")[1:]]
    if not all(key and equals and value for key, equals, value in pairs):
        raise ValueError(f"KEY=VALUE is expected behind each comma of {text}")
    return {key: value for key, _, value in pairs}


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

"""The first cluster.yaml of a cluster: few answers in, a commented file out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Answers:
    """What a new cluster needs: ``havips`` and ``nodes`` with what is said of each, ``checks`` as kind and value.

    ``cloud`` is what the cloud's own client has to know.
    """

    name: str
    provider: str
    subnet: str
    havips: Sequence[Mapping[str, str]]
    nodes: Sequence[tuple[str, Mapping[str, str]]]
    checks: Sequence[tuple[str, str]]
    cloud: Mapping[str, str] = field(default_factory=dict)
    password_file: str | None = None


def cluster_yaml(answers: Answers) -> str:
    """The text of the file, every value quoted so that YAML takes it as it is."""
    lines = [
        "# One cluster of nodes that share virtual addresses. Next: havipcfg generate on this file.",
        f"name: {_text(answers.name)}",
        f"provider: {_text(answers.provider)}",
        f"subnet: {_text(answers.subnet)}",
        *(["# What the cloud's own client has to know.", f"cloud: {_mapping(answers.cloud)}"] if answers.cloud else []),
        "# The virtual addresses; they move together.",
        f"havips: [{', '.join(map(_havip, answers.havips))}]",
        "# stay: the address stays where it is. prefer: it returns to the first node.",
        "mode: stay",
    ]
    if answers.password_file is not None:
        lines += [
            "# keepalived sends it in clear text; keep the file out of version control.",
            f"authentication: {{type: PASS, password: {{file: {_text(answers.password_file)}}}}}",
        ]
    lines += ["# The hosts; earlier ones are preferred.", "nodes:"]
    lines += [f"  {_text(name)}: {_mapping(said)}" for name, said in answers.nodes]
    if answers.checks:
        lines += ["# A node whose check fails gives the addresses up.", "checks:"]
        lines += [f"  {name}: {{{kind}: {_value(kind, value)}}}" for name, kind, value in _named(answers.checks)]
    return "\n".join(lines) + "\n"


def _named(checks: Sequence[tuple[str, str]]) -> list[tuple[str, str, str]]:
    used: Mapping[str, int] = {}
    found = []
    for kind, value in checks:
        used = {**used, kind: used.get(kind, 0) + 1}
        found.append((kind if used[kind] == 1 else f"{kind}-{used[kind]}", kind, value))
    return found


def _havip(said: Mapping[str, str]) -> str:
    return _text(said["address"]) if len(said) == 1 else _mapping(said)


def _mapping(values: Mapping[str, str]) -> str:
    return f"{{{', '.join(f'{_key(key)}: {_text(value)}' for key, value in values.items())}}}"


def _key(key: str) -> str:
    return key if key.isascii() and key.isidentifier() else _text(key)


def _value(kind: str, value: str) -> str:
    return value if kind == "tcp" and value.isascii() and value.isdigit() else _text(value)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)

"""Whose line a place in a configuration is, for the labels beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from havipcfg.diagnostics import Label
from havipcfg.source import Span
from havipcfg.verifier.network import Network, Node


def labels(network: Network, spans: Iterable[Span]) -> tuple[Label, ...]:
    """The places with what each is and on which node, as in ``priority 100 of inside on b``."""
    named: dict[Span, str] = {}
    for node in network.nodes:
        for span, what in _lines(node):
            named.setdefault(span, f"{what} on {node.name}")
    return tuple(Label(span, named.get(span, "")) for span in spans)


def _lines(node: Node) -> Iterator[tuple[Span, str]]:
    for instance in node.instances:
        of = f" of {instance.name}" if len(node.instances) > 1 else ""
        if instance.origin is not None:
            yield instance.origin, instance.name
        for name, span in instance.origins.items():
            yield span, f"{name if name.startswith('auth') else _first_line(span)}{of}"
        for tracker in instance.trackers:
            if tracker.origin is not None:
                text = _first_line(tracker.origin)
                yield tracker.origin, tracker.check if text.startswith(tracker.check) else f"{text} of {tracker.check}"
    for check in node.checks:
        if check.origin is not None:
            yield check.origin, check.name
    for group in node.groups:
        if group.origin is not None:
            yield group.origin, f"sync group {group.name}"


def _first_line(span: Span) -> str:
    return span.text.partition("\n")[0].strip(" \t{")

"""Validate the values of a document against the model, and word what pydantic finds."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, get_args

from pydantic import ValidationError

from havipcfg.cluster.codes import finding
from havipcfg.cluster.model import ClusterSpec, Node
from havipcfg.cluster.values import INTERFACE, NAME, Block
from havipcfg.diagnostics import Label

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydantic_core import ErrorDetails

    from havipcfg.cluster.document import Document, Path
    from havipcfg.diagnostics import Diagnostic
    from havipcfg.source import Span

MAXIMUM_PROBLEMS = 100

_KINDS = {
    "string": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "list": "a list",
    "dict": "a mapping",
    "model": "a mapping",
    "model_attributes": "a mapping",
}
_FORMS = {
    INTERFACE: "the name of an interface, at most 15 characters",
    NAME: "a name: letters, digits, '-', '_' and '.', at most 63, beginning with a letter or digit",
    r"^[0-9]+\.[0-9]+\.[0-9]+$": "a version such as 2.2.7",
    r"^/[^\x00-\x1f]*$": "an absolute path",
    r"^[A-Za-z_][A-Za-z0-9_]*$": "the name of an environment variable",
}
_BOUNDS = {
    "greater_than": ("gt", "more than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}
_TIMES = ("interval", "timeout", "advert_int", "preempt_delay", "max_failover")
_DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?(ms|s|sec|m|min|h)")
_UNITS = {"ms": 0.001, "s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600}
_OTHER_NAMES = {
    "vrid": "virtual_router_id",
    "vip": "havips",
    "vips": "havips",
    "virtual_ipaddress": "havips",
    "ip": "address",
    "auth": "authentication",
    "nopreempt": "mode",
    "weight": "priority",
    "dev": "interface",
    "track_script": "checks",
    "vrrp_script": "checks",
    "script": "command",
}
"""What keys are called elsewhere, in keepalived first of all."""


def validate(document: Document) -> tuple[ClusterSpec | None, list[Diagnostic]]:
    """The typed cluster, or None and one diagnostic for each thing that is wrong."""
    if not isinstance(document.value, dict):
        first = document.span(())
        said = "the file holds no cluster" if document.value is None else "a cluster is a mapping"
        return None, [finding("CY003", f"{said}: keys and values are expected", first, advice="see havipcfg init")]
    unplaced = list(_without_address(document))
    try:
        spec = ClusterSpec.model_validate(document.value)
    except ValidationError as error:
        errors = error.errors(include_url=False)
    else:
        return (None if unplaced else spec), unplaced
    misspelt = {(each["loc"][:-1], _nearest_key(each["loc"])) for each in errors if each["type"] == "extra_forbidden"}
    errors = [
        each for each in errors if each["type"] != "missing" or (each["loc"][:-1], each["loc"][-1]) not in misspelt
    ]
    errors, beside = _not_indented(document, errors)
    problems = _once([*beside, *(_diagnostic(document, each) for each in errors[:MAXIMUM_PROBLEMS])]) + unplaced
    if len(errors) > MAXIMUM_PROBLEMS:
        more = f"{len(errors) - MAXIMUM_PROBLEMS} more problems are not shown"
        problems[-1] = replace(problems[-1], notes=(more,))
    return None, problems


def _not_indented(document: Document, errors: list[ErrorDetails]) -> tuple[list[ErrorDetails], list[Diagnostic]]:
    """Unknown keys right behind an empty mapping belong into it: the other errors, and a finding for each of these."""
    unknown = {each["loc"] for each in errors if each["type"] == "extra_forbidden"}
    explained: set[Path] = set()
    found = []
    for path in [each["loc"] for each in errors if each["input"] is None and each["type"].endswith("_type")]:
        around = document.value
        for part in path[:-1]:
            around = around[part] if isinstance(around, dict) else None
        keys = list(around) if isinstance(around, dict) else []
        behind = [(*path[:-1], key) for key in keys[keys.index(path[-1]) + 1 :]] if path[-1] in keys else []
        lost = list(itertools.takewhile(unknown.__contains__, behind))
        if lost:
            explained |= {path, *lost}
            message, advice = f"unknown key {lost[0][-1]!r}", f"indent it, if it belongs to {dotted(path[-1:])}"
            empty = Label(document.key_span(path), "is empty")
            found.append(finding("CY002", message, document.key_span(lost[0]), advice=advice, related=(empty,)))
    return [each for each in errors if each["loc"] not in explained], found


def _without_address(document: Document) -> Iterator[Diagnostic]:
    """Nodes need an address, but for those of a cluster that was imported: multicast files name none."""
    nodes = document.value.get("nodes")
    if document.value.get("additions") is False or not isinstance(nodes, dict):
        return
    for name, node in nodes.items():
        misspelt = isinstance(node, dict) and any(
            _nearest_key(("nodes", name, key)) == "address" for key in node if key not in Node.model_fields
        )
        if isinstance(node, dict) and node.get("address") is None and name and not misspelt:
            yield _missing(document, ("nodes", name, "address"))


def _once(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """One finding for a value that fits none of several forms."""
    found: dict[tuple[str, Span, str], Diagnostic] = {}
    for each in diagnostics:
        words = each.message if each.code in ("CY002", "CY004") else ""
        found.setdefault((each.code, each.span, words), each)
    return list(found.values())


def dotted(path: Path) -> str:
    """The path as people write it: ``nodes.primary.address``."""
    text = ""
    for part in path:
        word = part if isinstance(part, int) or part.isprintable() else repr(part)
        text += f"[{word}]" if isinstance(part, int) else f".{word}" if text else str(word)
    return text


def _diagnostic(document: Document, error: ErrorDetails) -> Diagnostic:
    path, kind, context = error["loc"], error["type"], error.get("ctx", {})
    if path and path[-1] == "[key]":
        path = path[:-1]
        form = _FORMS.get(str(context.get("pattern")), "a name")
        return finding("CY007", f"{path[-1]!r} is not {form}", document.key_span(path))
    if kind == "extra_forbidden":
        return _unknown(document, path)
    if kind == "missing":
        return _missing(document, path)
    span = document.head_span(path)
    where = dotted(document.nearest(path)) or "the cluster"
    if kind in ("bad_value", "wrong_type"):
        code = "CY007" if kind == "bad_value" else "CY003"
        return finding(code, f"{where}: {context['message']}", span)
    if kind.endswith("_type") or kind in ("int_from_float", "json_invalid"):
        expected = _KINDS.get(
            kind.removesuffix("_type"), "a whole number" if kind == "int_from_float" else "another value"
        )
        quote = expected == "text" and isinstance(error["input"], int | float)
        return finding(
            "CY003",
            f"{where}: {expected} is expected, not {_described(error['input'])}",
            span,
            advice=f'put it in quotes: "{span.text}"' if quote else _in_seconds(path, error["input"]),
        )
    if kind == "literal_error":
        expected = str(context["expected"]).replace("'", "")
        nearest = get_close_matches(str(error["input"]), expected.replace(" or ", ", ").split(", "), n=1)
        hint = f"; did you mean {nearest[0]}?" if nearest else ""
        return finding("CY007", f"{where} is one of {expected}{hint}", span)
    if kind in _BOUNDS:
        key, words = _BOUNDS[kind]
        return finding("CY007", f"{where} is {words} {context[key]:g}, not {error['input']}", span)
    if kind == "string_pattern_mismatch":
        form = _FORMS.get(str(context["pattern"]), "another form")
        return finding("CY007", f"{where}: {form} is expected", span)
    if kind in ("too_short", "string_too_short"):
        return finding("CY007", f"{where} is empty", span)
    if kind == "string_too_long":
        return finding("CY007", f"{where} is longer than {context['max_length']} characters", span)
    return finding("CY007", f"{where}: {error['msg'][:1].lower()}{error['msg'][1:]}", span)


def _in_seconds(path: Path, value: object) -> str:
    """How a duration with its unit is written, where the key takes seconds."""
    parsed = _DURATION.fullmatch(value) if isinstance(value, str) and path and path[-1] in _TIMES else None
    return f"times are seconds: write {float(parsed[1]) * _UNITS[parsed[2]]:g}" if parsed else ""


def _described(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"the number {value}"
    return "text" if isinstance(value, str) else "a list" if isinstance(value, list) else "a mapping"


def _nearest_key(path: Path) -> str | None:
    """The key that an unknown one looks like, if any does."""
    known = _fields(path[:-1])
    other = _OTHER_NAMES.get(str(path[-1]))
    return other if other in known else next(iter(get_close_matches(str(path[-1]), known, n=1, cutoff=0.5)), None)


def _unknown(document: Document, path: Path) -> Diagnostic:
    allowed, nearest = _fields(path[:-1]), _nearest_key(path)
    inside = f" in {dotted(path[:-1])}" if len(path) > 1 else ""
    hint = f"; did you mean {nearest}?" if nearest else ""
    return finding(
        "CY002",
        f"unknown key {path[-1]!r}{inside}{hint}",
        document.key_span(path),
        advice=f"known here: {', '.join(allowed)}" if allowed else "",
    )


def _missing(document: Document, path: Path) -> Diagnostic:
    parent = path[:-1]
    return finding("CY004", f"{dotted(parent) or 'the cluster'} needs {path[-1]}", document.key_span(parent))


def _fields(path: Path) -> list[str]:
    annotation: Any = ClusterSpec
    for part in path:
        annotation = _bare(annotation)
        if isinstance(annotation, type) and issubclass(annotation, Block):
            field = annotation.model_fields.get(str(part))
            if field is None:
                return []
            annotation = field.annotation
        else:
            annotation = get_args(annotation)[-1]
    annotation = _bare(annotation)
    return list(annotation.model_fields) if isinstance(annotation, type) and issubclass(annotation, Block) else []


def _bare(annotation: Any) -> Any:
    """Without Annotated and without None."""
    while True:
        arguments = get_args(annotation)
        if hasattr(annotation, "__metadata__"):
            annotation = annotation.__origin__
        elif type(None) in arguments:
            annotation = next(each for each in arguments if each is not type(None))
        else:
            return annotation

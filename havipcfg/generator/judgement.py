"""What the linter says of generated configurations: each thing once, at the key of the cluster file that says it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from havipcfg.cluster.network import havip_paths
from havipcfg.diagnostics import Diagnostic, Label, Severity
from havipcfg.generator.configuration import target_of
from havipcfg.keepalived.version import NEWEST, Version
from havipcfg.linter.engine import lint
from havipcfg.linter.options import LintOptions
from havipcfg.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from havipcfg.cluster.document import Path
    from havipcfg.cluster.file import ClusterFile
    from havipcfg.generator.outputs import Outputs

ASSUMED = Version(2, 1, 0)
"""The oldest keepalived that has to take the files of a cluster whose file says no version."""

_BLOCK = re.compile(r"^(vrrp_script|vrrp_instance) (\S+) \{$", re.MULTILINE)
_KEYS = {"nopreempt": "mode", "auth_type": "authentication", "auth_pass": "authentication"}
_PRIORITY = "priority"


def judgement(file: ClusterFile, made: Outputs) -> list[Diagnostic]:
    """The findings of warning or above, with the facts of the cluster file."""
    found = _linted(file, made, max(target_of(file, node) for node in made.configurations))
    if not any((file.spec.keepalived, *(node.keepalived for node in file.spec.nodes.values()))):
        known = {_where(each) for each in found}
        found += [
            replace(each, notes=(*each.notes, _ANY_VERSION))
            for each in _linted(file, made, ASSUMED)
            if _where(each) not in known
        ]
    return list(_once(_in_cluster_file(file, each) for each in found))


_ANY_VERSION = (
    f"the cluster file does not say which keepalived the nodes have, so {ASSUMED} to {NEWEST} have to take it;"
    " add keepalived: VERSION where all are newer"
)


def _linted(file: ClusterFile, made: Outputs, target: Version) -> list[Diagnostic]:
    sources = [
        Source(f"{node}/keepalived.conf", made.files[f"{node}/keepalived.conf"].content.decode("utf-8"))
        for node in made.configurations
    ]
    report = lint(sources, LintOptions(target=target, facts=file.facts, as_cluster=True))
    return [replace(each, fix=None) for each in report.diagnostics if each.severity is not Severity.INFO]


def _where(diagnostic: Diagnostic) -> tuple[str, str, int]:
    return diagnostic.code, diagnostic.span.source.name, diagnostic.span.start


def _once(found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Each thing at its first place, with a note of the files in which it stands as well."""
    same: dict[tuple[str, str], list[Diagnostic]] = {}
    said: dict[tuple[str, str, int], str] = {}
    for each in found:
        message = said.setdefault(_where(each), each.message)
        same.setdefault((each.code, message), []).append(each)
    for first, *others in same.values():
        elsewhere = dict.fromkeys(each.span.source.name for each in others)
        elsewhere.pop(first.span.source.name, None)
        note = (f"the same in {', '.join(elsewhere)}",) if elsewhere else ()
        yield replace(first, notes=(*first.notes, *note))


def _in_cluster_file(file: ClusterFile, found: Diagnostic) -> Diagnostic:
    """The finding at the key of the cluster file that its line was made from; as it is where none says it."""
    path = next((path for path in _origins(file, found) if file.has(*path)), None)
    if path is None:
        return found
    label = Label(found.span, "becomes this")
    return replace(found, span=file.span(*path), related=(label, *found.related))


def _origins(file: ClusterFile, found: Diagnostic) -> Iterator[Path]:
    """Where the cluster file may say what stands at the place of the finding, the most particular first."""
    text, start = found.span.source.text, found.span.start
    opened = list(_BLOCK.finditer(text, 0, start))
    if not opened or "\n}" in text[opened[-1].end() : start]:
        return
    block, name = opened[-1].groups()
    line = text[text.rfind("\n", 0, start) + 1 :].split("\n", 1)[0].split()
    keyword = line[0] if line else ""
    node = found.span.source.name.partition("/")[0]
    if block == "vrrp_script":
        if keyword != "script":
            yield ("nodes", node, "overrides", "checks", name, keyword)
            yield ("checks", name, keyword)
        if keyword == "timeout":
            yield ("checks", name, "interval")
        return
    own: Path = ("nodes", node, "overrides", "instances", name)
    base = next((election.path for election in file.elections if election.name == name), ())
    address = keyword.partition("/")[0]
    yield from (path for _, havip, path in havip_paths(file) if str(havip.address) == address)
    for path in ((*own, "extra"), (*base, "extra")):
        yield (*path, keyword)
    if keyword == _PRIORITY:
        yield (*own, keyword)
        yield ("nodes", node, keyword)
        return
    key = _KEYS.get(keyword, keyword)
    yield (*base, key)
    if base:
        yield (key,)

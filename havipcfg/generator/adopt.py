"""The import job: the configurations of a cluster's nodes to the cluster.yaml that makes them again.

What cluster.yaml has a key for is said there; everything else is found by generating from
that and comparing meanings, and goes to ``extra``: of the cluster or the instance where all
nodes have it, of the node where not. So nothing is left out unseen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from havipcfg.cluster.allocate import allocate
from havipcfg.cluster.context import Context
from havipcfg.cluster.file import ClusterFile
from havipcfg.cluster.grouping import clusters
from havipcfg.cluster.load import load_cluster
from havipcfg.diagnostics import Severity
from havipcfg.generator.changes import compare
from havipcfg.generator.configuration import NodeConfiguration, Paths
from havipcfg.generator.intent import Intent
from havipcfg.generator.residue import KNOWN, blocks_residue, residue
from havipcfg.generator.yaml_text import yaml_text
from havipcfg.keepalived.load import read
from havipcfg.keepalived.meaning import changed, meaning
from havipcfg.keepalived.version import NEWEST, Version
from havipcfg.source import Source

if TYPE_CHECKING:
    from havipcfg.cluster.members import VirtualRouter
    from havipcfg.diagnostics import Diagnostic
    from havipcfg.keepalived.conf import KeepalivedConf

CONTRADICTIONS = ("CL101", "CL102", "CL103", "CL104", "CL105", "CL106", "CL117", "CL201", "CL202", "CL203", "CL204")
"""Rules about what the nodes of one cluster must agree on."""


@dataclass
class Imported:
    """What an import made.

    ``text`` is the cluster.yaml. ``contradictions`` are what the nodes do not agree on: each
    keeps its own in the file. ``ignored`` are lines that keepalived ignores too. ``lost`` says
    what the file could not take over, ``refusals`` why ``generate`` will not take the file as
    it is. ``passwords`` are by the name under which the file refers to them.
    """

    text: str
    nodes: tuple[str, ...]
    contradictions: list[Diagnostic] = field(default_factory=list)
    ignored: list[Diagnostic] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    refusals: list[Diagnostic] = field(default_factory=list)
    passwords: dict[str, str] = field(default_factory=dict)


class NotACluster(ValueError):  # noqa: N818  worded for the user
    """The files hold no cluster; the text says why."""


def adopt(
    sources: Sequence[Source],
    *,
    name: str = "havip",
    provider: str = "onprem",
    subnets: Sequence[str] = (),
    target: Version | None = None,
    secret: str = "env",
    prefix: str = "cluster",
) -> Imported:
    """Make the cluster.yaml of these files, one a node; raises NotACluster.

    ``secret`` says how the file refers to passwords: ``env`` variables, or ``file``s whose
    names begin with ``prefix``.
    """
    contexts = [Context(read(source, target or NEWEST)) for source in sources]
    found = clusters(contexts, together=True)
    if len(sources) < 2 or not found or len(found[0].contexts) < len(sources):
        lonely = next((c for c in contexts if not c.conf.vrrp_instance), None)
        if lonely is not None:
            raise NotACluster(f"{lonely.reading.source.name}: it has no vrrp_instance, so it is no node of a cluster")
        raise NotACluster("a cluster has two nodes or more; name the configurations of all of them")
    nodes = _node_names(contexts)
    intent = Intent(contexts, nodes, found[0].routers, secret=secret, prefix=prefix)
    if not intent.routers:
        raise NotACluster("; ".join(_unfit(router) for router in found[0].routers))
    data = {"name": name, "provider": provider}
    if subnets:
        data["subnet"] = list(subnets)  # type: ignore[assignment]
    data |= {"additions": False, **({"keepalived": str(target)} if target else {})}  # type: ignore[dict-item]
    data |= intent.data()
    wanted = dict(zip(nodes, (_renamed(context.conf, intent.routers) for context in contexts), strict=True))
    for by_block in (False, True):
        _add_extra(data, wanted, intent.passwords, by_block=by_block)
    text = yaml_text(data, intent.remarks)
    made = Imported(text, tuple(nodes), passwords=intent.passwords)
    file, problems = load_cluster(Source("cluster.yaml", text))
    made.refusals = [each for each in problems if each.severity is Severity.ERROR]
    if file is not None and file.elections:
        plan = compare(wanted, _generated(file, intent.passwords))
        made.lost = [f"{node}: {change.sentence}" for node, each in plan.changes.items() for change in each]
    made.lost += [
        f"{intent.node_of[id(member.context)]}: vrrp_instance {member.instance.name} becomes {router.name},"
        " as the cluster file calls it on all nodes"
        for router in intent.routers
        for member in router.members
        if member.instance.name != router.name
    ]
    made.contradictions = _contradictions(sources, target)
    made.ignored = [problem for context in contexts for problem in context.reading.problems]
    return made


def _contradictions(sources: Sequence[Source], target: Version | None) -> list[Diagnostic]:
    from havipcfg.linter.engine import lint
    from havipcfg.linter.options import LintOptions

    report = lint(list(sources), LintOptions(target=target or NEWEST, as_cluster=True))
    return [each for each in report.diagnostics if each.code in CONTRADICTIONS and each.severity is Severity.ERROR]


def _renamed(conf: KeepalivedConf, routers: Sequence[VirtualRouter]) -> KeepalivedConf:
    """The configuration with each instance called as on the first node."""
    names = {id(member.instance): router.name for router in routers for member in router.members}
    return changed(
        conf,
        {
            "vrrp_instance": tuple(
                changed(each, {"name": names[id(each)]}) if id(each) in names else each for each in conf.vrrp_instance
            )
        },
    )


def _unfit(router: VirtualRouter) -> str:
    """Why an instance cannot be one of cluster.yaml."""
    if not all(member.instance.virtual_ipaddress for member in router.members):
        reason = "it has no virtual address that keepalived can read"
    elif not all(member.instance.interface and member.instance.virtual_router_id for member in router.members):
        reason = "it has no interface or no virtual_router_id"
    else:
        reason = "not all the files have it, or cluster.yaml does not take its name"
    return f"{router.members[0].context.reading.source.name}: vrrp_instance {router.name}: {reason}"


def _node_names(contexts: Sequence[Context]) -> list[str]:
    """Names of nodes that cluster.yaml takes, each once."""
    found: list[str] = []
    for number, context in enumerate(contexts, 1):
        plain = re.sub(r"[^A-Za-z0-9_.-]+", "-", context.name).strip("-._")[:60] or f"node-{number}"
        found.append(plain if plain not in found else f"{plain}-{number}")
    return found


def _generated(file: ClusterFile, passwords: Mapping[str, str]) -> dict[str, KeepalivedConf]:
    allocation, paths = allocate(file), Paths("/check.sh", "/notify.sh", "/notify.data")
    secrets = {}
    for election in file.elections:
        reference = election.authentication.password if election.authentication else None
        if reference is not None:
            secrets[election.name] = passwords[reference.env or reference.file or ""]
    return {node: NodeConfiguration(file, node, allocation, paths, secrets).build() for node in file.spec.nodes}


def _add_extra(
    data: dict[str, Any],
    wanted: Mapping[str, KeepalivedConf],
    passwords: Mapping[str, str],
    *,
    by_block: bool,
) -> None:
    """Say under ``extra`` what generating from the data as it is does not make.

    ``by_block``: what is in instances, groups and scripts; it depends on the rest, which comes first.
    """
    file, problems = load_cluster(Source("cluster.yaml", yaml_text(data, {})))
    if file is None or not file.elections:
        reason = next((each.message for each in problems), "the files hold no virtual address")
        raise NotACluster(reason)
    made = _generated(file, passwords)
    whole: dict[str, dict[str, Any]] = {}
    inner: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
    for node, conf in wanted.items():
        mine, theirs = meaning(made[node]), meaning(conf)
        whole[node] = residue(mine, theirs, () if by_block else KNOWN, skip_known=by_block)
        if by_block:
            for place, values in blocks_residue(mine, theirs).items():
                inner.setdefault(place, {})[node] = values
    _place(data, ("extra",), whole, data["nodes"])
    for (keyword, name), values in inner.items():
        _place_in_block(data, keyword, name, values)


def _place(
    data: dict[str, Any], shared: tuple[str, ...], values: Mapping[str, dict[str, Any]], nodes: dict[str, Any]
) -> None:
    """What all nodes have is said once, the rest of each node under its overrides."""
    common = _common([values.get(node, {}) for node in nodes])
    if common:
        _merge(_at(data, *shared), common)
    for node, each in values.items():
        own = _apart(each, common)
        if own:
            _merge(_at(nodes[node], "overrides", "extra"), own)


def _place_in_block(data: dict[str, Any], keyword: str, name: str, values: Mapping[str, dict[str, Any]]) -> None:
    nodes = data["nodes"]
    common = _common([values.get(node, {}) for node in nodes])
    home = {"vrrp_instance": "instances", "vrrp_sync_group": "sync_groups", "vrrp_script": "checks"}[keyword]
    if common:
        _merge(_at(data, home, name, "extra"), common)
    for node, each in values.items():
        own = _apart(each, common)
        if not own:
            continue
        if keyword == "vrrp_sync_group":
            _merge(_at(nodes[node], "overrides", "extra", f"{keyword} {name}"), own)
        else:
            _merge(_at(nodes[node], "overrides", home, name, "extra"), own)


def _common(values: Sequence[dict[str, Any]]) -> dict[str, Any]:
    found = {}
    for key, value in values[0].items():
        others = [each.get(key, _NOTHING) for each in values[1:]]
        if all(other == value and type(other) is type(value) for other in others):
            found[key] = value
        elif isinstance(value, dict) and " " not in key and all(isinstance(other, dict) for other in others):
            inner = _common([value, *others])
            if inner:
                found[key] = inner
    return found


_NOTHING = object()


def _apart(values: dict[str, Any], common: dict[str, Any]) -> dict[str, Any]:
    found = {}
    for key, value in values.items():
        if key not in common:
            found[key] = value
        elif isinstance(value, dict):
            rest = _apart(value, common[key])
            if rest:
                found[key] = rest
    return found


def _merge(into: dict[str, Any], values: Mapping[str, Any]) -> None:
    for key, value in values.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = value


def _at(data: dict[str, Any], *path: str) -> dict[str, Any]:
    for key in path:
        data = data.setdefault(key, {})
    return data

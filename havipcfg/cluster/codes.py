"""The CY codes: what can be wrong in a cluster.yaml, and why it matters."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from havipcfg.diagnostics import Diagnostic, Label, Severity
from havipcfg.findings import Finding, Rule, register

if TYPE_CHECKING:
    from havipcfg.source import Span

_E, _W, _I = Severity.ERROR, Severity.WARNING, Severity.INFO


class Code(NamedTuple):
    """A kind of finding: ``what`` it finds, ``why`` that matters, ``advice`` where a finding gives no better.

    Its full name begins with ``cluster-``: it is about the cluster file.
    """

    name: str
    severity: Severity
    what: str
    why: str
    advice: str = ""


CODES: dict[str, Code] = {
    "CY001": Code(
        "yaml-syntax",
        _E,
        "Finds a cluster file that is not YAML, or is empty",
        "nothing of the file can be used until it is valid YAML",
    ),
    "CY002": Code(
        "unknown-key",
        _E,
        "Finds keys that a cluster file does not have, and suggests the nearest",
        "a misspelt key would be ignored, and the cluster would not do what the file says",
    ),
    "CY003": Code(
        "wrong-type", _E, "Finds values of another type than the key has", "the value cannot be what the key stands for"
    ),
    "CY004": Code("missing-key", _E, "Finds mappings without a key that they need", "there is no safe default for it"),
    "CY005": Code(
        "duplicate-key",
        _E,
        "Finds a key that a mapping holds twice",
        "only one of the two would count, and which one is not to be seen",
        "remove the one that is not meant",
    ),
    "CY006": Code(
        "refused-yaml",
        _E,
        "Finds YAML that a cluster file never needs: tags, anchors that expand without end, deep nesting, huge numbers",
        "a cluster needs no such YAML; reading it could cost memory, time or safety",
    ),
    "CY007": Code(
        "bad-value",
        _E,
        "Finds values outside those that the key can have",
        "the value is not one that the key can have",
    ),
    "CY101": Code(
        "havip-outside-subnet",
        _E,
        "Finds HAVIPs outside every subnet of their family, and subnets outside the VPC",
        "the network delivers an address only in the subnet it belongs to; clients would reach nobody",
        "use an address of the subnet, or correct the subnet",
    ),
    "CY102": Code(
        "havip-reserved",
        _E,
        "Finds HAVIPs at an address that the network or the cloud keeps for itself",
        "a cloud refuses to create it, and elsewhere it clashes with the gateway or reaches every host",
        "choose another address of the subnet",
    ),
    "CY103": Code(
        "havip-is-node",
        _E,
        "Finds HAVIPs that are the address of a node",
        "the node loses its own address as BACKUP, or both hosts answer for it",
        "give the HAVIP an address of its own",
    ),
    "CY104": Code(
        "havip-family",
        _E,
        "Finds HAVIPs of an IP family in which the file has no subnet",
        "an address of the other IP family cannot live in this subnet",
        "add a subnet of that family, or use an address of this one",
    ),
    "CY105": Code(
        "too-few-nodes",
        _E,
        "Finds clusters of fewer than two nodes",
        "one node alone has nobody to fail over to",
        "add a second node",
    ),
    "CY106": Code(
        "duplicate-node-address",
        _E,
        "Finds an address that two nodes have",
        "both nodes would send and expect advertisements under one address: each ignores the other",
        "give each node its own address",
    ),
    "CY107": Code(
        "duplicate-havip",
        _E,
        "Finds a HAVIP that stands in the file twice",
        "two elections over one address end with two holders",
        "name each HAVIP once",
    ),
    "CY108": Code(
        "unknown-reference",
        _E,
        "Finds names of nodes, checks and instances that the file does not define",
        "it names something that this file does not define",
    ),
    "CY109": Code(
        "virtual-router-id-reserved",
        _E,
        "Finds a virtual_router_id that is reserved, or used by a cluster beside this one",
        "another cluster of the network uses it; each would take part in the other's election",
        "choose another, or leave it out and one is allocated",
    ),
    "CY110": Code(
        "virtual-router-id-duplicate",
        _E,
        "Finds a virtual_router_id that two instances have",
        "two elections with one virtual_router_id disturb each other",
        "choose another, or leave it out and one is allocated",
    ),
    "CY111": Code(
        "wrong-tool",
        _E,
        "Finds clusters on a cloud where keepalived can do nothing",
        "keepalived cannot move an address on this cloud",
    ),
    "CY112": Code(
        "unsupported-on-provider",
        _E,
        "Finds what the cloud does not have: IPv6, multicast, a kind of address",
        "the cloud would not move the address; after a failover nobody has it",
    ),
    "CY113": Code(
        "same-placement",
        _W,
        "Finds clusters whose nodes all share one placement",
        "one failure takes all nodes, and the address with them",
        "spread the nodes with a placement group, over hosts or racks",
    ),
    "CY114": Code(
        "placement-outside-scope",
        _E,
        "Finds nodes in a zone where the address cannot go",
        "the address cannot move to a node that it does not span",
        "place the nodes where the address can go",
    ),
    "CY115": Code(
        "too-many-backends",
        _E,
        "Finds more nodes than the cloud binds to one address",
        "the cloud refuses to bind more; the rest can never hold the address",
    ),
    "CY116": Code(
        "too-many-havips",
        _W,
        "Finds more HAVIPs than one interface of the cloud can announce",
        "announcements of one interface are rate limited; some addresses would stay behind",
        "spread them over interfaces, or set vrrp_garp_master_repeat 1 under extra, global_defs",
    ),
    "CY117": Code(
        "node-outside-subnet",
        _E,
        "Finds nodes without an address in the subnet of the HAVIP",
        "the address can move only among hosts of its own subnet",
        "give the node's address in the subnet of the HAVIP",
    ),
    "CY118": Code(
        "node-reserved-address",
        _E,
        "Finds nodes with an address that no host can have",
        "no host can have it",
        "correct the node's address",
    ),
    "CY119": Code(
        "subnet-missing",
        _E,
        "Finds clusters that do not name their subnet",
        "without it nobody can say whether the HAVIP can be delivered",
        "add subnet: with the CIDR block the nodes and the HAVIP are in",
    ),
    "CY120": Code(
        "password-in-file",
        _W,
        "Finds passwords that stand in the cluster file",
        "whoever reads the file or its history knows the password",
        "write password: {env: NAME} or {file: PATH}",
    ),
    "CY121": Code(
        "weak-password",
        _W,
        "Finds passwords that are known to everybody, or longer than keepalived reads",
        "a password that is known or cut short lets any host of the subnet take part in the election",
        "use 8 random characters; keepalived reads no more",
    ),
    "CY122": Code(
        "lowered-but-stays",
        _E,
        "Finds checks that lower the priority in a cluster that stays where it is",
        "mode stay sets nopreempt, and then no node takes over from one that merely lowered its priority",
        "use on_failure: move, or mode: prefer",
    ),
    "CY123": Code(
        "target-unreachable",
        _W,
        "Finds targets that the election cannot reach",
        "the election and the cloud alone take longer than the target allows",
        "raise max_failover or lower advert_int",
    ),
    "CY124": Code(
        "check-too-slow",
        _W,
        "Finds checks that may run longer than they have time",
        "a check that hangs is noticed later than fall and interval promise, or counts as failed while it still runs",
        "keep timeout below interval times fall",
    ),
    "CY125": Code(
        "no-checks",
        _I,
        "Finds clusters without a health check",
        "the address moves when a host or its network dies, never when the service alone fails",
        "add checks: with the service the HAVIP is for",
    ),
    "CY126": Code(
        "no-effect", _W, "Finds settings that change nothing where they stand", "it changes nothing here", "remove it"
    ),
    "CY127": Code(
        "no-havips", _E, "Finds clusters without a HAVIP", "there is nothing to move", "add havips: [ADDRESS]"
    ),
    "CY128": Code(
        "two-places",
        _E,
        "Finds one thing that is said in two places",
        "it is not to be seen which of them counts",
        "write each thing in one place",
    ),
    "CY129": Code(
        "missing-id",
        _E,
        "Finds ids of the cloud that the call which moves the address needs",
        "the call that moves the address has to name it",
        "copy it from the cloud's console",
    ),
    "CY130": Code(
        "priority-contradicts",
        _E,
        "Finds preferred nodes whose priority is not the highest",
        "the election follows the priorities, not the intent",
        "give the preferred node the highest priority, or leave the priorities out",
    ),
    "CY131": Code(
        "equal-priorities",
        _W,
        "Finds nodes with the same priority",
        "with equal priorities the higher source address wins a simultaneous start",
        "give each node its own priority, or leave them out",
    ),
    "CY132": Code(
        "keepalived-too-old",
        _E,
        "Finds a version of keepalived older than the cloud asks for",
        "the cloud's addresses move reliably only from a later version on",
        "run a later version on every node, and say so here",
    ),
    "CY133": Code(
        "too-many-instances",
        _E,
        "Finds clusters for which no virtual_router_id is left",
        "there are 255 virtual_router_ids, and none is left",
        "make two clusters of it, or free some of the reserved ones",
    ),
    "CY135": Code(
        "interval-needs-version-3",
        _E,
        "Finds fractions of a second between advertisements that are to carry a password",
        "VRRP version 2 counts whole seconds, version 3 has no password; keepalived rounds the interval",
        "use authentication: none, or a whole number of seconds",
    ),
    "CY134": Code(
        "too-many-nodes",
        _E,
        "Finds clusters with more nodes than there are priorities",
        "priorities run out",
        "split the cluster",
    ),
}


def finding(
    code: str,
    message: str,
    span: Span,
    *,
    advice: str = "",
    why: str = "",
    severity: Severity | None = None,
    first: Span | None = None,
    related: tuple[Label, ...] = (),
    notes: tuple[str, ...] = (),
) -> Diagnostic:
    """A diagnostic of this code; ``first`` is the place that was there before, for duplicates."""
    entry = CODES[code]
    labels = related + ((Label(first, "first here"),) if first is not None else ())
    return _RULES[code].diagnostic(
        Finding(span, message, why or entry.why, advice or entry.advice, labels, notes, severity=severity)
    )


def _page(code: str, entry: Code) -> str:
    instead = _sentence(entry.advice) if entry.advice else "Correct the place that the finding shows"
    example = EXAMPLES.get(code, "")
    parts = [f"{entry.what}.", "## What it does", f"{entry.what}; the finding points at the place in the file."]
    parts += ["## Why it matters", f"{_sentence(entry.why)}.", "## Example", f"```yaml\n{example}\n```"]
    parts += ["## Use instead", f"{instead}.", "## References", "- docs/generate.md; `havipcfg schema`"]
    return "\n\n".join(parts)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


EXAMPLES: dict[str, str] = {
    "CY001": "nodes: {a: [1, 2}",
    "CY002": "chekcs: {}",
    "CY003": "nodes: [a, b]",
    "CY004": "a: {interface: eth0}",
    "CY005": "subnet: 10.0.2.0/24",
    "CY006": "provider: !!python/object/apply:os.system [id]",
    "CY007": "havips: [10.0.1.300]",
    "CY101": "havips: [10.0.2.100]",
    "CY102": "havips: [10.0.1.1]",
    "CY103": "havips: [10.0.1.12]",
    "CY104": "havips: ['10.0.1.100', 'fd00::1']",
    "CY105": "n1: {address: 10.0.1.11, interface: eth0}",
    "CY106": "b: {address: 10.0.1.11, interface: eth0}",
    "CY107": "havips: [10.0.1.100, 10.0.1.100]",
    "CY108": "prefer: c",
    "CY109": "virtual_router_id: 52",
    "CY110": "y: {havips: 10.0.1.101, virtual_router_id: 7}",
    "CY111": "provider: azure",
    "CY112": "havips: ['fd00::100']",
    "CY113": "b: {address: 10.0.1.12, interface: eth0, placement: r1}",
    "CY114": "b: {address: 10.0.1.12, interface: eth0, zone: z2}",
    "CY115": "n11: {address: 10.0.1.21, interface: eth0}",
    "CY116": "havips: [10.0.1.100, 10.0.1.101, 10.0.1.102, 10.0.1.103, 10.0.1.104, 10.0.1.105]",
    "CY117": "b: {address: 10.0.2.12, interface: eth0}",
    "CY118": "b: {address: 10.0.1.1, interface: eth0}",
    "CY119": "provider: tencent",
    "CY120": "authentication: {type: PASS, password: k3x!q9Zw}",
    "CY121": "authentication: {password: '1111'}",
    "CY122": "checks: {web: {tcp: 80, on_failure: lower}}",
    "CY123": "max_failover: 2",
    "CY124": "checks: {web: {tcp: 80, interval: 1, timeout: 5}}",
    "CY125": "nodes:",
    "CY126": "checks: {up: {interface: eth1, interval: 5}}",
    "CY127": "provider: onprem",
    "CY128": "havips: [10.0.1.100]",
    "CY129": "n2: {address: 10.0.1.12, interface: eth0}",
    "CY130": "prefer: b",
    "CY131": "b: {address: 10.0.1.12, interface: eth0, priority: 240}",
    "CY132": "keepalived: 1.2.10",
    "CY133": "provider: onprem",
    "CY134": "nodes:",
    "CY135": "advert_int: 0.5",
}
"""A line of a cluster file that each code is found in."""

_RULES = {code: register(Rule(code, f"cluster-{e.name}", e.severity, _page(code, e))) for code, e in CODES.items()}

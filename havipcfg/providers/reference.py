"""The page of docs/ on providers, from the records."""

from __future__ import annotations

from havipcfg.providers import Move, MoveKey, Provider, VipKind, names, provider

SAID_AS: dict[MoveKey, str] = {
    "region": "`cloud: {region}`",
    "zone": "`zone` of the node, or `cloud: {zone}`",
    "project": "`cloud: {project}`",
    "vpc": "`vpc: {id}`",
    "network": "`cloud: {network}`",
    "nic": "`network_interface_id` of the node",
    "server": "`instance_id` of the node",
    "id": "`id` of the HAVIP",
    "netrc": "`cloud: {netrc}`, a file with the login",
    "header": "`cloud: {header}`, a file with the line `Authorization: Bearer TOKEN`",
    "peer": "`instance_id` and `zone` of the other nodes",
    "route_table": "`cloud: {route_table}`, one or several",
}
KINDS: tuple[tuple[VipKind, bool], ...] = (("havip", False), ("private", False), ("private", True))

HEAD = """# Providers

Written from the records in `havipcfg/providers` by `docs/build.py`; a test fails where this page differs.

What moves an address depends on the cloud. Where it is ARP, keepalived's own announcements are enough. Where it is a
call, `havipcfg generate` adds `move.sh`, which keepalived runs on `notify_master` and `notify_master_rx_lower_pri`: it
calls the vendor's own client, with limits and retries ([apply.md](apply.md)). Where keepalived is the wrong tool,
`generate` refuses (CY111, CY112) and says what to use.
"""


def reference() -> str:
    """The page, as Markdown."""
    clouds = [provider(name) for name in names()]
    lines = [HEAD, "## What moves the address", "", "| provider | `vip: {kind: havip}` | `vip: {kind: private}` |"]
    lines.append("|---|---|---|")
    lines += [
        f"| `{cloud.name}`: {cloud.title}, {cloud.product} | {_said(cloud, 'havip')} | {_said(cloud, 'private')} |"
        for cloud in clouds
    ]
    lines += ["", "## What a call needs", "", "| provider | moves | client | call | cluster.yaml says | IPv6 |"]
    lines.append("|---|---|---|---|---|---|")
    lines += [_row(cloud, move) for cloud in clouds for move in cloud.moves]
    lines += ["", "## Notes", ""]
    for cloud in clouds:
        lines += [f"- `{cloud.name}`: {note}" for note in cloud.notes]
        lines += [f"- `{cloud.name}`, {move.kind}: {move.note}." for move in cloud.moves if move.note]
    return "\n".join(lines) + "\n"


def _said(cloud: Provider, kind: VipKind) -> str:
    if cloud.advice:
        return f"refused: {cloud.advice}"
    moves = [move for one, routed in KINDS if one == kind and (move := cloud.move_for(kind, routed=routed))]
    if moves:
        return ", or ".join(f"call, {move.kind}" for move in moves)
    if cloud.mechanism == "arp" and (kind == "havip" or cloud.scope == "segment"):
        return "ARP"
    return f"refused: use `kind: havip` ({cloud.product})" if kind == "private" else "refused: use `kind: private`"


def _row(cloud: Provider, move: Move) -> str:
    needs = "; ".join(SAID_AS[key] for key in move.needs)
    gap = " (two calls: it is nowhere for a moment)" if move.gap else ""
    ipv6 = "yes" if move.ipv6 else "no"
    return f"| `{cloud.name}` | {move.kind} | `{move.program}` | {move.call}{gap} | {needs} | {ipv6} |"

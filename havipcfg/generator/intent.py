"""What the files of a cluster say that cluster.yaml has keys for: nodes, instances, checks, groups."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from havipcfg.cluster.values import INTERFACE, NAME
from havipcfg.keepalived.process_options import ReversedWeight
from havipcfg.keepalived.scripts import Script

if TYPE_CHECKING:
    from collections.abc import Iterator

    from havipcfg.cluster.context import Context
    from havipcfg.cluster.members import Member, VirtualRouter
    from havipcfg.keepalived.entries import ScriptCommand, VirtualAddress
from havipcfg.keepalived.tracking import VrrpScript

MOST = 254
"""The highest priority that cluster.yaml has a key for; keepalived's 255 is an owner, and goes to extra."""
STATES = {
    "notify_master": "master",
    "notify_backup": "backup",
    "notify_fault": "fault",
    "notify_stop": "stop",
    "notify_master_rx_lower_pri": "master_rx_lower_pri",
    "notify": "any",
}


class Intent:
    """The keys of cluster.yaml for these files; ``remarks`` are comments by key of the top level."""

    def __init__(
        self,
        contexts: Sequence[Context],
        nodes: Sequence[str],
        routers: Sequence[VirtualRouter],
        *,
        secret: str,
        prefix: str,
    ) -> None:
        self.contexts = contexts
        self.nodes = list(nodes)
        self.node_of = {id(context): node for context, node in zip(contexts, nodes, strict=True)}
        self.routers = [router for router in routers if self._fits(router)]
        self.secret = secret
        self.prefix = prefix
        self.passwords: dict[str, str] = {}
        self.remarks: dict[str, str] = {}
        self.checks = {script.name: script for script in contexts[0].conf.vrrp_script if self._is_check(script)}

    def data(self) -> dict[str, Any]:
        """The keys ``nodes``, ``instances``, ``sync_groups`` and ``checks``."""
        self.remarks = {
            "additions": "Write what this file says and nothing more. Remove the line to get script security,"
            " a log of\nstates and the provider's settings; `havipcfg generate --diff` then says what changes.",
            "nodes": "The hosts; earlier ones are preferred.",
            "instances": "The elections, one vrrp_instance each.",
            "checks": "A node whose check fails gives the addresses up, or falls in priority.",
            "extra": "keepalived keywords that cluster.yaml has no key for.",
        }
        instances = {router.name: self._instance(router) for router in self.routers}
        found: dict[str, Any] = {"nodes": self._nodes(), "instances": instances}
        groups = dict(self._groups(instances))
        if groups:
            found["sync_groups"] = groups
        used = {check for each in instances.values() for check in each["checks"]}
        checks = {name: _check(script) for name, script in self.checks.items() if name in used}
        if checks:
            found["checks"] = checks
        return found

    def _fits(self, router: VirtualRouter) -> bool:
        """Whether the instance is on all nodes, has addresses, and a name that cluster.yaml takes."""
        members = router.members
        return (
            len(members) == len(self.contexts)
            and re.search(NAME, router.name) is not None
            and all(m.instance.virtual_ipaddress for m in members)
            and all(m.instance.interface and re.search(INTERFACE, m.instance.interface) for m in members)
            and all(m.instance.virtual_router_id for m in members)
        )

    def _is_check(self, script: VrrpScript) -> bool:
        if not re.search(NAME, script.name) or script.script is None or not script.script.argv:
            return False
        try:
            Script().write(type(script.script)(script.script.argv))
        except ValueError:
            return False
        return all(any(each.name == script.name for each in c.conf.vrrp_script) for c in self.contexts)

    def _nodes(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for context, node in zip(self.contexts, self.nodes, strict=True):
            mine = [
                (router, member) for router in self.routers for member in router.members if member.context is context
            ]
            addresses = [self._address(router, member) for router, member in mine]
            first = mine[0][1] if mine else None
            main = first.instance.interface if first is not None else "eth0"
            own: list[str] = []
            for (_, member), address in zip(mine, addresses, strict=True):
                families = {":" in each for each in own}
                if address and member.instance.interface == main and (":" in address) not in families:
                    own.append(address)
            priorities = [member.effective.priority for _, member in mine]
            common = priorities[0] if len(set(priorities)) == 1 and priorities[0] <= MOST else None
            overrides = {}
            for (router, member), address in zip(mine, addresses, strict=True):
                each: dict[str, Any] = {}
                if common is None:
                    each["priority"] = min(member.effective.priority, MOST)
                if member.instance.interface != main:
                    each["interface"] = member.instance.interface
                if address and (address not in own or "interface" in each):
                    each["address"] = address
                if each:
                    overrides[router.name] = each
            entry: dict[str, Any] = {}
            if own:
                entry["address"] = own[0] if len(own) == 1 else own
            entry["interface"] = main
            if common is not None:
                entry["priority"] = common
            router_id = context.conf.global_defs.router_id if context.conf.global_defs else None
            if router_id:
                entry["router_id"] = router_id
            if overrides:
                entry["overrides"] = {"instances": overrides}
            found[node] = entry
        return found

    def _address(self, router: VirtualRouter, member: Member) -> str | None:
        """What the member advertises from: its source address, else the one that the others name as peer."""
        if member.source:
            return member.source
        others = [other for other in router.members if other is not member]
        named = {peer for other in others for peer in other.peers}
        named -= {other.source or "" for other in others} | member.peers
        if len(named) == 1:
            return named.pop()
        return member.instance.mcast_src_ip

    def _instance(self, router: VirtualRouter) -> dict[str, Any]:
        members = router.members
        first = members[0]
        inforce = [member.effective for member in members]
        found: dict[str, Any] = {"virtual_router_id": first.instance.virtual_router_id}
        found["havips"] = [_havip(entry, first) for entry in first.instance.virtual_ipaddress]
        found["havips"] += [_havip(e, first, excluded=True) for e in first.instance.virtual_ipaddress_excluded]
        if all(each.nopreempt for each in inforce):
            found["mode"] = "stay"
        else:
            found["mode"] = "prefer"
            best = max(range(len(members)), key=lambda index: inforce[index].priority)
            found["prefer"] = self.node_of[id(members[best].context)]
            found["preempt_delay"] = _number(inforce[best].preempt_delay)
        if inforce[0].advert_int != 1:
            found["advert_int"] = _number(inforce[0].advert_int)
        if not any(member.peers for member in members):
            found["unicast"] = False
        authentication = [each.authentication for each in inforce]
        if authentication[0] is not None and len(set(authentication)) == 1 and inforce[0].family == 4:
            kind, password = authentication[0]
            found["authentication"] = {"type": kind, "password": {self.secret: self._secret(router.name, password)}}
        notify = self._notify([member.instance for member in members])
        if notify:
            found["notify"] = notify
        found["checks"] = [name for name in self.checks if all(_tracks(member.instance, name) for member in members)]
        return found

    def _secret(self, name: str, password: str) -> str:
        for key, known in self.passwords.items():
            if known == password:
                return key
        word = re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_") or "VRRP"
        key = f"{self.prefix}.{name}.password"
        if self.secret == "env":
            key = f"HAVIPCFG_{word.upper()}_PASSWORD"
        while key in self.passwords:
            key += "_2"
        self.passwords[key] = password
        return key

    def _notify(self, blocks: Sequence[Any]) -> dict[str, Any]:
        """Commands that are the same on all nodes and that cluster.yaml can hold."""
        found = {}
        for keyword, state in STATES.items():
            commands: list[ScriptCommand | None] = [getattr(block, keyword, None) for block in blocks]
            first = commands[0]
            if first is None or not first.argv or first.user or any(each != first for each in commands):
                continue
            try:
                Script().write(type(first)(first.argv))
            except ValueError:
                continue
            found[state] = _command(first.argv)
        return found

    def _groups(self, instances: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        """Groups that all nodes have, with members that cluster.yaml has."""
        for group in self.contexts[0].conf.vrrp_sync_group:
            names = [member.name for member in group.group]
            same = [
                other
                for context in self.contexts
                for other in context.conf.vrrp_sync_group
                if other.name == group.name and {m.name for m in other.group} == set(names)
            ]
            if len(same) < len(self.contexts) or not names or not re.search(NAME, group.name):
                continue
            if not all(name in instances for name in names):
                continue
            tracked = [name for name in self.checks if all(_tracks(each, name) for each in same)]
            for name in names:
                instances[name]["checks"] = list(tracked)
            entry: dict[str, Any] = {"instances": names}
            notify = self._notify(same)
            if notify:
                entry["notify"] = notify
            yield group.name, entry


def _tracks(block: Any, name: str) -> bool:
    return any(tracker.name == name for tracker in block.track_script)


def _havip(entry: VirtualAddress, member: Member, *, excluded: bool = False) -> Any:
    found: dict[str, Any] = {"address": entry.address}
    if entry.prefix is not None and entry.prefix != (32 if entry.family == 4 else 128):
        found["prefix"] = entry.prefix
    if entry.dev and entry.dev != member.instance.interface and re.search(INTERFACE, entry.dev):
        found["interface"] = entry.dev
    options = type(entry)(
        entry.address,
        scope=entry.scope,
        broadcast=entry.broadcast,
        label=entry.label,
        peer=entry.peer,
        preferred_lft=entry.preferred_lft,
        track_group=entry.track_group,
        flags=entry.flags,
    )
    words = options.words()[1:]
    if words:
        found["options"] = " ".join(words)
    if excluded:
        found["excluded"] = True
    return entry.address if len(found) == 1 else found


def _check(script: VrrpScript) -> dict[str, Any]:
    assert script.script is not None
    found: dict[str, Any] = {"command": _command(script.script.argv), "interval": _number(script.interval or 1)}
    if script.timeout and script.timeout != script.interval:
        found["timeout"] = _number(script.timeout)
    found |= {"fall": script.fall or 1, "rise": script.rise or 1}
    weight = script.weight.weight if isinstance(script.weight, ReversedWeight) else script.weight
    if weight:
        found |= {"on_failure": "lower", "weight": weight}
    return found


def _command(argv: Sequence[str]) -> str | list[str]:
    line = " ".join(argv)
    try:
        return line if tuple(shlex.split(line)) == tuple(argv) else list(argv)
    except ValueError:
        return list(argv)


def _number(value: float) -> int | float:
    return int(value) if value == int(value) else value

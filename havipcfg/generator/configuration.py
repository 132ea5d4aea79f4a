"""From the intent of a cluster.yaml to the typed keepalived.conf of each node.

All nodes are built from the same elections, so that what must match does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from havipcfg.cluster.moves import move_of
from havipcfg.generator.checks import apart, arguments, options, setting, used_checks
from havipcfg.generator.extra import Problem, applied, bound
from havipcfg.keepalived.conf import KeepalivedConf
from havipcfg.keepalived.declare import Block
from havipcfg.keepalived.entries import Name, ScriptCommand, Tracker, UnicastPeer, VirtualAddress
from havipcfg.keepalived.global_defs import GlobalDefs
from havipcfg.keepalived.tracking import TrackFile, VrrpScript
from havipcfg.keepalived.version import NEWEST, Version
from havipcfg.keepalived.vrrp_authentication import Authentication
from havipcfg.keepalived.vrrp_instance import VrrpInstance
from havipcfg.keepalived.vrrp_sync_group import VrrpSyncGroup

if TYPE_CHECKING:
    from collections.abc import Mapping

    from havipcfg.cluster.allocate import Allocation
    from havipcfg.cluster.checks import Notify
    from havipcfg.cluster.file import ClusterFile
    from havipcfg.cluster.model import Havip
    from havipcfg.cluster.resolve import Election

MANY_ADDRESSES = 5
ROOT = "root"
B = TypeVar("B", bound=Block)


@dataclass(frozen=True)
class Paths:
    """Where the programs and data files of a node are installed; None where the node has none."""

    check: str
    notify: str
    notify_data: str
    move: str | None = None
    move_data: str | None = None
    checks_data: str | None = None


@dataclass(frozen=True)
class ExtraProblem:
    """Something wrong with a further keyword; ``path`` are the keys that lead to it."""

    path: tuple[str | int, ...]
    message: str


def target_of(file: ClusterFile, node: str) -> Version:
    """The keepalived version of a node; the newest known one where the file says none."""
    text = file.spec.nodes[node].keepalived or file.spec.keepalived
    return Version.parse(text) if text else NEWEST


def script_user(file: ClusterFile, node: str) -> str:
    """The user that runs what keepalived starts on a node, with a group where one is said."""
    for extra in (file.spec.nodes[node].overrides.extra, file.spec.extra):
        settings = extra.get("global_defs")
        said = settings.get("script_user") if isinstance(settings, dict) else None
        if isinstance(said, str) and said.strip():
            return said
    return (file.spec.script_user or ROOT).strip() or ROOT


class NodeConfiguration:
    """Builds the keepalived.conf of one node. ``problems`` are those of further keywords."""

    def __init__(
        self, file: ClusterFile, node: str, allocation: Allocation, paths: Paths, passwords: Mapping[str, str]
    ) -> None:
        self.file = file
        self.node = node
        self.allocation = allocation
        self.paths = paths
        self.passwords = passwords
        self.target = target_of(file, node)
        self.additions = file.spec.additions
        self.problems: list[ExtraProblem] = []

    def build(self) -> KeepalivedConf:
        spec = self.file.spec
        values: dict[str, Any] = {
            "global_defs": self._global_defs(),
            "vrrp_script": tuple(self._scripts()),
            "vrrp_instance": tuple(self._instance(election) for election in self.file.elections),
        }
        files = tuple(self._track_files())
        if files:
            values["track_file" if self.target >= (2, 1, 0) else "vrrp_track_file"] = files
        groups = tuple(self._groups())
        if groups:
            values["vrrp_sync_group"] = groups
        conf = KeepalivedConf.bound({name: value for name, value in values.items() if value}, None, {}, [])
        conf = self._with_extra(conf, spec.extra, ("extra",))
        node_path = ("nodes", self.node, "overrides", "extra")
        return self._with_extra(conf, spec.nodes[self.node].overrides.extra, node_path)

    def _global_defs(self) -> GlobalDefs:
        node = self.file.spec.nodes[self.node]
        user = self.file.spec.script_user
        name = node.router_id if node.router_id is not None or not self.additions else self.node
        user = user if user is not None or not self.additions else ROOT
        lines: dict[str, Any] = {"router_id": name, "script_user": user}
        lines = {key: value for key, value in lines.items() if value is not None}
        if self.additions:
            lines["enable_script_security"] = None
            if max(map(len, self._addresses_by_interface().values()), default=0) > MANY_ADDRESSES:
                lines["vrrp_garp_master_repeat"] = 1
        made, problems = bound(GlobalDefs, lines, self.target)
        for at, message in problems:
            path = ("nodes", self.node, *at) if at == ("router_id",) else at
            self.problems.append(ExtraProblem(path, message))
        return made

    def _addresses_by_interface(self) -> dict[str, list[Havip]]:
        found: dict[str, list[Havip]] = {}
        for election in self.file.elections:
            for havip in (*election.havips, *election.excluded):
                found.setdefault(havip.interface or election.seats[self.node].interface, []).append(havip)
        return found

    def _scripts(self) -> list[VrrpScript]:
        found = []
        moved = apart(self.file, self.node)
        for name, check in used_checks(self.file).items():
            if check.kind in ("interface", "file"):
                continue
            override = self.file.spec.nodes[self.node].overrides.checks.get(name)
            interval, timeout = setting(check, override, "interval"), setting(check, override, "timeout")
            words = arguments(check, override)
            if name in moved:
                words = ("from", self.paths.checks_data or "", name)
            bare = check.kind == "command" and not self.additions
            fields: dict[str, Any] = {
                "name": name,
                "script": ScriptCommand(words[1:] if bare else (self.paths.check, *options(check, override), *words)),
                "interval": float(interval),
                "fall": setting(check, override, "fall"),
                "rise": setting(check, override, "rise"),
            }
            if timeout or not bare:
                fields["timeout"] = float(timeout or interval)
            if check.lowers:
                fields["weight"] = setting(check, override, "weight") or self.allocation.weights[name]
            script = VrrpScript(**fields)
            if check.user:
                script = self._with_extra(script, {"user": check.user}, ("checks", name, "user"))
            script = self._with_extra(script, check.extra, ("checks", name, "extra"))
            extra = override.extra if override is not None else {}
            found.append(self._with_extra(script, extra, ("nodes", self.node, "overrides", "checks", name, "extra")))
        return found

    def _track_files(self) -> list[TrackFile]:
        files = [(name, check) for name, check in used_checks(self.file).items() if check.kind == "file"]
        return [
            self._with_extra(
                TrackFile(name=name, **self._bound_fields(TrackFile, {"file": check.file}, ("checks", name))),
                check.extra,
                ("checks", name, "extra"),
            )
            for name, check in files
        ]

    def _instance(self, election: Election) -> VrrpInstance:
        seat = election.seats[self.node]
        peers = [str(other.address) for name, other in election.seats.items() if name != self.node and other.address]
        fields: dict[str, Any] = {
            "name": election.name,
            "state": "BACKUP",
            "interface": seat.interface,
            "virtual_router_id": self.allocation.virtual_router_ids[election.name],
            "priority": self.allocation.priorities[election.name][self.node],
            "advert_int": float(election.advert_int),
            "virtual_ipaddress": tuple(self._address(election, havip) for havip in election.havips),
        }
        version = version_of(election)
        if version == 3:
            fields["version"] = 3
        if election.mode == "stay":
            fields["nopreempt"] = True
        elif election.preempt_delay and self.node in self.allocation.preferred(election.name):
            fields["preempt_delay"] = float(election.preempt_delay)
        if election.name in self.passwords:
            kind = election.authentication.type if election.authentication is not None else "PASS"
            fields["authentication"] = Authentication(auth_type=kind, auth_pass=self.passwords[election.name])
        if election.unicast:
            fields["unicast_src_ip"] = str(seat.address)
            fields["unicast_peer"] = tuple(UnicastPeer(peer) for peer in peers)
        if election.excluded:
            fields["virtual_ipaddress_excluded"] = tuple(self._address(election, h) for h in election.excluded)
        grouped = any(election.name in group.instances for group in self.file.spec.sync_groups.values())
        if not grouped:
            fields.update(self._trackers(election.checks, seat.interface))
        if not grouped or not self.additions:
            fields.update(self._notified(election.notify))
        if self.paths.move and self.paths.move_data and self._moves(election):
            command = self._as_root(self.paths.move, self.paths.move_data, election.name)
            fields["notify_master"] = fields["notify_master_rx_lower_pri"] = command
        instance = VrrpInstance(**fields)
        cloud = self.file.provider
        settings = dict(cloud.required + cloud.recommended) if election.vip_kind == "havip" and self.additions else {}
        instance = self._with_extra(instance, settings, ())
        path: tuple[str | int, ...] = (*election.path, "extra") if election.path else ()
        instance = self._with_extra(instance, election.extra, path)
        return self._with_extra(
            instance, seat.extra, ("nodes", self.node, "overrides", "instances", election.name, "extra")
        )

    def _notified(self, notify: Notify | None) -> dict[str, ScriptCommand]:
        if self.additions:
            return {"notify": self._as_root(self.paths.notify, self.paths.notify_data)}
        said = notify.model_dump(exclude_none=True) if notify is not None else {}
        return {
            "notify" if state == "any" else f"notify_{state}": ScriptCommand(tuple(words))
            for state, words in said.items()
        }

    def _as_root(self, *words: str) -> ScriptCommand:
        """A program of ours that reads its data file and writes below /run, whoever runs the operator's own."""
        return ScriptCommand(words, None if script_user(self.file, self.node) == ROOT else ROOT)

    def _moves(self, election: Election) -> bool:
        return move_of(self.file, election) is not None

    def _address(self, election: Election, havip: Havip) -> VirtualAddress:
        interface = havip.interface or election.seats[self.node].interface
        words = f"{havip.address}/{election.prefix(havip)} dev {interface} {havip.options or ''}".strip()
        path: tuple[str | int, ...] = (*election.path, "havips")
        entry: VirtualAddress = self._bound(VrrpInstance, {"virtual_ipaddress": [words]}, path).virtual_ipaddress[0]
        return entry

    def _trackers(self, names: tuple[str, ...], own: str) -> dict[str, tuple[Tracker, ...]]:
        found: dict[str, list[Tracker]] = {}
        for name in names:
            check = self.file.spec.checks[name]
            weight = self.allocation.weights.get(name) if check.lowers else None
            if check.kind == "interface" and check.interface is not None:
                if check.interface != own:
                    found.setdefault("track_interface", []).append(Tracker(check.interface, weight))
            elif check.kind == "file":
                found.setdefault("track_file", []).append(Tracker(name, weight or 0))
            else:
                found.setdefault("track_script", []).append(Tracker(name))
        return {keyword: tuple(trackers) for keyword, trackers in found.items()}

    def _groups(self) -> list[VrrpSyncGroup]:
        found = []
        for name, group in self.file.spec.sync_groups.items():
            members = [self.file.election(instance) for instance in group.instances]
            checks = tuple(dict.fromkeys(check for member in members for check in member.checks))
            fields: dict[str, Any] = {
                "name": name,
                "group": tuple(Name(instance) for instance in group.instances),
                **self._notified(group.notify),
                **self._trackers(checks, ""),
            }
            own = {member.seats[self.node].interface for member in members}
            if "track_interface" in fields:
                fields["track_interface"] = tuple(t for t in fields["track_interface"] if t.name not in own)
            found.append(self._with_extra(VrrpSyncGroup(**fields), group.extra, ("sync_groups", name, "extra")))
        return found

    def _bound(self, block: type[B], values: Mapping[str, Any], path: tuple[str | int, ...]) -> B:
        made, problems = bound(block, values, self.target)
        self._report(problems, path)
        return made

    def _report(self, problems: list[Problem], path: tuple[str | int, ...]) -> None:
        self.problems += [ExtraProblem((*path, *at), message) for at, message in problems]

    def _bound_fields(
        self, block: type[Block], values: Mapping[str, Any], path: tuple[str | int, ...]
    ) -> dict[str, Any]:
        made = self._bound(block, values, path)
        return {name: getattr(made, name) for name in made.given}

    def _with_extra(self, block: B, values: Mapping[str, Any], path: tuple[str | int, ...]) -> B:
        if not values:
            return block
        made, problems = applied(block, values, self.target)
        self._report(problems, path)
        return made


def version_of(election: Election) -> int:
    """VRRP version 3 for IPv6 and for intervals that are not whole seconds, else 2."""
    return 3 if election.version == 6 or election.advert_int != int(election.advert_int) else 2

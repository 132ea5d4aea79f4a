"""What is wrong with the meaning of a cluster.yaml that is well formed: the checks of the file as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING

from havipcfg.cluster.allocate import MAXIMUM_NODES, allocate
from havipcfg.cluster.codes import finding
from havipcfg.cluster.network import judge_network
from havipcfg.diagnostics import Label, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from havipcfg.cluster.checks import Authentication
    from havipcfg.cluster.document import Path
    from havipcfg.cluster.file import ClusterFile
    from havipcfg.diagnostics import Diagnostic
    from havipcfg.source import Span

KNOWN_PASSWORDS = frozenset({"1111", "1234", "12345", "123456", "12345678", "password", "pass", "secret", "keepalived"})
PASSWORD_LENGTH = 8


def judge(file: ClusterFile) -> list[Diagnostic]:
    """Every finding about the meaning of one cluster.yaml."""
    parts = (
        _structure,
        _references,
        _numbers,
        _election_intent,
        _groups,
        _authentication,
        _checks,
        _watched_twice,
        _timing,
        judge_network,
    )
    return [diagnostic for part in parts for diagnostic in part(file)]


def judge_beside(file: ClusterFile, beside: Iterable[ClusterFile]) -> list[Diagnostic]:
    """virtual_router_ids written in the file that clusters beside it use too."""
    return [
        finding(
            "CY109",
            f"virtual_router_id {conflict.virtual_router_id} is used in {conflict.taken_by}",
            file.span(*file.election(conflict.election).path, "virtual_router_id"),
        )
        for conflict in allocate(file, beside).conflicts
        if conflict.kind == "beside"
    ]


def _structure(file: ClusterFile) -> Iterator[Diagnostic]:
    spec = file.spec
    if spec.havips is None and not spec.instances:
        yield finding(
            "CY127", "the cluster has no HAVIP", file.key_span("instances" if file.has("instances") else "provider")
        )
    if spec.instances is not None and spec.havips is not None:
        yield finding(
            "CY128",
            "havips stands beside instances",
            file.key_span("havips"),
            related=(Label(file.key_span("instances"), "the instances have HAVIPs of their own"),),
            advice="move these HAVIPs into an instance",
        )
    if spec.instances is not None and spec.virtual_router_id is not None:
        yield finding(
            "CY128",
            "virtual_router_id stands beside instances",
            file.key_span("virtual_router_id"),
            advice="give each instance its own, or leave it out",
        )
    if len(spec.nodes) < 2 and ("nodes",) not in file.document.repeating:
        at = ("nodes", *spec.nodes)
        said = f"{next(iter(spec.nodes))} is the only node" if spec.nodes else "there is no node"
        yield finding("CY105", said, file.key_span(*at))
    if len(spec.nodes) > MAXIMUM_NODES:
        yield finding("CY134", f"{len(spec.nodes)} nodes; at most {MAXIMUM_NODES}", file.key_span("nodes"))


def _unknown(file: ClusterFile, what: str, name: str, known: Iterable[str], path: Path) -> Diagnostic:
    names = list(known)
    nearest = get_close_matches(name, names, n=1)
    hint = f"; did you mean {nearest[0]}?" if nearest else ""
    advice = f"defined here: {', '.join(names)}" if names else f"the file defines no {what}"
    return finding("CY108", f"no {what} is called {name!r}{hint}", file.span(*path), advice=advice)


def _references(file: ClusterFile) -> Iterator[Diagnostic]:
    spec = file.spec
    elections = [election.name for election in file.elections]
    for path, settings in (((), spec), *((("instances", name), each) for name, each in (spec.instances or {}).items())):
        if settings.prefer is not None and settings.prefer not in spec.nodes:
            yield _unknown(file, "node", settings.prefer, spec.nodes, (*path, "prefer"))
    for name, instance in (spec.instances or {}).items():
        for at, check in enumerate(instance.checks or ()):
            if check not in spec.checks:
                yield _unknown(file, "check", check, spec.checks, ("instances", name, "checks", at))
    grouped: dict[str, Path] = {}
    for group, members in spec.sync_groups.items():
        for at, member in enumerate(members.instances):
            place: Path = ("sync_groups", group, "instances", at)
            if member not in elections:
                yield _unknown(file, "instance", member, elections, place)
            elif member in grouped:
                yield finding(
                    "CY128", f"{member} is in two sync groups", file.span(*place), first=file.span(*grouped[member])
                )
            grouped.setdefault(member, place)
    for name, node in spec.nodes.items():
        for other in node.overrides.instances:
            if other not in elections:
                at_instance: Path = ("nodes", name, "overrides", "instances", other)
                yield _at_key(file, _unknown(file, "instance", other, elections, at_instance), at_instance)
        for check in node.overrides.checks:
            if check not in spec.checks:
                at_check: Path = ("nodes", name, "overrides", "checks", check)
                yield _at_key(file, _unknown(file, "check", check, spec.checks, at_check), at_check)


def _at_key(file: ClusterFile, diagnostic: Diagnostic, path: Path) -> Diagnostic:
    from dataclasses import replace

    return replace(diagnostic, span=file.key_span(*path))


def _numbers(file: ClusterFile) -> Iterator[Diagnostic]:
    for conflict in allocate(file).conflicts:
        path = (*file.election(conflict.election).path, "virtual_router_id")
        number = conflict.virtual_router_id
        if conflict.kind == "exhausted":
            yield finding("CY133", f"no virtual_router_id is left for {conflict.election}", file.key_span(*path[:-1]))
        elif conflict.kind == "reserved":
            at = file.spec.reserved_virtual_router_ids.index(number)
            label = Label(file.span("reserved_virtual_router_ids", at), "reserved here")
            yield finding("CY109", f"virtual_router_id {number} is reserved", file.span(*path), related=(label,))
        elif conflict.taken_by is not None:
            other = file.election(conflict.taken_by)
            first = (*other.path, "virtual_router_id")
            how = "has" if file.has(*first) else "was allocated"
            label = Label(
                file.span(*first) if file.has(*first) else file.key_span(*other.path), f"{other.name} {how} it"
            )
            yield finding(
                "CY110", f"virtual_router_id {number} is taken by {other.name}", file.span(*path), related=(label,)
            )


def _election_intent(file: ClusterFile) -> Iterator[Diagnostic]:
    spec, allocation = file.spec, allocate(file)
    for election in file.elections:
        priorities = allocation.priorities[election.name]
        highest = max(priorities.values(), default=0)
        prefer = election.prefer
        if election.mode == "prefer" and prefer is not None and priorities.get(prefer, highest) < highest:
            other = next(name for name, value in priorities.items() if value == highest)
            yield finding(
                "CY130",
                f"{election.name} prefers {prefer}, which has priority {priorities[prefer]}; {other} has {highest}",
                _setting(file, election.path, "prefer"),
            )
        seen: dict[int, str] = {}
        for name, value in priorities.items():
            if value in seen and (spec.nodes[name].priority or spec.nodes[seen[value]].priority):
                at = name if spec.nodes[name].priority else seen[value]
                yield finding(
                    "CY131", f"{seen[value]} and {name} both have priority {value}", file.span("nodes", at, "priority")
                )
            seen.setdefault(value, name)
        if election.mode == "stay":
            if file.has(*election.path, "preempt_delay"):
                said = "mode stay never takes the address back: preempt_delay is not used"
                yield finding("CY126", said, file.key_span(*election.path, "preempt_delay"))
            for check in election.checks:
                if check in spec.checks and spec.checks[check].lowers:
                    yield finding(
                        "CY122",
                        f"{check} lowers the priority, and {election.name} stays where it is: a failure moves nothing",
                        file.span("checks", check, "on_failure"),
                    )


def _groups(file: ClusterFile) -> Iterator[Diagnostic]:
    """Members of a sync group move together, so they have to want the same."""
    allocation = allocate(file)
    known = {election.name: election for election in file.elections}
    for group, members in file.spec.sync_groups.items():
        wishes: dict[str, tuple[str, str]] = {}
        for at, name in enumerate(members.instances):
            if name not in known or not allocation.priorities[name]:
                continue
            priorities = allocation.priorities[name]
            wishes[name] = (known[name].mode, max(priorities, key=priorities.__getitem__))
            first = next(iter(wishes))
            if wishes[name] != wishes[first]:
                said = " and ".join(f"{who} {_wish(*wishes[who])}" for who in (first, name))
                yield finding(
                    "CY130",
                    f"{said}, and sync group {group} moves them together",
                    file.span("sync_groups", group, "instances", at),
                    advice="give the instances of a group one mode and one preferred node",
                )


def _wish(mode: str, node: str) -> str:
    return f"prefers {node}" if mode == "prefer" else f"stays where it is, {node} first"


def _setting(file: ClusterFile, path: Path, key: str) -> Span:
    return file.span(*path, key) if file.has(*path, key) else file.span(key)


def _authentication(file: ClusterFile) -> Iterator[Diagnostic]:
    places: list[tuple[Path, Authentication | None]] = [(("authentication",), file.spec.authentication)]
    places += [(("instances", n, "authentication"), i.authentication) for n, i in (file.spec.instances or {}).items()]
    for path, authentication in places:
        if authentication is None or authentication.password is None:
            continue
        literal = authentication.password.literal
        if literal is not None:
            yield finding("CY120", "the password stands in the file", file.span(*path, "password"))
            if literal.lower() in KNOWN_PASSWORDS:
                yield finding("CY121", "the password is one that every guide prints", file.span(*path, "password"))
            elif len(literal.encode("utf-8", "surrogateescape")) > PASSWORD_LENGTH:
                yield finding(
                    "CY121", f"keepalived uses the first {PASSWORD_LENGTH} characters", file.span(*path, "password")
                )
    for election in file.elections:
        given = election.authentication
        if election.version == 6 and file.has(*election.path, "authentication", "password"):
            said = f"{election.name} is an election over IPv6: VRRP version 3 has no password"
            yield finding("CY126", said, file.key_span(*election.path, "authentication"))
        elif given is not None and given.type == "PASS" and not float(election.advert_int).is_integer():
            path = (*election.path, "advert_int") if file.has(*election.path, "advert_int") else ("advert_int",)
            said = f"advert_int {election.advert_int:g} with a password"
            yield finding("CY135", said, file.span(*path))


def _checks(file: ClusterFile) -> Iterator[Diagnostic]:
    spec = file.spec
    if not spec.checks and len(spec.nodes) >= 2:
        yield finding("CY125", "the cluster has no health check", file.key_span("nodes"))
    used = {name for election in file.elections for name in election.checks}
    for name, check in spec.checks.items():
        if file.elections and name not in used:
            yield finding("CY126", f"no instance uses the check {name}", file.key_span("checks", name))
        if check.weight is not None and not check.lowers:
            yield finding(
                "CY126",
                f"{name} moves the address on failure; its weight is not used",
                file.span("checks", name, "weight"),
                advice="add on_failure: lower, or remove it",
            )
        if check.kind in ("interface", "file"):
            for key in ("interval", "timeout", "fall", "rise"):
                if file.has("checks", name, key):
                    said = f"{name} is noticed at once: {key} is not used"
                    yield finding("CY126", said, file.key_span("checks", name, key))
        elif check.timeout_seconds > check.interval * check.fall:
            yield finding(
                "CY124",
                f"{name} may run {check.timeout_seconds:g} s, and counts as failed after {check.fall} runs"
                f" {check.interval:g} s apart",
                file.span("checks", name, "timeout"),
            )


def _watched_twice(file: ClusterFile) -> Iterator[Diagnostic]:
    """Interfaces and files that two checks of one instance or group watch: keepalived counts each once."""
    spec = file.spec
    scopes = [election.checks for election in file.elections]
    known = {election.name: election.checks for election in file.elections}
    scopes += [tuple(c for m in group.instances for c in known.get(m, ())) for group in spec.sync_groups.values()]
    said = set()
    for scope in scopes:
        watching: dict[tuple[str | None, str | None], str] = {}
        for name in dict.fromkeys(scope):
            check = spec.checks.get(name)
            if check is None or check.kind not in ("interface", "file"):
                continue
            first = watching.setdefault((check.interface, check.file), name)
            if first != name and name not in said:
                said.add(name)
                message = f"{name} watches {check.interface or check.file}, as {first} does"
                yield finding("CY128", message, file.key_span("checks", name), first=file.key_span("checks", first))


def _timing(file: ClusterFile) -> Iterator[Diagnostic]:
    for election in file.elections:
        if election.max_failover is None:
            continue
        least = 3 * election.advert_int
        _, cloud = file.provider.switch_seconds()
        if least + cloud > election.max_failover:
            path = (*election.path, "max_failover") if file.has(*election.path, "max_failover") else ("max_failover",)
            said = f"three times advert_int {election.advert_int:g} s"
            said += f" and up to {cloud:g} s of {file.provider.title}" if cloud else ""
            yield finding(
                "CY123",
                f"{said} are more than the {election.max_failover:g} s allowed",
                file.span(*path),
                severity=Severity.WARNING if least <= election.max_failover else Severity.ERROR,
            )

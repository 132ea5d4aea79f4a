"""The words after ``check.sh`` for each check of a node, on the line of the vrrp_script or in a data file beside it."""

from __future__ import annotations

import re
from math import ceil
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from havipcfg.cluster.checks import Check, CheckOverride
    from havipcfg.cluster.file import ClusterFile

LONGEST = 500
"""Characters of a command line that stay below the line buffer of every keepalived (1,024 bytes) in any encoding."""

_READ_ALIKE = re.compile(r"[^\"'\\$~`]*")
"""What everybody reads as it is: quotes and backslashes differ by version, ``$`` and ``~`` may be replaced, and a
backtick looks like a substitution that no shell makes."""
_NO_OPERATOR = re.compile(r"(?!&)[^<>|;]*")
"""What is no operator of a shell: in a command one is a mistake to be shown, other words only look like one."""


def used_checks(file: ClusterFile) -> dict[str, Check]:
    """The checks that an instance counts, by name, in the order of the file."""
    used = {name for election in file.elections for name in election.checks}
    return {name: check for name, check in file.spec.checks.items() if name in used}


def setting(check: Check, override: CheckOverride | None, key: str) -> Any:
    """A check's value on one node: the node's own, or else the cluster's."""
    own = getattr(override, key, None)
    return getattr(check, key) if own is None else own


def options(check: Check, override: CheckOverride | None) -> tuple[str, ...]:
    """The options of ``check.sh``: its limit in seconds, below the timeout of the vrrp_script if that can be."""
    timeout = setting(check, override, "timeout") or setting(check, override, "interval")
    request = check.https
    insecure = () if request is None or request.verify else ("-k",)
    return ("-t", str(max(1, ceil(timeout) - 1)), *insecure)


def arguments(check: Check, override: CheckOverride | None) -> tuple[str, ...]:
    """Kind and arguments for ``check.sh``."""
    if check.process is not None:
        return ("process", check.process)
    if check.tcp is not None:
        return ("tcp", check.tcp.host, str(check.tcp.port))
    if check.systemd is not None:
        return ("systemd", check.systemd)
    request = check.http or check.https
    if request is not None:
        statuses = ",".join(map(str, request.status))
        return (check.kind, request.url, statuses, *((request.contains,) if request.contains else ()))
    return ("command", *(setting(check, override, "command") or ()))


def apart(file: ClusterFile, node: str) -> dict[str, tuple[str, ...]]:
    """The arguments of the checks that do not go onto a line of keepalived.conf as they are, by name of the check."""
    found = {}
    for name, check in used_checks(file).items():
        if check.kind in ("interface", "file") or (check.kind == "command" and not file.spec.additions):
            continue
        words = arguments(check, file.spec.nodes[node].overrides.checks.get(name))
        plain = all(_READ_ALIKE.fullmatch(word) for word in words)
        if check.kind != "command":
            plain = plain and all(map(_NO_OPERATOR.fullmatch, words))
        if sum(map(len, words)) > LONGEST or not plain:
            found[name] = words
    return found

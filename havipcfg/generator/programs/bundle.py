"""Bundles: the files that ``generate`` writes for one node, and the data files that the programs read.

A bundle is a directory ``DIR/<node>/`` with nothing but regular files::

    manifest          what belongs to the bundle                                  0640
    apply.sh          the program                                                 0755
    node.data         what apply.sh must know about the node                      0640
    keepalived.conf   the configuration                                           0640 (0600 with authentication)
    check.sh checks.data notify.sh notify.data move.sh move.data     those that keepalived.conf names

``manifest``: the line ``format 1``, then a line ``SHA256 MODE SOURCE TARGET`` for every other file, one space between.
SOURCE is the name in the bundle (letters, digits, ``._-``), MODE four octal digits (0600 0640 0644 0700 0755), TARGET
the absolute path it is installed to, or ``-`` for files that stay in the bundle (apply.sh, node.data)::

    format 1
    0b5c...e1 0755 apply.sh -
    77aa...09 0640 node.data -
    91d0...3c 0640 keepalived.conf /etc/keepalived/keepalived.conf
    5f3a...77 0755 check.sh /etc/keepalived/havipcfg/check-5f3a99e01c2d.sh

All data files are UTF-8 lines of ``key=value``; the value is everything up to the end of the line; no quoting, no
escapes, no control characters. Order matters only where a key begins a section. Keys that are unknown are ignored.

``node.data``::

    format=1
    cluster=web
    node=web-a
    hostname=web-a                       only a note when it differs
    keepalived=2.2.7                     oldest version that will do
    local=10.20.0.11 eth0                must be on that interface of this host; may be repeated
    peer=10.20.0.12                      may be repeated
    instance=web                         every vrrp_instance
    vip=10.20.0.100 eth0 web             address without prefix, interface, instance; those keepalived puts on the host
    identity=51,inet,eth0,unicast,10.20.0.11 web        what a reload cannot change without dropping the address
    pair=v2,1,10.20.0.100 web            what must be equal on all nodes, except authentication (read from the file)
    global=net_namespace blue            settings that only a restart changes
    user=root                            script users
    tool=bash|nc|curl                    one of these must be there; may be repeated
    settle=15                            seconds until it must be in order after a change
    watch=3                              seconds it must then stay in order
    generation=0b5c12ad90e1              the same in all bundles of a directory: checksum of their configurations
    arp=advisory                         strict: a stranger that answers for the address stops; off: nobody asks
    service=keepalived                   systemd unit       pidfile=/run/keepalived.pid

``notify.data`` and ``move.data``: see :class:`Action` and :class:`Move`, and the heads of notify.sh and move.sh.
``checks.data``: ``check=NAME``, then ``arg=WORD`` for its kind and each argument; other users than root read it too.

``cluster.data``, beside apply-all.sh in DIR::

    format=1
    cluster=web
    settle=25                            seconds until exactly one node must hold each address after a step
    watch=5                              seconds that must then stay so: longer than a node waits for adverts
    generation=0b5c12ad90e1              as in the node.data of every bundle beside it
    node=web-a root@10.20.0.11           name (of the directory too) and ssh destination, first the preferred master
    vip=10.20.0.100 web                  address and instance, all that a node holds while it is master
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from havipcfg.cluster.values import CONTROL
from havipcfg.generator.programs import CONFIG_PATH, installed_path, program


@dataclass(frozen=True, slots=True)
class BundleFile:
    """One file of a bundle: its name there, where apply.sh installs it (``None``: nowhere), and with which mode."""

    source: str
    target: str | None
    mode: int
    content: bytes

    @property
    def manifest_line(self) -> str:
        digest = hashlib.sha256(self.content).hexdigest()
        return f"{digest} {self.mode:04o} {self.source} {self.target or '-'}\n"


def configuration(content: bytes, *, secret: bool) -> BundleFile:
    """keepalived.conf of a node; *secret* says that it holds a password, so that only root may read it."""
    return BundleFile("keepalived.conf", CONFIG_PATH, 0o600 if secret else 0o640, content)


def installed(name: str, content: bytes | None = None) -> BundleFile:
    """A program (no content given) or a data file that keepalived.conf names by its ``target``."""
    body = program(name) if content is None else content
    mode = 0o755 if name.endswith(".sh") else 0o644 if name == "checks.data" else 0o640
    return BundleFile(name, installed_path(name, body), mode, body)


def bundle(config: BundleFile, node: NodeData, others: Iterable[BundleFile]) -> tuple[BundleFile, ...]:
    """All files of a node's bundle in the order they are written: apply.sh, node.data, the rest, the manifest last."""
    members = (
        BundleFile("apply.sh", None, 0o755, program("apply.sh")),
        BundleFile("node.data", None, 0o640, node.render()),
        config,
        *sorted(others, key=lambda member: member.source),
    )
    lines = "format 1\n" + "".join(member.manifest_line for member in members)
    return (*members, BundleFile("manifest", None, 0o640, lines.encode()))


@dataclass(frozen=True, slots=True)
class Vip:
    """An address that keepalived puts on an interface of the host while the instance is master."""

    address: str
    interface: str
    instance: str


@dataclass(frozen=True, slots=True)
class NodeData:
    """node.data. *identity* and *pair* map an instance to a token without blanks; see the module's docstring."""

    cluster: str
    node: str
    keepalived: str
    local: Sequence[tuple[str, str]]
    peers: Sequence[str]
    instances: Sequence[str]
    vips: Sequence[Vip]
    identity: dict[str, str]
    pair: dict[str, str]
    settle: int
    watch: int = 3
    hostname: str | None = None
    restart_only: Sequence[str] = ()
    users: Sequence[str] = ("root",)
    tools: Sequence[str] = ()
    arp: Literal["strict", "advisory", "off"] = "advisory"
    service: str | None = None
    pidfile: str | None = None
    generation: str | None = None

    def render(self) -> bytes:
        """The file. Raises ValueError when a value cannot be written."""
        for token in (*self.identity.values(), *self.pair.values()):
            if not token or " " in token:
                raise ValueError(f"not one word: {token!r}")
        return _lines(
            ("format", "1"),
            ("cluster", self.cluster),
            ("node", self.node),
            ("hostname", self.hostname),
            ("keepalived", self.keepalived),
            *(("local", f"{address} {interface}") for address, interface in self.local),
            *(("peer", peer) for peer in self.peers),
            *(("instance", name) for name in self.instances),
            *(("vip", f"{vip.address} {vip.interface} {vip.instance}") for vip in self.vips),
            *(("identity", f"{token} {name}") for name, token in self.identity.items()),
            *(("pair", f"{token} {name}") for name, token in self.pair.items()),
            *(("global", text) for text in self.restart_only),
            *(("user", user) for user in self.users),
            *(("tool", tool) for tool in self.tools),
            ("settle", str(self.settle)),
            ("watch", str(self.watch)),
            ("arp", self.arp),
            ("service", self.service),
            ("pidfile", self.pidfile),
            ("generation", self.generation),
        )


def checks_data(checks: Mapping[str, Sequence[str]]) -> bytes:
    """checks.data: kind and arguments by name of the check. Raises ValueError when a value cannot be written."""
    pairs: list[tuple[str, str | None]] = [("format", "1")]
    for name, words in checks.items():
        pairs += [("check", name), *(("arg", word) for word in words)]
    return _lines(*pairs)


@dataclass(frozen=True, slots=True)
class Action:
    """An operator's own program, run by notify.sh at a change of state (``ANY``: at each)."""

    on: Literal["MASTER", "BACKUP", "FAULT", "STOP", "ANY"]
    run: str
    arguments: Sequence[str] = ()
    instance: str | None = None


def notify_data(actions: Sequence[Action], *, timeout: int = 30, user: str | None = None) -> bytes:
    """notify.data: *timeout* limits each action, in seconds; *user* runs them, a group may follow it after a blank.

    Raises ValueError when a value cannot be written.
    """
    pairs: list[tuple[str, str | None]] = [("format", "1"), ("timeout", str(timeout)), ("user", user)]
    for action in actions:
        pairs += [("on", action.on), ("instance", action.instance), ("run", action.run)]
        pairs += [("arg", argument) for argument in action.arguments]
    return _lines(*pairs)


@dataclass(frozen=True, slots=True)
class Move:
    """One address that move.sh moves when *instance* becomes master.

    *fields* are the keys that ``needs`` of that Move of havipcfg.providers names, in any order. A key may
    be repeated (``route_table``, ``peer``).
    """

    instance: str
    vendor: str
    kind: str
    address: str
    fields: Sequence[tuple[str, str]] = field(default=())


def move_data(moves: Sequence[Move], *, timeout: int = 60, call_timeout: int = 15, attempts: int = 6) -> bytes:
    """move.data: limits in seconds for a whole move and for one call. Raises ValueError for what cannot be written."""
    pairs: list[tuple[str, str | None]] = [
        ("format", "1"),
        ("timeout", str(timeout)),
        ("call_timeout", str(call_timeout)),
        ("attempts", str(attempts)),
    ]
    for move in moves:
        pairs += [("instance", move.instance), ("vendor", move.vendor), ("kind", move.kind), ("address", move.address)]
        pairs += move.fields
    return _lines(*pairs)


def cluster_data(
    cluster: str,
    nodes: Sequence[tuple[str, str]],
    vips: Sequence[tuple[str, str]],
    *,
    settle: int,
    watch: int = 5,
    generation: str | None = None,
) -> bytes:
    """cluster.data: nodes as (name, ssh destination), the preferred master first; vips as (address, instance)."""
    return _lines(
        ("format", "1"),
        ("cluster", cluster),
        ("settle", str(settle)),
        ("watch", str(watch)),
        ("generation", generation),
        *(("node", f"{name} {destination}") for name, destination in nodes),
        *(("vip", f"{address} {instance}") for address, instance in vips),
    )


def _lines(*pairs: tuple[str, str | None]) -> bytes:
    """key=value lines of the pairs that have a value."""
    written: list[str] = []
    for key, value in pairs:
        if value is None:
            continue
        if CONTROL.search(value):
            raise ValueError(f"{key}: a control character cannot be written: {value!r}")
        written.append(f"{key}={value}\n")
    return "".join(written).encode()

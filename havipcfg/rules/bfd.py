"""BFD sessions that keepalived refuses or that nothing uses."""

from __future__ import annotations

from collections.abc import Iterator

from havipcfg.cluster.context import Context
from havipcfg.diagnostics import Label
from havipcfg.findings import ERROR, WARNING, Finding
from havipcfg.keepalived.bfd import BfdInstance
from havipcfg.keepalived.conf import KeepalivedConf
from havipcfg.keepalived.lvs_effective import packed
from havipcfg.keepalived.values import family
from havipcfg.rules.edits import word_fix
from havipcfg.rules.registry import rule


@rule("KC462", "bfd-without-neighbour", ERROR, of=BfdInstance, keepalived=True)
def bfd_without_neighbour(session: BfdInstance, context: Context) -> Iterator[Finding]:  # noqa: ARG001
    """A BFD session with nobody.

    ## What it does
    Reports a `bfd_instance` without `neighbor_ip`.

    ## Why it matters
    keepalived disables the session: what tracks it sees it neither up nor down.

    ## Example
    ```keepalived
    bfd_instance router {
        multiplier 3
    }                                   # expect: KC462
    ```

    ## Use instead
    ```keepalived
    bfd_instance router {
        neighbor_ip 192.0.2.1
        multiplier 3
    }
    ```

    ## References
    - keepalived.conf(5), "BFD CONFIGURATION"
    """
    if session.place("neighbor_ip") is None:
        yield Finding(
            session.statement.closer_span,
            f"bfd_instance {session.name} has no neighbor_ip",
            why="keepalived disables the session",
            advice="add neighbor_ip",
            related=(Label(session.at(), "the block begins here"),),
        )


@rule("KC463", "bfd-families", ERROR, of=BfdInstance, given="source_ip", keepalived=True)
def bfd_families(session: BfdInstance, context: Context) -> Iterator[Finding]:  # noqa: ARG001
    """A BFD session between addresses of different families.

    ## What it does
    Reports a `source_ip` that is not of the family of `neighbor_ip`.

    ## Why it matters
    keepalived compares the two at the end of the block and disables the session: what tracks it
    sees it neither up nor down.

    ## Example
    ```keepalived
    bfd_instance router {
        neighbor_ip 192.0.2.1
        source_ip 2001:db8::5
    }                                   # expect: KC463
    ```

    ## Use instead
    ```keepalived
    bfd_instance router {
        neighbor_ip 192.0.2.1
        source_ip 192.0.2.5
    }
    ```

    ## References
    - keepalived.conf(5), "source_ip"
    """
    if session.neighbor_ip and session.source_ip and family(session.source_ip) != session.family:
        yield Finding(
            session.statement.closer_span,
            f"source_ip {session.source_ip} is not of the family of neighbor_ip {session.neighbor_ip}",
            why="keepalived disables the session",
            advice="use addresses of one family",
            related=(
                Label(session.at("source_ip", 1), "the source"),
                Label(session.at("neighbor_ip"), "the neighbour"),
            ),
        )


@rule("KC464", "bfd-too-many-hops", ERROR, of=BfdInstance, given="max_hops", keepalived=True, fix="safe")
def bfd_too_many_hops(session: BfdInstance, context: Context) -> Iterator[Finding]:  # noqa: ARG001
    """More hops than packets live.

    ## What it does
    Reports a `max_hops` above the time to live in force: `ttl`, or 255 for IPv4 and 64 for
    IPv6. -1, any number of hops, counts as 255.

    ## Why it matters
    keepalived lowers `max_hops` to the time to live.

    ## Example
    ```keepalived
    bfd_instance router {
        neighbor_ip 192.0.2.1
        ttl 5
        max_hops 6
    }                                   # expect: KC464
    ```

    ## Use instead
    ```keepalived
    bfd_instance router {
        neighbor_ip 192.0.2.1
        ttl 255
        max_hops 6
    }
    ```

    ## References
    - keepalived.conf(5), "max_hops"
    """
    if session.max_hops is None or session.neighbor_ip is None:
        return
    hops = 255 if session.max_hops == -1 else session.max_hops
    if hops > session.limit:
        place = session.place("ttl")
        yield Finding(
            session.statement.closer_span,
            f"max_hops {session.max_hops} is more than the time to live, {session.limit}",
            why=f"keepalived lowers max_hops to {session.limit}",
            advice="raise ttl, or lower max_hops",
            fix=word_fix(f"write max_hops {session.limit}", session.place("max_hops"), 1, str(session.limit)),
            related=(
                Label(session.at("max_hops"), "the hops"),
                *((Label(place.span, "the time to live"),) if place else ()),
            ),
        )


@rule("KC465", "bfd-neighbour-twice", ERROR, of=KeepalivedConf, given="bfd_instance", keepalived=True)
def bfd_neighbour_twice(conf: KeepalivedConf, context: Context) -> Iterator[Finding]:  # noqa: ARG001
    """Two BFD sessions with one neighbour.

    ## What it does
    Reports a `bfd_instance` with the `neighbor_ip` of an earlier one, unless both have a
    `source_ip` of their own.

    ## Why it matters
    keepalived ignores the second instance, since it could not tell whose packets arrive.
    Whatever tracks it never hears of it.

    ## Example
    ```keepalived
    bfd_instance router-a {
        neighbor_ip 192.0.2.1
    }

    bfd_instance router-b {             # expect: KC465
        neighbor_ip 192.0.2.1
    }
    ```

    ## Use instead
    ```keepalived
    bfd_instance router-a {
        neighbor_ip 192.0.2.1
    }

    bfd_instance router-b {
        neighbor_ip 192.0.2.2
    }
    ```

    ## References
    - keepalived.conf(5), "neighbor_ip"
    """
    kept: dict[bytes, dict[bytes | None, BfdInstance]] = {}
    for session in conf.bfd_instance:
        source, neighbour = session.source_ip, session.neighbor_ip
        if neighbour is None or (source and family(source) != session.family):
            continue
        others = kept.setdefault(packed(neighbour), {})
        own = packed(source) if source else None
        first = others.get(None) or others.get(own) or (None if own else next(iter(others.values()), None))
        if first is None:
            others[own] = session
            continue
        yield Finding(
            session.at(),
            f"bfd_instance {session.name} has the neighbor_ip of {first.name}, {neighbour}",
            why="keepalived ignores the second instance",
            advice="correct the address, or give both a source_ip",
            related=(Label(first.at("neighbor_ip"), "the first"),),
        )


@rule("KC467", "bfd-with-itself", ERROR, of=BfdInstance, given="source_ip")
def bfd_with_itself(session: BfdInstance, context: Context) -> Iterator[Finding]:  # noqa: ARG001
    """A BFD session of the node with itself.

    ## What it does
    Reports a `neighbor_ip` that is the `source_ip` of the session.

    ## Why it matters
    Nobody answers there: the session never comes up, and what tracks it counts as failed.

    ## Example
    ```keepalived
    bfd_instance router {
        source_ip 192.0.2.11
        neighbor_ip 192.0.2.11              # expect: KC467
    }
    ```

    ## Use instead
    ```keepalived
    bfd_instance router {
        source_ip 192.0.2.11
        neighbor_ip 192.0.2.1
    }
    ```

    ## References
    - RFC 5880, section 6.1
    """
    if session.source_ip is not None and session.source_ip == session.neighbor_ip:
        yield Finding(
            session.at("neighbor_ip", 1),
            f"{session.name} has {session.neighbor_ip} on both of its sides",
            why="nobody answers: the session never comes up, and what tracks it counts as failed",
            advice="name the other router in neighbor_ip",
            related=(Label(session.at("source_ip", 1), "this node's side"),),
        )


@rule("KC466", "bfd-not-tracked", WARNING, of=KeepalivedConf, given="bfd_instance")
def bfd_not_tracked(conf: KeepalivedConf, context: Context) -> Iterator[Finding]:  # noqa: ARG001
    """A BFD session that nothing looks at.

    ## What it does
    In a file with VRRP instances or virtual servers, reports a `bfd_instance` that no
    `track_bfd` and no `BFD_CHECK` names.

    ## Why it matters
    The session comes up and goes down, and nothing follows: no failover, no server removed.

    ## Example
    ```keepalived
    bfd_instance router {               # expect: KC466
        neighbor_ip 192.0.2.1
    }

    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    ```keepalived
    bfd_instance router {
        neighbor_ip 192.0.2.1
    }

    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
        track_bfd {
            router
        }
    }
    ```

    ## References
    - keepalived.conf(5), "track_bfd", "BFD_CHECK"
    """
    if not (conf.vrrp_instance or conf.virtual_server):
        return
    used = {tracker.name for block in (*conf.vrrp_instance, *conf.vrrp_sync_group) for tracker in block.track_bfd}
    for server in conf.virtual_server:
        for real in server.real_server:
            used.update(check.name for check in real.BFD_CHECK if check.name)
    for session in conf.bfd_instance:
        if session.name not in used:
            yield Finding(
                session.at(),
                f"nothing tracks bfd_instance {session.name}",
                why="the session may fail, and nothing follows",
                advice="name it in track_bfd of an instance or in BFD_CHECK of a real server",
            )

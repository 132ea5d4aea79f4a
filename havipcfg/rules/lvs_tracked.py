"""Checks that take their state from something defined elsewhere: BFD sessions and files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from havipcfg.cluster.context import Context
from havipcfg.diagnostics import Label
from havipcfg.findings import ERROR, Finding
from havipcfg.keepalived.checkers import BfdCheck, FileCheck
from havipcfg.keepalived.conf import KeepalivedConf
from havipcfg.keepalived.declare import Block
from havipcfg.keepalived.real_server import RealServer
from havipcfg.keepalived.virtual_server import VirtualServer
from havipcfg.rules.registry import rule
from havipcfg.syntax.statement import Statement


@rule("KC447", "check-of-the-unknown", ERROR, of=KeepalivedConf, given="virtual_server", keepalived=True)
def check_of_the_unknown(conf: KeepalivedConf, context: Context) -> Iterator[Finding]:
    """A check of a BFD session or a file that is not defined above it.

    ## What it does
    Reports `BFD_CHECK` and `FILE_CHECK` without a name, or with a name that no `bfd_instance`
    or `track_file` block above the virtual server has.

    ## Why it matters
    keepalived looks the name up while it reads: a block further down comes too late. It removes
    the check, and a server without checks counts as healthy for ever.

    ## Example
    ```keepalived
    virtual_server 192.0.2.10 80 {
        protocol TCP
        lvs_sched rr
        lvs_method NAT
        real_server 192.0.2.21 80 {
            BFD_CHECK {
                name web-1              # expect: KC447
            }
        }
    }

    bfd_instance web-1 {
        neighbor_ip 192.0.2.21
    }
    ```

    ## Use instead
    ```keepalived
    bfd_instance web-1 {
        neighbor_ip 192.0.2.21
    }

    virtual_server 192.0.2.10 80 {
        protocol TCP
        lvs_sched rr
        lvs_method NAT
        real_server 192.0.2.21 80 {
            BFD_CHECK {
                name web-1
            }
        }
    }
    ```

    ## References
    - keepalived.conf(5), "BFD_CHECK", "FILE_CHECK"
    """
    found: list[tuple[VirtualServer, BfdCheck | FileCheck]] = []
    for server in conf.virtual_server:
        for real in server.real_server:
            found += [(server, check) for check in real.BFD_CHECK]
            found += [(server, check) for check in real.FILE_CHECK]
    if not found:
        return
    statements = context.reading.statements
    order = {id(statement): place for place, statement in enumerate(statements)}
    sessions = _defined(conf.bfd_instance)
    files = _defined((*conf.track_file, *conf.vrrp_track_file))
    for server, check in found:
        if isinstance(check, BfdCheck):
            yield from _unknown(server, check, "name", "bfd_instance", sessions, order)
        else:
            yield from _unknown(server, check, "track_file", "track_file", files, order)


def _defined(blocks: Iterable[Block]) -> dict[str, Statement]:
    found: dict[str, Statement] = {}
    for block in blocks:
        found.setdefault(block.name, block.statement)  # type: ignore[attr-defined]
    return found


def _unknown(
    server: VirtualServer,
    check: BfdCheck | FileCheck,
    field: str,
    block: str,
    defined: dict[str, Statement],
    order: dict[int, int],
) -> Iterator[Finding]:
    why = "keepalived removes the check; without checks the server counts as healthy"
    given = [line for line in check.statement.body or () if line.keyword == field]
    if not given:
        keyword = check.statement.keyword
        begins = (Label(check.at(), "the check begins here"),)
        closer = check.statement.closer_span
        yield Finding(closer, f"{keyword} names no {block}", why=why, advice=f"add {field} NAME", related=begins)
    for line in given:
        name = line.words[1] if len(line.words) > 1 else None
        definition = defined.get(name or "")
        if name is None:
            continue
        if definition is None:
            advice = f"define {block} {name} above the virtual_server"
            yield Finding(line.word_span(1), f"there is no {block} {name}", why=why, advice=advice)
        elif order.get(id(definition), -1) > order.get(id(server.statement), len(order)):
            yield Finding(
                line.word_span(1),
                f"{block} {name} is defined below the check that names it",
                why=f"keepalived does not know it yet, and {why.removeprefix('keepalived ')}",
                advice=f"move {block} {name} above the virtual_server",
                related=(Label(definition.span, "defined here"),),
            )


@rule("KC448", "session-checked-twice", ERROR, of=RealServer, given="BFD_CHECK", keepalived=True)
def session_checked_twice(real: RealServer, context: Context) -> Iterator[Finding]:  # noqa: ARG001
    """A BFD session checked twice for one real server.

    ## What it does
    Reports a second `BFD_CHECK` of the same `bfd_instance` in one `real_server`.

    ## Why it matters
    keepalived removes the second check. Mostly it was meant for another session.

    ## Example
    ```keepalived
    bfd_instance web-1 {
        neighbor_ip 192.0.2.21
    }

    virtual_server 192.0.2.10 80 {
        protocol TCP
        lvs_sched rr
        lvs_method NAT
        real_server 192.0.2.21 80 {
            BFD_CHECK {
                name web-1
            }
            BFD_CHECK {
                name web-1              # expect: KC448
            }
        }
    }
    ```

    ## Use instead
    ```keepalived
    bfd_instance web-1 {
        neighbor_ip 192.0.2.21
    }

    virtual_server 192.0.2.10 80 {
        protocol TCP
        lvs_sched rr
        lvs_method NAT
        real_server 192.0.2.21 80 {
            BFD_CHECK {
                name web-1
            }
        }
    }
    ```

    ## References
    - keepalived.conf(5), "BFD_CHECK"
    """
    seen: dict[str, BfdCheck] = {}
    for check in real.BFD_CHECK:
        if check.name is None:
            continue
        first = seen.setdefault(check.name, check)
        if first is not check:
            yield Finding(
                check.at("name"),
                f"BFD_CHECK of {check.name} stands twice in this real_server",
                why="keepalived removes the second",
                advice="name the other session, or remove the block",
                related=(Label(first.at("name"), "first check"),),
            )

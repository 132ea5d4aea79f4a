"""``virtual_server_group``, and virtual servers that get in each other's way."""

from __future__ import annotations

from collections.abc import Iterator

from havipcfg.cluster.context import Context
from havipcfg.diagnostics import Label
from havipcfg.findings import ERROR, WARNING, Finding
from havipcfg.keepalived.conf import KeepalivedConf
from havipcfg.keepalived.lvs_effective import packed, removed
from havipcfg.keepalived.virtual_server import VirtualServer
from havipcfg.keepalived.virtual_server_group import VirtualServerGroup
from havipcfg.rules.near import near
from havipcfg.rules.registry import rule


@rule("KC427", "undefined-group", ERROR, of=VirtualServer)
def undefined_group(server: VirtualServer, context: Context) -> Iterator[Finding]:
    """A virtual server for a group that does not exist.

    ## What it does
    Reports `virtual_server group NAME` without a `virtual_server_group` of that name.

    ## Why it matters
    keepalived removes the virtual server, at run time and with one line in the log;
    `keepalived -t` says nothing. None of its addresses is balanced.

    ## Example
    ```keepalived
    virtual_server_group web {
        192.0.2.10 80
        192.0.2.10 443
    }

    virtual_server group webb {             # expect: KC427
        protocol TCP
        lvs_sched rr
        lvs_method NAT
        real_server 192.0.2.21 {
            PING_CHECK {
            }
        }
    }
    ```

    ## Use instead
    ```keepalived
    virtual_server_group web {
        192.0.2.10 80
        192.0.2.10 443
    }

    virtual_server group web {
        protocol TCP
        lvs_sched rr
        lvs_method NAT
        real_server 192.0.2.21 {
            PING_CHECK {
            }
        }
    }
    ```

    ## References
    - keepalived.conf(5), "Virtual server group(s)"
    """
    name = server.service.group
    known = context.names.server_groups
    if name is None or name in known:
        return
    nearest = near(name, known, 0.6)
    yield Finding(
        server.statement.word_span(2),
        f"there is no virtual_server_group {name}",
        why="keepalived removes the virtual server, with no more than a line in the log",
        advice=f"did you mean {nearest[0]}?" if nearest else f"define virtual_server_group {name}",
    )


@rule("KC428", "group-of-another-family", ERROR, of=VirtualServer)
def group_of_another_family(server: VirtualServer, context: Context) -> Iterator[Finding]:
    """A group whose addresses are not of the real servers' family.

    ## What it does
    Reports a virtual server for a group with addresses of another family than its real
    servers; unless all of them are tunnelled, both must agree, and a group cannot mix.

    ## Why it matters
    keepalived removes the whole virtual server, at run time and with one line in the log;
    `keepalived -t` says nothing.

    ## Example
    ```keepalived
    virtual_server_group web {
        192.0.2.10 80
        2001:db8::10 80
    }

    virtual_server group web {              # expect: KC428
        protocol TCP
        lvs_sched rr
        lvs_method NAT
        real_server 192.0.2.21 80 {
            TCP_CHECK {
            }
        }
    }
    ```

    ## Use instead
    ```keepalived
    virtual_server_group web {
        192.0.2.10 80
    }

    virtual_server group web {
        protocol TCP
        lvs_sched rr
        lvs_method NAT
        real_server 192.0.2.21 80 {
            TCP_CHECK {
            }
        }
    }
    ```

    ## References
    - keepalived.conf(5), "Virtual server group(s)"
    """
    if server.service.group is None:
        return
    effective = context.effective_server(server)
    if effective.dropped != "families" or effective.group is None:
        return
    other = [s for s in effective.group.services if s.family is not None and s.family != effective.family]
    yield Finding(
        server.at(),
        f"group {server.service.group} has IPv{other[0].family} entries, the real servers are IPv{effective.family}",
        why="keepalived removes the whole virtual server, with no more than a line in the log",
        advice="write one group and one virtual_server for each family",
        related=tuple(Label(service.span, f"IPv{service.family}") for service in other[:3]),
    )


@rule("KC429", "removed-group", ERROR, of=VirtualServerGroup, keepalived=True)
def removed_group(group: VirtualServerGroup, context: Context) -> Iterator[Finding]:  # noqa: ARG001
    """A virtual server group that keepalived removes.

    ## What it does
    Reports a `virtual_server_group` without an entry that keepalived accepts, and one with
    IPv4 and IPv6 addresses and a firewall mark whose family is not given.

    ## Why it matters
    Without the group, keepalived silently drops the virtual servers that name it.

    ## Example
    ```keepalived
    virtual_server_group web {
    }                                       # expect: KC429
    ```

    ## Use instead
    ```keepalived
    virtual_server_group web {
        192.0.2.10 80
    }
    ```

    ## References
    - keepalived.conf(5), "Virtual server group(s)"
    """
    if not removed(group):
        return
    if group.services:
        message = f"virtual_server_group {group.name} mixes IPv4, IPv6 and a firewall mark of no family"
        advice = "write fwmark N inet or fwmark N inet6, or make two groups"
    else:
        message = f"virtual_server_group {group.name} has no entry"
        advice = "add an address and a port"
    why = "keepalived removes it, and silently every virtual server that names it"
    begins = (Label(group.statement.span, "the group begins here"),)
    yield Finding(group.statement.closer_span, message, why=why, advice=advice, related=begins)


@rule("KC430", "duplicate-virtual-server", ERROR, of=KeepalivedConf, given="virtual_server")
def duplicate_virtual_server(conf: KeepalivedConf, context: Context) -> Iterator[Finding]:  # noqa: ARG001
    """Two virtual servers for the same service.

    ## What it does
    Reports a second `virtual_server` with the address, port and protocol of an earlier one,
    with its firewall mark and family, or with its group.

    ## Why it matters
    The kernel knows each service once. keepalived does not notice: both blocks write to the
    same entry, whichever comes last decides on scheduler and persistence, and each takes out
    servers of the other.

    ## Example
    ```keepalived
    virtual_server 192.0.2.10 80 {
        protocol TCP
        lvs_sched rr
        lvs_method NAT
        real_server 192.0.2.21 80 {
            TCP_CHECK {
            }
        }
    }

    virtual_server 192.0.2.10 80 {          # expect: KC430
        protocol TCP
        lvs_sched wlc
        lvs_method NAT
        real_server 192.0.2.22 80 {
            TCP_CHECK {
            }
        }
    }
    ```

    ## Use instead
    ```keepalived
    virtual_server 192.0.2.10 80 {
        protocol TCP
        lvs_sched wlc
        lvs_method NAT
        real_server 192.0.2.21 80 {
            TCP_CHECK {
            }
        }
        real_server 192.0.2.22 80 {
            TCP_CHECK {
            }
        }
    }
    ```

    ## References
    - ipvsadm(8), "--add-service"
    """
    seen: dict[tuple[object, ...], VirtualServer] = {}
    for server in conf.virtual_server:
        service = server.service
        key: tuple[object, ...] = (service.group,)
        if service.fwmark:
            key = (service.fwmark, server.ip_family == "inet6" or _only_ipv6(server))
        elif service.address is not None:
            key = (packed(service.address), service.port, server.protocol or "UDP")
        first = seen.setdefault(key, server)
        if first is not server:
            yield Finding(
                server.statement.span,
                f"virtual_server {service} is defined twice",
                why="the kernel knows the service once: each block undoes what the other sets",
                advice="put the real servers into one block",
                related=(Label(first.statement.span, "first defined here"),),
            )


def _only_ipv6(server: VirtualServer) -> bool:
    return bool(server.real_server) and all(real.endpoint.family == 6 for real in server.real_server)


@rule("KC431", "repeated-group", ERROR, of=KeepalivedConf, given="virtual_server_group")
def repeated_group(conf: KeepalivedConf, context: Context) -> Iterator[Finding]:  # noqa: ARG001
    """Two virtual server groups of one name.

    ## What it does
    Reports a second `virtual_server_group` with the name of an earlier one.

    ## Why it matters
    A virtual server gets the first; the addresses of the second are not balanced, and nothing
    says so.

    ## Example
    ```keepalived
    virtual_server_group web {
        192.0.2.10 80
    }

    virtual_server_group web {              # expect: KC431
        192.0.2.11 80
    }
    ```

    ## Use instead
    ```keepalived
    virtual_server_group web {
        192.0.2.10 80
        192.0.2.11 80
    }
    ```

    ## References
    - keepalived.conf(5), "Virtual server group(s)"
    """
    seen: dict[str, VirtualServerGroup] = {}
    for group in conf.virtual_server_group:
        if removed(group):
            continue
        first = seen.setdefault(group.name, group)
        if first is not group:
            yield Finding(
                group.statement.span,
                f"virtual_server_group {group.name} is defined twice",
                why="the entries of the second are not balanced, and nothing says so",
                advice="put all entries into one block, or give it a name of its own",
                related=(Label(first.statement.span, "first defined here"),),
            )


@rule("KC432", "unused-group", WARNING, of=KeepalivedConf, given="virtual_server_group")
def unused_group(conf: KeepalivedConf, context: Context) -> Iterator[Finding]:  # noqa: ARG001
    """A virtual server group that no virtual server names.

    ## What it does
    In a file with virtual servers, reports a `virtual_server_group` that none of them names.

    ## Why it matters
    A group balances nothing by itself: connections to its addresses are refused.

    ## Example
    ```keepalived
    virtual_server_group web {              # expect: KC432
        192.0.2.10 80
    }

    virtual_server 192.0.2.11 443 {
        protocol TCP
        lvs_sched rr
        lvs_method NAT
        real_server 192.0.2.21 443 {
            TCP_CHECK {
            }
        }
    }
    ```

    ## Use instead
    ```keepalived
    virtual_server_group web {
        192.0.2.10 80
    }

    virtual_server group web {
        protocol TCP
        lvs_sched rr
        lvs_method NAT
        real_server 192.0.2.21 80 {
            TCP_CHECK {
            }
        }
    }
    ```

    ## References
    - keepalived.conf(5), "Virtual server group(s)"
    """
    if not conf.virtual_server:
        return
    used = {server.service.group for server in conf.virtual_server}
    for group in conf.virtual_server_group:
        if group.name not in used and not removed(group):
            yield Finding(
                group.statement.span,
                f"no virtual_server names virtual_server_group {group.name}",
                why="its addresses are not balanced",
                advice=f"add virtual_server group {group.name}, or remove the block",
            )

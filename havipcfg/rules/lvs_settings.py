"""Settings of a ``virtual_server`` that contradict what it balances, or how."""

from __future__ import annotations

from collections.abc import Iterator

from havipcfg.cluster.context import Context
from havipcfg.diagnostics import Label
from havipcfg.findings import ERROR, WARNING, Finding
from havipcfg.keepalived import lvs_problems
from havipcfg.keepalived.lvs_effective import SCHEDULER_FLAGS
from havipcfg.keepalived.virtual_server import VirtualServer
from havipcfg.rules.edits import removal
from havipcfg.rules.registry import rule


@rule("KC415", "ops-needs-udp", ERROR, of=VirtualServer, given="ops", keepalived=True, fix="safe")
def ops_needs_udp(server: VirtualServer, context: Context) -> Iterator[Finding]:
    """One-packet scheduling of a protocol with connections.

    ## What it does
    Reports `ops` in a `virtual_server` whose protocol is not UDP.

    ## Why it matters
    keepalived takes `ops` back: connections are kept as usual.

    ## Example
    ```keepalived
    virtual_server 192.0.2.10 53 {
        protocol TCP
        lvs_sched rr
        lvs_method NAT
        ops                             # expect: KC415
        real_server 192.0.2.21 53 {
            DNS_CHECK {
            }
        }
    }
    ```

    ## Use instead
    ```keepalived
    virtual_server 192.0.2.10 53 {
        protocol UDP
        lvs_sched rr
        lvs_method NAT
        ops
        real_server 192.0.2.21 53 {
            DNS_CHECK {
            }
        }
    }
    ```

    ## References
    - keepalived.conf(5), "ops"
    """
    effective = context.effective_server(server)
    if server.protocol not in (None, "UDP") and effective.by_address and not effective.dropped:
        place = server.place("protocol")
        yield Finding(
            server.at("ops"),
            f"ops needs protocol UDP, and this is {server.protocol}",
            why="keepalived takes ops back",
            advice="remove ops",
            fix=removal("remove ops", server.place("ops")),
            related=(Label(place.span, "the protocol"),) if place else (),
        )


@rule("KC416", "protocol-of-a-mark", WARNING, of=VirtualServer, given="protocol", keepalived=True, fix="safe")
def protocol_of_a_mark(server: VirtualServer, context: Context) -> Iterator[Finding]:
    """A protocol for packets that a firewall mark selects.

    ## What it does
    Reports `protocol` in a `virtual_server` for a firewall mark, or for a group of marks only.

    ## Why it matters
    keepalived ignores it: every packet with the mark is balanced, whatever its protocol. Who
    wants TCP alone must mark TCP alone.

    ## Example
    ```keepalived
    virtual_server fwmark 5 {
        protocol TCP                    # expect: KC416
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
    virtual_server fwmark 5 {
        lvs_sched rr
        lvs_method NAT
        real_server 192.0.2.21 {
            PING_CHECK {
            }
        }
    }
    ```

    ## References
    - keepalived.conf(5), "Virtual server(s)"
    """
    effective = context.effective_server(server)
    if server.protocol and effective.by_mark and not effective.by_address and not effective.dropped:
        yield Finding(
            server.at("protocol"),
            f"protocol has no effect in virtual_server {server.service}",
            why="keepalived ignores it: the firewall mark alone decides",
            advice="remove protocol: mark only packets of that protocol instead",
            fix=removal("remove protocol", server.place("protocol")),
        )


@rule("KC417", "ha-suspend-of-a-mark", ERROR, of=VirtualServer, given="ha_suspend", keepalived=True, fix="safe")
def ha_suspend_of_a_mark(server: VirtualServer, context: Context) -> Iterator[Finding]:
    """Checks that should rest while the address is elsewhere, for a service without an address.

    ## What it does
    Reports `ha_suspend` in a `virtual_server` for a firewall mark, or for a group with one.

    ## Why it matters
    A mark has no address that could be here or elsewhere, so keepalived clears `ha_suspend`
    and goes on checking on every node.

    ## Example
    ```keepalived
    virtual_server fwmark 5 {
        lvs_sched rr
        lvs_method NAT
        ha_suspend                      # expect: KC417
        real_server 192.0.2.21 {
            PING_CHECK {
            }
        }
    }
    ```

    ## Use instead
    ```keepalived
    virtual_server 192.0.2.10 80 {
        protocol TCP
        lvs_sched rr
        lvs_method NAT
        ha_suspend
        real_server 192.0.2.21 80 {
            TCP_CHECK {
            }
        }
    }
    ```

    ## References
    - keepalived.conf(5), "ha_suspend"
    """
    effective = context.effective_server(server)
    if effective.by_mark and not effective.dropped:
        yield Finding(
            server.at("ha_suspend"),
            f"ha_suspend has no effect in virtual_server {server.service}: a firewall mark has no address",
            why="keepalived clears it and checks all the time",
            advice="remove ha_suspend",
            fix=removal("remove ha_suspend", server.place("ha_suspend")),
        )


@rule("KC418", "scheduler-flag", ERROR, of=VirtualServer, keepalived=True)
def scheduler_flag(server: VirtualServer, context: Context) -> Iterator[Finding]:
    """A flag of a scheduler that is not the one above it.

    ## What it does
    Reports `sh-port` and `sh-fallback` without `lvs_sched sh` above them, `mh-port` and
    `mh-fallback` without `lvs_sched mh`, and `hashed`, which means nothing any more.

    ## Why it matters
    keepalived ignores the flag. Below `sh` or `mh`, the flags of the other one vanish without
    any message.

    ## Example
    ```keepalived
    virtual_server 192.0.2.10 80 {
        protocol TCP
        sh-port                         # expect: KC418
        lvs_sched sh
        lvs_method NAT
        real_server 192.0.2.21 80 {
            TCP_CHECK {
            }
        }
    }
    ```

    ## Use instead
    ```keepalived
    virtual_server 192.0.2.10 80 {
        protocol TCP
        lvs_sched sh
        sh-port
        lvs_method NAT
        real_server 192.0.2.21 80 {
            TCP_CHECK {
            }
        }
    }
    ```

    ## References
    - keepalived.conf(5), "lvs_sched"
    """
    if not any(name in server.places for name in ("sh_port", "sh_fallback", "mh_port", "mh_fallback", "hashed")):
        return
    for line, scheduler in context.effective_server(server).flags:
        wanted = SCHEDULER_FLAGS[line.keyword]
        if scheduler == wanted:
            continue
        reported = scheduler not in ("sh", "mh")
        if wanted == "none":
            message, advice = "hashed has no effect", "remove the line"
        else:
            message = f"{line.keyword} needs lvs_sched {wanted} above it" + (
                f", and that is {scheduler}" if scheduler else ""
            )
            advice = f"put it below lvs_sched {wanted}, or remove it"
        why = "keepalived ignores the flag" + ("" if reported else ", and nothing says so")
        yield Finding(line.word_span(0), message, why=why, advice=advice, keepalived=reported)


@rule("KC419", "family-of-the-service", ERROR, of=VirtualServer, keepalived=True)
def family_of_the_service(server: VirtualServer, context: Context) -> Iterator[Finding]:
    """Settings of one address family in a service of the other.

    ## What it does
    Reports `ip_family` where the family is known already, from the address or from a server
    above, and is another one; and a `persistence_granularity` in the form of the other family.

    ## Why it matters
    keepalived ignores the line: the family stays what it is, and clients are not grouped.

    ## Example
    ```keepalived
    virtual_server 2001:db8::10 80 {
        protocol TCP
        lvs_sched rr
        lvs_method NAT
        persistence_timeout 300
        persistence_granularity 255.255.255.0       # expect: KC419
        real_server 2001:db8::21 80 {
            TCP_CHECK {
            }
        }
    }
    ```

    ## Use instead
    ```keepalived
    virtual_server 2001:db8::10 80 {
        protocol TCP
        lvs_sched rr
        lvs_method NAT
        persistence_timeout 300
        persistence_granularity 64
        real_server 2001:db8::21 80 {
            TCP_CHECK {
            }
        }
    }
    ```

    ## References
    - keepalived.conf(5), "ip_family", "persistence_granularity"
    """
    if not any(name in server.places for name in ("ip_family", "persistence_granularity")):
        return
    effective = context.effective_server(server)
    for line in effective.conflicts:
        yield Finding(
            line.word_span(1),
            f"ip_family {line.words[1]} comes too late: the service is IPv{effective.family} already",
            why="keepalived ignores the line",
            advice="remove the line, or put it above the real servers",
        )
    for line in effective.misfits:
        problem = lvs_problems.persistence_granularity(line.word_span(1), line.words[1], effective.family)
        yield Finding(problem.span, problem.message, problem.why, problem.advice)

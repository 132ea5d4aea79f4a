"""What a ``virtual_server`` lacks: servers, protocol, scheduler, method, port."""

from __future__ import annotations

from collections.abc import Iterator

from havipcfg.cluster.context import Context
from havipcfg.diagnostics import Label
from havipcfg.findings import ERROR, WARNING, Finding
from havipcfg.keepalived.virtual_server import VirtualServer
from havipcfg.rules.registry import rule


@rule("KC410", "no-real-servers", ERROR, of=VirtualServer, keepalived=True)
def no_real_servers(server: VirtualServer, context: Context) -> Iterator[Finding]:
    """A virtual server without a real server.

    ## What it does
    Reports a `virtual_server` in which no `real_server` is left: none is given, or keepalived
    refuses each of them for its address or its family. A `sorry_server` does not count.

    ## Why it matters
    keepalived removes the virtual server. Connections to the address are refused by the load
    balancer itself, and the sorry server is never asked.

    ## Example
    ```keepalived
    virtual_server 192.0.2.10 80 {      # expect: KC410
        protocol TCP
        lvs_sched rr
        lvs_method NAT
        sorry_server 192.0.2.29 80
    }
    ```

    ## Use instead
    ```keepalived
    virtual_server 192.0.2.10 80 {
        protocol TCP
        lvs_sched rr
        lvs_method NAT
        sorry_server 192.0.2.29 80
        real_server 192.0.2.21 80 {
            TCP_CHECK {
            }
        }
    }
    ```

    ## References
    - keepalived.conf(5), "Virtual server(s)"
    """
    effective = context.effective_server(server)
    if effective.dropped == "no servers":
        refused = len(effective.refused)
        yield Finding(
            server.at(),
            f"virtual_server {server.service} has no real_server" + (" that its family allows" if refused else ""),
            why="keepalived removes the whole virtual server",
            advice="add a real_server block",
            related=tuple(Label(real.at(), "refused: the other address family") for real in effective.refused),
        )


@rule("KC411", "no-protocol", ERROR, of=VirtualServer, keepalived=True)
def no_protocol(server: VirtualServer, context: Context) -> Iterator[Finding]:
    """A virtual server that does not say its protocol.

    ## What it does
    Reports a `virtual_server` for an address without `protocol`.

    ## Why it matters
    keepalived takes UDP. A web server behind it is never reached, while the checks, which speak
    TCP, pass and everything looks healthy.

    ## Example
    ```keepalived
    virtual_server 192.0.2.10 80 {      # expect: KC411
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
    virtual_server 192.0.2.10 80 {
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
    - keepalived.conf(5), "protocol"
    """
    if server.place("protocol") is None:
        effective = context.effective_server(server)
        if effective.by_address and not effective.dropped:
            yield Finding(
                server.at("protocol"),
                f"virtual_server {server.service} has no protocol",
                why="keepalived balances UDP then; TCP connections to the address are not balanced",
                advice="add protocol TCP",
            )


@rule("KC412", "no-scheduler", WARNING, of=VirtualServer, keepalived=True)
def no_scheduler(server: VirtualServer, context: Context) -> Iterator[Finding]:
    """A virtual server without a scheduler.

    ## What it does
    Reports a `virtual_server` without `lvs_sched` (or `lb_algo`), or with one that keepalived
    does not know.

    ## Why it matters
    keepalived takes `wlc`, the server with the fewest connections for its weight. That works,
    but who expected another one, or wrote its name wrongly, gets another distribution.

    ## Example
    ```keepalived
    virtual_server 192.0.2.10 80 {      # expect: KC412
        protocol TCP
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
        lvs_sched wlc
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
    if server.place("lvs_sched") is None and not context.effective_server(server).dropped:
        yield Finding(
            server.at(),
            f"virtual_server {server.service} has no lvs_sched",
            why="keepalived uses wlc",
            advice="add lvs_sched wlc, or the scheduler that is meant",
        )


@rule("KC413", "no-forwarding-method", ERROR, of=VirtualServer, keepalived=True)
def no_forwarding_method(server: VirtualServer, context: Context) -> Iterator[Finding]:
    """A virtual server that does not say how packets reach the real servers.

    ## What it does
    Reports a `virtual_server` without `lvs_method` (or `lb_kind`) of which at least one real
    server, or the sorry server, has no method of its own.

    ## Why it matters
    keepalived takes NAT. Real servers that are set up for direct routing, with the address on
    `lo` and another default gateway, then answer past the load balancer, and no connection
    comes about.

    ## Example
    ```keepalived
    virtual_server 192.0.2.10 80 {      # expect: KC413
        protocol TCP
        lvs_sched rr
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
        lvs_sched rr
        lvs_method NAT
        real_server 192.0.2.21 80 {
            TCP_CHECK {
            }
        }
    }
    ```

    ## References
    - keepalived.conf(5), "lvs_method"
    """
    if server.place("lvs_method") is not None:
        return
    effective = context.effective_server(server)
    if effective.dropped:
        return
    lacking = [real for real in effective.kept if effective.given_method(real) is None]
    if lacking or (effective.sorry is not None and effective.sorry_given_method is None):
        yield Finding(
            server.at(),
            f"virtual_server {server.service} has no lvs_method",
            why="keepalived uses NAT: the real servers must answer through this machine",
            advice="add lvs_method NAT, DR or TUN",
        )


@rule("KC414", "port-less-service", ERROR, of=VirtualServer, keepalived=True)
def port_less_service(server: VirtualServer, context: Context) -> Iterator[Finding]:
    """A service for every port that is not persistent.

    ## What it does
    Reports a `virtual_server`, or one with a group, that has no port (or port 0) and no
    `persistence_timeout`.

    ## Why it matters
    The kernel allows a service for all ports with persistence only, so keepalived turns it on,
    with 360 seconds. Every client then stays with one server, and the load is not shared as the
    scheduler would. Mostly the port was forgotten.

    ## Example
    ```keepalived
    virtual_server 192.0.2.10 {         # expect: KC414
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
    virtual_server 192.0.2.10 80 {
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
    - keepalived.conf(5), "persistence_timeout"
    """
    effective = context.effective_server(server)
    if 0 in effective.ports and not effective.persistent and not effective.dropped:
        yield Finding(
            server.at(),
            f"virtual_server {server.service} has no port and no persistence_timeout",
            why="keepalived makes it persistent, for 360 seconds: each client stays with one server",
            advice="name the port, or say persistence_timeout",
        )

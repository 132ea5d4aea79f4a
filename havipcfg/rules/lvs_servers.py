"""Real and sorry servers that do not go together with their virtual server, or with each other."""

from __future__ import annotations

from collections.abc import Iterator

from havipcfg.cluster.context import Context
from havipcfg.diagnostics import Fix, Label
from havipcfg.findings import ERROR, WARNING, Finding
from havipcfg.keepalived.lvs_effective import packed
from havipcfg.keepalived.lvs_values import Endpoint
from havipcfg.keepalived.virtual_server import VirtualServer
from havipcfg.rules.edits import removal, replacement
from havipcfg.rules.registry import rule
from havipcfg.source import Span
from havipcfg.syntax.statement import Statement


@rule("KC420", "server-of-another-family", ERROR, of=VirtualServer, keepalived=True)
def server_of_another_family(server: VirtualServer, context: Context) -> Iterator[Finding]:
    """A real or sorry server whose address family is not that of the service.

    ## What it does
    Reports a `real_server` or `sorry_server` with an IPv6 address behind an IPv4 service, or
    the other way round. Only `lvs_method TUN`, above it or in it, can carry one in the other.

    ## Why it matters
    keepalived skips the server: it never gets a connection. When no other is left, the whole
    virtual server goes.

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
        real_server 2001:db8::22 80 {       # expect: KC420
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
        real_server 192.0.2.22 80 {
            TCP_CHECK {
            }
        }
    }
    ```

    ## References
    - keepalived.conf(5), "real_server"
    """
    effective = context.effective_server(server)
    refused = [("real_server", real.endpoint, real.statement.word_span(1)) for real in effective.refused]
    if effective.sorry_refused and server.sorry_server is not None:
        refused.append(("sorry_server", server.sorry_server, server.at("sorry_server", 1)))
    for keyword, endpoint, span in refused:
        yield Finding(
            span,
            f"{keyword} {endpoint} is IPv{endpoint.family}, virtual_server {server.service} is IPv{effective.family}",
            why=f"keepalived skips the {keyword}",
            advice="use addresses of one family, or lvs_method TUN above it",
            related=(Label(server.at(), "the service"),),
        )


@rule("KC421", "port-of-a-server", ERROR, of=VirtualServer, keepalived=True, fix="safe")
def port_of_a_server(server: VirtualServer, context: Context) -> Iterator[Finding]:
    """A real server with another port than the service, where ports cannot be translated.

    ## What it does
    Reports a `real_server` or `sorry_server` whose port is not the service's while its
    forwarding method is DR or TUN, and any port of one behind a firewall mark.

    ## Why it matters
    With DR and TUN the packet arrives unchanged, port included; only NAT rewrites it.
    keepalived puts the service's port in place of the one given, so that connections go to a
    port where nothing may listen, although the check of the other port passes.

    ## Example
    ```keepalived
    virtual_server 192.0.2.10 80 {
        protocol TCP
        lvs_sched rr
        lvs_method DR
        real_server 192.0.2.21 8080 {       # expect: KC421
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
        lvs_method DR
        real_server 192.0.2.21 80 {
            TCP_CHECK {
            }
        }
    }
    ```

    ## References
    - keepalived.conf(5), "lvs_method"
    """
    effective = context.effective_server(server)
    if effective.dropped:
        return
    gone = {id(real) for real, _ in effective.duplicates}
    kept = [real for real in effective.kept if id(real) not in gone]
    servers = [(real.statement, real.endpoint, effective.method(real)) for real in kept]
    sorry = server.place("sorry_server")
    if effective.sorry is not None and sorry is not None:
        servers.append((sorry, effective.sorry, effective.sorry_given_method or "NAT"))
    for line, endpoint, method in servers:
        other = effective.ports - {endpoint.port}
        if method == "NAT" or endpoint.port is None or not (other or effective.by_mark):
            continue
        instead = "a firewall mark has no port" if effective.by_mark else f"the service has port {min(other)}"
        yield Finding(
            line.word_span(2),
            f"{line.keyword} {endpoint}: with {method} the port stays that of the service, and {instead}",
            why=f"keepalived drops port {endpoint.port}",
            advice="leave the port out, or use lvs_method NAT",
            fix=None if server.service.group is not None else _without_port(line, endpoint),
            related=(Label(server.at(), "the service"),),
        )


def _without_port(line: Statement, endpoint: Endpoint) -> Fix | None:
    if not line.exact:
        return None
    address, port = line.word_span(1), line.word_span(2)
    return replacement(f"leave out port {endpoint.port}", Span(line.source, address.end, port.end), "")


@rule("KC422", "duplicate-real-server", ERROR, of=VirtualServer, keepalived=True, fix="unsafe")
def duplicate_real_server(server: VirtualServer, context: Context) -> Iterator[Finding]:
    """The same real server twice in one virtual server.

    ## What it does
    Reports a `real_server` with the address and port of an earlier one in the same block.

    ## Why it matters
    keepalived removes the second, with its weight, its checks and its scripts. Mostly one
    digit of the address was not changed after copying, and one server is missing.

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
        real_server 192.0.2.21 80 {         # expect: KC422
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
        real_server 192.0.2.22 80 {
            TCP_CHECK {
            }
        }
    }
    ```

    ## References
    - keepalived.conf(5), "real_server"
    """
    effective = context.effective_server(server)
    if effective.dropped:
        return
    for real, first in effective.duplicates:
        yield Finding(
            real.statement.span,
            f"real_server {real.endpoint} is given twice",
            why="keepalived removes the second, with its weight and checks",
            advice="correct the address, or remove the block",
            fix=removal("remove the second real_server", real.statement, safety="unsafe"),
            related=(Label(first.statement.span, "first given here"),),
        )


@rule("KC425", "sorry-server-too-early", ERROR, of=VirtualServer, keepalived=True)
def sorry_server_too_early(server: VirtualServer, context: Context) -> Iterator[Finding]:
    """A setting of a sorry server that is not there yet.

    ## What it does
    Reports `sorry_server_inhibit` and `sorry_server_lvs_method` above `sorry_server`, or
    without one.

    ## Why it matters
    keepalived ignores the line: the sorry server is removed rather than inhibited, or gets its
    packets by the method of the real servers.

    ## Example
    ```keepalived
    virtual_server 192.0.2.10 80 {
        protocol TCP
        lvs_sched rr
        lvs_method DR
        sorry_server_lvs_method NAT         # expect: KC425
        sorry_server 192.0.2.29 8080
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
        lvs_method DR
        sorry_server 192.0.2.29 8080
        sorry_server_lvs_method NAT
        real_server 192.0.2.21 80 {
            TCP_CHECK {
            }
        }
    }
    ```

    ## References
    - keepalived.conf(5), "sorry_server"
    """
    if not ("sorry_server_inhibit" in server.places or "sorry_server_lvs_method" in server.places):
        return
    for line in context.effective_server(server).early:
        late = server.sorry_server is not None
        yield Finding(
            line.span,
            f"{line.keyword} {'stands above sorry_server' if late else 'needs a sorry_server'}",
            why="keepalived ignores the line",
            advice="put it below sorry_server" if late else "add sorry_server above it, or remove it",
        )


@rule("KC426", "sorry-server-is-a-real-server", WARNING, of=VirtualServer, given="sorry_server", fix="unsafe")
def sorry_server_is_a_real_server(server: VirtualServer, context: Context) -> Iterator[Finding]:
    """A sorry server that is one of the real servers.

    ## What it does
    Reports a `sorry_server` with the address and port of a `real_server` of the same block.

    ## Why it matters
    The sorry server steps in when the real servers are down, this one included, so it has
    nothing to say. The kernel knows each server once: taking the one out takes out the other,
    and the real server may not come back. Where one of them is inhibited on failure and the
    other is not, keepalived changes the sorry server and says so.

    ## Example
    ```keepalived
    virtual_server 192.0.2.10 80 {
        protocol TCP
        lvs_sched rr
        lvs_method NAT
        sorry_server 192.0.2.21 80          # expect: KC426
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
        sorry_server 192.0.2.29 80
        real_server 192.0.2.21 80 {
            TCP_CHECK {
            }
        }
    }
    ```

    ## References
    - keepalived.conf(5), "sorry_server"
    """
    effective = context.effective_server(server)
    sorry = effective.sorry
    if sorry is None or effective.dropped:
        return
    port = server.service.port
    fields = ("sorry_server", "sorry_server_inhibit", "sorry_server_lvs_method")
    about = [server.place(field) for field in fields]
    for real in effective.kept:
        endpoint = real.endpoint
        if packed(endpoint.address) != packed(sorry.address) or (endpoint.port or port) != (sorry.port or port):
            continue
        same = endpoint.port == sorry.port
        yield Finding(
            server.at("sorry_server"),
            f"sorry_server {sorry} is also a real_server",
            why="it is down when the real servers are, and taking one out of the kernel takes out the other",
            advice="name a server that is no real_server here",
            fix=removal("remove the sorry server", *about, safety="unsafe"),
            related=(Label(real.statement.span, "the real server"),),
            keepalived=same and effective.inhibits(real) != effective.sorry_inhibit,
        )
        return

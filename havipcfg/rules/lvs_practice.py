"""What keepalived accepts in a load balancer, and an operator regrets."""

from __future__ import annotations

from collections.abc import Iterator

from havipcfg.cluster.context import Context
from havipcfg.diagnostics import Label
from havipcfg.findings import ERROR, INFO, WARNING, Finding
from havipcfg.keepalived.conf import KeepalivedConf
from havipcfg.keepalived.lvs_effective import packed
from havipcfg.keepalived.real_server import RealServer
from havipcfg.keepalived.virtual_server import VirtualServer
from havipcfg.keepalived.vrrp_instance import VrrpInstance
from havipcfg.rules.registry import rule
from havipcfg.source import Span

_SLOW = 300


@rule("KC451", "unchecked-real-server", WARNING, of=VirtualServer, given="real_server")
def unchecked_real_server(server: VirtualServer, context: Context) -> Iterator[Finding]:  # noqa: ARG001
    """Real servers that nobody checks.

    ## What it does
    Reports `real_server` blocks without any check (`TCP_CHECK`, `HTTP_GET`, `MISC_CHECK` …),
    one finding for each `virtual_server`.

    ## Why it matters
    A server without a check counts as healthy for ever. When it dies, its share of the
    connections fails until somebody takes it out by hand.

    ## Example
    ```keepalived
    virtual_server 192.0.2.10 80 {
        protocol TCP
        lvs_sched rr
        lvs_method NAT
        real_server 192.0.2.21 80 {         # expect: KC451
            weight 1
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
            weight 1
            TCP_CHECK {
                connect_timeout 3
            }
        }
    }
    ```

    ## References
    - keepalived.conf(5), "real_server"
    """
    unchecked = [real for real in server.real_server if next(real.checks, None) is None]
    if not unchecked:
        return
    first, *others = unchecked
    every = len(unchecked) == len(server.real_server) > 1
    number = len(unchecked)
    if every:
        found = f"{'neither' if number == 2 else 'none'} of the {number} real servers has a health check"
    else:
        found = f"{number} real servers have no health check"
    yield Finding(
        first.statement.span,
        f"real_server {first.endpoint} has no health check" if not others else found,
        why="a server without a check counts as healthy for ever: when it dies, its connections fail",
        advice="add TCP_CHECK { connect_timeout 3 }, or a check that asks the service itself",
        related=tuple(Label(real.statement.span, "no check either") for real in others[:5]),
    )


@rule("KC452", "service-address-not-held", WARNING, of=KeepalivedConf, given="virtual_server")
def service_address_not_held(conf: KeepalivedConf, context: Context) -> Iterator[Finding]:  # noqa: ARG001
    """A virtual server for an address that no VRRP instance brings here.

    ## What it does
    In a file with VRRP instances, reports a `virtual_server`, or a line of its
    `virtual_server_group`, whose address is in none of their `virtual_ipaddress` or
    `virtual_ipaddress_excluded` blocks and not in `static_ipaddress`.

    ## Why it matters
    The load balancer sees only packets that reach this machine. When nothing announces the
    address, nobody is served; or the machine that has it for good is, and there is no failover.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.11
        }
    }

    virtual_server 192.0.2.10 80 {          # expect: KC452
        protocol TCP
        lvs_sched rr
        lvs_method DR
        real_server 192.0.2.21 80 {
            TCP_CHECK {
            }
        }
    }
    ```

    ## Use instead
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
    }

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
    - keepalived.conf(5), "virtual_ipaddress"
    """
    if not conf.vrrp_instance:
        return
    held = {packed(entry.address) for entry in conf.static_ipaddress}
    for instance in conf.vrrp_instance:
        held.update(_addresses(instance))
    missing: dict[bytes, list[tuple[str, str, Span]]] = {}
    for address, what, place in _served(conf):
        if packed(address) not in held:
            missing.setdefault(packed(address), []).append((address, what, place))
    for (address, what, place), *others in missing.values():
        yield Finding(
            place,
            f"no vrrp_instance has {address}, the address of this {what}",
            why="nothing brings the address to this machine, so there is nothing to balance",
            advice=f"add {address} to virtual_ipaddress, or correct it here",
            related=tuple(Label(other, "the same address") for *_, other in others[:3]),
        )


def _served(conf: KeepalivedConf) -> Iterator[tuple[str, str, Span]]:
    """Every single address that is balanced, what names it, and where."""
    groups = {server.service.group for server in conf.virtual_server}
    for server in conf.virtual_server:
        if server.service.address is not None:
            yield server.service.address, "virtual_server", server.statement.word_span(1)
    for group in conf.virtual_server_group:
        for entry in group.services if group.name in groups else ():
            if entry.address is not None and entry.last is None and entry.prefix is None:
                yield entry.address, "virtual_server_group", entry.at()


def _addresses(instance: VrrpInstance) -> set[bytes]:
    return {packed(entry.address) for entry in (*instance.virtual_ipaddress, *instance.virtual_ipaddress_excluded)}


@rule("KC453", "address-stays-with-empty-pool", INFO, of=KeepalivedConf, given="virtual_server")
def address_stays_with_empty_pool(conf: KeepalivedConf, context: Context) -> Iterator[Finding]:  # noqa: ARG001
    """A virtual address that stays although all its real servers are down.

    ## What it does
    Reports a virtual server whose address is in a VRRP instance that tracks nothing, and that
    has neither a `sorry_server` nor `quorum_up` and `quorum_down`.

    ## Why it matters
    Health checks take real servers out; they do not move the address. When this machine alone
    cannot reach the servers, it keeps the address with an empty pool, and every connection is
    refused while the other node could serve.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
    }

    virtual_server 192.0.2.10 80 {          # expect: KC453
        protocol TCP
        lvs_sched rr
        lvs_method DR
        real_server 192.0.2.21 80 {
            TCP_CHECK {
            }
        }
    }
    ```

    ## Use instead
    ```keepalived
    track_file pool {
        file /run/keepalived/pool
        init_file 0
    }

    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
        track_file {
            pool weight 1
        }
    }

    virtual_server 192.0.2.10 80 {
        protocol TCP
        lvs_sched rr
        lvs_method DR
        quorum_down "/usr/libexec/pool -50"
        quorum_up "/usr/libexec/pool 0"
        real_server 192.0.2.21 80 {
            TCP_CHECK {
            }
        }
    }
    ```

    ## References
    - keepalived.conf(5), "quorum_down", "track_file"
    """
    seen = set()
    for server in conf.virtual_server:
        address = server.service.address
        if address is None or address in seen or server.sorry_server or server.quorum_down or server.quorum_up:
            continue
        instance = next((i for i in conf.vrrp_instance if packed(address) in _addresses(i)), None)
        if instance is None or not server.real_server or _tracks(conf, instance):
            continue
        seen.add(address)
        yield Finding(
            server.statement.span,
            f"{address} stays here when all real servers of virtual_server {server.service} are down",
            why="health checks empty the pool, they do not move the address",
            advice="let quorum_down and quorum_up write a track_file that the instance tracks, or name a sorry_server",
            related=(Label(instance.statement.span, "holds the address, and tracks nothing"),),
        )


def _tracks(conf: KeepalivedConf, instance: VrrpInstance) -> bool:
    groups = [g for g in conf.vrrp_sync_group if any(str(member) == instance.name for member in g.group)]
    return any(
        block.track_script or block.track_file or block.track_process or block.track_bfd or block.track_interface
        for block in (instance, *groups)
    )


@rule("KC454", "slow-checks", INFO, of=VirtualServer, given="real_server")
def slow_checks(server: VirtualServer, context: Context) -> Iterator[Finding]:  # noqa: ARG001
    """Checks so far apart that a dead server stays for minutes.

    ## What it does
    Reports a `virtual_server` with checks whose `delay_loop` is not given anywhere, so that 60
    seconds apply, and one of more than 300 seconds. The unit is seconds, not milliseconds.

    ## Why it matters
    A server is found dead after up to one `delay_loop` and the retries. Until then it gets its
    share of the connections.

    ## Example
    ```keepalived
    virtual_server 192.0.2.10 80 {
        delay_loop 6000                     # expect: KC454
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
    virtual_server 192.0.2.10 80 {
        delay_loop 6
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
    - keepalived.conf(5), "delay_loop"
    """
    if server.place("delay_loop") is not None:
        given = server.delay_loop or 0
        if given > _SLOW:
            yield Finding(
                server.at("delay_loop"),
                f"delay_loop {given:g} seconds: a dead server gets connections for up to {given / 60:.0f} minutes",
                why="the unit is seconds",
                advice="write delay_loop 6, or what the checks and the servers bear",
                severity=WARNING,
            )
        return
    late = [
        check
        for real in server.real_server
        if real.delay_loop is None
        for check in real.checks
        if hasattr(check, "delay_loop") and check.delay_loop is None
    ]
    if late:
        yield Finding(
            server.at(),
            f"virtual_server {server.service} has no delay_loop: its servers are checked every 60 seconds",
            why="a dead server gets connections for up to a minute",
            advice="add delay_loop 6, or what the checks and the servers bear",
        )


@rule("KC455", "thresholds-crossed", ERROR, of=RealServer, given="lthreshold")
def thresholds_crossed(real: RealServer, context: Context) -> Iterator[Finding]:  # noqa: ARG001
    """A lower threshold above the upper one.

    ## What it does
    Reports a `real_server` with an `lthreshold` that is not below its `uthreshold`.

    ## Why it matters
    A server gets no connections from `uthreshold` on, until it has fewer than `lthreshold`.
    The kernel refuses a server whose lower threshold is above the upper one: it never joins
    the pool. keepalived itself does not notice.

    ## Example
    ```keepalived
    virtual_server 192.0.2.10 80 {
        delay_loop 6
        protocol TCP
        lvs_sched rr
        lvs_method NAT
        real_server 192.0.2.21 80 {
            uthreshold 100
            lthreshold 200                  # expect: KC455
            TCP_CHECK {
            }
        }
    }
    ```

    ## Use instead
    ```keepalived
    virtual_server 192.0.2.10 80 {
        delay_loop 6
        protocol TCP
        lvs_sched rr
        lvs_method NAT
        real_server 192.0.2.21 80 {
            uthreshold 200
            lthreshold 100
            TCP_CHECK {
            }
        }
    }
    ```

    ## References
    - ipvsadm(8), "--u-threshold", "--l-threshold"
    """
    lower, upper = real.lthreshold or 0, real.uthreshold or 0
    if lower > upper:
        place = real.place("uthreshold")
        yield Finding(
            real.at("lthreshold"),
            f"lthreshold {lower} is above uthreshold {upper}" if place else f"lthreshold {lower} without uthreshold",
            why="the kernel refuses such a server: it never joins the pool",
            advice="give a uthreshold above lthreshold, or neither",
            related=(Label(place.span, "uthreshold"),) if place else (),
        )

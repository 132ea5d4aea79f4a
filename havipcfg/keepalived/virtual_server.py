"""``virtual_server``: a service of the kernel's load balancer (IPVS)."""

from typing import TYPE_CHECKING

from havipcfg.keepalived.declare import Block, Body, header, keyword
from havipcfg.keepalived.entries import ScriptCommand
from havipcfg.keepalived.lvs_values import (
    Endpoint,
    EndpointKind,
    ForwardingMethod,
    ForwardingMethodKind,
    NetmaskOrPrefix,
    Service,
    ServiceKind,
)
from havipcfg.keepalived.scripts import Script
from havipcfg.keepalived.values import Bool, Choice, Flag, Seconds, Unsigned, Word

if TYPE_CHECKING:
    from havipcfg.keepalived.real_server import RealServer

SCHEDULERS = ("rr", "wrr", "lc", "wlc", "lblc", "sh", "mh", "dh", "fo", "ovf", "lblcr", "sed", "nq", "twos")
_FLAGS = ("kernel headers >= 3.11",)


class VirtualServer(Block):
    """An address, firewall mark or group whose connections are shared among real servers."""

    service: Service = header("What is balanced.", ServiceKind(), required=True)
    ip_family: str | None = keyword(
        "The family of a firewall mark, where the real servers do not tell it.",
        Choice("inet", "inet6"),
        since="1.2.20",
        scope="checker",
        default_note="that of the real servers",
    )
    retry: int | None = keyword(
        "How often a failed check is tried again before it counts.",
        Unsigned(1, strict=True),
        since="1.3.7",
        scope="checker",
        default_note="1, 3 for DNS_CHECK, 0 for MISC_CHECK",
    )
    delay_before_retry: float | None = keyword(
        "Pause before a failed check is tried again.",
        Seconds(),
        since="1.3.7",
        unit="seconds",
        scope="checker",
        default_note="1, 3 for HTTP_GET and SSL_GET, delay_loop for DNS_CHECK",
    )
    warmup: float | None = keyword(
        "Checks start after a random time up to this one; 0 starts them at once.",
        Seconds(),
        since="1.3.7",
        unit="seconds",
        scope="checker",
        default_note="delay_loop",
    )
    connect_timeout: float | None = keyword(
        "How long the answer to a check may take.",
        Seconds("0.000001", "4294.967295"),
        default=5,
        since="2.0.13",
        unit="seconds",
        scope="checker",
    )
    delay_loop: float | None = keyword(
        "Time from one check to the next.",
        Seconds("0.000001"),
        default=60,
        since="0.5.3",
        unit="seconds",
        scope="checker",
    )
    inhibit_on_failure: bool = keyword(
        "A failed check sets a server's weight to 0 and keeps it, so that its connections live on.",
        Flag(),
        default=False,
        since="1.3.7",
        scope="checker",
    )
    lvs_sched: str | None = keyword(
        "How servers are chosen.",
        Choice(*SCHEDULERS),
        since="1.1.5",
        scope="checker",
        default_note="wlc, and a message",
    )
    lb_algo: str | None = keyword(
        "lvs_sched under its older name.",
        Choice(*SCHEDULERS),
        since="0.5.3",
        scope="checker",
        alias_of="lvs_sched",
    )
    hashed: bool = keyword(
        "Has no effect; with any scheduler but sh and mh it is reported.",
        Flag(),
        default=False,
        since="1.3.0",
        scope="checker",
    )
    ops: bool = keyword(
        "Choose a server for every datagram anew; for UDP and firewall marks.",
        Flag(),
        default=False,
        since="1.2.8",
        scope="checker",
    )
    flag_1: bool = keyword(
        "First flag of the scheduler, whatever that means to it.",
        name="flag-1",
        kind=Flag(),
        default=False,
        since="1.3.0",
        scope="checker",
        builds=_FLAGS,
    )
    flag_2: bool = keyword(
        "Second flag of the scheduler.",
        name="flag-2",
        kind=Flag(),
        default=False,
        since="1.3.0",
        scope="checker",
        builds=_FLAGS,
    )
    flag_3: bool = keyword(
        "Third flag of the scheduler.",
        name="flag-3",
        kind=Flag(),
        default=False,
        since="1.3.0",
        scope="checker",
        builds=_FLAGS,
    )
    sh_port: bool = keyword(
        "Source hashing looks at the port too; after lvs_sched sh.",
        name="sh-port",
        kind=Flag(),
        default=False,
        since="1.3.0",
        scope="checker",
        builds=_FLAGS,
    )
    sh_fallback: bool = keyword(
        "Source hashing passes over servers that are down; after lvs_sched sh.",
        name="sh-fallback",
        kind=Flag(),
        default=False,
        since="1.3.0",
        scope="checker",
        builds=_FLAGS,
    )
    mh_port: bool = keyword(
        "Maglev hashing looks at the port too; after lvs_sched mh.",
        name="mh-port",
        kind=Flag(),
        default=False,
        since="2.0.20",
        scope="checker",
        builds=_FLAGS,
    )
    mh_fallback: bool = keyword(
        "Maglev hashing passes over servers that are down; after lvs_sched mh.",
        name="mh-fallback",
        kind=Flag(),
        default=False,
        since="2.0.20",
        scope="checker",
        builds=_FLAGS,
    )
    lvs_method: ForwardingMethod | None = keyword(
        "How packets reach the real servers.",
        ForwardingMethodKind(),
        since="1.1.5",
        scope="checker",
        default_note="NAT, and a message",
    )
    lb_kind: ForwardingMethod | None = keyword(
        "lvs_method under its older name.",
        ForwardingMethodKind(),
        since="0.5.3",
        scope="checker",
        alias_of="lvs_method",
    )
    persistence_engine: str | None = keyword(
        "What persistence goes by, if not the client's address: sip is all the kernel knows.",
        Word(longest=16),
        since="1.2.20",
        scope="checker",
    )
    persistence_timeout: int | None = keyword(
        "A client stays with its server as long as its pauses are shorter; alone on the line, 360.",
        Unsigned(1, 2678400, strict=True),
        since="0.5.3",
        missing="silent",
        absent=360,
        unit="seconds",
        scope="checker",
        default_note="no persistence",
    )
    persistence_granularity: str | None = keyword(
        "Clients of one network stay together: a netmask (IPv4) or a prefix length (IPv6).",
        NetmaskOrPrefix(),
        since="0.5.7",
        scope="checker",
        default_note="every client by itself",
    )
    protocol: str | None = keyword(
        "The protocol balanced.",
        Choice("TCP", "UDP", "SCTP", any_case=True),
        since="0.5.3",
        scope="checker",
        default_note="UDP, and a message",
    )
    ha_suspend: bool = keyword(
        "Check only while this machine holds the address; not for firewall marks.",
        Flag(),
        default=False,
        since="1.0.0",
        scope="checker",
    )
    smtp_alert: bool | None = keyword(
        "Send a mail when the quorum is lost or gained.",
        Bool(),
        since="2.0.0",
        scope="checker",
        default_note="smtp_alert_checker, else smtp_alert, else false",
    )
    virtualhost: str | None = keyword(
        "The Host header of HTTP checks.",
        Word(),
        since="0.5.8",
        repeat="replaced",
        until={"2.3.0": {"repeat": "last"}},
        missing="reported",
        scope="checker",
    )
    snmp_name: str | None = keyword(
        "What SNMP calls the service.",
        Word(),
        since="2.2.3",
        repeat="replaced",
        until={"2.3.0": {"repeat": "last"}},
        missing="reported",
        surplus=True,
        dropped=True,
        scope="checker",
        builds=("SNMP_CHECKER",),
    )
    alpha: bool = keyword(
        "Take all servers for dead until their checks have passed once.",
        Flag(),
        default=False,
        since="1.1.16",
        scope="checker",
    )
    omega: bool = keyword(
        "Run notify_down and quorum_down when keepalived stops, too.",
        Flag(),
        default=False,
        since="1.1.16",
        scope="checker",
    )
    quorum_up: ScriptCommand | None = keyword(
        "Run when enough servers are up.", Script(with_user=True), since="1.1.16", repeat="first", scope="checker"
    )
    quorum_down: ScriptCommand | None = keyword(
        "Run when too few servers are up.", Script(with_user=True), since="1.1.16", repeat="first", scope="checker"
    )
    quorum: int | None = keyword(
        "The weights of the servers that must be up, added.",
        Unsigned(1),
        default=1,
        since="1.1.16",
        beyond=1,
        scope="checker",
    )
    hysteresis: int | None = keyword(
        "So far below the quorum the service stays up, and so far above it must come before it is up again.",
        Unsigned(),
        default=0,
        since="1.1.16",
        scope="checker",
    )
    weight: int | None = keyword(
        "The weight of real servers that have none of their own.",
        Unsigned(1, 2147483647),
        default=1,
        since="1.3.7",
        scope="checker",
    )
    sorry_server: Endpoint | None = keyword(
        "Gets the connections while too few servers are up.", EndpointKind(), since="0.5.3", scope="checker"
    )
    sorry_server_inhibit: bool = keyword(
        "inhibit_on_failure for the sorry server; after sorry_server.",
        Flag(),
        default=False,
        since="1.2.13",
        scope="checker",
    )
    sorry_server_lvs_method: ForwardingMethod | None = keyword(
        "How packets reach the sorry server; after sorry_server.",
        ForwardingMethodKind(),
        since="1.3.6",
        scope="checker",
        default_note="lvs_method",
    )
    real_server: "tuple[RealServer, ...]" = keyword(
        "A server that gets its share of the connections.",
        Body("havipcfg.keepalived.real_server:RealServer"),
        default=(),
        since="0.5.3",
        repeat="adds",
        scope="checker",
    )

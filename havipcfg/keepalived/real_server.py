"""``real_server``: a server behind a virtual one."""

from typing import TYPE_CHECKING

from havipcfg.keepalived.declare import Block, Body, header, keyword
from havipcfg.keepalived.entries import ScriptCommand
from havipcfg.keepalived.lvs_values import Endpoint, EndpointKind, ForwardingMethod, ForwardingMethodKind
from havipcfg.keepalived.scripts import Script
from havipcfg.keepalived.values import Bool, Seconds, Unsigned, Word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from havipcfg.keepalived.checkers import (
        BfdCheck,
        DnsCheck,
        FileCheck,
        MiscCheck,
        PingCheck,
        SmtpCheck,
        TcpCheck,
        UdpCheck,
    )
    from havipcfg.keepalived.checkers_http import HttpGet, SslGet

CHECKS = (
    "MISC_CHECK", "SMTP_CHECK", "TCP_CHECK", "PING_CHECK", "UDP_CHECK", "HTTP_GET", "SSL_GET", "DNS_CHECK",
    "FILE_CHECK", "BFD_CHECK",
)  # fmt: skip


class RealServer(Block):
    """A server that connections are passed on to."""

    endpoint: Endpoint = header("Its address, and its port where that is another one.", EndpointKind(), required=True)
    retry: int | None = keyword(
        "How often a failed check is tried again before it counts.",
        Unsigned(1, strict=True),
        since="1.3.7",
        scope="checker",
        default_note="the virtual server's",
    )
    delay_before_retry: float | None = keyword(
        "Pause before a failed check is tried again.",
        Seconds(),
        since="1.3.7",
        unit="seconds",
        scope="checker",
        default_note="the virtual server's",
    )
    warmup: float | None = keyword(
        "Checks start after a random time up to this one; 0 starts them at once.",
        Seconds(),
        since="1.3.7",
        unit="seconds",
        scope="checker",
        default_note="the virtual server's",
    )
    connect_timeout: float | None = keyword(
        "How long the answer to a check may take.",
        Seconds("0.000001", "4294.967295"),
        since="2.0.13",
        unit="seconds",
        scope="checker",
        default_note="the virtual server's",
    )
    delay_loop: float | None = keyword(
        "Time from one check to the next.",
        Seconds("0.000001"),
        since="1.3.7",
        unit="seconds",
        scope="checker",
        default_note="the virtual server's",
    )
    weight: int | None = keyword(
        "Its share of the connections, relative to the other servers; 0 for none.",
        Unsigned(0, 2147483647),
        since="0.5.3",
        scope="checker",
        default_note="the virtual server's, else 1",
    )
    lvs_method: ForwardingMethod | None = keyword(
        "How packets reach this server.",
        ForwardingMethodKind(),
        since="1.3.6",
        scope="checker",
        default_note="the virtual server's",
    )
    uthreshold: int | None = keyword(
        "With so many connections it gets no more; 0 for no limit.",
        Unsigned(),
        default=0,
        since="1.1.13",
        scope="checker",
    )
    lthreshold: int | None = keyword(
        "Below so many connections a full server gets new ones again; 0 for three quarters of uthreshold.",
        Unsigned(),
        default=0,
        since="1.1.13",
        scope="checker",
    )
    inhibit_on_failure: bool | None = keyword(
        "A failed check sets the weight to 0 and keeps the server, so that its connections live on.",
        Bool(),
        since="0.6.8",
        scope="checker",
        default_note="the virtual server's",
    )
    notify_up: ScriptCommand | None = keyword(
        "Run when the server comes up.", Script(with_user=True), since="1.0.0", repeat="first", scope="checker"
    )
    notify_down: ScriptCommand | None = keyword(
        "Run when the server goes down.", Script(with_user=True), since="1.0.0", repeat="first", scope="checker"
    )
    alpha: bool | None = keyword(
        "Take the server for dead until its checks have passed once.",
        Bool(),
        since="1.3.7",
        scope="checker",
        default_note="the virtual server's",
    )
    smtp_alert: bool | None = keyword(
        "Send a mail when the server goes down or comes up.",
        Bool(),
        since="2.0.0",
        scope="checker",
        default_note="smtp_alert_checker, else smtp_alert, else true",
    )
    virtualhost: str | None = keyword(
        "The Host header of HTTP checks.",
        Word(),
        since="1.3.6",
        repeat="replaced",
        until={"2.3.0": {"repeat": "last"}},
        missing="reported",
        scope="checker",
        default_note="the virtual server's",
    )
    snmp_name: str | None = keyword(
        "What SNMP calls the server.",
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
    MISC_CHECK: "tuple[MiscCheck, ...]" = keyword(
        "A program decides.",
        Body("havipcfg.keepalived.checkers:MiscCheck"),
        default=(),
        since="0.5.3",
        repeat="adds",
        scope="checker",
    )
    SMTP_CHECK: "tuple[SmtpCheck, ...]" = keyword(
        "A mail server greets.",
        Body("havipcfg.keepalived.checkers:SmtpCheck"),
        default=(),
        since="1.1.8",
        repeat="adds",
        scope="checker",
    )
    TCP_CHECK: "tuple[TcpCheck, ...]" = keyword(
        "A connection is accepted.",
        Body("havipcfg.keepalived.checkers:TcpCheck"),
        default=(),
        since="0.5.3",
        repeat="adds",
        scope="checker",
    )
    PING_CHECK: "tuple[PingCheck, ...]" = keyword(
        "An echo request is answered.",
        Body("havipcfg.keepalived.checkers:PingCheck"),
        default=(),
        since="2.1.0",
        repeat="adds",
        scope="checker",
    )
    UDP_CHECK: "tuple[UdpCheck, ...]" = keyword(
        "A datagram is answered, or not refused.",
        Body("havipcfg.keepalived.checkers:UdpCheck"),
        default=(),
        since="2.1.0",
        repeat="adds",
        scope="checker",
    )
    HTTP_GET: "tuple[HttpGet, ...]" = keyword(
        "Pages are served.",
        Body("havipcfg.keepalived.checkers_http:HttpGet"),
        default=(),
        since="0.5.3",
        repeat="adds",
        scope="checker",
    )
    SSL_GET: "tuple[SslGet, ...]" = keyword(
        "Pages are served over TLS.",
        Body("havipcfg.keepalived.checkers_http:SslGet"),
        default=(),
        since="0.5.3",
        repeat="adds",
        scope="checker",
    )
    DNS_CHECK: "tuple[DnsCheck, ...]" = keyword(
        "A name server answers.",
        Body("havipcfg.keepalived.checkers:DnsCheck"),
        default=(),
        since="1.3.0",
        repeat="adds",
        scope="checker",
    )
    FILE_CHECK: "tuple[FileCheck, ...]" = keyword(
        "The number in a file decides.",
        Body("havipcfg.keepalived.checkers:FileCheck"),
        default=(),
        since="2.1.0",
        repeat="adds",
        scope="checker",
    )
    BFD_CHECK: "tuple[BfdCheck, ...]" = keyword(
        "A BFD session is up.",
        Body("havipcfg.keepalived.checkers:BfdCheck"),
        default=(),
        since="2.0.0",
        repeat="adds",
        scope="checker",
        builds=("BFD",),
    )

    @property
    def checks(self) -> "Iterator[Block]":
        """All its health checks, by kind."""
        for name in CHECKS:
            yield from getattr(self, name)

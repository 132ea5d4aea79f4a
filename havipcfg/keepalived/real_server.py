"""real_server"""

from typing import Any

from havipcfg.keepalived.declare import Block, Body, keyword
from havipcfg.keepalived.entries import ScriptCommand
from havipcfg.keepalived.scripts import Script
from havipcfg.keepalived.values import Bool, Seconds, Unsigned, Word, Words


class RealServer(Block):
    """Real server of the virtual service."""

    # HEADER real_server <ip> [<port 1-65535>]
    retry: int | None = keyword(
        "Check retries before a server is considered failed.",
        Unsigned(1, 4294967295),
        since="1.3.7",
        scope="checker",
        default_note="virtual_server value",
    )
    delay_before_retry: float | None = keyword(
        "Delay between retries.",
        Seconds("0", "18446744073709.551614", 6),
        since="1.3.7",
        unit="seconds",
        scope="checker",
        default_note="virtual_server value",
    )
    warmup: float | None = keyword(
        "Maximum random delay before the first check; 0 disables.",
        Seconds("0", "18446744073709.551614", 6),
        since="1.3.7",
        unit="seconds",
        scope="checker",
        default_note="virtual_server value",
    )
    connect_timeout: float | None = keyword(
        "Connection timeout of checkers.",
        Seconds("0.000001", "4294.967295", 6),
        since="2.0.13",
        unit="seconds",
        scope="checker",
        default_note="virtual_server value",
    )
    delay_loop: float | None = keyword(
        "Interval between checks.",
        Seconds("0.000001", "18446744073709.551614", 6),
        since="1.3.7",
        unit="seconds",
        scope="checker",
        default_note="virtual_server value",
    )
    weight: int | None = keyword(
        "Relative weight.",
        Unsigned(0, 2147483647),
        since="0.5.3",
        scope="checker",
        default_note="virtual_server weight (1)",
    )
    lvs_method: Any = keyword(
        "Forwarding method of this real server.",
        Words("(NAT | DR | TUN [type (ipip | gue port <1..65535> | gre)] [nocsum | csum | remcsum])"),
        since="1.3.6",
        scope="checker",
        default_note="virtual_server value",
    )
    uthreshold: int | None = keyword(
        "Maximum number of connections.", Unsigned(0, 4294967295), default=0, since="1.1.13", scope="checker"
    )
    lthreshold: int | None = keyword(
        "Connection count below which the server is used again.",
        Unsigned(0, 4294967295),
        default=0,
        since="1.1.13",
        scope="checker",
    )
    inhibit_on_failure: bool | None = keyword(
        "Set weight 0 instead of removing the server.",
        Bool(),
        since="0.6.8",
        scope="checker",
        default_note="virtual_server value",
    )
    notify_up: ScriptCommand | None = keyword(
        "Script run when the server comes up.", Script(with_user=True), since="1.0.0", repeat="first", scope="checker"
    )
    notify_down: ScriptCommand | None = keyword(
        "Script run when the server goes down.", Script(with_user=True), since="1.0.0", repeat="first", scope="checker"
    )
    alpha: bool | None = keyword(
        "Assume down until the first successful check.",
        Bool(),
        since="1.3.7",
        scope="checker",
        default_note="virtual_server value",
    )
    smtp_alert: bool | None = keyword(
        "Mail on state change.",
        Bool(),
        since="2.0.0",
        scope="checker",
        default_note="smtp_alert_checker, else smtp_alert, else true",
    )
    virtualhost: str | None = keyword(
        "Default Host header for HTTP_GET/SSL_GET.",
        Word(),
        since="1.3.6",
        repeat="replaced",
        missing="reported",
        scope="checker",
        default_note="virtual_server value",
        note=' OBS:{"given_twice": {"243": "error:Duplicate rs virtualhost - overwriting www.example.com with www.example.com", "227": "ok"}}',
    )
    snmp_name: str | None = keyword(
        "Free text shown in SNMP.",
        Word(),
        since="2.2.3",
        repeat="replaced",
        missing="reported",
        surplus=True,
        scope="checker",
        builds=("SNMP_CHECKER",),
        note=' OBS:{"given_twice": {"243": "error:Duplicate rs snmp_name - overwriting rsname with rsname", "227": "ok"}}',
    )
    MISC_CHECK: tuple[Any, ...] = keyword(
        "Check by external script.",
        Body("havipcfg.keepalived.checkers:MiscCheck"),
        default=(),
        since="0.5.3",
        repeat="adds",
        scope="checker",
    )
    SMTP_CHECK: tuple[Any, ...] = keyword(
        "SMTP dialogue check.",
        Body("havipcfg.keepalived.checkers:SmtpCheck"),
        default=(),
        since="1.1.8",
        repeat="adds",
        scope="checker",
    )
    TCP_CHECK: tuple[Any, ...] = keyword(
        "TCP connect check.",
        Body("havipcfg.keepalived.checkers:TcpCheck"),
        default=(),
        since="0.5.3",
        repeat="adds",
        scope="checker",
    )
    PING_CHECK: tuple[Any, ...] = keyword(
        "ICMP echo check.",
        Body("havipcfg.keepalived.checkers:PingCheck"),
        default=(),
        since="2.1.0",
        repeat="adds",
        scope="checker",
    )
    UDP_CHECK: tuple[Any, ...] = keyword(
        "UDP datagram check.",
        Body("havipcfg.keepalived.checkers:UdpCheck"),
        default=(),
        since="2.1.0",
        repeat="adds",
        scope="checker",
    )
    HTTP_GET: tuple[Any, ...] = keyword(
        "HTTP check.",
        Body("havipcfg.keepalived.checkers:HttpGet"),
        default=(),
        since="0.5.3",
        repeat="adds",
        scope="checker",
    )
    SSL_GET: tuple[Any, ...] = keyword(
        "HTTPS check.",
        Body("havipcfg.keepalived.checkers:SslGet"),
        default=(),
        since="0.5.3",
        repeat="adds",
        scope="checker",
    )
    DNS_CHECK: tuple[Any, ...] = keyword(
        "DNS query check.",
        Body("havipcfg.keepalived.checkers:DnsCheck"),
        default=(),
        since="1.3.0",
        repeat="adds",
        scope="checker",
    )
    FILE_CHECK: tuple[Any, ...] = keyword(
        "Use a track_file as health check.",
        Body("havipcfg.keepalived.checkers:FileCheck"),
        default=(),
        since="2.1.0",
        repeat="adds",
        scope="checker",
    )
    BFD_CHECK: tuple[Any, ...] = keyword(
        "Use a bfd_instance as health check.",
        Body("havipcfg.keepalived.checkers:BfdCheck"),
        default=(),
        since="2.0.0",
        repeat="adds",
        scope="checker",
        builds=("BFD",),
    )

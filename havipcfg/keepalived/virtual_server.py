"""virtual_server"""

from typing import TYPE_CHECKING, Any

from havipcfg.keepalived.declare import Block, Body, keyword
from havipcfg.keepalived.entries import ScriptCommand
from havipcfg.keepalived.scripts import Script
from havipcfg.keepalived.values import Bool, Choice, Flag, Seconds, Unsigned, Word, Words

if TYPE_CHECKING:
    from havipcfg.keepalived.real_server import RealServer


class VirtualServer(Block):
    """IPVS virtual service."""

    # HEADER virtual_server (<ip> [<port>] | fwmark <0..4294967295> | group <virtual_server_group>)
    ip_family: str | None = keyword(
        "Address family of a fwmark service whose real servers are all tunnelled.",
        Choice("inet", "inet6"),
        since="1.2.20",
        scope="checker",
        default_note="derived from addresses, else inet",
        note="NOTE:conflict with already known family: error, ignored",
    )
    retry: int | None = keyword(
        "Check retries before a server is considered failed.",
        Unsigned(1, 4294967295),
        since="1.3.7",
        scope="checker",
        default_note="1 (3 DNS_CHECK, 0 MISC_CHECK)",
    )
    delay_before_retry: float | None = keyword(
        "Delay between retries.",
        Seconds("0", "18446744073709.551614", 6),
        since="1.3.7",
        unit="seconds",
        scope="checker",
        default_note="1 s (3 s HTTP/SSL_GET, delay_loop DNS_CHECK)",
    )
    warmup: float | None = keyword(
        "Maximum random delay before the first check; 0 disables.",
        Seconds("0", "18446744073709.551614", 6),
        since="1.3.7",
        unit="seconds",
        scope="checker",
        default_note="delay_loop",
    )
    connect_timeout: float | None = keyword(
        "Connection timeout of checkers.",
        Seconds("0.000001", "4294.967295", 6),
        default=5,
        since="2.0.13",
        unit="seconds",
        scope="checker",
    )
    delay_loop: float | None = keyword(
        "Interval between checks.",
        Seconds("0.000001", "18446744073709.551614", 6),
        default=60,
        since="0.5.3",
        unit="seconds",
        scope="checker",
    )
    inhibit_on_failure: bool = keyword(
        "Set weight 0 instead of removing a failed real server.", Flag(), default=False, since="1.3.7", scope="checker"
    )
    lvs_sched: str | None = keyword(
        "IPVS scheduler.",
        Choice("rr", "wrr", "lc", "wlc", "lblc", "sh", "mh", "dh", "fo", "ovf", "lblcr", "sed", "nq", "twos"),
        since="1.1.5",
        scope="checker",
        default_note="wlc (with an error message when none is set)",
    )
    lb_algo: str | None = keyword(
        "Synonym of lvs_sched.",
        Choice("rr", "wrr", "lc", "wlc", "lblc", "sh", "mh", "dh", "fo", "ovf", "lblcr", "sed", "nq", "twos"),
        since="0.5.3",
        scope="checker",
        alias_of="lvs_sched",
    )
    hashed: bool = keyword(
        "Accepted for compatibility but without any effect (2.4.3: with a scheduler other than sh/mh it only produces an error).",
        Flag(),
        default=False,
        since="1.3.0",
        scope="checker",
        deprecated="no replacement",
        deprecation_reported=True,
    )
    ops: bool = keyword(
        "One packet scheduling (UDP or fwmark only).", Flag(), default=False, since="1.2.8", scope="checker"
    )
    flag_1: bool = keyword(
        "Scheduler flag-1.",
        name="flag-1",
        kind=Flag(),
        default=False,
        since="1.3.0",
        scope="checker",
        builds=("kernel headers >= 3.11",),
    )
    flag_2: bool = keyword(
        "Scheduler flag-2.",
        name="flag-2",
        kind=Flag(),
        default=False,
        since="1.3.0",
        scope="checker",
        builds=("kernel headers >= 3.11",),
    )
    flag_3: bool = keyword(
        "Scheduler flag-3.",
        name="flag-3",
        kind=Flag(),
        default=False,
        since="1.3.0",
        scope="checker",
        builds=("kernel headers >= 3.11",),
    )
    sh_port: bool = keyword(
        "sh-port flag of the sh scheduler; lvs_sched must come before it.",
        name="sh-port",
        kind=Flag(),
        default=False,
        since="1.3.0",
        scope="checker",
        builds=("kernel headers >= 3.11",),
        note="NOTE:scheduler not sh/mh yet: error, ignored; scheduler mh: silently ignored",
    )
    sh_fallback: bool = keyword(
        "sh-fallback flag of the sh scheduler; lvs_sched must come before it.",
        name="sh-fallback",
        kind=Flag(),
        default=False,
        since="1.3.0",
        scope="checker",
        builds=("kernel headers >= 3.11",),
        note="NOTE:scheduler not sh/mh yet: error, ignored; scheduler mh: silently ignored",
    )
    mh_port: bool = keyword(
        "mh-port flag of the mh scheduler; lvs_sched must come before it.",
        name="mh-port",
        kind=Flag(),
        default=False,
        since="2.0.20",
        scope="checker",
        builds=("kernel headers >= 3.11",),
        note="NOTE:scheduler not sh/mh yet: error (text mentions sh), ignored; scheduler sh: silently ignored",
    )
    mh_fallback: bool = keyword(
        "mh-fallback flag of the mh scheduler; lvs_sched must come before it.",
        name="mh-fallback",
        kind=Flag(),
        default=False,
        since="2.0.20",
        scope="checker",
        builds=("kernel headers >= 3.11",),
        note="NOTE:scheduler not sh/mh yet: error (text mentions sh), ignored; scheduler sh: silently ignored",
    )
    lvs_method: Any = keyword(
        "Default forwarding method of the real servers.",
        Words("(NAT | DR | TUN [type (ipip | gue port <1..65535> | gre)] [nocsum | csum | remcsum])"),
        since="1.1.5",
        scope="checker",
        default_note="NAT (with an error message when none is set)",
    )
    lb_kind: Any = keyword(
        "Synonym of lvs_method.",
        Words("(NAT | DR | TUN [type (ipip | gue port <1..65535> | gre)] [nocsum | csum | remcsum])"),
        since="0.5.3",
        scope="checker",
        alias_of="lvs_method",
        default_note="NAT (with an error message when none is set)",
    )
    persistence_engine: str | None = keyword(
        "IPVS persistence engine (kernel knows sip); names over 16 characters are cut with an error.",
        Word(longest=16),
        since="1.2.20",
        scope="checker",
    )
    persistence_timeout: int | None = keyword(
        "Persistence; without argument 360.",
        Unsigned(1, 2678400),
        since="0.5.3",
        note=" MISS:360",
        unit="seconds",
        scope="checker",
        default_note="0 (not persistent)",
    )
    persistence_granularity: Any = keyword(
        "Netmask (IPv4 dotted quad) or prefix length (IPv6, 1-128) of persistence; turns on persistence 360 when none set.",
        Words("WORD …"),
        since="0.5.7",
        scope="checker",
        default_note="255.255.255.255 / 128",
    )
    protocol: str | None = keyword(
        "Layer 4 protocol.",
        Choice("TCP", "UDP", "SCTP", any_case=True),
        since="0.5.3",
        scope="checker",
        default_note="UDP (with an error message when none is set)",
    )
    ha_suspend: bool = keyword(
        "Suspend checkers while the VIP is not present locally (not with fwmarks).",
        Flag(),
        default=False,
        since="1.0.0",
        scope="checker",
    )
    smtp_alert: bool | None = keyword(
        "Mail on quorum changes.",
        Bool(),
        since="2.0.0",
        scope="checker",
        default_note="smtp_alert_checker, else smtp_alert, else false",
    )
    virtualhost: str | None = keyword(
        "Default Host header for HTTP_GET/SSL_GET.",
        Word(),
        since="0.5.8",
        repeat="replaced",
        missing="reported",
        scope="checker",
        note=' OBS:{"given_twice": {"243": "error:Duplicate vs virtualhost - overwriting www.example.com with www.example.com", "227": "ok"}}',
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
        note=' OBS:{"given_twice": {"243": "error:Duplicate vs snmp_name - overwriting vsname with vsname", "227": "ok"}}',
    )
    alpha: bool = keyword(
        "Assume all real servers down until their first successful check.",
        Flag(),
        default=False,
        since="1.1.16",
        scope="checker",
    )
    omega: bool = keyword(
        "Run quorum/RS down notifies on shutdown.", Flag(), default=False, since="1.1.16", scope="checker"
    )
    quorum_up: ScriptCommand | None = keyword(
        "Script run when quorum is gained.", Script(with_user=True), since="1.1.16", repeat="first", scope="checker"
    )
    quorum_down: ScriptCommand | None = keyword(
        "Script run when quorum is lost.", Script(with_user=True), since="1.1.16", repeat="first", scope="checker"
    )
    quorum: int | None = keyword(
        "Weight sum needed for the service to be up.",
        Unsigned(1, 4294967295),
        default=1,
        since="1.1.16",
        beyond=1,
        scope="checker",
        note="NOTE:greater than total weight of real servers: error, reduced",
    )
    hysteresis: int | None = keyword(
        "Weight tolerance around quorum.",
        Unsigned(0, 4294967295),
        default=0,
        since="1.1.16",
        scope="checker",
        note="NOTE:must stay below quorum, otherwise set to quorum-1 with an error",
    )
    weight: int | None = keyword(
        "Default weight of real servers.", Unsigned(1, 2147483647), default=1, since="1.3.7", scope="checker"
    )
    sorry_server: Any = keyword(
        "Server used when quorum is lost.", Words("<ip> [<port 1-65535>]"), since="0.5.3", scope="checker"
    )
    sorry_server_inhibit: bool = keyword(
        "inhibit_on_failure behaviour for the sorry server; sorry_server must come first.",
        Flag(),
        default=False,
        since="1.2.13",
        scope="checker",
        note="NOTE:before/without sorry_server: error, ignored",
    )
    sorry_server_lvs_method: Any = keyword(
        "Forwarding method of the sorry server; sorry_server must come first.",
        Words("(NAT | DR | TUN [type (ipip | gue port <1..65535> | gre)] [nocsum | csum | remcsum])"),
        since="1.3.6",
        scope="checker",
        default_note="virtual_server lvs_method",
        note="NOTE:without sorry_server: error, ignored",
    )
    real_server: "tuple[RealServer, ...]" = keyword(
        "Real server of the virtual service.",
        Body("havipcfg.keepalived.real_server:RealServer"),
        default=(),
        since="0.5.3",
        repeat="adds",
        note=" BAD:error; block skipped",
        scope="checker",
    )

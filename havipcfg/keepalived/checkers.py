"""checkers"""

from typing import Any

from havipcfg.keepalived.declare import Block, Body, keyword
from havipcfg.keepalived.entries import ScriptCommand
from havipcfg.keepalived.scripts import Script
from havipcfg.keepalived.values import Address, Bool, Choice, Flag, Integer, Interface, Seconds, Unsigned, Word, Words


class HttpGet(Block):
    """HTTP check."""

    connect_ip: str | None = keyword(
        "Address to connect to.", Address(), since="1.2.13", scope="checker", default_note="real server address"
    )
    connect_port: int | None = keyword(
        "Port to connect to.", Unsigned(1, 65535), since="0.5.8", scope="checker", default_note="real server port"
    )
    bindto: str | None = keyword(
        "Local source address.", Address(), since="1.1.2", scope="checker", default_note="kernel choice"
    )
    bind_port: int | None = keyword(
        "Local source port.", Unsigned(1, 65535), since="1.2.13", scope="checker", default_note="kernel choice"
    )
    bind_if: str | None = keyword(
        "Interface to send from (needed for IPv6 link-local destinations); up to 15 characters, existence not checked.",
        Interface(),
        since="1.3.7",
        scope="checker",
    )
    connect_timeout: float | None = keyword(
        "Connection timeout.",
        Seconds("0.000001", "4294.967295", 6),
        since="0.5.3",
        unit="seconds",
        scope="checker",
        default_note="real server value",
    )
    fwmark: int | None = keyword(
        "Mark of outgoing check packets.",
        Unsigned(0, 4294967295),
        default=0,
        since="1.2.13",
        scope="checker",
        builds=("SO_MARK",),
    )
    retry: int | None = keyword(
        "Retries before the check counts as failed.",
        Unsigned(0, 4294967295),
        since="1.3.7",
        scope="checker",
        default_note="real server value",
    )
    delay_before_retry: float | None = keyword(
        "Delay between retries.",
        Seconds("0", "18446744073709.551614", 6),
        since="0.5.3",
        unit="seconds",
        scope="checker",
        default_note="real server value",
    )
    warmup: float | None = keyword(
        "Maximum random delay of the first check.",
        Seconds("0", "18446744073709.551614", 6),
        since="1.2.13",
        unit="seconds",
        scope="checker",
        default_note="real server value, else delay_loop",
    )
    delay_loop: float | None = keyword(
        "Interval between checks.",
        Seconds("0.000001", "18446744073709.551614", 6),
        since="1.3.7",
        unit="seconds",
        scope="checker",
        default_note="real server value",
    )
    alpha: bool | None = keyword(
        "Assume failed until first success.", Bool(), since="1.3.7", scope="checker", default_note="real server value"
    )
    log_all_failures: bool | None = keyword(
        "Log each failure while the server is up.", Bool(), default=False, since="2.0.11", scope="checker"
    )
    nb_get_retry: int | None = keyword(
        "Old name of retry.",
        Unsigned(0, 4294967295),
        since="0.5.3",
        scope="checker",
        alias_of="retry",
        deprecated="retry",
        deprecation_reported=True,
    )
    virtualhost: str | None = keyword(
        "Host header.",
        Word(),
        since="1.3.6",
        repeat="replaced",
        missing="reported",
        scope="checker",
        default_note="real server, else virtual server value",
        note=' OBS:{"given_twice": {"243": "error:Duplicate virtualhost - overwriting www.example.com with www.example.com", "227": "ok"}}',
    )
    http_protocol: str | None = keyword(
        "Protocol version in the request.",
        Choice("1.0", "1.1", "1.0C", "1.0c"),
        default="1.0",
        since="2.0.17",
        missing="reported",
        scope="checker",
    )
    enable_sni: bool | None = keyword(
        "Send SNI in the TLS handshake.",
        Bool(),
        default=False,
        since="1.4.3",
        scope="checker",
        builds=("OpenSSL with SNI",),
    )
    fast_recovery: bool | None = keyword(
        "Check all URLs without delay at start and after recovery.",
        Bool(),
        default=False,
        since="2.0.17",
        scope="checker",
    )
    url: tuple[Any, ...] = keyword(
        "URL to fetch; at least one required, several allowed.",
        Body("havipcfg.keepalived.checkers:HttpUrl"),
        default=(),
        since="0.5.3",
        repeat="adds",
        required=True,
        scope="checker",
    )


class SslGet(Block):
    """HTTPS check."""

    connect_ip: str | None = keyword(
        "Address to connect to.", Address(), since="1.2.13", scope="checker", default_note="real server address"
    )
    connect_port: int | None = keyword(
        "Port to connect to.", Unsigned(1, 65535), since="0.5.8", scope="checker", default_note="real server port"
    )
    bindto: str | None = keyword(
        "Local source address.", Address(), since="1.1.2", scope="checker", default_note="kernel choice"
    )
    bind_port: int | None = keyword(
        "Local source port.", Unsigned(1, 65535), since="1.2.13", scope="checker", default_note="kernel choice"
    )
    bind_if: str | None = keyword(
        "Interface to send from (needed for IPv6 link-local destinations); up to 15 characters, existence not checked.",
        Interface(),
        since="1.3.7",
        scope="checker",
    )
    connect_timeout: float | None = keyword(
        "Connection timeout.",
        Seconds("0.000001", "4294.967295", 6),
        since="0.5.3",
        unit="seconds",
        scope="checker",
        default_note="real server value",
    )
    fwmark: int | None = keyword(
        "Mark of outgoing check packets.",
        Unsigned(0, 4294967295),
        default=0,
        since="1.2.13",
        scope="checker",
        builds=("SO_MARK",),
    )
    retry: int | None = keyword(
        "Retries before the check counts as failed.",
        Unsigned(0, 4294967295),
        since="1.3.7",
        scope="checker",
        default_note="real server value",
    )
    delay_before_retry: float | None = keyword(
        "Delay between retries.",
        Seconds("0", "18446744073709.551614", 6),
        since="0.5.3",
        unit="seconds",
        scope="checker",
        default_note="real server value",
    )
    warmup: float | None = keyword(
        "Maximum random delay of the first check.",
        Seconds("0", "18446744073709.551614", 6),
        since="1.2.13",
        unit="seconds",
        scope="checker",
        default_note="real server value, else delay_loop",
    )
    delay_loop: float | None = keyword(
        "Interval between checks.",
        Seconds("0.000001", "18446744073709.551614", 6),
        since="1.3.7",
        unit="seconds",
        scope="checker",
        default_note="real server value",
    )
    alpha: bool | None = keyword(
        "Assume failed until first success.", Bool(), since="1.3.7", scope="checker", default_note="real server value"
    )
    log_all_failures: bool | None = keyword(
        "Log each failure while the server is up.", Bool(), default=False, since="2.0.11", scope="checker"
    )
    nb_get_retry: int | None = keyword(
        "Old name of retry.",
        Unsigned(0, 4294967295),
        since="0.5.3",
        scope="checker",
        alias_of="retry",
        deprecated="retry",
        deprecation_reported=True,
    )
    virtualhost: str | None = keyword(
        "Host header.",
        Word(),
        since="1.3.6",
        repeat="replaced",
        missing="reported",
        scope="checker",
        default_note="real server, else virtual server value",
        note=' OBS:{"given_twice": {"243": "error:Duplicate virtualhost - overwriting www.example.com with www.example.com", "227": "ok"}}',
    )
    http_protocol: str | None = keyword(
        "Protocol version in the request.",
        Choice("1.0", "1.1", "1.0C", "1.0c"),
        default="1.0",
        since="2.0.17",
        missing="reported",
        scope="checker",
    )
    enable_sni: bool | None = keyword(
        "Send SNI in the TLS handshake.",
        Bool(),
        default=False,
        since="1.4.3",
        scope="checker",
        builds=("OpenSSL with SNI",),
    )
    fast_recovery: bool | None = keyword(
        "Check all URLs without delay at start and after recovery.",
        Bool(),
        default=False,
        since="2.0.17",
        scope="checker",
    )
    url: tuple[Any, ...] = keyword(
        "URL to fetch; at least one required, several allowed.",
        Body("havipcfg.keepalived.checkers:SslUrl"),
        default=(),
        since="0.5.3",
        repeat="adds",
        required=True,
        scope="checker",
    )
    tls_compliant: bool | None = keyword(
        "Send close_notify when closing TLS.", Bool(), default=False, since="2.2.8", scope="checker"
    )


class UdpCheck(Block):
    """UDP datagram check."""

    connect_ip: str | None = keyword(
        "Address to connect to.", Address(), since="2.1.0", scope="checker", default_note="real server address"
    )
    connect_port: int | None = keyword(
        "Port to connect to.", Unsigned(1, 65535), since="2.1.0", scope="checker", default_note="real server port"
    )
    bindto: str | None = keyword(
        "Local source address.", Address(), since="2.1.0", scope="checker", default_note="kernel choice"
    )
    bind_port: int | None = keyword(
        "Local source port.", Unsigned(1, 65535), since="2.1.0", scope="checker", default_note="kernel choice"
    )
    bind_if: str | None = keyword(
        "Interface to send from (needed for IPv6 link-local destinations); up to 15 characters, existence not checked.",
        Interface(),
        since="2.1.0",
        scope="checker",
    )
    connect_timeout: float | None = keyword(
        "Connection timeout.",
        Seconds("0.000001", "4294.967295", 6),
        since="2.1.0",
        unit="seconds",
        scope="checker",
        default_note="real server value",
    )
    fwmark: int | None = keyword(
        "Mark of outgoing check packets.",
        Unsigned(0, 4294967295),
        default=0,
        since="2.1.0",
        scope="checker",
        builds=("SO_MARK",),
    )
    retry: int | None = keyword(
        "Retries before the check counts as failed.",
        Unsigned(0, 4294967295),
        since="2.1.0",
        scope="checker",
        default_note="real server value",
    )
    delay_before_retry: float | None = keyword(
        "Delay between retries.",
        Seconds("0", "18446744073709.551614", 6),
        since="2.1.0",
        unit="seconds",
        scope="checker",
        default_note="real server value",
    )
    warmup: float | None = keyword(
        "Maximum random delay of the first check.",
        Seconds("0", "18446744073709.551614", 6),
        since="2.1.0",
        unit="seconds",
        scope="checker",
        default_note="real server value, else delay_loop",
    )
    delay_loop: float | None = keyword(
        "Interval between checks.",
        Seconds("0.000001", "18446744073709.551614", 6),
        since="2.1.0",
        unit="seconds",
        scope="checker",
        default_note="real server value",
    )
    alpha: bool | None = keyword(
        "Assume failed until first success.", Bool(), since="2.1.0", scope="checker", default_note="real server value"
    )
    log_all_failures: bool | None = keyword(
        "Log each failure while the server is up.", Bool(), default=False, since="2.1.0", scope="checker"
    )
    payload: Any = keyword(
        "Data to send as hex digits.",
        Words("WORD …"),
        since="2.2.0",
        missing="reported",
        note="BAD:error NOTE:2.2.7 refuses any byte ff (takes it for its error marker)",
        scope="checker",
        default_note="empty",
    )
    require_reply: Any = keyword(
        "Require an answer, optionally matching this hex pattern (x = wildcard nibble).",
        Words("WORD …"),
        since="2.1.0",
        note=" BAD:error MISS:any reply",
        scope="checker",
    )
    min_reply_length: int | None = keyword(
        "Shortest acceptable reply.", Unsigned(0, 65535), default=0, since="2.2.0", scope="checker"
    )
    max_reply_length: int | None = keyword(
        "Longest acceptable reply.", Unsigned(0, 65535), default=255, since="2.2.0", scope="checker"
    )


class SmtpCheck(Block):
    """SMTP dialogue check."""

    connect_ip: str | None = keyword(
        "Address to connect to.", Address(), since="1.2.17", scope="checker", default_note="real server address"
    )
    connect_port: int | None = keyword(
        "Port to connect to.", Unsigned(1, 65535), since="1.2.17", scope="checker", default_note="real server port"
    )
    bindto: str | None = keyword(
        "Local source address.", Address(), since="1.2.17", scope="checker", default_note="kernel choice"
    )
    bind_port: int | None = keyword(
        "Local source port.", Unsigned(1, 65535), since="1.2.17", scope="checker", default_note="kernel choice"
    )
    bind_if: str | None = keyword(
        "Interface to send from (needed for IPv6 link-local destinations); up to 15 characters, existence not checked.",
        Interface(),
        since="1.3.7",
        scope="checker",
    )
    connect_timeout: float | None = keyword(
        "Connection timeout.",
        Seconds("0.000001", "4294.967295", 6),
        since="1.1.8",
        unit="seconds",
        scope="checker",
        default_note="real server value",
    )
    fwmark: int | None = keyword(
        "Mark of outgoing check packets.",
        Unsigned(0, 4294967295),
        default=0,
        since="1.2.17",
        scope="checker",
        builds=("SO_MARK",),
    )
    retry: int | None = keyword(
        "Retries before the check counts as failed.",
        Unsigned(0, 4294967295),
        since="1.1.8",
        scope="checker",
        default_note="real server value",
    )
    delay_before_retry: float | None = keyword(
        "Delay between retries.",
        Seconds("0", "18446744073709.551614", 6),
        since="1.1.8",
        unit="seconds",
        scope="checker",
        default_note="real server value",
    )
    warmup: float | None = keyword(
        "Maximum random delay of the first check.",
        Seconds("0", "18446744073709.551614", 6),
        since="1.2.13",
        unit="seconds",
        scope="checker",
        default_note="real server value, else delay_loop",
    )
    delay_loop: float | None = keyword(
        "Interval between checks.",
        Seconds("0.000001", "18446744073709.551614", 6),
        since="1.3.7",
        unit="seconds",
        scope="checker",
        default_note="real server value",
    )
    alpha: bool | None = keyword(
        "Assume failed until first success.", Bool(), since="1.3.7", scope="checker", default_note="real server value"
    )
    log_all_failures: bool | None = keyword(
        "Log each failure while the server is up.", Bool(), default=False, since="2.0.11", scope="checker"
    )
    helo_name: str | None = keyword(
        "Name sent in HELO.",
        Word(),
        default="smtpchecker.keepalived.org",
        since="1.1.8",
        repeat="replaced",
        missing="reported",
        scope="checker",
        note=' OBS:{"given_twice": {"243": "error:SMTP_CHECK helo name already specified", "227": "ok"}}',
    )
    host: tuple[Any, ...] = keyword(
        "Extra host to check; define another SMTP_CHECK instead.",
        Body("havipcfg.keepalived.checkers:SmtpHost"),
        default=(),
        since="1.1.8",
        repeat="adds",
        scope="checker",
        builds=("SMTP host entries (on by default in check_smtp)",),
        deprecated="additional SMTP_CHECK blocks",
    )


class DnsCheck(Block):
    """DNS query check."""

    connect_ip: str | None = keyword(
        "Address to connect to.", Address(), since="1.3.0", scope="checker", default_note="real server address"
    )
    connect_port: int | None = keyword(
        "Port to connect to.", Unsigned(1, 65535), since="1.3.0", scope="checker", default_note="real server port"
    )
    bindto: str | None = keyword(
        "Local source address.", Address(), since="1.3.0", scope="checker", default_note="kernel choice"
    )
    bind_port: int | None = keyword(
        "Local source port.", Unsigned(1, 65535), since="1.3.0", scope="checker", default_note="kernel choice"
    )
    bind_if: str | None = keyword(
        "Interface to send from (needed for IPv6 link-local destinations); up to 15 characters, existence not checked.",
        Interface(),
        since="1.3.7",
        scope="checker",
    )
    connect_timeout: float | None = keyword(
        "Connection timeout.",
        Seconds("0.000001", "4294.967295", 6),
        since="1.3.0",
        unit="seconds",
        scope="checker",
        default_note="real server value",
    )
    fwmark: int | None = keyword(
        "Mark of outgoing check packets.",
        Unsigned(0, 4294967295),
        default=0,
        since="1.3.0",
        scope="checker",
        builds=("SO_MARK",),
    )
    retry: int | None = keyword(
        "Retries before the check counts as failed.",
        Unsigned(0, 4294967295),
        since="1.3.0",
        scope="checker",
        default_note="real server value",
    )
    delay_before_retry: float | None = keyword(
        "Delay between retries.",
        Seconds("0", "18446744073709.551614", 6),
        since="1.3.7",
        unit="seconds",
        scope="checker",
        default_note="real server value",
    )
    warmup: float | None = keyword(
        "Maximum random delay of the first check.",
        Seconds("0", "18446744073709.551614", 6),
        since="1.3.7",
        unit="seconds",
        scope="checker",
        default_note="real server value, else delay_loop",
    )
    delay_loop: float | None = keyword(
        "Interval between checks.",
        Seconds("0.000001", "18446744073709.551614", 6),
        since="1.3.7",
        unit="seconds",
        scope="checker",
        default_note="real server value",
    )
    alpha: bool | None = keyword(
        "Assume failed until first success.", Bool(), since="1.3.7", scope="checker", default_note="real server value"
    )
    log_all_failures: bool | None = keyword(
        "Log each failure while the server is up.", Bool(), default=False, since="2.0.11", scope="checker"
    )
    type: str | None = keyword(
        "Query type.",
        Choice("A", "NS", "CNAME", "SOA", "MX", "TXT", "AAAA", "RRSIG", "DNSKEY", any_case=True),
        default="SOA",
        since="1.3.0",
        scope="checker",
    )
    name: str | None = keyword(
        "Name to query; no empty labels.",
        Word(),
        since="1.3.0",
        repeat="first",
        scope="checker",
        default_note="root (.)",
    )


class TcpCheck(Block):
    """TCP connect check."""

    connect_ip: str | None = keyword(
        "Address to connect to.", Address(), since="1.2.13", scope="checker", default_note="real server address"
    )
    connect_port: int | None = keyword(
        "Port to connect to.", Unsigned(1, 65535), since="0.5.8", scope="checker", default_note="real server port"
    )
    bindto: str | None = keyword(
        "Local source address.", Address(), since="1.1.2", scope="checker", default_note="kernel choice"
    )
    bind_port: int | None = keyword(
        "Local source port.", Unsigned(1, 65535), since="1.2.13", scope="checker", default_note="kernel choice"
    )
    bind_if: str | None = keyword(
        "Interface to send from (needed for IPv6 link-local destinations); up to 15 characters, existence not checked.",
        Interface(),
        since="1.3.7",
        scope="checker",
    )
    connect_timeout: float | None = keyword(
        "Connection timeout.",
        Seconds("0.000001", "4294.967295", 6),
        since="0.5.3",
        unit="seconds",
        scope="checker",
        default_note="real server value",
    )
    fwmark: int | None = keyword(
        "Mark of outgoing check packets.",
        Unsigned(0, 4294967295),
        default=0,
        since="1.2.13",
        scope="checker",
        builds=("SO_MARK",),
    )
    retry: int | None = keyword(
        "Retries before the check counts as failed.",
        Unsigned(0, 4294967295),
        since="1.2.20",
        scope="checker",
        default_note="real server value",
    )
    delay_before_retry: float | None = keyword(
        "Delay between retries.",
        Seconds("0", "18446744073709.551614", 6),
        since="1.2.20",
        unit="seconds",
        scope="checker",
        default_note="real server value",
    )
    warmup: float | None = keyword(
        "Maximum random delay of the first check.",
        Seconds("0", "18446744073709.551614", 6),
        since="1.2.13",
        unit="seconds",
        scope="checker",
        default_note="real server value, else delay_loop",
    )
    delay_loop: float | None = keyword(
        "Interval between checks.",
        Seconds("0.000001", "18446744073709.551614", 6),
        since="1.3.7",
        unit="seconds",
        scope="checker",
        default_note="real server value",
    )
    alpha: bool | None = keyword(
        "Assume failed until first success.", Bool(), since="1.3.7", scope="checker", default_note="real server value"
    )
    log_all_failures: bool | None = keyword(
        "Log each failure while the server is up.", Bool(), default=False, since="2.0.11", scope="checker"
    )


class PingCheck(Block):
    """ICMP echo check."""

    connect_ip: str | None = keyword(
        "Address to connect to.", Address(), since="2.1.0", scope="checker", default_note="real server address"
    )
    connect_port: int | None = keyword(
        "Port to connect to.", Unsigned(1, 65535), since="2.1.0", scope="checker", default_note="real server port"
    )
    bindto: str | None = keyword(
        "Local source address.", Address(), since="2.1.0", scope="checker", default_note="kernel choice"
    )
    bind_port: int | None = keyword(
        "Local source port.", Unsigned(1, 65535), since="2.1.0", scope="checker", default_note="kernel choice"
    )
    bind_if: str | None = keyword(
        "Interface to send from (needed for IPv6 link-local destinations); up to 15 characters, existence not checked.",
        Interface(),
        since="2.1.0",
        scope="checker",
    )
    connect_timeout: float | None = keyword(
        "Connection timeout.",
        Seconds("0.000001", "4294.967295", 6),
        since="2.1.0",
        unit="seconds",
        scope="checker",
        default_note="real server value",
    )
    fwmark: int | None = keyword(
        "Mark of outgoing check packets.",
        Unsigned(0, 4294967295),
        default=0,
        since="2.1.0",
        scope="checker",
        builds=("SO_MARK",),
    )
    retry: int | None = keyword(
        "Retries before the check counts as failed.",
        Unsigned(0, 4294967295),
        since="2.1.0",
        scope="checker",
        default_note="real server value",
    )
    delay_before_retry: float | None = keyword(
        "Delay between retries.",
        Seconds("0", "18446744073709.551614", 6),
        since="2.1.0",
        unit="seconds",
        scope="checker",
        default_note="real server value",
    )
    warmup: float | None = keyword(
        "Maximum random delay of the first check.",
        Seconds("0", "18446744073709.551614", 6),
        since="2.1.0",
        unit="seconds",
        scope="checker",
        default_note="real server value, else delay_loop",
    )
    delay_loop: float | None = keyword(
        "Interval between checks.",
        Seconds("0.000001", "18446744073709.551614", 6),
        since="2.1.0",
        unit="seconds",
        scope="checker",
        default_note="real server value",
    )
    alpha: bool | None = keyword(
        "Assume failed until first success.", Bool(), since="2.1.0", scope="checker", default_note="real server value"
    )
    log_all_failures: bool | None = keyword(
        "Log each failure while the server is up.", Bool(), default=False, since="2.1.0", scope="checker"
    )


class MiscCheck(Block):
    """Check by external script."""

    retry: int | None = keyword(
        "Retries before the check counts as failed.",
        Unsigned(0, 4294967295),
        since="1.3.7",
        scope="checker",
        default_note="real server value",
    )
    delay_before_retry: float | None = keyword(
        "Delay between retries.",
        Seconds("0", "18446744073709.551614", 6),
        since="1.3.7",
        unit="seconds",
        scope="checker",
        default_note="real server value",
    )
    warmup: float | None = keyword(
        "Maximum random delay of the first check.",
        Seconds("0", "18446744073709.551614", 6),
        since="1.2.13",
        unit="seconds",
        scope="checker",
        default_note="real server value, else delay_loop",
    )
    delay_loop: float | None = keyword(
        "Interval between checks.",
        Seconds("0.000001", "18446744073709.551614", 6),
        since="1.3.7",
        unit="seconds",
        scope="checker",
        default_note="real server value",
    )
    alpha: bool | None = keyword(
        "Assume failed until first success.", Bool(), since="1.3.7", scope="checker", default_note="real server value"
    )
    log_all_failures: bool | None = keyword(
        "Log each failure while the server is up.", Bool(), default=False, since="2.0.11", scope="checker"
    )
    misc_path: ScriptCommand | None = keyword(
        "Command to run; exit 0 = up.",
        Script(),
        since="0.5.3",
        missing="silent",
        note=" MISS:ignored; checker then has no script: error, checker removed",
        required=True,
        scope="checker",
    )
    misc_timeout: int | None = keyword(
        "Script timeout; 0 or unset = delay_loop.",
        Unsigned(0, 4294),
        since="1.1.0",
        unit="seconds",
        scope="checker",
        default_note="virtual_server delay_loop",
    )
    misc_dynamic: bool = keyword(
        "Use exit codes 2-255 as weight (code minus 2).", Flag(), default=False, since="1.1.8", scope="checker"
    )
    user: Any = keyword(
        "User and group running the script.",
        Words("<user> [<group>]"),
        since="1.3.0",
        missing="reported",
        note=" BAD:error; checker removed",
        scope="checker",
        default_note="script_user",
    )


class FileCheck(Block):
    """Use a track_file as health check."""

    track_file: str | None = keyword(
        "Name of a track_file block defined earlier.",
        Word(),
        since="2.1.0",
        note=" BAD:error; checker ignored",
        required=True,
        scope="checker",
    )
    weight: int | None = keyword(
        "Multiplier of the file value.",
        Integer(-2147483647, 2147483647),
        since="2.1.0",
        missing="reported",
        scope="checker",
        default_note="track_file weight",
    )


class BfdCheck(Block):
    """Use a bfd_instance as health check."""

    name: str | None = keyword(
        "Name of a bfd_instance defined earlier.",
        Word(),
        since="2.0.0",
        repeat="first",
        missing="reported",
        surplus=True,
        note=" BAD:error; checker removed MISS:error; checker removed",
        required=True,
        scope="checker",
        builds=("BFD",),
    )
    alpha: bool | None = keyword(
        "Assume failed until first success.",
        Bool(),
        since="2.0.0",
        scope="checker",
        builds=("BFD",),
        default_note="real server value",
    )


class SmtpHost(Block):
    """Extra host to check; define another SMTP_CHECK instead."""

    connect_ip: str | None = keyword(
        "Address to connect to.",
        Address(),
        since="1.1.8",
        scope="checker",
        builds=("SMTP host entries (on by default in check_smtp)",),
        default_note="real server address",
    )
    connect_port: int | None = keyword(
        "Port to connect to.",
        Unsigned(1, 65535),
        since="1.1.8",
        scope="checker",
        builds=("SMTP host entries (on by default in check_smtp)",),
        default_note="real server port",
    )
    bindto: str | None = keyword(
        "Local source address.",
        Address(),
        since="1.1.8",
        scope="checker",
        builds=("SMTP host entries (on by default in check_smtp)",),
        default_note="kernel choice",
    )
    bind_port: int | None = keyword(
        "Local source port.",
        Unsigned(1, 65535),
        since="1.2.13",
        scope="checker",
        builds=("SMTP host entries (on by default in check_smtp)",),
        default_note="kernel choice",
    )
    bind_if: str | None = keyword(
        "Interface to send from (needed for IPv6 link-local destinations); up to 15 characters, existence not checked.",
        Interface(),
        since="1.3.7",
        scope="checker",
        builds=("SMTP host entries (on by default in check_smtp)",),
    )
    connect_timeout: float | None = keyword(
        "Connection timeout.",
        Seconds("0.000001", "4294.967295", 6),
        since="1.2.13",
        unit="seconds",
        scope="checker",
        builds=("SMTP host entries (on by default in check_smtp)",),
        default_note="real server value",
    )
    fwmark: int | None = keyword(
        "Mark of outgoing check packets.",
        Unsigned(0, 4294967295),
        default=0,
        since="1.2.13",
        scope="checker",
        builds=("SMTP host entries (on by default in check_smtp)", "SO_MARK"),
    )
    retry: int | None = keyword(
        "Retries before the check counts as failed.",
        Unsigned(0, 4294967295),
        since="1.3.7",
        scope="checker",
        builds=("SMTP host entries (on by default in check_smtp)",),
        default_note="real server value",
    )
    delay_before_retry: float | None = keyword(
        "Delay between retries.",
        Seconds("0", "18446744073709.551614", 6),
        since="1.3.7",
        unit="seconds",
        scope="checker",
        builds=("SMTP host entries (on by default in check_smtp)",),
        default_note="real server value",
    )
    warmup: float | None = keyword(
        "Maximum random delay of the first check.",
        Seconds("0", "18446744073709.551614", 6),
        since="1.3.7",
        unit="seconds",
        scope="checker",
        builds=("SMTP host entries (on by default in check_smtp)",),
        default_note="real server value, else delay_loop",
    )
    delay_loop: float | None = keyword(
        "Interval between checks.",
        Seconds("0.000001", "18446744073709.551614", 6),
        since="1.3.7",
        unit="seconds",
        scope="checker",
        builds=("SMTP host entries (on by default in check_smtp)",),
        default_note="real server value",
    )
    alpha: bool | None = keyword(
        "Assume failed until first success.",
        Bool(),
        since="1.3.7",
        scope="checker",
        builds=("SMTP host entries (on by default in check_smtp)",),
        default_note="real server value",
    )
    log_all_failures: bool | None = keyword(
        "Log each failure while the server is up.",
        Bool(),
        default=False,
        since="2.0.11",
        scope="checker",
        builds=("SMTP host entries (on by default in check_smtp)",),
    )


class HttpUrl(Block):
    """URL to fetch; at least one required, several allowed."""

    path: str | None = keyword(
        "Path to request.",
        Word(),
        since="0.5.3",
        repeat="replaced",
        required=True,
        scope="checker",
        note=' OBS:{"given_twice": {"243": "error:Duplicate path - overwriting /x with /x", "227": "ok"}}',
    )
    digest: str | None = keyword(
        "MD5 of the body (32 hex digits).", Word(), since="0.5.3", repeat="first", scope="checker"
    )
    status_code: tuple[Any, ...] = keyword(
        "Accepted HTTP status codes.",
        Words("(<100..599> | <100..599>-<100..599>)..."),
        default=(),
        since="0.7.6",
        repeat="adds",
        missing="silent",
        note="OOR:error; that item ignored",
        scope="checker",
        default_note="200-299",
    )
    virtualhost: str | None = keyword(
        "Host header of this URL.",
        Word(),
        since="1.3.6",
        repeat="replaced",
        missing="reported",
        scope="checker",
        default_note="checker value",
        note=' OBS:{"given_twice": {"243": "error:Duplicate url virtualhost - overwriting www.example.com with www.example.com", "227": "ok"}}',
    )
    regex: Any = keyword(
        "PCRE2 expression the body must match.",
        Words("WORD …"),
        since="2.0.7",
        repeat="replaced",
        missing="reported",
        surplus=True,
        scope="checker",
        builds=("REGEX",),
        note=' OBS:{"no_argument": {"243": "error:regex missing or too many fields", "227": "ok"}, "extra_word": {"243": "error:regex missing or too many fields", "227": "ok"}, "given_twice": {"243": "error:Duplicate re',
    )
    regex_no_match: bool = keyword(
        "Succeed when the regex does not match.",
        Flag(),
        default=False,
        since="2.0.7",
        scope="checker",
        builds=("REGEX",),
    )
    regex_options: tuple[Any, ...] = keyword(
        "PCRE2 options; unknown words are silently ignored.",
        Words("WORD …"),
        default=(),
        since="2.0.7",
        repeat="adds",
        note=" BAD:silently ignored MISS:no effect",
        scope="checker",
        builds=("REGEX",),
        default_note="none",
    )
    regex_min_offset: int | None = keyword(
        "First body offset to search.",
        Unsigned(0, 18446744073709551615),
        default=0,
        since="2.0.7",
        missing="silent",
        note="OOR:not checked (wraps) MISS:log-only; 0",
        scope="checker",
        builds=("REGEX",),
    )
    regex_max_offset: int | None = keyword(
        "Last body offset at which a match may start.",
        Unsigned(0, 18446744073709551614),
        since="2.0.7",
        missing="silent",
        note="OOR:not checked (wraps) MISS:log-only; 0",
        scope="checker",
        builds=("REGEX",),
        default_note="unlimited",
    )
    regex_stack: Any = keyword(
        "JIT stack start and maximum size.",
        Words("<start> <max>"),
        since="2.0.7",
        repeat="largest",
        missing="silent",
        note=" MISS:log-only; ignored",
        scope="checker",
        builds=("REGEX", "PCRE2 JIT"),
        default_note="PCRE2 default",
    )


class SslUrl(Block):
    """URL to fetch; at least one required, several allowed."""

    path: str | None = keyword(
        "Path to request.",
        Word(),
        since="0.5.3",
        repeat="replaced",
        required=True,
        scope="checker",
        note=' OBS:{"given_twice": {"243": "error:Duplicate path - overwriting /x with /x", "227": "ok"}}',
    )
    digest: str | None = keyword(
        "MD5 of the body (32 hex digits).", Word(), since="0.5.3", repeat="first", scope="checker"
    )
    status_code: tuple[Any, ...] = keyword(
        "Accepted HTTP status codes.",
        Words("(<100..599> | <100..599>-<100..599>)..."),
        default=(),
        since="0.7.6",
        repeat="adds",
        missing="silent",
        note="OOR:error; that item ignored",
        scope="checker",
        default_note="200-299",
    )
    virtualhost: str | None = keyword(
        "Host header of this URL.",
        Word(),
        since="1.3.6",
        repeat="replaced",
        missing="reported",
        scope="checker",
        default_note="checker value",
        note=' OBS:{"given_twice": {"243": "error:Duplicate url virtualhost - overwriting www.example.com with www.example.com", "227": "ok"}}',
    )
    regex: Any = keyword(
        "PCRE2 expression the body must match.",
        Words("WORD …"),
        since="2.0.7",
        repeat="replaced",
        missing="reported",
        surplus=True,
        scope="checker",
        builds=("REGEX",),
        note=' OBS:{"no_argument": {"243": "error:regex missing or too many fields", "227": "ok"}, "extra_word": {"243": "error:regex missing or too many fields", "227": "ok"}, "given_twice": {"243": "error:Duplicate re',
    )
    regex_no_match: bool = keyword(
        "Succeed when the regex does not match.",
        Flag(),
        default=False,
        since="2.0.7",
        scope="checker",
        builds=("REGEX",),
    )
    regex_options: tuple[Any, ...] = keyword(
        "PCRE2 options; unknown words are silently ignored.",
        Words("WORD …"),
        default=(),
        since="2.0.7",
        repeat="adds",
        note=" BAD:silently ignored MISS:no effect",
        scope="checker",
        builds=("REGEX",),
        default_note="none",
    )
    regex_min_offset: int | None = keyword(
        "First body offset to search.",
        Unsigned(0, 18446744073709551615),
        default=0,
        since="2.0.7",
        missing="silent",
        note="OOR:not checked (wraps) MISS:log-only; 0",
        scope="checker",
        builds=("REGEX",),
    )
    regex_max_offset: int | None = keyword(
        "Last body offset at which a match may start.",
        Unsigned(0, 18446744073709551614),
        since="2.0.7",
        missing="silent",
        note="OOR:not checked (wraps) MISS:log-only; 0",
        scope="checker",
        builds=("REGEX",),
        default_note="unlimited",
    )
    regex_stack: Any = keyword(
        "JIT stack start and maximum size.",
        Words("<start> <max>"),
        since="2.0.7",
        repeat="largest",
        missing="silent",
        note=" MISS:log-only; ignored",
        scope="checker",
        builds=("REGEX", "PCRE2 JIT"),
        default_note="PCRE2 default",
    )
    tls_compliant: bool | None = keyword(
        "Send close_notify when closing TLS for this URL.", Bool(), default=False, since="2.2.8", scope="checker"
    )

"""``MISC_CHECK``, ``TCP_CHECK`` and the other health checks of a real server, but for the HTTP ones."""

from havipcfg.keepalived.checkers_values import DomainName, FileWeight, FileWeightKind, HexData, HexKind
from havipcfg.keepalived.declare import Block, Body, keyword
from havipcfg.keepalived.entries import ScriptCommand
from havipcfg.keepalived.lvs_values import User, UserKind
from havipcfg.keepalived.scripts import Script
from havipcfg.keepalived.values import Address, Bool, Choice, Flag, Interface, Seconds, Unsigned, Word


class Check(Block):
    """What all checks have in common: when they run, and when they count as failed."""

    retry: int | None = keyword(
        "How often a failed check is tried again before it counts.",
        Unsigned(),
        since="0.5.3",
        scope="checker",
        default_note="the real server's",
    )
    delay_before_retry: float | None = keyword(
        "Pause before a failed check is tried again.",
        Seconds(),
        since="0.5.3",
        unit="seconds",
        scope="checker",
        default_note="the real server's",
    )
    warmup: float | None = keyword(
        "The first check starts after a random time up to this one, so that not all start at once.",
        Seconds(),
        since="1.2.13",
        unit="seconds",
        scope="checker",
        default_note="the real server's, else its delay_loop",
    )
    delay_loop: float | None = keyword(
        "Time from one check to the next.",
        Seconds("0.000001"),
        since="1.3.7",
        unit="seconds",
        scope="checker",
        default_note="the real server's",
    )
    alpha: bool | None = keyword(
        "Take the server for dead until this check has passed once.",
        Bool(),
        since="1.3.7",
        scope="checker",
        default_note="the real server's",
    )
    log_all_failures: bool | None = keyword(
        "Write every failure to the log, not only the one that takes the server out.",
        Bool(),
        default=False,
        since="2.0.11",
        scope="checker",
    )


class RemoteCheck(Check):
    """A check that talks to an address."""

    connect_ip: str | None = keyword(
        "The address to check, where it is not the one that gets the connections.",
        Address(),
        since="0.5.8",
        scope="checker",
        default_note="the real server's address",
    )
    connect_port: int | None = keyword(
        "The port to check.",
        Unsigned(1, 65535),
        since="0.5.8",
        scope="checker",
        default_note="the real server's port",
    )
    bindto: str | None = keyword(
        "The local address to check from; of the same family as the address checked.",
        Address(),
        since="1.1.2",
        scope="checker",
        default_note="the kernel's choice",
    )
    bind_port: int | None = keyword(
        "The local port to check from.",
        Unsigned(1, 65535),
        since="1.2.13",
        scope="checker",
        default_note="the kernel's choice",
    )
    bind_if: str | None = keyword(
        "The interface to check through; link-local addresses cannot do without. Nobody looks whether it exists.",
        Interface(),
        since="1.3.7",
        scope="checker",
    )
    connect_timeout: float | None = keyword(
        "How long an answer may take.",
        Seconds("0.000001", "4294.967295"),
        since="0.5.3",
        unit="seconds",
        scope="checker",
        default_note="the real server's",
    )
    fwmark: int | None = keyword(
        "Firewall mark put on the packets of the check.",
        Unsigned(),
        default=0,
        since="1.2.13",
        scope="checker",
        builds=("SO_MARK",),
    )


class TcpCheck(RemoteCheck):
    """Passes when a TCP connection is accepted."""


class PingCheck(RemoteCheck):
    """Passes when an ICMP echo request is answered."""


class UdpCheck(RemoteCheck):
    """Passes when a datagram is answered, or at least not refused."""

    payload: HexData | None = keyword(
        "What is sent, in hexadecimal digits.",
        HexKind(),
        since="2.2.0",
        missing="reported",
        scope="checker",
        default_note="an empty datagram",
    )
    require_reply: HexData | None = keyword(
        "An answer must come; if digits are given it must be this one, x standing for any digit.",
        HexKind(masked=True),
        since="2.1.0",
        scope="checker",
    )
    min_reply_length: int | None = keyword(
        "Shortest answer that passes.", Unsigned(0, 65535, strict=True), default=0, since="2.2.0", scope="checker"
    )
    max_reply_length: int | None = keyword(
        "Longest answer that passes.", Unsigned(0, 65535, strict=True), default=255, since="2.2.0", scope="checker"
    )


_SMTP_HOST = "SMTP host entries"


class SmtpHost(RemoteCheck):
    """One more address that the same SMTP check asks."""


class SmtpCheck(RemoteCheck):
    """Passes when a mail server greets and accepts HELO."""

    helo_name: str | None = keyword(
        "The name given in HELO.",
        Word(),
        default="smtpchecker.keepalived.org",
        since="1.1.8",
        repeat="replaced",
        until={"2.3.0": {"repeat": "last"}},
        missing="reported",
        scope="checker",
    )
    host: tuple[SmtpHost, ...] = keyword(
        "Another address to ask; one SMTP_CHECK for each says the same more clearly.",
        Body(SmtpHost),
        default=(),
        since="1.1.8",
        repeat="adds",
        scope="checker",
        builds=(_SMTP_HOST,),
        deprecated="another SMTP_CHECK block",
    )


class DnsCheck(RemoteCheck):
    """Passes when a name server answers a query."""

    type: str | None = keyword(
        "Which record is asked for.",
        Choice("A", "NS", "CNAME", "SOA", "MX", "TXT", "AAAA", "RRSIG", "DNSKEY", any_case=True),
        default="SOA",
        since="1.3.0",
        scope="checker",
    )
    name: str | None = keyword(
        "Which name is asked for; its first label must be longer than one letter.",
        DomainName(),
        since="1.3.0",
        repeat="first",
        scope="checker",
        default_note="the root, .",
    )


class MiscCheck(Check):
    """Passes when a program exits with 0."""

    misc_path: ScriptCommand | None = keyword(
        "The program and its arguments.", Script(), since="0.5.3", missing="silent", required=True, scope="checker"
    )
    misc_timeout: int | None = keyword(
        "How long the program may run; 0 for the time of one delay_loop.",
        Unsigned(0, 4294),
        since="1.1.0",
        unit="seconds",
        scope="checker",
        default_note="delay_loop",
    )
    misc_dynamic: bool = keyword(
        "Exit codes from 2 to 255 set the weight of the server, two less than the code.",
        Flag(),
        default=False,
        since="1.1.8",
        scope="checker",
    )
    user: User | None = keyword(
        "Who runs the program.",
        UserKind(),
        since="1.3.0",
        missing="reported",
        scope="checker",
        default_note="script_user",
    )


class FileCheck(Block):
    """Takes the number in a file as the state or the weight of the server."""

    track_file: str | None = keyword(
        "Name of a track_file block that stands earlier in the file.",
        Word(),
        since="2.1.0",
        required=True,
        scope="checker",
    )
    weight: FileWeight | None = keyword(
        "What the number is multiplied with.",
        FileWeightKind(),
        since="2.1.0",
        missing="reported",
        scope="checker",
        default_note="the track_file's",
    )


class BfdCheck(Block):
    """Passes while a BFD session is up."""

    name: str | None = keyword(
        "Name of a bfd_instance block that stands earlier in the file.",
        Word(),
        since="2.0.0",
        repeat="first",
        missing="reported",
        surplus=True,
        dropped=True,
        required=True,
        scope="checker",
        builds=("BFD",),
    )
    alpha: bool | None = keyword(
        "Take the server for dead until the session is up.",
        Bool(),
        since="2.0.0",
        scope="checker",
        builds=("BFD",),
        default_note="the real server's",
    )

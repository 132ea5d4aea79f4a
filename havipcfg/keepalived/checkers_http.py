"""``HTTP_GET`` and ``SSL_GET``: pages that a real server must serve."""

from havipcfg.keepalived.checkers import RemoteCheck
from havipcfg.keepalived.checkers_values import (
    Digest,
    Offset,
    Regex,
    RegexOptions,
    StackSize,
    StackSizeKind,
    StatusCodes,
    StatusCodesKind,
)
from havipcfg.keepalived.declare import Block, Body, keyword
from havipcfg.keepalived.values import Bool, Choice, Flag, Unsigned, Word


class HttpUrl(Block):
    """One page, and what its answer must look like."""

    path: str | None = keyword(
        "What is asked for: path and query.",
        Word(),
        since="0.5.3",
        repeat="replaced",
        until={"2.3.0": {"repeat": "last"}},
        required=True,
        scope="checker",
    )
    digest: str | None = keyword(
        "MD5 sum that the body must have; genhash prints it.", Digest(), since="0.5.3", repeat="first", scope="checker"
    )
    status_code: tuple[tuple[StatusCodes, ...], ...] = keyword(
        "Status codes that pass, those of each line together.",
        StatusCodesKind(),
        default=(),
        since="0.7.6",
        repeat="adds",
        missing="silent",
        scope="checker",
        default_note="200-299",
    )
    virtualhost: str | None = keyword(
        "The Host header of this request.",
        Word(),
        since="1.3.6",
        repeat="replaced",
        until={"2.3.0": {"repeat": "last"}},
        missing="reported",
        scope="checker",
        default_note="the check's",
    )
    regex: str | None = keyword(
        "A PCRE2 expression that the body must match.",
        Regex(),
        since="2.0.7",
        repeat="replaced",
        missing="reported",
        until={"2.3.2": {"repeat": "last", "missing": "silent"}},
        scope="checker",
        builds=("REGEX",),
    )
    regex_no_match: bool = keyword(
        "The body must not match the expression.",
        Flag(),
        default=False,
        since="2.0.7",
        scope="checker",
        builds=("REGEX",),
    )
    regex_options: tuple[tuple[str, ...], ...] = keyword(
        "Options of PCRE2 for the expression.",
        RegexOptions(),
        default=(),
        since="2.0.7",
        repeat="adds",
        missing="silent",
        scope="checker",
        builds=("REGEX",),
        default_note="none",
    )
    regex_min_offset: int | None = keyword(
        "Where in the body the search begins.",
        Offset(),
        default=0,
        since="2.0.7",
        missing="silent",
        absent=0,
        unit="bytes",
        scope="checker",
        builds=("REGEX",),
    )
    regex_max_offset: int | None = keyword(
        "The last place in the body where a match may begin.",
        Offset(),
        since="2.0.7",
        missing="silent",
        absent=0,
        unit="bytes",
        scope="checker",
        builds=("REGEX",),
        default_note="no limit",
    )
    regex_stack: StackSize | None = keyword(
        "Stack for matching, at start and at most; the largest of all expressions counts.",
        StackSizeKind(),
        since="2.0.7",
        repeat="largest",
        missing="silent",
        unit="bytes",
        scope="checker",
        builds=("REGEX", "PCRE2 JIT"),
        default_note="what PCRE2 takes",
    )


class SslUrl(HttpUrl):
    """One page asked for over TLS."""

    tls_compliant: bool | None = keyword(
        "Take leave properly (close_notify) when the connection for this page ends.",
        Bool(),
        default=False,
        since="2.2.8",
        scope="checker",
    )


class HttpGet(RemoteCheck):
    """Passes when every page is served as expected."""

    nb_get_retry: int | None = keyword(
        "What retry was called before 1.3.7.",
        Unsigned(),
        since="0.5.3",
        scope="checker",
        alias_of="retry",
        deprecated="retry",
        deprecation_reported=True,
    )
    virtualhost: str | None = keyword(
        "The Host header of the requests.",
        Word(),
        since="1.3.6",
        repeat="replaced",
        until={"2.3.0": {"repeat": "last"}},
        missing="reported",
        scope="checker",
        default_note="the real server's, else the virtual server's",
    )
    http_protocol: str | None = keyword(
        "The HTTP version asked with; 1.0C is 1.0 with Connection: close.",
        Choice("1.0", "1.1", "1.0C", "1.0c"),
        default="1.0",
        since="2.0.17",
        missing="reported",
        scope="checker",
    )
    enable_sni: bool | None = keyword(
        "Tell the server in the TLS handshake which host is meant.",
        Bool(),
        default=False,
        since="1.4.3",
        scope="checker",
        builds=("OpenSSL with SNI",),
    )
    fast_recovery: bool | None = keyword(
        "At start and after a failure, ask for all pages one after the other without waiting for delay_loop.",
        Bool(),
        default=False,
        since="2.0.17",
        scope="checker",
    )
    url: tuple[HttpUrl, ...] = keyword(
        "A page to ask for; at least one.",
        Body(HttpUrl),
        default=(),
        since="0.5.3",
        repeat="adds",
        required=True,
        scope="checker",
    )


class SslGet(HttpGet):
    """``HTTP_GET`` over TLS."""

    url: tuple[SslUrl, ...] = keyword(
        "A page to ask for; at least one.",
        Body(SslUrl),
        default=(),
        since="0.5.3",
        repeat="adds",
        required=True,
        scope="checker",
    )
    tls_compliant: bool | None = keyword(
        "Take leave properly (close_notify) when a connection ends.",
        Bool(),
        default=False,
        since="2.2.8",
        scope="checker",
    )

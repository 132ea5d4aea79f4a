"""Health checks that keepalived removes, or that cannot do what they say."""

from __future__ import annotations

from collections.abc import Iterator

from havipcfg.cluster.context import Context
from havipcfg.diagnostics import Label
from havipcfg.findings import ERROR, WARNING, Finding
from havipcfg.keepalived.checkers import Check, MiscCheck, RemoteCheck, SmtpCheck, UdpCheck
from havipcfg.keepalived.checkers_http import HttpGet, HttpUrl, SslGet, SslUrl
from havipcfg.keepalived.real_server import RealServer
from havipcfg.keepalived.values import family, plain_address
from havipcfg.keepalived.version import Version
from havipcfg.rules.registry import rule
from havipcfg.syntax.statement import Statement

_NO_CRASH = Version(2, 3, 0)
_OF_CONNECTIONS = RemoteCheck.keywords().keys() - Check.keywords().keys()


@rule("KC441", "check-without-interface", ERROR, of=RealServer, keepalived=True)
def check_without_interface(real: RealServer, context: Context) -> Iterator[Finding]:  # noqa: ARG001
    """A check of a link-local address that names no interface.

    ## What it does
    Reports a check whose address, its own `connect_ip` or the real server's, is link-local
    (`fe80::/10`) and that has no `bind_if`.

    ## Why it matters
    A link-local address means something only together with an interface. keepalived removes
    the check, and a server without checks counts as healthy for ever.

    ## Example
    ```keepalived
    virtual_server 2001:db8::10 80 {
        protocol TCP
        lvs_sched rr
        lvs_method DR
        real_server fe80::21 80 {
            TCP_CHECK {                     # expect: KC441
            }
        }
    }
    ```

    ## Use instead
    ```keepalived
    virtual_server 2001:db8::10 80 {
        protocol TCP
        lvs_sched rr
        lvs_method DR
        real_server fe80::21 80 {
            TCP_CHECK {
                bind_if eth0
            }
        }
    }
    ```

    ## References
    - keepalived.conf(5), "bind_if"
    """
    for check in _remote_checks(real):
        address, _ = _connection(check, real)
        if address.lower()[:3] in ("fe8", "fe9", "fea", "feb") and check.bind_if is None:
            yield Finding(
                check.at("connect_ip") if "connect_ip" in check.places else check.at(),
                f"{check.statement.keyword} of the link-local address {address} needs bind_if",
                why="keepalived removes the check; without checks the server counts as healthy",
                advice="add bind_if with the interface of that link",
            )


@rule("KC442", "check-from-another-family", ERROR, of=RealServer, keepalived=True)
def check_from_another_family(real: RealServer, context: Context) -> Iterator[Finding]:  # noqa: ARG001
    """A check from an address of one family to one of the other.

    ## What it does
    Reports `bindto` and `connect_ip` of different families, the later line of the two; without
    `connect_ip` above it, `bindto` is compared with the real server.

    ## Why it matters
    keepalived ignores the line: the check leaves from another address than meant, which a
    firewall may not let pass, or goes to another one.

    ## Example
    ```keepalived
    virtual_server 192.0.2.10 80 {
        protocol TCP
        lvs_sched rr
        lvs_method NAT
        real_server 192.0.2.21 80 {
            TCP_CHECK {
                bindto 2001:db8::1          # expect: KC442
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
                bindto 192.0.2.1
            }
        }
    }
    ```

    ## References
    - keepalived.conf(5), "bindto"
    """
    for check in _remote_checks(real):
        for line, other in _connection(check, real)[1]:
            yield Finding(
                line.word_span(1),
                f"{line.keyword} {line.words[1]} is not of the family of {other}",
                why="keepalived ignores the line",
                advice="use an address of the same family",
            )


def _remote_checks(real: RealServer) -> Iterator[RemoteCheck]:
    """Checks that connect; an SMTP check that leaves all about the connection to its hosts does not itself."""
    for check in real.checks:
        hosts = check.host if isinstance(check, SmtpCheck) else ()
        if isinstance(check, RemoteCheck) and (not hosts or not _OF_CONNECTIONS.isdisjoint(check.places)):
            yield check
        yield from hosts


def _connection(check: RemoteCheck, real: RealServer) -> tuple[str, list[tuple[Statement, str]]]:
    """The address a check connects to; and the lines ignored for their family, each with the address in its way."""
    address = real.endpoint.address
    target = "" if isinstance(check, SmtpCheck) else address
    source = ""
    ignored = []
    if "connect_ip" in check.places or "bindto" in check.places:
        for line in check.statement.body or ():
            if line.keyword not in ("connect_ip", "bindto") or len(line.words) < 2:
                continue
            given = plain_address(line.words[1])
            if family(given) is None:
                continue
            other = source if line.keyword == "connect_ip" else target
            if other and family(given) != family(other):
                ignored.append((line, other))
            elif line.keyword == "connect_ip":
                address = target = given
            else:
                source = given
    return address, ignored


@rule("KC443", "http-check-without-url", ERROR, of=(HttpGet, SslGet), keepalived=True)
def http_check_without_url(check: HttpGet, context: Context) -> Iterator[Finding]:
    """An HTTP check that has nothing to ask for.

    ## What it does
    Reports `HTTP_GET` and `SSL_GET` without a `url` block, and a `url` block without `path`.

    ## Why it matters
    keepalived removes a `url` without `path`, and the check when no `url` is left; the server
    then counts as healthy for ever. keepalived 2.2 crashes instead, while it reads the file.

    ## Example
    ```keepalived
    virtual_server 192.0.2.10 80 {
        protocol TCP
        lvs_sched rr
        lvs_method NAT
        real_server 192.0.2.21 80 {
            HTTP_GET {
                connect_timeout 3
            }                               # expect: KC443
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
            HTTP_GET {
                connect_timeout 3
                url {
                    path /health
                    status_code 200
                }
            }
        }
    }
    ```

    ## References
    - keepalived.conf(5), "HTTP_GET"
    """
    keyword = check.statement.keyword
    lost = "keepalived removes the check; without checks the server counts as healthy"
    if context.target < _NO_CRASH:
        lost = f"keepalived {context.target} crashes here while it reads the file"
    if not check.url:
        begins = (Label(check.at(), "the check begins here"),)
        closer = check.statement.closer_span
        yield Finding(closer, f"{keyword} has no url", why=lost, advice="add url { path / }", related=begins)
        return
    last = not any(url.path is not None for url in check.url)
    for url in check.url:
        if url.path is None and url.place("path") is None:
            yield Finding(
                url.statement.closer_span,
                f"url of {keyword} has no path",
                why=lost if last else "keepalived removes the url",
                advice="add path /",
                related=(Label(url.at(), "the url begins here"),),
            )


@rule("KC444", "script-check-without-script", ERROR, of=MiscCheck, keepalived=True)
def script_check_without_script(check: MiscCheck, context: Context) -> Iterator[Finding]:  # noqa: ARG001
    """A script check without a script.

    ## What it does
    Reports `MISC_CHECK` without `misc_path`, or with an empty one.

    ## Why it matters
    keepalived removes the check; a server without checks counts as healthy for ever.

    ## Example
    ```keepalived
    virtual_server 192.0.2.10 80 {
        protocol TCP
        lvs_sched rr
        lvs_method NAT
        real_server 192.0.2.21 80 {
            MISC_CHECK {
                misc_timeout 3
            }                               # expect: KC444
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
            MISC_CHECK {
                misc_path "/usr/libexec/check_web 192.0.2.21"
                misc_timeout 3
            }
        }
    }
    ```

    ## References
    - keepalived.conf(5), "MISC_CHECK"
    """
    place = check.place("misc_path")
    if place is None or len(place.words) < 2 or (check.misc_path is not None and not check.misc_path.program):
        yield Finding(
            check.statement.closer_span,
            "MISC_CHECK has no misc_path",
            why="keepalived removes the check; without checks the server counts as healthy",
            advice="add misc_path with the program to run",
            related=(Label(check.at("misc_path"), "this one is empty" if place else "the check begins here"),),
        )


@rule("KC445", "impossible-reply", ERROR, of=UdpCheck, given=("min_reply_length", "max_reply_length"), keepalived=True)
def impossible_reply(check: UdpCheck, context: Context) -> Iterator[Finding]:  # noqa: ARG001
    """A UDP check that no answer can pass.

    ## What it does
    Reports `UDP_CHECK` with a `min_reply_length` above `max_reply_length`, which is 255 where
    it is not given.

    ## Why it matters
    Every answer is too short or too long: the server is down from the start.

    ## Example
    ```keepalived
    virtual_server 192.0.2.10 53 {
        protocol UDP
        lvs_sched rr
        lvs_method NAT
        real_server 192.0.2.21 53 {
            UDP_CHECK {
                require_reply
                min_reply_length 300        # expect: KC445
            }
        }
    }
    ```

    ## Use instead
    ```keepalived
    virtual_server 192.0.2.10 53 {
        protocol UDP
        lvs_sched rr
        lvs_method NAT
        real_server 192.0.2.21 53 {
            UDP_CHECK {
                require_reply
                min_reply_length 300
                max_reply_length 1500
            }
        }
    }
    ```

    ## References
    - keepalived.conf(5), "UDP_CHECK"
    """
    shortest, longest = check.min_reply_length or 0, check.max_reply_length
    longest = 255 if longest is None else longest
    if shortest > longest:
        place = check.place("max_reply_length")
        yield Finding(
            check.at("min_reply_length"),
            f"min_reply_length {shortest} is more than max_reply_length, {longest}",
            why="no answer passes: the server is down from the start",
            advice=f"write max_reply_length {shortest} or more",
            related=(Label(place.span, "the longest answer"),) if place else (),
        )


@rule("KC446", "regex-setting-without-regex", WARNING, of=(HttpUrl, SslUrl))
def regex_setting_without_regex(url: HttpUrl, context: Context) -> Iterator[Finding]:  # noqa: ARG001
    """Settings of a regular expression where there is none.

    ## What it does
    Reports `regex_no_match`, `regex_options`, `regex_min_offset` and `regex_max_offset` in a
    `url` without `regex`.

    ## Why it matters
    The content of the page is not looked at, whatever these lines say.

    ## Example
    ```keepalived
    virtual_server 192.0.2.10 80 {
        protocol TCP
        lvs_sched rr
        lvs_method NAT
        real_server 192.0.2.21 80 {
            HTTP_GET {
                url {
                    path /health
                    regex_no_match          # expect: KC446
                }
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
            HTTP_GET {
                url {
                    path /health
                    regex "out of service"
                    regex_no_match
                }
            }
        }
    }
    ```

    ## References
    - keepalived.conf(5), "regex"
    """
    if url.place("regex") is not None:
        return
    for field in ("regex_no_match", "regex_options", "regex_min_offset", "regex_max_offset"):
        if url.place(field) is not None:
            yield Finding(
                url.at(field),
                f"{field} has no effect without regex",
                why="the content of the page is not looked at",
                advice="add regex, or remove the line",
            )
            return

"""What can be wrong with a value of the load balancer's own one-line languages. Each function is one rule."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from havipcfg.findings import ERROR, WARNING, Finding, diagnosis

if TYPE_CHECKING:
    from havipcfg.keepalived.reading import Line
    from havipcfg.source import Span


@diagnosis("KC401", "virtual-server-crash", ERROR, keepalived=True)
def virtual_server_crash(line: Line) -> Finding:
    """A `virtual_server` header on which keepalived crashes.

    ## What it does
    Reports `virtual_server fwmark` without a number and `virtual_server group` without a name.

    ## Why it matters
    keepalived dies of a segmentation fault at this line, in every version, while it reads the
    file. Nothing of the file comes into force, no address is announced, and no message says why.

    ## Example
    ```keepalived
    virtual_server fwmark {      # expect: KC401
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
    virtual_server fwmark 5 {
        lvs_sched rr
        lvs_method NAT
        real_server 192.0.2.21 80 {
            TCP_CHECK {
            }
        }
    }
    ```

    ## References
    - keepalived.conf(5), "Virtual server(s)"
    """
    word = line.word()
    wanted = "a number" if word == "fwmark" else "the name of a virtual_server_group"
    return Finding(
        line.statement.span,
        f"virtual_server {word} needs {wanted}",
        why="keepalived crashes at this line (segmentation fault), without a message",
        advice=f"write virtual_server {word} {'5' if word == 'fwmark' else 'NAME'}",
    )


@diagnosis("KC402", "refused-server", ERROR, keepalived=True)
def refused_server(line: Line, span: Span, reason: str) -> Finding:
    """A server line with an address, port or mark that keepalived cannot read.

    ## What it does
    Reports a `virtual_server`, `real_server` or `sorry_server` line whose address is no IP
    address, whose port is no number from 1 to 65535 or whose firewall mark is no number. Names
    of hosts and of services (`http`) are not looked up.

    ## Why it matters
    keepalived reports the line and skips the whole block: the virtual server is not set up, or
    the real server never gets a connection. Everything else in the file runs on.

    ## Example
    ```keepalived
    virtual_server 192.0.2.10 http {    # expect: KC402
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
    - keepalived.conf(5), "Virtual server(s)"
    """
    block = line.statement.keyword
    lost = "the line" if block == "sorry_server" else f"the whole {block} block"
    return Finding(
        span,
        f"{block} {reason}",
        why=f"keepalived skips {lost}",
        advice="write an IP address and a port number"
        if block != "virtual_server"
        else "write an IP address and a port number, fwmark NUMBER or group NAME",
    )


@diagnosis("KC403", "refused-group-entry", ERROR, keepalived=True)
def refused_group_entry(line: Line, span: Span, reason: str) -> Finding:
    """A line of a `virtual_server_group` that keepalived refuses.

    ## What it does
    Reports an entry that is no address, range, network or firewall mark: a range whose end is
    not beyond its start, a network with host bits, a port that is no number from 1 to 65535, a
    mark or family that does not exist.

    ## Why it matters
    keepalived reports the line and skips it: connections to these addresses are not balanced.
    A group that is left without any entry is removed, and with it the virtual server.

    ## Example
    ```keepalived
    virtual_server_group web {
        192.0.2.10 80
        192.0.2.20-18 80        # expect: KC403
    }
    ```

    ## Use instead
    ```keepalived
    virtual_server_group web {
        192.0.2.10 80
        192.0.2.18-20 80
    }
    ```

    ## References
    - keepalived.conf(5), "Virtual server group(s)"
    """
    return Finding(
        span,
        f"virtual_server_group entry {reason}",
        why="keepalived skips the line: these addresses are not balanced",
        advice="write ADDRESS, ADDRESS-LAST or NETWORK/PREFIX, then a port; or fwmark NUMBER" if line.words else "",
    )


@diagnosis("KC404", "tunnel-options", ERROR, keepalived=True)
def tunnel_options(line: Line, index: int, reason: str) -> Finding:
    """Options after the forwarding method that do not go together.

    ## What it does
    Reports a tunnel type that does not exist, a word that is no tunnel option, a `gue` tunnel
    without a port, a port for another type, and checksum options that the type does not have
    (`ipip` has none, `gre` no `remcsum`).

    ## Why it matters
    keepalived keeps the forwarding method and drops the tunnel options: the packets leave as
    plain IPIP, and a real server that expects another encapsulation drops them.

    ## Example
    ```keepalived
    virtual_server 192.0.2.10 80 {
        protocol TCP
        lvs_sched rr
        lvs_method TUN type gue         # expect: KC404
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
        lvs_method TUN type gue port 6080
        real_server 192.0.2.21 80 {
            TCP_CHECK {
            }
        }
    }
    ```

    ## References
    - keepalived.conf(5), "lvs_method"
    """
    return Finding(
        line.span(index),
        f"{line.name} {line.word()}: {reason}",
        why="keepalived drops the tunnel options and forwards with its defaults",
    )


@diagnosis("KC405", "refused-check-value", ERROR, keepalived=True)
def refused_check_value(line: Line, index: int, expected: str, consequence: str) -> Finding:
    """A value of a health check that keepalived cannot read.

    ## What it does
    Reports a `digest` that is not 32 hexadecimal digits, a `status_code` outside 100 to 599 or
    a range that runs backwards, a `payload` or `require_reply` that is not hexadecimal, a DNS
    `name` with an empty label, and a `regex` line that keepalived cannot take apart.

    ## Why it matters
    keepalived reports the line and checks without it, so a server that answers wrongly passes
    for a good one; or, where the value was the only one accepted, a good one for a bad.

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
                    status_code 200-2xx     # expect: KC405
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
                    status_code 200-299
                }
            }
        }
    }
    ```

    ## References
    - keepalived.conf(5), "HTTP_GET", "UDP_CHECK", "DNS_CHECK"
    """
    return Finding(
        line.span(index),
        f"{line.name} {line.word(index)!r} is not {expected}",
        why=f"keepalived reports it and {consequence}",
    )


@diagnosis("KC406", "persistence-granularity", ERROR, keepalived=True)
def persistence_granularity(span: Span, word: str, family: int | None) -> Finding:
    """A persistence granularity that does not fit the address family.

    ## What it does
    Reports a `persistence_granularity` that is neither an IPv4 netmask nor, for an IPv6
    service, a prefix length from 1 to 128.

    ## Why it matters
    keepalived ignores the line: clients are told apart one by one, not by network, and those
    behind a pool of addresses lose their session. A service without a port then also lacks the
    persistence it needs.

    ## Example
    ```keepalived
    virtual_server 192.0.2.10 80 {
        protocol TCP
        lvs_sched rr
        lvs_method NAT
        persistence_timeout 300
        persistence_granularity /24         # expect: KC406
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
        persistence_timeout 300
        persistence_granularity 255.255.255.0
        real_server 192.0.2.21 80 {
            TCP_CHECK {
            }
        }
    }
    ```

    ## References
    - keepalived.conf(5), "persistence_granularity"
    """
    wanted = {4: "an IPv4 netmask", 6: "a prefix length from 1 to 128"}.get(
        family or 0, "an IPv4 netmask or an IPv6 prefix length from 1 to 128"
    )
    return Finding(
        span,
        f"persistence_granularity {word!r} is not {wanted}",
        why="keepalived ignores the line",
        advice="write 255.255.255.0 for IPv4, 64 for IPv6",
    )


@diagnosis("KC407", "unknown-regex-option", WARNING)
def unknown_regex_option(line: Line, index: int, options: tuple[str, ...]) -> Finding:
    """A word in `regex_options` that is no PCRE2 option.

    ## What it does
    Reports a word that keepalived does not know as an option of the expression.

    ## Why it matters
    keepalived skips the word without a message; the expression then matches differently, for
    instance with regard to case, and the check fails or passes wrongly.

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
                    regex "status: ok"
                    regex_options case_less     # expect: KC407
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
                    regex "status: ok"
                    regex_options caseless
                }
            }
        }
    }
    ```

    ## References
    - keepalived.conf(5), "regex_options"
    """
    word = line.word(index)
    near = get_close_matches(word.lower(), options, 1, 0.6)
    return Finding(
        line.span(index),
        f"regex_options {word} is no option of a regular expression",
        why="keepalived skips the word, and nothing says so",
        advice=f"did you mean {near[0]}?" if near else "",
    )

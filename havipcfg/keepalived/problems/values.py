"""What can be wrong with the value of a keyword."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from havipcfg.diagnostics import Edit, Fix
from havipcfg.findings import ERROR, Finding, diagnosis
from havipcfg.keepalived.reading import UNSET

if TYPE_CHECKING:
    from havipcfg.keepalived.reading import Line


def consequence(line: Line, taken: Any = UNSET) -> str:
    """What keepalived does with the line: ``taken`` is the value it uses instead, if any."""
    taken = line.keyword.beyond if taken == UNSET else taken
    if taken != UNSET:
        return f"keepalived uses {taken} instead"
    note = line.keyword.default_note
    return "keepalived ignores the line" + (f"; in force is: {note}" if note else "")


@diagnosis("KC106", "not-a-choice", ERROR, keepalived=True, fix="unsafe")
def not_a_choice(line: Line, index: int, values: Sequence[str], taken: Any = UNSET) -> Finding:
    """A word that is none of those the keyword allows.

    ## What it does
    Reports a value outside the keyword's short list. Case matters: ``master`` is not
    ``MASTER``, and a boolean is one of ``on``, ``true``, ``yes``, ``off``, ``false``, ``no``.

    ## Why it matters
    keepalived ignores the line or takes its default, which may be the opposite.

    ## Example
    ```keepalived
    vrrp_instance web {
        state master            # expect: KC106
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    ```keepalived
    vrrp_instance web {
        state MASTER
        interface eth0
        virtual_router_id 61
        priority 150
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## References
    - keepalived.conf(5)
    """
    word = line.word(index)
    near = get_close_matches(word.lower(), [value.lower() for value in values], 1, 0.6)
    meant = next((value for value in values if near and value.lower() == near[0]), "")
    span = line.span(index)
    fix = Fix(f"replace {word} by {meant}", "unsafe", (Edit(span, meant),)) if meant and span.text == word else None
    return Finding(
        span,
        f"{line.name} {word} is not one of {', '.join(values)}",
        why=consequence(line, taken),
        advice=f"did you mean {meant}?" if meant else "",
        fix=fix,
    )


@diagnosis("KC107", "not-an-address", ERROR, keepalived=True)
def not_an_address(line: Line, index: int) -> Finding:
    """A word that should be an IP address and is none.

    ## What it does
    Reports a host name, a misspelt address, leading zeros, a scope such as ``%eth0``, two
    addresses with a comma between them.

    ## Why it matters
    keepalived drops the line: the address is not announced, the peer gets no advert.

    ## Example
    ```keepalived
    vrrp_instance web {
        state BACKUP
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.300         # expect: KC107
            192.0.2.10
        }
    }
    ```

    ## Use instead
    ```keepalived
    vrrp_instance web {
        state BACKUP
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.30
            192.0.2.10
        }
    }
    ```

    ## References
    - keepalived.conf(5), inet_pton(3)
    """
    return Finding(
        line.span(index),
        f"{line.name} {line.word(index)} is not an IP address",
        why=consequence(line),
        advice="write one address a line: four decimal octets without leading zeros, or IPv6 without %interface",
    )


@diagnosis("KC108", "value-too-long", ERROR, keepalived=True)
def too_long(line: Line, index: int, longest: int) -> Finding:
    """A word longer than keepalived keeps.

    ## What it does
    Reports a password of more than eight characters, or a process name of more than fifteen.

    ## Why it matters
    keepalived cuts the word. Two passwords that differ only behind the eighth character are the
    same password, and a node that never cut it does not match.

    ## Example
    ```keepalived
    vrrp_instance web {
        state BACKUP
        interface eth0
        virtual_router_id 61
        authentication {
            auth_type PASS
            auth_pass verylongsecret    # expect: KC108
        }
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    ```keepalived
    vrrp_instance web {
        state BACKUP
        interface eth0
        virtual_router_id 61
        authentication {
            auth_type PASS
            auth_pass k7Xw2pQ9
        }
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## References
    - keepalived.conf(5)
    """
    return Finding(
        line.span(index),
        f"the value of {line.name} is longer than {longest} characters",
        why=f"keepalived uses the first {longest} and reports it",
        advice=f"write at most {longest} characters, the same on every node",
    )


@diagnosis("KC122", "not-multicast", ERROR, keepalived=True)
def not_multicast(line: Line, index: int) -> Finding:
    """An address that should be a multicast group and is none.

    ## What it does
    Reports a unicast address where adverts are sent to a group: 224.0.0.0/4 or ff00::/8.

    ## Why it matters
    keepalived ignores the line and sends to the default group.

    ## Example
    ```keepalived
    global_defs {
        vrrp_mcast_group4 192.0.2.18    # expect: KC122
    }
    ```

    ## Use instead
    ```keepalived
    global_defs {
        vrrp_mcast_group4 224.0.0.18
    }
    ```

    ## References
    - RFC 5771, RFC 4291 section 2.7
    """
    return Finding(
        line.span(index),
        f"{line.name} {line.word(index)} is not a multicast address",
        why=consequence(line),
        advice="for peers that are named one by one use unicast_peer",
    )


@diagnosis("KC123", "not-link-local", ERROR, keepalived=True)
def not_link_local(line: Line, index: int) -> Finding:
    """An IPv6 multicast group that reaches beyond the link.

    ## What it does
    Reports an IPv6 group for adverts that does not begin with ``ff02:``.

    ## Why it matters
    Adverts belong on one link; routers may forward a wider group. keepalived reports it.

    ## Example
    ```keepalived
    global_defs {
        vrrp_mcast_group6 ff05::12      # expect: KC123
    }
    ```

    ## Use instead
    ```keepalived
    global_defs {
        vrrp_mcast_group6 ff02::12
    }
    ```

    ## References
    - RFC 5798 section 5.1.2.2
    """
    return Finding(
        line.span(index),
        f"{line.name} {line.word(index)} is not a link-local group",
        why="keepalived reports it; routers may forward the adverts",
        advice="use a group that begins with ff02:",
    )


@diagnosis("KC124", "wrong-family", ERROR, keepalived=True)
def wrong_family(line: Line, index: int, family: int) -> Finding:
    """An address of the other family.

    ## What it does
    Reports an IPv6 address where IPv4 is due, or the other way round, where the keyword or
    the rest of the line decides the family.

    ## Why it matters
    keepalived ignores the address, or the whole line.

    ## Example
    ```keepalived
    global_defs {
        vrrp_mcast_group4 ff02::12      # expect: KC124
    }
    ```

    ## Use instead
    ```keepalived
    global_defs {
        vrrp_mcast_group6 ff02::12
    }
    ```

    ## References
    - keepalived.conf(5)
    """
    return Finding(
        line.span(index),
        f"{line.name} {line.word(index)} is not an IPv{family} address",
        why=consequence(line),
        advice=f"use an IPv{family} address here",
    )


@diagnosis("KC125", "interface-name-too-long", ERROR, keepalived=True)
def interface_too_long(line: Line, index: int, reported: bool = True) -> Finding:
    """An interface name that the kernel could not have.

    ## What it does
    Reports an interface name of more than fifteen bytes, or an empty one.

    ## Why it matters
    No such interface can exist. keepalived ignores the line; an instance without interface
    stops keepalived.

    ## Example
    ```keepalived
    vrrp_instance web {
        state BACKUP
        interface enp0s31f6.production  # expect: KC125
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    ```keepalived
    vrrp_instance web {
        state BACKUP
        interface enp0s31f6.200
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## References
    - ip-link(8)
    """
    return Finding(
        line.span(index),
        f"{line.name} {line.word(index)} is longer than an interface name can be, 15 bytes"
        if line.word(index)
        else f"{line.name} has an empty name",
        why=consequence(line),
        advice="ip link shows the names this host has",
        keepalived=reported,
    )

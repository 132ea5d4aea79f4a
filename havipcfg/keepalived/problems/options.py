"""What can be wrong with the options of a line, by its words."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

from havipcfg.findings import ERROR, Finding, diagnosis

if TYPE_CHECKING:
    from havipcfg.keepalived.reading import Line


@diagnosis("KC126", "unknown-option", ERROR, keepalived=True)
def unknown_option(line: Line, index: int, known: Sequence[str], effect: str) -> Finding:
    """A word that is no option of its line.

    ## What it does
    Reports a word in an address, route, rule, tracker or peer line, or in a setting with
    options, that keepalived does not know there. Two entries on one line are the usual cause.

    ## Why it matters
    keepalived ignores the word or the whole line: a second address is never announced, a
    tracker never watched.

    ## Example
    ```keepalived
    vrrp_instance web {
        state BACKUP
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10 192.0.2.11       # expect: KC126
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
            192.0.2.10
            192.0.2.11
        }
    }
    ```

    ## References
    - keepalived.conf(5)
    """
    word = line.word(index)
    near = get_close_matches(word, known, 1, 0.7)
    return Finding(
        line.span(index),
        f"{word} is not an option of {line.name}",
        why=effect,
        advice=f"did you mean {near[0]}?" if near else "write one entry a line",
    )


@diagnosis("KC127", "option-without-value", ERROR, keepalived=True)
def option_without_value(line: Line, index: int, effect: str) -> Finding:
    """An option at the end of its line that needs a value.

    ## What it does
    Reports an option such as ``dev``, ``weight`` or ``label`` with nothing after it.

    ## Why it matters
    keepalived drops the entry; in a route or rule it exits at the line.

    ## Example
    ```keepalived
    vrrp_instance web {
        state BACKUP
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
            192.0.2.11/24 dev           # expect: KC127
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
            192.0.2.10
            192.0.2.11/24 dev eth0
        }
    }
    ```

    ## References
    - keepalived.conf(5)
    """
    return Finding(
        line.span(index), f"{line.word(index)} needs a value", why=effect, advice="add it, or remove the word"
    )


@diagnosis("KC128", "bad-option-value", ERROR, keepalived=True)
def bad_option_value(line: Line, index: int, option: str, expected: str, effect: str) -> Finding:
    """An option with a value it cannot take.

    ## What it does
    Reports the value of an option of an address, route, rule, tracker or peer that is outside
    its range or not of its kind.

    ## Why it matters
    keepalived ignores the option or drops the whole entry.

    ## Example
    ```keepalived
    vrrp_instance web {
        state BACKUP
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10/24 scope everywhere      # expect: KC128
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
            192.0.2.10/24 scope global
        }
    }
    ```

    ## References
    - keepalived.conf(5), ip-address(8), ip-route(8), ip-rule(8)
    """
    value = line.word(index)
    return Finding(
        line.span(index),
        f"{option} {value} is not {expected}",
        why=effect,
        advice=f"correct the value, or leave {option} out",
    )


@diagnosis("KC129", "conflicting-options", ERROR, keepalived=True)
def conflicting_options(line: Line, index: int, fact: str, effect: str, advice: str = "") -> Finding:
    """Options of one line that exclude each other, or are given twice.

    ## What it does
    Reports a second ``dev`` or ``peer``, a broadcast address with a peer, IPv4 options on an
    IPv6 address, two actions in a rule, two types of an interface.

    ## Why it matters
    keepalived drops one of them, or the whole entry.

    ## Example
    ```keepalived
    vrrp_instance web {
        state BACKUP
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
            192.0.2.11/24 dev eth0 dev eth1     # expect: KC129
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
            192.0.2.10
            192.0.2.11/24 dev eth0
        }
    }
    ```

    ## References
    - keepalived.conf(5)
    """
    return Finding(line.span(index), fact, why=effect, advice=advice)


@diagnosis("KC130", "bad-prefix", ERROR, keepalived=True)
def bad_prefix(line: Line, index: int, longest: int, effect: str) -> Finding:
    """A prefix length that is none.

    ## What it does
    Reports what follows the ``/`` of an address when it is not a number from 0 to 32, or to 128
    for IPv6. A netmask such as ``/255.255.255.0`` is not understood.

    ## Why it matters
    keepalived takes the full length, so that the address has no subnet, or drops the entry.

    ## Example
    ```keepalived
    vrrp_instance web {
        state BACKUP
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10/255.255.255.0    # expect: KC130
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
            192.0.2.10/24
        }
    }
    ```

    ## References
    - keepalived.conf(5)
    """
    return Finding(
        line.span(index),
        f"{line.word(index).partition('/')[2] or 'nothing'} is not a prefix length",
        why=effect,
        advice=f"write a number from 0 to {longest}",
    )


@diagnosis("KC136", "bad-mac-address", ERROR, keepalived=True)
def bad_mac(line: Line, index: int, fact: str) -> Finding:
    """A MAC address that an interface of keepalived cannot have.

    ## What it does
    Reports a MAC address for ``use_vmac`` that is malformed, a multicast address, or of the
    range that VRRP itself uses.

    ## Why it matters
    keepalived ignores it and uses the virtual MAC of the VRID.

    ## Example
    ```keepalived
    vrrp_instance web {
        state BACKUP
        interface eth0
        virtual_router_id 61
        use_vmac 01:00:5e:00:00:12      # expect: KC136
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
        use_vmac 02:00:5e:10:00:12
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## References
    - RFC 5798 section 7.3
    """
    return Finding(
        line.span(index),
        f"{line.word(index)} {fact}",
        why="keepalived ignores it and uses the virtual MAC of the VRID",
        advice="write six octets, the first one even",
    )


@diagnosis("KC137", "bad-key", ERROR, keepalived=True)
def bad_key(line: Line, index: int, fact: str) -> Finding:
    """A signing key that keepalived refuses.

    ## What it does
    Reports a key of ``auth_hmac`` that is shorter than 32 or longer than 64 bytes, or is not
    hexadecimal where it says so.

    ## Why it matters
    The key is dropped. Without its active key the extension is off, and adverts are not signed.

    ## Example
    ```keepalived
    vrrp_instance web {
        state BACKUP
        interface eth0
        virtual_router_id 61
        auth_hmac {
            key 1 tooshort              # expect: KC137
            key 2 hex:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
            active_key 2
        }
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    A key of 32 random bytes, as ``openssl rand -hex 32`` prints them, behind ``hex:``.

    ## References
    - keepalived.conf(5)
    """
    return Finding(
        line.span(index), fact, why="keepalived drops the key", advice="use hex: and 64 to 128 hexadecimal digits"
    )

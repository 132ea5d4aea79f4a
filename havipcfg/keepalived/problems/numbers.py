"""What can be wrong with a number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from havipcfg.findings import ERROR, Finding, diagnosis
from havipcfg.keepalived.problems.values import consequence
from havipcfg.keepalived.reading import UNSET

if TYPE_CHECKING:
    from havipcfg.keepalived.reading import Line


@diagnosis("KC103", "not-a-number", ERROR, keepalived=True)
def not_a_number(line: Line, index: int, expected: str, taken: Any = UNSET) -> Finding:
    """A value that should be a number and is none.

    ## What it does
    Reports a word with anything but decimal digits where a number is due: a unit, a
    hexadecimal number, a comma, a blank inside quotes.

    ## Why it matters
    ``keepalived -t`` refuses it. A running keepalived ignores the line or takes the digits the
    word starts with; for times it takes these as its smallest unit, so that ``1s`` becomes a
    microsecond.

    ## Example
    ```keepalived
    vrrp_instance web {
        state BACKUP
        interface eth0
        virtual_router_id 61
        advert_int 1s           # expect: KC103
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
        advert_int 1
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
        f"{line.name} {line.word(index)} is not {expected}",
        why=consequence(line, taken),
        advice="write decimal digits only, without a unit",
    )


@diagnosis("KC104", "out-of-range", ERROR, keepalived=True)
def out_of_range(line: Line, index: int, low: object, high: object, taken: Any = UNSET) -> Finding:
    """A number outside the range of its keyword.

    ## What it does
    Reports a number below or above what keepalived accepts.

    ## Why it matters
    keepalived ignores the line, or takes another number than the one written. A
    ``virtual_router_id`` that is ignored stops every instance.

    ## Example
    ```keepalived
    vrrp_instance web {
        state BACKUP
        interface eth0
        virtual_router_id 61
        priority 300            # expect: KC104
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
        priority 200
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## References
    - keepalived.conf(5)
    """
    unit = f" {line.keyword.unit}" if line.keyword.unit else ""
    return Finding(
        line.span(index),
        f"{line.name} {line.word(index)} is outside {low} to {high}{unit}",
        why=consequence(line, taken),
        advice=f"use a number from {low} to {high}",
    )


@diagnosis("KC105", "too-many-decimals", ERROR, keepalived=True)
def too_many_decimals(line: Line, index: int, decimals: int, taken: Any = UNSET) -> Finding:
    """A time with more decimals than keepalived keeps.

    ## What it does
    Reports a fraction of a second that is finer than the keyword's smallest unit: a
    microsecond, or a millisecond for ``interval`` and ``timeout`` of a ``vrrp_script``.

    ## Why it matters
    keepalived rounds it and uses it, but its configuration test fails.

    ## Example
    ```keepalived
    vrrp_script chk_web {
        script "/usr/bin/curl -fso /dev/null http://127.0.0.1/"
        interval 2.0005         # expect: KC105
    }
    ```

    ## Use instead
    ```keepalived
    vrrp_script chk_web {
        script "/usr/bin/curl -fso /dev/null http://127.0.0.1/"
        interval 2
    }
    ```

    ## References
    - keepalived.conf(5)
    """
    return Finding(
        line.span(index),
        f"{line.name} {line.word(index)} has more than {decimals} decimals",
        why="keepalived reports it and rounds the value" + ("" if taken == UNSET else f" to {taken}"),
        advice=f"write at most {decimals} decimals",
    )

"""What can be wrong with the line that opens a ``bfd_instance``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from havipcfg.findings import ERROR, Finding, diagnosis

if TYPE_CHECKING:
    from havipcfg.keepalived.reading import Line


@diagnosis("KC461", "bfd-name-too-long", ERROR, keepalived=True)
def name_too_long(line: Line, longest: int) -> Finding:
    """A BFD session whose name is too long.

    ## What it does
    Reports a `bfd_instance` name of more than 31 characters.

    ## Why it matters
    keepalived ignores the whole block: there is no session, and whatever tracks it is told
    that the name is unknown.

    ## Example
    ```keepalived
    bfd_instance router-of-the-second-data-centre-north {    # expect: KC461
        neighbor_ip 192.0.2.1
    }

    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
        track_bfd {
            router-of-the-second-data-centre-north
        }
    }
    ```

    ## Use instead
    ```keepalived
    bfd_instance router-north {
        neighbor_ip 192.0.2.1
    }

    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
        track_bfd {
            router-north
        }
    }
    ```

    ## References
    - keepalived.conf(5), "BFD CONFIGURATION"
    """
    return Finding(
        line.span(),
        f"bfd_instance {line.word()} is longer than {longest} characters",
        why="keepalived ignores the whole block",
        advice="shorten the name, also where it is tracked",
    )

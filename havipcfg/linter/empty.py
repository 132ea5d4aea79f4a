"""Files without a single statement."""

from __future__ import annotations

from havipcfg.findings import ERROR, Finding, diagnosis
from havipcfg.source import Source


def says_nothing(source: Source) -> bool:
    """Whether a text is nothing but blanks and comments."""
    return all(not line or line[0] in "#!" for line in map(str.strip, source.text.split("\n")))


@diagnosis("KC151", "empty-configuration", ERROR)
def empty_configuration(source: Source) -> Finding:
    """A file that configures nothing.

    ## What it does
    Reports a file that is empty, or holds nothing but comments.

    ## Why it matters
    keepalived accepts such a file and starts, without a virtual router: no address is held
    and nothing is reported. This happens where a template was given no values, or where a
    copy was cut off.

    ## Example
    ```keepalived
    # filled in by the deployment        # expect: KC151
    ```

    ## Use instead
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## References
    - keepalived.conf(5)
    """
    lines = source.text.split("\n")
    first = next((number for number, line in enumerate(lines, 1) if line.strip()), 1)
    return Finding(
        source.line_span(first),
        "this file configures nothing" if source.text.strip() else "this file is empty",
        why="keepalived starts with it and holds no address, without a word",
        advice="look for what should have written this file",
    )

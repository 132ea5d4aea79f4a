"""What can be wrong with a keyword in one version or build."""

from __future__ import annotations

from typing import TYPE_CHECKING

from havipcfg.diagnostics import Edit, Fix
from havipcfg.findings import ERROR, INFO, Finding, diagnosis

if TYPE_CHECKING:
    from havipcfg.keepalived.reading import Line
    from havipcfg.keepalived.version import Version


@diagnosis("KC112", "keyword-too-new", ERROR, keepalived=True)
def keyword_too_new(line: Line, target: Version) -> Finding:
    """A keyword that the target version does not have yet.

    ## What it does
    Reports a keyword of a later release than the one named with ``--target``.

    ## Why it matters
    The older keepalived reports an unknown keyword and runs without the setting; a block that
    it does not know breaks the block around it.

    ## Example
    With ``--target 2.2.7`` the line ``no_virtual_ipaddress`` is reported: it came with 2.2.8.

    ## Use instead
    Leave the setting out, or upgrade keepalived on every node first.

    ## References
    - keepalived's release notes
    """
    return Finding(
        line.statement.word_span(0),
        f"{line.name} came with keepalived {line.keyword.since}; {target} does not know it",
        why="keepalived skips the line: the setting has no effect",
        advice=f"remove it, or run {line.keyword.since} or later on every node",
    )


@diagnosis("KC113", "keyword-removed", ERROR, keepalived=True)
def keyword_removed(line: Line, target: Version) -> Finding:
    """A keyword that the target version no longer has.

    ## What it does
    Reports a keyword that an earlier release understood and the target does not.

    ## Why it matters
    After the upgrade keepalived reports an unknown keyword and runs without the setting.

    ## Example
    ```keepalived
    global_defs {
        lvs_id web-a            # expect: KC113
    }
    ```

    ## Use instead
    ```keepalived
    global_defs {
        router_id web-a
    }
    ```

    ## References
    - keepalived's release notes
    """
    return Finding(
        line.statement.word_span(0),
        f"{line.name} was removed in keepalived {line.keyword.removed}; {target} does not know it",
        why="keepalived skips the line: the setting has no effect",
        advice=f"use {line.keyword.deprecated}" if line.keyword.deprecated else "remove it",
    )


@diagnosis("KC114", "deprecated-keyword", INFO, fix="safe")
def deprecated_keyword(line: Line) -> Finding:
    """A keyword that has a newer name or way.

    ## What it does
    Reports a keyword that still works and is on its way out, with what takes its place.

    ## Why it matters
    A later keepalived may drop it, and then runs without the setting. Some are reported by
    ``keepalived -t`` already, which makes it exit with an error.

    ## Example
    ```keepalived
    vrrp_instance web {
        state BACKUP
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
        vmac_garp_intvl 60      # expect: KC114
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
        }
        garp_extra_if 60
    }
    ```

    ## References
    - keepalived.conf(5)
    """
    span = line.statement.word_span(0)
    new = line.keyword.alias_of
    fix = None
    if new and span.text == line.statement.keyword:
        fix = Fix(f"replace {span.text} by {new}", "safe", (Edit(span, new),))
    return Finding(
        span,
        f"{line.name} is deprecated",
        why="it works, and a later keepalived may no longer know it",
        advice=f"use {line.keyword.deprecated}" if line.keyword.deprecated else "remove it",
        fix=fix,
        keepalived=line.keyword.deprecation_reported,
    )


@diagnosis("KC117", "keyword-not-built", ERROR, keepalived=True)
def keyword_not_built(line: Line) -> Finding:
    """A keyword that usual builds of keepalived are made without.

    ## What it does
    Reports a keyword that depends on a compile-time option which common packages leave out.

    ## Why it matters
    To such a build the keyword is unknown: it reports the line and runs without the setting.

    ## Example
    ```keepalived
    global_defs {
        vrrp_ipsets keepalived          # expect: KC117
    }
    ```

    ## Use instead
    ```keepalived
    global_defs {
        nftables keepalived
    }
    ```

    ## References
    - ``keepalived -v`` lists the options of a build
    """
    return Finding(
        line.statement.word_span(0),
        f"{line.name} is unknown to usual builds of keepalived: it needs {' and '.join(line.keyword.builds)}",
        why="keepalived skips the line: the setting has no effect",
        advice="see the options of the build with keepalived -v, or remove the line",
    )

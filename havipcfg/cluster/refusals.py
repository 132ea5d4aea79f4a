"""Why nothing can be generated from a cluster.yaml that is right in itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from havipcfg.findings import ERROR, Finding, diagnosis

if TYPE_CHECKING:
    from havipcfg.source import Span


@diagnosis("CY201", "cluster-secret-not-found", ERROR)
def secret_not_found(at: Span, where: str, reason: str) -> Finding:
    """A secret that is not where the cluster file says.

    ## What it does
    Reports a password whose environment variable or file cannot be read, or is empty.

    ## Why it matters
    Without the password nothing can be generated: nodes with different passwords do not hear
    each other, and all of them take the address.

    ## Example
    `authentication: {password: {env: WEB_PASS}}` while `WEB_PASS` is not set.

    ## Use instead
    Set the variable for this command, or name a file that only you can read.

    ## References
    - docs/generate.md
    """
    return Finding(at, f"the password is not in {where}: {reason}", advice="set it before generating")


@diagnosis("CY202", "cluster-extra-rejected", ERROR)
def extra_rejected(at: Span, message: str) -> Finding:
    """A further keyword that keepalived would not take.

    ## What it does
    Reports a keyword under `extra:` (or a value that ends up in keepalived.conf) that the
    nodes' keepalived version does not know, or a value it refuses.

    ## Why it matters
    keepalived would skip the line, or not start.

    ## Example
    `extra: {garp_master_refreshh: 5}` in an instance.

    ## Use instead
    `extra: {garp_master_refresh: 5}`; `havipcfg explain KEYWORD` tells what a keyword takes.

    ## References
    - keepalived.conf(5)
    """
    return Finding(
        at, message, advice="havipcfg explain KEYWORD tells what it takes; docs/generate.md, how a block is written"
    )

"""How many real servers must be up."""

from __future__ import annotations

from collections.abc import Iterator

from havipcfg.cluster.context import Context
from havipcfg.diagnostics import Fix
from havipcfg.findings import ERROR, Finding
from havipcfg.keepalived.virtual_server import VirtualServer
from havipcfg.rules.edits import word_fix
from havipcfg.rules.registry import rule


@rule("KC423", "quorum-out-of-reach", ERROR, of=VirtualServer, keepalived=True, fix="safe")
def quorum_out_of_reach(server: VirtualServer, context: Context) -> Iterator[Finding]:
    """A quorum that all real servers together do not reach.

    ## What it does
    Reports a `quorum` above the sum of the real servers' weights; a quorum is counted in
    weights, not in servers.

    ## Why it matters
    keepalived lowers the quorum to the sum. The service then counts as down as soon as any
    server fails. With weight 0 for all, the quorum becomes 0 and is never lost.

    ## Example
    ```keepalived
    virtual_server 192.0.2.10 80 {
        protocol TCP
        lvs_sched wrr
        lvs_method NAT
        quorum 3                            # expect: KC423
        real_server 192.0.2.21 80 {
            weight 1
            TCP_CHECK {
            }
        }
        real_server 192.0.2.22 80 {
            weight 1
            TCP_CHECK {
            }
        }
    }
    ```

    ## Use instead
    ```keepalived
    virtual_server 192.0.2.10 80 {
        protocol TCP
        lvs_sched wrr
        lvs_method NAT
        quorum 1
        real_server 192.0.2.21 80 {
            weight 1
            TCP_CHECK {
            }
        }
        real_server 192.0.2.22 80 {
            weight 1
            TCP_CHECK {
            }
        }
    }
    ```

    ## References
    - keepalived.conf(5), "quorum"
    """
    effective = context.effective_server(server)
    wanted = server.quorum or 1
    if wanted > effective.total_weight and not effective.dropped:
        yield Finding(
            server.at("quorum"),
            f"quorum {wanted} is more than the weights of the real servers together, {effective.total_weight}",
            why=f"keepalived lowers it to {effective.total_weight}",
            advice="lower the quorum" if wanted > 1 else "give at least one real server a weight",
            fix=_number(server, "quorum", effective.total_weight),
        )


@rule("KC424", "hysteresis-beyond-quorum", ERROR, of=VirtualServer, given="hysteresis", keepalived=True, fix="safe")
def hysteresis_beyond_quorum(server: VirtualServer, context: Context) -> Iterator[Finding]:
    """A hysteresis that the quorum leaves no room for.

    ## What it does
    Reports a `hysteresis` that is not below the quorum.

    ## Why it matters
    The service counts as down when the weights fall below quorum less hysteresis; that must
    stay above 0, or it would never be down. keepalived sets the hysteresis to quorum - 1.

    ## Example
    ```keepalived
    virtual_server 192.0.2.10 80 {
        protocol TCP
        lvs_sched wrr
        lvs_method NAT
        quorum 1
        hysteresis 1                        # expect: KC424
        real_server 192.0.2.21 80 {
            weight 1
            TCP_CHECK {
            }
        }
    }
    ```

    ## Use instead
    ```keepalived
    virtual_server 192.0.2.10 80 {
        protocol TCP
        lvs_sched wrr
        lvs_method NAT
        quorum 2
        hysteresis 1
        real_server 192.0.2.21 80 {
            weight 2
            TCP_CHECK {
            }
        }
    }
    ```

    ## References
    - keepalived.conf(5), "hysteresis"
    """
    effective = context.effective_server(server)
    given = server.hysteresis or 0
    if given >= effective.quorum and effective.quorum and not effective.dropped:
        yield Finding(
            server.at("hysteresis"),
            f"hysteresis {given} is not below the quorum, {effective.quorum}",
            why=f"keepalived sets it to {effective.quorum - 1}",
            advice="raise the quorum, or lower the hysteresis",
            fix=_number(server, "hysteresis", effective.quorum - 1),
        )


def _number(server: VirtualServer, field: str, number: int) -> Fix | None:
    """Write what keepalived makes of the number; None for a quorum of 0, which it would refuse."""
    if field == "quorum" and not number:
        return None
    return word_fix(f"write {field} {number}", server.place(field), 1, str(number))

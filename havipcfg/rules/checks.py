"""What checks ask, how often, and what their answer does."""

from __future__ import annotations

import re
from collections.abc import Iterator

from havipcfg.cluster.context import Context
from havipcfg.diagnostics import Label
from havipcfg.findings import ERROR, INFO, WARNING, Finding
from havipcfg.keepalived.tracking import VrrpScript
from havipcfg.rules.edits import removal
from havipcfg.rules.registry import rule
from havipcfg.rules.script_texts import code_of


@rule("KC227", "check-of-virtual-address", ERROR, of=VrrpScript, given="script")
def check_of_virtual_address(script: VrrpScript, context: Context) -> Iterator[Finding]:
    """A check that asks the virtual address.

    ## What it does
    Reports a check whose command line names a virtual address of the file, or whose script asks one, and
    in a pair one that asks the other node. A script that looks first whether the node has the address is
    left alone.

    ## Why it matters
    The address leads to the node that holds it: a backup checks the master's service, not its
    own. When the service fails, the check fails on every node at once, and none takes over.

    ## Example
    ```keepalived
    vrrp_script check_web {
        script "/usr/bin/curl -sf http://192.0.2.10/"   # expect: KC227
        fall 2
    }

    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
        track_script {
            check_web
        }
    }
    ```

    ## Use instead
    Ask the node's own service: `http://127.0.0.1/`.

    ## References
    - keepalived.conf(5), "vrrp_script"
    """
    if script.script is None:
        return
    own = context.scripts
    texts = [code for word in script.script.argv if (code := "\n".join(code_of(own.get(word, ""))))]
    if any(_AM_I_MASTER.search(text) for text in texts):
        return
    asked = (line for text in texts for line in text.splitlines() if _ASKS.search(line))
    instances = context.conf.vrrp_instance
    pair = all(len(instance.unicast_peer) <= 1 for instance in instances)
    nodes = {peer.address: peer for instance in instances for peer in instance.unicast_peer}
    for address in _addresses(" ".join((*script.script.argv, *asked))):
        entry = context.names.addresses.get(address)
        own_host = "::1" if ":" in address else "127.0.0.1"
        if pair and (peer := nodes.get(address)) is not None:
            yield Finding(
                script.at("script", 1),
                f"{script.name} asks {address}, which is the other node",
                why="this node counts as failed when the other one fails, and as well when its own service fails",
                advice=f"ask the node's own service, as {own_host}",
                related=(Label(peer.at(), "the other node"),),
            )
            return
        if entry is not None:
            yield Finding(
                script.at("script", 1),
                f"{script.name} asks the virtual address {address}, which leads to the master",
                why="a backup checks the master's service, not its own: when it fails, no node can take over",
                advice=f"ask the node's own service, as {own_host}",
                related=(Label(entry.at(), "a virtual address"),),
            )
            return


_ASKS = re.compile(
    r"\b(?:curl|wget|n?cat|nc|f?ping|arping|telnet|mysql(?:admin)?|psql|pg_isready|redis-cli|check_\w+)\b"
)
_AM_I_MASTER = re.compile(r"\bip\b[^|\n]*\ba(?:ddr(?:ess)?)?\b|\bhostname\s+-I\b|\bifconfig\b")
"""A script that looks which addresses the node has asks the virtual one only where it is the master."""


def _addresses(text: str) -> Iterator[str]:
    for word in re.split(r"[^0-9A-Fa-f.:]+", text):
        yield from (word, word.rpartition(":")[0])


_OWN_TIMEOUT = {
    "curl": re.compile(r"(?:-m|--max-time|--connect-timeout)[ =]?(\d+)(?!\S)"),
    "wget": re.compile(r"(?:-T ?|--timeout[ =])(\d+)(?!\S)"),
    "nc": re.compile(r"-w ?(\d+)(?!\S)"),
    "ncat": re.compile(r"-w ?(\d+)(?!\S)"),
    "ping": re.compile(r"-[wW] ?(\d+)(?!\S)"),
    "timeout": re.compile(r"timeout (?:-\S+ (?:\S+ )?)*(\d+)s?(?!\S)"),
}


@rule("KC228", "check-cut-short", WARNING, of=VrrpScript, given="script")
def check_cut_short(script: VrrpScript, context: Context) -> Iterator[Finding]:
    """A command that may take longer than keepalived waits for it.

    ## What it does
    Reports a check whose command names a time limit of its own, such as `curl -m 5`, that is
    longer than the `timeout` of the script, which is its `interval` where none is given.

    ## Why it matters
    keepalived ends the command before it would have answered: under load a service that is
    slow, but well, counts as failed.

    ## Example
    ```keepalived
    vrrp_script check_web {
        script "/usr/bin/curl -sf -m 5 http://127.0.0.1/"
        interval 1              # expect: KC228
        fall 2
    }

    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
        track_script {
            check_web
        }
    }
    ```

    ## Use instead
    ```keepalived
    vrrp_script check_web {
        script "/usr/bin/curl -sf -m 2 http://127.0.0.1/"
        interval 3
        fall 2
    }

    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
        track_script {
            check_web
        }
    }
    ```

    ## References
    - keepalived.conf(5), "vrrp_script"; curl(1), "--max-time"
    """
    del context
    if script.script is None:
        return
    pattern = _OWN_TIMEOUT.get(script.script.program.rsplit("/", 1)[-1])
    found = pattern.search(" ".join(script.script.argv)) if pattern is not None else None
    if found is None:
        return
    limit = script.timeout or script.interval or 1
    own = int(found[1])
    if own > limit:
        keyword = "timeout" if script.has("timeout") else "interval" if script.has("interval") else "script"
        yield Finding(
            script.at(keyword),
            f"keepalived ends {script.name} after {limit:g} s, and its command may take {own} s",
            why="a service that is slow, but well, counts as failed",
            advice=f"give a timeout above {own} s, or the command less time",
            related=() if keyword == "script" else (Label(script.at("script", 1), f"up to {own} s"),),
        )


@rule("KC229", "timeout-beyond-interval", WARNING, of=VrrpScript, given="timeout")
def timeout_beyond_interval(script: VrrpScript, context: Context) -> Iterator[Finding]:
    """A timeout so long that a hanging check is noticed late.

    ## What it does
    Reports a `timeout` longer than all the runs that `fall` asks for should take together.

    ## Why it matters
    While a run hangs no other is started. A service that no longer answers counts as failed
    after `timeout` times `fall`, not `interval` times `fall`.

    ## Example
    ```keepalived
    vrrp_script check_web {
        script "/usr/bin/pgrep -x nginx"
        interval 1
        timeout 10              # expect: KC229
        fall 2
    }

    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
        track_script {
            check_web
        }
    }
    ```

    ## Use instead
    A timeout of at most the interval.

    ## References
    - keepalived.conf(5), "vrrp_script"
    """
    del context
    interval = script.interval or 1
    fall = script.fall or 1
    if script.timeout is not None and script.timeout > interval and script.timeout >= interval * fall:
        yield Finding(
            script.at("timeout"),
            f"{script.name} runs every {interval:g} s, but may hang for {script.timeout:g} s",
            why=f"a service that no longer answers counts as failed only after {script.timeout * fall:g} s",
            advice="give a timeout of at most the interval",
        )


@rule("KC230", "one-failure-counts", INFO, of=VrrpScript, given="script")
def one_failure_counts(script: VrrpScript, context: Context) -> Iterator[Finding]:
    """A check that counts as failed after one failure.

    ## What it does
    Reports a tracked script whose `fall` is 1 or left out.

    ## Why it matters
    One slow answer moves the address, and every move interrupts connections.

    ## Example
    ```keepalived
    vrrp_script check_web {     # expect: KC230
        script "/usr/bin/pgrep -x nginx"
        interval 2
    }

    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
        track_script {
            check_web
        }
    }
    ```

    ## Use instead
    ```keepalived
    vrrp_script check_web {
        script "/usr/bin/pgrep -x nginx"
        interval 2
        fall 2
        rise 2
    }

    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
        track_script {
            check_web
        }
    }
    ```

    ## References
    - keepalived.conf(5), "fall" and "rise"
    """
    if script.fall not in (None, 1) or script.name not in context.names.tracked["track_script"]:
        return
    if script.script is None or script.script.program.startswith("<"):
        return
    yield Finding(
        script.at("fall") if script.has("fall") else script.at(),
        f"one failure of {script.name} counts",
        why="one slow answer moves the address, and every move interrupts connections",
        advice="add fall 2 or more, and rise",
    )


@rule("KC231", "init-fail-without-effect", INFO, of=VrrpScript, given="init_fail", fix="safe")
def init_fail_without_effect(script: VrrpScript, context: Context) -> Iterator[Finding]:
    """`init_fail` on a script that is tracked.

    ## What it does
    Reports `init_fail` in a script that some `track_script` lists.

    ## Why it matters
    Listing the script sets its first state anew: the node does not wait for `rise` successes
    before it takes the address, as the line promises (measured with 2.2.7 and 2.4.3).

    ## Example
    ```keepalived
    vrrp_script check_web {
        script "/usr/bin/pgrep -x nginx"
        fall 2
        rise 3
        init_fail               # expect: KC231
    }

    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
        track_script {
            check_web
        }
    }
    ```

    ## Use instead
    `vrrp_startup_delay` in `global_defs`.

    ## References
    - keepalived.conf(5), "init_fail"
    """
    if script.name in context.names.tracked["track_script"]:
        yield Finding(
            script.at("init_fail"),
            f"init_fail has no effect: {script.name} is tracked, which sets its first state anew",
            why="the node does not wait for the check before it takes the address",
            advice="use vrrp_startup_delay in global_defs, or let the script itself wait",
            fix=removal("leave init_fail out", script.place("init_fail")),
        )

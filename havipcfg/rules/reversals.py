"""Checks whose verdict is turned round by ``reverse``."""

from __future__ import annotations

from collections.abc import Iterator

from havipcfg.cluster.context import Context
from havipcfg.findings import WARNING, Finding
from havipcfg.keepalived.process_options import ReversedWeight
from havipcfg.keepalived.tracking import VrrpScript
from havipcfg.keepalived.vrrp_instance import VrrpInstance
from havipcfg.keepalived.vrrp_sync_group import VrrpSyncGroup
from havipcfg.rules.edits import word_fix
from havipcfg.rules.registry import rule
from havipcfg.syntax.statement import Statement


@rule(
    "KC209",
    "fault-while-check-passes",
    WARNING,
    of=(VrrpInstance, VrrpSyncGroup, VrrpScript),
    given=("track_script", "weight"),
    fix="unsafe",
)
def fault_while_check_passes(block: VrrpInstance | VrrpSyncGroup | VrrpScript, context: Context) -> Iterator[Finding]:
    """A check with `reverse`: the node that passes it is the worse one.

    ## What it does
    Reports `reverse` behind the weight of a script, in its own block or where it is tracked. Not for a
    script that only looks whether a file is there (`test -e`, `</path`), which may be a sign of maintenance.

    ## Why it matters
    `reverse` turns the verdict round. With weight 0 the instance is in FAULT as long as the
    script succeeds, and may be master only while it fails. With another weight a node gains
    priority when its check fails, or loses some as long as it succeeds.

    ## Example
    ```keepalived
    vrrp_script check_web {
        script "/usr/bin/pgrep -x nginx"
        fall 2
    }

    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
        track_script {
            check_web weight 0 reverse      # expect: KC209
        }
    }
    ```

    ## Use instead
    Leave `reverse` out, unless the script succeeds when the node must not be master.

    ## References
    - keepalived.conf(5), "track_script"
    """
    if isinstance(block, VrrpScript):
        if isinstance(block.weight, ReversedWeight) and not _looks_for_a_file(block):
            yield _turned(block.name, "the node", block.weight.weight, block.place("weight"))
        return
    for tracker in block.track_script:
        definition = context.names.definitions["track_script"].get(tracker.name)
        if not isinstance(definition, VrrpScript) or not tracker.reverse or _looks_for_a_file(definition):
            continue
        yield _turned(tracker.name, block.name, tracker.weight or 0, tracker.statement)


def _looks_for_a_file(script: VrrpScript) -> bool:
    program = script.script.program if script.script is not None else ""
    return program.startswith("<") or program.rsplit("/", 1)[-1] in ("test", "[")


def _turned(script: str, node: str, weight: int, line: Statement | None) -> Finding:
    assert line is not None
    if not weight:
        message = f"{node} is in FAULT while {script} succeeds"
        why = "with weight 0, reverse makes the healthy node give the address up"
    elif weight < 0:
        message = f"the priority rises by {-weight} when {script} fails"
        why = "reverse makes the node whose service is down the better one: it takes the address, or keeps it"
    else:
        message = f"the priority falls by {weight} while {script} succeeds"
        why = "reverse makes the healthy node the worse one: the address goes to the node whose service is down"
    place = line.words.index("reverse")
    return Finding(
        line.word_span(place),
        message,
        why=why,
        advice="leave reverse out, unless the script succeeds when the node must not be master",
        fix=word_fix("leave reverse out", line, place, "", "unsafe"),
    )

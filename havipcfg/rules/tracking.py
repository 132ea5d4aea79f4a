"""What an instance tracks: scripts, interfaces, files, processes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from havipcfg.cluster.context import Context
from havipcfg.diagnostics import Edit, Fix, Label
from havipcfg.findings import ERROR, INFO, WARNING, Finding
from havipcfg.keepalived.conf import KeepalivedConf
from havipcfg.keepalived.names import DEFINED_BY
from havipcfg.keepalived.tracking import VrrpScript
from havipcfg.keepalived.vrrp_instance import VrrpInstance
from havipcfg.keepalived.vrrp_sync_group import VrrpSyncGroup
from havipcfg.rules.edits import removal
from havipcfg.rules.near import near
from havipcfg.rules.registry import rule


@rule(
    "KC201",
    "undefined-tracker",
    ERROR,
    of=(VrrpInstance, VrrpSyncGroup),
    given=tuple(DEFINED_BY),
    keepalived=True,
    fix="unsafe",
)
def undefined_tracker(block: VrrpInstance | VrrpSyncGroup, context: Context) -> Iterator[Finding]:
    """A tracked name that nothing in the file defines.

    ## What it does
    Reports a name in `track_script`, `track_process`, `track_file` or `track_bfd` for which
    there is no `vrrp_script`, `vrrp_track_process`, `track_file` or `bfd_instance` block.

    ## Why it matters
    keepalived says so once, at start, and runs without the check. The service can fail and
    the address stays where it is.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
        track_script {
            check_web           # expect: KC201
        }
    }
    ```

    ## Use instead
    ```keepalived
    vrrp_script check_web {
        script "/usr/bin/pgrep -x nginx"
        interval 2
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
    - keepalived.conf(5), "track_script"
    """
    for keyword, definitions in DEFINED_BY.items():
        known = context.names.definitions[keyword]
        for tracker in getattr(block, keyword):
            if tracker.name in known:
                continue
            nearest = near(tracker.name, known)
            yield Finding(
                tracker.at(),
                f"{keyword} names {tracker.name}, but no {definitions[0]} {tracker.name} is defined",
                why="keepalived runs without this check: when the service fails, the address stays",
                advice=f"did you mean {nearest[0]}?" if nearest else f"define {definitions[0]} {tracker.name} above",
                fix=Fix(f"track {nearest[0]}", "unsafe", (Edit(tracker.at(), nearest[0]),)) if nearest else None,
            )


@rule(
    "KC202",
    "tracker-defined-after-use",
    ERROR,
    of=KeepalivedConf,
    given=("vrrp_instance", "vrrp_sync_group"),
    keepalived=True,
)
def tracker_defined_after_use(conf: KeepalivedConf, context: Context) -> Iterator[Finding]:
    """A check that is defined below the instance that tracks it.

    ## What it does
    Reports a tracked name whose definition stands further down in the file.

    ## Why it matters
    keepalived looks names up while it reads. A definition that comes later is not found, and
    the instance runs without the check.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
        track_script {
            check_web           # expect: KC202
        }
    }

    vrrp_script check_web {
        script "/usr/bin/pgrep -x nginx"
        interval 2
        fall 2
    }
    ```

    ## Use instead
    Move the `vrrp_script` block above the `vrrp_instance` block.

    ## References
    - keepalived.conf(5), "track_script"
    """
    order = {id(statement): index for index, statement in enumerate(context.reading.statements)}
    for keyword in DEFINED_BY:
        first = context.names.definitions[keyword]
        if not first:
            continue
        for block in (*conf.vrrp_instance, *conf.vrrp_sync_group):
            for tracker in getattr(block, keyword):
                defined = first.get(tracker.name)
                if defined is None or order.get(id(defined.statement), 0) < order.get(id(block.statement), 0):
                    continue
                yield Finding(
                    tracker.at(),
                    f"{tracker.name} is used here, above its definition",
                    why="keepalived looks names up while it reads: it runs without this check",
                    advice=f"move {defined.statement.keyword} {tracker.name} above the {block.statement.keyword}",
                    related=(Label(defined.at(), "defined only here"),),
                )


@rule("KC203", "unused-script", ERROR, of=VrrpScript)
def unused_script(script: VrrpScript, context: Context) -> Iterator[Finding]:
    """A `vrrp_script` that no instance or sync group tracks.

    ## What it does
    Reports a `vrrp_script` block whose name stands in no `track_script`.

    ## Why it matters
    The check never runs. The service can fail and the address stays where it is.

    ## Example
    ```keepalived
    vrrp_script check_web {     # expect: KC203
        script "/usr/bin/pgrep -x nginx"
        interval 2
        fall 2
    }

    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    ```keepalived
    vrrp_script check_web {
        script "/usr/bin/pgrep -x nginx"
        interval 2
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
    - keepalived.conf(5), "vrrp_script"
    """
    tracked = context.names.tracked["track_script"]
    if script.name in tracked or near(script.name, context.names.undefined["track_script"]):
        return
    yield Finding(
        script.at(),
        f"vrrp_script {script.name} is in no track_script",
        why="the check never runs: when the service fails, the address stays",
        advice=f"add track_script {{ {script.name} }} to the instance it is for",
    )


_OF_ROUTERS = ("virtual_routes", "virtual_rules", "use_vmac", "use_ipvlan")


@rule("KC204", "no-check", INFO, of=VrrpInstance)
def no_check(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """An instance that watches nothing but its own interface.

    ## What it does
    Reports an instance, or a whole sync group, without any tracker in a file that defines no check
    for it. Not for routers and directors: instances with `virtual_routes`, `virtual_rules` or a
    virtual MAC, and files with a `virtual_server`.

    ## Why it matters
    The address moves when the host or its link dies. It stays when only the service dies.

    ## Example
    ```keepalived
    vrrp_instance web {         # expect: KC204
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    Define a `vrrp_script` for the service behind the address and list it in `track_script`.

    ## References
    - keepalived.conf(5), "track_script"
    """
    conf, names = context.conf, context.names
    if conf.vrrp_script or conf.virtual_server or not instance.given.isdisjoint(_OF_ROUTERS):
        return
    group = context.effective(instance).group
    members = [instance]
    blocks: list[VrrpInstance | VrrpSyncGroup] = [instance]
    if group:
        first = next((member.name for member in group.group if member.name in names.instances), "")
        if names.instances.get(first, instance) is not instance:
            return
        named = (names.instances.get(member.name) for member in group.group)
        members = [member for member in named if member is not None] or members
        blocks = [*members, group]
    if not all(block.given.isdisjoint(DEFINED_BY) for block in blocks):
        return
    if any(_elsewhere(member, (member, group) if group else (member,)) for member in members):
        return
    yield Finding(
        instance.at(),
        f"nothing checks the service behind {f'sync group {group.name}' if group else instance.name}",
        why="the address moves when the host or its link dies, not when the service does",
        advice="define a vrrp_script for the service and list it in track_script",
    )


def _elsewhere(instance: VrrpInstance, blocks: Sequence[VrrpInstance | VrrpSyncGroup]) -> bool:
    """Whether an interface is tracked that is not the instance's own."""
    return any(tracker.name != instance.interface for block in blocks for tracker in block.track_interface)


@rule(
    "KC205", "redundant-track-interface", WARNING, of=VrrpInstance, given="track_interface", keepalived=True, fix="safe"
)
def redundant_track_interface(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """`track_interface` that lists the instance's own interface.

    ## What it does
    Reports an entry of `track_interface` that is the `interface` of the instance.

    ## Why it matters
    keepalived tracks an instance's own interface anyway and drops the line with a message. A
    `weight` on it has no effect.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
        track_interface {
            eth0                # expect: KC205
        }
    }
    ```

    ## Use instead
    Leave the line out.

    ## References
    - keepalived.conf(5), "track_interface" and "dont_track_primary"
    """
    del context
    for tracker in instance.track_interface:
        if tracker.name == instance.interface:
            weight = ", and its weight with it" if tracker.weight else ""
            block = instance.place("track_interface")
            yield Finding(
                tracker.at(),
                f"{tracker.name} is the interface of {instance.name}, which dont_track_primary leaves untracked"
                if instance.dont_track_primary
                else f"{tracker.name} is tracked anyway: it is the interface of {instance.name}",
                why=f"keepalived drops the line{weight}",
                advice="remove the line",
                fix=removal("remove the line", block if len(instance.track_interface) == 1 else tracker.statement),
            )

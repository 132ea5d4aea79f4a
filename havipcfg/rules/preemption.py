"""Priority, initial state, and who may take the address back."""

from __future__ import annotations

from collections.abc import Iterator

from havipcfg.cluster.context import Context
from havipcfg.diagnostics import Label
from havipcfg.findings import ERROR, WARNING, Finding
from havipcfg.keepalived.effective import OWNER
from havipcfg.keepalived.vrrp_instance import VrrpInstance
from havipcfg.rules.edits import removal, word_fix
from havipcfg.rules.registry import rule


@rule("KC301", "nopreempt-with-state-master", ERROR, of=VrrpInstance, given="nopreempt", keepalived=True, fix="safe")
def nopreempt_with_state_master(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """`nopreempt` together with `state MASTER`.

    ## What it does
    Reports an instance that has both.

    ## Why it matters
    keepalived drops `nopreempt`: after a repair the node takes the address back at once, a
    second interruption that `nopreempt` was to prevent.

    ## Example
    ```keepalived
    vrrp_instance web {
        state MASTER
        interface eth0
        virtual_router_id 61
        priority 100
        nopreempt               # expect: KC301
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
        priority 100
        nopreempt
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## References
    - keepalived.conf(5), "nopreempt"
    """
    inforce = context.effective(instance)
    if instance.state != "MASTER" or inforce.state_reset or instance.priority == OWNER or not inforce.asks_nopreempt:
        return
    fix = None
    if instance.priority is not None:
        fix = word_fix("write state BACKUP", instance.place("state"), 1, "BACKUP")
    yield Finding(
        instance.at("nopreempt"),
        f"keepalived drops nopreempt: {instance.name} has state MASTER",
        why="after a repair the node takes the address back at once, a second interruption",
        advice="write state BACKUP on every node; the priority decides who starts",
        related=(Label(instance.at("state"), "state MASTER"),),
        fix=fix,
    )


@rule("KC302", "nopreempt-of-owner", ERROR, of=VrrpInstance, given="nopreempt", keepalived=True, fix="unsafe")
def nopreempt_of_owner(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """`nopreempt` together with priority 255.

    ## What it does
    Reports an instance that has both.

    ## Why it matters
    Priority 255 means that the node owns the address and takes it whenever it is there.
    keepalived drops `nopreempt`, and weights of checks have no effect either.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        priority 255
        nopreempt               # expect: KC302
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    A priority of at most 254.
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        priority 254
        nopreempt
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## References
    - RFC 5798, 5.2.4; keepalived.conf(5), "nopreempt"
    """
    if instance.priority != OWNER or not context.effective(instance).asks_nopreempt:
        return
    fix = None
    if instance.state != "MASTER":
        fix = word_fix("use priority 254", instance.place("priority"), 1, "254", "unsafe")
    yield Finding(
        instance.at("nopreempt"),
        f"keepalived drops nopreempt: {instance.name} has priority 255",
        why="the node takes the address whenever it is there, and weights of checks have no effect",
        advice="use a priority of at most 254" + (", and state BACKUP" if fix is None else ""),
        related=(Label(instance.at("priority"), "the owner of the address"),),
        fix=fix,
    )


@rule("KC303", "state-master-without-priority", WARNING, of=VrrpInstance, given="state")
def state_master_without_priority(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """`state MASTER` without `priority`.

    ## What it does
    Reports an instance that has `state MASTER` and no `priority`.

    ## Why it matters
    keepalived then takes priority 255, that of the owner of the address: weights of checks
    and `nopreempt` have no effect, and the node takes the address whenever it is there. Two
    such nodes both hold it.

    ## Example
    ```keepalived
    vrrp_instance web {
        state MASTER            # expect: KC303
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    ```keepalived
    vrrp_instance web {
        state MASTER
        interface eth0
        virtual_router_id 61
        priority 100
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## References
    - keepalived.conf(5), "state" and "priority"
    """
    del context
    if instance.state == "MASTER" and instance.place("priority") is None:
        yield Finding(
            instance.at("state"),
            f"{instance.name} has state MASTER and no priority, so keepalived takes 255",
            why="the node counts as owner of the address: weights of checks and nopreempt have no effect",
            advice="give it a priority of at most 254",
        )


@rule("KC304", "preempt-delay-dropped", WARNING, of=VrrpInstance, given="preempt_delay", keepalived=True, fix="safe")
def preempt_delay_dropped(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """`preempt_delay` where keepalived drops it.

    ## What it does
    Reports `preempt_delay` together with `nopreempt`, with `state MASTER`, or with priority 255.

    ## Why it matters
    The delay is dropped. With `state MASTER` or priority 255 the node takes the address back
    at once after a repair; with `nopreempt` it never takes it back, delay or not.

    ## Example
    ```keepalived
    vrrp_instance web {
        state BACKUP
        interface eth0
        virtual_router_id 61
        priority 100
        nopreempt
        preempt_delay 60        # expect: KC304
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    Either `nopreempt` on every node, or `preempt_delay` with `state BACKUP`.

    ## References
    - keepalived.conf(5), "preempt_delay"
    """
    inforce = context.effective(instance)
    if not instance.preempt_delay:
        return
    if inforce.starts_as_master:
        other, reason = ("state", "state MASTER") if instance.state == "MASTER" else ("priority", "priority 255")
        why = "after a repair the node takes the address back at once"
        advice = "write state BACKUP and a priority below 255"
    elif inforce.nopreempt:
        other = reason = "nopreempt"
        why = "with nopreempt the node never takes the address from a living master, delay or not"
        advice = "keep one of the two"
    else:
        return
    yield Finding(
        instance.at("preempt_delay"),
        f"keepalived drops preempt_delay: {instance.name} has {reason}",
        why=why,
        advice=advice,
        related=(Label(instance.at(other), reason),),
        fix=removal("leave preempt_delay out", instance.place("preempt_delay")),
    )


@rule(
    "KC316",
    "expired-timer-without-nopreempt",
    WARNING,
    of=VrrpInstance,
    given="timer_expired_backup",
    keepalived=True,
    fix="safe",
)
def expired_timer_without_nopreempt(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """`timer_expired_backup` without `nopreempt`.

    ## What it does
    Reports `timer_expired_backup` on an instance where `nopreempt` is not in force.

    ## Why it matters
    keepalived drops the option.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        timer_expired_backup 200    # expect: KC316
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    Add `nopreempt` on every node, or leave the line out.

    ## References
    - keepalived.conf(5), "timer_expired_backup"
    """
    if context.effective(instance).nopreempt:
        return
    yield Finding(
        instance.at("timer_expired_backup"),
        f"keepalived drops timer_expired_backup: nopreempt is not in force for {instance.name}",
        why="a node that was too late to send adverts stays master",
        advice="add nopreempt on every node, or leave the line out",
        fix=removal("leave the line out", instance.place("timer_expired_backup")),
    )


@rule("KC317", "owner-adverts", WARNING, of=VrrpInstance, given="owner_ignore_adverts", keepalived=True, fix="safe")
def owner_adverts(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """`owner_ignore_adverts` where keepalived does not follow it.

    ## What it does
    Reports `owner_ignore_adverts on` on an instance without priority 255, and `off` on one with it.

    ## Why it matters
    keepalived does the opposite of the line: only the owner of the address may ignore
    adverts, and it always does.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        priority 100
        owner_ignore_adverts on     # expect: KC317
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    Leave the line out.

    ## References
    - keepalived.conf(5), "owner_ignore_adverts"
    """
    owner = context.effective(instance).owner
    if instance.owner_ignore_adverts is None or instance.owner_ignore_adverts == owner:
        return
    yield Finding(
        instance.at("owner_ignore_adverts"),
        f"{instance.name} has priority 255 and ignores adverts all the same"
        if owner
        else f"only the owner of an address may ignore adverts, and {instance.name} has no priority 255",
        why="keepalived overrides the line",
        advice="leave the line out",
        fix=removal("leave the line out", instance.place("owner_ignore_adverts")),
    )

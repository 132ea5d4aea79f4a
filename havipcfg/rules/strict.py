"""What strict VRRP compliance takes away."""

from __future__ import annotations

from collections.abc import Iterator

from havipcfg.cluster.context import Context
from havipcfg.diagnostics import Label
from havipcfg.findings import ERROR, WARNING, Finding
from havipcfg.keepalived.version import Version
from havipcfg.keepalived.vrrp_instance import VrrpInstance
from havipcfg.rules.edits import removal
from havipcfg.rules.registry import rule
from havipcfg.source import Span
from havipcfg.syntax.statement import Statement

REFUSES_UNICAST = Version(2, 2, 8)
"""From this release on, strict mode refuses unicast peers (2.2.7 accepts them, 2.4.3 does not)."""


def strict_line(instance: VrrpInstance, context: Context) -> Statement | None:
    """The line that puts an instance into strict mode."""
    if instance.strict_mode is not None:
        return instance.place("strict_mode")
    settings = context.conf.global_defs
    return settings.place("vrrp_strict") if settings is not None else None


def strict_label(instance: VrrpInstance, context: Context) -> tuple[Label, ...]:
    """The line that puts an instance into strict mode, for a finding's related places."""
    line = strict_line(instance, context)
    return (Label(line.span, "strict mode"),) if line is not None else ()


@rule("KC330", "address-does-not-answer", ERROR, of=VrrpInstance, fix="unsafe")
def address_does_not_answer(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """A virtual address that takes no packets.

    ## What it does
    Reports an instance that runs in strict mode without `accept`, or has `no_accept`, and is
    not the owner of the address.

    ## Why it matters
    keepalived installs a packet filter that drops everything sent to the virtual address. The
    address is up, and nothing behind it can be reached: not even a ping is answered.

    ## Example
    ```keepalived
    global_defs {
        vrrp_strict             # expect: KC330
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
    Leave `vrrp_strict` out.

    ## References
    - RFC 5798, 6.1 (Accept_Mode); keepalived.conf(5), "vrrp_strict" and "no_accept"
    """
    inforce = context.effective(instance)
    if inforce.owner:
        return
    if instance.no_accept and not inforce.strict:
        yield Finding(
            instance.at("no_accept"),
            f"no_accept drops every packet sent to the addresses of {instance.name}",
            why="a service behind the address cannot be reached, nor is a ping answered",
            advice="leave no_accept out, unless the node only routes",
            severity=WARNING,
            fix=removal("leave no_accept out", instance.place("no_accept"), safety="unsafe"),
        )
        return
    if not inforce.strict or (instance.accept and inforce.version == 3):
        return
    if inforce.unicast and context.target >= REFUSES_UNICAST:
        return
    line = strict_line(instance, context)
    yield Finding(
        instance.at() if line is None else line.span,
        "strict mode drops every packet sent to the virtual addresses",
        why="the address is up, but a service behind it cannot be reached, nor is a ping answered",
        advice="leave strict mode out",
        related=(Label(instance.at(), "this instance, for one"),),
        fix=removal("leave strict mode out", line, safety="unsafe"),
    )


@rule("KC331", "strict-mode-with-unicast", ERROR, of=VrrpInstance, given="unicast_peer", keepalived=True, fix="safe")
def strict_mode_with_unicast(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """Strict mode together with unicast peers.

    ## What it does
    Reports an instance that has unicast peers and runs in strict mode.

    ## Why it matters
    keepalived terminates after an upgrade: 2.2.7 still ran such a configuration, 2.4.3 refuses it.

    ## Example
    ```keepalived
    global_defs {
        vrrp_strict             # expect: KC331
    }

    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        unicast_src_ip 192.0.2.2
        unicast_peer {
            192.0.2.3
        }
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    Leave `vrrp_strict` out.

    ## References
    - keepalived.conf(5), "vrrp_strict"
    """
    if not context.effective(instance).strict:
        return
    refused = context.target >= REFUSES_UNICAST
    line = strict_line(instance, context)
    yield Finding(
        instance.at("unicast_peer") if line is None else line.span,
        "strict mode does not go together with unicast peers",
        why="keepalived terminates, with all instances of this file"
        if refused
        else f"keepalived {context.target} runs it, later releases terminate",
        advice="leave strict mode out",
        related=(Label(instance.at("unicast_peer"), "the peers of this instance, for one"),),
        severity=None if refused else WARNING,
        keepalived=refused,
        fix=removal("leave strict mode out", line, safety="safe" if refused else "unsafe"),
    )


@rule("KC332", "strict-mode-overrides", WARNING, of=VrrpInstance, keepalived=True, fix="safe")
def strict_mode_overrides(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """A setting that strict mode overrides.

    ## What it does
    Reports what keepalived resets in an instance because of strict mode: the initial state,
    `preempt_delay`, `down_timer_adverts`, `accept` in version 2, repeated gratuitous ARPs,
    adverts to nodes of other priority, a virtual MAC address of its own, `vmac_xmit_base`. Where
    strict mode also makes the address unreachable, only KC330 speaks.

    ## Why it matters
    The line stands in the file, and keepalived works with something else.

    ## Example
    ```keepalived
    global_defs {
        vrrp_strict
    }

    vrrp_instance web {
        state BACKUP
        interface eth0
        virtual_router_id 61
        priority 100
        version 3
        accept
        preempt_delay 60        # expect: KC332
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    Leave `vrrp_strict` out, or the setting.

    ## References
    - keepalived.conf(5), "vrrp_strict"
    """
    inforce = context.effective(instance)
    if not inforce.strict:
        return
    if inforce.state_reset:
        other = "BACKUP" if instance.state == "MASTER" else "MASTER"
        yield Finding(
            instance.at("state"),
            f"strict mode starts {instance.name} as {other}: priority {inforce.priority} says so",
            why="only the owner of the address, priority 255, may start as MASTER",
            advice=f"write state {other}",
            related=strict_label(instance, context),
            fix=removal("leave the state to the priority", instance.place("state")),
        )
    settings = context.conf.global_defs
    if settings is not None and settings.vrrp_down_timer_adverts not in (None, 3) and not instance.down_timer_adverts:
        yield Finding(
            settings.at("vrrp_down_timer_adverts"),
            "strict mode overrides vrrp_down_timer_adverts",
            why="keepalived waits for 3 adverts",
            advice="leave vrrp_down_timer_adverts out, or strict mode",
            related=strict_label(instance, context),
        )
    for keyword, taken in _overridden(instance, context):
        yield _override(instance.at(keyword), instance, keyword, taken, context)


def _override(span: Span, instance: VrrpInstance, keyword: str, taken: str, context: Context) -> Finding:
    return Finding(
        span,
        f"strict mode overrides {keyword} of {instance.name}",
        why=f"keepalived {taken}",
        advice=f"leave {keyword} out, or strict mode",
        related=strict_label(instance, context),
        fix=removal(f"leave {keyword} out", instance.place(keyword)) if keyword != "use_vmac" else None,
    )


def _overridden(instance: VrrpInstance, context: Context) -> Iterator[tuple[str, str]]:
    inforce = context.effective(instance)
    if instance.preempt_delay and not inforce.starts_as_master and not inforce.nopreempt:
        yield "preempt_delay", "takes the address back at once"
    if instance.down_timer_adverts not in (None, 3):
        yield "down_timer_adverts", "waits for 3 adverts"
    if instance.accept and inforce.version == 2:
        yield "accept", "drops every packet sent to the virtual addresses"
    if instance.garp_lower_prio_repeat:
        yield "garp_lower_prio_repeat", "sends no gratuitous ARPs after an advert of lower priority"
    if instance.garp_lower_prio_delay:
        yield "garp_lower_prio_delay", "sends no gratuitous ARPs after an advert of lower priority"
    if instance.lower_prio_no_advert is False:
        yield "lower_prio_no_advert", "does not answer adverts of lower priority"
    if instance.higher_prio_send_advert:
        yield "higher_prio_send_advert", "sends no last advert to a master of higher priority"
    if instance.vmac_xmit_base and instance.use_vmac is not None:
        yield "vmac_xmit_base", "sends adverts from the virtual MAC address"
    if instance.use_vmac is not None and instance.use_vmac.mac is not None:
        yield "use_vmac", "uses the MAC address of the standard"
    if instance.no_virtual_ipaddress and context.target >= Version(2, 2, 8):
        yield "no_virtual_ipaddress", "needs a virtual address, and terminates without"

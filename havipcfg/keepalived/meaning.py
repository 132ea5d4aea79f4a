"""What a configuration means: the same blocks with what is in force written out.

Two files of one meaning become equal: defaults of elections are filled in, what keepalived
drops is dropped, and so are a prefix length and an interface that go
without saying. ``diff`` compares these.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from havipcfg.keepalived.conf import KeepalivedConf
from havipcfg.keepalived.declare import Block
from havipcfg.keepalived.effective import Effective
from havipcfg.keepalived.entries import VirtualAddress
from havipcfg.keepalived.names import Names
from havipcfg.keepalived.tracking import VrrpScript
from havipcfg.keepalived.vrrp_authentication import Authentication
from havipcfg.keepalived.vrrp_instance import VrrpInstance

B = TypeVar("B", bound=Block)


def meaning(conf: KeepalivedConf) -> KeepalivedConf:
    """The configuration with everything in force written out; equal for files of one meaning but for order."""
    names = Names(conf)
    changes: dict[str, Any] = {}
    if conf.global_defs is not None and not conf.global_defs.given:
        changes["global_defs"] = None
    if conf.vrrp_instance:
        changes["vrrp_instance"] = tuple(_instance(Effective(conf, each, names)) for each in conf.vrrp_instance)
    if conf.vrrp_script:
        changes["vrrp_script"] = tuple(map(_script, conf.vrrp_script))
    return changed(conf, changes)


def changed(block: B, changes: dict[str, Any]) -> B:
    """The block with other values for some keywords; None and False take the keyword away."""
    fields = {name: getattr(block, name) for name in block.given} | changes
    kept = {name: value for name, value in fields.items() if name not in changes or value not in (None, False, ())}
    return type(block).bound(kept, None, {}, [])


def _instance(inforce: Effective) -> VrrpInstance:
    instance = inforce.instance
    authentication = inforce.authentication
    changes: dict[str, Any] = {
        "state": inforce.state,
        "priority": inforce.priority,
        "version": inforce.version,
        "advert_int": inforce.advert_int,
        "nopreempt": inforce.nopreempt,
        "preempt": False,
        "preempt_delay": inforce.preempt_delay or None,
        "authentication": Authentication.bound(
            {"auth_type": authentication[0], "auth_pass": authentication[1]}, None, {}, []
        )
        if authentication
        else None,
    }
    own = _shortened(instance.interface)
    for field in ("virtual_ipaddress", "virtual_ipaddress_excluded"):
        if instance.has(field):
            changes[field] = tuple(map(own, getattr(instance, field)))
    return changed(instance, changes)


def _shortened(interface: str | None) -> Callable[[VirtualAddress], VirtualAddress]:
    def shortened(entry: VirtualAddress) -> VirtualAddress:
        whole = entry.length == (32 if entry.family == 4 else 128)
        return replace(entry, prefix=None if whole else entry.length, dev=None if entry.dev == interface else entry.dev)

    return shortened


def _script(script: VrrpScript) -> VrrpScript:
    return changed(script, {"timeout": None if script.timeout == script.interval else script.timeout})

"""The rules: one small function each, its docstring the documentation page.

``MODULES`` is the one list of modules that hold rules. A module is imported when a run has
something for it to judge; ``load_all`` imports them all, for the documentation.
"""

from __future__ import annotations

from collections.abc import Set
from importlib import import_module

_SCRIPTS = (
    *("vrrp_script", "virtual_server", "global_defs"),
    *("notify", "notify_master", "notify_backup", "notify_fault", "notify_stop", "notify_deleted"),
    "notify_master_rx_lower_pri",
)
_TRACKERS = ("track_script", "track_interface", "track_file", "track_process", "track_bfd")

FILE: dict[str, tuple[str, ...]] = {
    "scripts": _SCRIPTS,
    "script_paths": _SCRIPTS,
    "script_texts": _SCRIPTS,
    "never_there": (*_SCRIPTS, "vrrp_instance"),
    "checks": ("vrrp_script",),
    "watched": ("vrrp_track_process", "track_file", "vrrp_track_file"),
    "tracking": ("vrrp_instance", "vrrp_script", "vrrp_sync_group"),
    "weights": _TRACKERS,
    "reversals": ("vrrp_script",),
    "instances": ("vrrp_instance",),
    "preemption": ("vrrp_instance",),
    "addresses": ("vrrp_instance",),
    "families": ("vrrp_instance",),
    "unicast": ("vrrp_instance",),
    "multicast": ("mcast_dst_ip", "track_src_ip", "vrf"),
    "strict": ("vrrp_strict", "strict_mode"),
    "authentication": ("authentication", "auth_hmac"),
    "vmac": ("use_vmac", "use_vmac_addr", "use_ipvlan", "vmac_xmit_base", "promote_secondaries"),
    "timers": ("advert_int", "interface_up_down_delays"),
    "groups": ("vrrp_sync_group", "track_group", "static_ipaddress", "static_routes", "static_rules"),
    "settings": ("global_defs", "garp_group"),
}
"""The modules with rules of one file, and the keywords of which a file must have one for a module to matter."""

LVS = (
    "lvs",
    "lvs_settings",
    "lvs_servers",
    "lvs_quorum",
    "lvs_groups",
    "lvs_checks",
    "lvs_tracked",
    "lvs_practice",
    "bfd",
)
CLUSTER = (
    "across",
    "across_addresses",
    "across_routes",
    "across_cluster",
    "across_groups",
    "across_roles",
    "across_transport",
    "peers",
    "copied",
    "balance",
    "balance_checks",
    "neighbours",
)
VERIFIED = ("failover",)
MOST_VERIFIED = 12
"""In a run over more clusters than this, failovers are left to ``havipcfg verify``."""
HOST = ("host", "host_scripts")
CLOUD = ("cloud", "cloud_addresses", "cloud_announcements", "cloud_nodes")
MODULES = (*FILE, *LVS, *CLUSTER, *VERIFIED, *CLOUD, *HOST)


_LOADED: set[str] = set()


def of_file(given: Set[str]) -> list[str]:
    """The modules of ``FILE`` that can have something to say of a file with these keywords."""
    return [module for module, keywords in FILE.items() if not given.isdisjoint(keywords)]


def load(*modules: str) -> None:
    """Import rule modules by name, so that their rules are declared."""
    for module in modules:
        if module not in _LOADED:
            import_module(f"{__name__}.{module}")
            _LOADED.add(module)


def load_all() -> None:
    """Import everything that declares a rule."""
    for package in (
        *("syntax.problems", "keepalived.problems", "keepalived.lvs_problems", "keepalived.bfd_problems"),
        *("linter.suppress", "linter.empty", "linter.views", "linter.identities", "cluster.codes", "cluster.refusals"),
    ):
        import_module(f"havipcfg.{package}")
    load(*MODULES)

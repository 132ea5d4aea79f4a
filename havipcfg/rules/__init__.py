"""The rules: one small function each, its docstring the documentation page.

``MODULES`` is the one list of modules that hold rules. A module is imported when a run has
something for it to judge; ``load_all`` imports them all, for the documentation.
"""

from __future__ import annotations

from importlib import import_module

FILE = (
    "scripts",
    "script_paths",
    "script_texts",
    "checks",
    "watched",
    "tracking",
    "weights",
    "instances",
    "preemption",
    "addresses",
    "families",
    "unicast",
    "multicast",
    "strict",
    "authentication",
    "vmac",
    "timers",
    "groups",
    "settings",
)
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
    "across_cluster",
    "across_roles",
    "across_transport",
    "peers",
    "balance",
    "balance_checks",
    "neighbours",
)
HOST = ("host", "host_scripts")
CLOUD = ("cloud", "cloud_addresses", "cloud_announcements", "cloud_nodes")
MODULES = (*FILE, *LVS, *CLUSTER, *CLOUD, *HOST)


def load(*modules: str) -> None:
    """Import rule modules by name, so that their rules are declared."""
    for module in modules:
        import_module(f"{__name__}.{module}")


def load_all() -> None:
    """Import everything that declares a rule."""
    import_module("havipcfg.keepalived.problems")
    load(*MODULES)

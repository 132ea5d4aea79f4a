"""What one file defines and uses, by name; made once a file, so that looking up stays cheap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from havipcfg.once import once

if TYPE_CHECKING:
    from havipcfg.keepalived.conf import KeepalivedConf
    from havipcfg.keepalived.declare import Block
    from havipcfg.keepalived.entries import VirtualAddress
    from havipcfg.keepalived.virtual_server_group import VirtualServerGroup
    from havipcfg.keepalived.vrrp_instance import VrrpInstance
    from havipcfg.keepalived.vrrp_sync_group import VrrpSyncGroup

DEFINED_BY = {
    "track_script": ("vrrp_script",),
    "track_process": ("vrrp_track_process",),
    "track_file": ("track_file", "vrrp_track_file"),
    "track_bfd": ("bfd_instance",),
}
"""The block keyword that lists trackers, and the blocks that define what it may name."""


class Names:
    """The names of one file."""

    def __init__(self, conf: KeepalivedConf) -> None:
        self.conf = conf

    @once
    def instances(self) -> dict[str, VrrpInstance]:
        """The instances by name."""
        return {instance.name: instance for instance in self.conf.vrrp_instance}

    @once
    def addresses(self) -> dict[str, VirtualAddress]:
        """The virtual addresses of all instances, by their text."""
        return {
            entry.address: entry
            for instance in self.conf.vrrp_instance
            for entry in (*instance.virtual_ipaddress, *instance.virtual_ipaddress_excluded)
        }

    @once
    def groups(self) -> dict[str, VrrpSyncGroup]:
        """The sync group of an instance: the first that lists it."""
        found: dict[str, VrrpSyncGroup] = {}
        for group in self.conf.vrrp_sync_group:
            for member in group.group:
                found.setdefault(member.name, group)
        return found

    @once
    def definitions(self) -> dict[str, dict[str, Block]]:
        """For each keyword of ``DEFINED_BY``: the first block of a name."""
        found: dict[str, dict[str, Block]] = {}
        for keyword, definitions in DEFINED_BY.items():
            named = found.setdefault(keyword, {})
            for definition in definitions:
                for block in getattr(self.conf, definition):
                    name = getattr(block, "name", None)
                    if name:
                        named.setdefault(name, block)
        return found

    @once
    def server_groups(self) -> dict[str, list[VirtualServerGroup]]:
        """The virtual server groups by name, in the order of the file."""
        found: dict[str, list[VirtualServerGroup]] = {}
        for group in self.conf.virtual_server_group:
            found.setdefault(group.name, []).append(group)
        return found

    @once
    def undefined(self) -> dict[str, list[str]]:
        """For each keyword of ``DEFINED_BY``: the names that are listed and that no block defines."""
        return {
            keyword: [n for n in names if n not in self.definitions[keyword]] for keyword, names in self.tracked.items()
        }

    @once
    def tracked(self) -> dict[str, frozenset[str]]:
        """For each keyword of ``DEFINED_BY``: the names that some instance or sync group lists."""
        users = (*self.conf.vrrp_instance, *self.conf.vrrp_sync_group)
        return {
            keyword: frozenset(tracker.name for block in users for tracker in getattr(block, keyword))
            for keyword in DEFINED_BY
        }

"""``vrrp_sync_group``: instances that change state together."""

from typing import ClassVar

from havipcfg.keepalived.declare import Entries, header, keyword
from havipcfg.keepalived.entries import Name
from havipcfg.keepalived.lines import NameEntry
from havipcfg.keepalived.values import Bool, Flag, Word
from havipcfg.keepalived.vrrp_following import Following


class VrrpSyncGroup(Following):
    """Instances that change state together."""

    needs: ClassVar[tuple[str, ...]] = ("group",)

    name: str = header("Name of the group, unique on the node.", Word())
    group: tuple[Name, ...] = keyword(
        "Names of the instances.",
        Entries(NameEntry(), many=True, filled=True),
        default=(),
        since="0.6.4",
        repeat="first",
        required=True,
    )
    sync_group_tracking_weight: bool = keyword(
        "Allows weights on what the members watch.",
        Flag(),
        default=False,
        since="2.0.0",
    )
    global_tracking: bool = keyword(
        "Watches for all members what one of them watches; has no effect today.",
        Flag(),
        default=False,
        since="1.2.3",
        deprecated="track_interface, track_script or track_file of the sync group",
        deprecation_reported=True,
    )
    notify_priority_changes: bool | None = keyword(
        "Writes changes of priority to the named pipes too.",
        Bool(),
        since="2.2.0",
        default_note="vrrp_notify_priority_changes",
    )

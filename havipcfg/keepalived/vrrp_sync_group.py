"""vrrp_sync_group"""

from havipcfg.keepalived.declare import Block, Entries, header, keyword
from havipcfg.keepalived.entries import Name, ScriptCommand, Tracker
from havipcfg.keepalived.lines import (
    NameEntry,
    TrackBfdEntry,
    TrackFileEntry,
    TrackInterfaceEntry,
    TrackProcessEntry,
    TrackScriptEntry,
)
from havipcfg.keepalived.scripts import Script
from havipcfg.keepalived.values import Bool, Flag, Word


class VrrpSyncGroup(Block):
    """Ties VRRP instances together so they change state as one."""

    # HEADER vrrp_sync_group <name>
    name: str = header("The name that the rest of the file uses for it.", Word())
    group: tuple[Name, ...] = keyword(
        "Members (VRRP instance names), on one or several lines.",
        Entries(NameEntry(), many=True),
        default=(),
        since="0.6.4",
        repeat="adds",
        required=True,
    )
    track_interface: tuple[Tracker, ...] = keyword(
        "Interfaces that influence all members of the group.",
        Entries(TrackInterfaceEntry()),
        default=(),
        since="2.0.0",
        repeat="adds",
    )
    track_script: tuple[Tracker, ...] = keyword(
        "vrrp_script blocks that influence all members of the group.",
        Entries(TrackScriptEntry()),
        default=(),
        since="2.0.0",
        repeat="adds",
    )
    track_file: tuple[Tracker, ...] = keyword(
        "track_file blocks that influence all members of the group.",
        Entries(TrackFileEntry()),
        default=(),
        since="2.0.0",
        repeat="adds",
    )
    track_process: tuple[Tracker, ...] = keyword(
        "vrrp_track_process blocks that influence all members of the group.",
        Entries(TrackProcessEntry()),
        default=(),
        since="2.0.11",
        repeat="adds",
        builds=("TRACK_PROCESS",),
    )
    track_bfd: tuple[Tracker, ...] = keyword(
        "bfd_instance blocks that influence all members of the group.",
        Entries(TrackBfdEntry()),
        default=(),
        since="2.0.0",
        repeat="adds",
        builds=("BFD",),
    )
    notify_backup: ScriptCommand | None = keyword(
        "Script run on entering BACKUP.", Script(with_user=True), since="0.6.4", repeat="first"
    )
    notify_master: ScriptCommand | None = keyword(
        "Script run on entering MASTER.", Script(with_user=True), since="0.6.4", repeat="first"
    )
    notify_fault: ScriptCommand | None = keyword(
        "Script run on entering FAULT.", Script(with_user=True), since="0.6.4", repeat="first"
    )
    notify_stop: ScriptCommand | None = keyword(
        "Script run on stopping VRRP.", Script(with_user=True), since="2.0.0", repeat="first"
    )
    notify: ScriptCommand | None = keyword(
        "Script run after the specific ones for any transition, with 4 extra arguments (INSTANCE|GROUP, name, state, priority).",
        Script(with_user=True),
        since="1.1.2",
        repeat="first",
    )
    smtp_alert: bool | None = keyword(
        "Send mail on state changes.",
        Bool(),
        since="1.0.0",
        default_note="global smtp_alert_vrrp, else smtp_alert, else false",
    )
    notify_priority_changes: bool | None = keyword("Also report priority changes on the FIFOs.", Bool(), since="2.2.0")
    global_tracking: bool = keyword(
        "Old way to share tracking; now the same as sync_group_tracking_weight plus an error message.",
        Flag(),
        default=False,
        since="1.2.3",
        deprecated="track_interface/track_script/track_file in the sync group",
        deprecation_reported=True,
    )
    sync_group_tracking_weight: bool = keyword(
        "Allow weighted trackers on members of the sync group.", Flag(), default=False, since="2.0.0"
    )

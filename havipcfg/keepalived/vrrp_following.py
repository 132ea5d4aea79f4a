"""What instances and sync groups have in common: trackers, notifications."""

from havipcfg.keepalived.declare import Block, Entries, keyword
from havipcfg.keepalived.entries import ScriptCommand, Tracker
from havipcfg.keepalived.lines import (
    TrackBfdEntry,
    TrackFileEntry,
    TrackInterfaceEntry,
    TrackProcessEntry,
    TrackScriptEntry,
)
from havipcfg.keepalived.scripts import Script
from havipcfg.keepalived.values import Bool


class Following(Block):
    """What an instance or a sync group watches, and whom it tells."""

    track_interface: tuple[Tracker, ...] = keyword(
        "Interfaces whose state changes the priority or leads to FAULT.",
        Entries(TrackInterfaceEntry()),
        default=(),
        since="1.0.1",
        repeat="adds",
    )
    track_script: tuple[Tracker, ...] = keyword(
        "Scripts whose result changes the priority or leads to FAULT.",
        Entries(TrackScriptEntry()),
        default=(),
        since="1.1.13",
        repeat="adds",
    )
    track_file: tuple[Tracker, ...] = keyword(
        "Files whose number changes the priority or leads to FAULT.",
        Entries(TrackFileEntry()),
        default=(),
        since="2.0.0",
        repeat="adds",
    )
    track_process: tuple[Tracker, ...] = keyword(
        "Processes whose presence changes the priority or leads to FAULT.",
        Entries(TrackProcessEntry()),
        default=(),
        since="2.0.11",
        repeat="adds",
        builds=("TRACK_PROCESS",),
    )
    track_bfd: tuple[Tracker, ...] = keyword(
        "BFD sessions whose state changes the priority or leads to FAULT.",
        Entries(TrackBfdEntry()),
        default=(),
        since="2.0.0",
        repeat="adds",
        builds=("BFD",),
    )
    notify_master: ScriptCommand | None = keyword(
        "Command run on becoming master.",
        Script(with_user=True),
        since="0.5.9",
        repeat="first",
    )
    notify_backup: ScriptCommand | None = keyword(
        "Command run on becoming backup.",
        Script(with_user=True),
        since="0.5.9",
        repeat="first",
    )
    notify_fault: ScriptCommand | None = keyword(
        "Command run on entering FAULT.",
        Script(with_user=True),
        since="0.5.9",
        repeat="first",
    )
    notify_stop: ScriptCommand | None = keyword(
        "Command run when keepalived stops.",
        Script(with_user=True),
        since="1.1.13",
        repeat="first",
    )
    notify: ScriptCommand | None = keyword(
        "Command run on every change of state; gets INSTANCE or GROUP, the name, the state and the priority.",
        Script(with_user=True),
        since="0.5.3",
        repeat="first",
    )
    smtp_alert: bool | None = keyword(
        "Sends mail on changes of state.",
        Bool(),
        since="0.5.7",
        default_note="smtp_alert_vrrp, else smtp_alert",
    )
    notify_priority_changes: bool | None = keyword(
        "Writes changes of priority to the named pipes too.",
        Bool(),
        since="2.0.16",
        default_note="that of the sync group, else vrrp_notify_priority_changes",
    )

"""A node's configuration as the rehearsal runs it: the same elections, but nothing that reaches outside the lab.

The text is printed from the logical lines as keepalived reads them (includes, definitions and conditions resolved);
lines are left out or replaced by what they are in the typed model, never by their look.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from havipcfg.keepalived.conf import KeepalivedConf
from havipcfg.keepalived.load import Reading
from havipcfg.keepalived.tracking import TrackFile, VrrpTrackFile
from havipcfg.rehearsal.node import switch_path
from havipcfg.syntax.statement import Statement

OUTSIDE = (
    "net_namespace",
    "net_namespace_ipvs",
    "namespace_with_ipsets",
    "instance",
    "use_pid_dir",
    "bfd_instance",
    "vrrp_track_process",
)
"""Of the file: would leave the node's namespace, or does not work in one.

keepalived learns of processes from a kernel channel that exists in the first network namespace alone.
"""
OUTSIDE_GLOBALS = (
    "notification_email",
    "notification_email_from",
    "smtp_server",
    "smtp_alert",
    "smtp_alert_vrrp",
    "notify_fifo",
    "notify_fifo_script",
    "vrrp_notify_fifo",
    "vrrp_notify_fifo_script",
    "startup_script",
    "shutdown_script",
    "snmp_socket",
    "enable_snmp_vrrp",
    "enable_snmp_rfc",
    "enable_snmp_rfcv2",
    "enable_snmp_rfcv3",
    "enable_traps",
    "enable_dbus",
    "dbus_service_name",
    "tmp_config_directory",
    "reload_file",
    "vrrp_cpu_affinity",
    "lvs_sync_daemon",
    "script_user",
)
NOTIFIES = (
    "notify",
    "notify_master",
    "notify_backup",
    "notify_fault",
    "notify_stop",
    "notify_deleted",
    "notify_master_rx_lower_pri",
    "smtp_alert",
    "lvs_sync_daemon_interface",
)
ONLY_SCRIPTS = ("script", "user")
SWITCHES_RUN_AS = "global_defs {\n    script_user root\n    enable_script_security\n}\n"
"""The configuration's own user for scripts may not exist on this machine; keepalived would then remove the checks."""


def rehearsed(reading: Reading, *, unusable: Iterable[str] = (), real_checks: bool = False) -> str:
    """The text that the node's keepalived gets in a rehearsal.

    Scripts and tracked files become switches, notify scripts, mail and other ways out are left out; with
    ``real_checks`` scripts and notify stay as they are. ``unusable`` names the vrrp_scripts that keepalived would
    remove at start: they get a path that is not there, so that it does.
    """
    conf = reading.conf
    replaced: dict[int, str | None] = {}
    for name in OUTSIDE:
        _drop(replaced, conf.place(name))
    for block in (*conf.bfd_instance, *conf.vrrp_track_process):
        _drop(replaced, block.statement)
    for router in (*conf.vrrp_instance, *conf.vrrp_sync_group):
        for name in ("track_process", "track_bfd"):
            _drop(replaced, router.place(name))
            _drop_repeats(replaced, router.repeats, (name,))
    files: tuple[TrackFile | VrrpTrackFile, ...] = (*conf.track_file, *conf.vrrp_track_file)
    for tracked in files:
        _replace(replaced, tracked.place("file"), f"file {switch_path(tracked.name)}")
        _drop(replaced, tracked.place("init_file"))
        _drop_repeats(replaced, tracked.repeats, ("file", "init_file"))
    if not real_checks:
        _neutral(conf, replaced, set(unusable))
    text = "\n".join(_lines(reading.document.statements, replaced)) + "\n"
    return text if real_checks else SWITCHES_RUN_AS + text


def _neutral(conf: KeepalivedConf, replaced: dict[int, str | None], unusable: set[str]) -> None:
    for script in conf.vrrp_script:
        there = switch_path(script.name) + (".unusable" if script.name in unusable else "")
        _replace(replaced, script.place("script"), f'script "{there}"')
        _drop(replaced, script.place("user"))
        _drop_repeats(replaced, script.repeats, ONLY_SCRIPTS)
    if conf.global_defs is not None:
        for name in OUTSIDE_GLOBALS:
            _drop(replaced, conf.global_defs.place(name))
        _drop_repeats(replaced, conf.global_defs.repeats, OUTSIDE_GLOBALS)
    for router in (*conf.vrrp_instance, *conf.vrrp_sync_group):
        for name in NOTIFIES:
            _drop(replaced, router.place(name))
        _drop_repeats(replaced, router.repeats, NOTIFIES)


def _drop(replaced: dict[int, str | None], line: Statement | None) -> None:
    if line is not None:
        replaced[id(line)] = None


def _replace(replaced: dict[int, str | None], line: Statement | None, text: str) -> None:
    if line is not None:
        replaced[id(line)] = text


def _drop_repeats(
    replaced: dict[int, str | None], repeats: Iterable[tuple[str, Statement]], names: tuple[str, ...]
) -> None:
    for name, line in repeats:
        if name in names:
            replaced[id(line)] = None


def _lines(statements: Iterable[Statement], replaced: dict[int, str | None], depth: int = 0) -> Iterator[str]:
    margin = "    " * depth
    for statement in statements:
        text = replaced.get(id(statement), statement.text)
        if text is None:
            continue
        if statement.body is None:
            yield margin + text
        else:
            yield margin + f"{text} {{".lstrip()
            yield from _lines(statement.body, replaced, depth + 1)
            yield margin + "}"

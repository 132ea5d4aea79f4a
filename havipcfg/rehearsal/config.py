"""A node's configuration as the rehearsal runs it: the same elections, but nothing that reaches outside the lab.

The text is printed from the logical lines as keepalived reads them (includes, definitions and conditions resolved).
Lines are left out or replaced by the keyword and the block they stand in, as keepalived itself takes them: so it is
also in blocks and repeated lines that the typed model throws away but another keepalived may not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from havipcfg.keepalived.load import Reading
from havipcfg.rehearsal.node import switch_path
from havipcfg.syntax.statement import Statement


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


OUTSIDE = _words("""
    net_namespace net_namespace_ipvs namespace_with_ipsets instance use_pid_dir
    bfd_instance vrrp_track_process SSL virtual_server virtual_server_group
""")
"""Would leave the node's namespace, does not work in one, or is no matter of elections.

keepalived learns of processes from a kernel channel that exists in the first network namespace alone.
"""
OUTSIDE_GLOBALS = OUTSIDE | _words("""
    notification_email notification_email_from smtp_server smtp_alert smtp_alert_vrrp smtp_alert_checker
    notify_fifo notify_fifo_script vrrp_notify_fifo vrrp_notify_fifo_script lvs_notify_fifo lvs_notify_fifo_script
    startup_script shutdown_script
    snmp_socket enable_traps enable_snmp_vrrp enable_snmp_keepalived enable_snmp_checker
    enable_snmp_rfc enable_snmp_rfcv2 enable_snmp_rfcv3 enable_dbus dbus_service_name dbus_no_interface_name
    reload_check_config reload_file reload_time_file config_save_dir tmp_config_directory
    state_dump_file stats_dump_file json_dump_file umask
    lvs_sync_daemon lvs_flush lvs_flush_on_stop lvs_flush_onstop
    vrrp_priority vrrp_no_swap vrrp_rt_priority vrrp_cpu_affinity vrrp_rlimit_rttime vrrp_rlimit_rtime
    checker_priority checker_no_swap checker_rt_priority checker_cpu_affinity checker_rlimit_rttime
    checker_rlimit_rtime bfd_priority bfd_no_swap bfd_rt_priority bfd_cpu_affinity bfd_rlimit_rttime bfd_rlimit_rtime
""")
"""Of global_defs: talks to others, writes files, runs programs, or takes more of the machine than its share."""
OUTSIDE_ROUTERS = _words("track_process track_bfd smtp_alert lvs_sync_daemon_interface")
NOTIFIES = _words("""
    notify notify_master notify_backup notify_fault notify_stop notify_deleted notify_master_rx_lower_pri
""")
SWITCHES_RUN_AS = ("global_defs {", "    script_user root", "    enable_script_security", "}")
"""The configuration's own user for scripts may not exist on this machine; keepalived would then remove the checks."""


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """The text that a node's keepalived gets, and for each of its lines the place it came from, as ``file:line``."""

    text: str
    origins: tuple[str, ...]


def rehearsed(reading: Reading, checks: Mapping[str, bool], *, real_checks: bool = False) -> Rehearsed:
    """The configuration that the node's keepalived gets in a rehearsal.

    Scripts and tracked files become switches, notify scripts, mail and other ways out are left out; with
    ``real_checks`` check and notify scripts stay as they are. ``checks`` are those that an instance tracks, and whether
    they are usable: a vrrp_script that keepalived would remove at start gets a path that is not there, so that it does.
    """
    routers = OUTSIDE_ROUTERS if real_checks else OUTSIDE_ROUTERS | NOTIFIES
    dropped = {
        "": OUTSIDE,
        "global_defs": OUTSIDE_GLOBALS if real_checks else OUTSIDE_GLOBALS | {"script_user"},
        "vrrp_instance": routers,
        "vrrp_sync_group": routers,
    }
    printer = _Printer(dropped, checks, real_checks=real_checks)
    lines = [] if real_checks else [(line, "") for line in SWITCHES_RUN_AS]
    lines += printer.lines(reading.document.statements)
    return Rehearsed("".join(f"{line}\n" for line, _ in lines), tuple(origin for _, origin in lines))


class _Printer:
    """Prints statements; ``dropped`` names, for each outermost block and for none, the keywords to leave out."""

    def __init__(
        self, dropped: Mapping[str, Collection[str]], checks: Mapping[str, bool], *, real_checks: bool
    ) -> None:
        self._dropped, self._checks, self._real_checks = dropped, checks, real_checks

    def lines(self, statements: Iterable[Statement]) -> Iterator[tuple[str, str]]:
        """The lines and their origins."""
        for statement in statements:
            if _keyword(statement) in self._dropped[""]:
                continue
            switched = self._switched(statement)
            if switched and _name(statement) not in self._checks:
                continue
            inside = switched or self._dropped.get(_keyword(statement), ())
            lines = _printed(statement, inside)
            yield next(lines)
            yield from self._switch(statement)
            yield from lines

    def _switched(self, statement: Statement) -> tuple[str, ...]:
        match _keyword(statement):
            case "vrrp_script" if not self._real_checks:
                return "script", "user"
            case "track_file" | "vrrp_track_file":
                return "file", "init_file"
        return ()

    def _switch(self, statement: Statement) -> Iterator[tuple[str, str]]:
        """The line that stands for the program or file of a check."""
        switched = self._switched(statement)
        line = next((line for line in statement.body or () if _keyword(line) in switched[:1]), None)
        if line is not None:
            path = switch_path(_name(statement)) + ("" if self._checks[_name(statement)] else ".unusable")
            yield f'    {switched[0]} "{path}"', _origin(line)


def _printed(statement: Statement, dropped: Collection[str], margin: str = "") -> Iterator[tuple[str, str]]:
    origin = _origin(statement)
    if statement.body is None:
        yield margin + statement.text, origin
        return
    yield margin + f"{statement.text} {{".lstrip(), origin
    for line in statement.body:
        if _keyword(line) not in dropped:
            yield from _printed(line, (), margin + "    ")
    yield margin + "}", origin


def _origin(statement: Statement) -> str:
    return f"{statement.source.name}:{statement.source.position(statement.start)[0]}"


def _keyword(statement: Statement) -> str:
    return statement.words[0] if statement.words else ""


def _name(statement: Statement) -> str:
    return statement.words[1] if len(statement.words) > 1 else ""

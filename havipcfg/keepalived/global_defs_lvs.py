"""``global_defs``: settings of LVS, and of the checker and BFD processes."""

from havipcfg.keepalived.declare import Block, keyword
from havipcfg.keepalived.entries import ScriptCommand
from havipcfg.keepalived.lvs_options import LvsTimeoutOptions, LvsTimeouts, SyncDaemon, SyncDaemonOptions
from havipcfg.keepalived.process_options import Cpus, Fifo, Fifos
from havipcfg.keepalived.scripts import Script
from havipcfg.keepalived.values import Bool, Choice, Flag, Integer, Unsigned, Word


class LvsDefaults(Block):
    """Settings of LVS, and of the checker and BFD processes."""

    checker_log_all_failures: bool | None = keyword(
        "Logs every failed check, not only the one that takes a real server out.",
        Bool(),
        default=False,
        since="2.0.11",
        scope="checker",
    )
    lvs_timeouts: LvsTimeouts | None = keyword(
        "When IPVS forgets idle connections.",
        LvsTimeoutOptions(),
        since="1.2.24",
        missing="reported",
        scope="checker",
        default_note="the kernel's own",
    )
    lvs_flush: bool = keyword(
        "Clears all of IPVS when keepalived starts.",
        Flag(),
        default=False,
        since="1.2.23",
        scope="checker",
    )
    lvs_flush_on_stop: bool | str | None = keyword(
        "Clears IPVS when keepalived stops: all of it, or the virtual servers alone.",
        Choice("VS", optional=True),
        default=False,
        since="2.2.0",
        scope="checker",
    )
    lvs_flush_onstop: bool | str | None = keyword(
        "Former name of lvs_flush_on_stop.",
        Choice("VS", optional=True),
        since="2.0.15",
        deprecated="lvs_flush_on_stop",
        alias_of="lvs_flush_on_stop",
        scope="checker",
    )
    lvs_sync_daemon: SyncDaemon | None = keyword(
        "Runs the IPVS connection sync daemon, in step with an instance.",
        SyncDaemonOptions(),
        since="1.2.20",
        missing="reported",
        repeat="first",
        scope="vrrp+checker",
        default_note="none; its id is the VRID of the instance, its port 8848, its group 224.0.0.81",
    )
    checker_priority: int | None = keyword(
        "Nice value of the checker process.",
        Integer(-20, 19),
        since="1.2.20",
        missing="reported",
        absent=0,
        beyond=0,
        scope="checker",
        default_note="unchanged, 0",
    )
    checker_no_swap: bool = keyword(
        "Keeps the checker process in memory.",
        Flag(),
        default=False,
        since="1.2.20",
        scope="checker",
    )
    checker_rt_priority: int | None = keyword(
        "Real-time priority of the checker process.",
        Integer(1, 99, clamp=True),
        since="2.0.0",
        missing="reported",
        scope="checker",
        default_note="no real-time scheduling",
    )
    checker_cpu_affinity: tuple[int, ...] | None = keyword(
        "CPUs that the checker process may run on.",
        Cpus(),
        since="2.0.17",
        missing="reported",
        scope="checker",
        default_note="all",
    )
    checker_rlimit_rttime: int | None = keyword(
        "Longest time the checker process may compute without a pause at real-time priority.",
        Unsigned(1, 4294967295),
        default=10000,
        since="2.1.0",
        beyond=0,
        unit="microseconds",
        scope="checker",
    )
    checker_rlimit_rtime: int | None = keyword(
        "Former name of checker_rlimit_rttime.",
        Unsigned(1, 4294967295),
        since="2.0.0",
        deprecated="checker_rlimit_rttime",
        alias_of="checker_rlimit_rttime",
        beyond=0,
        unit="microseconds",
        scope="checker",
    )
    bfd_priority: int | None = keyword(
        "Nice value of the BFD process.",
        Integer(-20, 19),
        since="2.0.0",
        missing="reported",
        absent=0,
        beyond=0,
        scope="bfd",
        default_note="unchanged, 0",
    )
    bfd_no_swap: bool = keyword(
        "Keeps the BFD process in memory.",
        Flag(),
        default=False,
        since="2.0.0",
        scope="bfd",
    )
    bfd_rt_priority: int | None = keyword(
        "Real-time priority of the BFD process.",
        Integer(1, 99, clamp=True),
        since="2.0.0",
        missing="reported",
        scope="bfd",
        default_note="no real-time scheduling",
    )
    bfd_cpu_affinity: tuple[int, ...] | None = keyword(
        "CPUs that the BFD process may run on.",
        Cpus(),
        since="2.0.17",
        missing="reported",
        scope="bfd",
        default_note="all",
    )
    bfd_rlimit_rttime: int | None = keyword(
        "Longest time the BFD process may compute without a pause at real-time priority.",
        Unsigned(1, 4294967295),
        default=10000,
        since="2.1.0",
        beyond=0,
        unit="microseconds",
        scope="bfd",
    )
    bfd_rlimit_rtime: int | None = keyword(
        "Former name of bfd_rlimit_rttime.",
        Unsigned(1, 4294967295),
        since="2.0.0",
        deprecated="bfd_rlimit_rttime",
        alias_of="bfd_rlimit_rttime",
        beyond=0,
        unit="microseconds",
        scope="bfd",
    )
    nftables_ipvs: str | None = keyword(
        "Table of nftables that marks packets for virtual server groups.",
        Word("TABLE", optional="keepalived_ipvs"),
        since="2.2.2",
        repeat="first",
        scope="checker",
        builds=("NFTABLES",),
        default_note="not used; without a name keepalived_ipvs",
    )
    nftables_ipvs_priority: int | None = keyword(
        "Priority of keepalived's nftables chains for LVS.",
        Integer(-2147483648, 2147483647, strict=True),
        default=-1,
        since="2.2.2",
        scope="checker",
        builds=("NFTABLES",),
    )
    nftables_ipvs_start_fwmark: int | None = keyword(
        "First firewall mark that nftables_ipvs hands out.",
        Unsigned(1, 4294967295, strict=True),
        default=1000,
        since="2.2.2",
        scope="checker",
        builds=("NFTABLES",),
    )
    lvs_notify_fifo: Fifo | None = keyword(
        "Named pipe that gets the state changes of virtual and real servers.",
        Fifos(),
        since="1.3.6",
        missing="reported",
        repeat="first",
        scope="checker",
    )
    lvs_notify_fifo_script: ScriptCommand | None = keyword(
        "Program that keepalived starts to read lvs_notify_fifo; the path of the pipe is its last argument.",
        Script(with_user=True),
        since="1.3.6",
        missing="reported",
        repeat="first",
        scope="checker",
    )
    lvs_netlink_cmd_rcv_bufs: int | None = keyword(
        "Receive buffer of the checker's socket for commands to the kernel.",
        Unsigned(0, 4294967295),
        since="2.0.0",
        missing="reported",
        unit="bytes",
        scope="checker",
        default_note="the kernel's own",
    )
    lvs_netlink_cmd_rcv_bufs_force: bool | None = keyword(
        "Lets lvs_netlink_cmd_rcv_bufs exceed the kernel's limit.",
        Bool(),
        default=False,
        since="2.0.0",
        scope="checker",
    )
    lvs_netlink_monitor_rcv_bufs: int | None = keyword(
        "Receive buffer of the checker's socket that watches interfaces.",
        Unsigned(0, 4294967295),
        since="2.0.0",
        missing="reported",
        unit="bytes",
        scope="checker",
        default_note="the kernel's own",
    )
    lvs_netlink_monitor_rcv_bufs_force: bool | None = keyword(
        "Lets lvs_netlink_monitor_rcv_bufs exceed the kernel's limit.",
        Bool(),
        default=False,
        since="2.0.0",
        scope="checker",
    )
    rs_init_notifies: bool | None = keyword(
        "Runs notify_up of real servers when they first come up.",
        Bool(),
        default=False,
        since="2.0.0",
        scope="checker",
    )

"""``global_defs``: settings of the processes themselves: names, scheduling, scripts, files."""

from havipcfg.keepalived.declare import Block, keyword
from havipcfg.keepalived.entries import ScriptCommand
from havipcfg.keepalived.process_options import Fifo, Fifos, IncludeChecks, Umask, User, Users
from havipcfg.keepalived.scripts import Script
from havipcfg.keepalived.values import Bool, Flag, Integer, Unsigned, Word


class Processes(Block):
    """Settings of the processes themselves: names, scheduling, scripts, files."""

    process_names: bool = keyword(
        "Names the child processes apart: keepalived_vrrp, keepalived_lvs, keepalived_bfd.",
        Flag(),
        default=False,
        since="2.0.16",
        scope="global",
    )
    process_name: str | None = keyword(
        "Name of the parent process in the process list.",
        Word(longest=15),
        default="keepalived",
        since="2.0.16",
        scope="global",
    )
    vrrp_process_name: str | None = keyword(
        "Name of the VRRP process in the process list.",
        Word(longest=15),
        since="2.0.16",
        default_note="keepalived, or keepalived_vrrp with process_names",
    )
    checker_process_name: str | None = keyword(
        "Name of the LVS checker process in the process list.",
        Word(longest=15),
        since="2.2.0",
        scope="checker",
        default_note="keepalived, or keepalived_lvs with process_names",
    )
    bfd_process_name: str | None = keyword(
        "Name of the BFD process in the process list.",
        Word(longest=15),
        since="2.0.16",
        scope="bfd",
        default_note="keepalived, or keepalived_bfd with process_names",
    )
    lvs_process_name: str | None = keyword(
        "Former name of checker_process_name.",
        Word(longest=15),
        since="2.0.16",
        deprecated="checker_process_name",
        alias_of="checker_process_name",
        scope="checker",
    )
    use_symlink_paths: bool | None = keyword(
        "Runs scripts under the path as written instead of resolving symbolic links first.",
        Bool(),
        default=False,
        since="2.3.0",
        scope="global",
    )
    router_id: str | None = keyword(
        "What this node calls itself in mails and over SNMP.",
        Word(),
        since="1.1.8",
        missing="reported",
        scope="global",
        default_note="the host name",
    )
    lvs_id: str | None = keyword(
        "Name of the node in keepalived's first years; today it is router_id.",
        Word(),
        since="0.5.3",
        removed="1.1.8",
        deprecated="router_id",
        scope="global",
    )
    startup_script: ScriptCommand | None = keyword(
        "Command that the parent runs, and waits for, before anything else starts.",
        Script(with_user=True),
        since="2.1.0",
        missing="reported",
        repeat="first",
        scope="global",
    )
    startup_script_timeout: int | None = keyword(
        "How long startup_script may take before it is killed.",
        Unsigned(1, 1000),
        default=10,
        since="2.1.0",
        missing="reported",
        unit="seconds",
        scope="global",
    )
    shutdown_script: ScriptCommand | None = keyword(
        "Command that the parent runs when every child has ended.",
        Script(with_user=True),
        since="2.1.0",
        missing="reported",
        repeat="first",
        scope="global",
    )
    shutdown_script_timeout: int | None = keyword(
        "How long shutdown_script may take before it is killed.",
        Unsigned(1, 1000),
        default=10,
        since="2.1.0",
        missing="reported",
        unit="seconds",
        scope="global",
    )
    max_auto_priority: int | None = keyword(
        "Real-time priority that keepalived may raise itself to when it runs late; 0 and -1 never.",
        Integer(-1, 99),
        default=0,
        since="2.1.0",
        missing="silent",
        absent=99,
        scope="global",
    )
    min_auto_priority_delay: int | None = keyword(
        "How late keepalived must be scheduled before it raises its priority.",
        Unsigned(1, 10000000),
        default=1000000,
        since="2.1.0",
        missing="reported",
        unit="microseconds",
        scope="global",
    )
    script_user: User | None = keyword(
        "User and group that scripts run as where they name none.",
        Users(),
        since="1.3.0",
        missing="reported",
        scope="global",
        default_note="keepalived_script where that user exists, else the user keepalived runs as",
    )
    enable_script_security: bool = keyword(
        "Refuses to run, as root, a script that somebody else could replace.",
        Flag(),
        default=False,
        since="1.3.0",
        scope="global",
    )
    umask: int | None = keyword(
        "File mode bits that keepalived clears on what it creates.",
        Umask(),
        default=0o177,
        since="2.0.9",
        scope="global",
    )
    random_seed: int | None = keyword(
        "Seed of the ${_RANDOM} definition, for repeatable files.",
        Unsigned(strict=True),
        since="2.0.15",
        scope="global",
        default_note="the time",
    )
    reload_check_config: str | None = keyword(
        "Tests a changed file before a reload, and stays with the old one where that fails; names a log.",
        Word("FILE", optional="/dev/null"),
        since="2.2.0",
        scope="global",
        default_note="off; without a file the log is thrown away",
    )
    reload_time_file: str | None = keyword(
        "File that holds the time at which keepalived shall reload.",
        Word("FILE"),
        since="2.1.0",
        missing="reported",
        surplus=True,
        dropped=True,
        scope="global",
    )
    reload_repeat: bool = keyword(
        "Keeps reload_time_file, so that the reload comes again the next day.",
        Flag(),
        default=False,
        since="2.1.0",
        scope="global",
    )
    reload_file: str | None = keyword(
        "File that exists while keepalived reads its configuration.",
        Word("FILE", optional="keepalived.reload"),
        since="2.2.0",
        scope="global",
        default_note="off; without a name keepalived.reload beside the pid file",
    )
    include_check: tuple[str, ...] = keyword(
        "Which failures of include lines stop keepalived from starting.",
        IncludeChecks(),
        default=(),
        since="2.2.0",
        scope="global",
        default_note="none; without a word all",
    )
    config_save_dir: str | None = keyword(
        "Directory that gets a copy of every configuration that was read.",
        Word("DIRECTORY"),
        since="2.2.3",
        scope="global",
    )
    tmp_config_directory: str | None = keyword(
        "Where the copy for the child processes is kept instead of in memory.",
        Word("DIRECTORY"),
        since="2.2.0",
        missing="reported",
        repeat="first",
        scope="global",
        default_note="memory",
    )
    data_use_instance: bool | None = keyword(
        "Puts instance and namespace into the names of dump files.",
        Bool(),
        default=False,
        since="2.2.3",
        scope="global",
    )
    json_version: int | None = keyword(
        "Layout of the JSON dump.",
        Unsigned(1, 2),
        default=1,
        since="2.2.8",
        missing="reported",
        scope="global",
        builds=("JSON",),
    )
    state_dump_file: str | None = keyword(
        "File, or directory with a trailing slash, for the dump of the running data.",
        Word("PATH", filled=True),
        since="2.3.3",
        missing="reported",
        surplus=True,
        dropped=True,
        scope="global",
        default_note="set when keepalived was built",
    )
    stats_dump_file: str | None = keyword(
        "File, or directory with a trailing slash, for the dump of the statistics.",
        Word("PATH", filled=True),
        since="2.3.3",
        missing="reported",
        surplus=True,
        dropped=True,
        scope="global",
        default_note="set when keepalived was built",
    )
    json_dump_file: str | None = keyword(
        "File, or directory with a trailing slash, for the JSON dump.",
        Word("PATH", filled=True),
        since="2.3.3",
        missing="reported",
        surplus=True,
        dropped=True,
        scope="global",
        default_note="set when keepalived was built",
    )
    iproute_usr_dir: str | None = keyword(
        "Directory of the distribution's names for tables, scopes and protocols.",
        Word("PATH", filled=True),
        since="2.3.2",
        missing="reported",
        surplus=True,
        dropped=True,
        default_note="set when keepalived was built",
    )
    iproute_etc_dir: str | None = keyword(
        "Directory of the host's own names for tables, scopes and protocols.",
        Word("PATH", filled=True),
        since="2.3.2",
        missing="reported",
        surplus=True,
        dropped=True,
        default_note="set when keepalived was built",
    )
    notify_fifo: Fifo | None = keyword(
        "Named pipe that gets every state change.",
        Fifos(),
        since="1.3.6",
        missing="reported",
        repeat="first",
        scope="global",
    )
    notify_fifo_script: ScriptCommand | None = keyword(
        "Program that keepalived starts to read notify_fifo; the path of the pipe is its last argument.",
        Script(with_user=True),
        since="1.3.6",
        missing="reported",
        repeat="first",
        scope="global",
    )
    process_monitor_rcv_bufs: int | None = keyword(
        "Receive buffer for the kernel's reports of processes that start and end.",
        Unsigned(0, 4294967295),
        since="2.0.11",
        missing="reported",
        unit="bytes",
        builds=("TRACK_PROCESS",),
        default_note="the kernel's own",
    )
    process_monitor_rcv_bufs_force: bool | None = keyword(
        "Lets process_monitor_rcv_bufs exceed the kernel's limit.",
        Bool(),
        default=False,
        since="2.0.11",
        builds=("TRACK_PROCESS",),
    )

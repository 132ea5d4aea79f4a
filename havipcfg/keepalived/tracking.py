"""tracking"""

from typing import Any

from havipcfg.keepalived.declare import Block, header, keyword
from havipcfg.keepalived.entries import ScriptCommand
from havipcfg.keepalived.scripts import Script
from havipcfg.keepalived.values import Choice, Flag, Integer, Seconds, Unsigned, Word, Words


class VrrpScript(Block):
    """Script run periodically to influence VRRP instances."""

    # HEADER vrrp_script <name>
    name: str = header("The name that the rest of the file uses for it.", Word())
    script: ScriptCommand | None = keyword(
        'Command; "</path" tests that a file can be opened.',
        Script(),
        since="1.1.13",
        missing="silent",
        note=" MISS:ignored; block then has no script: error, block removed",
        required=True,
    )
    interval: float | None = keyword(
        "Seconds between runs; 0 gives an error and becomes 1.",
        Seconds("0", "4294", 3),
        default=1,
        since="1.1.13",
        unit="seconds",
    )
    timeout: float | None = keyword(
        "Seconds after which the script counts as failed; 0 gives an error and becomes 1.",
        Seconds("0", "4294", 3),
        since="1.2.6",
        unit="seconds",
        default_note="interval",
    )
    weight: int | None = keyword(
        "Priority adjustment; 0 = FAULT on failure.",
        Integer(-253, 253),
        default=0,
        since="1.1.13",
        note="OOR:error, but the out of range value is still stored",
    )
    rise: int | None = keyword("Successes needed for OK.", Unsigned(1, 2147483647), default=1, since="1.1.18", beyond=1)
    fall: int | None = keyword("Failures needed for KO.", Unsigned(1, 2147483647), default=1, since="1.1.18", beyond=1)
    user: Any = keyword(
        "User and group running the script.",
        Words("<user> [<group>]"),
        since="1.3.0",
        note=" BAD:error; script removed",
        default_note="script_user",
    )
    init_fail: bool = keyword(
        "Treat the script as failed until it has run.",
        Flag(),
        default=False,
        since="1.3.2",
        note="NOTE:a later track_script line resets the state; at run time with a slow script neither 2.2.7 nor 2.4.3 entered FAULT because of init_fail",
    )


class VrrpTrackProcess(Block):
    """Monitor running processes."""

    # HEADER vrrp_track_process <name>
    name: str = header("The name that the rest of the file uses for it.", Word())
    process: Any = keyword(
        "Process name (or path) and optional parameters to match.",
        Words("<name> [<param>...]"),
        since="2.0.11",
        repeat="first",
        required=True,
        builds=("TRACK_PROCESS",),
    )
    param_match: str | None = keyword(
        "How parameters must match; no argument = exact.",
        Choice("initial", "partial"),
        since="2.0.16",
        note=" MISS:exact",
        builds=("TRACK_PROCESS",),
        default_note="none (exact when parameters are given)",
    )
    weight: int | None = keyword(
        "Priority adjustment; 0 = FAULT when quorum is lost.",
        Integer(-254, 254),
        default=0,
        since="2.0.11",
        missing="reported",
        builds=("TRACK_PROCESS",),
    )
    quorum: int | None = keyword(
        "Minimum number of matching processes.",
        Unsigned(1, 65535),
        default=1,
        since="2.0.11",
        builds=("TRACK_PROCESS",),
        note="NOTE:greater than quorum_max: error, ignored",
    )
    quorum_max: int | None = keyword(
        "Maximum number of matching processes; 0 = must not run.",
        Unsigned(0, 65535),
        since="2.0.16",
        builds=("TRACK_PROCESS",),
        default_note="unlimited",
        note="NOTE:less than quorum: error, ignored",
    )
    delay: float | None = keyword(
        "Sets fork_delay and terminate_delay.",
        Seconds("0.000001", "3600", 6),
        default=0,
        since="2.0.11",
        unit="seconds",
        builds=("TRACK_PROCESS",),
    )
    terminate_delay: float | None = keyword(
        "Delay before a lost quorum counts.",
        Seconds("0.000001", "3600", 6),
        default=0,
        since="2.0.16",
        unit="seconds",
        builds=("TRACK_PROCESS",),
    )
    fork_delay: float | None = keyword(
        "Delay before a gained quorum counts.",
        Seconds("0.000001", "3600", 6),
        default=0,
        since="2.0.16",
        unit="seconds",
        builds=("TRACK_PROCESS",),
    )
    full_command: bool = keyword(
        "Match the full command line instead of the process name.",
        Flag(),
        default=False,
        since="2.0.11",
        builds=("TRACK_PROCESS",),
    )


class TrackFile(Block):
    """File whose integer content influences VRRP priority or real server weight."""

    # HEADER track_file <name>
    name: str = header("The name that the rest of the file uses for it.", Word())
    file: str | None = keyword(
        "Path to watch; directory must exist and be on an inotify capable, writable file system.",
        Word(),
        since="2.1.0",
        repeat="first",
        missing="reported",
        required=True,
        scope="vrrp+checker",
    )
    weight: int | None = keyword(
        "Multiplier of the file value.",
        Integer(-254, 254),
        default=1,
        since="2.1.0",
        missing="reported",
        beyond=1,
        scope="vrrp+checker",
        note="NOTE:man page gives the range as +-2147483647",
    )
    init_file: Any = keyword(
        "Create (overwrite: always write) the file at start with this value.",
        Words("[<int>] [overwrite]"),
        since="2.1.0",
        note="OOR:outside -254..254: error, but the value is used MISS:value 0",
        scope="vrrp+checker",
    )


class VrrpTrackFile(Block):
    """File whose integer content influences VRRP priority or real server weight."""

    # HEADER vrrp_track_file <name>
    name: str = header("The name that the rest of the file uses for it.", Word())
    file: str | None = keyword(
        "Path to watch; directory must exist and be on an inotify capable, writable file system.",
        Word(),
        since="2.0.0",
        repeat="first",
        missing="reported",
        required=True,
    )
    weight: int | None = keyword(
        "Multiplier of the file value.",
        Integer(-254, 254),
        default=1,
        since="2.0.0",
        missing="reported",
        beyond=1,
        note="NOTE:man page gives the range as +-2147483647",
    )
    init_file: Any = keyword(
        "Create (overwrite: always write) the file at start with this value.",
        Words("[<int>] [overwrite]"),
        since="2.0.0",
        note="OOR:outside -254..254: error, but the value is used MISS:value 0",
    )

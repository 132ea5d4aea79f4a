"""What instances can watch: ``vrrp_script``, ``vrrp_track_process``, ``track_file``."""

from typing import ClassVar

from havipcfg.keepalived.declare import Block, header, keyword
from havipcfg.keepalived.entries import ScriptCommand
from havipcfg.keepalived.process_options import InitFile, InitFiles, ReversedWeight, Strings, User, Users, WeightOption
from havipcfg.keepalived.scripts import Script
from havipcfg.keepalived.values import Choice, Flag, Seconds, Unsigned, Word


def _not_zero(first: int, _second: int) -> bool:
    return first != 0


def _not_one(first: int, _second: int) -> bool:
    return first != 1


class VrrpScript(Block):
    """A command run again and again, whose exit status says whether a service is well."""

    needs: ClassVar[tuple[str, ...]] = ("script",)

    name: str = header("Name that track_script calls it by.", Word())
    script: ScriptCommand | None = keyword(
        "The command; </path is a test whether a file can be read.",
        Script(),
        since="1.1.13",
        missing="silent",
        required=True,
    )
    interval: float | None = keyword(
        "Time between two runs.",
        Seconds("0", "4294", 3, at_zero=1),
        default=1,
        since="1.1.13",
        until={"2.3.0": {"kind": Unsigned(1, 4294, at_zero=1)}},
        unit="seconds",
    )
    timeout: float | None = keyword(
        "How long a run may take before it counts as failed.",
        Seconds("0", "4294", 3, at_zero=1),
        since="1.2.6",
        until={"2.3.0": {"kind": Unsigned(1, 4294, at_zero=1)}},
        unit="seconds",
        default_note="interval",
    )
    weight: int | ReversedWeight | None = keyword(
        "What the result adds to the priority, or takes from it; 0 leads to FAULT.",
        WeightOption(-253, 253, kept=True),
        default=0,
        since="1.1.13",
    )
    rise: int | None = keyword(
        "Successes in a row before it counts as well.",
        Unsigned(1, 2147483647),
        default=1,
        since="1.1.18",
        beyond=1,
    )
    fall: int | None = keyword(
        "Failures in a row before it counts as failed.",
        Unsigned(1, 2147483647),
        default=1,
        since="1.1.18",
        beyond=1,
    )
    user: User | None = keyword(
        "User and group that the command runs as.",
        Users(),
        since="1.3.0",
        default_note="script_user",
    )
    init_fail: bool = keyword(
        "Counts as failed until the first run has ended.",
        Flag(),
        default=False,
        since="1.3.2",
    )


class VrrpTrackProcess(Block):
    """Processes that must run, or must not."""

    needs: ClassVar[tuple[str, ...]] = ("process",)

    name: str = header("Name that track_process calls it by.", Word())
    process: tuple[str, ...] | None = keyword(
        "Name of the process, and the arguments it must have.",
        Strings("NAME [ARGUMENT …]"),
        since="2.0.11",
        repeat="first",
        required=True,
        builds=("TRACK_PROCESS",),
    )
    param_match: str | None = keyword(
        "How the arguments must match: all of them, the first ones, or some.",
        Choice("initial", "partial", optional="exact"),
        since="2.0.16",
        builds=("TRACK_PROCESS",),
        default_note="exact where arguments are given, else none",
    )
    weight: int | ReversedWeight | None = keyword(
        "What the result adds to the priority, or takes from it; 0 leads to FAULT.",
        WeightOption(-254, 254),
        default=0,
        since="2.0.11",
        missing="reported",
        repeat="first",
        holds=_not_zero,
        builds=("TRACK_PROCESS",),
    )
    quorum: int | None = keyword(
        "How many must run.",
        Unsigned(1, 65535),
        default=1,
        since="2.0.11",
        builds=("TRACK_PROCESS",),
    )
    quorum_max: int | None = keyword(
        "How many may run.",
        Unsigned(0, 65535),
        since="2.0.16",
        builds=("TRACK_PROCESS",),
        default_note="no limit",
    )
    delay: float | None = keyword(
        "Wait after a start or an end before it counts.",
        Seconds("0.000001", "3600", 6),
        default=0,
        since="2.0.11",
        unit="seconds",
        builds=("TRACK_PROCESS",),
    )
    terminate_delay: float | None = keyword(
        "Wait after an end before it counts.",
        Seconds("0.000001", "3600", 6),
        default=0,
        since="2.0.16",
        unit="seconds",
        builds=("TRACK_PROCESS",),
    )
    fork_delay: float | None = keyword(
        "Wait after a start before it counts.",
        Seconds("0.000001", "3600", 6),
        default=0,
        since="2.0.16",
        unit="seconds",
        builds=("TRACK_PROCESS",),
    )
    full_command: bool = keyword(
        "Compares the whole command line instead of the name of the process.",
        Flag(),
        default=False,
        since="2.0.11",
        builds=("TRACK_PROCESS",),
    )


class TrackFile(Block):
    """A file whose number changes a priority or a weight."""

    needs: ClassVar[tuple[str, ...]] = ("file",)

    name: str = header("Name that track_file calls it by.", Word())
    file: str | None = keyword(
        "Path of the file.",
        Word("PATH"),
        since="2.0.0",
        missing="reported",
        repeat="first",
        required=True,
        scope="vrrp+checker",
    )
    weight: int | ReversedWeight | None = keyword(
        "Factor for the number in the file.",
        WeightOption(-254, 254),
        default=1,
        since="2.0.0",
        missing="reported",
        beyond=1,
        repeat="first",
        holds=_not_one,
        scope="vrrp+checker",
    )
    init_file: InitFile | None = keyword(
        "Creates the file with a number when keepalived starts.",
        InitFiles(),
        since="2.0.0",
        scope="vrrp+checker",
    )


VrrpTrackFile = TrackFile

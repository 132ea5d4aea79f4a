"""Script files on the machine at hand. Asked only with ``--host``."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from havipcfg.cluster.context import Context
from havipcfg.findings import ERROR, WARNING, Finding
from havipcfg.keepalived.commands import Command
from havipcfg.keepalived.conf import KeepalivedConf
from havipcfg.keepalived.tracking import VrrpScript
from havipcfg.rules.host_facts import insecure_part, interpreter, linked_directory, located
from havipcfg.rules.registry import rule
from havipcfg.rules.scripts import MERGED, WALKS_PATHS, runs_as_root


def _files(context: Context) -> Iterator[tuple[Command, str]]:
    """Each command with the file of its program, where it is there."""
    if context.host:
        for command in context.commands:
            file = None if command.is_file_test else located(command.command.program)
            if file is not None:
                yield command, file


def _lost(command: Command) -> str:
    """What happens when a command does not run."""
    if isinstance(command.block, VrrpScript):
        return "keepalived runs without this check: when the service fails, the address stays"
    return "the script does not run"


@rule("KC256", "script-missing", ERROR, of=KeepalivedConf)
def script_missing(conf: KeepalivedConf, context: Context) -> Iterator[Finding]:
    """A script that is not on this machine. Needs `--host`.

    ## What it does
    Reports commands whose program does not exist, or is not found in the PATH of a service.

    ## Why it matters
    keepalived drops the check, and the node counts as healthy: it holds the address with a
    dead service.

    ## Example
    ```text
    script "/etc/keepalived/check_web.sh"       # never copied to this node
    ```

    ## Use instead
    Install the script on every node.

    ## References
    - keepalived.conf(5), "vrrp_script"
    """
    del conf
    if not context.host:
        return
    for command in context.commands:
        program = command.command.program
        if command.is_file_test or located(program) is not None:
            continue
        yield Finding(
            command.span,
            f"{program} is not on this machine",
            why=_lost(command),
            advice="install it, or correct the path",
            keepalived=isinstance(command.block, VrrpScript),
        )


@rule("KC257", "script-not-executable", ERROR, of=KeepalivedConf)
def script_not_executable(conf: KeepalivedConf, context: Context) -> Iterator[Finding]:
    """A script that may not be executed. Needs `--host`.

    ## What it does
    Reports programs that are no regular file or lack the executable bit.

    ## Why it matters
    Every run fails. A check counts as failed for good, a notify script does nothing.

    ## Example
    ```text
    -rw-r--r-- 1 root root 74 check_web.sh
    ```

    ## Use instead
    `chmod 755 check_web.sh`

    ## References
    - execve(2)
    """
    del conf
    for command, file in _files(context):
        if not Path(file).is_file():
            what = "is no file"
        elif not Path(file).stat().st_mode & 0o111:
            what = "is not executable"
        else:
            continue
        yield Finding(
            command.span,
            f"{file} {what}",
            why="every run fails: the check counts as failed for good"
            if isinstance(command.block, VrrpScript)
            else "the script does not run",
            advice=f"chmod 755 {file}" if what == "is not executable" else "name the script",
        )


@rule("KC258", "script-changeable", WARNING, of=KeepalivedConf)
def script_changeable(conf: KeepalivedConf, context: Context) -> Iterator[Finding]:
    """A script of root that others may change. Needs `--host`.

    ## What it does
    Reports scripts run as root where the file, or a directory of its path, belongs to another
    user or may be written to by others.

    ## Why it matters
    Who can write to it is root at the next run. With `enable_script_security` keepalived drops
    the script, and with it the check.

    ## Example
    ```text
    drwxrwxrwx 2 root root 40 /opt/checks
    ```

    ## Use instead
    `chown root` and `chmod go-w` for the script and the directories above it.

    ## References
    - keepalived.conf(5), "enable_script_security"
    """
    settings = conf.global_defs
    secured = settings is not None and settings.enable_script_security
    for command, file in _files(context):
        found = insecure_part(file) if file.startswith("/") and runs_as_root(command, context) else None
        if found is None:
            continue
        part, reason = found
        yield Finding(
            command.span,
            f"{part} {reason}, and the script runs as root",
            why=_lost(command) if secured else "who can change the script is root at its next run",
            advice=f"chown root {part}; chmod go-w {part}",
            severity=ERROR if secured else None,
            keepalived=secured and isinstance(command.block, VrrpScript),
        )


@rule("KC259", "linked-directory", ERROR, of=KeepalivedConf)
def linked_directory_in_path(conf: KeepalivedConf, context: Context) -> Iterator[Finding]:
    """A script whose path goes through a symbolic link. Needs `--host`.

    ## What it does
    Reports scripts run as root with a link among the directories of their path; /bin and /sbin
    are KC223's.

    ## Why it matters
    From release 2.3.0 on keepalived follows no link there: it drops the script.

    ## Example
    ```text
    /opt/checks -> /srv/checks
    ```

    ## Use instead
    The path that `readlink -f` gives.

    ## References
    - keepalived.conf(5), "vrrp_script"
    """
    del conf
    if context.target < WALKS_PATHS:
        return
    for command, file in _files(context):
        if not file.startswith("/") or file.startswith(MERGED) or not runs_as_root(command, context):
            continue
        link = linked_directory(file)
        if link is not None:
            yield Finding(
                command.span,
                f"{link} is a symbolic link, so keepalived {context.target} drops this script",
                why=_lost(command),
                advice=f"write {os.path.realpath(Path(file).parent)}/{Path(file).name}",
                keepalived=isinstance(command.block, VrrpScript),
            )


@rule("KC260", "interpreter-missing", ERROR, of=KeepalivedConf)
def interpreter_missing(conf: KeepalivedConf, context: Context) -> Iterator[Finding]:
    """A script whose interpreter is not on this machine. Needs `--host`.

    ## What it does
    Reports scripts whose first line names a program that does not exist.

    ## Why it matters
    Every run fails. A check counts as failed for good, a notify script does nothing.

    ## Example
    ```text
    #!/usr/local/bin/bash       # it is /usr/bin/bash here
    ```

    ## Use instead
    An interpreter that is on every node.

    ## References
    - execve(2), "Interpreter scripts"
    """
    del conf
    for command, file in _files(context):
        program = interpreter(file)
        if program is not None and not Path(program).exists():
            yield Finding(
                command.span,
                f"{file} is to be run by {program}, which is not on this machine",
                why="every run fails: the check counts as failed for good"
                if isinstance(command.block, VrrpScript)
                else "the script does not run",
                advice="name an interpreter that is on every node",
            )

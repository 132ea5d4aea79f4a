"""One node's real keepalived: start, stop, kill, freeze, thaw, reload, and what it said."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

from havipcfg.rehearsal.commands import real_time, run
from havipcfg.rehearsal.errors import KeepalivedRefusedError, RehearsalError
from havipcfg.rehearsal.node import SWITCH_DIRECTORY, NodePlan, SwitchKind, switch_path
from havipcfg.rehearsal.registry import NAMESPACES, Claim, end_processes, processes, signal_all
from havipcfg.verifier.standing import OK, Status

SECONDS_TO_READ = 10
SIGNALLED = 128
"""``timeout`` adds it to the number of the signal that ended its command."""
LOG = "keepalived.log"
CONFIG = "keepalived.conf"
VRRP_PID = "vrrp.pid"
PID_FILES = ("-p", "keepalived.pid", "-r", VRRP_PID, "-c", "checkers.pid", "-b", "bfd.pid")
OWN_RUN = 'mount --bind "$1" /run || exit; shift; '
WAIT_THEN_RUN = 'echo ready; read -r go || exit; log=$1; shift; exec "$@" </dev/null >>"$log" 2>&1'
STAMP = re.compile(r"^(?:[A-Z][a-z]{2} ){2}[ \d]\d \d\d:\d\d:\d\d(?:\.\d+)? \d{4}: ")
UNDER_WAY = re.compile(rb"Startup complete|[Ee]ntering ")
"""What keepalived logs when it is through with its start, and when an instance takes a state."""
PLACE = re.compile(r"\((?:[^()]*: )?Line (\d+)\) ")
"""How keepalived names the line that it complains of."""
SWITCH = """#!/bin/sh
read -r state <"$0.state"
case $state in
ok) exit 0 ;;
hang) exec sleep 86400 ;;
*) exit 1 ;;
esac
"""


class Daemon:
    """keepalived of one node. Its files are in ``directory``, which it sees as /run unless real checks run.

    A real check may need the machine's own /run, so then only keepalived's pid files are kept apart.
    """

    def __init__(self, claim: Claim, plan: NodePlan, space: str, keepalived: str, *, real_checks: bool) -> None:
        self.plan = plan
        self._claim, self._keepalived, self._own_run = claim, keepalived, not real_checks
        self._space = NAMESPACES / claim.namespace(space)
        self.directory = claim.directory / space
        self._process: subprocess.Popen[str] | None = None
        self.frozen = False
        self._logged = 0
        self.thrown: dict[str, Status] = {}
        self.directory.mkdir()
        self.log = self.directory / LOG
        self.log.touch(mode=0o600)
        (self.directory / Path(SWITCH_DIRECTORY).name).mkdir()
        self.write(plan)

    def write(self, plan: NodePlan) -> None:
        """Put a configuration and its switches in place; switches that are thrown stay so."""
        self.plan = plan
        for check, switch in plan.checks.items():
            path = self._switch(check)
            if switch.kind is SwitchKind.SCRIPT:
                path.write_text(SWITCH)
                path.chmod(0o755)
            if check not in self.thrown:
                self.check(check, OK)
        config = self.directory / CONFIG
        config.touch(mode=0o600)
        config.write_bytes(plan.config_text.encode("utf-8", "surrogateescape"))

    def test(self) -> list[str]:
        """keepalived's complaints about the configuration; KeepalivedRefusedError where it crashes or hangs."""
        limit = ["timeout", "-s", "KILL", str(SECONDS_TO_READ)]
        done = run(self._claim, [*limit, *self._enter('exec "$@"'), *self._command("-t", "-n", "-G")])
        messages = tuple(self._without_stamp((done.stdout + done.stderr).splitlines()))
        ended_by = -done.returncode if done.returncode < 0 else done.returncode - SIGNALLED
        if ended_by > 0:
            how = "does not finish reading" if ended_by == signal.SIGKILL else f"crashes (signal {ended_by}) on"
            raise KeepalivedRefusedError(
                self.plan.name,
                f"keepalived {how} the configuration of {self.plan.name}",
                messages,
                "run havipcfg lint on it first",
            )
        return list(messages)

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def elects(self) -> bool:
        """Whether keepalived has come so far that its VRRP process runs and has read its configuration."""
        if not (self.directory / VRRP_PID).exists():
            return False
        with self.log.open("rb") as log:
            log.seek(self._logged)
            return UNDER_WAY.search(log.read()) is not None

    def prepare(self) -> None:
        """Bring a process into the node that becomes keepalived at once on ``go``. Waits for a predecessor to end."""
        if self._process is not None:
            self.wait()
        for leftover in self.directory.glob("*.pid"):
            leftover.unlink()
        self._logged = self.log.stat().st_size
        with_parent = ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []
        command = [*with_parent, *self._enter(WAIT_THEN_RUN), self._path(LOG), *self._command("-n", "-l", "-G", "-P")]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, bufsize=1
        )
        if self._own_run:
            real_time(self._process.pid)
        assert self._process.stdout is not None
        said = self._process.stdout.readline()
        if said != "ready\n":
            raise RehearsalError(
                f"cannot enter the namespace of {self.plan.name}: {said.strip() or 'no answer'}",
                "a rehearsal needs the right to mount in namespaces of its own (CAP_SYS_ADMIN)",
            )

    def go(self) -> None:
        """Let the prepared process become keepalived."""
        assert self._process is not None
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write("go\n")
            self._process.stdin.close()
        self.frozen = False

    def stop(self) -> None:
        """Ask keepalived to end, as a service manager does. Does not wait."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End all processes of the node at once, without a goodbye; addresses stay."""
        end_processes(self._space)
        self.frozen = False
        self.wait()

    def wait(self, seconds: float = 15) -> None:
        """Wait until a keepalived that was told to end has ended."""
        if self._process is not None:
            try:
                self._process.wait(seconds)
            except subprocess.TimeoutExpired:
                end_processes(self._space)
                self._process.wait(seconds)
            self._close()

    def freeze(self) -> None:
        """Stop the clock of every process of the node."""
        signal_all(processes(self._space), signal.SIGSTOP)
        self.frozen = True

    def thaw(self) -> None:
        """Let every process of the node go on."""
        signal_all(processes(self._space), signal.SIGCONT)
        self.frozen = False

    def reload(self) -> None:
        """Ask keepalived to read its configuration again."""
        if self._process is not None:
            self._process.send_signal(signal.SIGHUP)

    def check(self, name: str, status: Status) -> None:
        """Throw the switch that stands in for a check. Nobody ever reads half a state."""
        self.thrown[name] = status
        path, switch = self._switch(name), self.plan.checks[name]
        if switch.kind is SwitchKind.SCRIPT:
            path, text = path.with_name(path.name + ".state"), str(status)
        else:
            text = str(status if isinstance(status, int) else 0 if status == OK else switch.failed)
        new = path.with_name(path.name + ".new")
        new.write_text(text + "\n")
        new.replace(path)

    def said(self) -> list[str]:
        """Everything keepalived has logged, without time stamps."""
        text = self.log.read_text(errors="replace")
        return self._without_stamp(text.splitlines())

    def abandon(self) -> None:
        """Let go of the process object after the rehearsal's processes were killed."""
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired, ProcessLookupError):
                self._process.kill()
                self._process.wait(5)
            self._close()

    def _close(self) -> None:
        if self._process is not None:
            for stream in (self._process.stdin, self._process.stdout):
                if stream is not None:
                    with contextlib.suppress(OSError):
                        stream.close()

    def _switch(self, check: str) -> Path:
        return self.directory / Path(switch_path(check)).relative_to("/run")

    def _path(self, name: str) -> str:
        return f"/run/{name}" if self._own_run else str(self.directory / name)

    def _enter(self, script: str) -> list[str]:
        program = (OWN_RUN if self._own_run else "shift; ") + script
        return ["ip", "netns", "exec", self._space.name, "sh", "-c", program, "node", str(self.directory)]

    def _command(self, *options: str) -> list[str]:
        pids = [word if word.startswith("-") else self._path(word) for word in PID_FILES]
        return [self._keepalived, *options, "-f", self._path(CONFIG), *pids]

    def _without_stamp(self, lines: list[str]) -> list[str]:
        plain = (PLACE.sub(self._origin, STAMP.sub("", line)) for line in lines)
        named = (line.replace(self._path(CONFIG), f"{self.plan.name}.conf") for line in plain)
        return [line for line in named if line.strip()]

    def _origin(self, place: re.Match[str]) -> str:
        """The operator's line for a line of the text that keepalived got."""
        number = int(place[1])
        origin = self.plan.origins[number - 1] if 0 < number <= len(self.plan.origins) else ""
        return f"{origin}: " if origin else ""


def find(keepalived: str) -> str | None:
    """The keepalived that a name or path means, absolute; None if there is no such program."""
    found = shutil.which(keepalived)
    return os.path.abspath(found) if found else None  # noqa: PTH100

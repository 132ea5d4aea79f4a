"""Processes and files that instances watch."""

from __future__ import annotations

from collections.abc import Iterator

from havipcfg.cluster.context import Context
from havipcfg.diagnostics import Label
from havipcfg.findings import ERROR, WARNING, Finding
from havipcfg.keepalived.tracking import TrackFile, VrrpTrackFile, VrrpTrackProcess
from havipcfg.keepalived.version import Version
from havipcfg.rules.registry import rule


@rule("KC232", "process-with-arguments", WARNING, of=VrrpTrackProcess, given="process")
def process_with_arguments(process: VrrpTrackProcess, context: Context) -> Iterator[Finding]:
    """A process name with blanks in it.

    ## What it does
    Reports a `process` whose name, in quotes, holds arguments too, without `full_command`.

    ## Why it matters
    keepalived compares it with the name of a process, which has none: the process is never
    found, and the instance is in FAULT or at its lower priority for good.

    ## Example
    ```keepalived
    vrrp_track_process web {
        process "nginx -g daemon"   # expect: KC232
    }

    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
        track_process {
            web
        }
    }
    ```

    ## Use instead
    The name alone, or the arguments as words of their own: `process nginx -g daemon`.

    ## References
    - keepalived.conf(5), "vrrp_track_process"
    """
    del context
    words = process.process or ()
    if words and " " in words[0].strip() and not process.full_command:
        yield Finding(
            process.at("process", 1),
            f"no process is called {words[0]!r}: that is a name and arguments",
            why="the process is never found: the instance is in FAULT or at its lower priority for good",
            advice="name the process alone, or give the arguments as words of their own",
        )


@rule("KC234", "quorum-beyond-its-limit", ERROR, of=VrrpTrackProcess, given="quorum_max", keepalived=True)
def quorum_beyond_its_limit(process: VrrpTrackProcess, context: Context) -> Iterator[Finding]:
    """More processes needed than may run.

    ## What it does
    Reports a `vrrp_track_process` whose `quorum` is greater than its `quorum_max`.

    ## Why it matters
    keepalived reports the later of the two lines and ignores it: the limit, or the number
    needed, is not what the file says.

    ## Example
    ```keepalived
    vrrp_track_process web {
        process nginx
        quorum 3
        quorum_max 2                # expect: KC234
    }

    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
        track_process {
            web
        }
    }
    ```

    ## Use instead
    ```keepalived
    vrrp_track_process web {
        process nginx
        quorum 2
        quorum_max 3
    }

    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
        track_process {
            web
        }
    }
    ```

    ## References
    - keepalived 2.2.7, measured; keepalived.conf(5), "vrrp_track_process"
    """
    del context
    needed, most = process.quorum, process.quorum_max
    if needed is None or most is None or needed <= most or not process.has("quorum"):
        return
    first, later = sorted(("quorum", "quorum_max"), key=lambda field: process.at(field).start)
    if later == "quorum_max" and (needed, most) == (1, 0):
        return
    yield Finding(
        process.at(later),
        f"{needed} processes must run, and {most} may",
        why=f"keepalived ignores this {later}",
        advice="let quorum_max be at least quorum",
        related=(Label(process.at(first), "set here"),),
    )


WATCHES_FILES = Version(2, 3, 0)
"""From this release on, a file on a file system that gives no notice of changes is refused (2.2.7 accepts it)."""


@rule("KC233", "unwatchable-file", ERROR, of=(TrackFile, VrrpTrackFile), given="file", keepalived=True)
def unwatchable_file(track: TrackFile | VrrpTrackFile, context: Context) -> Iterator[Finding]:
    """A tracked file below /proc or /sys.

    ## What it does
    Reports a `track_file` whose file is on a file system of the kernel.

    ## Why it matters
    The kernel gives no notice when such a file changes. Releases from 2.3.0 on drop the
    tracker, older ones never see a change.

    ## Example
    ```keepalived
    track_file load {
        file /proc/loadavg      # expect: KC233
    }

    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
        track_file {
            load
        }
    }
    ```

    ## Use instead
    A `vrrp_script` that reads the file.

    ## References
    - keepalived.conf(5), "track_file"; inotify(7), "Limitations and caveats"
    """
    if track.file is not None and track.file.startswith(("/proc/", "/sys/")):
        refused = context.target >= WATCHES_FILES
        yield Finding(
            track.at("file", 1),
            f"the kernel gives no notice when {track.file} changes",
            why=f"keepalived drops {track.name}" if refused else f"{track.name} keeps its first value",
            advice="read the file with a vrrp_script",
            keepalived=refused,
        )

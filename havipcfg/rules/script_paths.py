"""How a script is named, and who it runs as."""

from __future__ import annotations

import re
from collections.abc import Iterator

from havipcfg.cluster.context import Context
from havipcfg.findings import ERROR, WARNING, Finding
from havipcfg.keepalived.conf import KeepalivedConf
from havipcfg.rules.registry import rule

_SCRIPT_FILE = re.compile(r"[^/]*\.(?:sh|bash|py|pl|rb|php)\Z")
_USER = re.compile(r"[a-z_][a-z0-9_.-]*\$?\Z")
_STATES = frozenset(("master", "backup", "fault", "stop", "start", "up", "down", "instance", "group"))


@rule("KC225", "relative-script-path", WARNING, of=KeepalivedConf)
def relative_script_path(conf: KeepalivedConf, context: Context) -> Iterator[Finding]:
    """A script of the site that is named without its directory.

    ## What it does
    Reports a command such as `check.sh` or `./check.sh`; not programs of the system such as
    `pgrep`, which are found wherever keepalived is started.

    ## Why it matters
    keepalived looks for it in its PATH, which differs between a login and a service. Where it
    is not found the check is dropped, and a failed service no longer moves the address.

    ## Example
    ```keepalived
    vrrp_script check_web {
        script "check_web.sh"       # expect: KC225
        fall 2
    }

    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
        track_script {
            check_web
        }
    }
    ```

    ## Use instead
    The full path: `/etc/keepalived/check_web.sh`.

    ## References
    - keepalived.conf(5), "vrrp_script"
    """
    del conf
    for command in context.commands:
        program = command.command.program
        if program.startswith(("/", "<", "$")) or not ("/" in program or _SCRIPT_FILE.match(program)):
            continue
        yield Finding(
            command.span,
            f"{program} is named without its directory",
            why="the PATH of a service is not that of a login, and keepalived drops what it does not find",
            advice="write the full path",
        )


@rule("KC226", "argument-as-user", ERROR, of=KeepalivedConf)
def argument_as_user(conf: KeepalivedConf, context: Context) -> Iterator[Finding]:
    """Arguments of a notify script outside its quotes.

    ## What it does
    Reports a second or third word of a notify line that cannot be meant as a user or group.

    ## Why it matters
    keepalived takes the second word for the user that the script runs as, and the third for
    the group. It knows no such user and drops the script.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
        notify_master /etc/keepalived/notify.sh MASTER      # expect: KC226
    }
    ```

    ## Use instead
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
        notify_master "/etc/keepalived/notify.sh MASTER"
    }
    ```

    ## References
    - keepalived.conf(5), "notify_master"
    """
    del conf
    for command in context.commands:
        for index, word in enumerate((command.command.user, command.command.group), 2):
            if word is None or (_USER.match(word) and word not in _STATES):
                continue
            yield Finding(
                command.block.at(command.keyword, index),
                f"keepalived takes {word} for the {'user' if index == 2 else 'group'} that the script runs as",
                why="it knows no such name and drops the script",
                advice="put the command and its arguments into one pair of quotes",
            )
            break

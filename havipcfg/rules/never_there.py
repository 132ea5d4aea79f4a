"""Scripts and interfaces that no machine has, judged by their names alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from havipcfg.cluster.context import Context
from havipcfg.findings import ERROR, Finding
from havipcfg.keepalived.conf import KeepalivedConf
from havipcfg.keepalived.scripts import ESCAPES_ONCE
from havipcfg.keepalived.tracking import VrrpScript
from havipcfg.rules.edits import word_fix
from havipcfg.rules.interfaces import named_interfaces, no_interface
from havipcfg.rules.registry import rule

_OF_THE_SYSTEM = re.compile(r"/(?:usr/)?s?bin/")
_NAME = re.compile(r"[A-Za-z0-9._+\-@:,%=~\[]+\Z")
_SCRIPT_AND_ARGUMENTS = re.compile(r"\.(?:sh|bash|py|pl|rb|php)\s")
_CONTROL = re.compile("[\x00-\x1f\x7f]")
_LONGEST_NAME = 255
_QUOTED = 'write the full path, and one pair of double quotes around it and its arguments: "/path arguments"'


def _no_program(program: str) -> tuple[str, bool] | None:
    """Why there is no such program, and whether that is certain on any machine; None where there may be one."""
    last = program.rsplit("/", 1)[-1]
    if not program:
        return "the name of the program is empty", True
    if program.endswith("/"):
        return f"{program} is a directory", True
    if _CONTROL.search(program):
        return f"{program!r} has a control character in its name", True
    if any(len(part.encode("utf-8", "surrogateescape")) > _LONGEST_NAME for part in program.split("/")):
        return f"a name of more than {_LONGEST_NAME} bytes is longer than any file's", True
    system = _OF_THE_SYSTEM.match(program) is not None
    if any(char.isspace() for char in last):
        certain = system or _SCRIPT_AND_ARGUMENTS.search(last) is not None
        return f"the quotes make one program of {program!r}, its arguments included", certain
    if system and not _NAME.match(last):
        return f"no program of the system is called {last}", True
    return None


@rule("KC261", "script-cannot-exist", ERROR, of=KeepalivedConf, keepalived=True)
def script_cannot_exist(conf: KeepalivedConf, context: Context) -> Iterator[Finding]:
    r"""A command whose program can be on no machine.

    ## What it does
    Reports a program whose name is empty, ends in `/`, holds a control character or is longer
    than a file's name can be; arguments that quotes make part of the name; a name in a
    directory such as /usr/bin that no program has, as a misread escape leaves it.

    ## Why it matters
    keepalived does not find it and drops the check: a failed service no longer moves the
    address.

    ## Example
    ```keepalived
    global_defs {
        script_user root
        enable_script_security
    }

    vrrp_script check_web {
        script "'/usr/bin/pgrep -x nginx'"  # expect: KC261
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
    One pair of double quotes around the whole command: `script "/usr/bin/pgrep -x nginx"`.

    ## References
    - keepalived.conf(5), "Quoted strings"
    """
    del conf
    for command in context.commands:
        found = None if command.is_file_test else _no_program(command.command.program)
        if found is None:
            continue
        what, certain = found
        check = isinstance(command.block, VrrpScript)
        greedy = context.target < ESCAPES_ONCE and "\\x" in command.text
        yield Finding(
            command.span,
            what,
            why="keepalived drops the check: when the service fails, the address stays"
            if check
            else "the script does not run",
            advice=_QUOTED if any(char.isspace() for char in command.command.program) else "write the full path of it",
            notes=(f"before {ESCAPES_ONCE} an escape \\x takes every hexadecimal digit that follows",)
            if greedy
            else (),
            keepalived=check and certain,
        )


@rule("KC262", "interface-cannot-exist", ERROR, of=KeepalivedConf, keepalived=True, fix="safe")
def interface_cannot_exist(conf: KeepalivedConf, _: Context) -> Iterator[Finding]:
    """An interface by a name that none has, such as the alias eth0:1, or eth0@if2.

    ## What it does
    Reports names of interfaces, in instances, trackers and addresses, that hold `:`, `/` or `@`,
    or are `.` or `..`.

    ## Why it matters
    An alias is a label of an address, not an interface. What `ip link` shows from `@` on is the
    interface below, or the other end of a pair. keepalived finds no such interface and
    terminates; with `dynamic_interfaces` it waits for it for ever.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface eth0@if2      # expect: KC262
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10 dev eth0:1   # expect: KC262
        }
    }
    ```

    ## Use instead
    The interface itself; the alias, where it is wanted, as the label of the address.

    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10 label eth0:1
        }
    }
    ```

    ## References
    - ip-address(8), "label"
    - ip-link(8), "ip link show"
    """
    settings = conf.global_defs
    waits = settings is not None and settings.dynamic_interfaces
    for interface in named_interfaces(conf):
        reason = no_interface(interface.name)
        if reason is None:
            continue
        base = re.split("[:@]", interface.name)[0]
        shown = "@" in interface.name and bool(base)
        yield Finding(
            interface.span,
            reason,
            why="keepalived waits for it for ever" if waits else "keepalived terminates: it has no such interface",
            advice=f"write {base}" if base and no_interface(base) is None else "ip link shows the names this host has",
            fix=word_fix(f"write {base}", interface.statement, interface.word, base) if shown else None,
            keepalived=not waits,
        )

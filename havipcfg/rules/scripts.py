"""Whether a script runs at all: security, users, paths, shells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from havipcfg.cluster.context import Context
from havipcfg.findings import ERROR, INFO, WARNING, Finding
from havipcfg.keepalived.commands import Command
from havipcfg.keepalived.conf import KeepalivedConf
from havipcfg.keepalived.tracking import VrrpScript
from havipcfg.keepalived.version import Version
from havipcfg.rules.edits import replacement
from havipcfg.rules.registry import rule

WALKS_PATHS = Version(2, 3, 0)
"""From this release on, a link among the directories of a script's path disables the script."""
_SYSTEM = ("/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/")
MERGED = ("/bin/", "/sbin/", "/lib/", "/lib64/")


@rule("KC221", "no-script-security", INFO, of=KeepalivedConf, keepalived=True)
def no_script_security(conf: KeepalivedConf, context: Context) -> Iterator[Finding]:
    """Scripts without `enable_script_security`.

    ## What it does
    Reports the first script of a file whose `global_defs` lack `enable_script_security`.

    ## Why it matters
    Scripts run as root even where another user may change them. `keepalived -t` ends with
    exit status 6 for such a file, which stops deployments that test for 0.

    ## Example
    ```keepalived
    vrrp_script check_web {
        script "/usr/bin/pgrep -x nginx"    # expect: KC221
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
    ```keepalived
    global_defs {
        script_user root
        enable_script_security
    }

    vrrp_script check_web {
        script "/usr/bin/pgrep -x nginx"
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

    ## References
    - keepalived.conf(5), "enable_script_security" and "script_user"
    """
    if conf.global_defs is not None and conf.global_defs.place("enable_script_security") is not None:
        return
    found = [command for command in context.commands if not command.is_file_test]
    if not found:
        return
    first = found[0]
    yield Finding(
        first.span,
        "scripts run without enable_script_security",
        why="they run as root even where another user may change them; keepalived -t ends with status 6",
        advice="add script_user and enable_script_security to global_defs, and let only root change the scripts",
        keepalived=any(_everywhere(command) for command in found),
    )


def runs_as_root(command: Command, context: Context) -> bool:
    """Whether the script runs as root, as far as the file says; it does where it names no user at all."""
    settings = context.conf.global_defs
    everyone = settings.script_user if settings is not None else None
    return (command.user or (everyone.user if everyone is not None else None)) in (None, "root")


def _everywhere(command: Command) -> bool:
    """Whether the program is of the system, so that it is there without the site's own files."""
    program = command.command.program
    return program.startswith(_SYSTEM) or "/" not in program


def _default_user_exists() -> bool:
    from havipcfg.rules.host_facts import user_exists

    return user_exists("keepalived_script")


@rule("KC222", "default-script-user", WARNING, of=KeepalivedConf, given="global_defs", keepalived=True)
def default_script_user(conf: KeepalivedConf, context: Context) -> Iterator[Finding]:
    """`enable_script_security` without a user for the scripts.

    ## What it does
    Reports the first script without a user of its own in a file that has
    `enable_script_security` and no `script_user`.

    ## Why it matters
    keepalived runs it as the user keepalived_script. Few systems have that user: keepalived
    then drops the script, and a failed service no longer moves the address.

    ## Example
    ```keepalived
    global_defs {
        enable_script_security
    }

    vrrp_script check_web {
        script "/usr/bin/pgrep -x nginx"    # expect: KC222
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
    ```keepalived
    global_defs {
        script_user root
        enable_script_security
    }

    vrrp_script check_web {
        script "/usr/bin/pgrep -x nginx"
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

    ## References
    - keepalived.conf(5), "script_user"
    """
    settings = conf.global_defs
    if settings is None or not settings.enable_script_security or settings.place("script_user") is not None:
        return
    if context.host and _default_user_exists():
        return
    for command in context.commands:
        if command.user is None and not command.is_file_test:
            yield Finding(
                command.span,
                "this script runs as the user keepalived_script: neither it nor global_defs names another",
                why="where that user does not exist, keepalived drops the script",
                advice="add script_user to global_defs",
            )
            return


@rule("KC223", "linked-script-directory", ERROR, of=KeepalivedConf, fix="unsafe")
def linked_script_directory(conf: KeepalivedConf, context: Context) -> Iterator[Finding]:
    """A script below /bin or /sbin, which are links on today's systems.

    ## What it does
    Reports scripts that run as root and whose program is named by /bin, /sbin, /lib or /lib64.

    ## Why it matters
    From release 2.3.0 on keepalived follows no link among the directories of such a path: it
    drops the script. After an upgrade the check is gone, and only the log says so.

    ## Example
    ```keepalived
    vrrp_script check_web {
        script "/bin/pgrep -x nginx"    # expect: KC223
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
    The place of the program itself, as `readlink -f` gives it: `/usr/bin/pgrep`.

    ## References
    - File Hierarchy Standard 3.0, section 3; systemd, "The Case for the /usr Merge"
    """
    if context.target < WALKS_PATHS:
        return
    del conf
    for command in context.commands:
        program = command.command.program
        if not program.startswith(MERGED):
            continue
        directory = program[: program.index("/", 1)]
        if not runs_as_root(command, context) or (context.host and not Path(directory).is_symlink()):
            continue
        place = command.place
        exact = place is not None and place.exact and command.span.text.lstrip('"').startswith(program)
        start = command.span.text.find(program)
        span = command.span.source.span(command.span.start + start, command.span.start + start + len(program))
        yield Finding(
            span if exact else command.span,
            f"keepalived {context.target} drops this script where {directory} is a link, as on most systems",
            why="the check is gone: when the service fails, the address stays"
            if isinstance(command.block, VrrpScript)
            else "the script does not run",
            advice=f"write /usr{program}",
            keepalived=isinstance(command.block, VrrpScript),
            fix=replacement(f"write /usr{program}", span, f"/usr{program}", "unsafe") if exact else None,
        )


_SHELLS = frozenset(("sh", "bash", "dash", "ash", "zsh", "ksh", "busybox", "su", "sudo", "env", "ssh", "timeout"))
_INTERPRETERS = re.compile(r"(?:python|perl|ruby|awk|gawk|php|lua|node)[0-9.]*\Z")
_BUILTINS = frozenset(("exit", "if", "cd", "source", ".", "export", "while", "for", "set", "[[", "!", "eval"))
_TOOLS = r"(?:e?grep|awk|gawk|wc|sed|head|tail|cut|tr|xargs|sort|jq|tee|read|test)\b"
_SHELL_SYNTAX = re.compile(
    r"(?P<pipe>(?:^|\s)\|\|?(?:\s|$)|\|\s*" + _TOOLS + r")|(?P<list>(?:^|\s)&&?(?:\s|$)|;(?:\s|$))"
    r"|(?P<redirect>(?:^|\s)[0-9&]?>>?\s*[/&\w]|(?:^|\s)<\s*/)|(?P<substitution>\$\(|`|\$\?)"
)
_NAMES = {"pipe": "a pipe", "list": "a list of commands", "redirect": "a redirection", "substitution": "a substitution"}


_WITH_PROGRAM = frozenset(("cd",))
"""Builtins that some systems have as a program too."""


@rule("KC224", "script-needs-shell", ERROR, of=KeepalivedConf, fix="safe")
def script_needs_shell(conf: KeepalivedConf, context: Context) -> Iterator[Finding]:
    """A command line in shell syntax.

    ## What it does
    Reports pipes, lists of commands, redirections, substitutions and shell builtins in a
    command line whose program is not a shell.

    ## Why it matters
    keepalived runs the program itself, without a shell: `|` and what follows become arguments
    of the first program. The check fails or succeeds always, whatever the service does.

    ## Example
    ```keepalived
    vrrp_script check_web {
        script "/usr/bin/ss -Hltn | grep -q :80"    # expect: KC224
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
    ```keepalived
    vrrp_script check_web {
        script "/usr/bin/sh -c '/usr/bin/ss -Hltn | grep -q :80'"
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

    ## References
    - keepalived.conf(5), "Notify scripts" and "vrrp_script"
    """
    del conf
    for command in context.commands:
        text = command.text
        name = command.command.program.rsplit("/", 1)[-1]
        if command.is_file_test or name in _SHELLS or _INTERPRETERS.match(name):
            continue
        found = _SHELL_SYNTAX.search(re.sub(r"'[^']*'|\\.", "x", text))
        if found is None and name not in _BUILTINS:
            continue
        what = _NAMES[found.lastgroup or ""] if found is not None else f"the shell builtin {name}"
        quoted = command.span.text.startswith('"') and "'" not in text and "\\" not in text
        yield Finding(
            command.span,
            f"{what} needs a shell, and keepalived runs the program without one",
            why="the check always fails, or always succeeds, whatever the service does"
            if isinstance(command.block, VrrpScript)
            else "the program gets the rest of the line as arguments",
            advice="let a shell run it: /usr/bin/sh -c '…'",
            keepalived=isinstance(command.block, VrrpScript)
            and command.command.program in _BUILTINS
            and name not in _WITH_PROGRAM,
            fix=replacement("let a shell run it", command.span, f"\"/usr/bin/sh -c '{text}'\"")
            if quoted and text
            else None,
        )

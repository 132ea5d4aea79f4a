"""What the texts of scripts show, where they are at hand. Nothing is run."""

from __future__ import annotations

import re
from collections.abc import Iterator

from havipcfg.cluster.context import Context
from havipcfg.findings import ERROR, WARNING, Finding
from havipcfg.keepalived.commands import Command
from havipcfg.keepalived.conf import KeepalivedConf
from havipcfg.keepalived.tracking import VrrpScript
from havipcfg.keepalived.vrrp_instance import VrrpInstance
from havipcfg.rules.registry import rule

_STOPS = re.compile(
    r"(?:\bsystemctl\b[^\n;|&#]*?\b(?:stop|restart|kill|disable)\b[^\n;|&#]*?\bkeepalived\b"
    r"|\bservice\s+keepalived\s+(?:stop|restart)\b|/init\.d/keepalived\s+(?:stop|restart)\b"
    r"|\bkillall\b(?![^\n;|&#]*\s-0\b)[^\n;|&#]*\bkeepalived\b|\bpkill\b(?![^\n;|&#]*\s-0\b)[^\n;|&#]*\bkeepalived\b)"
)
_HEREDOC = re.compile(r"<<-?\s*(['\"]?)(\w+)\1[^\n]*\n.*?^\s*\2\s*$", re.MULTILINE | re.DOTALL)


def scripts(context: Context) -> Iterator[tuple[Command, str, str]]:
    """Each command whose script's text is at hand, with the script's path and its text."""
    if not context.scripts:
        return
    seen: set[tuple[int, str]] = set()
    for command in context.commands:
        for word in command.command.argv[:3]:
            text = context.scripts.get(word)
            if text is not None and (id(command.block), word) not in seen:
                seen.add((id(command.block), word))
                yield command, word, text


_FUNCTION = re.compile(r"^(?:function\s+)?([\w-]+)\s*(?:\(\s*\))?\s*\{\n.*?^\}", re.MULTILINE | re.DOTALL)


def code_of(text: str) -> list[str]:
    """The lines of a script without comments, here-documents, blanks, and functions that nothing calls."""
    lines = []
    for line in _HEREDOC.sub("", text).splitlines():
        code = re.sub(r"(?:^|\s)#.*", "", line).rstrip()
        if code:
            lines.append(code)
    code = "\n".join(lines)
    for function in list(_FUNCTION.finditer(code)):
        if len(re.findall(rf"(?<![\w-]){re.escape(function[1])}(?![\w-])", code)) == 1:
            code = code.replace(function[0], "")
    return [line.strip() for line in code.splitlines() if line.strip()]


def is_shell(text: str) -> bool:
    """Whether the script's first line names a shell, or no interpreter at all."""
    first = text.split("\n", 1)[0]
    return not first.startswith("#!") or bool(re.search(r"\b(?:ba|da|a|k|z)?sh\b", first))


@rule("KC240", "script-stops-keepalived", ERROR, of=KeepalivedConf)
def script_stops_keepalived(conf: KeepalivedConf, context: Context) -> Iterator[Finding]:
    """A check that stops keepalived.

    ## What it does
    Reports a `vrrp_script` whose command, or whose script's text, stops or restarts keepalived.

    ## Why it matters
    After one failure the node is out for good: nothing starts keepalived again. When the
    service fails on both nodes, for a moment only, nobody holds the address any more.

    ## Example
    ```keepalived
    vrrp_script check_web {
        script "/usr/bin/sh -c 'pgrep -x nginx || systemctl stop keepalived'"    # expect: KC240
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
    - keepalived.conf(5), "vrrp_script"
    """
    del conf
    for command in context.commands:
        if isinstance(command.block, VrrpScript) and _STOPS.search(command.text):
            yield _stops(command, "its command")
    for command, path, text in scripts(context):
        if isinstance(command.block, VrrpScript) and any(_STOPS.search(line) for line in code_of(text)):
            yield _stops(command, path)


def _stops(command: Command, where: str) -> Finding:
    assert isinstance(command.block, VrrpScript)
    return Finding(
        command.span,
        f"{command.block.name} stops keepalived ({where})",
        why="after one failure the node is out for good; after a failure on every node nobody holds the address",
        advice="exit with a status other than 0, and let keepalived give the address up",
    )


_PRINTS = re.compile(r"""(?:echo|printf)\s+(?:-n\s+)?["']?(?:[01]|(?:\\n)|%[sd])["']?\s*\Z""")


_SUCCEEDS = re.compile(r"(?:[^#]*\|\|\s*)?(echo|printf|logger|true|:)(?:\s[^|&;]*)?")


def _prints(code: list[str]) -> bool:
    """Whether a command of the script prints 0 or 1."""
    commands = (part.strip() for line in code for part in re.split(r";|&&|\|\||\bthen\b|\belse\b", line))
    return any(_PRINTS.fullmatch(part) for part in commands)


@rule("KC241", "script-prints-result", WARNING, of=KeepalivedConf)
def script_prints_result(conf: KeepalivedConf, context: Context) -> Iterator[Finding]:
    """A check that prints its result.

    ## What it does
    Reports a check whose script prints 0 or 1 and never exits with a status of its own.

    ## Why it matters
    keepalived looks at the exit status alone, which is that of the last command: printing
    always succeeds, so the check never fails.

    ## Example
    A script `check_web.sh` beside the file:
    ```sh
    if pgrep -x nginx > /dev/null; then
        echo 0
    else
        echo 1
    fi
    ```

    ## Use instead
    `exit 0` and `exit 1`, or the command alone as the last line.

    ## References
    - keepalived.conf(5), "vrrp_script"
    """
    del conf
    for command, path, text in scripts(context):
        if not isinstance(command.block, VrrpScript) or not is_shell(text):
            continue
        code = code_of(text)
        if any(re.search(r"\b(?:exit|return|exec)\b", line) for line in code):
            continue
        if _prints(code):
            yield Finding(
                command.span,
                f"{path} prints its result, and keepalived looks at the exit status alone",
                why="printing always succeeds: the check never fails, and the address stays",
                advice="use exit 0 and exit 1",
            )


@rule("KC242", "script-never-fails", WARNING, of=KeepalivedConf)
def script_never_fails(conf: KeepalivedConf, context: Context) -> Iterator[Finding]:
    """A check that always succeeds.

    ## What it does
    Reports a check whose script ends with a successful command, such as `exit 0` or `echo`,
    and leaves with another status nowhere before.

    ## Why it matters
    The check never fails: the service can, and the address stays. Scripts that start a failed
    service again and then say that all is well are of this kind.

    ## Example
    A script `check_web.sh` beside the file:
    ```sh
    pgrep -x nginx || systemctl start nginx
    exit 0
    ```

    ## Use instead
    End with the test itself.
    ```sh
    pgrep -x nginx || systemctl start nginx
    pgrep -x nginx
    ```

    ## References
    - keepalived.conf(5), "vrrp_script"
    """
    del conf
    for command, path, text in scripts(context):
        if not isinstance(command.block, VrrpScript) or not is_shell(text):
            continue
        code = code_of(text)
        if not code:
            yield _never_fails(command, path, "does nothing")
            continue
        leaves = [found for line in code for found in re.findall(r"\b(?:exit|return)\b\s*([^\s;&|)}]*)", line)]
        if any(status != "0" for status in leaves) or any(re.search(r"\b(?:exec|set\s+-\w*e|trap)\b", c) for c in code):
            continue
        if "0" in leaves and re.fullmatch(r"exit\s+0;?", code[-1]):
            yield _never_fails(command, path, "exits with 0 whatever happens")
        elif (says := _SUCCEEDS.fullmatch(code[-1])) and (leaves or not _prints(code)):
            yield _never_fails(command, path, f"ends with {says[1]}, which always succeeds")


def _never_fails(command: Command, path: str, what: str) -> Finding:
    return Finding(
        command.span,
        f"{path} {what}: the check never fails",
        why="when the service fails, the address stays",
        advice="end the script with the test itself, or exit with 1 where it fails",
    )


@rule("KC243", "script-without-interpreter", ERROR, of=KeepalivedConf)
def script_without_interpreter(conf: KeepalivedConf, context: Context) -> Iterator[Finding]:
    """A script whose first line names no interpreter.

    ## What it does
    Reports a script that does not begin with `#!` and is run by its path, or has blanks or a
    byte order mark before it, or ends that line with a carriage return.

    ## Why it matters
    The kernel does not know what to run it with: it never runs. A shell started by hand
    guesses, so the script seems to work.

    ## Example
    A script `check_web.sh` beside the file:
    ```sh
    # checks the web server
    pgrep -x nginx
    ```

    ## Use instead
    ```sh
    #!/bin/sh
    pgrep -x nginx
    ```

    ## References
    - execve(2), "Interpreter scripts"
    """
    del conf
    for command, path, text in scripts(context):
        if path != command.command.program:
            continue
        first = text.split("\n", 1)[0]
        if first.startswith("#!") and not first.endswith("\r"):
            continue
        what, advice = "does not begin with #!", "begin the script with #!/bin/sh"
        if first.startswith("#!"):
            what, advice = "ends its first line with a carriage return", "write the file with Unix line ends"
        yield Finding(
            command.span,
            f"{path} {what}",
            why="the kernel does not know what to run it with, so it never runs under keepalived",
            advice=advice,
        )


_CLOUD = re.compile(
    r"\b(?:aws\s+ec2|gcloud|az\s+network|aliyun|tccli|hcloud|openstack|doctl|linode-cli|oci\s+network|yc\s+vpc|scw)\b"
    r"|\bcurl\b[^\n]*\bapi\.[\w.-]+"
)


@rule("KC244", "move-not-repeated", WARNING, of=VrrpInstance, given="notify_master")
def move_not_repeated(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """An address that is moved by an API once only.

    ## What it does
    Reports a `notify_master` script that calls a cloud's API in an instance without
    `notify_master_rx_lower_pri`.

    ## Why it matters
    After a short loss of adverts both nodes were master, and the other one moved the address
    last. The winner never left MASTER, so its script does not run again: the address stays
    with the node that gave it up.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
        notify_master "/usr/bin/hcloud floating-ip assign web web-a"    # expect: KC244
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
        notify_master "/usr/bin/hcloud floating-ip assign web web-a"
        notify_master_rx_lower_pri "/usr/bin/hcloud floating-ip assign web web-a"
    }
    ```

    ## References
    - keepalived.conf(5), "notify_master_rx_lower_pri"
    """
    if instance.place("notify_master_rx_lower_pri") is not None or instance.notify_master is None:
        return
    argv = instance.notify_master.argv
    texts = [" ".join(argv), *(context.scripts[word] for word in argv[:3] if word in context.scripts)]
    if any(_CLOUD.search(line) for text in texts for line in code_of(text)):
        yield Finding(
            instance.at("notify_master"),
            f"{instance.name} moves its address by an API, and only on becoming master",
            why="after both nodes were master for a moment the address stays where it was moved last",
            advice="run the same script with notify_master_rx_lower_pri",
        )

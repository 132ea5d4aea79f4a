"""apply-all.sh whose connections die, whose terminal interrupts it, whose clock jumps; and going back on all nodes."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from havipcfg.generator.programs import program
from tests.programs.lab import Lab, Watch
from tests.programs.playbook import play
from tests.programs.state import whole
from tests.programs.test_apply_all import A, B, apply_all, order

PAIR: dict[str, object] = {"password": "0ther-pw"}


@pytest.fixture
def pair(lab: Callable[[int], Lab]) -> Lab:
    made = lab(2)
    made.install(made.base / "out", [A, B])
    return made


def through(
    pair: Lab, text: str, changes: dict[str, object], *options: str
) -> tuple[subprocess.CompletedProcess[str], Path]:
    """apply-all.sh with a change for both nodes; *text*: the shell that stands before the command to a node."""
    wrapper = pair.base / "dying-ssh"
    wrapper.write_text(f'#!/bin/sh\n{text}\nexec {pair.ssh()} "$@"\n')
    wrapper.chmod(0o755)
    out = pair.cluster(pair.base / "out", [replace(A, **changes), replace(B, **changes)])  # type: ignore[arg-type]
    done = subprocess.run(
        ["dash", str(out / "apply-all.sh"), *options],
        env={**os.environ, "HAVIPCFG_SSH": str(wrapper)},
        capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=300, check=False,
    )  # fmt: skip
    return done, out


def test_a_connection_that_dies_during_the_change_is_asked_again(pair: Lab) -> None:
    """The node goes on alone; starting the others with the old set would make two holders."""
    dies = f'case $1:$2 in web-a:*"apply.sh ;"*) setsid {pair.ssh()} "$@" >/dev/null 2>&1 & sleep 0.5; exit 255 ;; esac'
    with Watch(pair.nodes) as watch:
        done, out = through(pair, dies, PAIR)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the connection was lost" in done.stdout
    assert order(done.stdout) == [
        "web-b: stop",
        "web-a: apply",
        "web-a: the connection was lost; asking what became of it",
        "web-b: apply",
    ]
    assert all(whole(node, out / node.name) for node in pair.nodes)
    assert watch.seconds(0) == 0
    assert watch.seconds(2) == 0


def test_a_node_that_cannot_be_reached_any_more_does_not_leave_the_others_stopped(pair: Lab) -> None:
    """Nor does one whose connection died before the change."""
    dead = pair.base / "dead"
    dies = f'case $1:$2 in web-a:*"apply.sh ;"*) touch {dead} ;; esac\n[ "$1" != web-a ] || [ ! -e {dead} ] || exit 255'
    with Watch(pair.nodes) as watch:
        done, _ = through(pair, dies, PAIR)
    assert done.returncode == 5, done.stdout + done.stderr
    assert "web-a cannot be reached" in done.stderr
    assert "starting the others again" in done.stdout
    assert all(node.pid() for node in pair.nodes)
    assert watch.seconds(2) == 0
    status, _ = through(pair, dies, PAIR, "--status")
    assert status.returncode == 1
    assert "web-a: cannot be reached" in status.stdout
    assert "node web-b, keepalived runs" in status.stdout, "the others are asked all the same"
    dead.unlink()
    once = 'case $1:$2 in web-a:*"apply.sh ;"*) exit 255 ;; esac'
    done, _ = through(pair, once, PAIR)
    assert done.returncode == 5, done.stdout + done.stderr
    assert "it runs the old set" in done.stderr
    assert all(node.pid() for node in pair.nodes)


def test_ctrl_c_and_a_jumping_clock_do_not_leave_nodes_stopped(pair: Lab) -> None:
    tools = pair.base / "clock"
    tools.mkdir()
    (tools / "date").write_text(
        f'#!/bin/sh\necho "$$" >>{tools}/asked\n/bin/date -d "@$(($(wc -c <{tools}/asked) * 99999))" "$@"\n'
    )
    (tools / "date").chmod(0o755)
    out = pair.cluster(pair.base / "out", [replace(A, **PAIR), replace(B, **PAIR)])  # type: ignore[arg-type]
    with Watch(pair.nodes) as watch, subprocess.Popen(
        ["sh", "-c", f"exec dash {out}/apply-all.sh >{pair.base}/said 2>&1"],
        env={**os.environ, "HAVIPCFG_SSH": str(pair.ssh()), "PATH": f"{tools}:{os.environ['PATH']}"},
        stdin=subprocess.DEVNULL, start_new_session=True,
    ) as running:  # fmt: skip
        while "web-b: stop" not in (said := (pair.base / "said").read_text() if (pair.base / "said").exists() else ""):
            assert running.poll() is None, said
        while running.poll() is None:
            os.killpg(running.pid, signal.SIGINT)
            try:
                running.wait(0.3)
            except subprocess.TimeoutExpired:
                continue
    assert running.returncode == 0, (pair.base / "said").read_text()
    assert all(whole(node, out / node.name) and node.pid() for node in pair.nodes)
    assert watch.seconds(2) == 0


def test_going_back_touches_the_nodes_that_were_changed_last(pair: Lab) -> None:
    """The other would go back one set further, to what does not go with it."""
    both = [replace(A, password="0ther-pw"), replace(B, password="0ther-pw")]
    alone = [replace(both[0], priority=120), both[1]]
    assert apply_all(pair, both).returncode == 0
    assert apply_all(pair, alone).returncode == 0
    before = pair.nodes[1].config.read_bytes()
    with Watch(pair.nodes) as watch:
        back = apply_all(pair, alone, "--rollback")
    assert back.returncode == 0, back.stdout + back.stderr
    assert order(back.stdout)[-2:] == ["web-a: roll back", "web-b: start"]
    assert pair.nodes[1].config.read_bytes() == before
    assert b"priority 110" in pair.nodes[0].config.read_bytes()
    assert b"0ther-pw" in pair.nodes[0].config.read_bytes()
    assert watch.seconds(2) == 0
    pids = [node.pid() for node in pair.nodes]
    again = apply_all(pair, alone, "--rollback")
    assert again.returncode == 1
    assert "no node runs the set of this directory" in again.stderr
    assert apply_all(pair, both, "--rollback").returncode == 0, "from where that set was made it goes on"
    assert all(b"Zo4-fish" in node.config.read_bytes() for node in pair.nodes)
    first = apply_all(pair, [A, B], "--rollback")
    assert first.returncode == 1
    assert "web-a has no earlier set to go back to: nothing was changed" in first.stderr
    assert [node.pid() for node in pair.nodes] != pids
    assert all(node.pid() for node in pair.nodes)


DYING = """\
#!/bin/sh
# as ansible calls ssh: options, the host, the command
while [ $# -gt 2 ]; do shift; done
[ "$1" = web-a ] || exec {ssh} "$1" "$2"
[ ! -e {lost} ] || [ {back} = back ] || exit 255
exec 3<&0
{{ setsid {ssh} "$1" "$2" <&3 >{lost}.out.$$ 2>{lost}.err.$$; echo $? >{lost}.code.$$; }} &
until [ -s {lost}.code.$$ ]; do
    if [ -e {pending} ] && [ ! -e {lost} ]; then touch {lost}; exit 255; fi
    sleep 0.02
done
cat {lost}.out.$$
cat {lost}.err.$$ >&2
exit "$(cat {lost}.code.$$)"
"""


@pytest.mark.parametrize("back", ["back", "gone"])
def test_a_connection_that_dies_under_the_playbook(pair: Lab, back: str) -> None:
    out = pair.cluster(pair.base / "out", [replace(A, **PAIR), replace(B, **PAIR)])  # type: ignore[arg-type]
    (out / "ansible").mkdir()
    for name in ("playbook.yml", "verify.yml"):
        (out / "ansible" / name).write_bytes(program(name))
    ssh, pending = pair.base / "dying-ssh", pair.nodes[0].etc / "havipcfg/pending"
    ssh.write_text(DYING.format(ssh=pair.ssh(), lost=pair.base / "lost", back=back, pending=pending))
    ssh.chmod(0o755)
    with Watch(pair.nodes) as watch:
        done = play(pair, out, ssh=ssh)
    assert (pair.base / "lost").exists(), done.stdout
    assert all(node.pid() for node in pair.nodes), "nobody is left stopped: " + done.stdout
    assert "0ther-pw" not in done.stdout + done.stderr
    if back == "back":
        assert done.returncode == 0, done.stdout + done.stderr
        assert all(whole(node, out / node.name) for node in pair.nodes)
        assert watch.seconds(0) == 0
        assert watch.seconds(2) == 0
    else:
        assert done.returncode != 0
        assert "look at it first" in done.stdout

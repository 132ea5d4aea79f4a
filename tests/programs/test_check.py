"""check.sh and notify.sh against real processes, sockets, servers and files, under every shell that is here."""

from __future__ import annotations

import http.server
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from havipcfg.generator import programs
from havipcfg.generator.programs import bundle
from tests.conftest import tool
from tests.programs.lab import SHELLS

if TYPE_CHECKING:
    from collections.abc import Iterator

HOSTILE = [
    "$(touch {0})",
    "`touch {0}`",
    "; touch {0}",
    "| touch {0}",
    "a' 'b\" \\ *",
    "-rf",
    "--",
    "a\nb",
    "%s%n",
    "ü ",
    "",
]


def run(tmp_path: Path, shell: str, *words: str, program: str = "check.sh", path: str | None = None) -> int:
    environment = {"PATH": path or "/usr/sbin:/usr/bin:/sbin:/bin", "HAVIPCFG_RUN": str(tmp_path / "run")}
    file = tmp_path / program
    if not file.exists():
        file.write_bytes(programs.program(program))
    done = subprocess.run(
        [*shell.split(), str(file), *words], env=environment, capture_output=True, timeout=30, check=False
    )
    assert done.stdout == b""
    return done.returncode


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest) -> str:
    tool(request.param.split()[0])
    return str(request.param)


class _Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/slow":
            time.sleep(5)
        self.send_response(int(self.path[1:]) if self.path[1:].isdigit() else 200)
        self.send_header("Location", "/500")
        page = b"first line\nall systems $(go) here\nlast" if self.path in ("/page", "/503") else b""
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[int]:
    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Answer)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made.server_port
    made.shutdown()
    made.server_close()


@pytest.fixture
def closed_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def test_process(tmp_path: Path, shell: str) -> None:
    program = tmp_path / "a daemon with a long name"
    program.symlink_to(str(shutil.which("sleep")))
    script = tmp_path / "worker.sh"
    script.write_text("while :; do sleep 1; done\n")
    assert run(tmp_path, shell, "process", program.name) == 1
    children = [subprocess.Popen([program, "60"]), subprocess.Popen(["dash", script])]
    time.sleep(0.2)
    try:
        assert run(tmp_path, shell, "process", program.name) == 0
        assert run(tmp_path, shell, "process", str(program)) == 0
        assert run(tmp_path, shell, "process", "worker.sh") == 0
        assert run(tmp_path, shell, "process", "worker") == 1, "a part of a name is not the name"
    finally:
        for child in children:
            child.kill()
    time.sleep(0.2)
    assert run(tmp_path, shell, "process", program.name) == 1, "a zombie is not running"
    for child in children:
        child.wait()


def test_tcp(tmp_path: Path, shell: str, server: int, closed_port: int) -> None:
    assert run(tmp_path, shell, "-t", "2", "tcp", "127.0.0.1", str(server)) == 0
    assert run(tmp_path, shell, "-t", "2", "tcp", "127.0.0.1", str(closed_port)) == 1
    assert run(tmp_path, shell, "tcp", "127.0.0.1", "80;id") == 1


@pytest.mark.parametrize(
    ("tools", "tcp", "http"),
    [(("curl",), 0, 0), (("bash",), 0, 1), (("wget",), 1, 0), (("busybox wget",), 1, 1), ((), 1, 1)],
)
def test_with_one_tool(
    tmp_path: Path, tools: tuple[str, ...], tcp: int, http: int, server: int, closed_port: int
) -> None:
    """A PATH with nothing but the tool and what every system has."""
    own = tmp_path / "bin"
    own.mkdir()
    for name in ("timeout", "cksum", "tr", "mkdir", "rm", "sed", "tail", "grep", "true", "sleep", "awk", *tools):
        words = name.split()
        (own / words[-1]).symlink_to(tool(words[0]))
    program = tmp_path / "check.sh"
    fixed = (
        programs.program("check.sh")
        .decode()
        .replace("PATH=${PATH:-/usr/bin}:/usr/sbin:/usr/bin:/sbin:/bin", f"PATH={own}")
    )
    program.write_text(fixed)
    environment = {"HAVIPCFG_RUN": str(tmp_path / "run")}

    def code(*words: str) -> int:
        line = ["/usr/bin/dash", str(program), "-t", "9", *words]
        return subprocess.run(line, env=environment, capture_output=True, timeout=20, check=False).returncode

    assert code("tcp", "127.0.0.1", str(server)) == tcp
    assert code("tcp", "127.0.0.1", str(closed_port)) == 1
    assert code("http", f"http://127.0.0.1:{server}/page", "200", "all systems") == http
    assert code("http", f"http://127.0.0.1:{closed_port}/") == 1


def test_http(tmp_path: Path, shell: str, server: int, closed_port: int) -> None:
    here = f"http://127.0.0.1:{server}"
    assert run(tmp_path, shell, "http", f"{here}/") == 0
    assert run(tmp_path, shell, "http", f"{here}/302") == 0
    assert run(tmp_path, shell, "http", f"{here}/404") == 1
    assert run(tmp_path, shell, "http", f"{here}/404", "404") == 0
    assert run(tmp_path, shell, "http", f"{here}/200", "204") == 1
    assert run(tmp_path, shell, "-t", "1", "http", f"http://127.0.0.1:{closed_port}/") == 1
    assert run(tmp_path, shell, "https", f"{here}/") == 1
    assert run(tmp_path, shell, "http", "file:///etc/passwd") == 1
    started = time.monotonic()
    assert run(tmp_path, shell, "-t", "1", "http", f"{here}/slow") == 1
    assert time.monotonic() - started < 4.5, "its own limit, before the answer"


def test_http_with_several_statuses_and_a_text(tmp_path: Path, shell: str, server: int) -> None:
    here = f"http://127.0.0.1:{server}"
    assert run(tmp_path, shell, "http", f"{here}/404", "200,404") == 0
    assert run(tmp_path, shell, "http", f"{here}/404", "200,204") == 1
    assert run(tmp_path, shell, "http", f"{here}/404", "40") == 1
    for text in ("first line", "systems $(go)", "last"):
        assert run(tmp_path, shell, "http", f"{here}/page", "200", text) == 0
    assert run(tmp_path, shell, "http", f"{here}/503", "503", "all systems") == 0
    assert run(tmp_path, shell, "http", f"{here}/page", "204", "first line") == 1
    for text in ("absent", "s.stems", "200", "line\\nall"):
        assert run(tmp_path, shell, "http", f"{here}/page", "200", text) == 1


def test_files_interfaces_commands(tmp_path: Path, shell: str) -> None:
    (tmp_path / "there").touch()
    assert run(tmp_path, shell, "file", str(tmp_path / "there")) == 0
    assert run(tmp_path, shell, "file", str(tmp_path / "gone")) == 1
    assert run(tmp_path, shell, "no-file", str(tmp_path / "gone")) == 0
    assert run(tmp_path, shell, "no-file", str(tmp_path / "there")) == 1
    assert run(tmp_path, shell, "interface", "../net/lo") == 1
    assert run(tmp_path, shell, "interface", "no-such0") == 1
    assert run(tmp_path, shell, "command", "/usr/bin/env", "test", "a b", "=", "a b") == 0
    assert run(tmp_path, shell, "command", "/usr/bin/env", "sh", "-c", "exit 7") == 1
    assert run(tmp_path, shell, "-t", "1", "command", "/usr/bin/sleep", "20") == 1
    assert run(tmp_path, shell, "systemd", "no-such.service") == 1


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("unknown",),
        ("tcp", "h"),
        ("-t", "x", "file", "/etc"),
        ("-z",),
        ("file", "a", "b"),
        ("-t", "0", "file", "/etc"),
    ],
)
def test_wrong_use_is_bad(tmp_path: Path, shell: str, words: tuple[str, ...]) -> None:
    assert run(tmp_path, shell, *words) == 1


@pytest.mark.parametrize("template", HOSTILE)
@pytest.mark.parametrize("kind", ["process", "file", "http", "systemd", "interface", "command", "tcp"])
def test_hostile_values(tmp_path: Path, shell: str, kind: str, template: str) -> None:
    never = tmp_path / "never"
    value = template.format(never)
    words = [kind, value, "1"] if kind == "tcp" else [kind, value]
    assert run(tmp_path, shell, "-t", "1", *words) in (0, 1)
    if kind == "file" and value:
        target = tmp_path / value.replace("/", "_")
        target.touch()
        assert run(tmp_path, shell, "file", str(target)) == 0
    assert not never.exists()


def test_only_changes_are_logged(tmp_path: Path) -> None:
    own = tmp_path / "bin"
    own.mkdir()
    log = tmp_path / "log"
    (own / "logger").write_text(f'#!/bin/sh\nshift 3\nprintf "%s\\n" "$*" >>{log}\n')
    (own / "logger").chmod(0o755)
    path = f"{own}:/usr/bin:/bin"
    flag = tmp_path / "flag"
    for _ in range(3):
        run(tmp_path, "dash", "file", str(flag), path=path)
    flag.touch()
    for _ in range(3):
        run(tmp_path, "dash", "file", str(flag), path=path)
    assert log.read_text().splitlines() == [f"check bad: file {flag}: does not exist", f"check good again: file {flag}"]


@pytest.mark.parametrize("name", ["web", "a/b", "../up", ".hidden", "$(id)", "a b", "-n", "*"])
def test_notify_state_file(tmp_path: Path, shell: str, name: str) -> None:
    data = tmp_path / "notify.data"
    data.write_bytes(bundle.notify_data([]))
    assert run(tmp_path, shell, str(data), "INSTANCE", name, "MASTER", "100", program="notify.sh") == 0
    (written,) = (tmp_path / "run").iterdir()
    words = written.read_text().rstrip("\n").split(" ", 4)
    assert [words[0], words[1], words[3], words[4]] == ["MASTER", "100", "INSTANCE", name]
    if name == "web":
        assert written.name == "web.state"


def test_notify_actions(tmp_path: Path, shell: str) -> None:
    out = tmp_path / "out"
    recorder = tmp_path / "rec $(id).sh"
    recorder.write_text(f'#!/bin/sh\nprintf "<%s>" "$HAVIPCFG_STATE" "$@" >>"{out}"\n')
    recorder.chmod(0o755)
    never = tmp_path / "never"
    arguments = [value.format(never) for value in HOSTILE if "\n" not in value]
    data = tmp_path / "notify.data"
    actions = [
        bundle.Action("MASTER", str(recorder), arguments),
        bundle.Action("ANY", str(recorder), ["db only"], instance="db"),
        bundle.Action("BACKUP", "/usr/bin/sleep", ["20"]),
        bundle.Action("BACKUP", str(recorder), ["after the limit"]),
    ]
    data.write_bytes(bundle.notify_data(actions, timeout=1))
    run(tmp_path, shell, str(data), "INSTANCE", "web", "MASTER", "100", program="notify.sh")
    assert out.read_text() == "<MASTER>" + "".join(f"<{value}>" for value in arguments)
    out.write_text("")
    run(tmp_path, shell, str(data), "INSTANCE", "db", "FAULT", "100", program="notify.sh")
    run(tmp_path, shell, str(data), "INSTANCE", "web", "BACKUP", "100", program="notify.sh")
    assert out.read_text() == "<FAULT><db only><BACKUP><after the limit>"
    assert not never.exists()
    assert run(tmp_path, shell, str(tmp_path / "absent"), "INSTANCE", "web", "MASTER", "1", program="notify.sh") == 0
    assert run(tmp_path, shell, program="notify.sh") == 0


@pytest.fixture
def public() -> Iterator[Path]:
    """A directory that every user may enter."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.needs_root
@pytest.mark.parametrize("without", ["", "setpriv"])
def test_notify_actions_run_as_the_user_of_the_data_file(public: Path, shell: str, without: str) -> None:
    tools = public / "tools"
    tools.mkdir()
    for directory in ("/usr/bin", "/usr/sbin", "/bin", "/sbin"):
        for path in Path(directory).iterdir():
            if path.name != without and not (tools / path.name).exists():
                (tools / path.name).symlink_to(path.resolve())
    out = public / "out"
    out.mkdir()
    out.chmod(0o777)
    action = bundle.Action(
        "MASTER", "/bin/sh", ["-c", f'id -un >"{out}/$1"; printf "<%s>" "$@" >>"{out}/$1"', "-x", "it's $(id)"]
    )
    data = public / "notify.data"
    data.write_bytes(bundle.notify_data([action], user="nobody"))
    data.chmod(0o640)
    only = f"{tools}" if without else None
    text = programs.program("notify.sh").decode()
    program = public / "notify.sh"
    program.write_text(text.replace(":/usr/sbin:/usr/bin:/sbin:/bin", "") if without else text)
    words = [str(program), str(data), "INSTANCE", "web", "MASTER", "100"]
    environment = {"PATH": only or "/usr/sbin:/usr/bin:/sbin:/bin", "HAVIPCFG_RUN": str(public / "run")}
    subprocess.run([*shell.split(), *words], env=environment, timeout=30, check=True, capture_output=True)
    assert (out / "it's $(id)").read_text() == "nobody\n<it's $(id)>"


@pytest.mark.needs_root
def test_a_check_of_a_user_that_may_not_write_is_bad_and_silent(public: Path, shell: str) -> None:
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HAVIPCFG_RUN": "/run"}
    readable = public / "check.sh"
    readable.write_bytes(programs.program("check.sh"))
    readable.chmod(0o755)
    words = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *shell.split(), str(readable)]
    done = subprocess.run([*words, "command", "false"], env=environment, capture_output=True, timeout=30, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (1, b"", b"")

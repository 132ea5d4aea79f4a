"""The real ``keepalived -t`` asked about a configuration, in namespaces of its own."""

from __future__ import annotations

import subprocess
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from havipcfg.generator.outputs import Outputs

PRIVATE = 'mount --bind "$1" /etc/keepalived && shift && exec "$@"'


@contextmanager
def namespace(interfaces: Mapping[str, list[str]]) -> Iterator[str]:
    """A network namespace with these interfaces, up, and their addresses (with prefix); removed at the end."""
    name = f"hv-{uuid.uuid4().hex[:10]}"
    subprocess.run(["ip", "netns", "add", name], check=True)
    try:
        ip(name, "link", "set", "lo", "up")
        for index, (interface, addresses) in enumerate(interfaces.items()):
            ip(name, "link", "add", interface, "type", "veth", "peer", "name", f"hvp{index}")
            ip(name, "link", "set", f"hvp{index}", "up")
            ip(name, "link", "set", interface, "up")
            for address in addresses:
                ip(name, "addr", "add", address, "dev", interface, *(["nodad"] if ":" in address else []))
        yield name
    finally:
        subprocess.run(["ip", "netns", "del", name], check=True)


def ip(name: str, *words: str) -> None:
    subprocess.run(["ip", "-n", name, *words], check=True)


def keepalived_says(
    conf: Path, name: str, etc_keepalived: Path | None = None, seconds: float = 30, config_id: str = ""
) -> tuple[int, str]:
    """Exit status and messages of ``keepalived -t``; ``etc_keepalived`` stands in for /etc/keepalived.

    Raises subprocess.TimeoutExpired where it does not end.
    """
    command = ["keepalived", "-t", "-f", str(conf), *(["-i", config_id] if config_id else [])]
    if etc_keepalived is not None:
        command = ["unshare", "-m", "sh", "-c", PRIVATE, "sh", str(etc_keepalived), *command]
    run = subprocess.run(
        ["ip", "netns", "exec", name, *command], capture_output=True, text=True, timeout=seconds, check=False
    )
    return run.returncode, (run.stdout + run.stderr).strip()


def place(outputs: Outputs, node: str, etc: Path) -> None:
    """Lay a node's files where apply.sh installs them, with *etc* in the place of /etc/keepalived."""
    (etc / "havipcfg").mkdir()
    for line in outputs.files[f"{node}/manifest"].content.decode().splitlines()[1:]:
        _, mode, source, target = line.split(" ", 3)
        if target != "-":
            path = etc / Path(target).relative_to("/etc/keepalived")
            path.write_bytes(outputs.files[f"{node}/{source}"].content)
            path.chmod(int(mode, 8))

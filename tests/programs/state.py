"""What apply.sh left on a node, told from what it may leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.programs.lab import tree

if TYPE_CHECKING:
    from pathlib import Path

    from tests.programs.lab import Node


def installed(node: Node) -> dict[str, bytes]:
    """What keepalived would read: the configuration and the files it names, not the archive."""
    return {name: content for name, content in tree(node.etc).items() if "installed/" not in name}


def whole(node: Node, *bundles: Path) -> bool:
    """The configuration is that of one of the bundles (or absent), and every file it names is there and right."""
    if not node.config.exists():
        return True
    text = node.config.read_bytes()
    for candidate in bundles:
        if (candidate / "keepalived.conf").read_bytes() == text:
            break
    else:
        return False
    for line in (candidate / "manifest").read_text().splitlines()[1:]:
        _, mode, source, target = line.split(" ")
        if target.startswith("/etc/keepalived/havipcfg/"):
            path = node.etc / target.removeprefix("/etc/keepalived/")
            if path.read_bytes() != (candidate / source).read_bytes() or path.stat().st_mode & 0o7777 != int(mode, 8):
                return False
    return True

"""The programs that a generated cluster runs on its nodes, and the bundle that carries them there.

The programs are POSIX sh files of this package, the long ones in parts that follow each other. They are copied byte for
byte: nothing is ever spliced into shell code.
What differs between clusters reaches them as arguments or as a data file of ``key=value`` lines, which they read line
by line and never evaluate. :mod:`havipcfg.generator.programs.bundle` writes those files; its docstring is the format.

============== ================================================================================================
program        who runs it
============== ================================================================================================
check.sh       keepalived: ``vrrp_script { script "PATH -t SECONDS KIND ARGUMENT..." }``
notify.sh      keepalived: ``notify "PATH DATA"`` in every ``vrrp_instance`` (and group); DATA is a notify.data
move.sh        keepalived: ``notify_master "PATH DATA INSTANCE"`` **and** ``notify_master_rx_lower_pri`` with the same
               words, on clouds where a call to the provider moves the address; DATA is a move.data
apply.sh       an operator, or apply-all.sh, or the playbook, on the node, from the bundle directory
apply-all.sh   an operator, on a machine that reaches all nodes by ssh
playbook.yml   ansible-playbook, the same order as apply-all.sh; verify.yml, beside it, are tasks of it
============== ================================================================================================

check.sh, notify.sh and move.sh are installed under a name that holds the checksum of their content
(:func:`installed_path`), so that replacing keepalived.conf by one rename is the only switch from an old set to a new
one. keepalived.conf must therefore name ``installed_path("check.sh", program("check.sh"))`` and the like.
"""

from __future__ import annotations

import hashlib
from importlib.resources import files

INSTALL_DIR = "/etc/keepalived/havipcfg"
"""Where programs and data files are installed on a node. No component is a symbolic link on any known distribution."""

CONFIG_PATH = "/etc/keepalived/keepalived.conf"
"""The configuration that apply.sh installs."""

_SHARED = ("/limited", "/state")
_NAMES = ("apply-all.sh", "apply.sh", "check.sh", "move.sh", "notify.sh", "playbook.yml", "verify.yml")
_PARTS = {
    "apply-all.sh": ("start", "/clock", "nodes", "main"),
    "apply.sh": ("start", *_SHARED, "bundle", "daemon", "node", "preflight", "plan", "install", "main"),
    "check.sh": ("start", "/limited", "main"),
    "move.sh": ("start", *_SHARED, "/clock", "calls", "vendors", "main"),
    "notify.sh": ("start", *_SHARED, "main"),
}
"""Programs that are written in several files of a directory, in the order in which they make one; what begins with a
slash is of the directory ``shared``."""


def names() -> tuple[str, ...]:
    """Names of all programs, sorted."""
    return _NAMES


def program(name: str) -> bytes:
    """Content of a program, exactly as it is to be written to disk.

    Raises:
        KeyError: there is no program of that name.
    """
    if name not in _NAMES:
        raise KeyError(name)
    here = files(__name__)
    if name in _PARTS:
        own = name.removesuffix(".sh")
        paths = (f"shared{part}.sh" if part.startswith("/") else f"{own}/{part}.sh" for part in _PARTS[name])
        return b"".join(here.joinpath(path).read_bytes() for path in paths)
    return here.joinpath(name).read_bytes()


def installed_path(name: str, content: bytes) -> str:
    """Absolute path under which apply.sh installs a program or data file of that content.

    ``installed_path("check.sh", b"...")`` is ``/etc/keepalived/havipcfg/check-<12 hex digits of its SHA-256>.sh``.
    *name* has a stem and a suffix of letters, digits, ``_`` and ``-``.
    """
    stem, _, suffix = name.partition(".")
    return f"{INSTALL_DIR}/{stem}-{hashlib.sha256(content).hexdigest()[:12]}.{suffix}"

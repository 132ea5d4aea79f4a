"""What can be wrong with a block as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from havipcfg.diagnostics import Label
from havipcfg.findings import ERROR, Finding, diagnosis

if TYPE_CHECKING:
    from havipcfg.keepalived.declare import Block
    from havipcfg.keepalived.reading import Line
    from havipcfg.syntax.statement import Statement


@diagnosis("KC115", "unexpected-block", ERROR, keepalived=True)
def unexpected_block(statement: Statement, name: str, closed: bool = True) -> Finding:
    """A ``{`` after a keyword that opens no block.

    ## What it does
    Reports an opening brace where keepalived expects none.

    ## Why it matters
    keepalived ignores the brace and reads on in the block around it. The closing brace then
    ends that block early, and what follows is taken for something else.

    ## Example
    ```keepalived
    vrrp_instance web {
        state BACKUP
        interface eth0
        virtual_router_id 61
        priority 100 {          # expect: KC115
        }
    ```

    ## Use instead
    ```keepalived
    vrrp_instance web {
        state BACKUP
        interface eth0
        virtual_router_id 61
        priority 100
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## References
    - keepalived.conf(5)
    """
    return Finding(
        statement.opener_span,
        f"{name} opens no block" if name else "a { that opens no block",
        why="keepalived ignores the {, and the matching } ends the block around it",
        advice="remove both braces" if closed else "remove it",
    )


@diagnosis("KC116", "missing-opening-brace", ERROR, keepalived=True)
def missing_opening_brace(statement: Statement, bracket: str = "", seen: Label | None = None) -> Finding:
    """A block keyword that no ``{`` follows.

    ## What it does
    Reports a keyword that opens a block where the next line is not an opening brace. The place
    is the line at which keepalived notices, the first that it takes for something else; the
    keyword is shown with it.

    ## Why it matters
    keepalived takes the lines that follow for the block, up to the next closing brace, which
    is the one that was to close something else.

    ## Example
    ```keepalived
    vrrp_instance web
        state BACKUP                # expect: KC116
        interface eth0
        virtual_router_id 61
    }
    ```

    ## Use instead
    ```keepalived
    vrrp_instance web {
        state BACKUP
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## References
    - keepalived.conf(5)
    """
    here = statement.word_span(len(statement.words))
    name = " ".join(statement.words[:2])
    return Finding(
        seen.span if seen else here,
        f"{name} has {bracket} in the place of {{"
        if bracket
        else f"{name} has no {{"
        if seen
        else f"{name} needs a {{ here",
        why="keepalived reads the lines that follow as the block, up to the next }",
        advice=f"open and close {name} with braces" if bracket else _with_brace(statement, name),
        related=(Label(here, "the { is missing here"), seen) if seen else (),
        keepalived=seen is not None,
    )


_LISTS = ("track_interface", "track_script", "track_process", "track_bfd", "virtual_", "unicast_peer", "static_")
"""How the keywords begin of which a line of the block is written beside them."""


def _with_brace(statement: Statement, name: str) -> str:
    first, *rest = statement.words
    if rest and first.startswith(_LISTS) and not first.startswith("virtual_server"):
        return f"write {first} {{ and }} on lines of their own, and {' '.join(rest)} between them"
    return f"put a {{ behind {name}"


@diagnosis("KC119", "repeated-block", ERROR, keepalived=True)
def repeated_block(line: Line, first: Block) -> Finding:
    """A second block of a name that can be given once.

    ## What it does
    Reports a second instance, sync group or track group of the same name.

    ## Why it matters
    keepalived skips the second block as a whole: its addresses are never announced.

    ## Example
    ```keepalived
    vrrp_instance web {
        state BACKUP
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
    }
    vrrp_instance web {             # expect: KC119
        state BACKUP
        interface eth0
        virtual_router_id 62
        virtual_ipaddress {
            192.0.2.11
        }
    }
    ```

    ## Use instead
    A name of its own for each block.

    ## References
    - keepalived.conf(5)
    """
    return Finding(
        line.statement.span,
        f"{' '.join(line.words[:2])} is defined twice",
        why="keepalived skips the whole second block",
        advice="give it a name of its own",
        related=(Label(first.statement.span, "first defined here"),),
    )


@diagnosis("KC120", "incomplete-block", ERROR, keepalived=True)
def incomplete_block(statement: Statement, needs: tuple[str, ...], reported: bool = True) -> Finding:
    """A block without the line that it exists for.

    ## What it does
    Reports a block that lacks a keyword without which keepalived removes it: the ``script`` of
    a ``vrrp_script``, the ``file`` of a ``track_file``, the ``process`` of a
    ``vrrp_track_process``, the delays of a ``garp_group``, the members of a group.

    ## Why it matters
    The block is gone. What refers to it is ignored too, so that a check that should move the
    address is never made.

    ## Example
    ```keepalived
    vrrp_script chk_web {
        interval 2
    }                       # expect: KC120
    ```

    ## Use instead
    ```keepalived
    vrrp_script chk_web {
        script "/usr/bin/curl -fso /dev/null http://127.0.0.1/"
        interval 2
    }
    ```

    ## References
    - keepalived.conf(5)
    """
    name = " ".join(statement.words[:2])
    bare = [line.span for line in statement.body or () if line.keyword in needs and len(line.words) == 1]
    return Finding(
        statement.closer_span,
        f"{name} has no {' or '.join(needs)}",
        why="keepalived removes the block, and ignores what refers to it",
        advice=f"add {needs[0]}, or remove the block",
        related=(Label(statement.span, "the block begins here"), *(Label(span, "nothing follows") for span in bare)),
        keepalived=reported,
    )


@diagnosis("KC121", "empty-block", ERROR, keepalived=True)
def empty_block(statement: Statement) -> Finding:
    """A list without an entry where keepalived insists on one.

    ## What it does
    Reports an empty ``group``, ``notification_email`` or ``interfaces`` block.

    ## Why it matters
    A group without members is removed; a list of addresses without one sends no mail.

    ## Example
    ```keepalived
    global_defs {
        notification_email {
        }                       # expect: KC121
    }
    ```

    ## Use instead
    ```keepalived
    global_defs {
        notification_email {
            ops@example.org
        }
    }
    ```

    ## References
    - keepalived.conf(5)
    """
    return Finding(
        statement.closer_span,
        f"{statement.keyword} is empty",
        why="keepalived reports it and goes on without the block",
        advice="add an entry, or remove the block",
    )

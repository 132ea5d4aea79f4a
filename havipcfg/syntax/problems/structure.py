"""What can be wrong with braces. Each function is one rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from havipcfg.diagnostics import Edit, Fix, Label
from havipcfg.findings import ERROR, Finding, diagnosis
from havipcfg.source import Span

BraceKind = Literal["surplus", "early", "quoted", "opener"]
"""Of a brace: it closes nothing, ends a block too early, or stands in quotes and closes or opens a block."""


@diagnosis("KC030", "unclosed-block", ERROR, keepalived=True)
def unclosed_block(place: Span, blocks: Sequence[tuple[str, Span]], before: str) -> Finding:
    """A block without its closing brace.

    ## What it does
    Reports a block that is still open where a line stands that belongs outside of it, or where
    the file ends. ``before`` names that line; the opening brace is the other place shown.

    ## Why it matters
    keepalived takes all that follows for lines of the open block and reports each of them, but
    not the brace that is missing.

    ## Example
    ```keepalived
    vrrp_instance web {
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        track_interface {         # expect: KC030
            eth1
        }
    }
    ```

    ## Use instead
    ```keepalived
    vrrp_instance web {
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
        track_interface {
            eth1
        }
    }
    ```

    ## References
    - keepalived 2.4.3 and 2.2.7, measured
    """
    names = " and ".join(name for name, _ in blocks)
    where = f"before {before}" if before else "before the end of the file"
    braces = "a }" if len(blocks) == 1 else f"{len(blocks)} }}"
    return Finding(
        place,
        f"{names} {'is' if len(blocks) == 1 else 'are'} not closed {where}: "
        f"{braces} {'is' if len(blocks) == 1 else 'are'} missing",
        why="keepalived takes the lines that follow for part of the block",
        advice=f"put {braces} {where}",
        related=tuple(Label(span, f"{name} is opened here") for name, span in blocks),
    )


@diagnosis("KC031", "stray-brace", ERROR, keepalived=True, fix="unsafe")
def stray_brace(
    place: Span,
    kind: Literal["surplus", "early", "quoted", "opener"],
    name: str,
    opened: Label | None,
    seen: Label | None = None,
) -> Finding:
    """A closing brace that closes nothing, or a block too early.

    ## What it does
    Reports a ``}`` beyond those that blocks need. Where lines of a block follow its end, or a
    ``}`` in quotes has ended it, the first line that keepalived finds outside of all blocks is
    the place, and the brace that is too many is shown with it.

    ## Why it matters
    What follows the brace stands outside of its block: keepalived reports it as unknown
    keywords and runs without it.

    ## Example
    ```keepalived
    vrrp_instance web {
        virtual_router_id 61
    }
    }                             # expect: KC031
    ```

    ## Use instead
    ```keepalived
    vrrp_instance web {
        virtual_router_id 61
    }
    ```

    ## References
    - keepalived 2.4.3 and 2.2.7, measured
    """
    line = place.source.line_span(place.line)
    made = place.text != "}" and kind == "early"
    shown = tuple(label for label in (opened, seen) if label)
    fix = Fix("remove the }", "unsafe", (Edit(place, ""),)) if place.text == "}" else None
    if kind == "quoted":
        return Finding(
            seen.span if seen else place,
            f"a }} in quotes ends {name or 'a block'} all the same",
            why="keepalived ends the block there without counting the brace, and what follows is outside of it",
            advice='remove the "}", or the quotes around it and the } that follows',
            related=(Label(place, "this ends the block"), *shown),
        )
    if kind == "opener":
        return Finding(
            seen.span if seen else place,
            f"a {{ in quotes opens {name} all the same, and this }} is one too many",
            why="keepalived opens the block there without counting the brace",
            advice="remove the quotes",
            related=(Label(place, "this opens the block"), *shown),
        )
    if kind == "early":
        return Finding(
            seen.span if seen else place,
            f"a }} ends {name} too early",
            why="the lines that follow it belong to the block, and are outside of it for keepalived",
            advice="end the block on a line of its own: a sequence repeats the } too"
            if made and "~" in line.text
            else "remove the } that is too many",
            related=(Label(line if made else place, "this ends it"), *shown),
            fix=fix,
        )
    return Finding(
        place,
        "this } closes nothing",
        why="keepalived reports it; a brace too many may have ended a block early",
        advice="remove it, or find the { that is missing above",
        related=shown,
        fix=fix,
    )

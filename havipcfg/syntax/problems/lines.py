"""What can be wrong with a line before anything in it is understood. Each function is one rule."""

from __future__ import annotations

from havipcfg.findings import ERROR, WARNING, Finding, diagnosis
from havipcfg.source import Span

_CRASHING = ("script", "misc_path")


def _named_above(place: Span) -> tuple[str, ...]:
    """The line that keepalived names for one that it drops: it has not counted that line yet."""
    return (f"keepalived's own message says line {place.line - 1}",) if place.line > 1 else ()


@diagnosis("KC001", "line-too-long", ERROR, keepalived=True)
def line_too_long(place: Span, size: int, dropped: bool) -> Finding:
    """A line that does not fit into keepalived's buffer.

    ## What it does
    Reports a line of more than 1022 bytes, blanks and comment included.

    ## Why it matters
    Since 2.4.0 keepalived reports the line and drops its first 1023 bytes, but reads what is
    left of it as a line of its own. Earlier versions cut it into pieces without a word and read
    each piece as a line, the rest of a long comment too.

    ## Example
    A comment or a `notify` command of more than 1022 bytes on one line.

    ## Use instead
    Several comment lines; a script of its own for a long command.

    ## References
    - keepalived 2.4.3 and 2.2.7, measured
    """
    return Finding(
        place,
        f"this line has {size} bytes, keepalived reads at most 1022",
        why="it is dropped, and its end is read as another line"
        if dropped
        else "keepalived cuts it and reads every piece as a line of its own, the rest of a comment too",
        advice="divide it, or move a long command into a script",
        notes=_named_above(place) if dropped else (),
        keepalived=dropped,
    )


@diagnosis("KC002", "nul-byte", ERROR, keepalived=True)
def nul_byte(place: Span, dropped: bool) -> Finding:
    """A NUL byte in the file.

    ## What it does
    Reports a line with a NUL byte, the trace of a damaged file or of one saved as UTF-16.

    ## Why it matters
    Since 2.4.0 keepalived reports such a line and drops all of it; earlier versions silently
    drop what stands behind the NUL.

    ## Example
    A file saved as "Unicode" by an editor has a NUL after every letter.

    ## Use instead
    Save the file as UTF-8.

    ## References
    - keepalived 2.4.3 and 2.2.7, measured
    """
    return Finding(
        place,
        "this line holds a NUL byte",
        why="keepalived drops the line" if dropped else "keepalived silently drops what follows it on the line",
        advice="the file is damaged or not UTF-8: write it again",
        notes=_named_above(place) if dropped else (),
        keepalived=dropped,
    )


@diagnosis("KC003", "unclosed-quote", ERROR, keepalived=True)
def unclosed_quote(place: Span, text: str) -> Finding:
    """A double quote that its line does not close.

    ## What it does
    Reports a line with an odd number of double quotes. A backslash does not protect a quote
    from keepalived, except inside the command of a script.

    ## Why it matters
    keepalived drops the rest of the line, and no longer sees a comment or a brace in it, so that
    a block may stay unopened. On a `script` or `misc_path` line it crashes.

    ## Example
    ```keepalived
    vrrp_script app {
        script "/usr/bin/curl -sf http://127.0.0.1/   # expect: KC003
    }
    ```

    ## Use instead
    ```keepalived
    vrrp_script app {
        script "/usr/bin/curl -sf http://127.0.0.1/"
    }
    ```

    ## References
    - keepalived.conf(5), "Quoted strings"
    """
    crash = text.split(None, 1)[0] in _CRASHING if text.strip() else False
    return Finding(
        place,
        'a " that is not closed on its line',
        why="keepalived crashes at this line (segmentation fault)"
        if crash
        else "keepalived ignores the rest of the line, and any brace in it",
        advice='close the quote at the end of the value; inside a quoted value there is no way to write a "',
    )


@diagnosis("KC004", "escaped-comment-sign", WARNING)
def escaped_comment_sign(place: Span, first: bool) -> Finding:
    """A backslash before # or ! outside quotes.

    ## What it does
    Reports an escaped comment sign. keepalived takes the backslash away when its parent process
    reads the file; its other processes read the result again and see a comment there.

    ## Why it matters
    The value is cut at the sign for VRRP, health checks and BFD. A line that begins with an
    escaped exclamation mark crashes keepalived.

    ## Example
    ```keepalived
    vrrp_instance web {
        authentication {
            auth_type PASS
            auth_pass a\\#b        # expect: KC004
        }
    }
    ```

    ## Use instead
    ```keepalived
    vrrp_instance web {
        authentication {
            auth_type PASS
            auth_pass "a#b"
        }
    }
    ```

    ## References
    - keepalived 2.4.3 and 2.2.7, measured
    """
    sign = place.text[1:]
    crash = first and sign == "!"
    return Finding(
        place,
        f"\\{sign} does not escape the comment sign",
        why="keepalived crashes at a line that begins so (segmentation fault)"
        if crash
        else "all but the parent process of keepalived see a comment here",
        advice="put the value into double quotes",
        severity=ERROR if crash else None,
        keepalived=crash or None,
    )


@diagnosis("KC005", "line-continuation", ERROR)
def line_continuation(place: Span, keyword: str) -> Finding:
    """A backslash at the end of a line.

    ## What it does
    Reports a line that ends in a backslash and is no definition.

    ## Why it matters
    keepalived does not join lines. The backslash becomes part of the last word, and the next
    line is a line of its own. On a `script` or `misc_path` line keepalived crashes.

    ## Example
    ```keepalived
    vrrp_instance web {
        priority \\               # expect: KC005
            100
    }
    ```

    ## Use instead
    ```keepalived
    vrrp_instance web {
        priority 100
    }
    ```

    ## References
    - keepalived 2.4.3 and 2.2.7, measured
    """
    return Finding(
        place,
        "a backslash does not continue a line",
        why="keepalived crashes at this line (segmentation fault)"
        if keyword in ("script", "misc_path")
        else "it becomes part of the last word, and the next line stands for itself",
        advice="write the setting on one line",
        keepalived=keyword in ("script", "misc_path"),
    )

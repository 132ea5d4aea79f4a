"""What can be wrong with braces, and with lines that come from another language. Each function is one rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from havipcfg.diagnostics import Edit, Fix, Label
from havipcfg.findings import ERROR, WARNING, Finding, diagnosis
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


@diagnosis("KC034", "look-alike-character", ERROR, fix="safe")
def look_alike(place: Span, names: Sequence[str], meant: str) -> Finding:
    """A character that only looks like the one that is meant.

    ## What it does
    Reports typographic quotes, full-width punctuation, no-break and zero-width spaces, byte order
    marks, and Cyrillic and Greek letters that look Latin, outside of comments: the traces of a word
    processor, a chat, a web page or another keyboard.

    ## Why it matters
    keepalived knows ASCII only. Such a character is part of the word it touches, which is then
    an unknown keyword, no number, or a name that nothing else has.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface “eth0”              # expect: KC034
        virtual_router_id 61
    }
    ```

    ## Use instead
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
    }
    ```

    ## References
    - keepalived 2.4.3 and 2.2.7, measured
    """
    fix = (
        Fix(f"write {meant}" if meant.strip() else "remove it", "safe", (Edit(place, meant),))
        if place.text != meant
        else None
    )
    return Finding(
        place,
        f"{' and '.join(names)} in this line",
        why="keepalived takes it for a part of the word",
        advice=f"write {meant}" if meant.strip() else "remove it",
        fix=fix,
    )


@diagnosis("KC035", "foreign-comment", ERROR, keepalived=True)
def foreign_comment(place: Span, sign: str, behind: bool) -> Finding:
    """A comment in the manner of another language.

    ## What it does
    Reports lines that begin with ``//``, ``/*``, ``;``, ``--`` or ``<!--``, and ``//`` and ``/*``
    behind a setting.

    ## Why it matters
    For keepalived they are keywords, unknown ones; braces in them count.

    ## Example
    ```keepalived
    vrrp_instance web {
        // the server in rack 1   # expect: KC035
        virtual_router_id 61
    }
    ```

    ## Use instead
    ```keepalived
    vrrp_instance web {
        # the server in rack 1
        virtual_router_id 61
    }
    ```

    ## References
    - keepalived.conf(5), "Comments"
    """
    return Finding(
        place,
        f"{sign} does not begin a comment in keepalived.conf",
        why="keepalived takes it for more words of the line"
        if behind
        else "keepalived takes the line for an unknown keyword",
        advice="write # or ! in its place",
    )


@diagnosis("KC036", "pasted-shell-line", ERROR, keepalived=True)
def pasted_shell(place: Span, what: str) -> Finding:
    """A line of a shell session in the configuration.

    ## What it does
    Reports commands, prompts and here-document marks among the lines that keepalived does not
    understand.

    ## Why it matters
    A page was copied with the commands around the file. keepalived reports each such line.

    ## Example
    ```keepalived
    cat > /etc/keepalived/keepalived.conf <<EOF      # expect: KC036
    vrrp_instance web {
        virtual_router_id 61
    }
    EOF
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
    return Finding(
        place,
        f"{what} is no configuration",
        why="keepalived takes the line for an unknown keyword",
        advice="remove the line",
    )


@diagnosis("KC037", "foreign-format", ERROR, keepalived=True)
def foreign_format(place: Span, what: str, meant: str, advice: str = "") -> Finding:
    """A line in the manner of YAML, INI, XML or a template.

    ## What it does
    Reports ``key: value``, ``key = value``, ``[section]``, ``<tag>`` and ``{{ variable }}``
    among the lines that keepalived does not understand.

    ## Why it matters
    keepalived reports the line and runs without the setting; the braces of a template that was
    not filled in also end the block around them.

    ## Example
    ```keepalived
    vrrp_instance web {
        state: BACKUP             # expect: KC037
        virtual_router_id = 61    # expect: KC037
    }
    ```

    ## Use instead
    ```keepalived
    vrrp_instance web {
        state BACKUP
        virtual_router_id 61
    }
    ```

    ## References
    - keepalived.conf(5)
    """
    return Finding(
        place,
        f"{what} is not the form of a keepalived setting"
        if meant or "key" in what
        else f"{what} is no keepalived configuration",
        why="keepalived takes it for unknown words",
        advice=advice
        or (f"write {meant}" if meant else "a setting is a keyword, a blank and its value, one to a line"),
    )


@diagnosis("KC039", "foreign-file", ERROR)
def foreign_file(place: Span, what: str, advice: str, reported: bool) -> Finding:
    """A file that as a whole is something else.

    ## What it does
    Reports a file that is JSON, YAML, an INI file, a patch or a page, or that has line numbers,
    `>` or the like before every line, once for the whole file. Nothing else in it is judged. A
    cluster.yaml is for `havipcfg generate` and `havipcfg verify`.

    ## Why it matters
    keepalived reports nearly every line, and runs without any of it.

    ## Example
    ```keepalived
    vrrp_instance:                  # expect: KC039
      state: BACKUP
      virtual_router_id: 61
    ```

    ## Use instead
    ```keepalived
    vrrp_instance web {
        state BACKUP
        virtual_router_id 61
    }
    ```

    ## References
    - keepalived.conf(5)
    """
    return Finding(
        place,
        f"not keepalived configuration: {what}",
        why="keepalived does not understand these lines and runs without them",
        advice=advice,
        keepalived=reported,
    )


@diagnosis("KC038", "problem-in-include", ERROR)
def problem_in_include(place: Span, file: str, count: int, first: Span, reported: bool) -> Finding:
    """An included file has problems of its own.

    ## What it does
    Points from an ``include`` line to the first problem in what it includes, once for each file.

    ## Why it matters
    keepalived reads both as one configuration: what is wrong there keeps this file from working.

    ## Example
    An `include` of a file with an unknown keyword.

    ## Use instead
    The included file, put right.

    ## References
    - keepalived.conf(5), "Include"
    """
    return Finding(
        place,
        f"{file}, included here, has {count} {'problem' if count == 1 else 'problems'}",
        related=(Label(first, "the first of them"),),
        severity=ERROR if reported else WARNING,
        keepalived=reported,
    )

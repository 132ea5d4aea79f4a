"""What comes from another language: characters, comments, lines, whole files. Each function is one rule."""

from __future__ import annotations

from collections.abc import Sequence

from havipcfg.diagnostics import Edit, Fix
from havipcfg.findings import ERROR, Finding, diagnosis
from havipcfg.source import Span


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

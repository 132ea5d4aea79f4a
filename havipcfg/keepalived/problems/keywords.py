"""What can be wrong with a keyword, whatever its value."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING

from havipcfg.diagnostics import Edit, Fix, Label
from havipcfg.findings import ERROR, WARNING, Finding, diagnosis

if TYPE_CHECKING:
    from havipcfg.keepalived.reading import Line
    from havipcfg.syntax.statement import Statement


_ANYWHERE = ("include",)


@diagnosis("KC101", "unknown-keyword", ERROR, keepalived=True, fix="safe")
def unknown_keyword(statement: Statement, inside: str, allowed: Iterable[str]) -> Finding:
    """A word that is no keyword of the block it stands in.

    ## What it does
    Reports the first word of a line that keepalived does not know at this place, with the
    nearest keyword that is allowed here, and the blocks where the word would be one.

    ## Why it matters
    keepalived reports the line, skips it and runs on without the setting. Where the word opens
    a block, its lines are taken for settings of the block around it and its closing brace ends
    that block early.

    ## Example
    ```keepalived
    vrrp_instance web {
        state BACKUP
        interface eth0
        virtual_router_id 61
        prioriti 100            # expect: KC101
        virtual_ipaddress {
            192.0.2.10
        }
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
    word = statement.keyword
    lower = {keyword.lower(): keyword for keyword in (*allowed, *_ANYWHERE)}
    near = [lower[name] for name in get_close_matches(word.lower(), list(lower), 1, 0.75)] if lower else []
    fix = None
    advice = ""
    if near:
        advice = f"did you mean {near[0]}?"
        span = statement.word_span(0)
        if span.text == word:
            fix = Fix(f"replace {word} by {near[0]}", "safe", (Edit(span, near[0]),))
    where = f"in {inside}" if inside else "at the top level"
    return Finding(
        statement.word_span(0),
        f"{word} is not a keyword {where}",
        why="keepalived skips the line: the setting has no effect",
        advice=advice,
        fix=fix,
    )


@diagnosis("KC102", "missing-value", ERROR, keepalived=True)
def missing_value(line: Line, needed: int) -> Finding:
    """A keyword without the value it needs.

    ## What it does
    Reports a line that ends before the value its keyword cannot do without.

    ## Why it matters
    At most keywords keepalived stops at once, with nothing running and nothing below the line
    read; at a few it reports the line, or says nothing, and goes on without the setting.

    ## Example
    ```keepalived
    vrrp_instance web {
        state BACKUP
        interface eth0
        virtual_router_id       # expect: KC102
        virtual_ipaddress {
            192.0.2.10
        }
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
    why = {
        "fatal": "keepalived exits at this line, and nothing runs",
        "crash": "keepalived crashes at this line (segmentation fault), without a message",
        "reported": "keepalived ignores the line",
        "silent": "keepalived ignores the line, and nothing says so",
    }[line.keyword.missing]
    return Finding(
        line.statement.span,
        f"{line.name} needs {'a value' if needed == 1 else f'{needed} values'}: {line.keyword.kind.describe()}",
        why=why,
        keepalived=line.keyword.missing != "silent",
    )


@diagnosis("KC109", "repeated-keyword", ERROR, keepalived=True)
def repeated_keyword(line: Line, first: Statement) -> Finding:
    """A keyword given twice where keepalived takes one line only.

    ## What it does
    Reports a second line of a keyword where keepalived complains about it. Keywords that are
    silently overridden by their last line are another matter.

    ## Why it matters
    For scripts, FIFOs and names the first line stays in force, so that the line an operator
    added last, often the one that should have replaced the other, does nothing.

    ## Example
    ```keepalived
    vrrp_instance web {
        state BACKUP
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
        notify_master /usr/local/bin/old-notify
        notify_master /usr/local/bin/new-notify     # expect: KC109
    }
    ```

    ## Use instead
    One line, with the value that is meant.

    ## References
    - keepalived.conf(5)
    """
    kept = "the second replaces the first" if line.keyword.repeat == "replaced" else "the first stays in force"
    return Finding(
        line.statement.span,
        f"{line.name} is given twice",
        why=f"keepalived reports it: {kept}",
        advice="keep the line that is meant",
        related=(Label(first.span, "first given here"),),
    )


@diagnosis("KC110", "surplus-words", ERROR, keepalived=True)
def surplus_words(line: Line, index: int) -> Finding:
    """Words after a keyword that takes no more of them, and says so.

    ## What it does
    Reports the words that follow a complete line where keepalived checks for them: names of
    instances and groups, openers of value blocks, a few settings.

    ## Why it matters
    An instance or group with a second name is skipped as a whole; some settings are ignored
    with the line.

    ## Example
    ```keepalived
    vrrp_sync_group pair of two {       # expect: KC110
        group {
            web
            api
        }
    }
    ```

    ## Use instead
    ```keepalived
    vrrp_sync_group pair {
        group {
            web
            api
        }
    }
    ```

    ## References
    - keepalived.conf(5)
    """
    whole = line.statement.body is not None and index > 0
    dropped = "keepalived skips the whole block" if whole else "keepalived ignores the line"
    only = "keepalived reports the words and ignores them"
    most = line.first + index - 1
    words = "no word behind it" if most == 0 else "one word, no more" if most == 1 else f"{most} words, no more"
    return Finding(
        line.statement.words_span(line.first + index),
        f"{line.name} takes {words}",
        why=dropped if whole or line.keyword.dropped else only,
        advice="remove them, or put a name with blanks into double quotes" if whole else "remove them",
    )


@diagnosis("KC111", "ignored-words", WARNING)
def ignored_words(line: Line, index: int) -> Finding:
    """Words after a value that keepalived ignores without a word.

    ## What it does
    Reports what follows a complete setting on its line where keepalived does not look at it.
    Often it is a second setting, a second value, or a comment without its sign.

    ## Why it matters
    A line holds one setting. The rest of it has no effect and ``keepalived -t`` is silent, so
    a file can look right and still run with a default.

    ## Example
    ```keepalived
    vrrp_instance web {
        state BACKUP
        interface eth0
        virtual_router_id 61
        priority 100 advert_int 5       # expect: KC111
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    ```keepalived
    vrrp_instance web {
        state BACKUP
        interface eth0
        virtual_router_id 61
        priority 100
        advert_int 5
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## References
    - keepalived.conf(5)
    """
    from havipcfg.keepalived.scripts import Script

    words = "a word" if line.keyword.secret else repr(" ".join(line.words[line.first + index :]))
    given = f"the value of {line.name}" if line.keyword.secret else " ".join(line.words[: line.first + index])
    command = isinstance(line.keyword.kind, Script)
    return Finding(
        line.statement.words_span(line.first + index),
        f"keepalived ignores {words} after {given}",
        why="keepalived runs the program without them, and nothing says so"
        if command
        else "a line holds one setting; whatever follows has no effect, and nothing says so",
        advice="put the command and its arguments into double quotes"
        if command
        else "put it on a line of its own, or remove it",
    )


@diagnosis("KC118", "flag-not-off", WARNING)
def flag_not_off(line: Line) -> Finding:
    """A flag that an operator means to switch off, and switches on.

    ## What it does
    Reports ``off``, ``no``, ``false`` or ``0`` after a keyword that takes no value.

    ## Why it matters
    Such a keyword is on because it is there. keepalived does not look at the word behind it,
    and does the opposite of what the line says.

    ## Example
    ```keepalived
    vrrp_instance web {
        state BACKUP
        interface eth0
        virtual_router_id 61
        nopreempt off           # expect: KC118
        virtual_ipaddress {
            192.0.2.10
        }
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
    return Finding(
        line.statement.span,
        f"{line.name} {line.word(0)} switches {line.name} on",
        why="the keyword alone sets it; keepalived does not look at the word after it, and nothing says so",
        advice="remove the line",
    )

"""What can be wrong with an entry of a value block as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from havipcfg.findings import ERROR, WARNING, Finding, diagnosis

if TYPE_CHECKING:
    from havipcfg.keepalived.reading import Line


@diagnosis("KC131", "incomplete-entry", ERROR, keepalived=True)
def incomplete_entry(line: Line, what: str, effect: str, advice: str, reported: bool = True) -> Finding:
    """A line of a value block that lacks what makes it one.

    ## What it does
    Reports a route without destination, a rule without action or without preference, an
    interface without its delay, a tunnel without key or address.

    ## Why it matters
    keepalived drops the entry, or gives it a number of its own choice.

    ## Example
    ```keepalived
    vrrp_instance web {
        state BACKUP
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
        virtual_routes {
            via 192.0.2.1 dev eth0      # expect: KC131
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
        virtual_routes {
            default via 192.0.2.1 dev eth0
        }
    }
    ```

    ## References
    - keepalived.conf(5)
    """
    return Finding(line.statement.span, what, why=effect, advice=advice, keepalived=reported)


@diagnosis("KC132", "lost-word", WARNING)
def lost_word(line: Line, index: int) -> Finding:
    """The word after ``inet`` or ``inet6``, which keepalived skips.

    ## What it does
    Reports a word that stands behind ``inet`` or ``inet6`` in a route or rule. keepalived up to
    2.4.3 skips it.

    ## Why it matters
    The destination or selector is lost, and the rest of the line means something else.

    ## Example
    ```keepalived
    static_rules {
        inet from 192.0.2.0/24 table 100 priority 500   # expect: KC132
    }
    ```

    ## Use instead
    ```keepalived
    static_rules {
        from 192.0.2.0/24 table 100 priority 500
    }
    ```

    ## References
    - keepalived.conf(5)
    """
    return Finding(
        line.span(index),
        f"keepalived skips {line.word(index)}, the word after {line.word(index - 1)}",
        why="the rest of the line is read without it",
        advice=f"remove {line.word(index - 1)}: the addresses say the family",
    )


@diagnosis("KC133", "deprecated-option", ERROR, keepalived=True)
def deprecated_option(line: Line, index: int, instead: str, reported: bool = True) -> Finding:
    """An option of a route or setting that has a newer form.

    ## What it does
    Reports ``gw`` and ``or`` in routes, and the sync id without ``id`` in ``lvs_sync_daemon``.

    ## Why it matters
    keepalived uses it and reports it, so that its configuration test fails.

    ## Example
    ```keepalived
    static_routes {
        198.51.100.0/24 gw 192.0.2.1 dev eth0    # expect: KC133
    }
    ```

    ## Use instead
    ```keepalived
    static_routes {
        198.51.100.0/24 via 192.0.2.1 dev eth0
    }
    ```

    ## References
    - keepalived.conf(5)
    """
    return Finding(
        line.span(index),
        f"{line.word(index)} is deprecated here",
        why="keepalived uses it and reports it",
        advice=f"use {instead}",
        keepalived=reported,
    )


@diagnosis("KC134", "untracked-entry", ERROR, keepalived=True)
def untracked(line: Line, index: int, fact: str, effect: str, advice: str) -> Finding:
    """A route or rule that keepalived cannot watch.

    ## What it does
    Reports a route without interface (up to 2.2.7), a route or rule whose protocol is not
    keepalived's own, and a static entry with a ``track_group`` and no interface.

    ## Why it matters
    keepalived cannot see when somebody else removes the entry, or changes it to what it can
    watch.

    ## Example
    ```keepalived
    static_routes {
        198.51.100.0/24 dev eth0 protocol static     # expect: KC134
    }
    ```

    ## Use instead
    ```keepalived
    static_routes {
        198.51.100.0/24 dev eth0 protocol static no_track
    }
    ```

    ## References
    - keepalived.conf(5)
    """
    return Finding(line.span(index), fact, why=effect, advice=advice)


@diagnosis("KC135", "duplicate-entry", ERROR, keepalived=True)
def duplicate_entry(line: Line, name: str) -> Finding:
    """The same tracker twice in one block.

    ## What it does
    Reports a script, interface, file, process or BFD session that the block already watches.

    ## Why it matters
    keepalived ignores the second line with its weight: the first one stays in force.

    ## Example
    ```keepalived
    vrrp_instance web {
        state BACKUP
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
        track_interface {
            eth1 weight -20
            eth1 weight -40             # expect: KC135
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
        track_interface {
            eth1 weight -40
        }
    }
    ```

    ## References
    - keepalived.conf(5)
    """
    return Finding(
        line.span(0),
        f"{name} is already in {line.name}",
        why="keepalived ignores the second line",
        advice="keep the line that is meant",
    )


@diagnosis("KC138", "unclosed-script-quote", ERROR, keepalived=True)
def unclosed_quote(line: Line, quote: str, crash: bool) -> Finding:
    """A quote in a command line that is never closed.

    ## What it does
    Reports a command with a single or double quote that its line does not close. Commands are
    split by both kinds, unlike the rest of the file, which knows the double quote alone.

    ## Why it matters
    keepalived crashes on such a ``script`` or ``misc_path`` line, and ignores a ``notify`` line.

    ## Example
    ```keepalived
    vrrp_instance web {
        state BACKUP
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
        notify_master "/usr/bin/logger it's web-a"      # expect: KC138
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
        notify_master "/usr/bin/logger web-a took over"
    }
    ```

    ## References
    - keepalived.conf(5)
    """
    return Finding(
        line.statement.words_span(line.first),
        f"the {quote} in the command of {line.name} is never closed",
        why="keepalived crashes at this line" if crash else "keepalived ignores the command",
        advice="close it, or put the command into a script of its own",
    )

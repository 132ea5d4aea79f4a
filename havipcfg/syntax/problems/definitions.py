"""What can be wrong with conditions, definitions, references and sequences. Each function is one rule."""

from __future__ import annotations

from collections.abc import Sequence

from havipcfg.diagnostics import Edit, Fix, Label
from havipcfg.findings import ERROR, INFO, WARNING, Finding, diagnosis
from havipcfg.source import Span


def _short(text: str, longest: int = 48) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


@diagnosis("KC006", "endless-definition", ERROR, keepalived=True)
def endless_definition(place: Span, via: Sequence[Label]) -> Finding:
    """A definition that leads back to itself.

    ## What it does
    Reports a line whose references to definitions never come to an end.

    ## Why it matters
    keepalived never comes back from this line: it uses all of a processor and starts nothing.

    ## Example
    ```keepalived
    $FIRST=$SECOND
    $SECOND=$FIRST
    global_defs {
        router_id $FIRST          # expect: KC006
    }
    ```

    ## Use instead
    ```keepalived
    $FIRST=web-a
    $SECOND=$FIRST
    global_defs {
        router_id $SECOND
    }
    ```

    ## References
    - keepalived 2.4.3 and 2.2.7, measured
    """
    return Finding(
        place,
        "the definitions used here lead back to themselves",
        why="keepalived hangs at this line and never starts",
        advice="give one of them a value of its own",
        related=tuple(via),
    )


@diagnosis("KC007", "line-outgrown", WARNING)
def line_outgrown(place: Span) -> Finding:
    """A line that definitions make longer than keepalived's buffer.

    ## What it does
    Reports a line that would have 1024 bytes or more with its definitions replaced.

    ## Why it matters
    keepalived stops replacing there without a word, so that `$NAME` stays in the value.

    ## Example
    ```keepalived
    $LONG=x$LONG
    global_defs {
        router_id $LONG           # expect: KC007
    }
    ```

    ## Use instead
    Shorter values, or several lines.

    ## References
    - keepalived 2.4.3 and 2.2.7, measured
    """
    return Finding(
        place,
        "with its definitions replaced this line would have 1024 bytes or more",
        why="keepalived stops there without a word: the other references stay as they are written",
        advice="shorten the definitions, or divide the line",
    )


@diagnosis("KC008", "interrupted-definition", ERROR)
def interrupted_definition(place: Span, name: str) -> Finding:
    """A comment, a blank line or an include inside a definition of several lines.

    ## What it does
    Reports a line inside a continued definition that has no text of its own.

    ## Why it matters
    The parent process of keepalived passes over it and continues the definition. Its other
    processes read a copy in which the line is empty, which ends the definition: the lines that
    follow are then part of the configuration, where they stand.

    ## Example
    ```keepalived
    $CHECKED= \\
        interval 2 \\
        # seconds                 # expect: KC008
        fall 3
    vrrp_script app {
        script /usr/bin/true
        $CHECKED
    }
    ```

    ## Use instead
    ```keepalived
    # interval in seconds
    $CHECKED= \\
        interval 2 \\
        fall 3
    vrrp_script app {
        script /usr/bin/true
        $CHECKED
    }
    ```

    ## References
    - keepalived 2.4.3 and 2.2.7, measured
    """
    return Finding(
        place,
        f"this line interrupts the definition of ${name}",
        why="for all but the parent process of keepalived the definition ends here, and its other lines become "
        "configuration at this place",
        advice="move comments and includes out of the definition",
    )


@diagnosis("KC009", "construct-from-definition", ERROR, keepalived=True)
def construct_from_definition(place: Span, text: str, via: Sequence[Label], lost: bool, garbled: bool) -> Finding:
    """A condition, definition or sequence that a definition stands for.

    ## What it does
    Reports a line that becomes `@id …`, `$NAME=…` or `~SEQ(…)` only by replacing a definition.

    ## Why it matters
    Since 2.4.0 keepalived does not act on it: the text is taken for a keyword, an unknown one.
    Before 2.2.8 a condition made so garbles the rest of its line, or keepalived crashes.

    ## Example
    ```keepalived
    $ONLY_A=@web-a
    vrrp_instance web {
        $ONLY_A priority 110      # expect: KC009
    }
    ```

    ## Use instead
    ```keepalived
    vrrp_instance web {
        @web-a priority 110
    }
    ```

    ## References
    - keepalived.conf(5), "Conditional configuration"; 2.4.3 and 2.2.7, measured
    """
    return Finding(
        place,
        f"a definition makes this line {_short(text)}",
        why="since 2.4.0 keepalived takes it for an unknown keyword"
        if lost
        else "before 2.2.8 keepalived garbles the rest of such a line, or crashes at it",
        advice="write it out where it is needed",
        related=tuple(via),
        keepalived=lost or garbled,
    )


@diagnosis("KC010", "condition-not-judged", INFO)
def condition_not_judged(place: Span, identity: str, differs: bool) -> Finding:
    """A line for one node, in a file with more ids than a cluster has nodes.

    ## What it does
    A file with `@id` lines is judged for every node that it names. With more than eight names
    it is not: this says which `@id` lines are left out, and which `@^id` lines are judged,
    because nothing says for which node the file is read.

    ## Why it matters
    keepalived compares the id with its option `-i`, or else with the host name up to the first
    dot. Lines for a node are only checked when that node is named.

    ## Example
    ```keepalived
    vrrp_instance web {
        @a priority 110         # expect: KC010
        @b priority 109         # expect: KC010
        @c priority 108         # expect: KC010
        @d priority 107         # expect: KC010
        @e priority 106         # expect: KC010
        @f priority 105         # expect: KC010
        @g priority 104         # expect: KC010
        @h priority 103         # expect: KC010
        @^i nopreempt           # expect: KC010
    }
    ```

    ## Use instead
    `havipcfg lint --config-id a`, and once more for every other node.

    ## References
    - keepalived.conf(5), "Conditional configuration"
    """
    judged = "judged: it is" if differs else "not judged: it is only"
    other = "any node but" if differs else ""
    return Finding(
        place,
        f"lines marked @{'^' if differs else ''}{identity} are {judged.split(':')[0]}",
        why=f"they are for {other or 'node'} {identity}, and the node is not known here",
        advice=f"name it: --config-id {identity}",
    )


@diagnosis("KC011", "invalid-sequence", ERROR, keepalived=True)
def invalid_sequence(place: Span, problem: str) -> Finding:
    """A ~SEQ or ~LST that keepalived cannot read.

    ## What it does
    Reports a sequence or list with a missing part, a number that is none, or a step that never
    arrives.

    ## Why it matters
    keepalived reports the line and drops it: nothing of what it stands for is configured.

    ## Example
    ```keepalived
    vrrp_instance web {
        virtual_ipaddress {
            ~SEQ(N, 10, -1, 12) 192.0.2.$N      # expect: KC011
        }
    }
    ```

    ## Use instead
    ```keepalived
    vrrp_instance web {
        virtual_ipaddress {
            ~SEQ(N, 10, 1, 12) 192.0.2.$N
        }
    }
    ```

    ## References
    - keepalived.conf(5), "Sequence blocks"
    """
    return Finding(
        place,
        problem,
        why="keepalived drops the line, and all that it stands for",
        advice="write ~SEQ(NAME, FIRST, STEP, LAST) with a step that leads there, or ~LST(NAME, VALUE, ...)",
    )


@diagnosis("KC015", "undefined-definition", ERROR, keepalived=True)
def undefined_definition(place: Span, name: str, several: bool) -> Finding:
    """${NAME} where nothing defines NAME.

    ## What it does
    Reports a braced reference outside quotes that no definition above it answers. keepalived has
    no variables but those that a line `$NAME=value` defined earlier.

    ## Why it matters
    keepalived leaves the reference as it is, then divides the line at its braces: it reports an
    unexpected block, and the block around it ends early.

    ## Example
    ```keepalived
    vrrp_instance web {
        priority ${PRIORITY}             # expect: KC015
    }
    ```

    ## Use instead
    ```keepalived
    $PRIORITY=100
    vrrp_instance web {
        priority ${PRIORITY}
    }
    ```

    ## References
    - keepalived.conf(5), "Parameter substitution"
    """
    advice = f"define it first, on a line of its own: ${name}=value (a template that was not filled in?)"
    return Finding(
        place,
        f"${name} has several lines and does not end this line"
        if several
        else f"${name} is not defined above this line",
        why="keepalived leaves it, divides the line at its braces, and the block around it ends early",
        advice="put nothing behind it" if several else advice,
    )


@diagnosis("KC016", "reference-without-braces", WARNING, fix="safe")
def reference_without_braces(place: Span, name: str, follows: str) -> Finding:
    """$NAME directly followed by other text.

    ## What it does
    Reports a reference to a definition that is followed by anything but a blank, a comma, a
    closing parenthesis or the end of the line.

    ## Why it matters
    keepalived does not replace it: the value holds the name instead of what it stands for.

    ## Example
    ```keepalived
    $VIP=192.0.2.10
    vrrp_instance web {
        virtual_ipaddress {
            $VIP/24                      # expect: KC016
        }
    }
    ```

    ## Use instead
    ```keepalived
    $VIP=192.0.2.10
    vrrp_instance web {
        virtual_ipaddress {
            ${VIP}/24
        }
    }
    ```

    ## References
    - keepalived.conf(5), "Parameter substitution"
    """
    fix = None
    found = place.text.find(f"${name}{follows}")
    if found != -1 and "$" not in place.text[found + 1 :]:
        at = Span(place.source, place.start + found, place.start + found + len(name) + 1)
        fix = Fix(f"write ${{{name}}}", "safe", (Edit(at, f"${{{name}}}"),))
    return Finding(
        place,
        f"${name} is followed by {follows!r} and stays as it is",
        why="keepalived replaces $NAME only before a blank, a comma, a ) or the end of the line",
        advice=f"write ${{{name}}}",
        fix=fix,
    )

"""What can be wrong with includes, and where reading stops. Each function is one rule."""

from __future__ import annotations

from havipcfg.diagnostics import Label
from havipcfg.findings import ERROR, INFO, WARNING, Finding, diagnosis
from havipcfg.source import Span


def _short(text: str, longest: int = 48) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


@diagnosis("KC017", "include-skipped", WARNING, keepalived=True)
def include_skipped(place: Span, problem: str, fatal: bool, *, printed: bool = True) -> Finding:
    """An include that finds nothing, or a file that keepalived does not read.

    ## What it does
    Reports an `include` whose file or pattern is not there, and matches that keepalived skips:
    directories, files with an execute permission, and whatever is no regular file. A pattern
    with wildcards may find nothing on purpose: `conf.d/*.cfg` is reported where files stand in
    the folder that end in .conf. What should be in /etc/keepalived and is not there is
    looked for beside the file: it may be a node's copy.

    ## Why it matters
    keepalived prints a line and goes on without the file, with success as its exit code. With
    one of the checks (`includer`, `includem`, `includew`, `includeb`, `includea`,
    `include_check`) it exits instead.

    ## Example
    ```keepalived
    include havipcfg-no-such-file.conf       # expect: KC017
    ```

    ## Use instead
    The name of a file that is there, relative to the file that includes it, without quotes and
    without execute permission.

    ## References
    - keepalived.conf(5), "Include"
    """
    return Finding(
        place,
        problem,
        why="keepalived exits here: the include is checked" if fatal else "keepalived goes on without it",
        advice="correct the name, or remove the line",
        severity=ERROR if fatal else None,
        keepalived=printed,
    )


@diagnosis("KC018", "include-loop", ERROR, keepalived=True)
def include_loop(place: Span, name: str) -> Finding:
    """A file that includes itself, directly or through others.

    ## What it does
    Reports an `include` of a file that is being read already.

    ## Why it matters
    keepalived reads it again and again until it can open no more files, so that everything in it
    is configured hundreds of times.

    ## Example
    `include example.conf` in the file `example.conf`.

    ## Use instead
    Include what is shared from a third file.

    ## References
    - keepalived 2.4.3 and 2.2.7, measured
    """
    return Finding(
        place,
        f"{name} includes itself",
        why="keepalived reads it again and again until no more files can be opened",
        advice="remove the line, or name the file that is meant",
    )


@diagnosis("KC019", "include-read-twice", ERROR)
def include_read_twice(place: Span, pattern: str, shows: bool) -> Finding:
    """An include that does not stand at the beginning of its line.

    ## What it does
    Reports an `include` behind a condition or a brace, or one that a definition or a sequence
    makes.

    ## Why it matters
    The processes of keepalived that do the work read the file twice: once where the parent put
    its text, and once more by this line. Blocks are then there twice, braces no longer match,
    and with a comment in the file they may crash.

    ## Example
    ```keepalived
    vrrp_instance web { include web.conf         # expect: KC019
    }
    ```

    ## Use instead
    ```keepalived
    vrrp_instance web {
    include web.conf
    }
    ```

    ## References
    - keepalived 2.4.3 and 2.2.7, measured
    """
    return Finding(
        place,
        f"include {_short(pattern)} does not begin its line",
        why="keepalived reads the file twice then, and may crash if the file holds a comment",
        advice="put include at the start of a line of its own",
        keepalived=shows,
    )


@diagnosis("KC020", "include-not-opened", INFO)
def include_not_opened(place: Span, pattern: str) -> Finding:
    """An include that was not followed, as asked.

    ## What it does
    Says which files are left out of judgement because other files are not to be opened.

    ## Why it matters
    What they define or configure is not known: a keyword may seem missing that they hold.

    ## Example
    An `include` line, with `--no-include`.

    ## Use instead
    Without `--no-include`, where the file can be trusted.

    ## References
    - `havipcfg lint --help`
    """
    return Finding(place, f"include {_short(pattern)} is not followed (--no-include)")


@diagnosis("KC021", "expansion-limit", ERROR)
def expansion_limit(place: Span, limit: str, *, all_of_it: bool = False) -> Finding:
    """A configuration that grows beyond any use by what it repeats, includes or nests.

    ## What it does
    Reports where reading stopped: too many lines made by definitions, sequences or includes,
    blocks nested more than 500 deep, more than 100 closing braces that close nothing, more than
    200,000 lines and braces, more than 5,000 broken lines.

    ## Why it matters
    keepalived itself has no limit: it takes the time and the memory, or never ends. What stands
    behind the place is not judged.

    ## Example
    ```keepalived
    ~SEQ(N, 1, 2000000000) static_ipaddress      # expect: KC021
    ```

    ## Use instead
    Fewer repetitions: a few hundred addresses are many.

    ## References
    - the limits are constants of `havipcfg.syntax.expand` and `havipcfg.syntax.surface`
    """
    if all_of_it:
        why = "nothing from here on is judged; keepalived has no such limit and would read all of it"
    else:
        why = "the rest of what this line stands for is not judged"
    return Finding(place, f"reading stops here: {limit}", why=why)


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

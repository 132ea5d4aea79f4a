"""One file for several nodes: what each of them reads of it, by the ids of its ``@id`` lines.

keepalived compares an id with its option ``-i``, or else with the host name up to the first dot.
Where nobody says for which node a file is read, it is judged for every node that it names; what
all of them read is said once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath

from havipcfg.diagnostics import Diagnostic
from havipcfg.findings import INFO, Finding, diagnosis

MOST_IDS = 8
"""A file with more ids than this has them for something else than nodes; it is read for none of them."""
OTHERS = "any other node"
"""What a node is called that has none of the ids."""

View = str | None
"""The configuration id that a file is read by; None: none of those it names."""
_Key = tuple[str, str, int, int, str]


def views(ids: Sequence[str]) -> list[View]:
    """The nodes to read a file for. Where one id alone is named, others are there as well."""
    if not 0 < len(ids) <= MOST_IDS:
        return [None]
    return [*ids, None] if len(ids) == 1 else list(ids)


def merged(found: Mapping[View, Iterable[Diagnostic]], unnamed: Iterable[Diagnostic]) -> list[Diagnostic]:
    """What is found in any view, each once; ``unnamed`` is what is found for a node with none of the ids.

    What only some nodes read says so, and has no fix: it might change what the others read.
    ``keepalived -t`` without ``-i`` reports what is in ``unnamed``, on a host with another name.
    """
    places: dict[_Key, dict[View, Diagnostic]] = {}
    for view, diagnostics in found.items():
        for diagnostic in diagnostics:
            places.setdefault(_key(diagnostic), {})[view] = diagnostic
    reported = {_key(diagnostic): diagnostic for diagnostic in unnamed if diagnostic.keepalived}
    kept = [_as_read(by_view, len(found), key in reported) for key, by_view in places.items()]
    missing = [diagnostic for key, diagnostic in reported.items() if key not in places]
    if missing and None not in found and not _installed(missing[0]):
        kept.append(problem_of_other_nodes([view for view in found if view is not None], missing))
    return kept


def _installed(diagnostic: Diagnostic) -> bool:
    """Whether the file has the name it has on the nodes, where it is read by those it names."""
    return PurePath(diagnostic.span.file).name == "keepalived.conf"


def _as_read(by_view: dict[View, Diagnostic], views: int, reported: bool) -> Diagnostic:
    first, *others = by_view.values()
    fix = first.fix if len(by_view) == views and all(other.fix == first.fix for other in others) else None
    notes = first.notes
    if len(by_view) < views:
        reads = "reads" if len(by_view) == 1 else "read"
        notes = (*notes, f"as {' and '.join(view or OTHERS for view in by_view)} {reads} the file")
    return replace(first, notes=notes, fix=fix, keepalived=first.keepalived and reported)


def _key(diagnostic: Diagnostic) -> _Key:
    span = diagnostic.span
    return diagnostic.code, span.file, span.start, span.end, diagnostic.message


@diagnosis("KC022", "problem-of-other-nodes", INFO, keepalived=True)
def problem_of_other_nodes(ids: Sequence[str], problems: Sequence[Diagnostic]) -> Finding:
    """Lines for named nodes, and what keepalived reports on a node with another name.

    ## What it does
    A file with `@id` lines is judged for every node that it names. This says what keepalived
    reports of it on a host with none of these names, where that differs. Not of a file called
    keepalived.conf, which is taken to lie on the nodes that it names.

    ## Why it matters
    keepalived compares an id with its option `-i`, or else with the host name up to the first
    dot. A host that is called otherwise than the file says is left with what all nodes share.

    ## Example
    ```keepalived
    @web-a $PRIORITY=110
    @web-b $PRIORITY=100
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        priority $PRIORITY      # expect: KC022
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    Nothing, where the hosts are called so, or keepalived is started with `-i web-a` and `-i web-b`.

    ## References
    - keepalived.conf(5), "Conditional configuration"
    - keepalived(8), "--config-id"
    """
    first = min(problems, key=lambda problem: problem.span.start)
    more = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
    return Finding(
        first.span,
        f"on a host not called {', '.join(ids[:-1])} or {ids[-1]}: {first.message}{more}",
        why="keepalived compares the ids with the host name up to the first dot, or with its option -i",
        advice=f"call the hosts so, or start keepalived with -i {ids[0]}",
    )

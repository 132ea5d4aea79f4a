"""One cause, one finding: what goes when another finding says the same better.

A rule sees its own subject; whether another one has named the cause already shows only when
all have been asked. ``CONSEQUENCES`` says which codes a finding makes needless, where the
two meet in one block, ``OF_A_FILE`` where they meet in one node's files.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from havipcfg.diagnostics import Severity

if TYPE_CHECKING:
    from havipcfg.diagnostics import Diagnostic
    from havipcfg.source import Span
    from havipcfg.syntax.statement import Statement

Codes = Mapping[str, tuple[str, ...]]

CONSEQUENCES: Codes = {
    "CL101": ("KC308",),
    "CL104": ("KC315",),
    "CL106": ("HV105",),
    "CL107": ("FO109",),
    "CL110": ("CL303", "KC204"),
    "CL111": ("CL107",),
    "CL202": ("KC321",),
    "CL302": ("CL108",),
    "HV103": ("CL203",),
    "HV104": ("CL203",),
    "KC003": ("KC120",),
    "KC034": ("KC225", "KC226"),
    "KC037": ("KC305", "KC306", "KC310", "KC320"),
    "HV108": ("KC321", "CL203"),
    "HV110": ("KC350",),
    "HV115": ("HV116",),
    "KC115": ("CL110", "KC310", "KC320", "KC451"),
    "KC116": ("KC110",),
    "KC118": ("CL108", "KC208", "KC301", "KC304"),
    "KC011": ("KC310",),
    "KC015": ("KC310",),
    "KC016": ("KC310",),
    "KC126": ("CL201", "CL203", "KC204", "KC310"),
    "KC104": ("CL107", "CL111", "HV117"),
    "KC107": ("KC310", "KC320"),
    "KC128": ("KC310",),
    "KC130": ("KC310",),
    "KC138": ("KC111", "KC120"),
    "KC206": ("CL110",),
    "KC207": ("CL110",),
    "KC208": ("CL108", "FO107"),
    "KC301": ("CL112",),
    "KC303": ("CL107", "KC206"),
    "KC320": ("CL106", "HV105"),
    "KC313": ("CL104",),
    "KC321": ("CL201",),
    "KC322": ("FO101", "FO103", "FO104"),
    "KC323": ("CL203",),
    "KC312": ("FO104",),
    "KC331": ("KC332", "KC340"),
    "KC341": ("CL102",),
    "KC342": ("CL102",),
    "KC345": ("CL102",),
}
OF_A_FILE: Codes = {
    "CL104": ("KC452",),
    "CL110": ("CL303",),
    "CL105": ("KC340", "KC360"),
    "CL115": ("CL110", "KC203", "KC204"),
    "FO101": ("CL110",),
    "FO103": ("CL110",),
    "KC003": ("CL110", "CL301", "KC201"),
    "KC030": ("KC120", "KC310"),
    "KC104": ("CL105",),
    "KC115": ("CL116", "HV106", "HV114", "KC201", "KC221"),
    "KC119": ("CL116",),
    "KC120": ("KC201", "KC447"),
    "KC126": ("CL110", "CL301", "KC203"),
    "KC201": ("CL110", "CL301", "KC466"),
    "KC210": ("CL110",),
    "KC303": ("KC373",),
    "KC306": ("KC210",),
    "KC310": ("KC452",),
    "KC370": ("CL115", "KC204"),
    "KC371": ("CL110", "CL115", "CL116", "KC204"),
    "KC372": ("KC204",),
    "KC403": ("KC427", "KC429"),
    "KC427": ("KC432",),
    "KC447": ("KC466",),
    "KC466": ("CL110",),
}
_DIFFER = ("CL104", "CL109")
OF_A_LINE: Codes = {
    "CL101": ("CL401",),
    "CL104": ("CL109", "KC311"),
    "CL201": ("KC324",),
    "CL106": ("KC322",),
    "CL204": ("KC322",),
    "CL301": ("CL110",),
    "HV101": _DIFFER,
    "HV102": _DIFFER,
    "HV103": _DIFFER,
    "HV107": _DIFFER,
    "HV112": (*_DIFFER, "KC323"),
    "HV111": ("CL118",),
    "KC006": ("KC102",),
    "KC014": ("KC102",),
    "KC104": ("CL110",),
    "KC108": ("CL102",),
    "KC132": ("KC126",),
    "KC206": ("KC302",),
    "KC208": ("CL110", "KC304"),
    "KC304": ("CL108",),
    "KC312": _DIFFER,
    "KC313": ("CL109", "KC315"),
    "KC319": ("KC114",),
    "KC330": ("KC332", "KC340"),
    "KC373": ("CL111", "KC206", "KC302"),
    "KC420": ("KC410",),
}
"""What goes when it shows a line that the finding is at or shows: strict mode, a priority of 255, a wrong address."""
OF_A_NAME: Codes = {
    "CL301": ("CL110",),
    "CL302": ("CL110",),
    "KC203": ("CL301", "CL302"),
}
"""What goes when it is about the same check, on a node that the finding shows too."""
MEANT: Codes = {
    **dict.fromkeys(
        (
            *("HTTP_GET", "SSL_GET", "TCP_CHECK", "SMTP_CHECK", "DNS_CHECK"),
            *("MISC_CHECK", "UDP_CHECK", "PING_CHECK", "FILE_CHECK"),
        ),
        ("KC451",),
    ),
    "advert_int": ("CL103",),
    "auth_pass": ("CL102", "KC341"),
    "auth_type": ("CL102", "KC342"),
    "authentication": ("CL102",),
    "BFD_CHECK": ("KC451",),
    "delay_loop": ("KC454",),
    "fall": ("KC230",),
    "garp_master_delay": ("HV114",),
    "garp_master_refresh": ("HV106",),
    "interface": ("KC306", "HV113"),
    "interval": ("KC229",),
    "lb_algo": ("KC412", "KC418"),
    "lb_kind": ("KC413",),
    "lvs_method": ("KC413",),
    "lvs_sched": ("KC412", "KC418"),
    "misc_path": ("KC444",),
    "neighbor_ip": ("KC462",),
    "nopreempt": ("CL108", "HV117"),
    "notify_master": ("HV119", "KC244"),
    "notify_master_rx_lower_pri": ("HV119", "KC244"),
    "path": ("KC443",),
    "preempt_delay": ("HV117",),
    "priority": ("CL107", "CL111", "KC206", "KC303"),
    "protocol": ("KC411",),
    "quorum_down": ("KC453",),
    "regex": ("KC446",),
    "script": ("KC120",),
    "sorry_server": ("KC453",),
    "state": ("CL112",),
    "track_bfd": ("KC204",),
    "track_file": ("KC204",),
    "track_interface": ("KC204",),
    "track_process": ("KC204",),
    "track_script": ("KC204",),
    "unicast_peer": ("CL106", "HV105", "KC320"),
    "unicast_src_ip": ("FO104", "KC322"),
    "url": ("KC443",),
    "use_vmac": ("KC351", "KC204"),
    "user": ("KC222",),
    "uthreshold": ("KC455",),
    "virtual_ipaddress": ("KC310", "KC308"),
    "virtual_ipaddress_excluded": ("CL109",),
    "quorum": ("KC424",),
    "virtual_rules": ("KC204",),
    "virtual_routes": ("KC204",),
    "mcast_src_ip": ("KC327",),
    "virtual_router_id": ("CL101", "KC305"),
}
"""What a misspelt keyword was meant to say, and the codes that find it missing from its block."""

_UNTRACKED = ("CL110", "CL301", "KC120", "KC201", "KC204")
MEANT_OF_A_FILE: Codes = {
    "BFD_CHECK": ("KC466",),
    "bfd_instance": ("KC201", "KC447"),
    "enable_script_security": ("KC221",),
    "file": ("CL110", "KC120", "KC201", "KC447"),
    "global_defs": ("KC221", "KC222", "CL105", "CL117", "HV106", "HV114", "KC360", "KC361"),
    "group": ("CL110", "CL115", "KC120", "KC203", "KC204"),
    "interface": ("KC210",),
    "KC030": ("KC120",),
    "KC201": ("CL110", "CL301"),
    "name": ("KC447", "KC466"),
    "priority": ("KC373",),
    "process": _UNTRACKED,
    "real_server": ("KC466",),
    "script": _UNTRACKED,
    "script_user": ("KC222",),
    "track_bfd": ("CL110", "KC466"),
    "track_file": ("CL110", "CL301", "KC201", "KC447"),
    "track_interface": ("CL110", "CL301", "KC210"),
    "track_process": ("CL110", "CL301"),
    "track_script": ("CL110", "CL301", "KC203"),
    "virtual_ipaddress": ("KC452",),
    "virtual_server": ("KC204", "KC432", "KC466", "KC453"),
    "virtual_server_group": ("KC427",),
    "vrrp_garp_master_delay": ("HV114",),
    "vrrp_garp_master_refresh": ("HV106",),
    "vrrp_instance": ("CL116", "KC203", "KC371", "KC452", "KC384"),
    "vrrp_mcast_group4": ("CL117",),
    "vrrp_rt_priority": ("KC361",),
    "vrrp_script": _UNTRACKED,
    "vrrp_sync_group": ("CL110", "CL115", "KC203", "KC204"),
    "vrrp_track_process": _UNTRACKED,
    "vrrp_version": ("CL105", "KC340", "KC360"),
    "weight": ("CL110", "CL301"),
}
"""The same, for what is found in another block of the file, or of another node."""


_ELSEWHERE = ("CL110", "KC201", "KC203", "KC204", "KC221", "KC222", "KC371", "KC452")
OF_FRAGMENTS = {"KC017": _ELSEWHERE, "KC020": _ELSEWHERE, "KC151": _ELSEWHERE}
"""What is not said of the files below a file whose ``include`` reached none of them: its settings may be theirs."""


class Extent(NamedTuple):
    """Where a block of the outermost level stands: its file, and the offsets of its start and of its closing brace."""

    file: str
    start: int
    last: int


def extents(statements: Iterable[Statement]) -> list[Extent]:
    """The extents of the blocks among the statements of a file."""
    return [
        Extent(statement.source.name, statement.start, max(statement.end, statement.closer))
        for statement in statements
        if statement.body is not None
    ]


def without_consequences(
    found: list[Diagnostic], extents: Iterable[Extent], nodes: Iterable[list[str]]
) -> list[Diagnostic]:
    """The findings without those whose cause another one names, which then counts as reported where those were.

    ``extents`` are the blocks of all files, ``nodes`` the names of the files that each node reads.
    """
    possible = [one for one in found if one.code in _CAUSES]
    causes = [(cause, codes) for cause in possible if (codes := _consequences(cause, CONSEQUENCES, MEANT))]
    node_of = {file: number for number, files in enumerate(nodes) for file in files}
    of_nodes: dict[tuple[int | None, str], list[Diagnostic]] = {}
    for cause in possible:
        for code in _consequences(cause, OF_A_FILE, MEANT_OF_A_FILE):
            for file in {place.file for place in _shown(cause)}:
                of_nodes.setdefault((node_of.get(file), code), []).append(cause)
    of_things = _of_things(found, node_of)
    fragments = {(_folder(d.span), code) for d in found for code in _of_fragments(d)}
    if not causes and not of_nodes and not of_things and not fragments:
        return found
    blocks = _Blocks(extents)
    unsaid: dict[tuple[Extent | None, str], list[Diagnostic]] = {}
    for cause, codes in causes:
        for place in _shown(cause):
            if (block := blocks.around(place)) is not None:
                for code in codes:
                    unsaid.setdefault((block, code), []).append(cause)
    consequences = {code for _, code in unsaid}
    explained_codes = consequences.union(code for _, code in (*of_nodes, *of_things))

    def explaining(one: Diagnostic) -> list[Diagnostic]:
        explained: list[Diagnostic] = []
        if of_nodes:
            for place in _places(one):
                explained += of_nodes.get((node_of.get(place.file), one.code), ())
        if one.code in consequences:
            for place in _places(one):
                explained += unsaid.get((blocks.around(place), one.code), ())
        for thing in _things(one, node_of) if of_things else ():
            explained += (cause for cause in of_things.get((thing, one.code), ()) if _as_grave(cause, one))
        return explained

    def of_fragment(one: Diagnostic) -> bool:
        return any((folder, one.code) in fragments for folder in _folder(one.span).parents)

    kept = []
    reported: set[int] = set()
    for one in found:
        named = explaining(one) if one.code in explained_codes else []
        if named and one.keepalived and not any(cause.keepalived for cause in named):
            reported.add(id(named[0]))
        if not named and not (fragments and of_fragment(one)):
            kept.append(one)
    return [replace(one, keepalived=True, severity=Severity.ERROR) if id(one) in reported else one for one in kept]


def _as_grave(cause: Diagnostic, one: Diagnostic) -> bool:
    """Whether no run passes by this cause that would fail by the other; what takes a reported one over is an error."""
    return cause.severity.rank <= one.severity.rank or (one.keepalived and not cause.keepalived)


Thing = tuple[object, object]


def _of_things(found: list[Diagnostic], node_of: Mapping[str, int]) -> dict[tuple[Thing, str], list[Diagnostic]]:
    """The findings that make a code needless for a line, or for a check of a node."""
    of_things: dict[tuple[Thing, str], list[Diagnostic]] = {}
    for cause in found:
        lines, checks = OF_A_LINE.get(cause.code, ()), OF_A_NAME.get(cause.code, ())
        for thing in _things(cause, node_of) if lines or checks else ():
            for code in checks if isinstance(thing[1], str) else lines:
                of_things.setdefault((thing, code), []).append(cause)
    return of_things


def _things(diagnostic: Diagnostic, node_of: Mapping[str, int]) -> Iterator[Thing]:
    """The lines that a finding shows, by file and number, and the check it is about, by node and name."""
    name = _check_of(diagnostic)
    for place in _places(diagnostic):
        yield place.file, place.line
        yield node_of.get(place.file), name


def _check_of(diagnostic: Diagnostic) -> str:
    """The name of the check that a finding is about: its own place or the first related one is where it is listed."""
    words = diagnostic.span.text.split()[:2]
    if words[:1] in (["vrrp_instance"], ["weight"]) and diagnostic.related:
        words = diagnostic.related[0].span.text.split()[:2]
    return words[-1] if words[:1] == ["vrrp_script"] else "".join(words[:1])


def _shown(cause: Diagnostic) -> Iterator[Span]:
    """Where a cause counts: findings over several nodes show the places they are about."""
    return _places(cause) if cause.code.startswith(("CL", "FO")) else iter((cause.span,))


def _of_fragments(cause: Diagnostic) -> tuple[str, ...]:
    """What is not said of the files below: of those that an ``include`` would have reached, also a misspelt one."""
    if cause.code == "KC101" and re.search(r"\binclude\b", f"{cause.advice} {cause.span.text}"):
        return _ELSEWHERE
    return OF_FRAGMENTS.get(cause.code, ())


def _folder(span: Span) -> PurePath:
    return PurePath(span.file).parent


class _Blocks:
    """The blocks of the outermost level, found by a place in them."""

    def __init__(self, extents: Iterable[Extent]) -> None:
        self.of_file: dict[str, list[Extent]] = {}
        for extent in extents:
            self.of_file.setdefault(extent.file, []).append(extent)
        for blocks in self.of_file.values():
            blocks.sort()

    def around(self, span: Span) -> Extent | None:
        """The block that holds the place."""
        blocks = self.of_file.get(span.file, [])
        index = bisect_right(blocks, span.start, key=_start)
        block = blocks[index - 1] if index else None
        return block if block is not None and span.start <= block.last else None


def _start(extent: Extent) -> int:
    return extent.start


_MISREAD = frozenset(
    [
        *("KC003", "KC015", "KC016", "KC034", "KC035", "KC036", "KC037"),
        *("KC102", "KC103", "KC105", "KC106", "KC107", "KC110", "KC138"),
    ]
)
"""The line holds a keyword, and keepalived does not get its value from it."""
_CAUSES = frozenset(["KC101", "KC111", "KC116", *_MISREAD, *CONSEQUENCES, *OF_A_FILE])


def _consequences(cause: Diagnostic, of_code: Codes, of_word: Codes) -> tuple[str, ...]:
    words: list[str] = []
    if cause.code == "KC116" and cause.related:
        words = re.findall(r"\w+", _line_of(cause.related[0].span))[:1]
    elif cause.code == "KC101":
        words = re.findall(r"\w+", cause.advice)
    elif cause.code == "KC111":
        words = cause.span.text.split()
    elif cause.code in _MISREAD:
        words = re.findall(r"\w+", _line_of(cause.span))[:1]
    return (*of_code.get(cause.code, ()), *(code for word in words for code in of_word.get(word, ())))


def _line_of(span: Span) -> str:
    return span.source.line_text(span.line)


def _places(diagnostic: Diagnostic) -> Iterator[Span]:
    yield diagnostic.span
    for label in diagnostic.related:
        yield label.span

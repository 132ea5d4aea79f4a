"""What the pages of verify and rehearse have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from xml.etree.ElementTree import Element

from havipcfg import __version__
from havipcfg.render.page.bars import Scale, Told, axis
from havipcfg.render.page.markup import Child, document, element

LONG = 24
"""Letters that fit beside others."""


def page(title: str, sections: Sequence[tuple[str, bool, Sequence[Child]]], failures: Iterable[str] = ()) -> str:
    """One page of clusters: each its name, whether it holds, and what is to say of it; several get a table of them."""
    names = [
        element("li", element("a", name, href=f"#c{number}"), " ", badge("holds" if good else "does not hold", good))
        for number, (name, good, _children) in enumerate(sections, 1)
    ]
    missing = list(failures)
    return document(
        title,
        element("nav", element("ol", names), aria_label="clusters") if len(sections) > 1 else None,
        element("aside", element("h2", "Not judged"), element("ul", [element("li", each) for each in missing]))
        if missing
        else None,
        [
            element("section", element("h1", name), *children, id=f"c{number}")
            for number, (name, _good, children) in enumerate(sections, 1)
        ],
        element("footer", f"{title}, havipcfg {__version__}"),
    )


def badge(text: str, good: bool) -> Element:
    """A word or two that catch the eye."""
    return element("span", text, class_="badge good" if good else "badge bad")


def headline(text: str, good: bool, detail: str = "") -> Element:
    """The verdict."""
    mark = element("span", "✓" if good else "✗", class_="mark", aria_hidden="true")
    words = element("div", element("strong", text), element("span", detail) if detail else None)
    return element("div", mark, words, class_="verdict good" if good else "verdict bad", role="status")


def facts(pairs: Iterable[tuple[str, str]]) -> Element:
    """Names with their values."""
    return element(
        "dl",
        [element("div", element("dt", name), element("dd", value)) for name, value in pairs],
        class_="facts",
    )


def table(heads: Sequence[str], rows: Iterable[Element], to: Scale, caption: str) -> Element:
    """A table whose last column are bars; ``rows`` are made by ``row``."""
    cells = [element("th", head, scope="col") for head in heads]
    cells.append(element("th", "seconds from the event", axis(to), scope="col", class_="bars"))
    return element(
        "div",
        element(
            "table",
            element("caption", caption),
            element("thead", element("tr", cells)),
            element("tbody", list(rows)),
        ),
        class_="wide",
    )


def row(event: Child, cells: Iterable[tuple[str, Child]], picture: Child, class_: str | None = None) -> Element:
    """One line of the table; on a phone each cell says its own head, the first of each pair."""
    made = [
        element("td", element("div", child), data_label=head, class_="empty" if child is None else None)
        for head, child in cells
    ]
    return element(
        "tr",
        element("th", event, scope="row"),
        made,
        element("td", picture, class_="bars", data_label="seconds from the event"),
        class_=class_,
    )


def holders(held: Mapping[str, Sequence[str]]) -> Child:
    """The nodes that hold, by instance where they differ."""
    if len(held) > 1 and len({tuple(nodes) for nodes in held.values()}) == 1:
        return _nodes(next(iter(held.values())))
    several = len(held) > 1
    return [
        element("div", element("span", f"{name}: ", class_="dim") if several else None, _nodes(nodes))
        for name, nodes in held.items()
    ]


def _nodes(nodes: Sequence[str]) -> Element:
    kind = ("none", "one", "two")[min(len(nodes), 2)]
    names = [[" and " if number else None, whole(name)] for number, name in enumerate(nodes)]
    return element("span", names or "nobody", class_=f"who {kind}")


def whole(text: str) -> Element:
    """A short text that is not broken at its hyphens; a long one may have to be."""
    return element("span", text, class_="whole" if len(text) <= LONG else None)


def legend(to: Scale, *more: tuple[str, str]) -> Element:
    """What the colours of the bars mean."""
    entries = [*more]
    if to.target is not None:
        entries.append(("target", f"target {to.target:g} s"))
    keys = [
        element("li", element("span", class_=f"key {class_}", aria_hidden="true"), text) for class_, text in entries
    ]
    return element("ul", keys, element("li", f"a line every {to.step:g} s"), class_="legend")


BAR_KEYS = (
    ("gap", "nobody holds"),
    ("gap maybe", "until the worst case"),
    ("dual", "two hold"),
    ("moment", "last change, best and worst"),
)


def dual_in_words(told: Told) -> str:
    """How long two hold at once; empty where they never do."""
    high = told["dual_s"][1]
    if high is None:
        return "lasting"
    return f"up to {high:.2f} s" if high >= 0.005 else ""

"""HTML as a tree of elements: whatever is put into it is escaped when the tree is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import TypeAlias
from xml.etree.ElementTree import Element, tostring

from havipcfg.render.printable import printable

Child: TypeAlias = "Element | str | Iterable[Child] | None"
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""What a browser may load and run for the page: nothing, its own style apart."""


def element(tag: str, *children: Child, **attributes: object) -> Element:
    """An element with its children; text is made printable.

    Attributes: ``class_`` is ``class``, ``_`` stands for ``-``, None leaves one out.
    """
    made = Element(tag)
    for name, value in attributes.items():
        if value is not None:
            made.set(name.rstrip("_").replace("_", "-"), printable(_number(value)))
    for child in _flat(children):
        if isinstance(child, Element):
            made.append(child)
        elif len(made):
            made[-1].tail = (made[-1].tail or "") + printable(child)
        else:
            made.text = (made.text or "") + printable(child)
    return made


def document(title: str, *body: Child) -> str:
    """The whole page; it stands for itself, without any other file and without a script."""
    style = element("style")
    style.text = "\n" + files("havipcfg.render.page").joinpath("page.css").read_text(encoding="utf-8")
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", title),
        style,
    )
    page = element("html", head, element("body", element("main", *body)), lang="en")
    return "<!DOCTYPE html>\n" + tostring(page, encoding="unicode", method="html") + "\n"


def picture(width: float, height: float, title: str, *shapes: Child, class_: str = "") -> Element:
    """An SVG of that many pixels in a box that scrolls where the screen is narrower; ``title`` says what it shows."""
    svg = element(
        "svg",
        element("title", title),
        *shapes,
        role="img",
        width=width,
        height=height,
        viewBox=f"0 0 {_number(width)} {_number(height)}",
        class_=class_ or None,
    )
    return element("div", svg, class_="picture", tabindex="0" if width > WIDE else None)


WIDE = 340
"""Pixels that every screen has: a wider picture may have to be scrolled, with keys too."""


def _flat(children: Iterable[Child]) -> Iterator[Element | str]:
    for child in children:
        if isinstance(child, (Element, str)):
            yield child
        elif child is not None:
            yield from _flat(child)


def _number(value: object) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)

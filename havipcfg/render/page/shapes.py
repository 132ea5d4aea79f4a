"""The shapes that pictures are made of; lengths in pixels."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from rich.cells import cell_len, chop_cells

from havipcfg.render.page.markup import Child, element
from havipcfg.render.printable import printable

LETTER, BOLD = 7.4, 8.6
"""Width of a letter of a label, of the widest of the fonts that the page asks for."""


def box(x: float, y: float, width: float, height: float, class_: str, *inside: Child) -> Element:
    """A rectangle, never narrower than can be seen."""
    return element("rect", *inside, x=x, y=y, width=max(width, 1.5), height=height, class_=class_)


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> Element:
    """A straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_)


def label(x: float, y: float, text: str, class_: str = "", room: float | None = None, anchor: str = "start") -> Element:
    """A line of text; one that ``room`` is too small for is shortened, and its whole is the element's title."""
    said = text if room is None else shortened(text, room, class_)
    whole = element("title", text) if said != printable(text) else None
    return element("text", whole, said, x=x, y=y, class_=class_ or None, text_anchor=anchor)


def shortened(text: str, room: float, class_: str = "") -> str:
    """A text cut to so many pixels, at its end; a single word in its middle, as names often differ at their ends."""
    text, cells = printable(text), max(3, int(room / _letter(class_)))
    if cell_len(text) <= cells:
        return text
    end = "" if " " in text else chop_cells(text[::-1], (cells - 1) // 2)[0][::-1]
    return chop_cells(text, cells - 1 - cell_len(end))[0] + "…" + end


def width_of(text: str, class_: str = "strong") -> float:
    """Pixels that a label takes at most."""
    return cell_len(printable(text)) * _letter(class_)


def _letter(class_: str) -> float:
    return BOLD if class_ == "strong" or class_.startswith("on-") else LETTER

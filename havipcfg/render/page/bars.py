"""What a fault costs in seconds as a bar, all bars of a page to one scale."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from xml.etree.ElementTree import Element

from havipcfg.render.page.markup import picture
from havipcfg.render.page.shapes import box, label, line

Told: TypeAlias = Mapping[str, Any]
"""An outcome in the shape of the contract's JSON."""

WIDTH, HEIGHT, MARGIN = 240, 26, 6
LINES = 6
"""Lines of the grid at most."""
STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600)


@dataclass(frozen=True, slots=True)
class Scale:
    """Seconds from 0 to ``top`` over the width of a bar, with a line of the grid every ``step``."""

    top: float
    step: float
    target: float | None = None

    def x(self, seconds: float) -> float:
        """Pixels from the left."""
        return MARGIN + (WIDTH - 2 * MARGIN) * min(seconds, self.top) / self.top

    @property
    def grid(self) -> list[float]:
        """Seconds at which there is a line."""
        return [number * self.step for number in range(int(self.top / self.step + 1e-9) + 1)]


def scale(outcomes: Iterable[Told], target: float | None = None, delay: float = 0.0) -> Scale:
    """The scale on which all of them, and the target, find room."""
    worst = [0.5, target or 0.0]
    for each in outcomes:
        worst += [each["after_s"][1] + delay] if each["after_s"] else []
        worst += [each["gap_s"][1], each["dual_s"][1] or 0.0]
    top = max(worst) * 1.08
    step = next((each for each in STEPS if top / each <= LINES), top / LINES)
    return Scale(top, step, target)


def bar(told: Told, to: Scale, delay: float = 0.0) -> Element:
    """How long nobody holds, or two do, up to the last change; what may or may not be is lighter."""
    return picture(WIDTH, HEIGHT, said(told, delay), _grid(to), _line(told, to), _shapes(told, to, delay))


def rounds_bar(predicted: Iterable[Told], measured: Iterable[float], to: Scale, text: str) -> Element:
    """Where predicted changes lie, and a stroke for every measured one."""
    bands = [
        box(to.x(each["after_s"][0]), 5, to.x(each["after_s"][1]) - to.x(each["after_s"][0]), 16, "band")
        for each in predicted
        if each["after_s"]
    ]
    strokes = [line(to.x(each), 3, to.x(each), 23, "stroke") for each in measured]
    return picture(WIDTH, HEIGHT, text, _grid(to), bands, strokes)


def axis(to: Scale) -> Element:
    """The scale itself: seconds."""
    digits = 0 if to.step >= 1 else 1
    marks = [label(to.x(at), 12, f"{at:.{digits}f}", "tick", anchor="middle") for at in to.grid]
    return picture(WIDTH, 16, f"seconds from 0 to {to.grid[-1]:g}", marks)


def said(told: Told, delay: float = 0.0) -> str:
    """A bar in words."""
    if told["after_s"] is None:
        return "no change"
    parts = [f"last change after {interval(told['after_s'])}", f"nobody holds for {interval(told['gap_s'])}"]
    low, high = told["dual_s"]
    if high is None:
        parts.append("two hold until something else happens")
    elif high:
        parts.append(f"two hold for {interval((low, high))}")
    if delay:
        parts.append(f"the provider's {delay:g} s on top")
    return ", ".join(parts)


def interval(bounds: Iterable[float]) -> str:
    """From best to worst, in seconds."""
    low, high = bounds
    return f"{high:.2f} s" if f"{low:.2f}" == f"{high:.2f}" else f"{low:.2f} … {high:.2f} s"


def _grid(to: Scale) -> Iterator[Element]:
    for at in to.grid:
        yield line(to.x(at), 0, to.x(at), HEIGHT, "grid")
    if to.target is not None:
        yield line(to.x(to.target), 0, to.x(to.target), HEIGHT, "target")


def _line(told: Told, to: Scale) -> Element:
    high = told["after_s"][1] if told["after_s"] else to.top
    return line(to.x(0), HEIGHT / 2, to.x(high), HEIGHT / 2, "quiet")


def _shapes(told: Told, to: Scale, delay: float) -> Iterator[Element]:
    if told["after_s"] is None:
        return
    low, high = told["after_s"]
    for class_, (least, most) in (("gap", told["gap_s"]), ("dual", told["dual_s"])):
        if most is None:
            yield box(to.x(low), 7, to.x(high) - to.x(low), 12, f"{class_} maybe")
            yield box(to.x(high), 7, to.x(to.top) - to.x(high), 12, class_)
            continue
        began = max(0.0, high - most)
        if least > 0:
            yield box(to.x(began), 7, to.x(began + least) - to.x(began), 12, class_)
        if most > least:
            yield box(to.x(began + least), 7, to.x(began + most) - to.x(began + least), 12, f"{class_} maybe")
    if not all(told["holders"].values()):
        yield box(to.x(high), 7, to.x(to.top) - to.x(high), 12, "gap")
    if delay:
        yield box(to.x(high), 9, to.x(high + delay) - to.x(high), 8, "delay")
    yield line(to.x(low), 3, to.x(low), HEIGHT - 3, "moment")
    yield line(to.x(high), 3, to.x(high), HEIGHT - 3, "moment")

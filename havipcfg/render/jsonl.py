"""One JSON object a line: the findings, then ``{"failure": …}`` for each file that was not judged."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from havipcfg.render.json_ import diagnostic_object
from havipcfg.render.printable import printable

if TYPE_CHECKING:
    from havipcfg.diagnostics import Report


def render(report: Report) -> str:
    """Each finding as in the JSON format's ``diagnostics``."""
    lines = [json.dumps(diagnostic_object(diagnostic)) for diagnostic in report.diagnostics]
    lines += [json.dumps({"failure": printable(failure)}) for failure in report.failures]
    return "".join(f"{line}\n" for line in lines)

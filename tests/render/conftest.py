"""Two nodes of a cluster and what a lint says of them: small, but with every part of a finding."""

from __future__ import annotations

import pytest

from havipcfg.diagnostics import Diagnostic, Edit, Fix, Label, Report, Severity
from havipcfg.source import Source, Span

A_CONF = """\
vrrp_script chk_app {
    script "/usr/local/bin/app-alive"
    weight -5
}
vrrp_instance web {
    state BACKUP
    priority 110
}
"""
B_CONF = "vrrp_instance web {\n\tpriority 100  # 备用节点\n}\n"


def place(source: Source, text: str) -> Span:
    start = source.text.index(text)
    return source.span(start, start + len(text))


@pytest.fixture
def report() -> Report:
    a, b = Source("a.conf", A_CONF), Source("b.conf", B_CONF)
    weight, comment = place(a, "weight -5"), place(b, "备用")
    return Report(
        ["a.conf", "b.conf", "c.conf"],
        [
            Diagnostic(
                "CL204",
                "weight-cannot-move-vip",
                Severity.ERROR,
                "10.20.0.100 stays on a when chk_app fails there",
                weight,
                why="the service is down, the address does not move, and nothing is logged as an error",
                advice="weight -11 or lower, on both nodes",
                related=(
                    Label(place(a, "priority 110"), "a drops from 110 to 105"),
                    Label(place(b, "priority 100"), "still above b at 100"),
                ),
                fix=Fix("set weight to -11", "unsafe", (Edit(place(a, "-5"), "-11"),)),
            ),
            Diagnostic(
                "KC901",
                "odd-comment",
                Severity.WARNING,
                "a comment, 50% of it odd",
                comment,
                notes=("comments end at the line end",),
                fix=Fix("remove it", "safe", (Edit(comment, ""),)),
                keepalived=True,
            ),
        ],
        ["d.conf: permission denied"],
    )

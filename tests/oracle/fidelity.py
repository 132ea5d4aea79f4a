"""Writes docs/fidelity.md: ``python -m tests.oracle.fidelity``, where the recorded outcomes lie beside the checkout."""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from havipcfg.diagnostics import Diagnostic
from havipcfg.keepalived.version import Version
from havipcfg.linter.engine import lint
from havipcfg.linter.options import LintOptions
from havipcfg.source import Source
from tests.oracle.live import NOTICED_LATER
from tests.oracle.live import recorded as recorded_live
from tests.oracle.test_corpus import OF_THE_MACHINE as CODES_OF_THE_MACHINE
from tests.oracle.test_corpus import enters_namespace, recorded
from tests.oracle.verdicts import DIED, VERSIONS, messages, of_the_configuration, rows

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("HAVIPCFG_SHARED", ROOT.parent / "shared"))
PAGE = ROOT / "docs" / "fidelity.md"
_LINE = re.compile(r"\((?:[^()]*?: )?Line (\d+)\)")
_BEFORE_COUNTING = ("line too long", "embedded NULs")
LATER = (
    "keepalived counts braces and goes on: of a missing or surplus brace, or of text that is read twice, it reports a "
    "later line that it then misreads. The finding stands at the cause."
)
ABOVE = "A line that is dropped as too long or for a NUL byte is reported under the number of the line above it."
MACHINE = "The message is about an interface, user or file that the recording machine did not have."
OTHER = "Not explained."


class Case(NamedTuple):
    """What keepalived said of a file, and what the linter found that it says keepalived reports."""

    reported: bool
    said: list[str]
    found: list[Diagnostic]

    @property
    def agrees(self) -> bool:
        return self.reported == bool(self.found)

    @property
    def line(self) -> int | None:
        """The line of the first message, where it names one."""
        match = _LINE.match(self.said[0]) if self.said else None
        return int(match[1]) if match else None

    @property
    def lines(self) -> set[int]:
        return {diagnostic.span.line for diagnostic in self.found}

    @property
    def reason(self) -> str:
        """Why the two differ."""
        if not of_the_configuration(self.said) and self.said:
            return MACHINE
        if any(text in self.said[0] for text in _BEFORE_COUNTING) if self.said else False:
            return ABOVE
        line = self.line
        if line is not None and self.lines and min(self.lines) < line:
            return LATER
        return OTHER


def tables(version: str) -> Iterator[tuple[str, list[Case]]]:
    """Every recorded table of a version with its cases."""
    column = version.replace(".", "")
    target = VERSIONS[version]
    for name, said_in in (("keywords", "messages"), ("syntax", "first_diag_")):
        cases = []
        for row in rows(SHARED / "oracle" / f"{name}.tsv"):
            file = SHARED / "oracle" / name / (row.get("case") or f"{row.get('name')}.conf")
            if row.get("args") or not file.exists():
                continue
            said = messages(row[f"{said_in}{column}"])
            cases.append(Case(row[f"rc{column}"] != "0" or bool(said), said, _found(Source.read(file), target)))
        yield name, cases
    real = []
    for path, row in recorded(SHARED, version):
        said = messages(row["diagnostics"])
        left = of_the_configuration(said)
        source = Source.read(path)
        if enters_namespace(source) or (said and not left):
            continue
        found = [d for d in _found(source, target) if d.code not in CODES_OF_THE_MACHINE]
        real.append(Case(bool(left) or row["rc"] in DIED, left, found))
    yield "real files", real


def _found(source: Source, target: Version) -> list[Diagnostic]:
    return [
        diagnostic for diagnostic in lint([source], LintOptions(target=target)).diagnostics if diagnostic.keepalived
    ]


def page() -> str:
    """The page, from a comparison made now."""
    lines = []
    reasons: dict[str, Counter[str]] = {"verdict": Counter(), "line": Counter()}
    for version in VERSIONS:
        for name, cases in tables(version):
            agree = [case for case in cases if case.agrees]
            named = [case for case in cases if case.line is not None and name != "real files"]
            right = [case for case in named if case.line in case.lines]
            lines.append(
                f"| {name} | {version} | {len(cases)} | {len(agree)} | {_percent(agree, cases)} |"
                f" {len(named) or ''} | {_percent(right, named)} |"
            )
            reasons["verdict"].update(case.reason for case in cases if not case.agrees)
            reasons["line"].update(case.reason for case in named if case.line not in case.lines and case.agrees)
    return TEXT.format(
        table="\n".join(lines), verdicts=_listed(reasons["verdict"]), lines=_listed(reasons["line"]),
        live=live(),
    )  # fmt: skip


def live() -> str:
    """The figures of the live runs that were kept, and the reason of every difference."""
    runs = recorded_live()
    if not runs:
        return "none"
    total = {name: sum(getattr(run, name) for run in runs) for name in ("cases", "reported", "spoilt", "agree")}
    named, lines = sum(run.named for run in runs), sum(run.lines for run in runs)
    decided = total["cases"] - total["spoilt"]
    later: Counter[str] = Counter()
    for run in runs:
        later.update({NOTICED_LATER[code]: count for code, count in run.later.items()})
    return LIVE.format(
        **total, decided=decided, verdicts=f"{100 * total['agree'] / decided:.2f}", lines=lines, named=named,
        right=f"{100 * lines / named:.2f}", seeds=", ".join(str(run.seed) for run in runs), later=_listed(later),
        unexplained="\n".join(f"- {text}" for run in runs for text in run.disagreements) or "- none",
    )  # fmt: skip


LIVE = """\
| cases | keepalived reports | of the machine | verdict agrees | first line agrees |
|---|---|---|---|---|
| {cases} | {reported} | {spoilt} | {agree} of {decided} ({verdicts} %) | {lines} of {named} ({right} %) |

The seeds are {seeds}. "Of the machine" is what names an interface, user, file or address that only a host has.
Where only the line differs:

{later}

Not explained:

{unexplained}"""


def _percent(part: list[Case], whole: list[Case]) -> str:
    return f"{100 * len(part) / len(whole):.2f} %" if whole else ""


def _listed(reasons: Counter[str]) -> str:
    return "\n".join(f"- {count}: {reason}" for reason, count in reasons.most_common()) or "- none"


TEXT = """\
# Fidelity

How far havipcfg agrees with the real keepalived. `python -m tests.oracle.fidelity` writes this page from a comparison
with outcomes recorded of keepalived 2.2.7 and 2.4.3; a test fails where it is stale.

A file agrees when keepalived reports something about the configuration, crashes or hangs, and a finding says that it
does (`"keepalived": true`), or neither. A line agrees when a finding stands on the line that keepalived's first message
names, as keepalived counts it.

| cases | version | files | agree | | first messages with a line | line agrees |
|---|---|---|---|---|---|---|
{table}

`keywords` has each keyword right, missing its value, with a word too many, twice and at the ends of its range, and each
check across keywords; `syntax` has lines, quotes, comments, braces, definitions, sequences, conditions and includes.
Of the real files, messages about interfaces, users and scripts that the recording machine lacked are left out.

## Where the verdicts differ

{verdicts}

## Where only the line differs

{lines}

## Live comparison

`python -m tests.oracle.live --seed N --cases N` builds configurations from the declarations of the keywords, breaks
most of them once (an unknown or misspelt keyword, a missing or surplus word, a number beyond its range, a line twice or
in another block, a brace or quote missing or too many, comments, conditions, definitions, sequences, includes), and
asks the installed keepalived 2.2.7 about each. The tests compare a few hundred in every run and accept no difference.
The last runs that were kept (`--record`):

{live}

## What is known of the releases in between

Recorded and measured are 2.2.7 and 2.4.3. Of the other releases from 2.0.0 on, the version that brought, removed or
deprecated a keyword is known from their sources and held against a catalogue by a test. That a check, a range or a
default is the same in a release between the two is an assumption unless the keyword's page says otherwise
("Before VERSION").
"""


def main() -> int:
    if not SHARED.is_dir():
        print(f"{SHARED}: no recorded outcomes here", file=sys.stderr)
        return 2
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Configurations made from the declarations, broken once, and judged by the real keepalived and by the linter.

``python -m tests.oracle.live --seed 1 --cases 2000`` prints every disagreement and a summary;
``--record`` keeps the figures of the run in ``live.json``, from which docs/fidelity.md has them.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import NamedTuple

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from havipcfg.keepalived.conf import KeepalivedConf
from havipcfg.keepalived.printer import print_conf
from havipcfg.keepalived.version import Version
from havipcfg.source import Source
from tests.oracle.verdicts import of_the_configuration, reported_lines
from tests.real import keepalived_says, namespace
from tests.strategies import VRRP, confs

TARGET = Version(2, 2, 7)
INTERFACES = {"eth0": ["192.168.200.10/24"], "eth1": ["192.168.201.10/24"]}
OF_THE_MACHINE = ("KC221", "KC222", "KC223")
BLOCKS = tuple(name for name in (*VRRP, "virtual_server", "bfd_instance") if name in KeepalivedConf.keywords())
NOTICED_LATER = {"KC030": "A `}` is missing: keepalived names the first line below that it misreads."}
"""The codes of what keepalived notices later, and the line that it then names."""
HANGS = -99
RECORD = Path(__file__).with_name("live.json")
NO_INTERFACE = "requires either an interface or"
_LINE = re.compile(r"\((?:[^()]*?: )?Line (\d+)\)")
_FOLDER = re.compile(r"\(\S*case\.conf: Line")
_NUMBER = re.compile(r"(?<=\s)\d+(?:\.\d+)?(?=\s|$)")


class Case(NamedTuple):
    """A text, and the mutation that it went through."""

    mutation: str
    text: str


class Verdict(NamedTuple):
    """What both said of a case: keepalived's messages and the lines it names, and the linter's lines."""

    case: Case
    status: int
    said: list[str]
    of_the_machine: bool
    found: dict[int, set[str]]

    @property
    def reported(self) -> bool:
        """Whether keepalived says anything of the configuration, crashes or hangs."""
        return bool(self.said) or self.status < 0

    @property
    def agrees(self) -> bool:
        """Whether both report something, or neither; a run that only the machine spoilt decides nothing."""
        return self.reported == bool(self.found) or self.of_the_machine

    @property
    def first_line(self) -> int | None:
        """The first line that keepalived names."""
        return next((int(match[1]) for text in self.said if (match := _LINE.search(text))), None)

    @property
    def first_line_agrees(self) -> bool:
        """Whether that line carries a finding, or an earlier cause explains it."""
        return self.first_line is None or self.first_line in self.found or bool(self.explaining)

    @property
    def explaining(self) -> set[str]:
        """The codes above the first line of what keepalived notices later."""
        line = self.first_line
        above = {code for number, codes in self.found.items() if line and number < line for code in codes}
        return above & NOTICED_LATER.keys()

    @property
    def right(self) -> bool:
        return self.agrees and self.first_line_agrees


# ---- one mutation: lines to lines


def _some(lines: list[str], random: Random, wanted: Callable[[str], object]) -> int | None:
    places = [number for number, line in enumerate(lines) if wanted(line)]
    return random.choice(places) if places else None


def _changed(lines: list[str], at: int | None, change: Callable[[str], list[str]]) -> list[str]:
    return lines if at is None else [*lines[:at], *change(lines[at]), *lines[at + 1 :]]


def _simple(line: str) -> bool:
    return bool(line.strip()) and "{" not in line and "}" not in line


def _valued(line: str) -> bool:
    return _simple(line) and len(line.split()) > 1


def unchanged(lines: list[str], _: Random) -> list[str]:
    return lines


def unknown_keyword(lines: list[str], random: Random) -> list[str]:
    return _changed(lines, random.randrange(len(lines)), lambda line: [line, "    no_such_keyword 5"])


def misspelt(lines: list[str], random: Random) -> list[str]:
    def swap(line: str) -> list[str]:
        word = line.split()[0]
        return [line.replace(word, word[:-2] + word[-1] + word[-2], 1)]

    return _changed(lines, _some(lines, random, lambda line: _simple(line) and len(line.split()[0]) > 3), swap)


def missing_value(lines: list[str], random: Random) -> list[str]:
    return _changed(
        lines, _some(lines, random, _valued), lambda line: [line[: line.index(line.split()[0])] + line.split()[0]]
    )


def surplus_word(lines: list[str], random: Random) -> list[str]:
    return _changed(lines, _some(lines, random, _simple), lambda line: [f"{line} surplus"])


def number(lines: list[str], random: Random) -> list[str]:
    text = random.choice(("-1", "0", "256", "4294967296", "99999999999", "1.2345678", "x1", "1x", "0x10", "1s"))
    at = _some(lines, random, lambda line: _simple(line) and _NUMBER.search(line))
    return _changed(lines, at, lambda line: [_NUMBER.sub(text, line, count=1)])


def repeated(lines: list[str], random: Random) -> list[str]:
    return _changed(lines, _some(lines, random, _simple), lambda line: [line, line])


def moved(lines: list[str], random: Random) -> list[str]:
    at = _some(lines, random, _simple)
    if at is None:
        return lines
    rest = [*lines[:at], *lines[at + 1 :]]
    rest.insert(random.randrange(len(rest) + 1), lines[at])
    return rest


def no_closer(lines: list[str], random: Random) -> list[str]:
    return _changed(lines, _some(lines, random, lambda line: line.strip() == "}"), lambda _: [])


def no_opener(lines: list[str], random: Random) -> list[str]:
    at = _some(lines, random, lambda line: line.endswith("{"))
    return _changed(lines, at, lambda line: [line[:-1].rstrip()])


def more_closers(lines: list[str], random: Random) -> list[str]:
    return _changed(lines, random.randrange(len(lines)), lambda line: [line, "}"])


def quote(lines: list[str], random: Random) -> list[str]:
    at = _some(lines, random, lambda line: _valued(line) and "script" not in line and '"' not in line)
    return _changed(lines, at, lambda line: [line.rsplit(None, 1)[0] + ' "' + line.rsplit(None, 1)[1]])


def comment(lines: list[str], random: Random) -> list[str]:
    text = random.choice((" # here", " ! here", "# {", " #}", '# "'))
    return _changed(lines, random.randrange(len(lines)), lambda line: [line + text])


def condition(lines: list[str], random: Random) -> list[str]:
    mark = random.choice(("@a ", "@^a ", "@", "@a"))
    return _changed(lines, random.randrange(len(lines)), lambda line: [mark + line.lstrip()])


def definition(lines: list[str], random: Random) -> list[str]:
    at = _some(lines, random, _valued)
    if at is None:
        return lines
    value = lines[at].split()[-1]
    name = random.choice(("${V}", "$V", "${W}", "${V}${V}", "$V.5"))
    return [f"$V={value}", *_changed(lines, at, lambda line: [line[: line.rindex(value)] + name])]


def sequence(lines: list[str], random: Random) -> list[str]:
    text = random.choice(
        ("~SEQ(I,1,2) {0}", "~SEQ(I,2,1,1) {0}", "~LST(I,a,b) {0}", "~LST({{I,J}},{{1,2}}) {0}", "~SEQ(I) {0}")
    )
    return _changed(lines, _some(lines, random, _simple), lambda line: [text.format(line.strip())])


def include(lines: list[str], random: Random) -> list[str]:
    name = random.choice(("nothing.conf", "*.none", "/dev/null"))
    level = random.choice(("include", "includea", "includer"))
    return _changed(lines, random.randrange(len(lines)), lambda line: [line, f"{level} {name}"])


MUTATIONS: tuple[Callable[[list[str], Random], list[str]], ...] = (
    unchanged,
    unknown_keyword,
    misspelt,
    missing_value,
    surplus_word,
    number,
    repeated,
    moved,
    no_closer,
    no_opener,
    more_closers,
    quote,
    comment,
    condition,
    definition,
    sequence,
    include,
)


def cases(start: int, count: int) -> list[Case]:
    """So many cases, the same ones for the same start."""
    bases: list[str] = []

    @seed(start)
    @settings(
        max_examples=max(10, count // 3), database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.data())
    def collect(data: st.DataObject) -> None:
        try:
            text = print_conf(data.draw(confs(BLOCKS)), TARGET)
        except ValueError:
            return
        text = re.sub(r"(cpu_affinity).*", r"\1 0", text)
        text = re.sub(r"\b(?:bond0\.100|enp0s31f6)\b", "eth1", text)
        if text.strip():
            bases.append(text)

    collect()
    random = Random(start)
    made = []
    for index in range(count):
        mutation = MUTATIONS[index % len(MUTATIONS)]
        lines = mutation(random.choice(bases).splitlines(), random)
        made.append(Case(mutation.__name__, "\n".join(lines) + "\n"))
    return made


def judged(case: Case, name: str, folder: Path) -> Verdict:
    """Ask both about one case."""
    file = folder / "case.conf"
    file.write_text(case.text, encoding="utf-8", errors="surrogateescape")
    try:
        status, output = keepalived_says(file, name, seconds=5)
    except subprocess.TimeoutExpired:
        status, output = HANGS, ""
    all_said = [line for line in output.splitlines() if line.strip()]
    about_it = of_the_configuration(all_said)
    said = [line for line in all_said if line in about_it or NO_INTERFACE in line]
    spoilt = bool(all_said) and not said
    found = reported_lines(Source.read(file), "2.2.7", leave_out=OF_THE_MACHINE)
    return Verdict(case, status, said, spoilt, found)


def compared(start: int, count: int) -> list[Verdict]:
    """The verdicts on so many cases, asked in one namespace with eth0 and eth1."""
    with namespace(INTERFACES) as name, tempfile.TemporaryDirectory() as folder:
        return [judged(case, name, Path(folder)) for case in cases(start, count)]


class Figures(NamedTuple):
    """What a run showed. ``later`` counts lines that a finding above explains, by its code."""

    seed: int
    cases: int
    reported: int
    spoilt: int
    agree: int
    named: int
    lines: int
    later: dict[str, int]
    disagreements: list[str]


def figures(start: int, verdicts: list[Verdict]) -> Figures:
    """The figures of a run; a run that only the machine spoilt is counted and left out."""
    judged_ = [verdict for verdict in verdicts if not verdict.of_the_machine]
    named = [verdict for verdict in judged_ if verdict.agrees and verdict.first_line is not None]
    later = Counter(
        code
        for verdict in named
        if verdict.first_line not in verdict.found and verdict.first_line_agrees
        for code in verdict.explaining
    )
    return Figures(
        start,
        len(verdicts),
        sum(verdict.reported for verdict in verdicts),
        len(verdicts) - len(judged_),
        sum(verdict.agrees for verdict in judged_),
        len(named),
        sum(verdict.first_line in verdict.found for verdict in named),
        dict(later),
        [
            f"{v.case.mutation}: {_FOLDER.sub('(Line', '; '.join(v.said[:1])) or 'silent'}"
            for v in verdicts
            if not v.right
        ],
    )


def record(new: Figures) -> None:
    """Keep the figures of a run, in the place of an earlier one with the same seed."""
    RECORD.write_text(json.dumps([*(f._asdict() for f in recorded() if f.seed != new.seed), new._asdict()], indent=1))


def recorded() -> list[Figures]:
    """The figures of all runs that were kept."""
    return [Figures(**kept) for kept in json.loads(RECORD.read_text())] if RECORD.exists() else []


def main() -> int:
    parser = argparse.ArgumentParser(description="Compare the linter with the installed keepalived 2.2.7.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cases", type=int, default=500)
    parser.add_argument("--record", action="store_true", help="keep the figures for docs/fidelity.md")
    given = parser.parse_args()
    verdicts = compared(given.seed, given.cases)
    for verdict in verdicts:
        if not verdict.right:
            kind = "line" if verdict.agrees else "verdict"
            print(f"==== {kind}: {verdict.case.mutation}: exit {verdict.status} {verdict.said[:3]} | {verdict.found}")
            print("\n".join(f"{number:3} {line}" for number, line in enumerate(verdict.case.text.splitlines(), 1)))
    run = figures(given.seed, verdicts)
    print(
        f"seed {run.seed}: {run.cases} cases, keepalived reports {run.reported}, {run.spoilt} are of the machine;"
        f" verdicts agree {run.agree}, lines {run.lines} of {run.named}; disagreements: {len(run.disagreements)}"
    )
    if given.record:
        record(run)
    return int(bool(run.disagreements))


if __name__ == "__main__":
    sys.exit(main())

"""A mutation fuzzer: recorded, real and example configurations, broken in every way that is cheap.

    python -m benchmarks.fuzz --seconds 3600 --seed 1 --findings /tmp/findings

Every case is made from its seed and number alone, so that a finding can be made again with
``--case``. Cases run in a forked child, a batch at a time; a child that dies is a finding too.
What must hold of any text: no exception, no more than two seconds of processor time, no more
than 300 MiB, ``str(tree) == text``, every place inside its text, and what is printed of a
file without errors reads back as the same blocks.
"""

from __future__ import annotations

import argparse
import faulthandler
import mmap
import os
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import FrameType

from havipcfg.diagnostics import Severity
from havipcfg.keepalived.load import read
from havipcfg.keepalived.printer import print_conf
from havipcfg.keepalived.version import Version
from havipcfg.linter.engine import lint
from havipcfg.linter.fix import fix
from havipcfg.linter.options import LintOptions
from havipcfg.render import FORMATS, render
from havipcfg.source import Source
from havipcfg.syntax.options import Options
from havipcfg.syntax.surface import surface

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("HAVIPCFG_SHARED", ROOT.parent / "shared"))
SECONDS = 2.0
"""Of processor time, for all that is done with one case."""
MEBIBYTES = 300
BATCH = 400
LARGEST = 40_000
TARGETS = tuple(Version.parse(text) for text in ("2.0.0", "2.1.5", "2.2.7", "2.3.2", "2.4.0", "2.4.3"))
TOKENS = [
    *(b"{", b"}", b'"', b"'", b"\\", b"#", b"!", b"@id ", b"@^id ", b"@", b"$", b"${", b"$A=1\n", b"$A=$A\n", b"${A}"),
    *(b"$M= \\\n", b"~SEQ(I,1,3) ", b"~SEQ(I,1,4000000000) x$I\n", b"~SEQx(I,0,15) ", b"~LST({A,B},{1,2}) ", b"~"),
    *(b"${_RANDOM 1 9}", b"${_ENV HOME}", b"$_PWD", b"${_INSTANCE}", b"$_HASH", b"include *\n", b"includea {a,b}\n"),
    *(b"\0", b"\r", b"\r\n", b"\n", b"\t", b"\f", b"\v", b"\x1c", b"\x85", b"\xa0", b"\xc2\xa0", b"\xef\xbb\xbf"),
    *(b"\xff\xfe", b"\xe2\x80\x9c", b"\xef\xbd\x9b", b"\xed\xa0\x80", b"-1", b"0", b"255", b"256", b"4294967296"),
    *(b"9" * 400, b"1e5", b"0x10", b".5", b"::", b"/33", b"fe80::1%eth0", b"192.0.2.1/24", b"x" * 1030, b"{ } " * 40),
    *(b"\\x", b"\\x41", b"\\c", b"\\777", b"// ", b"# havipcfg: ignore[KC", b"# havipcfg: ignore-file\n", b"ff:ff"),
]  # fmt: skip


class SlowError(Exception):
    """A case that takes longer than it may."""


class LawError(Exception):
    """A law that a case breaks."""


@dataclass(frozen=True)
class Outcome:
    """What a case showed: the kind of finding, and where."""

    kind: str
    detail: str


def seeds() -> list[bytes]:
    """The configurations to start from: fixtures and examples, recorded cases and real files where they are."""
    folders = [ROOT / "tests" / "fixtures", ROOT / "examples", SHARED / "oracle", SHARED / "corpus" / "files"]
    files = [path for folder in folders if folder.is_dir() for path in sorted(folder.rglob("*.conf"))]
    return [data for path in files if len(data := path.read_bytes()) <= LARGEST]


# ---- mutations: bytes to bytes


def _lines(data: bytes, random: Random) -> tuple[list[bytes], int]:
    lines = data.splitlines(keepends=True) or [b""]
    return lines, random.randrange(len(lines))


def insert_token(data: bytes, random: Random, _: list[bytes]) -> bytes:
    at = random.randint(0, len(data))
    return data[:at] + random.choice(TOKENS) + data[at:]


def replace_byte(data: bytes, random: Random, _: list[bytes]) -> bytes:
    at = random.randrange(len(data) or 1)
    return data[:at] + bytes([random.randrange(256)]) + data[at + 1 :]


def cut_out(data: bytes, random: Random, _: list[bytes]) -> bytes:
    at = random.randrange(len(data) or 1)
    return data[:at] + data[at + random.randint(1, 40) :]


def cut_off(data: bytes, random: Random, _: list[bytes]) -> bytes:
    return data[: random.randint(0, len(data))]


def drop_line(data: bytes, random: Random, _: list[bytes]) -> bytes:
    lines, at = _lines(data, random)
    return b"".join(lines[:at] + lines[at + 1 :])


def move_line(data: bytes, random: Random, _: list[bytes]) -> bytes:
    lines, at = _lines(data, random)
    line = lines.pop(at)
    lines.insert(random.randint(0, len(lines)), line)
    return b"".join(lines)


def repeat_lines(data: bytes, random: Random, _: list[bytes]) -> bytes:
    lines, at = _lines(data, random)
    return b"".join(lines[:at] + lines[at : at + random.randint(1, 12)] * random.choice((2, 3, 50)) + lines[at:])


def swap_words(data: bytes, random: Random, _: list[bytes]) -> bytes:
    lines, at = _lines(data, random)
    words = lines[at].split(b" ")
    random.shuffle(words)
    lines[at] = b" ".join(words)
    return b"".join(lines)


def line_of_another(data: bytes, random: Random, pool: list[bytes]) -> bytes:
    lines, at = _lines(data, random)
    others, other = _lines(random.choice(pool), random)
    return b"".join([*lines[:at], *others[other : other + random.randint(1, 6)], *lines[at:]])


def splice(data: bytes, random: Random, pool: list[bytes]) -> bytes:
    other = random.choice(pool)
    return data[: random.randint(0, len(data))] + other[random.randint(0, len(other)) :]


def other_value(data: bytes, random: Random, pool: list[bytes]) -> bytes:
    lines, at = _lines(data, random)
    words = lines[at].split()
    others = random.choice(pool).split() or [b"x"]
    if len(words) > 1:
        words[random.randrange(1, len(words))] = random.choice([*TOKENS, *random.sample(others, min(8, len(others)))])
        lines[at] = b" ".join(words) + b"\n"
    return b"".join(lines)


def encode(data: bytes, random: Random, _: list[bytes]) -> bytes:
    return data.decode("latin-1").encode(random.choice(("utf-16", "utf-8", "utf-32-le")))


MUTATIONS = (
    *(insert_token, replace_byte, cut_out, drop_line, move_line, swap_words, line_of_another, other_value) * 4,
    *(cut_off, repeat_lines, splice) * 2,
    encode,
)


def case(seed: int, number: int, pool: list[bytes]) -> tuple[bytes, Random]:
    """The text of a case, and the generator that its options are drawn from."""
    random = Random(f"{seed}/{number}")
    data = random.choice(pool)
    for _ in range(random.choice((1, 1, 1, 2, 3, 5, 9))):
        data = random.choice(MUTATIONS)(data, random, pool)[: 4 * LARGEST]
    return data, random


# ---- what must hold


def check(data: bytes, random: Random) -> None:
    """Do everything that a command would do with the text; raises where something does not hold."""
    source = Source.from_bytes("case.conf", data)
    if source.data != data:
        raise LawError("a source does not give its bytes back")
    if str(surface(source.text)) != source.text:
        raise LawError("the tree does not print back")
    target = random.choice(TARGETS)
    options = LintOptions(target, includes=False, config_id=random.choice((None, "id")))
    report = lint([source], options)
    for diagnostic in report.diagnostics:
        if not 0 <= diagnostic.span.start <= diagnostic.span.end <= len(diagnostic.span.source.text):
            raise LawError(f"{diagnostic.code} stands outside the text")
    render(report, random.choice(FORMATS), width=80).encode()
    printed(source, target, options)
    if random.random() < 0.1:
        fix([source], options, unsafe=random.random() < 0.5)
    if random.random() < 0.1:
        lint([source, Source.from_bytes("other.conf", data.replace(b"MASTER", b"BACKUP"))], options)


def printed(source: Source, target: Version, options: LintOptions) -> None:
    expansion = Options(includes=False, config_id=options.config_id)
    reading = read(source, target, expansion)
    if any(problem.severity is Severity.ERROR for problem in reading.problems):
        return
    try:
        text = print_conf(reading.conf, target)
    except ValueError:
        return
    again = read(Source("printed.conf", text), target, expansion)
    if again.conf != reading.conf:
        raise LawError("what is printed reads back as other blocks")


def judged(data: bytes, random: Random) -> Outcome | None:
    """Run a case; what it showed, or None."""
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        check(data, random)
    except SlowError as error:
        return Outcome("slow", str(error))
    except MemoryError:
        return Outcome("memory", "MemoryError")
    except LawError as error:
        return Outcome("law", str(error))
    except Exception as error:
        frame = error.__traceback__
        while frame is not None and frame.tb_next is not None:
            frame = frame.tb_next
        where = f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}" if frame else "?"
        return Outcome("exception", f"{type(error).__name__} at {where}: {str(error)[:120]}")
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > MEBIBYTES * 1024:
        return Outcome("memory", f"more than {MEBIBYTES} MiB")
    return None


def _too_slow(_: int, frame: FrameType | None) -> None:
    raise SlowError(f"{frame.f_code.co_filename}:{frame.f_lineno}" if frame else "?")


# ---- batches in children


def batch(seed: int, numbers: range, pool: list[bytes], current: mmap.mmap) -> Iterator[tuple[int, Outcome]]:
    """Run cases in a forked child; yields the findings, and the death of the child as one."""
    receive, send = os.pipe()
    child = os.fork()
    if not child:
        os.close(receive)
        signal.signal(signal.SIGPROF, _too_slow)
        faulthandler.dump_traceback_later(120, exit=True)
        with os.fdopen(send, "w") as out:
            for number in numbers:
                current[:8] = number.to_bytes(8, "little")
                found = judged(*case(seed, number, pool))
                if found is not None:
                    print(number, found.kind, found.detail.replace("\n", " "), file=out, flush=True)
                    if found.kind == "memory":
                        break
        os._exit(0)
    os.close(send)
    with os.fdopen(receive) as lines:
        for line in lines:
            number, kind, detail = line.rstrip("\n").split(" ", 2)
            yield int(number), Outcome(kind, detail)
    _, status = os.waitpid(child, 0)
    if status:
        yield int.from_bytes(current[:8], "little"), Outcome("death", f"the process ended with status {status}")


def smaller(data: bytes, again: Callable[[bytes], bool]) -> bytes:
    """The data without what the finding does not need: lines first, then characters."""
    for parts in (data.splitlines(keepends=True), None):
        pieces = parts if parts is not None else [data[at : at + 1] for at in range(len(data))]
        size = len(pieces) // 2
        while size:
            at = 0
            while at < len(pieces):
                without = pieces[:at] + pieces[at + size :]
                if again(b"".join(without)):
                    pieces = without
                else:
                    at += size
            size //= 2
        data = b"".join(pieces)
        if len(data) > 3000:
            break
    return data


def main() -> int:
    parser = argparse.ArgumentParser(description="Look for texts that havipcfg does not stand.")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--case", type=int, help="make this one case again, print it and what it shows")
    parser.add_argument("--findings", type=Path, help="a folder for the texts of what is found")
    given = parser.parse_args()
    pool = seeds()
    if given.case is not None:
        signal.signal(signal.SIGPROF, _too_slow)
        data, random = case(given.seed, given.case, pool)
        state = random.getstate()

        def shows(text: bytes) -> Outcome | None:
            random.setstate(state)
            return judged(text, random)

        found = shows(data)
        if found is not None:
            data = smaller(data, lambda text: (now := shows(text)) is not None and now.kind == found.kind)
        sys.stdout.buffer.write(data)
        print(found, file=sys.stderr)
        return int(found is not None)
    current = mmap.mmap(-1, 8)
    start = time.monotonic()
    counts: Counter[str] = Counter()
    done = 0
    while time.monotonic() - start < given.seconds:
        numbers = range(done, done + BATCH)
        for number, found in batch(given.seed, numbers, pool, current):
            counts[found.kind] += 1
            print(f"case {number}: {found.kind}: {found.detail}", flush=True)
            if given.findings:
                given.findings.mkdir(parents=True, exist_ok=True)
                (given.findings / f"{given.seed}-{number}.conf").write_bytes(case(given.seed, number, pool)[0])
        done += BATCH
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    minutes = (time.monotonic() - start) / 60
    print(f"seed {given.seed}: {done} cases of {len(pool)} seeds in {minutes:.1f} min, largest process {largest} MiB")
    print(f"findings: {dict(counts) or 'none'}")
    return int(bool(counts))


if __name__ == "__main__":
    raise SystemExit(main())

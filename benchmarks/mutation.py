"""``python -m benchmarks.mutation MODULE… [--most N] [--seed S]``: change a rule, see whether its fixtures notice.

For each module of ``havipcfg/rules`` it makes up to N mutants (comparisons turned, conditions negated, constants moved
by one, ``and`` and ``or`` swapped, ``not`` dropped, ``yield`` dropped) and judges with each, in this process, the
fixtures of the module's codes (and of modules that use it), the laws of their fixes, and their sentences in test_words.
Rules whose cases are made by tests are judged by those. A mutant that nothing notices is printed.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import inspect
import os
import random
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from copy import deepcopy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from havipcfg.findings import RULES  # noqa: E402
from havipcfg.rules import registry  # noqa: E402
from tests.rules import test_fixes, test_words  # noqa: E402
from tests.rules.test_fixtures import OF_THE_HOST, cases, code_of, expected, written  # noqa: E402

SWAPPED = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
SECONDS = 60
TESTS = {
    "failover": "tests/rules/test_failover.py",
    "host": "tests/rules/test_host.py",
    "host_scripts": "tests/rules/test_host.py",
}
"""What judges a module besides fixtures."""


def changes(node: ast.AST) -> Iterator[tuple[str, Callable[[ast.AST], None]]]:
    """What can be changed about a node: in words, and by a function of the node."""
    match node:
        case ast.Compare(ops=[op]) if type(op) in SWAPPED:
            yield "comparison turned", lambda n: setattr(n, "ops", [SWAPPED[type(op)]()])
        case ast.BoolOp(op=op):
            yield "and/or swapped", lambda n: setattr(n, "op", ast.Or() if isinstance(op, ast.And) else ast.And())
        case ast.If(test=test) | ast.IfExp(test=test):
            yield "condition negated", lambda n: setattr(n, "test", ast.UnaryOp(ast.Not(), test))
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            yield "not dropped", lambda n: setattr(n, "operand", ast.UnaryOp(ast.Not(), inner))
        case ast.Constant(value=int() as value) if not isinstance(value, bool):
            yield f"{value} to {value + 1}", lambda n: setattr(n, "value", value + 1)
            yield f"{value} to {value - 1}", lambda n: setattr(n, "value", value - 1)
        case ast.Expr(value=ast.Yield()):
            yield "yield dropped", lambda n: setattr(n, "value", ast.Constant(None))


Place = tuple[int, str, int, int]
"""The line, the change in words, the node by its place in a walk, the change by its number."""


def places(tree: ast.Module) -> Iterator[Place]:
    """Where the functions of a module can be changed, and how."""
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    inside = {id(node) for function in functions for line in function.body for node in ast.walk(line)}
    for number, node in enumerate(ast.walk(tree)):
        if id(node) in inside:
            for at, (what, _) in enumerate(changes(node)):
                yield getattr(node, "lineno", 0), what, number, at


def mutant(tree: ast.Module, place: Place) -> ast.Module:
    made = deepcopy(tree)
    _, _, number, at = place
    changed = next(node for index, node in enumerate(ast.walk(made)) if index == number)
    list(changes(changed))[at][1](changed)
    return ast.fix_missing_locations(made)


def noticed(fixtures: list[Path], words: list[tuple[str, ...]], tests: str = "") -> bool:
    """Whether anything judges a module otherwise now; the fixture that did is asked first the next time."""
    try:
        signal.alarm(SECONDS)
        if tests and fails(tests):
            return True
        for case in fixtures:
            wanted = expected(case).read_text(encoding="utf-8") if case.name.startswith("bad") else ""
            if _written(case) != wanted:
                fixtures.insert(0, fixtures.pop(fixtures.index(case)))
                return True
        if not all(test_words.holds(*row) for row in words):
            return True
        fixed = [case for case in fixtures if case.name.startswith("bad") and RULES[code_of(case)].fix]
        for code in {code_of(case) for case in fixed} - OF_THE_HOST:
            test_fixes.test_a_rule_offers_the_fix_that_it_declares(code)
        for case in fixed:
            test_fixes.test_each_fix_removes_its_finding_and_adds_none(case)
            test_fixes.test_a_fix_is_as_safe_as_its_rule_says(case)
    except Exception:
        return True
    finally:
        signal.alarm(0)
    return False


def _written(case: Path) -> str | None:
    try:
        return written(case)
    except Exception:
        return None


def fails(tests: str) -> bool:
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        return pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", str(ROOT / tests)]) != 0


def _too_long(*_: object) -> None:
    raise TimeoutError


def importers(name: str) -> list[str]:
    """The modules of rules that use one: their fixtures judge it too."""
    line = f"from havipcfg.rules.{name} import"
    return [
        file.stem for file in (ROOT / "havipcfg" / "rules").glob("*.py") if line in file.read_text(encoding="utf-8")
    ]


def run(name: str, most: int, seed: int) -> tuple[int, int]:
    """How many mutants of a module were made, and how many no fixture noticed."""
    module = importlib.import_module(f"havipcfg.rules.{name}")
    codes = registry.codes_of([name, *importers(name)])
    fixtures = [case for case in (*cases("bad"), *cases("ok")) if code_of(case) in codes]
    words = [row for row in test_words.SAYS if row[0].split("/")[0] in codes]
    judges = (fixtures, words, TESTS.get(name, ""))
    if not any(judges) or noticed(*judges):
        raise SystemExit(f"{name}: nothing judges it, or what does fails unchanged")
    file = Path(str(module.__file__))
    tree = ast.parse(file.read_text(encoding="utf-8"))
    made = list(places(tree))
    made = random.Random(seed).sample(made, min(most, len(made)))
    plain = {key: inspect.unwrap(value) for key, value in vars(module).items() if callable(value)}
    original = {key: value.__code__ for key, value in plain.items() if hasattr(value, "__code__")}
    survived = 0
    for place in sorted(made, key=lambda place: place[0]):
        code = compile(mutant(tree, place), str(file), "exec")
        functions = {part.co_name: part for part in code.co_consts if hasattr(part, "co_code")}
        for key in original.keys() & functions.keys():
            if not original[key].co_freevars:
                plain[key].__code__ = functions[key]
        if not noticed(*judges):
            survived += 1
            print(f"{name}.py:{place[0]}: {place[1]}", flush=True)
        for key, before in original.items():
            plain[key].__code__ = before
    return len(made), survived


def main() -> None:
    parser = argparse.ArgumentParser(description="Change rules, and see whether their fixtures notice.")
    parser.add_argument("modules", nargs="+")
    parser.add_argument("--most", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    signal.signal(signal.SIGALRM, _too_long)
    for name in options.modules:
        made, survived = run(name, options.most, options.seed)
        print(f"{name}: {made} mutants, {survived} not noticed", flush=True)


if __name__ == "__main__":
    main()

"""The facts that a case or an example states about its cloud, and the examples of several files."""

from __future__ import annotations

import re
import shlex

from havipcfg.cluster.facts import Facts, facts_from_options
from havipcfg.cluster.load import load_cluster
from havipcfg.keepalived.version import NEWEST, Version
from havipcfg.linter.options import LintOptions
from havipcfg.source import Source

_GIVEN = re.compile(r"^#\s*given:(.*)$", re.MULTILINE)
_NAME = re.compile(r"^# (\S+\.conf)\n")


def facts_of_comment(text: str) -> Facts | None:
    """The facts of a line ``# given: --provider NAME --subnet CIDR``; None without one."""
    found = _GIVEN.search(text)
    if found is None:
        return None
    words = shlex.split(found[1])
    options = list(zip(words[::2], words[1::2], strict=True))
    return facts_from_options(dict(options).get("--provider"), [value for name, value in options if name == "--subnet"])


def facts_of_yaml(source: Source) -> Facts:
    """The facts of a cluster.yaml that has no error."""
    file, diagnostics = load_cluster(source)
    assert file is not None, diagnostics
    return file.facts


def named(blocks: list[str]) -> list[Source]:
    """Examples as files: those that begin with ``# a.conf`` are called so."""
    names = [_NAME.match(block) for block in blocks]
    return [Source(name[1] if name else "example.conf", block) for name, block in zip(names, blocks, strict=True)]


_LINT = re.compile(r"^# lint: (.+)$", re.MULTILINE)


def options_of_comment(text: str) -> LintOptions:
    """What ``# lint: --target 2.2.7 --no-include`` in a fixture asks for; the defaults where it says nothing."""
    found = _LINT.search(text)
    words = found[1].split() if found else []
    target = Version.parse(words[words.index("--target") + 1]) if "--target" in words else NEWEST
    node = words[words.index("--config-id") + 1] if "--config-id" in words else None
    return LintOptions(target=target, config_id=node, includes="--no-include" not in words)

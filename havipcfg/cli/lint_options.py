"""What a lint run is asked for: options of the command line over the settings file over the defaults."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from havipcfg.cli.common import facts, fail, parse_target
from havipcfg.diagnostics import Severity
from havipcfg.keepalived.version import NEWEST
from havipcfg.linter.options import LintOptions
from havipcfg.linter.settings import Settings, SettingsError, candidates, find, read


@dataclass(eq=False, repr=False)
class Asked:
    """Options of the run, and what concerns the command alone.

    ``cluster``, or else the provider and subnets in ``cloud``, is where the facts of the options come from;
    ``looked_for`` are the places of settings files, up to the one that was taken.
    """

    options: LintOptions
    settings: Settings
    looked_for: list[Path]
    excluded: Callable[[Path], bool]
    baseline: Path | None
    fail_on: str
    cluster: Path | None
    cloud: tuple[str | None, tuple[str, ...]]


def asked(
    paths: list[Path],
    *,
    config: Path | None,
    isolated: bool,
    cluster: Path | None,
    as_cluster: bool,
    provider: str | None,
    subnet: list[str] | None,
    target: str | None,
    host: bool,
    config_id: str | None,
    include: bool | None,
    env: bool,
    select: list[str] | None,
    ignore: list[str] | None,
    exclude: list[str] | None,
    baseline: Path | None,
    fail_on: str | None,
) -> Asked:
    """Put the command line over the settings; ends the command where either is wrong."""
    settings = _settings(paths, config, isolated=isolated)
    least = fail_on or settings.fail_on or Severity.ERROR.value
    if least not in list(Severity):
        fail(f"--fail-on {least}: not one of {', '.join(Severity)}")
    chosen = codes("--select", select) if select else settings.select
    refused = codes("--ignore", ignore) if ignore else settings.ignore
    stated = [*chosen, *refused, *settings.severity, *(code for _, some in settings.per_file_ignores for code in some)]
    _known(stated, settings, {"--select": select, "--ignore": ignore})
    if cluster is None and provider is None and not subnet:
        cluster, provider, subnet = settings.cluster, settings.provider, list(settings.subnet)
    options = LintOptions(
        target=parse_target(target or settings.target or str(NEWEST)),
        facts=facts(cluster, provider, subnet),
        as_cluster=as_cluster,
        host=host,
        config_id=config_id if config_id is not None else settings.config_id,
        includes=include if include is not None else settings.include is not False,
        environment=dict(os.environ) if env else None,
        select=_all(chosen),
        ignore=_all(refused),
        severities=settings.severity,
        per_file_ignores=settings.per_file_ignores,
        root=settings.path.parent if settings.path else Path(),
    )
    return Asked(
        options,
        settings,
        [] if isolated else _looked_for(paths, settings) if config is None else [config],
        _excluded(settings, exclude),
        baseline or settings.baseline,
        least,
        cluster,
        (provider, tuple(subnet or ())),
    )


def _settings(paths: list[Path], config: Path | None, *, isolated: bool) -> Settings:
    if isolated:
        return Settings()
    try:
        return find(paths) if config is None else read(config)
    except SettingsError as error:
        fail(str(error))


def _looked_for(paths: list[Path], settings: Settings) -> list[Path]:
    looked = list(candidates(paths))
    return looked if settings.path is None else looked[: looked.index(settings.path) + 1]


def _excluded(settings: Settings, exclude: list[str] | None) -> Callable[[Path], bool]:
    patterns = [(exclude or (), Path()), (settings.exclude, settings.path.parent if settings.path else Path())]
    if not any(some for some, _ in patterns):
        return lambda _path: False
    from havipcfg.linter.patterns import matcher

    matchers = [matcher(some, root) for some, root in patterns if some]
    return lambda path: any(matches(path) for matches in matchers)


def codes(option: str, values: Iterable[str]) -> tuple[str, ...]:
    """Codes and prefixes, comma separated, as an option gives them."""
    found = tuple(code.strip().upper() for value in values for code in value.split(",") if code.strip())
    if not found:
        fail(f"{option}: name codes such as KC203, or prefixes such as CL")
    return found


def _all(chosen: tuple[str, ...]) -> tuple[str, ...]:
    return tuple("" if code == "ALL" else code for code in chosen)


def _known(stated: Iterable[str], settings: Settings, options: dict[str, list[str] | None]) -> None:
    wanted = [code for code in stated if code != "ALL"]
    if not wanted:
        return
    from havipcfg.findings import RULES
    from havipcfg.rules import load_all

    load_all()
    for code in wanted:
        if any(known.startswith(code) for known in RULES):
            continue
        where = next(
            (option for option, given in options.items() if given and code in codes(option, given)), settings.path
        )
        from difflib import get_close_matches

        near = [rule.code for rule in RULES.values() if rule.name == code.lower()] or get_close_matches(code, RULES, 1)
        hint = f"did you mean {near[0]}?" if near else "havipcfg rules lists them"
        fail(f"{where}: no rule has a code that begins with {code}; {hint}")

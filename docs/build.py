"""Writes the generated pages of docs/: ``python docs/build.py``. A test fails where they are stale."""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path

from havipcfg.cluster.reference import reference
from havipcfg.cluster.schema import schema
from havipcfg.keepalived.reference import pages as keyword_pages
from havipcfg.providers.reference import reference as providers
from havipcfg.rules.pages import all_rules, index, page

DOCS = Path(__file__).parent


def pages() -> dict[Path, str]:
    """Every generated page by its path below docs/."""
    rules = all_rules()
    by_code = {Path("rules", f"{rule.code}.md"): page(rule).markdown for rule in rules}
    single = {
        "generate.md": reference(),
        "cluster.schema.json": json.dumps(schema(), indent=2, ensure_ascii=False) + "\n",
        "providers.md": providers(),
        "rules.md": index(rules),
        "coverage.md": coverage(),
    }
    return {**{Path(name): text for name, text in single.items()}, **by_code, **keyword_pages()}


LISTS = {
    "mistake": "Mistakes in keepalived configurations",
    "havip": "Mistakes around a cloud's virtual address",
}


def coverage() -> str:
    """Every known mistake with its rules, or the reason why there is none, from coverage.toml."""
    table = tomllib.loads((DOCS / "coverage.toml").read_text(encoding="utf-8"))
    text = "# Which rule finds which known mistake\n\nWritten by `docs/build.py` from `coverage.toml`.\n"
    for family, title in LISTS.items():
        entries = table[family]
        found = sum(bool(entry["rules"]) for entry in entries.values())
        text += f"\n## {title}\n\n{len(entries)} known, {found} with a rule.\n\n"
        text += "| | mistake | rules | what is left open, or why there is no rule |\n|---|---|---|---|\n"
        for number, entry in entries.items():
            codes = " ".join(f"[{code}](rules/{code}.md)" for code in entry["rules"])
            cells = (number, entry["title"], codes, entry.get("reason", ""))
            text += "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"
    return text


def main() -> int:
    """Write them, and remove the pages of rules that are gone."""
    wanted = pages()
    for stale in [*DOCS.glob("rules/*.md"), *DOCS.glob("keywords/*.md")]:
        if stale.relative_to(DOCS) not in wanted:
            stale.unlink()
    for path, text in wanted.items():
        target = DOCS / path
        target.parent.mkdir(exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

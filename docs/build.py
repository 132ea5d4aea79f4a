"""Writes the generated pages of docs/: ``python docs/build.py``. A test fails where they are stale."""

from __future__ import annotations

import sys
from pathlib import Path

from havipcfg.cluster.reference import reference
from havipcfg.keepalived.reference import pages as keyword_pages
from havipcfg.providers.reference import reference as providers
from havipcfg.rules.pages import all_rules, index, page

DOCS = Path(__file__).parent


def pages() -> dict[Path, str]:
    """Every generated page by its path below docs/."""
    rules = all_rules()
    by_code = {Path("rules", f"{rule.code}.md"): page(rule).markdown for rule in rules}
    single = {"generate.md": reference(), "providers.md": providers(), "rules.md": index(rules)}
    return {**{Path(name): text for name, text in single.items()}, **by_code, **keyword_pages()}


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

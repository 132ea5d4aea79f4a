"""Every link between pages leads somewhere, and every page is reached from the index."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

PAGES = sorted(
    page
    for folder in (".", "docs", "docs/rules", "docs/keywords", "examples/*")
    for page in ROOT.glob(f"{folder}/*.md")
)
_CODE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")


def links(page: Path) -> list[tuple[Path, str]]:
    """The files that a page names, and the heading in each (empty: the page itself)."""
    found = []
    for link in _LINK.findall(_CODE.sub("", page.read_text(encoding="utf-8"))):
        if not re.match(r"[a-z]+:", link):
            path, _, heading = link.partition("#")
            found.append(((page.parent / path).resolve() if path else page, heading))
    return found


def headings(page: Path) -> set[str]:
    """The names that headings have as targets of links."""
    found = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}


@pytest.mark.parametrize(
    "folder", sorted({page.parent for page in PAGES}), ids=lambda path: str(path.relative_to(ROOT))
)
def test_links_lead_somewhere(folder: Path) -> None:
    broken = [
        f"{page.name}: {target}#{heading}"
        for page in PAGES
        if page.parent == folder
        for target, heading in links(page)
        if not target.exists() or (heading and heading not in headings(target))
    ]
    assert broken == []


def test_the_index_leads_to_every_page() -> None:
    reached, waiting = set(), [ROOT / "docs" / "README.md"]
    while waiting:
        page = waiting.pop()
        if page.suffix == ".md" and page not in reached:
            reached.add(page)
            waiting += [target for target, _ in links(page)]
    missing = [str(page.relative_to(ROOT)) for page in PAGES if page not in reached and "docs" in page.parts]
    assert missing == []
    assert ROOT / "docs" / "README.md" in {target for target, _ in links(ROOT / "README.md")}

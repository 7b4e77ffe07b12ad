"""Find dead links in the Markdown pages: files that are not there and headings that no page has."""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+\s+(.*)$", re.MULTILINE)
CODE = re.compile(r"```.*?```", re.DOTALL)


def read_page(path: Path) -> str:
    """Read a page without its code blocks."""
    return CODE.sub("", path.read_text(encoding="utf-8"))


def anchors(page: str) -> set[str]:
    """List the anchors of a page's headings, as renderers make them."""
    plain = (re.sub(r"[`*]", "", heading).strip().lower() for heading in HEADING.findall(page))
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in plain}


def dead_links(path: Path) -> list[str]:
    """List the links of a page that lead nowhere; links to the web are left alone."""
    found = []
    for link in LINK.findall(read_page(path)):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        if not target.exists():
            found.append(f"{path.relative_to(ROOT)}: {link}: there is no such file")
        elif anchor and target.suffix == ".md" and anchor not in anchors(read_page(target)):
            found.append(f"{path.relative_to(ROOT)}: {link}: the page has no such heading")
    return found


def main() -> int:
    """Report every dead link."""
    pages = [page for page in ROOT.rglob("*.md") if not any(part.startswith(".") for part in page.parts)]
    dead = [line for page in sorted(pages) for line in dead_links(page)]
    print("\n".join(dead) if dead else f"{len(pages)} pages, no dead links")
    return 1 if dead else 0


if __name__ == "__main__":
    sys.exit(main())

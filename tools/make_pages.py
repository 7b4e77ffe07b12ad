"""Write the parts of the documentation that are made from the program: tables of settings and the command reference.

Run: python tools/make_pages.py
A part stands between ``<!-- begin: name -->`` and ``<!-- end: name -->``; the tests compare pages and program.
"""

from __future__ import annotations

import inspect
import re
from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent / "docs"
PART = re.compile(r"(<!-- begin: ([\w-]+) -->\n).*?(<!-- end: \2 -->)", re.DOTALL)


def response_options() -> str:
    """List the options of scoring with defaults and allowed values, from the docstring that describes them."""
    from recist.response.options import Options, allowed_values, options_table

    described = re.findall(
        r"^(\w[\w, ]*) : [^\n]+\n((?: {4}[^\n]+(?:\n|$))+)", inspect.getdoc(Options) or "", re.MULTILINE
    )
    meanings = {
        name: " ".join(text.split())
        for names, text in described
        for name in (part.strip() for part in names.split(","))
    }
    rows = [
        f"| `{name}` | `{_toml(value)}` | {_alternatives(allowed_values(name))} | {meanings[name]} |"
        for name, value in options_table(Options()).items()
    ]
    header = ["| option | default | may be | meaning |", "| --- | --- | --- | --- |"]
    return "\n".join([*header, *rows]) + "\n"


def _alternatives(values: tuple[str, ...]) -> str:
    """Write values as code, and what only describes a value as it is."""
    return ", ".join(value if value.startswith("a ") else f"`{value}`" for value in values)


def link_settings() -> str:
    """List the settings of linking."""
    from linkage.settings import settings_markdown

    return settings_markdown().strip() + "\n"


def survival_settings() -> str:
    """List the settings of the report."""
    from survival.options import ReportOptions, setting_sentences

    defaults = ReportOptions().as_dict()
    rows = [f"| `{name}` | `{_toml(defaults[name])}` | {says} |" for name, says in setting_sentences().items()]
    return "\n".join(["| setting | default | meaning |", "| --- | --- | --- |", *rows]) + "\n"


def _toml(value: object) -> str:
    """Write a value as TOML does."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "[" + ", ".join(_toml(entry) for entry in value) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value)


PARTS = {
    "response-options": response_options,
    "link-settings": link_settings,
    "survival-settings": survival_settings,
}


def made_page(page: str) -> str:
    """Give a page with its made parts up to date."""
    return PART.sub(lambda found: found.group(1) + PARTS[found.group(2)]() + found.group(3), page)


def main() -> None:
    """Bring every page up to date."""
    for path in sorted(DOCS.glob("*.md")):
        page = path.read_text(encoding="utf-8")
        made = made_page(page)
        if made != page:
            path.write_text(made, encoding="utf-8")
            print(f"wrote {path.name}")


if __name__ == "__main__":
    main()

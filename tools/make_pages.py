"""Write the parts of the documentation that are made from the program: tables of settings and the command reference.

Run: python tools/make_pages.py
A part stands between ``<!-- begin: name -->`` and ``<!-- end: name -->``; the tests compare pages and program.
"""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recist.criteria.censoring import End
    from recist.response.explain.rule import Rule

PAGE_WIDTH = 100
DOCS = Path(__file__).resolve().parent.parent / "docs"
PART = re.compile(r"(<!-- begin: ([\w-]+) -->\n).*?(<!-- end: \2 -->)", re.DOTALL)


def response_options() -> str:
    """List the options of scoring with defaults and allowed values, from the docstring that describes them."""
    from recist.response.explain.option_rules import option_meanings
    from recist.response.options import Options, allowed_values, options_table

    meanings = option_meanings()
    rows = [
        f"| `{name}` | `{_toml(value)}` | {_alternatives(allowed_values(name))} | {meanings[name]} |"
        for name, value in options_table(Options()).items()
    ]
    header = ["| option | default | may be | meaning |", "| --- | --- | --- | --- |"]
    return "\n".join([*header, *rows]) + "\n"


def _alternatives(values: tuple[str, ...]) -> str:
    """Write values as code, and what only describes a value as it is."""
    return ", ".join(value if value.startswith("a ") else f"`{value}`" for value in values)


def rules() -> str:
    """List every rule of RECIST 1.1 with the default options."""
    from recist.criteria import RECIST_1_1
    from recist.response.explain.rulebook import write_rulebook

    return "\n".join(_chapter(chapter.title, chapter.rules) for chapter in write_rulebook(RECIST_1_1))


def rules_of_others() -> str:
    """List what the rules of the other criteria have that RECIST 1.1 has not."""
    from recist.criteria import CRITERIA, RECIST_1_1
    from recist.response.explain.rulebook import write_rulebook

    known = {rule for chapter in write_rulebook(RECIST_1_1) for rule in chapter.rules}
    parts = []
    for criteria in CRITERIA.values():
        own = [
            (chapter.title, [rule for rule in chapter.rules if rule not in known])
            for chapter in write_rulebook(criteria)
        ]
        if any(found for _, found in own):
            parts.append(f"## {criteria.title}\n\n{criteria.citation}\n")
            parts += [_chapter(title, found) for title, found in own if found]
    return "\n".join(parts)


def _chapter(title: str, found: Sequence[Rule]) -> str:
    """Write rules of one kind as a table."""
    rows = [
        f"| {_cell(rule.name)} | {_cell(rule.value)} | {_cell(rule.meaning)} | {_cell(rule.citation)} |"
        for rule in found
    ]
    return (
        "\n".join([f"### {title}\n", "| rule | value | meaning | source |", "| --- | --- | --- | --- |", *rows]) + "\n"
    )


def explained_visit() -> str:
    """Explain one visit of the sample study, as `recist explain` prints it."""
    import pandas as pd

    from recist.criteria import RECIST_1_1
    from recist.response import score
    from recist.response.explain import Tables, explain, gather_evidence
    from sample_dicom import cohort_folder

    plan = pd.read_csv(cohort_folder() / "imaging_plan.csv", dtype=str, keep_default_na=False)
    dates = {"baseline": "2024-01-10", "followup-1": "2024-03-11", "followup-2": "2024-05-13"}
    scored = score(plan[plan["key"] == "C"].assign(subject="C", date=plan["timepoint"].map(dates)))
    tables = Tables(responses=scored.responses, best_responses=scored.best_responses, lesions=scored.lesions)
    (evidence,) = gather_evidence(tables, RECIST_1_1, scored.options)
    (section,) = explain(evidence, tables, timepoint="followup-1").sections
    lines = ["$ recist explain responses --subject C --timepoint followup-1", section.title]
    topic = ""
    for sentence in section.sentences:
        head = f"{'' if sentence.topic == topic else sentence.topic:<13}"
        text = f"{sentence.text} [{sentence.citation}]" if sentence.citation else sentence.text
        lines += textwrap.wrap(text, PAGE_WIDTH, initial_indent=head, subsequent_indent=" " * len(head))
        topic = sentence.topic
    return "\n".join(["```text", *lines, "```"]) + "\n"


def checks() -> str:
    """List every check of the tables."""
    from recist.response.checks.table import GROUPS

    parts = []
    for title, rows in GROUPS:
        lines = [
            f"| `{row.code}` | {row.severity}{f' or {row.or_else}' if row.or_else else ''} | {_cell(row.finds)} "
            f"| {_cell(row.citation)} |"
            for row in rows
        ]
        parts.append(
            "\n".join([f"## {title}\n", "| code | severity | finds | source |", "| --- | --- | --- | --- |", *lines])
        )
    return "\n\n".join(parts) + "\n"


def measurability() -> str:
    """List what can be measured: methods, and kinds of lesion."""
    from recist.criteria import RECIST_1_1
    from recist.criteria.measurability import KIND_RULES, METHODS

    lines = ["| `modality` | least size in RECIST 1.1 | source |", "| --- | --- | --- |"]
    for method in METHODS:
        least = f"{getattr(RECIST_1_1, method.least_size).whole} mm" if method.least_size else "not measurable"
        sliced = f", and {RECIST_1_1.measurable_slices.whole} slices" if method.is_sliced else ""
        lines.append(f"| `{method.modality}` | {least}{sliced} | {method.citation} |")
    lines += ["", "| `kind` | may be a target | source |", "| --- | --- | --- |"]
    for rule in KIND_RULES:
        says = f": {rule.objection}" if rule.objection else ""
        lines.append(f"| `{rule.kind}` | {'yes' if rule.is_measurable else 'no'}{says} | {rule.citation} |")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    """Write a text so that it stays in its cell."""
    return text.replace("|", "\\|")


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


def survival_tables() -> str:
    """List what the tables inside the settings of the report hold."""
    from dataclasses import fields

    from survival.settings.entries import ENTRIES

    parts = []
    for name, entry in ENTRIES.items():
        rows = []
        for one in fields(entry):
            default = "**must be given**" if one.metadata["required"] else f"`{_toml(one.metadata['default'])}`"
            rows.append(f"| `{one.name}` | {default} | {one.metadata['says']} |")
        table = "\n".join(
            [f"### `[[survival.{name}]]`\n", "| name | default | meaning |", "| --- | --- | --- |", *rows]
        )
        parts.append(table)
    return "\n\n".join(parts) + "\n"


def _toml(value: object) -> str:
    """Write a value as TOML does."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} = {_toml(entry)}" for name, entry in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(entry) for entry in value) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def censoring() -> str:
    """List where progression-free survival ends by each set of rules."""
    from recist.criteria.censoring import CENSORING_ROWS, EndDate

    def told(end: End) -> str:
        return str(end.outcome) if end.date is EndDate.AS_IF_NOT else f"{end.date}: {end.outcome}"

    rows = [f"| `{row.situation}` | {row.says} | {told(row.fda)} | {told(row.ema)} |" for row in CENSORING_ROWS]
    header = ["| | situation | `fda` | `ema` |", "| --- | --- | --- | --- |"]
    return "\n".join([*header, *rows]) + "\n"


def cdisc_terms() -> str:
    """List what the terms of SDTM become."""
    from recist.cdisc.pages import terms_markdown

    return terms_markdown()


def cdisc_reasons() -> str:
    """List the wrong rules that a sponsor's response is tried against."""
    from recist.cdisc.pages import wrong_rules_markdown

    return wrong_rules_markdown()


PARTS = {
    "cdisc-terms": cdisc_terms,
    "cdisc-reasons": cdisc_reasons,
    "censoring": censoring,
    "checks": checks,
    "measurability": measurability,
    "response-options": response_options,
    "explained-visit": explained_visit,
    "rules": rules,
    "rules-of-others": rules_of_others,
    "link-settings": link_settings,
    "survival-settings": survival_settings,
    "survival-tables": survival_tables,
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

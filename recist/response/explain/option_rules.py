"""The options as rules: what each decides, where that choice comes from, and the value in force."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING

from recist.criteria import RECIST_1_1
from recist.criteria.censoring import EMA, FDA
from recist.criteria.recist_1_1 import FAQ, PAPER
from recist.response.defaults import FROM_LIMITS
from recist.response.explain.rule import Rule
from recist.response.explain.sources import CHOICE
from recist.response.options import Options, options_table, parse_options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recist.criteria import Criteria

ADMIRAL = "practice of derivations to CDISC's ADaM"

# Where the choice behind an option is discussed. What is not listed is a choice of this program alone.
SOURCES: dict[str, str] = {
    "baseline_window_days": f"{PAPER} §3.2.1",
    "max_targets": f"{PAPER} §4.2",
    "max_targets_per_organ": f"{PAPER} §4.2",
    "node_organs": f"{FAQ}, paired organs",
    "node_slice_rule": f"{PAPER} §3.1.1: slices of at most 5 mm are recommended for nodes",
    "merged_mixed": f"{PAPER} §4.3.2: one maximal diameter for a mass; silent on nodes with other lesions",
    "threshold_rounding": f"{PAPER} §4.3.1: percentages; silent on rounding",
    "nadir_partial": f"{PAPER} §4.3.1: the smallest sum on study",
    "partial_pd": f"{PAPER} §4.4.2: NE unless the missing lesions could not change the response",
    "small_node_growth": f"{PAPER} §4.3.2: CR by normal nodes, PD by the sum; silent on both at once",
    "pr_persistence": f"{FAQ}, PR that is no longer reached",
    "nt_partial": f"{PAPER} Table 2",
    "non_target_nodes": f"{PAPER} §4.3.3: in CR all nodes are below 10 mm in their short axis",
    "marker_missing": f"{PAPER} §4.3.3: in CR markers that were abnormal are normal",
    "new_node": f"{FAQ}, new lymph nodes",
    "no_disease": f"{PAPER} Table 2: silent without disease",
    "post_cr": f"{PAPER} Table 3, note",
    "returning_node": f"{FAQ}, reappearing lesions",
    "response_date": f"{PAPER} §4.6.2; {FDA}",
    "start": f"{PAPER} §4.4.3",
    "new_therapy_same_day": ADMIRAL,
    "same_date": ADMIRAL,
    "min_sd_days": f"{PAPER} §4.4.3: protocol-defined, in general no less than 6 to 8 weeks",
    "min_sd_tolerance_days": f"{PAPER} §4.4.3: protocol-defined",
    "sd_date": ADMIRAL,
    "confirmation_days": f"{PAPER} §4.6.1: at least 4 weeks",
    "confirmation_between": f"{PAPER} §4.6.1 and Table 3",
    "nd_between": f"{PAPER} Table 3",
    "max_ne": f"{PAPER} Table 3, note; the number is {ADMIRAL}",
    "accept_sd": f"{PAPER} Table 3",
    "responders": f"{PAPER} §4.6.1, §4.6.2",
    "death_ends_response": f"{PAPER} §4.6.2",
    "censoring": f"{FDA}; {EMA}",
    "adequate_assessment": FDA,
    "early_death": FDA,
    "new_therapy_event_day": FDA,
    "clinical_progression": FDA,
    "visit_interval_days": FDA,
    "visit_tolerance_days": FDA,
    "missed_visits": f"{PAPER} Table 3",
    "missing_attenuation": "Choi 2007: silent",
    "early_shrinkage_days": "Piessevaux 2013",
    "early_scan_days": "Seymour 2017",
    "early_scan_tolerance_days": f"{FAQ}, iRECIST",
    "late_scan_days": "Seymour 2017",
    "late_scan": "Seymour 2017: 4 to 8 weeks after the iUPD; silent on later scans",
    "icpd_increase": "Seymour 2017, Table 2: more than 5 mm in one row, 5 mm or more elsewhere",
    "shrinkage_after_iupd": f"{FAQ}, iRECIST",
}


def option_source(name: str, criteria: Criteria) -> str:
    """Say where the choice behind an option comes from; other criteria than RECIST 1.1 may say it themselves."""
    limits = {
        **dict(FROM_LIMITS),
        **({"responders": "confirmation_interval"} if criteria.confirmation_required else {}),
    }
    limit = getattr(criteria, limits[name]) if name in limits else None
    if limit is not None and limit != getattr(RECIST_1_1, limits[name]):
        return str(limit.citation)
    return SOURCES.get(name, CHOICE)


def option_meanings() -> dict[str, str]:
    """Say what each option decides, in the words of the docstring that describes them.

    Examples
    --------
    >>> option_meanings()["partial_pd"]
    'A sum with lesions missing may already be PD.'
    """
    described = re.findall(
        r"^(\w[\w, ]*) : [^\n]+\n((?: {4}[^\n]+(?:\n|$))+)", inspect.getdoc(Options) or "", re.MULTILINE
    )
    return {
        name: " ".join(text.split())
        for names, text in described
        for name in (part.strip() for part in names.split(","))
    }


def option_rules(criteria: Criteria, options: Options) -> Iterator[Rule]:
    """List every option with its value in force, and the default where it is not that."""
    meanings, default = option_meanings(), options_table(parse_options({}, criteria))
    for name, value in options_table(options).items():
        is_default = value == default[name]
        shown = write_option(value) if is_default else f"{write_option(value)} (default {write_option(default[name])})"
        yield Rule(name=name, value=shown, meaning=meanings.get(name, ""), citation=option_source(name, criteria))


def write_option(value: object) -> str:
    """Write the value of an option as TOML does, without quotation marks.

    Examples
    --------
    >>> write_option(False), write_option(((0, 56), (336, 84)))
    ('false', '[[0, 56], [336, 84]]')
    """
    if isinstance(value, tuple | list):
        return f"[{', '.join(write_option(entry) for entry in value)}]"
    return str(value).lower() if isinstance(value, bool) else str(value)
